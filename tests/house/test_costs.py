"""A command opens the repository once, resolves base once, reads each tree's settings once, and leaves nothing running.

The numbers are ratchets: lower one when a command gets cheaper, never raise it without a decision.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.approvals.conftest import founded, make_key, world
from tests.cli.desks import Desk, ana, on_the_branch, ref, submitted
from tests.house.counting import counted

__all__ = ["ana", "founded", "make_key", "ref", "submitted", "world"]


@dataclass(frozen=True, slots=True)
class Limit:
    """What a command may cost at the most: Git processes, snapshots, base looked up, the repository opened.

    `code` is the exit code that it must end with.
    """

    git: int
    snapshots: int
    bases: int = 1
    opened: int = 1
    code: int = 0


READING = {
    ("check",): Limit(git=0, snapshots=2, bases=0, opened=0),
    ("check", "--base", "main"): Limit(git=9, snapshots=4, code=1),  # the change still waits for its approval
    ("list",): Limit(git=0, snapshots=1, bases=0, opened=0),
    ("list", "--approvals"): Limit(git=9, snapshots=4),
    ("list", "--awaiting", "ben"): Limit(git=9, snapshots=4),
    ("show", "REF"): Limit(git=0, snapshots=2, bases=0, opened=0),
    ("explain", "REF", "approval"): Limit(git=8, snapshots=3),
    ("explain", "REF"): Limit(git=0, snapshots=1, bases=0, opened=0),
    ("log", "REF"): Limit(git=9, snapshots=1, bases=0),
    ("calendar",): Limit(git=0, snapshots=1, bases=0, opened=0),
    ("sla", "status"): Limit(git=0, snapshots=1, bases=0, opened=0),
    ("check", "--history"): Limit(git=20, snapshots=12),
    ("site", "build", "--out", "OUT"): Limit(git=0, snapshots=1, bases=0, opened=0),
}
WRITING = {
    ("set", "REF", "reason=Later", "--dry-run"): Limit(git=6, snapshots=3),
    ("note", "REF", "Seen"): Limit(git=6, snapshots=3),
    ("fix",): Limit(git=0, snapshots=2, bases=0, opened=0),
    ("fix", "--base", "main"): Limit(git=10, snapshots=4),
    ("fmt",): Limit(git=0, snapshots=1, bases=0, opened=0),
}


def _within(desk: Desk, limit: Limit, *words: str) -> None:
    with counted() as costs:
        done = desk.itsm(*words)
    assert done.code == limit.code, f"{words}: {done.out}{done.err}"
    seen = Limit(len(costs.git), costs.snapshots, costs.bases, costs.opened, done.code)
    listed = "\n".join(costs.git)
    for name in ("git", "snapshots", "bases", "opened"):
        assert getattr(seen, name) <= getattr(limit, name), f"{words}: {name} of {seen}\n{listed}"
    assert costs.parsed_most <= 1, f"{words}: itsm.yaml of one tree was parsed {costs.parsed_most} times"
    assert costs.running == 0, f"{words}: {costs.running} Git processes are left behind"


@pytest.mark.parametrize("words", [*READING, *WRITING], ids=" ".join)
def test_a_command_costs_no_more_than_it_must(ana: Desk, ref: str, words: tuple[str, ...]) -> None:
    meant = {"REF": ref, "OUT": str(ana.folder.parent / "out")}
    _within(ana, (READING | WRITING)[words], *(meant.get(word, word) for word in words))


def test_a_decision_costs_no_more_than_it_must(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    _within(ben, Limit(git=8, snapshots=5), "approve", ref)
    _within(ben, Limit(git=8, snapshots=5), "withdraw", ref)
    _within(ben, Limit(git=8, snapshots=5), "refuse", ref, "--comment", "No")
    _within(ben, Limit(git=23, snapshots=7, bases=2), "withdraw", ref, "--push")
    _within(ana, Limit(git=9, snapshots=5), "propose", ref)


def test_scheduling_costs_no_more_than_it_must(ana: Desk) -> None:
    _within(ana, Limit(git=8, snapshots=4), "schedule", submitted(ana.world))
