"""Who may take away what others planned, wrote or published, and by what proof: by real pushes."""

from __future__ import annotations

import pytest

from tests.approvals.records import ARTICLES, OPEN, Record, change, incident, path, request, with_entry
from tests.approvals.test_attacks_records import HOW_TO
from tests.approvals.test_freezes import refused
from tests.approvals.test_when_work_begins import entered
from tests.approvals.world import World

OFF: Record = {"state": "cancelled", "reason": "Not now."}


@pytest.fixture
def scheduled(world: World) -> Record:
    """A change that ben approved."""
    record = change(window=OPEN)
    entered(world, record, "ben")
    return record


# Calling off.


@pytest.mark.parametrize("who", ["ana", "eve", "robo"])
def test_whoever_may_write_calls_a_change_off_in_their_own_name(world: World, scheduled: Record, who: str) -> None:
    world.put(with_entry(scheduled, **OFF, by=who))
    push = world.step(who)
    assert push.landed, push.said


@pytest.mark.parametrize("state", ["cancelled", "draft"])
def test_A242_nobody_calls_a_change_off_in_anothers_name(world: World, scheduled: Record, state: str) -> None:
    entry = with_entry(scheduled, state=state, reason="Not now.", by="ben")
    world.put(entry | ({"revision": 2} if state == "draft" else {}))
    refused(world.step("eve"), "LIF043", "ben made no commit of this step")


def test_A242_nor_with_a_false_name_for_whoever_wrote_it_down_or_with_none(world: World, scheduled: Record) -> None:
    for fields in ({"by": "ben", "recorded_by": "ana"}, {"by": {"name": "The board"}}, {"by": "ghost"}):
        entry = {**with_entry(scheduled, **OFF)["timeline"][-1], **fields}
        world.put(scheduled | {"timeline": [*scheduled["timeline"], entry]})
        refused(world.offer("eve"), "LIF043")


def test_a_change_is_called_off_for_somebody_who_asked(world: World, scheduled: Record) -> None:
    for by in ("ben", {"name": "The supplier"}):
        entry = {**with_entry(scheduled, **OFF)["timeline"][-1], "by": by, "recorded_by": "eve"}
        world.put(scheduled | {"timeline": [*scheduled["timeline"], entry]})
        push = world.offer("eve")
        assert push.landed, push.said


def test_A242_an_author_without_an_address_calls_nothing_off(world: World, scheduled: Record) -> None:
    world.put(with_entry(scheduled, **OFF, by="ben"))
    world.commit("eve", GIT_AUTHOR_NAME="Nobody", GIT_AUTHOR_EMAIL="")
    refused(world.push("eve"), "LIF043", "ben made no commit of this step")


def test_a_squash_that_keeps_its_author_calls_off_in_the_authors_name(world: World, scheduled: Record) -> None:
    world.put(with_entry(scheduled, **OFF, by="ben"))
    world.commit("cleo", GIT_AUTHOR_NAME="Ben", GIT_AUTHOR_EMAIL="ben@example.org")
    push = world.push("cleo")
    assert push.landed, push.said


def test_A242_a_request_is_not_called_off_in_the_requesters_name(world: World) -> None:
    record = request("mouse", "M0VSE")
    world.put(record)
    world.land()
    world.put(with_entry(record, **OFF, by="eve"))
    refused(world.offer("ana"), "LIF043", "eve made no commit")
    world.put(with_entry(record, **OFF, by="eve", recorded_by="ana"))
    push = world.offer("ana")
    assert push.landed, push.said


# Redactions.


def test_A242_a_text_is_not_removed_in_anothers_name(world: World) -> None:
    ticket = with_entry(incident("1NC09", "P1"), 30, note="The password is on the door.")
    world.put(ticket)
    world.land()
    *before, entry = ticket["timeline"]
    for by, lands in (("ben", False), ("ana", True)):
        mark = {"by": by, "at": entry["at"], "reason": "It held a password."}
        gone = {key: value for key, value in entry.items() if key != "note"} | {"redacted": mark}
        world.put(ticket | {"timeline": [*before, gone]})
        push = world.offer("ana")
        assert push.landed is lands, push.said
        assert lands or "LIF044" in push.said


# What was published.


def article(world: World, state: str = "published", **fields: str) -> None:
    front = "\n".join(f"{key}: {value}" for key, value in (HOW_TO | {"state": state} | fields).items())
    world.write({"records/knowledge/how-to.md": f"---\n{front}\n---\nDo it.\n".replace("'", "")})


@pytest.fixture
def published(world: World) -> World:
    """A world where somebody of cab decides on articles, and one is published."""
    world.put(world.edited(path(ARTICLES), rules=[{"id": "all", "seats": [{"teams": ["cab"]}]}]))
    world.force()
    article(world)
    world.force()
    return world


@pytest.mark.parametrize(("state", "revision"), [("retired", "1"), ("draft", "2"), ("in_review", "2")])
def test_A243_what_was_published_is_not_taken_down_by_anybody(published: World, state: str, revision: str) -> None:
    article(published, state, revision=revision)
    refused(
        published.offer(), "APR001", "article/how-to at gate unpublished: pending", "articles/all by one of ben, cleo"
    )


def said(world: World, *words: str, who: str = "ana") -> str:
    done = world.itsm(*words, who=who)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_what_was_published_is_taken_down_by_those_who_may_publish(published: World) -> None:
    told = said(published, "retire", "how-to")
    assert "gate unpublished" in told and "cleo" in told, "the verb proposes it"
    assert "unpublished" in said(published, "explain", "article/how-to", "approval")
    said(published, "approve", "how-to", "--yes", who="cleo")
    push = published.step()
    assert push.landed, push.said


def test_A243_the_approval_of_publishing_an_article_is_none_of_taking_it_down(published: World) -> None:
    article(published, "published", summary="In a word.", revision="2")
    said(published, "propose", "how-to")
    said(published, "approve", "how-to", "--yes", who="cleo")
    published.land()
    article(published, "retired", summary="In a word.", revision="2")
    refused(published.offer(), "at gate unpublished: pending: nobody has proposed exactly this content")


def test_where_nobody_decides_on_articles_they_are_taken_down_by_whoever_may_write(world: World) -> None:
    article(world)
    world.land()
    article(world, "retired")
    world.land()


def test_what_was_never_published_is_retired_freely_and_what_is_retired_goes_back_to_draft(published: World) -> None:
    front = (published.ws / "records/knowledge/how-to.md").read_text().replace("id: how-to", "id: other")
    published.write({"records/knowledge/other.md": front.replace("state: published", "state: draft")})
    published.land()
    published.write({"records/knowledge/other.md": front.replace("state: published", "state: retired")})
    published.land()
    published.write({"records/knowledge/other.md": front.replace("state: published", "state: draft\nrevision: 2")})
    published.land()
