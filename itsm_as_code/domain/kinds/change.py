"""Change: the addition, modification or removal of anything that could affect services (ITIL 4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from itsm_as_code.domain.ids import ticket_pattern
from itsm_as_code.domain.kinds.base import Actor, Gated, Part
from itsm_as_code.domain.kinds.ticket import Entry, Ticket
from itsm_as_code.domain.kinds.types import (
    NOT_MATERIAL,
    TRACKED,
    Assignee,
    ChangeRef,
    Flag,
    IncidentRef,
    Instant,
    Line,
    ModelRef,
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


class ChangeState(StrEnum):
    """States of a change."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCHEDULED = "scheduled"
    IMPLEMENTING = "implementing"
    EVALUATION = "evaluation"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class ChangeType(StrEnum):
    """How a change is authorised."""

    STANDARD = "standard"
    NORMAL = "normal"
    EMERGENCY = "emergency"


class RiskLevel(StrEnum):
    """Levels of risk, lowest first."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class OutcomeCode(StrEnum):
    """How a change ended."""

    SUCCESSFUL = "successful"
    SUCCESSFUL_WITH_ISSUES = "successful_with_issues"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"


class Model(Part):
    """The change model that a standard change follows, pinned to the revision it was written for."""

    id: ModelRef = describe("The change model.")
    revision: Whole = describe("The model's revision when this change was written.", ge=1)


class Risk(Part):
    """Answers from which the level of risk is computed; an author may only raise the level."""

    answers: dict[Slug, Slug] = describe(
        "Question to answer, as the workspace's risk questions ask.", default_factory=dict
    )
    raised_to: RiskLevel | None = describe("A higher level than the computed one, at the author's wish.", default=None)


class Plan(Part):
    """How the change is carried out, tested, taken back and announced."""

    implementation: Text = describe("The steps, in order.")
    test: Text | None = describe("How we know that it worked.", default=None)
    backout: Text | None = describe("How it is taken back, and until when that is possible.", default=None)
    communication: Text | None = describe("Who is told what, and when.", default=None)


class Window(Part):
    """When the change may be carried out: a half-open interval, an outer bound."""

    start: Instant = describe("The earliest instant.")
    end: Instant = describe("The instant by which it is over.")


class Outage(Part):
    """Whether users will notice."""

    expected: Flag = describe("Whether the service will be down or degraded.")
    minutes: Whole | None = describe("For how many minutes.", default=None, ge=1, le=100_000)


class Scope(Part):
    """What exactly is deployed, where that is to be pinned."""

    commits: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{7,64}$")], ...] = describe(
        "Commits that are deployed.", default=()
    )
    repositories: tuple[Line, ...] = describe("Repositories that they are in.", default=())


class FreezeException(Part):
    """Why the change must happen in a freeze."""

    reason: Text = describe("Why it can't wait until the freeze is over.")


class Retrospective(Part):
    """Set where the change was carried out before its record was written."""

    reason: Text = describe("Why it was done first and recorded later.")


class Task(Part):
    """A piece of the work."""

    title: Line = describe("What is to be done.")
    assignee: PersonRef | None = describe("Who does it.", default=None)
    done: Flag = describe("Whether it is done.", default=False)


class Outcome(Part):
    """How the change ended."""

    code: OutcomeCode = describe("How it ended.")
    started_at: Instant | None = describe("When work really began.", default=None)
    ended_at: Instant | None = describe("When work really ended.", default=None)
    notes: Text | None = describe("What those who come later should know.", default=None)


class PostImplementationReview(Part):
    """What was learnt from the change."""

    summary: Text = describe("Whether it reached its aim, and what was learnt.")
    lessons: tuple[Text, ...] = describe("What to do otherwise next time.", default=())


class ChangeEntry(Entry):
    """One thing that happened to a change."""

    state: Annotated[ChangeState | None, TRACKED] = describe("The state that the change enters.", default=None)
    reason: Annotated[Line | None, TRACKED] = describe(
        "Why: for a rejection, a cancellation, a return to draft.", default=None
    )
    assignee: Annotated[Assignee | None, TRACKED] = describe("Who works on it, or `nobody`.", default=None)


class Change(Ticket, Gated):
    """The addition, modification or removal of anything that could affect services."""

    KIND: ClassVar[str] = "change"
    TRACKED_FIELDS: ClassVar[tuple[str, ...]] = ("state", "reason", "assignee")

    id: str = describe("CHG-, the UTC date, five characters.", pattern=ticket_pattern("change"))
    type: ChangeType = describe("standard (its model is the approval), normal, or emergency.")
    model: Model | None = describe("The change model; for a standard change only.", default=None)
    reason: Text = describe("Why the change is made: what it is good for.")
    service: ServiceRef = describe("The service that is changed.")
    affects: tuple[ServiceOrAssetRef, ...] = describe("What else is affected: service/… or asset/….", default=())
    requester: Actor | None = describe("Who asked for it.", default=None)
    implementer: PersonRef | None = describe("Who carries it out.", default=None)
    team: TeamRef | None = describe("The team that carries it out.", default=None)
    risk: Risk | None = describe("Answers from which the risk is computed.", default=None)
    plan: Plan | None = describe("How it is carried out, tested, taken back and announced.", default=None)
    window: Window | None = describe("When it may be carried out.", default=None)
    outage: Outage | None = describe("Whether users will notice.", default=None)
    depends_on: tuple[ChangeRef, ...] = describe("Changes that must be done first.", default=())
    scope: Scope | None = describe("What exactly is deployed.", default=None)
    freeze_exception: FreezeException | None = describe("Why it must happen in a freeze.", default=None)
    incident: IncidentRef | None = describe(
        "The incident that it mends; an emergency needs one or a problem.", default=None
    )
    problem: ProblemRef | None = describe("The problem that it mends.", default=None)
    retrospective: Retrospective | None = describe("Set where it was done before it was recorded.", default=None)
    tasks: Annotated[tuple[Task, ...], NOT_MATERIAL] = describe("The pieces of the work.", default=())
    commits: Annotated[tuple[Line, ...], NOT_MATERIAL] = describe("Commits that belong to it.", default=())
    pull_requests: Annotated[tuple[Url, ...], NOT_MATERIAL] = describe("Pull requests that belong to it.", default=())
    pipelines: Annotated[tuple[Url, ...], NOT_MATERIAL] = describe("Pipeline runs that belong to it.", default=())
    outcome: Annotated[Outcome | None, NOT_MATERIAL] = describe("How it ended.", default=None)
    post_implementation_review: Annotated[PostImplementationReview | None, NOT_MATERIAL] = describe(
        "What was learnt.", default=None
    )
    timeline: Annotated[tuple[ChangeEntry, ...], NOT_MATERIAL] = describe(
        "What happened, oldest first. The state exists only here.", min_length=1
    )
