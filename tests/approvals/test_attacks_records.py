"""Records that go round the gate: late edits, marks, attached and linked files, what is beside the records."""

from __future__ import annotations

from typing import Any

import pytest

from tests.approvals.records import ARTICLES, RESTART, Record, at, change, path, service
from tests.approvals.world import World

IMPORTED = {"system": "servicenow", "at": "2026-11-01T00:00:00Z"}
HOW_TO: Record = {
    "id": "how-to", "kind": "article", "schema": 1, "title": "How to", "type": "how_to", "summary": "In short.",
    "owner": "team/it", "state": "published", "authors": ["ana"],
}  # fmt: skip
PICTURE = "attachments/how-to/picture.png"
PNG = b"\x89PNG\r\n\x1a\n"


def _article(world: World, body: str = "Do it.\n", **fields: Any) -> None:
    front = "\n".join(f"{key}: {value}" for key, value in (HOW_TO | fields).items()).replace("'", "")
    world.write({"records/knowledge/how-to.md": f"---\n{front}\n---\n\n{body}"})


@pytest.fixture
def reviewed(world: World) -> World:
    """A world where somebody of cab looks at every article."""
    world.put(world.edited(path(ARTICLES), rules=[{"id": "all", "seats": [{"teams": ["cab"]}]}]))
    world.force()
    return world


@pytest.fixture
def scheduled(world: World) -> Record:
    """A change that was approved and landed."""
    record = change()
    world.put(record)
    world.approved(record, "ben")
    world.force()
    return record


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reason": "Another.", "revision": 2}, "APR001"),
        ({"reason": "Another."}, "LIF022"),
        ({"reason": "Another.", "revision": 3}, "LIF022"),
        ({"reason": "Another.", "revision": True}, "SCH003"),
        ({"reason": "Another.", "revision": "2"}, "SCH003"),
        ({"revision": 2}, "LIF022"),
        ({"authors": ["dora"]}, "LIF023"),
        ({"type": "standard", "model": {"id": "restart", "revision": 1}, "revision": 2, "service": "portal"}, "APR003"),
    ],
    ids=str,
)
def test_A053_what_was_approved_changes_only_past_its_gate(
    world: World, scheduled: Record, fields: Record, code: str
) -> None:
    world.put(scheduled | fields)
    push = world.offer()
    assert not push.landed and code in push.said


def test_A053_old_acts_do_not_fit_what_was_changed_and_changed_back(world: World, scheduled: Record) -> None:
    world.put(scheduled | {"reason": "Another.", "revision": 2})
    world.force()
    world.put(scheduled)
    push = world.offer()
    assert not push.landed and "LIF022" in push.said and "APR001" not in push.said
    world.put(scheduled | {"revision": 3})
    push = world.step()
    assert not push.landed and "APR001" in push.said


def test_A089_a_draft_again_needs_its_approvals_again(world: World, scheduled: Record) -> None:
    draft = [*scheduled["timeline"], {"at": at(minutes=3), "by": "ana", "state": "draft"}]
    world.put(scheduled | {"timeline": draft, "revision": 2})
    world.land()
    again = [*draft, {"at": at(minutes=1), "by": "ana", "state": "scheduled"}]
    world.put(scheduled | {"timeline": again, "revision": 2})
    push = world.step()
    assert not push.landed and "APR001" in push.said


def test_A048_content_moved_into_a_note_after_the_approval_is_no_plan(world: World) -> None:
    record = change(plan={"implementation": "See the attachment.", "attachment": "../../etc/passwd"})
    world.put(record)
    world.approved(record, "ben")
    push = world.offer()
    assert not push.landed and "SCH001" in push.said


def test_A048_the_approval_of_an_article_covers_its_pictures(reviewed: World) -> None:
    _article(reviewed, f"![shown](../../{PICTURE})\n")
    reviewed.write({PICTURE: PNG + b"1"})
    push = reviewed.step()
    assert not push.landed and "articles/all by one of ben, cleo" in push.said


def test_A048_a_picture_is_not_exchanged_below_a_published_article(reviewed: World) -> None:
    _article(reviewed, f"![shown](../../{PICTURE})\n")
    reviewed.write({PICTURE: PNG + b"1"})
    reviewed.force()
    reviewed.write({PICTURE: PNG + b"2"})
    assert "articles/all by one of ben, cleo" in reviewed.offer().said


def test_A275_who_approves_is_told_of_a_picture_that_was_exchanged(reviewed: World) -> None:
    """The text is as it was, and the signature covers the picture."""
    _article(reviewed, f"![shown](../../{PICTURE})\n")
    reviewed.write({PICTURE: PNG + b"1"})
    reviewed.force()
    asked = ("approve", "article/how-to", "--dry-run")
    assert PICTURE not in reviewed.itsm(*asked, who="ben").stdout.partition("differs from")[2]
    reviewed.write({PICTURE: PNG + b"2"})
    assert f"changed {PICTURE}" in reviewed.itsm(*asked, who="ben").stdout.partition("differs from")[2]


def test_A054_of_what_a_change_refers_to_the_model_alone_is_pinned(world: World) -> None:
    world.put(world.edited(path(RESTART), plan={"implementation": "Restart all of them."}))
    world.land()
    world.put(change(type="standard", model={"id": "restart", "revision": 1}))
    push = world.offer()
    assert not push.landed and "is at revision 2, but the change names 1" in push.said
    world.git("reset", "--quiet", "--hard", world.tip())
    record = change()
    world.approved(record, "ben")
    world.land()
    world.put(world.edited(path(service("mail", 3)), description="Letters that people send."))
    world.land()
    world.put(record)
    world.land()


