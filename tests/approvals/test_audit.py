"""The audit finds what went past the hook, and nothing in what went through it; years later too."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tests.approvals.conftest import make_key
from tests.approvals.records import DAY, NOW, at, change, path, person
from tests.approvals.world import World


def audit(world: World, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON of an audit of the server's branch."""
    done = raw(world, "--format", "json", *arguments)
    return done.returncode, json.loads(done.stdout)


def raw(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    world.git("fetch", "--quiet", str(world.server), "+refs/heads/main:refs/remotes/origin/main")
    return world.itsm("check", "--history", *arguments)


def codes(found: dict[str, Any], *, ratified: bool = False) -> list[str]:
    """The codes of the faults that stand, or of those that were ratified."""
    return [f["code"] for step in found["faulty"] for f in step["faults"] if bool(f["ratified_by"]) is ratified]


def scheduled(world: World, *by: str, **fields: Any) -> dict[str, Any]:
    record = change(**fields)
    world.put(record)
    if by:
        world.approved(record, *by)
    return record


def test_what_went_through_the_hook_is_clean_and_counted(world: World) -> None:
    scheduled(world, "ben")
    world.land()
    code, found = audit(world)
    assert (code, found["status"], found["steps"], found["faulty"]) == (0, "clean", 2, [])
    assert found["gates"]["approved"] == 1
    assert found["anchor"] == world.git("rev-list", "--max-parents=0", "origin/main")


def test_a_step_forced_past_the_check_is_found(world: World) -> None:
    record = scheduled(world)
    world.force()
    code, found = audit(world)
    assert (code, codes(found)) == (1, ["APR001"])
    assert found["faulty"][0]["commit"] == world.tip()
    assert found["faulty"][0]["faults"][0]["path"] == path(record)
    assert f"itsm approve {record['id']} --gate ratify" in found["faulty"][0]["faults"][0]["help"]
    shown = raw(world).stdout
    assert f"step {world.tip()[:12]}" in shown and "1 step went past the check: 1 fault, 0 of them ratified" in shown


def test_who_could_have_let_it_through_may_ratify_it_and_the_audit_says_so_for_ever(world: World) -> None:
    record = scheduled(world)
    world.force()
    act = world.act("ben", "approved", record, gate="ratify")
    world.land("ben")
    code, found = audit(world)
    assert (code, codes(found), codes(found, ratified=True)) == (0, [], ["APR001"])
    assert found["faulty"][0]["faults"][0]["ratified_by"] == [act.rpartition("/")[2].removesuffix(".yaml")]
    assert "ratified by" in raw(world).stdout


@pytest.mark.parametrize(
    ("by", "fields"),
    [("ana", {}), ("eve", {}), ("ben", {"digest": "itsm1:" + "0" * 64}), ("ben", {"gate": "scheduled"})],
)
def test_authors_outsiders_and_acts_on_something_else_ratify_nothing(
    world: World, by: str, fields: dict[str, Any]
) -> None:
    record = scheduled(world)
    world.force()
    world.act(by, "approved", record, **{"gate": "ratify"} | fields)
    world.land(by)
    code, found = audit(world)
    assert (code, codes(found)) == (1, ["APR001"])


def test_a_ratification_before_the_deed_is_none(world: World) -> None:
    record = scheduled(world)
    world.act("ben", "approved", record, gate="ratify")
    world.force()
    assert codes(audit(world)[1]) == ["APR001"]


def test_A038_a_key_that_ran_out_or_was_replaced_later_leaves_old_acts_valid(world: World) -> None:
    scheduled(world, "ben")
    world.land()
    new = make_key(world.folder / "new")
    keys = [{"key": world.public("ben"), "valid_until": at(minutes=0)}, {"key": new}]
    record = world.edited(path(person("ben", "")), keys=keys)
    world.put(record)
    world.approved(record, "cleo")
    world.land()
    assert audit(world)[0] == 0
    assert audit(world, "--at", "2190-01-01T00:00:00Z")[0] == 0


def test_who_has_left_since_counts_as_they_did(world: World) -> None:
    scheduled(world, "ben")
    world.land()
    record = world.edited(path(person("ben", "")), state="retired")
    world.put(record)
    world.approved(record, "cleo")
    world.land()
    code, found = audit(world)
    assert (code, found["faulty"]) == (0, [])


def test_A037_a_key_that_was_in_other_hands_by_then_voids_what_it_let_through(world: World) -> None:
    scheduled(world, "ben")
    world.land()
    revoked = {"since": at(hours=5), "reason": "Found on a paste site."}
    record = world.edited(path(person("ben", "")), keys=[{"key": world.public("ben"), "revoked": revoked}])
    world.put(record)
    world.approved(record, "cleo")
    world.land()
    code, found = audit(world)
    assert (code, codes(found)) == (1, ["APR001"])
    assert "somebody else may have had" in found["faulty"][0]["faults"][0]["message"]
    (void,) = found["void"]
    assert void["path"].startswith("records/approvals/CHG-") and "somebody else may have had" in void["why"]


def revoked_since(world: World, since: str) -> None:
    """ben's key was in other hands since then: cleo has approved that it is listed so, and it has landed."""
    keys = [{"key": world.public("ben"), "revoked": {"since": since, "reason": "Laptop stolen."}}]
    record = world.edited(path(person("ben", "")), keys=keys)
    world.put(record)
    world.approved(record, "cleo")
    world.land()


def test_an_act_that_let_nothing_pass_is_void_after_a_revocation_and_no_fault(world: World) -> None:
    """Whoever loses a key is not called a cheat for ever: nobody could ratify a refusal."""
    record = scheduled(world, "dora")
    world.land()
    world.act("ben", "refused", record, comment="Not today.")
    world.land("ben")
    revoked_since(world, at(hours=5))
    code, found = audit(world)
    assert (code, found["faulty"], found["resting"], len(found["void"])) == (0, [], [], 1)
    assert "1 act void since a key was revoked" in world.itsm("check", "--history").stdout


def test_A301_an_act_that_never_was_sound_stays_a_fault_when_its_key_is_revoked(world: World) -> None:
    record = scheduled(world, "dora")
    world.land()
    where = world.act("ben", "refused", record, comment="Not today.")
    world.write({where: (world.ws / where).read_text().replace("Not today.", "Not tonight.")})
    world.force()
    revoked_since(world, at(hours=5))
    code, found = audit(world)
    assert (code, codes(found), found["void"]) == (1, ["APR004"], [])


def test_a_key_that_came_into_other_hands_afterwards_voids_nothing_before(world: World) -> None:
    scheduled(world, "ben")
    world.land()
    revoked = {"since": at(hours=-1), "reason": "Laptop stolen."}
    record = world.edited(path(person("ben", "")), keys=[{"key": world.public("ben"), "revoked": revoked}])
    world.put(record)
    world.approved(record, "cleo")
    world.land()
    assert audit(world, "--at", at(hours=-2))[1]["faulty"] == []


def test_A036_a_commit_dated_back_gives_no_old_key_new_life(world: World) -> None:
    """The clock of a step never goes back: what an administrator forces in is judged by the dates before it."""
    record = world.edited(path(person("ben", "")), keys=[{"key": world.public("ben"), "valid_until": at(days=2)}])
    world.put(record)
    world.approved(record, "cleo")
    world.land()
    scheduled(world, "ben")
    world.commit(GIT_COMMITTER_DATE=at(days=3), GIT_AUTHOR_DATE=at(days=3))
    world.git("fetch", "--quiet", str(world.ws), "+HEAD:refs/heads/main", folder=world.server)
    code, found = audit(world)
    assert (code, codes(found)) == (1, ["APR004", "APR001"])
    assert "valid until" in json.dumps(found)


def test_a_push_dated_ahead_is_refused_and_one_that_was_forced_in_is_found(world: World) -> None:
    world.write({"notes.txt": "x"})
    world.commit(GIT_COMMITTER_DATE=at(days=-4000))
    push = world.push()
    assert not push.landed and "which is in the future" in push.said
    world.git("fetch", "--quiet", str(world.ws), "+HEAD:refs/heads/main", folder=world.server)
    code, found = audit(world)
    assert (code, codes(found)) == (1, ["APR008"])


def test_a_rewritten_timeline_and_a_deleted_record_are_found(world: World) -> None:
    where = f"records/incidents/{NOW:%Y/%m}/INC-{DAY}-1NC01.yaml"
    record = world.on_base(where)
    assert record is not None
    world.put(record | {"timeline": [record["timeline"][0] | {"by": "ben"}]})
    world.force()
    world.write({f"records/incidents/{NOW:%Y/%m}/INC-{DAY}-1NC05.yaml": None})
    world.force()
    code, found = audit(world)
    assert code == 1 and [step["commit"] for step in found["faulty"]] == [world.git("rev-parse", "HEAD~1"), world.tip()]
    assert [each[:3] for each in codes(found)] == ["LIF", "LIF"]


def test_a_record_that_nobody_can_read_is_found(world: World) -> None:
    world.write({path(change()): "id: [\n"})
    world.force()
    code, found = audit(world)
    assert code == 1 and codes(found)[0].startswith("YAML")


def test_steps_without_settings_to_judge_them_by_are_found(world: World) -> None:
    settings = (world.ws / "itsm.yaml").read_bytes()
    world.write({"itsm.yaml": None})
    world.force()
    scheduled(world)
    world.force()
    world.write({"itsm.yaml": settings})
    world.force()
    code, found = audit(world)
    assert code == 1 and len(found["faulty"]) == 3
    assert "there are no rules yet to judge a step by" in found["faulty"][1]["faults"][0]["message"]


def test_an_octopus_that_was_forced_in_is_found(world: World) -> None:
    for name in ("one", "two"):
        world.git("switch", "--quiet", "-c", name, "main")
        world.write({f"{name}.txt": name})
        world.commit()
    world.git("switch", "--quiet", "main")
    world.git("merge", "--quiet", "--no-ff", "-m", "both", "one", "two")
    world.git("fetch", "--quiet", str(world.ws), "+HEAD:refs/heads/main", folder=world.server)
    assert codes(audit(world)[1]) == ["APR008"]


def test_an_audit_begins_after_the_step_that_is_named(world: World) -> None:
    scheduled(world)
    world.force()
    forced = world.tip()
    world.write({"notes.txt": "x"})
    world.land()
    code, found = audit(world, "--since", forced)
    assert (code, found["steps"], found["faulty"]) == (0, 1, [])
    assert audit(world, "--since", f"{forced}~1")[1]["steps"] == 2


def test_an_audit_begins_at_no_commit_beside_the_branch(world: World) -> None:
    world.git("switch", "--quiet", "-c", "side")
    world.write({"side.txt": "x"})
    side = world.commit()
    world.git("switch", "--quiet", "main")
    world.write({"notes.txt": "x"})
    world.commit()
    world.git("merge", "--quiet", "--no-ff", "-m", "merged", "side")
    world.force()
    done = raw(world, "--since", side)
    assert done.returncode == 3 and "is not a step of the branch" in done.stderr


def test_the_root_of_trust_can_be_pinned(world: World) -> None:
    first = world.git("rev-list", "--max-parents=0", "HEAD")
    assert raw(world, "--anchor", first).returncode == 0
    world.write({"notes.txt": "x"})
    other = world.commit()
    done = raw(world, "--anchor", other)
    assert done.returncode == 3 and "the root of trust is" in done.stderr


def test_a_shallow_clone_is_not_audited(world: World) -> None:
    world.write({"notes.txt": "x"})
    world.land()
    clone = world.folder / "shallow"
    world.git("clone", "--quiet", "--depth=1", f"file://{world.server}", str(clone), folder=world.folder)
    done = world.itsm("check", "--history", folder=clone)
    assert done.returncode == 3 and "shallow" in done.stderr
