"""Defines the change: the addition, modification or removal of anything that could affect services (ITIL 4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from itsm_as_code.domain.ids import ticket_pattern
from itsm_as_code.domain.kinds.base import Actor, Gated, Part
from itsm_as_code.domain.kinds.ticket import HISTORY, STEP, Entry, Ticket
from itsm_as_code.domain.kinds.types import (
    LOGGED,
    NOT_MATERIAL,
    SHOWN,
    TRACKED,
    UNSEEN,
    Assignee,
    ChangeRef,
    Flag,
    IncidentRef,
    Instant,
    Line,
    ModelRef,
    NotMaterial,
    PersonRef,
    ProblemRef,
    ServiceOrAssetRef,
    ServiceRef,
    Slug,
    TeamRef,
    Text,
    Url,
    Whole,
    describe,
)

REVIEWED_LATER = NotMaterial(
    shown=True,
    power="The acceptance of the review covers it. Once accepted, it changes only past the gate `post-review`.",
)


class ChangeState(StrEnum):
    """A change is drafted, submitted, scheduled, carried out, evaluated and closed, or it is rejected or cancelled."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCHEDULED = "scheduled"
    IMPLEMENTING = "implementing"
    EVALUATION = "evaluation"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class ChangeType(StrEnum):
    """The type decides how a change is authorised."""

    STANDARD = "standard"
    NORMAL = "normal"
    EMERGENCY = "emergency"


