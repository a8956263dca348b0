"""Groups quorum, git, robustness: different people, one step at a time, nothing hidden, nothing unjudged."""

from __future__ import annotations

import pytest

from tests.approvals.records import CHANGES, NOBODY, change, path, service, team
from tests.approvals.world import MAIN, World

# quorum


def test_A143_one_person_fills_one_seat(world: World) -> None:
    record = change("portal")
    world.put(record)
    world.approved(record, "ben")
    push = world.step()
    assert not push.landed and "by one of cleo, dora" in push.said


def test_A144_teams_in_a_circle_do_not_land(world: World) -> None:
    first, second = world.edited(path(team("it")), parents=["cab"]), world.edited(path(team("cab")), parents=["it"])
    world.put(first, second)
    push = world.step()
    assert not push.landed and "REF004" in push.said


def test_A145_where_all_approvers_wrote_it_nobody_is_waived(world: World) -> None:
    record = change(authors=["ana", "ben", "dora"])
    world.put(record)
    world.approved(record, "ben", "dora")
    push = world.step()
    assert not push.landed
    assert "APR003" in push.said and "changes/owner can't be filled" in push.said


@pytest.mark.parametrize("how", ["deleted", "changed", "moved"])
def test_A147_a_refusal_that_landed_is_not_taken_away(world: World, how: str) -> None:
    record = change()
    refusal = world.act("ben", "refused", record)
    world.land("ben")
    file = world.ws / refusal
    if how == "changed":
        file.write_text(file.read_text().replace("decision: refused", "decision: approved"))
    elif how == "moved":
        file.rename(file.with_name("APR-20200101-00000.yaml"))
    else:
        file.unlink()
    world.put(record)
    world.approved(record, "dora")
    push = world.step()
    assert not push.landed and "APR002" in push.said


# git


def test_A113_a_branch_from_before_the_policy_was_tightened_is_judged_by_the_new_one(world: World) -> None:
    record = change()
    world.git("switch", "--quiet", "-c", "proposal")
    world.put(record)
    world.approved(record, "ben")
    world.commit()
    world.git("switch", "--quiet", "main")
    rules = [{"id": "two", "seats": [{"teams": ["it"]}, {"teams": ["cab"]}]}]
    world.put(world.edited(path(CHANGES), rules=rules))
    world.force()
    world.git("switch", "--quiet", "proposal")
    push = world.push("ana", f"HEAD:{MAIN}", "--force")
    assert not push.landed and "exactly one step" in push.said
    world.git("switch", "--quiet", "main")
    world.git("merge", "--quiet", "--no-ff", "--no-edit", "proposal")
    push = world.push()
    assert not push.landed and "APR001" in push.said


def test_A114_content_slipped_into_a_merge_is_judged(world: World) -> None:
    record = change()
    world.git("switch", "--quiet", "-c", "proposal")
    world.put(record)
    world.approved(record, "ben")
    world.commit()
    world.git("switch", "--quiet", "main")
    world.git("merge", "--quiet", "--no-ff", "--no-commit", "proposal")
    world.put(record | {"plan": {"implementation": "Format the disks."}})
    push = world.step()
    assert not push.landed and "APR001" in push.said


def test_A115_a_merge_of_three_does_not_land(world: World) -> None:
    for name in ("one", "two"):
        world.git("switch", "--quiet", "-c", name, "main")
        world.put(service(name, 3))
        world.commit()
    world.git("switch", "--quiet", "main")
    world.git("merge", "--quiet", "--no-ff", "--no-edit", "one", "two")
    push = world.push()
    assert not push.landed and "more than two branches" in push.said


def test_A116_a_merge_that_keeps_ours_buries_no_refusal(world: World) -> None:
    record = change()
    world.git("switch", "--quiet", "-c", "proposal")
    world.put(record)
    world.approved(record, "dora")
    world.commit()
    world.git("switch", "--quiet", "main")
    world.act("ben", "refused", record)
    world.land("ben")
    world.git("switch", "--quiet", "proposal")
    world.git("merge", "--quiet", "--no-edit", "-s", "ours", "main")
    tree = world.git("rev-parse", "HEAD^{tree}")
    made = world.git("commit-tree", tree, "-p", "main", "-p", "HEAD", "-m", "merge")
    push = world.push(what=f"{made}:{MAIN}")
    assert not push.landed and "LIF020" in push.said and "APR002" in push.said


def test_A117_a_merge_the_wrong_way_round_does_not_land(world: World) -> None:
    world.git("switch", "--quiet", "-c", "proposal")
    world.put(service("one", 3))
    world.commit()
    world.git("switch", "--quiet", "main")
    world.put(service("two", 3))
    world.land()
    world.git("switch", "--quiet", "proposal")
    world.git("merge", "--quiet", "--no-edit", "main")
    push = world.push()
    assert not push.landed and "exactly one step" in push.said


