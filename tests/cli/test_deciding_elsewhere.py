"""Deciding from a checkout that is not as the commands would leave it: no branch, forgotten pushes, no key."""

from __future__ import annotations

import re

from tests.approvals.conftest import founded, world
from tests.approvals.records import change, incident, path, policy
from tests.cli.desks import Desk, ana, on_the_branch, ref

__all__ = ["ana", "founded", "ref", "world"]


def _land_it(ana: Desk, desk: Desk, said: str) -> None:
    """Types the commands that `land it` names; the change must be on the protected branch then."""
    (steps,) = re.findall(r"merge its pull request, or: (.+)$", said, re.MULTILINE)
    for step in steps.split(" && "):
        desk.git(*step.split()[1:])
    assert path(change()) in ana.world.git("ls-tree", "-r", "--name-only", "main", folder=ana.world.server)


def test_what_is_approved_without_a_branch_lands_by_the_branch_of_the_remote(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.git("switch", "--quiet", "--detach", "origin/proposal")
    said = ben.must("approve", ref, "--push")
    assert "git merge --no-ff origin/proposal" in said
    _land_it(ana, ben, said)


def test_what_is_approved_on_a_commit_without_a_name_lands_by_its_id(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.git("switch", "--quiet", "--detach", "origin/proposal")
    ben.git("commit", "--quiet", "--allow-empty", "-m", "more")
    said = ben.must("approve", ref, "--push")
    assert f"git merge --no-ff {ben.git('rev-parse', 'HEAD')[:12]} " in said
    _land_it(ana, ben, said)


def test_without_a_branch_the_new_one_that_is_to_be_made_is_merged(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.git("switch", "--quiet", "--detach", "origin/proposal")
    said = ben.must("approve", ref)
    assert f"git switch -c {ref} && git add" in said and f"git merge --no-ff {ref} " in said


def test_an_emergency_is_approved_by_its_author_before_anything_is_committed(ana: Desk) -> None:
    rules = policy(
        "changes", "scheduled", ["change"],
        {"id": "night", "when": {"type": "emergency"}, "seats": [{"teams": ["it"]}], "author_may_approve": True},
        {"id": "day", "when": {"type": {"not": "emergency"}}, "seats": [{"teams": ["it"]}]},
        revision=2, authors=["cleo"],
    )  # fmt: skip
    ana.world.put(rules)
    ana.world.approved(rules, "dora", proposer="cleo")
    ana.world.land("cleo")
    cause = incident("1NC09", "P1")
    record = change(state="submitted", type="emergency", incident=cause["id"])
    ana.world.put(cause, record)
    ana.must("schedule", record["id"])
    said = ana.must("approve", record["id"], "--comment", "Nobody else is awake")
    assert f"{record['id']} at gate scheduled: approved" in said
    assert f"git add {path(record)} {path(cause)}" in said
