"""What no longer lets work begin is shown before it stops anybody, can be made good, and is found by the audit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.approvals.records import OPEN, Record, begun, change, path, person, window
from tests.approvals.test_when_work_begins import entered, keep
from tests.approvals.world import World


@pytest.fixture
def lapsed(world: World) -> Record:
    """A change that was scheduled, and whose approval ben took back."""
    record = change(window=OPEN)
    acts = entered(world, record, "ben")
    world.act("ben", "withdrawn", record, supersedes=[acts["ben"]])
    world.land("ben")
    return record


def said(world: World, *words: str, who: str = "ana") -> str:
    done = world.itsm(*words, who=who)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout + done.stderr


def test_it_is_explained_and_listed(world: World, lapsed: Record) -> None:
    told = said(world, "explain", lapsed["id"], "approval")
    assert "at gate scheduled: pending" in told
    assert "lapsed" in told and "the approval of ben" in told and "no longer counts: superseded by" in told
    assert f"itsm approve {lapsed['id']} --gate scheduled" in told
    assert "pending" in (listed := said(world, "list", "--approvals")) and "the approval of ben" in listed


def test_a_change_whose_approver_has_left_is_listed_as_approved(world: World) -> None:
    record = change(window=OPEN)
    entered(world, record, "ben")
    keep(world, world.edited(path(person("ben", "")), state="retired"))
    assert "approved" in said(world, "list", "--approvals")
    assert "lapsed" not in said(world, "explain", record["id"], "approval")


def test_a_window_that_is_over_is_explained_and_listed(world: World) -> None:
    record = change(window=window(timedelta(hours=3), timedelta(hours=-1)))
    entered(world, record, "ben")
    told = said(world, "explain", record["id"], "approval")
    assert "lapsed" in told and "its window ended at" in told and f"itsm revise {record['id']}" in told
    assert "its window ended at" in said(world, "list", "--approvals")


def test_somebody_approves_it_anew_from_the_command_line(world: World, lapsed: Record) -> None:
    world.git("remote", "add", "origin", str(world.server))
    assert "nobody else is asked" in said(world, "approve", lapsed["id"], "--push", "--yes", who="dora")
    world.git("pull", "--quiet", "--rebase", "origin", "main")
    assert "approved" in said(world, "explain", lapsed["id"], "approval")
    done = world.itsm("implement", lapsed["id"], "--push")
    assert done.returncode == 0, done.stderr


def test_the_verb_says_why_the_work_may_not_begin(world: World, lapsed: Record) -> None:
    world.git("remote", "add", "origin", str(world.server))
    done = world.itsm("implement", lapsed["id"], "--push")
    assert done.returncode != 0 and "the approval of ben" in done.stdout + done.stderr


def test_the_audit_finds_work_that_was_forced_and_its_ratification(world: World, lapsed: Record) -> None:
    after = begun(lapsed)
    world.put(after)
    world.force()
    told = said(world, "check", "--history")
    assert "APR009" in told and "the approval of ben" in told and f"{lapsed['id']} --gate ratify" in told
    world.act("dora", "approved", after, gate="ratify")
    world.land("dora")
    told = said(world, "check", "--history")
    assert "ratified" in told and world.itsm("check", "--history").returncode == 0, told


def test_the_audit_finds_work_outside_its_window(world: World) -> None:
    record = change()
    entered(world, record, "ben")
    world.put(begun(record))
    world.force()
    told = said(world, "check", "--history")
    assert "APR009" in told and "before its window opens" in told


def test_the_audit_says_nothing_of_work_that_began_as_it_was_agreed(world: World) -> None:
    record = change(window=OPEN)
    entered(world, record, "ben")
    keep(world, world.edited(path(person("ben", "")), state="retired"))
    world.put(begun(record))
    world.land()
    assert world.itsm("check", "--history").returncode == 0


def test_an_approval_that_lapsed_after_the_work_began_is_no_fault_of_it(world: World) -> None:
    record = change(window=OPEN)
    acts = entered(world, record, "ben")
    world.put(begun(record))
    world.land()
    world.act("ben", "withdrawn", record, supersedes=[acts["ben"]])
    world.land("ben")
    assert world.itsm("check", "--history").returncode == 0
    assert "lapsed" not in said(world, "explain", record["id"], "approval")
