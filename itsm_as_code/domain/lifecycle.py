"""Lifecycle tables: which state may follow which, by which verb, and what each demands. Data, one table a kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class Demand(NamedTuple):
    """What must be there in a state: a field of the record, or of the entry by which the state was entered.

    `path` is dotted: `resolution`, `plan.backout`, `reason`.
    """

    path: str
    why: str
    where: Literal["record", "entry"] = "record"


class Transition(NamedTuple):
    """A step by a verb from any of `origins` to `target`. `skips` names states passed over on the way."""

    verb: str
    origins: tuple[str, ...]
    target: str
    summary: str
    skips: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The whole table of one kind.

    `initial` is the state that `itsm new` gives; a record may be born in any state whose demands and
    gates hold. `final` states end the record's life; `open` ones are worked on.
    """

    kind: str
    initial: str
    final: tuple[str, ...]
    transitions: tuple[Transition, ...]
    demands: dict[str, tuple[Demand, ...]] = field(default_factory=dict)
    in_timeline: bool = True
    _ways: dict[tuple[str, str], Transition] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for step in self.transitions:
            for origin in step.origins:
                self._ways.setdefault((origin, step.target), step)

    @property
    def states(self) -> tuple[str, ...]:
        """All states, in the order in which the table first names them."""
        named = [self.initial]
        for step in self.transitions:
            named += [*step.origins, step.target]
        return tuple(dict.fromkeys(named))

    def between(self, origin: str, target: str) -> Transition | None:
        """The step from one state to another, or None where there is no such step."""
        return self._ways.get((origin, target))

    def by_verb(self, verb: str, origin: str) -> Transition | None:
        """The step that a verb makes from a state, or None."""
        return next((t for t in self.transitions if t.verb == verb and origin in t.origins), None)

    def from_state(self, origin: str) -> Iterator[Transition]:
        """All steps that lead on from a state."""
        return (t for t in self.transitions if origin in t.origins)

    def verbs(self) -> tuple[str, ...]:
        """All verbs of the kind, in table order."""
        return tuple(dict.fromkeys(t.verb for t in self.transitions))


_REASON = Demand("reason", "so that everyone can see why", where="entry")
_RESOLUTION = Demand("resolution", "so that those who meet the same fault learn what ended it")
_OUTCOME = Demand("outcome", "so that the record says how the change ended")
_FULFILMENT = Demand("fulfilment", "so that the record says what the requester was given")

INCIDENT = Lifecycle(
    kind="incident",
    initial="new",
    final=("closed", "cancelled"),
    transitions=(
        Transition("start", ("new",), "in_progress", "Begin work on a ticket."),
        Transition("hold", ("in_progress",), "on_hold", "Wait for somebody or something."),
        Transition("hold", ("new",), "on_hold", "Wait for somebody or something.", skips=("in_progress",)),
        Transition("resume", ("on_hold",), "in_progress", "Go on after a wait."),
        Transition("resolve", ("in_progress",), "resolved", "Say what mended it."),
        Transition("resolve", ("new", "on_hold"), "resolved", "Say what mended it.", skips=("in_progress",)),
        Transition("close", ("resolved",), "closed", "Close it for good."),
        Transition("reopen", ("resolved",), "in_progress", "Take it up again: it was not mended."),
        Transition("cancel", ("new", "in_progress", "on_hold"), "cancelled", "Drop it, with a reason."),
    ),
    demands={
        "on_hold": (_REASON,),
        "resolved": (_RESOLUTION,),
        "closed": (_RESOLUTION,),
        "cancelled": (_REASON,),
    },
)

CHANGE = Lifecycle(
    kind="change",
    initial="draft",
    final=("closed", "rejected", "cancelled"),
    transitions=(
        Transition("submit", ("draft",), "submitted", "Ask for a decision."),
        Transition("schedule", ("submitted",), "scheduled", "Enter the calendar: authorised and planned."),
        Transition("schedule", ("draft",), "scheduled", "Enter the calendar.", skips=("submitted",)),
        Transition("implement", ("scheduled",), "implementing", "Begin the work."),
        Transition("evaluate", ("implementing",), "evaluation", "The work is done; look whether it helped."),
        Transition("close", ("evaluation",), "closed", "Close it for good."),
        Transition("close", ("implementing",), "closed", "Close it for good.", skips=("evaluation",)),
        Transition("reject", ("submitted",), "rejected", "Turn it down, with a reason."),
        Transition("revise", ("submitted", "rejected", "scheduled"), "draft", "Take it back to draft."),
        Transition("cancel", ("draft", "submitted", "scheduled"), "cancelled", "Drop it, with a reason."),
    ),
    demands={
        "submitted": (Demand("plan.implementation", "so that there is something to decide on"),),
        "scheduled": (
            Demand("plan.implementation", "so that whoever is on duty can carry it out"),
            Demand("plan.backout", "so that it can be taken back at 3 a.m."),
            Demand("window", "so that everyone knows when"),
        ),
        "implementing": (
            Demand("plan.implementation", "so that whoever is on duty can carry it out"),
            Demand("window", "so that everyone knows when"),
        ),
        "evaluation": (_OUTCOME,),
        "closed": (_OUTCOME,),
        "rejected": (_REASON,),
        "cancelled": (_REASON,),
    },
)

