"""Taking back what was written: a slip of the last minutes, and nothing that others have decided or counted on."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta

import pytest

from itsm_as_code.domain.instants import write_instant
from tests.approvals.records import NOW, Record, at, change, incident, path, request, text
from tests.approvals.world import World


def _landed(world: World, record: Record, ago: timedelta) -> Record:
    """A record that came onto the protected branch so long ago."""
    world.put(record)
    date = f"{int((datetime.now(UTC) - ago).timestamp())} +0000"
    world.commit(GIT_COMMITTER_DATE=date, GIT_AUTHOR_DATE=date)
    world.git("fetch", "--quiet", str(world.ws), "+HEAD:refs/heads/main", folder=world.server)
    return record


def _voided(record: Record, *places: int, told: str | None = None, by: str | None = None) -> Record:
    """The record with entries taken back, the newest first."""
    after = copy.deepcopy(record)
    for place in places:
        taken_back = record["timeline"][place]
        entry = {"at": told or at(minutes=1), "by": by or taken_back["by"], "void": taken_back["at"]}
        after["timeline"].append(entry)
    return after


def _seen() -> Record:
    record = incident("1NC07", "P5")
    record["timeline"].append({"at": at(minutes=30), "by": "ana", "note": "Ward 4 has no netwrok."})
    return record


@pytest.mark.parametrize(("minutes", "lands"), [(0, True), (5, True), (12, False), (60 * 24 * 30, False)])
def test_a_typing_error_is_taken_back_within_ten_minutes_of_its_landing(
    world: World, minutes: int, lands: bool
) -> None:
    record = _landed(world, _seen(), timedelta(minutes=minutes))
    world.put(_voided(record, -1))
    push = world.step()
    assert push.landed is lands, push.said
    assert lands or "LIF035" in push.said


def test_A202_no_instant_in_the_entries_makes_an_old_entry_young(world: World) -> None:
    record = _seen()
    record["timeline"][-1] |= {"at": at(hours=1), "recorded": at(minutes=2)}
    _landed(world, record, timedelta(hours=1))
    world.put(_voided(record, -1, told=at(minutes=59)))
    assert "LIF035" in world.offer().said


def test_A202_what_the_clocks_counted_last_month_is_not_taken_back(world: World) -> None:
    record = incident("1NC07", "P1")
    record["resolution"] = {"code": "fixed", "summary": "Restarted."}
    record["timeline"] += [
        {"at": at(minutes=110), "by": "ana", "state": "in_progress"},
        {"at": at(minutes=100), "by": "ana", "state": "resolved"},
    ]
    _landed(world, record, timedelta(days=20))
    world.put(_voided(record, -1))
    assert "LIF035" in world.offer().said


def test_A202_a_change_that_has_ended_is_not_scheduled_again_on_its_old_approvals(world: World) -> None:
    """Everything after `scheduled` is taken back, back-dated and in the name of somebody else."""
    record = change(outcome={"code": "successful"})
    draft = {**record, "timeline": record["timeline"][:1]}
    world.put(draft)
    world.approved(draft, "ben")
    world.land()
    for minutes, state in ((50, "implementing"), (40, "closed")):
        record["timeline"].append({"at": at(minutes=minutes), "by": "dora", "state": state})
    _landed(world, record, timedelta(minutes=1))
    world.put(_voided(record, -1, -2, told=at(minutes=39), by="dora"))
    push = world.step("eve")
    assert not push.landed and "LIF036" in push.said


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=3)])
def test_A202_work_that_began_is_not_taken_back_however_soon(world: World, ago: timedelta) -> None:
    record = request("mouse")
    _landed(world, record, ago)
    world.put(_voided(record, -1))
    assert "LIF036" in world.offer().said


def test_a_slip_that_never_landed_is_taken_back_with_the_same_push(world: World) -> None:
    record = change(state="draft")
    record["timeline"] += [{"at": at(minutes=50), "by": "ana", "state": "submitted"}]
    world.put(_voided(record, -1))
    world.land()


def test_A202_an_entry_that_was_taken_back_does_not_count_again(world: World) -> None:
    record = _landed(world, _voided(_seen(), -1), timedelta(hours=1))
    twin = copy.deepcopy(record)
    twin["timeline"].insert(-1, {**record["timeline"][-2], "note": "Something else."})
    world.put(twin)
    assert "LIF037" in world.offer().said


def test_the_command_says_so_before_it_writes(world: World) -> None:
    record = _landed(world, _seen(), timedelta(hours=1))
    where = world.ws / path(record)
    world.git("remote", "add", "origin", str(world.server))
    world.git("fetch", "--quiet", "origin")
    instant = record["timeline"][-1]["at"]
    late = world.itsm("note", record["id"], "--void", instant)
    assert late.returncode == 1 and "LIF035" in late.stdout + late.stderr
    assert where.read_bytes() == text(record)
    fresh = world.itsm("note", record["id"], "Ward 4.", "--when", at(minutes=3))
    assert fresh.returncode == 0, fresh.stderr
    soon = world.itsm("note", record["id"], "--void", at(minutes=3), "--push")
    assert soon.returncode == 0, soon.stderr
    assert write_instant(NOW - timedelta(minutes=3)) in where.read_text("utf-8")