def test_A118_A120_what_is_pushed_after_the_approval_is_not_approved(world: World) -> None:
    seen = change()
    world.git("switch", "--quiet", "-c", "proposal")
    world.put(seen)
    world.approved(seen, "ben")
    world.commit()
    assert world.push(what="HEAD:refs/heads/proposal").landed
    world.put(change(plan={"implementation": "Something else.", "backout": "None."}))
    world.git("commit", "--quiet", "--all", "--amend", "--no-edit")
    assert world.push("ana", "HEAD:refs/heads/proposal", "--force").landed
    push = world.push()
    assert not push.landed and "APR001" in push.said


def test_A119_of_two_steps_on_one_tip_one_lands(world: World) -> None:
    world.git("branch", "--quiet", "second")
    world.put(service("one", 3))
    world.land()
    world.git("switch", "--quiet", "second")
    world.put(service("two", 3))
    world.commit()
    assert not world.push().landed
    push = world.push("ana", f"HEAD:{MAIN}", "--force")
    assert not push.landed and "exactly one step" in push.said


def test_A121_A122_attributes_change_nothing_of_what_is_judged(world: World) -> None:
    record = change(reason="a+b")
    world.put(change(reason="a-b"))
    world.approved(record, "ben")
    world.commit()
    world.write({".gitattributes": "*.yaml working-tree-encoding=UTF-7 -diff ident filter=evil\n"})
    world.git("add", ".gitattributes")
    world.git("commit", "--quiet", "--amend", "--no-edit")
    push = world.push()
    assert not push.landed and "APR001" in push.said


def test_A123_nothing_of_the_proposal_or_the_repository_is_run(world: World) -> None:
    trace = world.folder / "ran"
    script = world.folder / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {trace}\ncat\n")
    script.chmod(0o755)
    for name in ("diff.external", "diff.evil.textconv", "filter.evil.smudge", "merge.evil.driver", "core.fsmonitor"):
        world.git("config", name, str(script), folder=world.server)
    world.write({".gitattributes": "*.yaml diff=evil filter=evil merge=evil\n"})
    assert not world.offer().landed, "attributes are decided on like workflow files"
    world.force()
    record = change()
    world.put(record)
    world.approved(record, "ben")
    world.land()
    assert not trace.exists()


@pytest.mark.parametrize("name", ["refs/tags/main", "refs/remotes/origin/main"])
def test_A124_another_ref_of_the_same_name_is_not_the_protected_one(world: World, name: str) -> None:
    world.put(world.edited(path(CHANGES), rules=[{"id": "all"} | NOBODY]))
    loose = world.commit()
    world.git("fetch", "--quiet", str(world.ws), f"{loose}:{name}", folder=world.server)
    world.git("reset", "--quiet", "--hard", world.git("rev-parse", MAIN, folder=world.server))
    world.put(change())
    push = world.step()
    assert not push.landed and "APR001" in push.said


@pytest.mark.parametrize("state", ["scheduled", "closed"])
def test_A126_an_import_brings_no_approvals(world: World, state: str) -> None:
    record = change(state=state, imported={"system": "servicenow", "at": "2026-11-01T00:00:00Z"})
    world.put(record)
    world.file_act(world.unsigned("ben", "approved", record))
    push = world.step()
    assert not push.landed and "unsigned" in push.said
    assert ("LIF030" in push.said) is (state == "scheduled")


def test_a_replace_ref_can_not_be_pushed_and_one_that_is_there_changes_nothing(world: World) -> None:
    world.put(world.edited(path(CHANGES), rules=[{"id": "all"} | NOBODY]))
    loose = world.commit()
    tip = world.tip()
    assert not world.push(what=f"HEAD:refs/replace/{tip}").landed
    world.git("fetch", "--quiet", str(world.ws), f"{loose}:refs/heads/loose", folder=world.server)
    world.git("replace", tip, loose, folder=world.server)
    world.git("reset", "--quiet", "--hard", tip)
    world.put(change())
    push = world.step()
    assert not push.landed and "APR001" in push.said


# robustness


def test_A103_a_check_that_can_not_run_refuses(world: World) -> None:
    hook = world.server / "hooks" / "pre-receive"
    hook.write_text(hook.read_text().replace("-m itsm_as_code", "-m no_such_module"))
    world.put(service("one", 3))
    assert not world.step().landed


def test_A103_a_history_that_is_cut_off_is_not_judged(world: World) -> None:
    (world.server / "shallow").write_text(world.tip() + "\n")
    world.put(service("one", 3))
    push = world.step()
    assert not push.landed


def test_A104_settings_are_not_taken_away_so_that_nothing_is_checked(world: World) -> None:
    world.write({"itsm.yaml": None})
    push = world.step()
    assert not push.landed


def test_A105_a_long_list_of_files_is_judged_to_its_end(world: World) -> None:
    world.put(*(service(f"service-{number}", 3) for number in range(300)))
    world.write({"zz/last.txt": "x\n"})
    world.put(change())
    push = world.step()
    assert not push.landed and "APR001" in push.said
