"""What teams do all day lands, whoever squashes, rebases or merges it."""

from __future__ import annotations

from pathlib import Path

from tests.approvals.conftest import make_key
from tests.approvals.records import at, change, path, person, request, service, team, text
from tests.approvals.world import MAIN, World


def test_a_change_is_born_scheduled_with_its_acts(world: World) -> None:
    record = change()
    world.put(record)
    world.approved(record, "ben")
    world.land()


def test_a_change_that_nobody_approved_does_not_land_and_the_pusher_is_told_who_could(world: World) -> None:
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    push = world.step()
    assert not push.landed
    assert "APR001" in push.said
    assert "changes/owner by one of ben, dora" in push.said
    assert f"itsm approve {record['id']}" in push.said


def test_acts_land_before_their_subject(world: World) -> None:
    record = change()
    world.act("ana", "proposed", record)
    world.act("ben", "approved", record)
    world.land("ben")
    world.put(record)
    world.land()


def test_a_change_of_an_important_service_needs_both_teams(world: World) -> None:
    record = change("portal")
    world.put(record)
    world.approved(record, "dora")
    push = world.step()
    assert not push.landed
    assert "changes/board by one of ben, cleo" in push.said
    world.act("cleo", "approved", record)
    world.git("reset", "--soft", world.tip())
    world.land()


def test_a_helper_fixes_a_typing_error_and_is_named(world: World) -> None:
    record = change(title="Repalce the certificate")
    world.put(record)
    world.commit("ana")
    fixed = change(authors=["ana", "dora"])
    world.put(fixed)
    world.approved(fixed, "ben")
    world.commit("dora")
    world.git("switch", "--quiet", "-c", "proposal")
    world.git("switch", "--quiet", "-C", "main", world.tip())
    world.git("merge", "--quiet", "--no-ff", "--no-edit", "proposal")
    push = world.push()
    assert push.landed, push.said


def test_a_helper_who_is_not_named_is_asked_for(world: World) -> None:
    record = change()
    world.put(record)
    world.approved(record, "ben")
    push = world.step("dora")
    assert not push.landed
    assert "APR006" in push.said and "dora wrote on it" in push.said


def test_a_third_person_rebases_a_branch_that_fell_behind(world: World) -> None:
    record = change()
    world.git("switch", "--quiet", "-c", "proposal")
    world.put(record)
    world.approved(record, "ben")
    world.commit()
    world.git("switch", "--quiet", "main")
    world.put(service("wiki", 3))
    world.land("dora")
    world.git("switch", "--quiet", "proposal")
    push = world.push()
    assert not push.landed  # behind base
    world.git("rebase", "--quiet", "main", who="cleo")
    push = world.push("cleo")
    assert push.landed, push.said


def test_somebody_else_squashes(world: World) -> None:
    record = change()
    world.git("switch", "--quiet", "-c", "proposal")
    world.put(change(title="First words"))
    world.commit()
    world.put(record)
    world.approved(record, "ben")
    world.commit()
    world.git("switch", "--quiet", "main")
    world.git("merge", "--quiet", "--squash", "proposal")
    author = {"GIT_AUTHOR_NAME": "Ana", "GIT_AUTHOR_EMAIL": "ana@example.org"}
    world.git("commit", "--quiet", "-m", "squash", who="cleo", extra=author)
    push = world.push("cleo")
    assert push.landed, push.said


def test_the_approver_commits_the_act_to_the_authors_branch(world: World) -> None:
    record = change()
    world.git("switch", "--quiet", "-c", "proposal")
    world.put(record)
    world.act("ana", "proposed", record)
    world.commit("ana")
    world.act("ben", "approved", record)
    world.commit("ben")
    world.git("switch", "--quiet", "main")
    world.git("merge", "--quiet", "--no-ff", "--no-edit", "proposal")
    push = world.push()
    assert push.landed, push.said


def test_update_branch_by_a_third_person_keeps_the_approval(world: World) -> None:
    record = change()
    world.git("switch", "--quiet", "-c", "proposal")
    world.put(record)
    world.approved(record, "ben")
    world.commit()
    world.git("switch", "--quiet", "main")
    world.put(service("wiki", 3))
    world.land("dora")
    world.git("switch", "--quiet", "proposal")
    world.git("merge", "--quiet", "--no-edit", "main", who="dora")
    world.git("switch", "--quiet", "main")
    world.git("merge", "--quiet", "--no-ff", "--no-edit", "proposal")
    push = world.push()
    assert push.landed, push.said


def test_withdrawn_stale_and_approved_anew(world: World) -> None:
    first = change()
    world.act("ana", "proposed", first)
    earlier = world.act("ben", "approved", first).split("/")[-1].removesuffix(".yaml")
    taken_back = world.act("ben", "withdrawn", first, supersedes=[earlier]).split("/")[-1].removesuffix(".yaml")
    world.land("ben")
    world.put(first)
    push = world.step()
    assert not push.landed and "changes/owner by one of ben, dora" in push.said
    second = change(reason="It ends on Sunday.")
    world.git("reset", "--quiet", "--soft", world.tip())
    world.put(second)
    world.act("ana", "proposed", second)
    push = world.step()
    assert not push.landed
    world.act("ben", "approved", second, supersedes=[taken_back])
    world.git("reset", "--quiet", "--soft", world.tip())
    world.land()


