"""What lands is the result of a merge: nobody approved it unless they approved exactly that result."""

from __future__ import annotations

from hashlib import sha256

import pytest

from itsm_as_code.domain.digest import digest, field_hashes
from tests.approvals.records import ARTICLES, Record, path, text
from tests.approvals.world import World

WHERE = "records/knowledge/vpn.yaml"
PICTURE, OTHER = "attachments/vpn/a.png", "attachments/vpn/b.png"
SHOWN = f"![a](../../{PICTURE}) ![b](../../{OTHER})\n"
ARTICLE: Record = {
    "id": "vpn", "kind": "article", "schema": 1, "title": "VPN", "type": "how_to", "summary": "How to get in.",
    "state": "published", "owner": "team/it", "authors": ["ana"], "body": SHOWN,
}  # fmt: skip


def approved(world: World, record: Record) -> None:
    """Writes an article with acts on it and on the files that lie in its folder."""
    world.write({WHERE: text(record, WHERE)})
    files = {each: "sha256:" + sha256((world.ws / each).read_bytes()).hexdigest() for each in (PICTURE, OTHER)}
    exact: Record = {"digest": digest("article", record, files), "fields": field_hashes("article", record, files)}
    for by, decision in (("ana", "proposed"), ("cleo", "approved")):
        world.act(by, decision, record, gate="published", **exact)


@pytest.fixture
def shown(world: World) -> World:
    """A published article with two pictures, which keepers approve; a branch `work` begins here."""
    strict = world.edited(path(ARTICLES), rules=[{"id": "all", "seats": [{"roles": ["keeper"]}]}])
    world.put(strict)
    world.approved(strict, "cleo")
    world.write({PICTURE: b"a", OTHER: b"b"})
    approved(world, ARTICLE)
    world.land()
    world.git("branch", "work")
    return world


def brought(world: World, **fields: str) -> None:
    """What lands on base meanwhile: another picture, or other words."""
    record = ARTICLE | {"revision": 2} | fields
    if not fields:
        world.write({OTHER: b"base"})
    approved(world, record)
    world.land()


def work(world: World) -> None:
    """What is approved on the branch: the first picture."""
    world.git("switch", "--quiet", "work")
    world.write({PICTURE: b"head"})
    approved(world, ARTICLE | {"revision": 2})
    world.commit()


def merged(world: World, record: Record) -> None:
    """The branch merged into base, with `record` where both changed it."""
    world.git("switch", "--quiet", "main")
    world.try_git("merge", "--quiet", "--no-ff", "--no-commit", "work")
    world.write({WHERE: text(record, WHERE)})
    world.git("add", "--all")
    world.git("commit", "--quiet", "-m", "merge")


@pytest.mark.parametrize("fields", [{}, {"summary": "Another."}], ids=["another picture", "other words"])
def test_A224_an_approval_of_a_branch_is_none_of_its_merge_with_what_landed_meanwhile(
    shown: World, fields: Record
) -> None:
    brought(shown, **fields)
    work(shown)
    told = shown.itsm("check", "--base", "main")
    assert told.returncode == 1 and ("LIF027" if fields else "APR001") in told.stdout
    whole = ARTICLE | {"revision": 3} | fields
    merged(shown, whole)
    push = shown.push()
    assert not push.landed and "vpn at gate published: pending" in push.said
    approved(shown, whole)
    shown.git("add", "--all")
    shown.git("commit", "--quiet", "--amend", "--no-edit")
    push = shown.push()
    assert push.landed, push.said


def test_A224_a_picture_that_both_sides_changed_is_told_before_it_is_merged(shown: World) -> None:
    shown.write({PICTURE: b"base"})
    approved(shown, ARTICLE | {"revision": 2})
    shown.land()
    work(shown)
    told = shown.itsm("check", "--base", "main")
    assert told.returncode == 1 and f"{PICTURE}: error[LIF027]" in told.stdout


def test_a_branch_lands_as_approved_beside_what_others_landed(shown: World) -> None:
    shown.write({"records/people/zoe.yaml": text({"id": "zoe", "kind": "person", "schema": 1, "name": "Zoe"}, WHERE)})
    shown.force()
    work(shown)
    shown.git("switch", "--quiet", "main")
    shown.git("merge", "--quiet", "--no-ff", "--no-edit", "work")
    push = shown.push()
    assert push.landed, push.said
