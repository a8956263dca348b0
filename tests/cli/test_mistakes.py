"""Honest mistakes of people who decide, and the way out of each: the next message says it, and it works as printed."""

from __future__ import annotations

import shlex

from tests.approvals.conftest import founded, world
from tests.approvals.records import at, change, path, person
from tests.approvals.test_freezes import GATE, REASON, frozen
from tests.cli.desks import Desk, ana, desk, on_the_branch, ref

__all__ = ["ana", "founded", "ref", "world"]


def _land(at: Desk) -> None:
    """Lands the proposal as `land it` says."""
    at.git("fetch", "--quiet", "origin")
    at.git("switch", "--quiet", "--detach", "origin/main")
    at.git("merge", "--quiet", "--no-ff", "--no-edit", "origin/proposal")
    at.git("push", "--quiet", "origin", "HEAD:main")


def test_a_refusal_that_landed_is_taken_back_as_printed(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    said = ben.must("refuse", ref, "--comment", "Oops.", "--push")
    (command,) = [line.split("takes it back with: ")[1] for line in said.splitlines() if "takes it back with: " in line]
    ben.must(*shlex.split(command.split(";")[0])[1:])
    assert ben.explain(ref) == "pending" and len(ben.landed(ref)) == 3


def test_a_withdrawal_that_was_not_pushed_lands_when_it_is_made_again(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.must("refuse", ref, "--comment", "Oops.", "--push")
    ben.must("withdraw", ref)
    said = ben.must("withdraw", ref)
    assert "it is not on the protected branch yet; --push lands it" in said and "taken back APR-" in said
    ben.must("withdraw", ref, "--push")
    assert len(ben.landed(ref)) == 3 and ben.explain(ref) == "pending"
    assert "has decided nothing" in ben.itsm("withdraw", ref, "--push").err


def test_what_landed_is_explained_as_it_was_decided_though_people_have_left(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.must("approve", ref, "--push")
    _land(ben)
    left = ana.world.edited(path(person("ben", "")), state="retired")
    ana.git("switch", "--quiet", "-C", "leaving", "main")
    ana.git("pull", "--quiet", "--ff-only", str(ana.world.server), "main")
    ana.world.put(left)
    ana.world.approved(left, "cleo")
    ana.world.land()
    ana.git("fetch", "--quiet", "origin")
    said = ana.must("explain", ref, "approval")
    assert f"{ref} at gate scheduled: approved" in said and "when it landed" in said and "next:" not in said


def test_an_edit_that_landed_waits_for_nobody(ana: Desk) -> None:
    ana.git("switch", "--quiet", "main")
    edited = ana.world.edited("records/teams/it.yaml", name="Internal IT")
    ana.world.put(edited)
    ana.world.approved(edited, "cleo")
    ana.world.land()
    ana.git("fetch", "--quiet", "origin")
    said = ana.must("explain", "team/it", "approval")
    assert "team/it at gate edit: approved" in said and "next:" not in said


def test_what_went_past_the_check_is_ratified_as_printed_and_then_asks_nobody(ana: Desk) -> None:
    ana.git("switch", "--quiet", "main")
    ana.world.put(ana.world.edited("records/teams/it.yaml", name="Internal IT"))
    ana.world.force()
    cleo = desk(ana.world, "cleo")
    said = cleo.must("explain", "team/it", "approval")
    assert "itsm propose" not in said.split("next:")[1]
    command = said.split("can ratify it: ")[1].splitlines()[0]
    cleo.must(*shlex.split(command)[1:])
    said = cleo.must("explain", "team/it", "approval")
    assert "is ratified already" in said and "next:" not in said


def test_what_nobody_can_decide_on_is_not_signed(ana: Desk, ref: str) -> None:
    """A freeze that came after the change was scheduled; the change does not say why it can't wait."""
    ben = on_the_branch(ana, "ben")
    ben.must("approve", ref, "--push")
    _land(ben)
    ana.git("switch", "--quiet", "-C", "freezing", "main")
    ana.git("pull", "--quiet", "--ff-only", str(ana.world.server), "main")
    frozen(ana.world)
    ana.git("fetch", "--quiet", "origin")
    for verb, desk_ in (("propose", ana), ("approve", desk(ana.world, "dora"))):
        done = desk_.itsm(verb, ref, "--gate", GATE)
        assert done.code == 2 and "can't be decided as it is: it is in the freeze year-end" in done.err
    assert GATE not in "".join(each.read_text() for each in ana.folder.rglob("APR-*.yaml"))


def test_a_list_is_replaced_and_added_to_in_one_command(ana: Desk) -> None:
    ana.git("switch", "--quiet", "main")
    ana.must("set", "person/ana", "emails=a@example.org", "emails+=ana@example.org")
    assert "- a@example.org\n- ana@example.org\n" in (ana.folder / path(person("ana", ""))).read_text()


def test_an_approval_is_for_the_gate_that_waits_for_whoever_makes_it(ana: Desk) -> None:
    """ben has approved the change; the exception, which `explain` shows in whatever state the change is, waits."""
    ana.git("switch", "--quiet", "main")
    frozen(ana.world)
    ana.git("fetch", "--quiet", "origin")
    ana.git("switch", "--quiet", "-c", "proposal")
    record = change(state="submitted", freeze_exception=REASON)
    ana.world.put(record)
    ana.must("schedule", record["id"])
    ana.world.commit()
    on_the_branch(ana, "ben").must("approve", record["id"], "--push")
    ana.git("fetch", "--quiet", "origin")
    begun = {"at": at(minutes=1), "by": "ana", "state": "implementing"}
    scheduled = {"at": at(minutes=2), "by": "ana", "state": "scheduled"}
    here = (ana.folder / path(record)).read_bytes()
    ana.world.put(record | {"timeline": [*record["timeline"], scheduled, begun]})
    assert ana.explain(record["id"], GATE) == "pending"
    (ana.folder / path(record)).write_bytes(here)
    said = on_the_branch(ana, "cleo").must("approve", record["id"], "--push")
    assert f"this is about gate {GATE}" in said and f"cleo approved {record['id']} at gate {GATE}" in said
