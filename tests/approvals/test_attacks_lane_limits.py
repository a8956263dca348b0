"""Group robustness at the hook: input that keeps it busy, names that speak to the terminal, refs beside the branch."""

from __future__ import annotations

import pytest

from tests.approvals.records import CHANGES, NOBODY, change, path, service
from tests.approvals.world import MAIN, World


def test_A107_a_pattern_that_would_try_for_ever_is_decided(world: World) -> None:
    pattern = "a*" * 60 + "b"
    rules = [{"id": "odd", "when": {"title": pattern}} | NOBODY, {"id": "rest", "seats": [{"teams": ["cab"]}]}]
    world.put(world.edited(path(CHANGES), rules=rules))
    world.force()
    record = change(title="a" * 190)
    world.put(record)
    world.approved(record, "dora")
    push = world.step()
    assert not push.landed and "changes/rest by one of ben, cleo" in push.said


def test_A107_many_acts_of_one_person_are_one_person(world: World) -> None:
    record = change("portal")
    world.put(record)
    world.act("ana", "proposed", record)
    for _ in range(40):
        world.act("ben", "approved", record)
    push = world.step()
    assert not push.landed and "by one of" in push.said


def test_A107_an_act_that_is_too_large_is_a_finding(world: World) -> None:
    where = world.act("ben", "approved", change())
    file = world.ws / where
    file.write_text(file.read_text() + "#" * (1 << 20))
    push = world.step("ben")
    assert not push.landed and "error[YAML" in push.said


def test_A107_a_check_that_is_stopped_refuses(world: World) -> None:
    hook = world.server / "hooks" / "pre-receive"
    hook.write_text(hook.read_text().replace("exec ", "exec timeout 0.01 "))
    world.put(service("one", 3))
    tip = world.tip()
    assert not world.step().landed
    assert world.tip() == tip


def test_A104_a_step_without_records_says_that_none_was_looked_at(world: World) -> None:
    world.write({"notes.txt": "x\n"})
    push = world.step()
    assert push.landed and "no records checked in this step" in push.said


@pytest.mark.parametrize("ref", ["refs/replace/x", "refs/notes/commits", "refs/itsm/x", "refs/heads/main/x"])
def test_A124_refs_beside_the_branch_that_others_would_see_are_closed(world: World, ref: str) -> None:
    world.put(service("one", 3))
    world.commit()
    assert not world.push(what=f"HEAD:{ref}").landed


def test_A124_the_protected_branch_moves_under_no_other_name(world: World) -> None:
    world.put(change())
    world.commit()
    tip = world.tip()
    for name in ("HEAD", "refs/heads/HEAD", "refs/heads/Main", "refs/remotes/origin/main", "refs/tags/main"):
        world.push(what=f"HEAD:{name}")
        assert world.tip() == tip
    assert not world.push("ana", f"HEAD:{MAIN}", "--force").landed


def test_A119_a_push_of_several_branches_is_refused_with_the_protected_one(world: World) -> None:
    world.put(change())
    world.commit()
    done = world.try_git("push", "--atomic", str(world.server), f"HEAD:{MAIN}", "HEAD:refs/heads/free")
    assert done.returncode != 0 and "APR001" in done.stderr
    done = world.try_git("push", str(world.server), "HEAD:refs/heads/free", f"HEAD:{MAIN}", "HEAD:refs/heads/other")
    assert done.returncode != 0 and "APR001" in done.stderr


def test_A150_names_and_comments_send_no_escape_codes_to_the_pusher(world: World) -> None:
    record = change()
    where = world.act("ben", "approved", record, comment="MARK")
    file = world.ws / where
    file.write_text(file.read_text().replace("MARK", '"\\e[2J\\e[1A approved"'))
    world.write({"records/\x1b[2J.yaml": "a: 1\n", f"{path(record)}": b"title: \x1b]0;approved\x07\n"})
    push = world.step("ben")
    assert not push.landed
    assert "\x1b" not in push.said and "\x07" not in push.said
