"""What readers see was approved, or was signed by the person whose name it bears. Beside each attack, what lands."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from tests.approvals.records import NOW, Record, asset, at, change, path, person, policy, service, text
from tests.approvals.world import Push, World

WHERE = "records/knowledge/how-to.md"
FIELDS = "records/knowledge/how-to.yaml"
BODY = "Open the portal.\n"
TODAY = NOW.date().isoformat()
KEEPERS = {"id": "all", "seats": [{"roles": ["keeper"]}]}


def article(**fields: Any) -> Record:
    return {
        "id": "how-to", "kind": "article", "schema": 1, "title": "How do I?", "type": "how_to", "summary": "So.",
        "owner": "team/it", "state": "published", "authors": ["ana"], "body": BODY,
    } | fields  # fmt: skip


def put(world: World, record: Record) -> Record:
    fields = {key: value for key, value in record.items() if key != "body"}
    world.write({WHERE: f"---\n{text(fields, FIELDS).decode()}---\n{record['body']}"})
    return record


@pytest.fixture
def published(world: World) -> Record:
    """An article on base, which cleo has approved; keepers decide on every article."""
    strict = policy("articles", "published", ["article"], KEEPERS, revision=2, authors=["ana"])
    world.put(strict)
    world.approved(strict, "cleo")
    world.land()
    record = put(world, article())
    approved(world, record, "cleo")
    world.land()
    return record


def approved(world: World, record: Record, by: str, gate: str = "published", proposer: str = "ana") -> None:
    world.act(proposer, "proposed", record, gate=gate)
    world.act(by, "approved", record, gate=gate)


def page(world: World) -> str:
    """What readers are told of the article, from the checkout."""
    done = world.itsm("site", "build", "--out", str(world.folder / "site"), "--audience", "it")
    assert done.returncode == 0, done.stderr
    return (world.folder / "site" / "knowledge" / "how-to" / "index.html").read_text()


def verified_line(world: World) -> str:
    return page(world).partition("Last verified</dt><dd>")[2].partition("</dd>")[0]


def refused(push: Push, *words: str) -> None:
    assert not push.landed
    for each in words:
        assert each in push.said, push.said


# Links, confidence, and what else is on the page.

SHOWN: dict[str, dict[str, Any]] = {
    "links": {"links": [{"label": "Sign in", "url": "https://elsewhere.example/"}]},
    "confidence": {"confidence": "validated"},
    "review_by": {"review_by": at(days=-90)[:10]},
    "related": {"related": ["how-to"]},
    "visibility": {"visibility": "public"},
}


@pytest.mark.parametrize("edit", SHOWN.values(), ids=SHOWN)
def test_A235_what_a_published_page_shows_changes_only_past_the_gate(
    world: World, published: Record, edit: dict[str, Any]
) -> None:
    before = page(world)
    put(world, published | edit)
    refused(world.offer("eve"), "LIF022")
    put(world, published | edit | {"revision": 2, "authors": ["ana", "eve"]})
    refused(world.offer("eve"), "at gate published: pending")
    world.git("reset", "--quiet", "--hard", world.tip())
    assert page(world) == before


def test_links_change_with_an_approval(world: World, published: Record) -> None:
    record = put(world, published | SHOWN["links"] | {"revision": 2})
    approved(world, record, "dora")
    world.land()
    assert "https://elsewhere.example/" in page(world)


@pytest.mark.parametrize("edit", [{"tags": ["vpn"]}, {"aliases": {"old": "KB1"}}], ids=["tags", "aliases"])
def test_what_no_page_shows_needs_nobody(world: World, published: Record, edit: dict[str, Any]) -> None:
    before = page(world)
    put(world, published | edit)
    world.land("eve")
    assert page(world) == before


@pytest.mark.parametrize(
    ("record", "field"),
    [(service("mail", 3), {"runbooks": ["how-to"]}), (service("mail", 3), {"links": [{"label": "A", "url": "https://a.example"}]}),
     ({"kind": "request-item", "id": "mouse"}, {"articles": ["how-to"]})],
    ids=["runbooks", "links", "articles"],
)  # fmt: skip
def test_A235_what_pages_of_services_and_items_show_is_part_of_their_edits(
    world: World, published: Record, record: Record, field: dict[str, Any]
) -> None:
    there = world.on_base(path(record))
    assert there is not None
    world.put(there | field)
    refused(world.offer("eve"), "LIF022")
    world.put(there | field | {"revision": 2, "authors": ["eve"]})
    assert world.offer("eve").landed  # the policy of this workspace asks nobody


# Who verified it.


def test_A236_nobody_verifies_in_somebody_elses_name(world: World, published: Record) -> None:
    put(world, published | {"verified": [{"date": TODAY, "by": "dora"}]})
    refused(world.offer("eve"), "KNW014", "dora neither wrote this")
    put(world, published | {"verified": [{"date": TODAY, "by": "dora"}, {"date": TODAY, "by": "eve"}]})
    refused(world.offer("eve"), "KNW014")


def test_A236_a_commit_in_somebodys_name_puts_no_name_on_the_page(world: World, published: Record) -> None:
    before = page(world)
    put(world, published | {"verified": [{"date": TODAY, "by": "dora"}]})
    world.commit("dora")  # as anybody can write it
    push = world.push("eve")
    assert push.landed, push.said
    assert page(world) == before and "Dora" not in verified_line(world)


@pytest.mark.parametrize(
    "fields",
    [{"gate": "ratify"}, {"decision": "proposed"}, {"digest": f"itsm1:{'0' * 64}"}, {"on_behalf_of": "dora"}],
    ids=["another gate", "a proposal", "other content", "a deputy's"],
)
def test_A236_only_the_persons_own_approval_of_this_content_is_a_verification(
    world: World, published: Record, fields: dict[str, Any]
) -> None:
    before = verified_line(world)
    given = {"decision": "approved", "gate": "verified"} | fields
    world.act("ben", given.pop("decision"), published, **given)
    world.git("add", "--all")
    assert verified_line(world) == before and "Ben" not in before


def test_whoever_approved_exactly_this_content_has_verified_it(world: World, published: Record) -> None:
    assert verified_line(world).endswith("by Cleo")


def test_somebody_without_a_seat_verifies_it_later_with_a_signature(world: World, published: Record) -> None:
    world.act("eve", "approved", published, gate="verified", at=NOW.isoformat().replace("+00:00", "Z"))
    put(world, published | {"verified": [{"date": TODAY, "by": "eve"}]})
    world.land("ben")
    assert verified_line(world).endswith("by Eve")


def test_the_command_signs_a_verification_and_lands_it(world: World, published: Record) -> None:
    world.git("remote", "add", "origin", str(world.server))
    done = world.itsm("approve", "article/how-to", "--gate", "verified", "--push", who="eve")
    assert done.returncode == 0, done.stderr
    assert "nobody has to decide here" not in done.stderr
    world.git("pull", "--quiet", "origin", "main")
    assert verified_line(world).endswith("by Eve")


def test_A236_a_verification_ends_with_the_content_and_with_the_persons_word(world: World, published: Record) -> None:
    said = world.act("eve", "approved", published, gate="verified", at=NOW.isoformat().replace("+00:00", "Z"))
    world.land("eve")
    taken = world.act("eve", "withdrawn", published, gate="verified", supersedes=[said[-23:-5]])
    assert taken and verified_line(world).endswith("by Cleo")
    world.git("clean", "--quiet", "-fd")
    assert verified_line(world).endswith("by Eve")
    put(world, published | {"body": "Open another portal.\n", "revision": 2})
    assert verified_line(world) == "Never by a signed act"


def test_A236_a_stolen_key_verifies_nothing(world: World, published: Record) -> None:
    revoked = {"since": "2020-01-01T00:00:00Z", "reason": "Found on a paste site."}
    keeper = world.edited(path(person("cleo", "")), keys=[{"key": world.public("cleo"), "revoked": revoked}])
    world.put(keeper)
    assert verified_line(world) == "Never by a signed act"


# Taking it down.


@pytest.mark.parametrize("state", ["retired", "draft", "in_review"])
def test_A235_a_published_article_is_not_taken_down_by_anybody(world: World, published: Record, state: str) -> None:
    put(world, published | {"state": state} | ({"revision": 2} if state == "draft" else {}))
    push = world.offer("eve")
    refused(push, "LIF026" if state == "in_review" else "at gate unpublished: pending")


def test_A235_the_approval_that_published_it_does_not_take_it_down(world: World, published: Record) -> None:
    put(world, published | {"state": "retired"})
    world.act("dora", "approved", published)
    refused(world.offer("eve"), "at gate unpublished: pending")


@pytest.mark.parametrize("state", ["retired", "draft"])
def test_whoever_decides_on_publishing_decides_on_taking_down(world: World, published: Record, state: str) -> None:
    record = put(world, published | {"state": state} | ({"revision": 2} if state == "draft" else {}))
    approved(world, record, "dora", "unpublished", "eve")
    world.land("eve")


def test_the_commands_take_an_article_down(world: World, published: Record) -> None:
    world.git("remote", "add", "origin", str(world.server))
    for who, words in (("ana", ("retire", "how-to")), ("dora", ("approve", "article/how-to"))):
        done = world.itsm(*words, who=who)
        assert done.returncode == 0, done.stderr
    world.land()


def test_a_draft_is_thrown_away_by_anybody(world: World) -> None:
    put(world, article(state="draft"))
    world.land()
    put(world, article(state="retired"))
    world.land("eve")


# Assets: nobody approves what they say.


def test_A237_an_asset_does_not_leave_the_service_that_needs_it(world: World) -> None:
    """A change that affects the asset of an important service stays as risky as it is."""
    strict = policy(
        "risky", "scheduled", ["change"], {"id": "risky", "when": {"risk_level": ["moderate", "high"]}} | {
            "seats": [{"roles": ["keeper"]}]
        }, authors=["ana"],
    )  # fmt: skip
    world.put(strict)
    world.approved(strict, "cleo")
    world.land()
    world.put(asset("db", service="portal"), world.edited(path(service("portal", 1)), depends_on=["asset/db"]))
    world.land()
    record = change(affects=["asset/db"])
    for revision, moved in enumerate(({"service": "mail"}, {}), start=2):
        world.put(asset("db", **moved, revision=revision))
        world.land("eve")
        world.put(record)
        world.approved(record, "ben")
        refused(world.offer(), "risky/risky by one of")
        world.git("reset", "--quiet", "--hard", world.tip())


def test_the_page_is_the_same_whoever_builds_it(world: World, published: Record) -> None:
    first = page(world)
    subprocess.run(["rm", "-r", str(world.folder / "site")], check=True)
    assert page(world) == first


@pytest.mark.parametrize("by", [["cleo"], {"name": "Cleo"}])
def test_a_verification_by_what_is_no_name_is_told_and_stops_no_check(world: World, by: Any) -> None:
    """Otherwise whoever forces such a step past the hook would end every audit after it."""
    put(world, article(verified=[{"date": TODAY, "by": by}]))
    push = world.step()
    assert not push.landed and "KNW014" in push.said and "neither wrote this in the step" in push.said
    world.git("reset", "--quiet", "--hard", world.tip())
    put(world, article(verified=[{"date": TODAY, "by": "ana"}]))
    world.land()
