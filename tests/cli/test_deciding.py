"""Deciding as people do: they approve, refuse and think again, each in a checkout of their own."""

from __future__ import annotations

from tests.approvals.conftest import founded, make_key, world
from tests.approvals.records import at, change, policy
from tests.approvals.world import World
from tests.cli.desks import Desk, ana, on_the_branch, ref, submitted

__all__ = ["ana", "founded", "ref", "world"]

LATER = at(days=-10)


# People think again.


def test_approve_then_withdraw_then_approve(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.must("approve", ref, "--push")
    assert ben.explain(ref) == "approved"
    ben.must("withdraw", ref, "--push")
    assert ben.explain(ref) == "pending"
    ben.must("approve", ref, "--push")
    assert ben.explain(ref) == "approved"


def test_refuse_then_withdraw_then_approve(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.must("refuse", ref, "--comment", "No backout", "--push")
    assert ben.explain(ref) == "refused"
    ben.must("withdraw", ref, "--push")
    assert ben.explain(ref) == "pending"
    ben.must("approve", ref, "--push")
    assert ben.explain(ref) == "approved"


def test_refuse_then_approve_directly_and_refuse_again(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.must("refuse", ref, "--comment", "No backout", "--push")
    ben.must("approve", ref, "--push")
    assert ben.explain(ref) == "approved"
    ben.must("refuse", ref, "--comment", "I was wrong", "--push")
    assert ben.explain(ref) == "refused"


def test_what_was_decided_in_another_checkout_is_taken_back_too(ana: Desk, ref: str) -> None:
    """Before it signs for a push, `itsm` fetches: an act made elsewhere is named."""
    ben = on_the_branch(ana, "ben")
    other = Desk(ben.world, "ben", ben.world.folder / "laptop")
    ben.world.git("clone", "--quiet", str(ben.world.server), str(other.folder), who="ben", folder=ben.world.folder)
    other.git("switch", "--quiet", "proposal")
    other.must("refuse", ref, "--comment", "No backout", "--push")
    ben.must("approve", ref, "--push")
    assert ben.explain(ref) == "approved"


def test_acts_that_were_not_pushed_go_along_with_the_next_one(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.must("refuse", ref, "--comment", "No backout")
    ben.must("withdraw", ref)
    said = ben.must("approve", ref, "--push")
    assert said.count("is included") == 3
    assert len(ben.landed(ref)) == 4
    assert ben.explain(ref) == "approved"


def test_propose_then_edit_then_propose(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.must("approve", ref, "--push")
    ana.must("set", ref, "reason=It ends on Saturday.")
    said = ana.must("propose", ref, "--push")
    assert "changed since your last act: reason" in said
    assert "stale: reason changed since" in ana.must("explain", ref, "approval")
    ana.world.commit()
    ana.git("push", "--quiet", "--force", "origin", "HEAD:proposal")
    ben.git("fetch", "--quiet", "origin")
    ben.git("reset", "--quiet", "--hard", "origin/proposal")
    assert ben.explain(ref) == "pending"
    assert "changed since your last act: reason" in ben.must("approve", ref, "--push")
    assert ben.explain(ref) == "approved"


def test_an_own_proposal_outlives_ones_own_refusal(ana: Desk, ref: str) -> None:
    """Else a proposer could take the proposal back and approve."""
    ana.must("refuse", ref, "--comment", "Not now")
    ana.must("withdraw", ref)
    assert "ana is one of its authors" in ana.itsm("approve", ref).err
    assert "proposed by ana" in ana.must("explain", ref, "approval")


# Somebody else's refusal.


def _blocked(ana: Desk, ref: str) -> tuple[Desk, str]:
    ben = on_the_branch(ana, "ben")
    ben.must("refuse", ref, "--comment", "No backout", "--push")
    (refusal,) = set(ben.landed(ref)) - set(ana.acts(ref))
    return ben, refusal


def test_a_named_role_takes_a_refusal_back(ana: Desk, ref: str) -> None:
    ben, refusal = _blocked(ana, ref)
    dora = on_the_branch(ana, "dora")
    done = dora.itsm("withdraw", ref)
    assert done.code == 2
    assert "dora has decided nothing" in done.err
    assert f"{refusal} of ben" in done.err
    dora.must("withdraw", ref, "--act", refusal.lower(), "--push")
    assert dora.explain(ref) == "pending"
    dora.must("approve", ref, "--push")
    assert dora.explain(ref) == "approved"
    ben.git("fetch", "--quiet", "origin")
    assert ben.explain(ref) == "approved"
    again = dora.itsm("withdraw", ref, "--act", refusal)
    assert again.code == 2
    assert "does not count any more" in again.err


def test_who_has_no_such_role_is_told_who_has(ana: Desk, ref: str) -> None:
    _, refusal = _blocked(ana, ref)
    eve = on_the_branch(ana, "eve")
    done = eve.itsm("withdraw", ref, "--act", refusal)
    assert done.code == 2
    assert "eve may not take back what ben refused" in done.err
    assert "ben can, or somebody with the role keeper" in done.err


def test_only_a_refusal_that_is_there_is_taken_back_for_somebody(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.must("approve", ref)
    (approval,) = set(ben.acts(ref)) - set(ana.acts(ref))
    done = ben.itsm("withdraw", ref, "--act", approval)
    assert done.code == 2 and "is no refusal: it is approved" in done.err
    done = ben.itsm("withdraw", ref, "--act", "APR-20260101-00000")
    assert done.code == 2 and "there is no act APR-20260101-00000" in done.err


def test_nothing_to_withdraw_is_wrong_usage(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    assert ben.itsm("withdraw", ref).code == 2
    ben.must("approve", ref)
    ben.must("withdraw", ref)
    assert "already" in ben.must("withdraw", ref), "it has not landed yet, and can be pushed so"


# Who may.


def test_who_wrote_or_proposed_it_is_not_let_to_sign_in_vain(ana: Desk, ref: str) -> None:
    done = ana.itsm("approve", ref)
    assert done.code == 2
    assert "ana is one of its authors, so an approval of theirs would never count" in done.err
    assert "ben or dora could approve" in done.err
    assert len(ana.acts(ref)) == 1


def test_who_fills_no_seat_is_warned_and_may_say_so(ana: Desk, ref: str) -> None:
    eve = on_the_branch(ana, "eve")
    said = eve.must("approve", ref, "--push")
    assert "eve may fill no seat here, so this approval will not count; ben or dora could" in said
    assert eve.explain(ref) == "pending"


def test_a_seat_that_no_rule_has_is_wrong_usage(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    done = ben.itsm("approve", ref, "--seat", "board")
    assert done.code == 2 and "one of owner" in done.err
    ben.must("approve", ref, "--seat", "owner")


def test_an_author_who_may_approve_an_emergency_must_say_why(ana: Desk) -> None:
    world = ana.world
    rules = policy(
        "changes", "scheduled", ["change"],
        {"id": "night", "when": {"type": "emergency"}, "seats": [{"teams": ["it"]}], "author_may_approve": True},
        {"id": "day", "when": {"type": {"not": "emergency"}}, "seats": [{"teams": ["it"]}]},
        revision=2, authors=["cleo"],
    )  # fmt: skip
    world.put(rules)
    world.approved(rules, "dora", proposer="cleo")
    world.land("cleo")
    incident = next((world.ws / "records/incidents").rglob("*1NC01.yaml")).stem
    record = change(state="submitted", type="emergency", incident=incident)
    world.put(record)
    ana.must("schedule", record["id"])
    done = ana.itsm("approve", record["id"])
    assert done.code == 2
    assert "an author's own approval of an emergency needs --comment" in done.err
    ana.must("approve", record["id"], "--comment", "Nobody else is awake", "--push")
    assert ana.explain(record["id"]) == "approved"


def _delegate(world: World) -> None:
    """ben has delegated to dora, on base."""
    held = world.edited("records/people/ben.yaml", delegate={"to": "eve", "from": at(days=1), "until": LATER})
    world.put(held)
    world.approved(held, "cleo")
    world.land()


def test_a_deputy_decides_in_somebodys_place(ana: Desk) -> None:
    _delegate(ana.world)
    ref = submitted(ana.world)
    ana.must("schedule", ref)
    ana.world.commit()
    eve = on_the_branch(ana, "eve")
    done = eve.itsm("approve", ref, "--for", "dora")
    assert done.code == 2 and "dora has not delegated to eve" in done.err
    eve.must("approve", ref, "--for", "ben", "--push")
    assert eve.explain(ref) == "approved"
    eve.must("withdraw", ref, "--for", "ben", "--push")
    assert eve.explain(ref) == "pending"
    eve.must("approve", ref, "--for", "ben", "--push")
    assert eve.explain(ref) == "approved"
    ben = on_the_branch(ana, "ben")
    ben.must("refuse", ref, "--comment", "I am back, and say no", "--push")
    assert ben.explain(ref) == "refused"
    done = eve.itsm("approve", ref, "--for", "ben", "--push")
    assert done.code == 2 and "ben refused in person" in done.err
    eve.must("withdraw", ref, "--for", "ben", "--push")
    eve.must("approve", ref, "--for", "ben", "--push")
    assert eve.explain(ref) == "approved"


# Keys.


def test_a_key_that_is_not_registered_signs_nothing(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    make_key(ben.world.home("ben") / "other")
    done = ben.itsm("approve", ref, "--key", str(ben.world.home("ben") / "other"))
    assert done.code == 2
    assert "signed with a key that is not ben's" in done.err
    assert ben.acts(ref) == ana.acts(ref)


def test_after_a_rotation_the_key_in_force_is_taken(ana: Desk) -> None:
    world = ana.world
    new = make_key(world.home("ben") / ".ssh" / "z_new")
    keys = [{"key": world.public("ben"), "valid_until": at(minutes=1)}, {"key": new}]
    held = world.edited("records/people/ben.yaml", keys=keys)
    world.put(held)
    world.approved(held, "cleo")
    world.land()
    ref = submitted(world)
    ana.must("schedule", ref)
    world.commit()
    ben = on_the_branch(ana, "ben")
    ben.must("approve", ref, "--push")
    assert ben.explain(ref) == "approved"
