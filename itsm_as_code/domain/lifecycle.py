"""Holds the lifecycle tables, one per kind: which state may follow which, by which verb, and what it demands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from itsm_as_code.domain.kind_rows import KIND_ROWS


class Demand(NamedTuple):
    """A field that a state requires, either in the record or in the entry that sets the state.

    `path` is dotted: `resolution`, `plan.backout`, `reason`.
    """

    path: str
    why: str
    where: Literal["record", "entry"] = "record"


class Transition(NamedTuple):
    """The step that a verb makes from any of `origins` to `target`. `skips` names the states that it leaves out."""

    verb: str
    origins: tuple[str, ...]
    target: str
    summary: str
    skips: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The table of one kind.

    `initial` is the state that `itsm new` sets. A new record may also have any other state, if it meets the demands
    and passes the gates of that state. A record in a `final` state has ended.
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
        """All states, in the order in which the table names them first."""
        named = [self.initial]
        for step in self.transitions:
            named += [*step.origins, step.target]
        return tuple(dict.fromkeys(named))

    def between(self, origin: str, target: str) -> Transition | None:
        """Returns the step from one state to another, or None if there is none."""
        return self._ways.get((origin, target))

    def by_verb(self, verb: str, origin: str) -> Transition | None:
        """Returns the step that a verb makes from a state, or None."""
        return next((t for t in self.transitions if t.verb == verb and origin in t.origins), None)

    def from_state(self, origin: str) -> Iterator[Transition]:
        """Returns all steps from a state."""
        return (t for t in self.transitions if origin in t.origins)

    def verbs(self) -> tuple[str, ...]:
        """Returns all verbs of the kind, in the order of the table."""
        return tuple(dict.fromkeys(t.verb for t in self.transitions))


_REASON = Demand("reason", "so that everyone can see why", where="entry")
_RESOLUTION = Demand("resolution", "so that people with the same fault learn what ended it")
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
        Transition("resolve", ("in_progress",), "resolved", "Say what fixed it."),
        Transition("resolve", ("new", "on_hold"), "resolved", "Say what fixed it.", skips=("in_progress",)),
        Transition("close", ("resolved",), "closed", "Close it: the work has ended."),
        Transition("reopen", ("resolved",), "in_progress", "Work on it again: it was not fixed."),
        Transition("cancel", ("new", "in_progress", "on_hold"), "cancelled", "Cancel it, with a reason."),
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
        Transition("schedule", ("submitted",), "scheduled", "Put it in the calendar: it is authorised and planned."),
        Transition("schedule", ("draft",), "scheduled", "Put it in the calendar.", skips=("submitted",)),
        Transition("implement", ("scheduled",), "implementing", "Begin the work."),
        Transition("evaluate", ("implementing",), "evaluation", "Say that the work is done; check whether it helped."),
        Transition("close", ("evaluation",), "closed", "Close it: the work has ended."),
        Transition("close", ("implementing",), "closed", "Close it: the work has ended.", skips=("evaluation",)),
        Transition("reject", ("submitted",), "rejected", "Reject it, with a reason."),
        Transition("revise", ("submitted", "rejected", "scheduled"), "draft", "Take it back to draft."),
        Transition("cancel", ("draft", "submitted", "scheduled"), "cancelled", "Cancel it, with a reason."),
    ),
    demands={
        "submitted": (Demand("plan.implementation", "so that there is something to decide on"),),
        "scheduled": (
            Demand("plan.implementation", "so that the person on duty can carry it out"),
            Demand("plan.backout", "so that it can be undone at any time of day"),
            Demand("window", "so that everyone knows when it happens"),
        ),
        "implementing": (
            Demand("plan.implementation", "so that the person on duty can carry it out"),
            Demand("window", "so that everyone knows when it happens"),
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
        Transition("assess", ("new",), "assess", "Decide whether it is worth an analysis."),
        Transition("analyse", ("assess",), "root_cause_analysis", "Look for the root cause."),
        Transition("analyse", ("new",), "root_cause_analysis", "Look for the root cause.", skips=("assess",)),
        Transition("repair", ("root_cause_analysis",), "fix_in_progress", "Say that the cause is known, and fix it."),
        Transition(
            "repair",
            ("new", "assess"),
            "fix_in_progress",
            "Say that the cause is known, and fix it.",
            skips=("assess", "root_cause_analysis"),
        ),
        Transition("resolve", ("fix_in_progress",), "resolved", "Say what fixed it."),
        Transition("close", ("resolved",), "closed", "Close it: the work has ended."),
        Transition(
            "reanalyse",
            ("fix_in_progress", "resolved", "closed"),
            "root_cause_analysis",
            "Look for the cause again: it was a different one.",
        ),
        Transition(
            "accept-risk",
            ("assess", "root_cause_analysis", "fix_in_progress"),
            "closed",
            "Close it and accept the risk.",
            skips=("resolved",),
        ),
        Transition(
            "cancel",
            ("new", "assess", "root_cause_analysis", "fix_in_progress"),
            "cancelled",
            "Cancel it, with a reason.",
        ),
    ),
    demands={
        "fix_in_progress": (Demand("root_cause", "so that others can see whether the fix removes the cause"),),
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
        Transition("close", ("fulfilled",), "closed", "Close it: the work has ended."),
        Transition("reopen", ("fulfilled",), "in_progress", "Work on it again: something is missing."),
        Transition("reject", ("submitted",), "rejected", "Reject it, with a reason."),
        Transition("cancel", ("submitted", "in_progress", "on_hold"), "cancelled", "Cancel it, with a reason."),
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
        Transition("retire", ("draft", "in_review", "published"), "retired", "Mark it as no longer in force."),
    ),
    in_timeline=False,
)


def _registered(kind: str) -> Lifecycle:
    return Lifecycle(
        kind=kind,
        initial="active",
        final=("retired",),
        transitions=(
            Transition("retire", ("active",), "retired", "Mark it as no longer in force."),
            Transition("restore", ("retired",), "active", "Put it in force again."),
        ),
        in_timeline=False,
    )


REGISTERED_KINDS = tuple(row.name for row in KIND_ROWS if row.registered)

LIFECYCLES: dict[str, Lifecycle] = {
    table.kind: table for table in (INCIDENT, CHANGE, PROBLEM, REQUEST, ARTICLE, *map(_registered, REGISTERED_KINDS))
}
"""Maps each kind to its table. Approvals never change, so they have none."""


def kinds_of_verb(verb: str) -> tuple[str, ...]:
    """Returns the kinds whose table has this verb."""
    return tuple(kind for kind, table in LIFECYCLES.items() if verb in table.verbs())