class RiskLevel(StrEnum):
    """Risk has these levels, the lowest first."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class OutcomeCode(StrEnum):
    """A change ends with one of these outcomes."""

    SUCCESSFUL = "successful"
    SUCCESSFUL_WITH_ISSUES = "successful_with_issues"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"


class Model(Part):
    """A standard change follows a change model, in the revision for which it was written."""

    id: ModelRef = describe("Write the id of the change model.")
    revision: Whole = describe("Write the number of the model's revision for which this change was written.", ge=1)


class Risk(Part):
    """The level of risk is computed from these answers. An author can raise the level but never lower it."""

    answers: dict[Slug, Slug] = describe(
        "Answer each of the workspace's questions on risk: write the question's id and the answer's id.",
        default_factory=dict,
    )
    raised_to: RiskLevel | None = describe(
        "Write a higher level than the computed one if you think that the risk is higher.", default=None
    )


class Plan(Part):
    """The plan says how the change is carried out, tested, undone and announced."""

    implementation: Text = describe("Write the steps in the order in which they are carried out.")
    test: Text | None = describe("Say how we will know that the change worked.", default=None)
    backout: Text | None = describe("Say how the change is undone, and until when that is possible.", default=None)
    communication: Text | None = describe("Say who is told what, and when.", default=None)


class Window(Part):
    """The change may be carried out from the start on, and must be over by the end."""

    start: Instant = describe("Write the earliest instant at which work may begin.")
    end: Instant = describe("Write the instant by which all work is over.")


class Outage(Part):
    """This says whether users will notice the change."""

    expected: Flag = describe("Write true if the service will be down or degraded.")
    minutes: Whole | None = describe(
        "Write for how many minutes the service will be down or degraded.", default=None, ge=1, le=100_000
    )


class Scope(Part):
    """The scope says exactly what is deployed."""

    commits: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{7,64}$")], ...] = describe(
        "List the hashes of the commits that are deployed.", default=()
    )
    repositories: tuple[Line, ...] = describe("List the repositories that hold these commits.", default=())


class FreezeException(Part):
    """This asks for an exception, so that the change can happen in a freeze."""

    reason: Text = describe("Say why the change can't wait until the freeze is over.")


class Retrospective(Part):
    """This is for a change that was carried out before its record was written."""

    reason: Text = describe("Say why the change was carried out first and recorded later.")


class Task(Part):
    """A task is one piece of the work."""

    title: Line = describe("Say what is to be done.")
    assignee: PersonRef | None = describe("Write the id of the person who does the task.", default=None)
    done: Flag = describe("Write true when the task is done.", default=False)


class Outcome(Part):
    """The outcome says how the change ended."""

    code: OutcomeCode = describe("Say how the change ended.")
    started_at: Instant | None = describe("Write the instant at which work really began.", default=None)
    ended_at: Instant | None = describe("Write the instant at which work really ended.", default=None)
    notes: Text | None = describe("Say what later readers of the record should know.", default=None)


class PostImplementationReview(Part):
    """The review says what was learnt from the change."""

    summary: Text = describe("Say whether the change achieved its goal, and what was learnt.")
    lessons: tuple[Text, ...] = describe("List what should be done differently next time.", default=())


class ChangeEntry(Entry):
    """An entry describes one thing that happened to the change."""

    state: Annotated[ChangeState | None, TRACKED, STEP] = describe(
        "Write the state that the change enters.", default=None
    )
    reason: Annotated[Line | None, TRACKED, LOGGED] = describe(
        "Say why the change is rejected, cancelled or returned to draft.", default=None
    )
    assignee: Annotated[Assignee | None, TRACKED, LOGGED] = describe(
        "Write the id of the person who works on the change, or `nobody`.", default=None
    )


class Change(Ticket, Gated):
    """A change adds, modifies or removes something that could affect services."""

    KIND: ClassVar[str] = "change"
    TRACKED_FIELDS: ClassVar[tuple[str, ...]] = ("state", "reason", "assignee")

    id: Annotated[str, SHOWN] = describe(
        "This id is made of CHG-, the date in UTC, and five random characters.", pattern=ticket_pattern("change")
    )
    type: Annotated[ChangeType, SHOWN] = describe(
        "Write normal, emergency, or standard for a change that a change model has approved in advance."
    )
    model: Annotated[Model | None, SHOWN] = describe(
        "For a standard change, name the change model that it follows.", default=None
    )
    reason: Annotated[Text, SHOWN] = describe("Say why the change is made and what it is good for.")
    service: Annotated[ServiceRef, SHOWN] = describe("Write the id of the service that is changed.")
    affects: Annotated[tuple[ServiceOrAssetRef, ...], SHOWN] = describe(
        "List what else is affected: service/ or asset/ and an id.", default=()
    )
    requester: Annotated[Actor | None, SHOWN] = describe(
        "Name who asked for the change: a person's id, or a map with `name:` for somebody who has no record here.",
        default=None,
    )
    implementer: Annotated[PersonRef | None, SHOWN] = describe(
        "Write the id of the person who carries the change out.", default=None
    )
    team: Annotated[TeamRef | None, SHOWN] = describe(
        "Write the id of the team that carries the change out.", default=None
    )
    risk: Annotated[Risk | None, UNSEEN] = describe(
        "Answer the questions from which the risk is computed.", default=None
    )
    plan: Annotated[Plan | None, SHOWN] = describe(
        "Say how the change is carried out, tested, undone and announced.", default=None
    )
    window: Annotated[Window | None, SHOWN] = describe(
        "Say between which instants the change may be carried out.", default=None
    )
    outage: Annotated[Outage | None, SHOWN] = describe("This says whether users will notice the change.", default=None)
    depends_on: Annotated[tuple[ChangeRef, ...], SHOWN] = describe(
        "List the ids of changes that must be done first.", default=()
    )
    scope: Annotated[Scope | None, UNSEEN] = describe("Say what exactly is deployed.", default=None)
    freeze_exception: Annotated[FreezeException | None, SHOWN] = describe(
        "Ask for an exception if the change must happen in a freeze.", default=None
    )
    incident: Annotated[IncidentRef | None, SHOWN] = describe(
        "Write the id of the incident that the change fixes. An emergency needs an incident or a problem.", default=None
    )
    problem: Annotated[ProblemRef | None, SHOWN] = describe(
        "Write the id of the problem that the change fixes.", default=None
    )
    retrospective: Annotated[Retrospective | None, SHOWN] = describe(
        "Fill this in if the change was carried out before it was recorded.", default=None
    )
    tasks: Annotated[tuple[Task, ...], LOGGED] = describe("List the pieces of the work.", default=())
    commits: Annotated[tuple[Line, ...], NOT_MATERIAL] = describe("List commits that belong to the change.", default=())
    pull_requests: Annotated[tuple[Url, ...], NOT_MATERIAL] = describe(
        "List the addresses of pull requests that belong to the change.", default=()
    )
    pipelines: Annotated[tuple[Url, ...], NOT_MATERIAL] = describe(
        "List the addresses of pipeline runs that belong to the change.", default=()
    )
    outcome: Annotated[Outcome | None, REVIEWED_LATER] = describe("Say how the change ended.", default=None)
    post_implementation_review: Annotated[PostImplementationReview | None, REVIEWED_LATER] = describe(
        "Say what was learnt from the change.", default=None
    )
    timeline: Annotated[tuple[ChangeEntry, ...], HISTORY] = describe(
        "List what happened, the oldest entry first. The state is written only here.", min_length=1
    )
