"""Ways round the gates that were open once, each offered to what the hook asks."""

from __future__ import annotations

from datetime import timedelta

from itsm_as_code.domain.instants import write_instant
from tests.approvals.records import NOW, OPEN, Record, at, begun, change, incident, with_entry
from tests.approvals.test_freezes import GATE, REASON, ahead, freeze, granted, refused
from tests.approvals.world import World


def entered(world: World, record: Record, by: str = "ben") -> Record:
    """A change that somebody approved and that is on the protected branch."""
    world.put(record)
    world.approved(record, by)
    world.force()
    return record


def test_an_old_change_can_t_become_an_emergency_whose_debt_is_out_of_reach(world: World) -> None:
    day = NOW - timedelta(days=200)
    window = {"start": write_instant(day), "end": write_instant(day + timedelta(hours=2))}
    record = entered(world, change(id=f"CHG-{day:%Y%m%d}-7D001", window=window))
    urgent = record | {"type": "emergency", "incident": incident("1NC01", "P1")["id"], "revision": 2}
    world.put(urgent)
    world.approved(urgent, "dora")
    refused(world.offer(), "APR003", "create a new change")


def test_an_emergency_that_begins_before_its_window_is_held_against_the_freeze_of_the_hour(world: World) -> None:
    urgent = change(type="emergency", incident=incident("1NC01", "P1")["id"], freeze_exception=REASON)
    record = entered(world, urgent, "dora")
    world.put(freeze(at(hours=5), ahead(days=1)))
    world.force()
    world.put(begun(record))
    refused(world.offer(), f"at gate {GATE}: pending")
    granted(world, record, "cleo")
    push = world.offer()
    assert push.landed, push.said


def test_a_refusal_after_the_change_was_scheduled_stops_the_work_but_not_its_calling_off(world: World) -> None:
    record = entered(world, change(window=OPEN))
    world.act("cleo", "refused", record)
    world.force()
    world.put(with_entry(record, state="cancelled", reason="The board says no."))
    push = world.offer()
    assert push.landed, push.said
    world.put(begun(record))
    refused(world.offer(), "APR002", "at gate scheduled: refused by cleo")


def test_an_act_that_can_not_be_read_might_be_a_refusal_so_the_work_does_not_begin(world: World) -> None:
    record = entered(world, change(window=OPEN))
    world.write({f"records/approvals/{record['id']}/APR-{record['id'][4:12]}-0000A.yaml": "id: [\n"})
    world.force()
    world.put(begun(record))
    refused(world.offer(), "APR003", "can't be read")


def test_A098_a_standard_change_brings_no_plan_of_its_own_and_touches_no_other_service(world: World) -> None:
    plan = {"implementation": "Format all disks.", "backout": "None."}
    world.put(change(type="standard", model={"id": "restart", "revision": 1}, plan=plan, affects=["service/portal"]))
    refused(world.offer(), "APR003", "the plan differs from the change model restart", "is not for service/portal")
