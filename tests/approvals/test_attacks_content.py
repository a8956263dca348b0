"""Groups digest, state, time, type: an act is for exactly this content, in this state, now."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from itsm_as_code.domain.instants import write_instant
from tests.approvals.records import NOW, RESTART, Record, at, change, incident, path
from tests.approvals.world import World


def _refused(world: World, record: Record, *words: str, approvers: tuple[str, ...] = ("ben",)) -> None:
    world.put(record)
    world.approved(record, *approvers)
    push = world.step()
    assert not push.landed, push.said
    for word in words:
        assert word in push.said, push.said


# digest


@pytest.mark.parametrize("extra", [{"real_plan": "Format the disks."}, {"template": "../x"}], ids=str)
def test_A048_content_hides_in_no_unknown_field(world: World, extra: Record) -> None:
    world.put(change(**extra))
    push = world.step()
    assert not push.landed and "SCH" in push.said


@pytest.mark.parametrize("field", ["title", "reason", "window", "plan", "service"])
def test_A048_every_field_that_somebody_acts_on_is_approved(world: World, field: str) -> None:
    first = change()
    world.approved(first, "ben")
    other = {
        "title": "Replace the disks", "reason": "For fun.", "plan": {"implementation": "Format."}, "service": "portal",
        "window": {"start": write_instant(NOW + timedelta(days=1)), "end": write_instant(NOW + timedelta(days=3))},
    }  # fmt: skip
    world.put(first | {field: other[field]})
    push = world.step()
    assert not push.landed and "APR001" in push.said


def test_A050_a_standard_change_names_the_model_as_it_is_on_base(world: World) -> None:
    world.put(world.edited(path(RESTART), plan={"implementation": "Restart all of them."}))
    record = change(type="standard", model={"id": "restart", "revision": 2})
    world.put(record)
    push = world.step()
    assert not push.landed and "is at revision 1, but the change names 2" in push.said


def test_A051_another_layout_of_the_same_content_stays_approved(world: World) -> None:
    record = change()
    world.put(record)
    world.approved(record, "ben")
    file = world.ws / path(record)
    lines = file.read_text().splitlines(keepends=True)
    reason = next(line for line in lines if line.startswith("reason:"))
    lines.remove(reason)
    file.write_text("# A comment.\n" + reason.replace("It ends soon.", '"It ends soon."') + "".join(lines))
    world.land()


def test_A051_what_looks_alike_is_not_the_same_content(world: World) -> None:
    world.approved(change(reason="Caf\u00e9"), "ben")
    world.put(change(reason="Cafe\u0301"))
    push = world.step()
    assert not push.landed


def test_A052_an_act_without_a_whole_digest_does_not_land(world: World) -> None:
    digests = ("", "itsm1:", "itsm1:" + "0" * 63, "sha256:" + "0" * 64, None)
    made = [world.act("ben", "approved", change(), digest=each) for each in digests]
    push = world.step("ben")
    assert not push.landed
    for act in made:
        assert re.search(rf"{act}\S*: error\[SCH", push.said), (act, push.said)


def test_A052_the_digest_of_something_else_approves_nothing(world: World) -> None:
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    world.act("ben", "approved", record, digest="itsm1:" + "0" * 64)
    push = world.step()
    assert not push.landed and "changes/owner" in push.said


def test_A053_reverting_to_what_was_approved_asks_again(world: World) -> None:
    first = change(state="submitted")
    world.put(first)
    world.approved(first, "ben")
    world.land()
    world.put(first | {"reason": "Another.", "revision": 2})
    world.land()
    scheduled = [*first["timeline"], {"at": at(minutes=2), "by": "ana", "state": "scheduled"}]
    world.put(first | {"timeline": scheduled})
    push = world.step()
    assert not push.landed and "LIF022" in push.said
    world.git("reset", "--quiet", "--soft", world.tip())
    world.put(first | {"timeline": scheduled, "revision": 3})
    push = world.step()
    assert not push.landed and "APR001" in push.said and "LIF022" not in push.said


# state


@pytest.mark.parametrize("state", ["implementing", "evaluation", "closed"])
def test_A084_a_jump_past_the_gate_passes_it(world: World, state: str) -> None:
    draft = change(state="draft")
    world.put(draft)
    world.land()
    world.put(draft | {"timeline": [*draft["timeline"], {"at": at(minutes=2), "by": "ana", "state": state}]})
    push = world.step()
    assert not push.landed and "APR001" in push.said


def test_A085_a_jump_split_over_commits_is_one_step(world: World) -> None:
    draft = change(state="draft")
    world.put(draft)
    world.land()
    timeline = list(draft["timeline"])
    world.git("switch", "--quiet", "-c", "proposal")
    for minutes, state in ((9, "submitted"), (8, "scheduled"), (7, "implementing")):
        timeline.append({"at": at(minutes=minutes), "by": "ana", "state": state})
        world.put(draft | {"timeline": timeline})
        world.commit()
    world.git("switch", "--quiet", "main")
    world.git("merge", "--quiet", "--no-ff", "--no-edit", "proposal")
    push = world.push()
    assert not push.landed and "APR001" in push.said
    world.git("switch", "--quiet", "proposal")
    push = world.push()
    assert not push.landed and "exactly one step" in push.said


def test_A086_a_change_may_be_born_past_its_gate_with_valid_acts_alone(world: World) -> None:
    world.put(change())
    push = world.step()
    assert not push.landed and "nobody has proposed exactly this content" in push.said


# time


def test_A090_a_backdated_act_only_shortens_its_own_life(world: World) -> None:
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    world.act("ben", "approved", record, at=at(days=31))
    push = world.step()
    assert not push.landed and "changes/owner by one of" in push.said


def test_A091_an_act_dated_ahead_does_not_land(world: World) -> None:
    world.act("ben", "approved", change(), at=write_instant(NOW + timedelta(days=300)))
    push = world.step("ben")
    assert not push.landed and "which is in the future" in push.said


def test_A092_a_window_without_an_offset_is_none(world: World) -> None:
    _refused(world, change(window={"start": "2026-11-24T20:00:00", "end": "2026-11-24T22:00:00"}), "SCH")


def test_A095_a_calendar_record_in_the_same_step_is_not_that_of_base(world: World) -> None:
    model = RESTART | {"id": "anything", "services": [], "allows": {}}
    world.put({key: value for key, value in model.items() if key not in ("services", "allows")})
    record = change(type="standard", model={"id": "anything", "revision": 1})
    world.put(record)
    push = world.step()
    assert not push.landed and "a standard change needs a change model that is on base" in push.said


# type


def test_A096_an_emergency_without_an_incident_is_none(world: World) -> None:
    _refused(world, change(type="emergency"), "APR003", "needs an open incident or problem", approvers=("dora",))


def test_A096_an_emergency_needs_an_approver_who_is_not_its_author(world: World) -> None:
    record = change(type="emergency", incident=incident("1NC01", "P1")["id"], authors=["dora"])
    world.put(record)
    world.approved(record, "dora", proposer="dora")
    push = world.step("dora")
    assert not push.landed and "APR003" in push.said and "changes/night can't be filled" in push.said


def test_A096_an_emergency_with_both_lands(world: World) -> None:
    record = change(type="emergency", incident=incident("1NC01", "P1")["id"])
    world.put(record)
    world.approved(record, "dora")
    world.land()


@pytest.mark.parametrize("fields", [{"service": "portal"}, {"outage": {"expected": True}}], ids=str)
def test_A098_a_change_outside_its_model_is_not_standard(world: World, fields: Record) -> None:
    record = change(type="standard", model={"id": "restart", "revision": 1}, **fields)
    world.put(record)
    push = world.step()
    assert not push.landed and "APR003" in push.said


def test_A098_a_change_inside_its_model_needs_nobody(world: World) -> None:
    world.put(change(type="standard", model={"id": "restart", "revision": 1}))
    world.land()


@pytest.mark.parametrize("claim", ["low", "moderate"])
def test_A099_an_author_does_not_lower_the_risk(world: World, claim: str) -> None:
    record = change("mail", type="standard", model={"id": "restart", "revision": 1}, outage={"expected": True})
    world.put(record | {"risk": {"raised_to": claim}})
    push = world.step()
    assert not push.landed and "the change model restart does not allow this change" in push.said


def test_an_act_on_base_that_can_not_be_read_might_be_a_refusal_and_nothing_passes_it(world: World) -> None:
    record = change()
    where = f"records/approvals/{record['id']}/APR-20261101-7K3Q9.yaml"
    world.write({where: "decision: [refused\n"})
    world.force()
    world.put(record)
    world.approved(record, "ben")
    push = world.step()
    assert not push.landed
    assert "APR003" in push.said
    assert where in push.said