def test_A100_each_part_of_a_change_that_was_cut_up_meets_the_whole_rule(world: World) -> None:
    parts = [change("portal", number=f"4M2X{letter}", title=f"Part {letter}") for letter in "ABC"]
    world.put(*parts)
    for part in parts:
        world.approved(part, "dora")
    push = world.step()
    assert not push.landed
    assert all(f"{part['id']} at gate scheduled: pending: changes/board" in push.said for part in parts)


@pytest.mark.parametrize("state", ["draft", "scheduled", "implementing"])
def test_A126_only_what_has_ended_comes_in_unjudged(world: World, state: str) -> None:
    record = change(state=state, imported=IMPORTED)
    world.put(record)
    push = world.offer()
    assert not push.landed and "LIF030" in push.said


def test_A126_the_mark_of_an_import_is_not_put_on_what_is_there(world: World, scheduled: Record) -> None:
    timeline = [*scheduled["timeline"], {"at": at(minutes=3), "by": "ana", "state": "cancelled", "reason": "Over"}]
    world.put(scheduled | {"imported": IMPORTED, "timeline": timeline, "reason": "Another.", "revision": 2})
    push = world.offer()
    assert not push.landed and "LIF030" in push.said


def test_A126_without_its_mark_an_imported_record_is_judged(world: World) -> None:
    record = change(state="closed", outcome={"code": "successful"}, imported=IMPORTED)
    world.put(record)
    world.force()
    world.put({key: value for key, value in record.items() if key != "imported"} | {"revision": 2})
    push = world.offer()
    assert not push.landed and "APR001" in push.said


def test_A126_no_article_is_published_unjudged_by_a_mark(reviewed: World) -> None:
    _article(reviewed, imported="{system: other, at: 2026-11-01T00:00:00Z}")
    assert "articles/all by one of ben, cleo" in reviewed.offer().said


def test_A126_an_imported_article_is_judged_when_it_changes(reviewed: World) -> None:
    _article(reviewed, imported="{system: other, at: 2026-11-01T00:00:00Z}")
    reviewed.force()
    _article(reviewed, "Do otherwise.\n", imported="{system: other, at: 2026-11-01T00:00:00Z}", revision=2)
    assert "articles/all by one of ben, cleo" in reviewed.offer().said


def test_A127_workflow_files_need_a_keeper(world: World) -> None:
    for name in ("check.yml", "sub/check.yaml", "CHECK.YML"):
        world.write({f".github/workflows/{name}": "on: push\n"})
        push = world.offer()
        assert not push.landed and "workflows at gate edit: pending" in push.said


def test_A127_a_link_is_a_workflow_file_too(world: World) -> None:
    (world.ws / ".github" / "workflows").mkdir(parents=True)
    (world.ws / ".github" / "workflows" / "check.yml").symlink_to("../../elsewhere.yml")
    world.write({"elsewhere.yml": "on: push\n"})
    assert not world.offer().landed


@pytest.mark.parametrize(
    "name",
    [".gitlab-ci.yml", ".gitea/workflows/check.yml", ".github/dependabot.yml", "Jenkinsfile.deploy", "docs/CODEOWNERS",
     ".gitattributes"],
)  # fmt: skip
def test_A127_what_else_forges_and_git_take_orders_from_needs_a_keeper(world: World, name: str) -> None:
    world.write({name: "on: push\n"})
    assert "workflows at gate edit: pending" in world.offer().said


def test_A127_files_that_the_settings_of_base_guard_need_a_keeper_and_forms_need_none(world: World) -> None:
    world.write({"ops/deploy.sh": "true\n", ".github/ISSUE_TEMPLATE/bug.md": "What went wrong?\n"})
    assert world.offer().landed
    settings = (world.ws / "itsm.yaml").read_text()
    world.write({"itsm.yaml": settings + "guarded:\n- ops\n"})
    world.force()
    world.write({"ops/deploy.sh": "false\n", "itsm.yaml": settings})
    assert "workflows at gate edit: pending" in world.offer().said


@pytest.mark.parametrize("folder", ["records", "records/approvals", "records/changes"])
def test_A122_attributes_below_the_records_do_not_land(world: World, folder: str) -> None:
    world.write({f"{folder}/.gitattributes": "*.yaml -diff linguist-generated\n"})
    push = world.offer()
    assert not push.landed and "ID002" in push.said


@pytest.mark.parametrize(
    "window",
    [
        {"start": "2026-11-24T20:00:00-12:00", "end": "2026-11-24T22:00:00+14:00"},
        {"start": "2026-11-24T20:00:00+25:00", "end": "2026-11-24T22:00:00+00:00"},
        {"start": "2026-11-24 20:00:00Z", "end": "2026-11-24T25:00:00Z"},
    ],
    ids=str,
)
def test_A092_windows_are_instants_and_not_what_clocks_on_walls_say(world: World, window: Record) -> None:
    record = change(window=window)
    world.put(record)
    world.approved(record, "ben")
    push = world.offer()
    assert not push.landed and ("SCD001" in push.said or "SCH005" in push.said)
