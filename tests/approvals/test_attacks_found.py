"""Ways past the check that were open once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from itsm_as_code.domain.instants import write_instant
from tests.approvals.records import NOW, at, change, path, person, policy, text
from tests.approvals.test_audit import audit, codes
from tests.approvals.test_debts import held, overdue, planned, retired, reviewed
from tests.approvals.world import World

KEEPERS = {"seats": [{"roles": ["keeper"]}]}


def article(**fields: Any) -> dict[str, Any]:
    return {
        "id": "how-to", "kind": "article", "schema": 1, "title": "How do I?", "type": "how_to", "summary": "So.",
        "owner": "team/it", "state": "draft", "authors": ["ana"],
    } | fields  # fmt: skip


def test_A073_an_article_in_its_other_form_is_judged_by_its_own_words(world: World) -> None:
    strict = policy(
        "articles", "published", ["article"], {"id": "public", "when": {"visibility": "public"}} | KEEPERS,
        {"id": "rest", "when": {"visibility": {"not": "public"}}, "seats": "none", "because": "Staff can ask."},
        revision=2, authors=["ana"],
    )  # fmt: skip
    world.put(strict)
    world.approved(strict, "cleo")
    world.land()
    hidden = text(article(visibility="it"), "records/knowledge/how-to.yaml").decode()
    world.write({"records/knowledge/how-to.md": f"---\n{hidden}---\nSo.\n"})
    world.land()
    public = article(visibility="public", state="published", body="So.\n")
    world.write({"records/knowledge/how-to.yaml": text(public, "records/knowledge/how-to.yaml")})
    push = world.offer()
    assert not push.landed and "ID003" in push.said and "APR001" in push.said


def workflows(world: World, files: dict[str, str], proposer: str, by: str) -> None:
    """Writes workflow files with the acts that let them in, made by the CLI on the newest base."""
    world.write(dict(files))
    for name, command in ((proposer, "propose"), (by, "approve")):
        done = world.itsm(command, "workflows", who=name)
        assert done.returncode == 0, done.stderr


def test_A089_workflow_files_that_were_approved_once_need_it_again(world: World) -> None:
    good, bad = {".github/workflows/a.yml": "on: push\n"}, {".github/workflows/a.yml": "on: fork\n"}
    # By others each time, so that no act takes the place of one that let in what is tried again.
    for files, proposer, by in ((good, "ana", "cleo"), (bad, "ben", "dora"), (good, "ana", "cleo")):
        workflows(world, files, proposer, by)
        world.land()
    world.write(dict(bad))
    push = world.step("eve")
    assert not push.landed and "workflows at gate edit: pending" in push.said


def test_A036_a_tip_dated_days_ago_does_not_land(world: World) -> None:
    world.write({"notes.txt": "x"})
    world.commit(GIT_COMMITTER_DATE=at(days=3))
    push = world.push()
    assert not push.landed and "more than a day ago" in push.said


def test_A037_a_review_that_a_stolen_key_accepted_is_owed_again(world: World) -> None:
    """The acts of a revoked key are void, also where one looks back at the step by which they landed."""
    record = overdue(world)
    reviewed(world, record, "cleo")
    world.land()
    revoked = {"since": at(days=1), "reason": "Found on a paste site."}
    keeper = world.edited(path(person("cleo", "")), keys=[{"key": world.public("cleo"), "revoked": revoked}])
    world.put(keeper)
    world.approved(keeper, "dora")
    world.land()
    held(planned(world), record)


def test_who_may_approve_the_change_may_not_ratify_that_it_went_past_a_freeze(world: World) -> None:
    frozen: dict[str, Any] = {
        "id": "year-end", "kind": "freeze", "schema": 1, "title": "Year end", "scope": {}, "reason": "Few are there.",
        "from": write_instant(NOW - timedelta(days=1)), "until": write_instant(NOW + timedelta(days=9)),
        "exceptions": [{"roles": ["keeper"]}],
    }  # fmt: skip
    world.put(frozen)
    world.land()
    record = change(freeze_exception={"reason": "It ends soon."})
    world.put(record)
    world.approved(record, "ben")
    world.force()
    world.act("ben", "approved", record, gate="ratify")
    world.land("ben")
    code, found = audit(world)
    assert code == 1 and codes(found) == ["APR001"]
    world.act("cleo", "approved", record, gate="ratify")
    world.land("cleo")
    assert audit(world)[0] == 0


def explained(world: World, record: dict[str, Any]) -> str:
    """What is said of a change that is not committed yet, and whether the hook lets it in."""
    world.put(record)
    world.approved(record, "ben")
    done = world.itsm("explain", record["id"], "approval")
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def test_A310_a_review_whose_acceptor_has_left_holds_nobody_back_in_what_people_are_told(world: World) -> None:
    reviewed(world, overdue(world), "cleo")
    world.land()
    retired(world, "cleo", "dora")
    told = explained(world, change(number="5NRM1"))
    assert world.step().landed
    assert "at gate scheduled: approved" in told and "overdue review" not in told, told


def test_A310_a_review_that_nobody_accepted_holds_the_team_back_in_what_people_are_told(world: World) -> None:
    reviewed(world, overdue(world))
    world.land()
    told = explained(world, change(number="5NRM1"))
    assert not world.step().landed
    assert "must first finish an overdue review" in told, told
