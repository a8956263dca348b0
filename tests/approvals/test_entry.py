"""What was decided when a record went past its gate counts, whatever has become of people since."""

from __future__ import annotations

from tests.approvals.records import change, path, person
from tests.approvals.world import World


def explain(world: World, ref: str) -> str:
    done = world.itsm("explain", ref, "approval")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_approver_who_left_later_still_let_it_in(world: World) -> None:
    record = change()
    world.put(record)
    world.approved(record, "ben")
    world.land()
    entered = world.tip()
    assert "approved" in explain(world, record["id"]) and "entered" not in explain(world, record["id"])
    leaver = world.edited(path(person("ben", "")), state="retired")
    world.put(leaver)
    world.approved(leaver, "cleo")
    world.land()
    shown = explain(world, record["id"])
    assert f"entered  scheduled with this content at step {entered[:12]}" in shown
    assert "by the base at that time: approved" in shown


def test_what_is_not_past_its_gate_was_not_let_in(world: World) -> None:
    record = change(state="submitted")
    world.put(record)
    world.land()
    assert "entered" not in explain(world, record["id"])


def test_an_edited_rule_names_the_step_that_let_its_content_in(world: World) -> None:
    assert "in the first commit, the root of trust" in explain(world, "team/it")
    edited = world.edited("records/teams/it.yaml", members=["ana", "ben"])
    world.put(edited)
    assert "entered" not in explain(world, "team/it"), "what lies here is not what entered"
    world.approved(edited, "cleo")
    world.land()
    retired = world.edited("records/people/cleo.yaml", state="retired")
    world.put(retired)
    world.approved(retired, "dora")
    world.land()
    assert "by the base at that time: approved" in explain(world, "team/it")


def test_what_was_forced_past_the_check_says_how_it_is_taken_over(world: World) -> None:
    record = change()
    world.put(record)
    world.force()
    assert f"itsm approve {record['id']} --gate ratify" in explain(world, record["id"])
