"""Rules of the code that are broken on purpose: the machine must find each of them, or it proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.app.approvals import (
    authorship,
    evaluator,
    gate_findings,
    opened_step,
    past_approval,
    ratification,
    when_work_begins,
)
from itsm_as_code.app.checking import push_gate, standing_faults
from itsm_as_code.app.checking.push_gate import Update
from itsm_as_code.checks import steps_record, steps_void
from itsm_as_code.domain.approval import active_acts, gates, inquiry, judge
from itsm_as_code.domain.approval.directory import Directory
from itsm_as_code.domain.approval.question import Question
from itsm_as_code.evidence import verification
from tests.approvals.machine import board
from tests.approvals.machine.place import INCIDENT

Patch = pytest.MonkeyPatch
RATIFYING = ("plan", "edit_team", "edit_policy", "ratify")


PLAN: dict[str, Any] = {
    "service": "mail", "state": "scheduled", "type_": "normal", "opens": -timedelta(hours=1), "requester": None,
    "number": 0,
}  # fmt: skip
QUARREL: tuple[tuple[str, dict[str, Any]], ...] = (
    ("plan", PLAN | {"writer": "cleo", "luck": 0}),
    ("quarrel", {
        "pick": 0, "by": "dora", "for_": None, "ender": "its author", "ends_for": None, "decision": "withdrawn",
        "number": 0,
    }),
)  # fmt: skip
GRANT: tuple[tuple[str, dict[str, Any]], ...] = (
    ("plan", PLAN | {"writer": "ana", "luck": 1}),
    ("edit_team", {"name": "it", "who": "eve", "writer": "ana", "number": 0, "luck": 1}),
    ("ratify", {"pick": 0, "by": "eve", "for_": None, "number": 0, "words": False}),
)  # fmt: skip
BEGIN: dict[str, Any] = {"pick": 0, "writer": "ana", "late": timedelta(), "anew": False, "number": 0, "luck": 0}
RUSH: dict[str, Any] = {
    "writer": "ana", "service": "mail", "state": "implementing", "ago": timedelta(days=3), "behind": INCIDENT["id"],
    "number": 0, "luck": 1,
}  # fmt: skip
OWE: dict[str, Any] = {"pick": 0, "by": "gus", "service": "mail", "number": 1}


@dataclass(frozen=True)
class Sabotage:
    """One rule that is broken by `apply`, the moves and twists in which that shows, and whether it shows soon."""

    apply: Callable[[Patch], None]
    moves: tuple[str, ...]
    twists: tuple[str, ...] = ("",)
    soon: bool = True
    story: tuple[tuple[str, dict[str, Any]], ...] = ()
    """Moves in which it shows surely, where chance alone would take long to find them."""


def returns(where: Any, name: str, value: Any) -> Callable[[Patch], None]:
    """Breaks a function: whatever it is asked, it answers the same."""
    return lambda patch: patch.setattr(where, name, lambda *_, **__: value)


def _last_command_alone(patch: Patch) -> None:
    right = push_gate.judge_push

    def judge_push(git_dir: Path, updates: Sequence[Update], *rest: Any) -> Any:
        first, *_ = updates
        return right(git_dir, [first, *(each for each in updates[1:] if each.ref != first.ref)], *rest)

    patch.setattr(board, "judge_push", judge_push)


def _by_the_present_alone(patch: Patch) -> None:
    def ratifying_acts(bypassed: Any, present: Any, _: Any) -> tuple[str, ...]:
        return right(bypassed, present, present.base)

    right = ratification.ratifying_acts
    patch.setattr(standing_faults, "ratifying_acts", ratifying_acts)


SABOTAGES: dict[str, Sabotage] = {
    "the second command for the branch is not looked at": Sabotage(
        _last_command_alone, ("plan",), ("forth and back", "twice"),
    ),
    "a step may have any parent": Sabotage(
        returns(push_gate, "_require_one_step", None), ("plan", "edit_team"), ("another parent", ""),
    ),
    "a commit may be of any date": Sabotage(
        returns(push_gate, "_require_dated_now", None), ("plan",), ("commit old", "commit ahead"),
    ),
    "who has a part ends the refusals of others": Sabotage(
        returns(active_acts, "may_end", True), ("plan", "quarrel"), soon=False, story=QUARREL,
    ),
    "an entry is taken back at any time": Sabotage(
        lambda patch: patch.setattr(steps_void, "VOID_WITHIN", timedelta(days=900)),
        ("plan", "note", "wait", "take_back"), soon=False,
    ),
    "revoked keys are not asked for": Sabotage(
        returns(verification, "_not_in_force", None), ("edit_person", "plan"), soon=False,
    ),
    "authors fill seats": Sabotage(
        returns(inquiry, "_disqualified", ()), ("plan", "edit_team"), ("the writer",), soon=False,
    ),
    "the present base alone says who ratifies": Sabotage(
        _by_the_present_alone, RATIFYING, ("force",), soon=False, story=GRANT,
    ),
    "work begins outside its window": Sabotage(
        returns(when_work_begins, "outside_window", ()), ("plan", "begin", "wait"), soon=False,
        story=(("plan", PLAN | {"writer": "ana", "luck": 0, "opens": timedelta(days=1)}), ("begin", BEGIN)),
    ),
    "nobody has to propose": Sabotage(
        lambda patch: patch.setattr(Question, "needs_proposal", False), ("plan", "edit_team"), ("unproposed",),
    ),
    "an approval of something else counts": Sabotage(
        returns(judge._Weighing, "_fits", True), ("plan", "revise"), ("stale",),
    ),
    "writers need not be named": Sabotage(
        returns(gate_findings, "_unnamed_authors", ()), ("plan",), ("unnamed",),
    ),
    "anybody names others as authors": Sabotage(
        returns(authorship, "_strangers", ()), ("edit_team", "plan"), ("names another",),
    ),
    "revisions are not counted": Sabotage(
        returns(steps_record, "revision_wanted", None), ("plan", "revise", "call_off"), ("uncounted",),
    ),
    "freezes are not asked for": Sabotage(
        returns(evaluator, "freezes_over", ()), ("freeze", "plan"), ("nobody signs", ""), soon=False,
    ),
    "an overdue review holds nobody back": Sabotage(
        returns(evaluator, "overdue_debts", ()), ("rush", "plan"), soon=False,
        story=(("rush", RUSH), ("plan", PLAN | {"writer": "ana", "luck": 0})),
    ),
    "an accepted review is rewritten without its people": Sabotage(
        returns(evaluator, "review_asked_again", ()), ("rush", "owe"), soon=False,
        story=(("rush", RUSH), ("owe", OWE | {"then": "is asked again"})),
    ),
    "who leaves takes the reviews along that they accepted": Sabotage(
        returns(past_approval, "accepted_when_landed", False), ("rush", "owe"), soon=False,
        story=(("rush", RUSH), ("owe", OWE | {"then": "leaves"})),
    ),
    "what was resolved is an emergency": Sabotage(
        lambda patch: patch.setattr(inquiry, "ENDED", ()), ("rush", "mend"), soon=False,
        story=(("mend", {"writer": "ana", "number": 0}), ("rush", RUSH)),
    ),
    "nobody decides on the files that are run": Sabotage(
        returns(opened_step, "touched", ()), ("edit_workflow",), ("nobody signs",),
    ),
    "nobody decides on the settings": Sabotage(
        lambda patch: patch.setattr(gates, "EDITED", frozenset(gates.EDITED) - {"settings"}), ("edit_settings",),
        ("nobody signs",),
    ),
    "anybody is anybody's deputy": Sabotage(
        returns(Directory, "delegation_fault", None), ("plan", "edit_team"), ("for somebody",),
    ),
}  # fmt: skip


@contextmanager
def broken(sabotage: Sabotage) -> Iterator[None]:
    """The code with a rule broken."""
    with pytest.MonkeyPatch.context() as patch:
        sabotage.apply(patch)
        yield
