"""Deciding off the beaten track: without a branch or a key, with a forgotten push, on what has landed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.approvals.conftest import founded, world
from tests.approvals.records import change, incident, path, policy
from tests.cli.desks import Desk, ana, desk, on_the_branch, ref, submitted

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
    assert "git merge --no-ff --no-edit origin/proposal" in said
    _land_it(ana, ben, said)


def test_what_is_approved_on_a_commit_without_a_name_lands_by_its_id(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.git("switch", "--quiet", "--detach", "origin/proposal")
    ben.git("commit", "--quiet", "--allow-empty", "-m", "more")
    said = ben.must("approve", ref, "--push")
    assert f"git merge --no-ff --no-edit {ben.git('rev-parse', 'HEAD')[:12]} " in said
    _land_it(ana, ben, said)


def test_without_a_branch_the_new_one_that_is_to_be_made_is_merged(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.git("switch", "--quiet", "--detach", "origin/proposal")
    said = ben.must("approve", ref)
    assert f"git switch -c {ref} && git add" in said and f"git merge --no-ff --no-edit {ref} " in said


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


def test_a_decision_that_was_not_pushed_is_landed_by_the_same_command_with_push(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.must("approve", ref)
    made = ben.acts(ref)
    said = ben.must("approve", ref)
    assert "ben has approved exactly this at gate scheduled" in said and "--push lands it" in said
    assert ben.acts(ref) == made
    said = ben.must("approve", ref, "--push")
    assert "exactly this" in said and "is included" in said and f"{ref} at gate scheduled: approved" in said
    assert set(made) <= set(ben.landed(ref)), "what ana proposed on the branch lands with it"
    assert ben.git("status", "--porcelain", "--untracked-files=all") == ""
    _land_it(ana, ben, said)
    assert "exactly this" in ben.must("approve", ref, "--push")


def test_another_word_or_a_changed_mind_is_signed_anew(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.must("approve", ref)
    assert "exactly this" not in ben.must("approve", ref, "--comment", "Tested")
    assert "exactly this" in ben.must("approve", ref, "--comment", "Tested")
    ben.must("refuse", ref, "--comment", "No")
    assert "has refused exactly this" in ben.must("refuse", ref, "--comment", "No")
    assert "exactly this" not in ben.must("approve", ref)
    assert ben.explain(ref) == "approved"


def test_acts_that_go_along_with_a_later_push_do_not_lie_in_the_way(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.must("refuse", ref, "--comment", "No backout")
    ben.must("approve", ref, "--push")
    assert ben.git("status", "--porcelain", "--untracked-files=all") == ""
    ben.git("switch", "--quiet", "main")
    ben.git("pull", "--quiet", "--rebase")


def test_a_proposal_that_goes_along_with_the_step_does_not_lie_in_the_way(ana: Desk) -> None:
    found = submitted(ana.world)
    ana.must("propose", found)
    assert "approvals" in ana.git("status", "--porcelain", "--untracked-files=all")
    ana.must("schedule", found, "--push")
    assert "approvals" not in ana.git("status", "--porcelain", "--untracked-files=all")
    assert ana.landed(found)


def test_who_has_no_private_key_is_told_so_and_the_ways_out(
    ana: Desk, ref: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    ben = on_the_branch(ana, "ben")
    key = ben.world.key("ben")
    key.rename(Path(ben.world.home("ben"), "elsewhere"))
    for _ in ("the public half is there", "nothing is there"):
        done = ben.itsm("approve", ref)
        assert done.code == 2 and "none of the keys of ben that are registered and in force" in done.err
        assert "--key PATH" in done.err and "ssh-add" in done.err and "key.pub" not in done.err
        key.with_suffix(".pub").unlink(missing_ok=True)
    ben.must("approve", ref, "--key", str(ben.world.home("ben") / "elsewhere"))


def test_an_approval_of_an_emergency_that_is_past_its_gate_is_of_its_review(ana: Desk) -> None:
    world, cause = ana.world, incident("1NC01", "P1")["id"]
    record = change(type="emergency", incident=cause, state="implementing")
    world.put(record)
    world.approved(record, "dora")
    world.land()
    cleo = desk(world, "cleo")
    assert "was already approved at gate scheduled" in cleo.must("approve", record["id"], "--push")
    world.put(record | {"post_implementation_review": {"summary": "It went well."}})
    world.land()
    cleo.git("pull", "--quiet")
    said = cleo.must("approve", record["id"], "--push")
    assert "this is about gate post-review" in said and f"{record['id']} at gate post-review: approved" in said
    cleo.git("pull", "--quiet")
    assert "nothing was signed" in cleo.must("approve", record["id"])
    assert len(cleo.acts(record["id"])) == 3


def test_what_landed_approved_is_not_approved_again(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    _land_it(ana, ben, ben.must("approve", ref, "--push"))
    dora = desk(ana.world, "dora")
    assert "nothing was signed" in dora.must("approve", ref, "--push")
    assert len(dora.acts(ref)) == 2
    ben.must("withdraw", ref, "--push")
    dora.git("pull", "--quiet")
    assert "nothing was signed" not in dora.must("approve", ref, "--push")
    assert dora.explain(ref) == "approved"


def test_what_went_past_the_check_is_ratified_and_not_approved_too_late(ana: Desk) -> None:
    record = change()
    ana.world.put(record)
    ana.world.force()
    ben = desk(ana.world, "ben")
    done = ben.itsm("approve", record["id"])
    assert done.code == 2 and "went past gate scheduled without approval" in done.err
    assert not ben.acts(record["id"])
    (command,) = re.findall(r"itsm (approve .+ --gate ratify)", done.err)
    ben.must(*command.split(), "--push")
    ben.git("pull", "--quiet")
    dora = desk(ana.world, "dora")
    assert "is ratified already" in dora.must("approve", record["id"])


def test_what_the_first_commit_held_is_not_approved(ana: Desk) -> None:
    cleo = desk(ana.world, "cleo")
    assert "in the first commit, which nobody judged" in cleo.must("approve", "policy/changes")
    assert not cleo.acts("policy/changes")