PROBLEM = Lifecycle(
    kind="problem",
    initial="new",
    final=("closed", "cancelled"),
    transitions=(
        Transition("assess", ("new",), "assess", "Look whether it is worth an analysis."),
        Transition("analyse", ("assess",), "root_cause_analysis", "Look for the root cause."),
        Transition("analyse", ("new",), "root_cause_analysis", "Look for the root cause.", skips=("assess",)),
        Transition("repair", ("root_cause_analysis",), "fix_in_progress", "The cause is known; mend it."),
        Transition(
            "repair",
            ("new", "assess"),
            "fix_in_progress",
            "The cause is known; mend it.",
            skips=("assess", "root_cause_analysis"),
        ),
        Transition("resolve", ("fix_in_progress",), "resolved", "Say what mended it."),
        Transition("close", ("resolved",), "closed", "Close it for good."),
        Transition(
            "reanalyse",
            ("fix_in_progress", "resolved", "closed"),
            "root_cause_analysis",
            "The cause was another one: look again.",
        ),
        Transition(
            "accept-risk",
            ("assess", "root_cause_analysis", "fix_in_progress"),
            "closed",
            "Live with it: close, with the risk accepted.",
            skips=("resolved",),
        ),
        Transition(
            "cancel",
            ("new", "assess", "root_cause_analysis", "fix_in_progress"),
            "cancelled",
            "Drop it, with a reason.",
        ),
    ),
    demands={
        "fix_in_progress": (Demand("root_cause", "so that the fix can be judged against the cause"),),
        "resolved": (_RESOLUTION,),
        "closed": (_RESOLUTION,),
        "cancelled": (_REASON,),
    },
)

REQUEST = Lifecycle(
    kind="request",
    initial="submitted",
    final=("closed", "rejected", "cancelled"),
    transitions=(
        Transition("start", ("submitted",), "in_progress", "Begin work on a ticket."),
        Transition("hold", ("in_progress",), "on_hold", "Wait for somebody or something."),
        Transition("resume", ("on_hold",), "in_progress", "Go on after a wait."),
        Transition("fulfil", ("in_progress",), "fulfilled", "Say what the requester was given."),
        Transition("close", ("fulfilled",), "closed", "Close it for good."),
        Transition("reopen", ("fulfilled",), "in_progress", "Take it up again: something is missing."),
        Transition("reject", ("submitted",), "rejected", "Turn it down, with a reason."),
        Transition("cancel", ("submitted", "in_progress", "on_hold"), "cancelled", "Drop it, with a reason."),
    ),
    demands={
        "on_hold": (_REASON,),
        "fulfilled": (_FULFILMENT,),
        "closed": (_FULFILMENT,),
        "rejected": (_REASON,),
        "cancelled": (_REASON,),
    },
)

ARTICLE = Lifecycle(
    kind="article",
    initial="draft",
    final=("retired",),
    transitions=(
        Transition("review", ("draft",), "in_review", "Ask others to read an article."),
        Transition("publish", ("in_review",), "published", "Put an article on the site."),
        Transition("publish", ("draft",), "published", "Put an article on the site.", skips=("in_review",)),
        Transition("revise", ("in_review", "published", "retired"), "draft", "Take it back to draft."),
        Transition("retire", ("draft", "in_review", "published"), "retired", "No longer in force."),
    ),
    in_timeline=False,
)


def _registered(kind: str) -> Lifecycle:
    return Lifecycle(
        kind=kind,
        initial="active",
        final=("retired",),
        transitions=(
            Transition("retire", ("active",), "retired", "No longer in force."),
            Transition("restore", ("retired",), "active", "In force again."),
        ),
        in_timeline=False,
    )


REGISTERED_KINDS = (
    "service", "asset", "sla", "calendar", "freeze", "change-model", "request-item", "policy", "person", "team",
)  # fmt: skip

LIFECYCLES: dict[str, Lifecycle] = {
    table.kind: table for table in (INCIDENT, CHANGE, PROBLEM, REQUEST, ARTICLE, *map(_registered, REGISTERED_KINDS))
}
"""Kind to its table. Approvals are immutable and have none."""


def kinds_of_verb(verb: str) -> tuple[str, ...]:
    """The kinds whose table has a verb."""
    return tuple(kind for kind, table in LIFECYCLES.items() if verb in table.verbs())
