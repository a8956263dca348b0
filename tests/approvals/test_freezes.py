"""Freezes and their exceptions, by real pushes: a freeze of base stops a change that nobody let through it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from itsm_as_code.domain.instants import write_instant
from tests.approvals.records import NOW, OPEN, Record, at, begun, change, incident, path, person
from tests.approvals.world import Push, World

REASON = {"reason": "The certificate ends in the freeze."}
GATE = "exception/year-end"


def ahead(**time: float) -> str:
    return write_instant(NOW + timedelta(**time))


def freeze(start: str = ahead(days=1), until: str = ahead(days=9), name: str = "year-end", **fields: Any) -> Record:
    """A freeze over the window of `change()`, from which keepers (cleo, dora) grant exceptions."""
    return {
        "id": name, "kind": "freeze", "schema": 1, "title": "Year end", "scope": {}, "reason": "The books close.",
        "from": start, "until": until, "exceptions": [{"roles": ["keeper"]}],
    } | fields  # fmt: skip


def frozen(world: World, **fields: Any) -> Record:
    """A freeze that is on base."""
    record = freeze(**fields)
    world.put(record)
    world.land()
    return record


def granted(world: World, record: Record, *by: str, gate: str = GATE) -> None:
    """A proposal of the exception and approvals of it."""
    world.act("ana", "proposed", record, gate=gate)
    for name in by:
        world.act(name, "approved", record, gate=gate)


def refused(push: Push, *words: str) -> None:
    assert not push.landed
    for word in words:
        assert word in push.said, push.said


def test_a_change_in_a_freeze_lands_with_an_exception_by_whom_the_freeze_names(world: World) -> None:
    frozen(world)
    record = change(freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben")
    granted(world, record, "cleo")
    world.land()


def test_the_approval_of_the_change_is_none_of_the_exception(world: World) -> None:
    frozen(world)
    record = change(freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben", "dora")
    refused(world.step(), f"at gate {GATE}: pending: nobody has proposed", f"--gate {GATE}")
    granted(world, record)
    world.git("reset", "--soft", world.tip())
    refused(world.step(), f"at gate {GATE}: pending: freeze/year-end by one of cleo, dora")


def test_the_exception_is_no_approval_of_the_change(world: World) -> None:
    frozen(world)
    record = change(freeze_exception=REASON)
    world.put(record)
    granted(world, record, "cleo")
    world.act("ana", "proposed", record)
    refused(world.step(), "at gate scheduled: pending: changes/owner by one of ben, dora")


def test_who_approves_changes_grants_no_exception(world: World) -> None:
    frozen(world)
    record = change(freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben")
    granted(world, record, "ben")
    refused(world.step(), "freeze/year-end by one of cleo, dora")


def test_who_wrote_or_proposed_the_change_grants_no_exception(world: World) -> None:
    frozen(world)
    record = change(freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben", proposer="dora")
    granted(world, record, "dora")  # ana asks for the exception, dora for the change
    refused(world.step(), "freeze/year-end by cleo")


def test_an_exception_from_another_freeze_is_none_from_this_one(world: World) -> None:
    world.put(freeze(), freeze(name="audit"))
    world.land()
    record = change(freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben")
    granted(world, record, "cleo", gate="exception/audit")
    granted(world, record)
    refused(world.step(), "at gate exception/year-end: pending")
    world.act("cleo", "approved", record, gate=GATE)
    world.git("reset", "--soft", world.tip())
    world.land()


def test_an_exception_is_bound_to_the_window(world: World) -> None:
    frozen(world)
    record = change(freeze_exception=REASON)
    granted(world, record, "cleo")
    moved = record | {"window": {"start": ahead(days=3), "end": ahead(days=3, hours=2)}}
    world.put(moved)
    world.approved(moved, "ben")
    refused(world.step(), f"at gate {GATE}: pending: nobody has proposed exactly this content")


def test_a_refused_exception_holds_until_it_is_withdrawn(world: World) -> None:
    frozen(world)
    record = change(freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben")
    granted(world, record, "cleo")
    world.act("dora", "refused", record, gate=GATE)
    refused(world.step(), "APR002", f"at gate {GATE}: refused by dora")


def test_without_a_reason_in_the_change_nobody_can_grant_one(world: World) -> None:
    frozen(world)
    record = change()
    world.put(record)
    world.approved(record, "ben")
    granted(world, record, "cleo")
    refused(world.step(), "APR003", "say in `freeze_exception` why it can't wait")


def test_a_freeze_without_seats_lets_nothing_through(world: World) -> None:
    frozen(world, exceptions=[])
    record = change(freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben")
    granted(world, record, "cleo", "dora")
    refused(world.step(), "APR003", "the freeze year-end allows no exception: move the window")


# When.


@pytest.mark.parametrize(
    ("start", "until", "lands"),
    [
        (ahead(days=2, hours=2), ahead(days=3), True), (ahead(days=1), ahead(days=2), True),
        (ahead(days=2, hours=2, seconds=-1), ahead(days=3), False), (ahead(days=1), ahead(days=2, seconds=1), False),
    ],
    ids=["begins when the window ends", "ends when it starts", "begins within", "ends within"],
)  # fmt: skip
def test_a_freeze_that_only_touches_the_window_is_not_over_it(
    world: World, start: str, until: str, lands: bool
) -> None:
    frozen(world, start=start, until=until)
    record = change()
    world.put(record)
    world.approved(record, "ben")
    push = world.step()
    assert push.landed is lands, push.said
    assert lands or GATE in push.said


def test_a_material_edit_is_asked_again_and_an_immaterial_one_not(world: World) -> None:
    record = change()
    world.put(record)
    world.approved(record, "ben")
    world.land()
    frozen(world)
    world.put(record | {"tags": ["certificates"]})
    world.land()
    edited = record | {"reason": "It ended.", "revision": 2}
    world.put(edited)
    world.approved(edited, "ben")
    refused(world.step(), f"at gate {GATE}")


def test_a_freeze_that_came_later_is_asked_about_when_work_begins(world: World) -> None:
    record = change(window=OPEN, freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben")
    world.land()
    frozen(world)
    world.put(begun(record))
    refused(world.step(), f"at gate {GATE}: pending")
    granted(world, record, "cleo")
    world.git("reset", "--soft", world.tip())
    world.land()


def test_a_change_in_a_freeze_that_came_later_may_be_called_off(world: World) -> None:
    record = change()
    world.put(record)
    world.approved(record, "ben")
    world.land()
    frozen(world)
    entry = {"at": at(minutes=2), "by": "ana", "state": "cancelled", "reason": "The books close."}
    world.put(record | {"timeline": [*record["timeline"], entry]})
    world.land()


def test_an_exception_that_was_granted_serves_when_work_begins(world: World) -> None:
    frozen(world)
    record = change(window=OPEN, freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben")
    granted(world, record, "cleo")
    world.land()
    world.put(begun(record))
    world.land()


def test_an_exception_outlives_the_grantors_leaving(world: World) -> None:
    frozen(world)
    record = change(window=OPEN, freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben")
    granted(world, record, "cleo")
    world.land()
    left = world.edited(path(person("cleo", "")), state="retired")
    world.put(left)
    world.approved(left, "dora")
    world.land()
    world.put(begun(record))
    world.land()


# Whose freeze.


@pytest.mark.parametrize(
    "fields",
    [{"state": "retired"}, {"until": ahead(days=1, hours=1)}, {"scope": {"service": "portal"}}],
    ids=["retired", "over earlier", "about others"],
)
def test_A095_a_freeze_lifted_in_the_step_that_it_stops_still_stops_it(world: World, fields: Record) -> None:
    frozen(world)
    world.put(world.edited(path(freeze()), **fields))
    record = change(freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben")
    refused(world.step(), f"at gate {GATE}: pending")


def test_A095_seats_that_a_step_gives_a_freeze_grant_nothing_in_it(world: World) -> None:
    frozen(world)
    world.put(world.edited(path(freeze()), exceptions=[{"people": ["ben"]}]))
    record = change(freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben")
    granted(world, record, "ben")
    refused(world.step(), "freeze/year-end by one of cleo, dora")


def test_a_freeze_that_was_lifted_before_stops_nothing(world: World) -> None:
    frozen(world)
    world.put(world.edited(path(freeze()), state="retired"))
    world.land()
    record = change()
    world.put(record)
    world.approved(record, "ben")
    world.land()


def test_a_freeze_that_comes_with_the_change_does_not_stop_it(world: World) -> None:
    record = change()
    world.put(freeze(), record)
    world.approved(record, "ben")
    world.land()


# Which changes.


def standard() -> Record:
    return change(type="standard", model={"id": "restart", "revision": 1}, number="5TD01")


def test_a_standard_change_needs_an_exception_too(world: World) -> None:
    frozen(world)
    world.put(standard())
    refused(world.step(), f"at gate {GATE}", "say in `freeze_exception`")


@pytest.mark.parametrize(
    ("scope", "stops"),
    [
        ({"type": {"not": "emergency"}}, True), ({"service": "portal"}, False), ({"tier": {"lte": 2}}, False),
        ({"type": ["normal", "standard"], "tier": {"gt": 2}}, True),
    ],
    ids=str,
)  # fmt: skip
def test_a_freeze_stops_the_changes_of_its_scope(world: World, scope: Any, stops: bool) -> None:
    frozen(world, scope=scope)
    record = change()
    world.put(record)
    world.approved(record, "ben")
    push = world.step()
    assert push.landed is not stops, push.said
    assert not stops or GATE in push.said


def test_a_scope_that_cant_be_decided_for_a_change_stops_it(world: World) -> None:
    """It compares by order the priority of an incident, and there is none behind the change."""
    frozen(world, scope={"incident_priority": {"gt": "P2"}})
    record = change(freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben")
    granted(world, record, "cleo")
    refused(world.step(), "APR003", "it can't be decided whether the freeze year-end covers the change")


def test_a_freeze_of_base_that_cant_be_read_stops_all_changes(world: World) -> None:
    world.write({path(freeze()): "id: [year-end\n"})
    world.force()
    record = change(freeze_exception=REASON)
    world.put(record)
    world.approved(record, "ben")
    granted(world, record, "cleo")
    refused(world.step(), "APR003", "there is no freeze year-end at base")


# Emergencies.


def emergency(**fields: Any) -> Record:
    return change(type="emergency", incident=incident("1NC01", "P1")["id"], **fields)


def at_once(**fields: Any) -> Record:
    """An emergency whose work has begun, without a window."""
    return {key: value for key, value in emergency(state="implementing", **fields).items() if key != "window"}


def test_an_emergency_that_the_scope_leaves_out_lands_in_a_freeze(world: World) -> None:
    frozen(world, scope={"type": {"not": "emergency"}})
    record = emergency()
    world.put(record)
    world.approved(record, "dora")
    world.land()


def test_an_emergency_that_the_scope_covers_needs_an_exception(world: World) -> None:
    frozen(world)
    record = emergency(freeze_exception=REASON)
    world.put(record)
    world.approved(record, "dora")
    refused(world.step(), f"at gate {GATE}")


@pytest.mark.parametrize("born", [NOW - timedelta(hours=3), NOW - timedelta(days=1)], ids=["since", "long since"])
def test_an_emergency_without_a_window_is_in_the_freeze_of_its_hour(world: World, born: datetime) -> None:
    frozen(world, start=write_instant(born), until=ahead(days=1))
    record = at_once()
    world.put(record)
    world.approved(record, "dora")
    refused(world.step(), f"at gate {GATE}", "freeze_exception")
    asked = at_once(freeze_exception=REASON)
    world.git("reset", "--hard", "--quiet", world.tip())
    world.put(asked)
    world.approved(asked, "dora")
    granted(world, asked, "cleo")
    world.land()


def test_an_emergency_without_a_window_is_in_no_freeze_that_is_over_or_has_yet_to_come(world: World) -> None:
    over = freeze(at(days=3), at(hours=2), name="over")
    world.put(over, freeze())
    world.land()
    record = at_once()
    world.put(record)
    world.approved(record, "dora")
    world.land()