def test_a_refusal_from_a_slow_clock_stands(world: World) -> None:
    record = change()
    world.act("ben", "refused", record, at=at(minutes=4))
    world.land("ben")
    world.put(record)
    world.approved(record, "dora")
    push = world.step()
    assert not push.landed
    assert "APR002" in push.said and "refused by ben" in push.said


def test_a_force_push_of_the_branch_does_not_erase_a_refusal_that_landed(world: World) -> None:
    record = change()
    world.git("switch", "--quiet", "-c", "proposal")
    world.put(record)
    world.approved(record, "dora")
    world.commit()
    assert world.push(what="HEAD:refs/heads/proposal").landed
    world.git("switch", "--quiet", "main")
    world.act("ben", "refused", record)
    world.land("ben")
    world.git("switch", "--quiet", "-C", "proposal", "main")
    again = change(reason="Nobody refused this.")
    world.put(again)
    world.approved(again, "dora")
    world.commit()
    assert world.push("ana", "HEAD:refs/heads/proposal", "--force").landed
    push = world.push()
    assert not push.landed and "APR002" in push.said


def test_a_named_role_withdraws_a_refusal(world: World) -> None:
    record = change()
    refusal = world.act("ben", "refused", record).split("/")[-1].removesuffix(".yaml")
    world.land("ben")
    world.act("cleo", "withdrawn", record, supersedes=[refusal])
    world.land("cleo")
    world.put(record)
    world.approved(record, "dora")
    world.land()


def test_a_refusal_that_is_only_in_the_proposal_is_shown_as_not_durable(world: World) -> None:
    record = change()
    world.put(record)
    world.approved(record, "dora")
    world.act("ben", "refused", record)
    push = world.step()
    assert not push.landed and "APR002" in push.said and "APR005" in push.said


def test_a_request_needs_whom_its_item_names(world: World) -> None:
    world.put(request("mouse", "M0VSE"))
    world.land()
    record = request("laptop")
    world.put(record)
    push = world.step()
    assert not push.landed and "item/laptop by one of cleo, dora" in push.said
    world.approved(record, "cleo")
    world.git("reset", "--quiet", "--soft", world.tip())
    world.land()


def test_settings_are_decided_on_as_the_workspace(world: World) -> None:
    data = world.on_base("itsm.yaml") or {}
    head = data | {"name": "Another name", "revision": 2}
    world.write({"itsm.yaml": text(head, "itsm.yaml")})
    push = world.step()
    assert not push.landed and "workspace at gate edit" in push.said
    world.approved(head, "cleo")
    world.git("reset", "--quiet", "--soft", world.tip())
    world.land()


def test_workflow_files_are_decided_on_together(world: World) -> None:
    world.write({".github/workflows/check.yml": "on: push\n"})
    push = world.step()
    assert not push.landed and "workflows at gate edit" in push.said


def test_a_newcomer_lands_with_the_keepers_word_and_a_key_of_their_own(world: World, tmp_path: Path) -> None:
    borrowed = person("fay", world.public("eve"), authors=["ana"])
    world.put(borrowed)
    world.approved(borrowed, "cleo")
    push = world.step()
    assert not push.landed and "ID010" in push.said and "eve has it too" in push.said
    world.git("reset", "--quiet", "--hard", world.tip())
    record = person("fay", make_key(tmp_path / "fay"), authors=["ana"])
    world.put(record)
    world.approved(record, "cleo")
    world.land()


def test_a_key_is_not_taken_out_of_the_registry(world: World) -> None:
    edited = world.edited(path(person("ben", "")), keys=[])
    world.put(edited)
    world.approved(edited, "cleo")
    push = world.step()
    assert not push.landed and "LIF032" in push.said


def test_a_key_that_ended_does_not_void_what_it_approved(world: World) -> None:
    record = change()
    world.act("ana", "proposed", record)
    world.act("ben", "approved", record)
    world.land("ben")
    old = {"key": world.public("ben"), "valid_until": at(seconds=1)}
    world.put(world.edited(path(person("ben", "")), keys=[old]))
    world.force()
    world.put(record)
    world.land()


def test_other_branches_are_free_and_the_protected_one_is_not_deleted(world: World) -> None:
    world.write({"records/nonsense.txt": "not judged here\n"})
    world.commit()
    assert world.push(what="HEAD:refs/heads/free").landed
    assert not world.push(what=f":{MAIN}").landed
    assert not world.push(what="HEAD:refs/replace/1234").landed


def test_a_team_that_is_part_of_another_fills_its_seats(world: World) -> None:
    world.put(team("night", "eve", parents=["it"]))
    world.force()
    record = change()
    world.put(record)
    world.approved(record, "eve")
    world.land()
