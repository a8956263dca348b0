"""Nobody is named as an author, and so kept from deciding, by others. Beside each attack, what is as near and lands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.approvals.records import (
    CHANGES,
    EDITS,
    NOBODY,
    Record,
    at,
    change,
    incident,
    item,
    path,
    person,
    policy,
    service,
    text,
    with_entry,
)  # fmt: skip
from tests.approvals.test_audit import audit
from tests.approvals.test_debts import ago, emergency, landed, planned, reviewed
from tests.approvals.world import Push, World

KEEPERS = ("cleo", "dora")
REGISTERED = [CHANGES, person("cleo", ""), {"kind": "team", "id": "it"}, service("mail", 3), item("laptop")]
REVOKED = {"since": at(days=1), "reason": "Found on a paste site."}


def refused(push: Push, *codes: str) -> None:
    assert not push.landed
    for code in codes:
        assert code in push.said, push.said


def on_base(world: World, record: Record) -> Record:
    found = world.on_base(path(record))
    assert found is not None
    return found


def together(world: World, who: str, *others: str, pusher: str = "") -> Push:
    """A push of one commit in the name of several people, as they or anybody else can write it."""
    trailers = "\n".join(f"Co-authored-by: {name.title()} <{name}@example.org>" for name in others)
    world.git("add", "--all")
    world.git("commit", "--quiet", "-m", f"step\n\n{trailers}", who=who)
    return world.push(pusher or who)


# Names without a change.


@pytest.mark.parametrize("record", REGISTERED, ids=lambda each: each["kind"])
def test_A230_keepers_are_not_added_to_the_authors_of_what_they_must_decide(world: World, record: Record) -> None:
    world.put(on_base(world, record) | {"authors": list(KEEPERS)})
    refused(world.offer("eve"), "LIF047")


def test_A230_nor_to_those_of_the_settings(world: World) -> None:
    settings = (world.ws / "itsm.yaml").read_text()
    world.write({"itsm.yaml": f"{settings}authors:\n- cleo\n- dora\n"})
    refused(world.offer("eve"), "LIF047")


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_A230_nor_to_those_of_a_change_that_waits_for_them(world: World, state: str) -> None:
    record = change(state=state)
    world.put(record)
    world.land()
    world.put(record | {"authors": ["ana", "ben", "dora"]})
    refused(world.offer("eve"), "LIF047")
    world.put(record | {"authors": ["ana", "ben", "dora"], "tags": ["urgent"]})
    refused(world.offer("eve"), "LIF047")


def test_A230_nor_by_their_own_commits_without_a_change(world: World) -> None:
    world.put(on_base(world, CHANGES) | {"authors": list(KEEPERS)})
    refused(together(world, *KEEPERS, pusher="eve"), "LIF047")


def test_A230_a_stolen_key_can_still_be_revoked(world: World) -> None:
    """The thief tries to bar the keepers from deciding on the person; then the key is revoked by them."""
    world.put(on_base(world, person("cleo", "")) | {"authors": ["dora"]})
    refused(world.offer("cleo"), "LIF047")
    world.git("reset", "--quiet", "--hard", world.tip())
    revoked = world.edited(path(person("cleo", "")), keys=[{"key": world.public("cleo"), "revoked": REVOKED}])
    world.put(revoked)
    world.approved(revoked, "dora")
    world.land()


def test_A230_going_back_to_draft_names_nobody(world: World) -> None:
    record = change()
    world.put(record)
    world.approved(record, "ben")
    world.land()
    entry = {"at": at(minutes=3), "by": "eve", "state": "draft", "reason": "It must wait."}
    back = record | {"timeline": [*record["timeline"], entry], "revision": 2}
    world.put(back | {"authors": ["ana", "ben"]})
    refused(world.offer("eve"), "LIF047")
    world.put(back)
    world.land("eve")


# Names of people who had no part.


@pytest.mark.parametrize("names", [["dora"], ["ben", "dora"], ["zoe"]], ids=",".join)
def test_A230_a_material_edit_names_only_who_wrote_it(world: World, names: list[str]) -> None:
    record = change(state="draft")
    world.put(record)
    world.land()
    edited = record | {"reason": "Another.", "revision": 2}
    world.put(edited | {"authors": ["ana", "eve", *names]})
    refused(world.offer("eve"), "LIF048")
    world.put(edited | {"authors": ["ana", "eve"]})
    world.land("eve")


@pytest.mark.parametrize("kind", ["change", "request", "service"])
def test_A230_a_new_record_names_only_who_wrote_it(world: World, kind: str) -> None:
    born: dict[str, Record] = {
        "change": change(state="draft"),
        "request": {
            "id": "REQ-20261121-9V3KC", "kind": "request", "schema": 1, "title": "A mouse", "item": "mouse",
            "requester": "eve", "timeline": [{"at": at(hours=1), "by": "eve", "state": "submitted"}],
        },
        "service": service("wiki", 3),
    }  # fmt: skip
    world.put(born[kind] | {"authors": ["eve", "dora"]})
    refused(world.offer("eve"), "LIF048")
    world.put(born[kind] | {"authors": ["eve"]})
    world.land("eve")


def test_A230_a_name_that_no_record_of_base_bears_is_nobodys(world: World) -> None:
    """A person who comes in the same step has no address on base, and can't be named before they are there."""
    world.put(person("fay", "ssh-ed25519 AAAA") | {"keys": [], "authors": ["fay"]})
    world.git("add", "--all")
    refused(world.offer("eve"), "LIF048")


def test_A230_a_proposal_of_something_else_names_nobody(world: World) -> None:
    record = change(state="draft")
    world.act("dora", "proposed", record | {"reason": "Another."})
    world.put(record | {"authors": ["eve", "dora"]})
    refused(world.offer("eve"), "LIF048")


def test_A230_nor_does_an_approval(world: World) -> None:
    record = change(state="draft")
    world.put(record | {"authors": ["eve", "dora"]})
    world.act("dora", "approved", record)
    refused(world.offer("eve"), "LIF048")


def test_whoever_signed_the_proposal_is_named_though_somebody_else_committed(world: World) -> None:
    record = change(authors=["ana"])
    world.put(record)
    world.approved(record, "ben")
    push = world.step("robo")
    assert push.landed, push.said


def test_two_who_wrote_together_are_both_named(world: World) -> None:
    record = change(state="draft", authors=["ana", "dora"])
    world.put(record)
    push = together(world, "ana", "dora")
    assert push.landed, push.said


# Nobody is left.


@pytest.mark.parametrize("kind", ["policy", "person", "team"])
def test_A232_an_edit_after_which_no_keeper_is_left_does_not_land(world: World, kind: str) -> None:
    """Both keepers write it together, as honest people might, and the rules of today let such an edit through."""
    loose = world.edited(path(EDITS), rules=[{"id": "all"} | NOBODY])
    world.put(loose)
    world.approved(loose, "cleo")
    world.land()
    record = {"policy": CHANGES, "person": person("ben", ""), "team": {"kind": "team", "id": "it"}}[kind]
    name = {"policy": "title", "person": "title", "team": "description"}[kind]
    strict = world.edited(path(EDITS), rules=EDITS["rules"])
    strict["authors"] = ["ana"]
    edited = on_base(world, record) | {name: "Other words", "revision": 2}
    world.put(strict, edited | {"authors": list(KEEPERS)})
    refused(together(world, *KEEPERS), "LIF049", "edits/rules at gate edit")


def test_A232_a_draft_that_everybody_wrote_who_could_approve_it_does_not_land(world: World) -> None:
    record = change(state="draft", authors=["ana", "ben", "dora"])
    world.put(record)
    refused(together(world, "ana", "ben", "dora"), "LIF049", "changes/owner at gate scheduled")
    world.git("reset", "--quiet", "--soft", world.tip())
    world.put(record | {"authors": ["ana", "ben"]})
    push = together(world, "ana", "ben")
    assert push.landed, push.said


def test_A232_nor_one_whose_requester_is_the_last_who_could(world: World) -> None:
    record = change(state="draft", authors=["ana", "ben"], requester="dora")
    world.put(record)
    refused(together(world, "ana", "ben"), "LIF049")


def test_A232_nor_a_request_or_an_article_before_its_gate(world: World) -> None:
    strict = policy(
        "articles", "published", ["article"], {"id": "all", "seats": [{"people": ["dora"]}]}, revision=2,
        authors=["ana"],
    )  # fmt: skip
    world.put(strict)
    world.approved(strict, "cleo")
    world.land()
    about = {"id": "how-to", "kind": "article", "schema": 1, "title": "How?", "type": "how_to", "summary": "So."}
    fields = text(about | {"owner": "team/it", "state": "draft", "authors": ["dora"]}, "records/knowledge/how-to.yaml")
    world.write({"records/knowledge/how-to.md": f"---\n{fields.decode()}---\nSo.\n"})
    refused(world.offer("dora"), "LIF049", "articles/all at gate published")


def test_A232_an_emergency_whose_review_nobody_could_accept_does_not_land(world: World) -> None:
    record = change("mail", "draft", type="emergency", incident=incident("1NC01", "P1")["id"], authors=list(KEEPERS))
    world.put(record)
    refused(together(world, *KEEPERS), "LIF049", "reviews/keepers at gate post-review")


# Commits in somebody's name: the person has the last word.


def shut_out(world: World) -> Record:
    """A change that a stranger drafts in dora's name: ben is away, so only she could let it through."""
    record = change(state="draft", authors=["dora"])
    world.put(record)
    push = together(world, "dora", pusher="eve")
    assert push.landed, push.said
    return record


def scheduled(record: Record) -> Record:
    entry = {"at": at(minutes=3), "by": "ana", "state": "scheduled"}
    return record | {"timeline": [*record["timeline"], entry]}


# Drafts that wait for a decision.


def test_A250_who_writes_a_draft_is_named_in_it_before_anybody_decides(world: World) -> None:
    draft = change("portal", state="draft", authors=["ana"])
    world.put({key: value for key, value in draft.items() if key != "authors"})
    refused(world.offer("ben"), "APR006", "ben wrote on it")
    world.put(draft | {"authors": ["ben"]})
    push = world.step("ben")
    assert push.landed, push.said
    scheduled = with_entry(draft | {"authors": ["ben"]}, by="ana", state="scheduled")
    world.put(scheduled)
    world.approved(scheduled, "ben", "cleo")
    refused(world.offer(), "APR001", "ben is one of its authors")


def test_A250_nor_does_an_edit_of_a_draft_stay_unnamed(world: World) -> None:
    world.put(change(state="draft"))
    world.land()
    edit = world.edited(path(change()), title="Replace two certificates")
    world.put(edit)
    refused(world.offer("ben"), "APR006")
    world.put(edit | {"authors": ["ana", "ben"]})
    assert world.offer("ben").landed


def test_where_nobody_decides_the_writer_of_a_draft_need_not_be_named(world: World) -> None:
    about = {"id": "how-to", "kind": "article", "schema": 1, "title": "How?", "type": "how_to", "summary": "So."}
    fields = text(about | {"owner": "team/it", "state": "draft"}, "records/knowledge/how-to.yaml")
    world.write({"records/knowledge/how-to.md": f"---\n{fields.decode()}---\nSo.\n"})
    push = world.offer("ben")
    assert push.landed, push.said


def test_A231_who_was_named_by_a_forged_commit_objects_and_approves(world: World) -> None:
    record = scheduled(shut_out(world))
    world.put(record)
    world.approved(record, "dora")
    refused(world.offer(), "changes/owner by ben")
    world.act("dora", "refused", record, gate="authors", comment="I have never seen this.")
    push = world.step()
    assert push.landed, push.said
    assert audit(world)[0] == 0


@pytest.mark.parametrize(
    "fields",
    [{"decision": "approved"}, {"gate": "scheduled"}, {"digest": f"itsm1:{'0' * 64}"}],
    ids=["approved there", "at another gate", "of other content"],
)
def test_A231_nothing_less_than_the_persons_own_word_on_this_content_counts(
    world: World, fields: dict[str, Any]
) -> None:
    record = scheduled(shut_out(world))
    world.put(record)
    world.approved(record, "dora")
    given: dict[str, Any] = {"decision": "refused", "gate": "authors"} | fields
    world.act("dora", given.pop("decision"), record, **given)
    assert not world.offer().landed


def test_A231_nor_does_the_word_of_a_deputy(world: World) -> None:
    delegated = {"to": "ben", "from": at(days=1), "until": at(days=-1)}
    away = world.edited(path(person("dora", "")), delegate=delegated)
    world.put(away)
    world.approved(away, "cleo")
    world.land()
    record = scheduled(shut_out(world))
    world.put(record)
    world.approved(record, "dora")
    world.act("ben", "refused", record, gate="authors", on_behalf_of="dora")
    refused(world.offer(), "changes/owner by ben")


def test_A231_who_proposed_it_is_not_believed(world: World) -> None:
    record = scheduled(shut_out(world))
    world.put(record)
    world.act("dora", "proposed", record)
    world.approved(record, "dora")
    world.act("dora", "refused", record, gate="authors")
    refused(world.offer(), "changes/owner by ben")


def test_A231_nor_does_who_asked_for_it_become_somebody_who_did_not(world: World) -> None:
    record = change(state="draft", authors=["dora"], requester="dora")
    world.put(record)
    world.land("dora")
    entered = scheduled(record)
    world.put(entered)
    world.approved(entered, "dora")
    world.act("dora", "refused", entered, gate="authors")
    refused(world.offer(), "changes/owner by ben")


def test_A231_an_objection_that_was_taken_back_does_not_count(world: World) -> None:
    record = scheduled(shut_out(world))
    world.put(record)
    world.approved(record, "dora")
    said = world.act("dora", "refused", record, gate="authors")
    world.act("dora", "withdrawn", record, gate="authors", supersedes=[said.rsplit("/", 1)[1].removesuffix(".yaml")])
    refused(world.offer(), "changes/owner by ben")


def test_A231_a_later_edit_needs_the_word_again(world: World) -> None:
    record = shut_out(world)
    world.act("dora", "refused", record, gate="authors")
    edited = scheduled(record | {"reason": "Another.", "revision": 2, "authors": ["dora", "ana"]})
    world.put(edited)
    world.approved(edited, "dora")
    refused(world.offer(), "changes/owner by ben")


def test_A231_a_keeper_who_was_named_on_an_emergency_accepts_its_review(world: World) -> None:
    """The rules let an emergency through without anybody, so a stranger's edit of it names a keeper by a forged commit.
    Her objection also keeps the approval that she gave from being an author's own, which would be owed earlier."""
    record = emergency(authors=["dora"], **ago(days=3))
    world.put(record)
    world.act("ana", "proposed", record)
    world.act("dora", "approved", record)
    world.act("dora", "refused", record, gate="authors")
    push = together(world, "dora", pusher="eve")
    assert push.landed, push.said
    landed(planned(world))
    late = world.on_base(path(record))
    assert late is not None
    reviewed(world, late, "dora")
    world.land()
    code, found = audit(world)
    assert code == 0 and record["id"] not in str(found)


def test_the_proof_of_what_an_objector_approved_is_verified_without_this_program(world: World) -> None:
    record = scheduled(shut_out(world))
    world.put(record)
    world.approved(record, "dora")
    world.act("dora", "refused", record, gate="authors", comment="I have never seen this.")
    world.land()
    world.git("remote", "add", "origin", str(world.server))
    world.git("fetch", "--quiet", "origin")
    shown = world.itsm("show", record["id"], "--format", "json", "--proof")
    assert shown.returncode == 0, shown.stderr
    (world.folder / "proof.json").write_text(shown.stdout)
    verifier = Path(__file__).resolve().parents[2] / "docs" / "verify_approval.py"
    done = subprocess.run(
        [sys.executable, str(verifier), str(world.folder / "proof.json")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


# A mistake is mended.


def test_a_keepers_own_mistake_in_authors_is_mended_before_it_lands(world: World) -> None:
    edited = world.edited(path(CHANGES), title="Who decides on all changes")
    world.put(edited | {"authors": ["ana", "dora"]})
    world.approved(edited, "cleo")
    refused(world.offer(), "LIF048")
    world.put(edited)
    world.land()


def test_a_name_that_landed_by_mistake_goes_with_the_next_approved_edit(world: World) -> None:
    edited = world.edited(path(CHANGES), title="Who decides on all changes")
    edited["authors"] = ["ana", "dora"]
    world.put(edited)
    world.approved(edited, "cleo")
    push = together(world, "ana", "dora")
    assert push.landed, push.said
    mended = edited | {"title": "Who decides on changes", "revision": 3, "authors": ["ana"]}
    world.put(edited | {"authors": ["ana"]})
    refused(world.offer("eve"), "LIF023")
    world.put(mended)
    refused(world.offer(), "APR001")
    world.approved(mended, "cleo")
    world.land()


def test_A230_an_author_who_leaves_the_list_does_not_approve_the_step(world: World) -> None:
    edited = world.edited(path(CHANGES), title="Who decides on all changes")
    edited["authors"] = ["dora"]
    world.put(edited)
    world.act("dora", "proposed", edited)
    world.act("cleo", "approved", edited)
    world.land("dora")
    mended = edited | {"title": "Who decides on changes", "revision": 3, "authors": ["ana"]}
    world.put(mended)
    world.approved(mended, "dora")
    refused(world.offer(), "edits/rules by cleo")


def test_A230_a_draft_loses_no_author_by_an_edit_that_nobody_decides_on(world: World) -> None:
    record = change(state="draft", authors=["ben"])
    world.put(record)
    world.land("ben")
    world.put(record | {"reason": "Another.", "revision": 2, "authors": ["eve"]})
    refused(world.offer("eve"), "LIF023")


# The settings have authors too.


def test_A020_who_wrote_on_the_settings_does_not_approve_that(world: World) -> None:
    settings = world.edited("itsm.yaml", name="Other")
    del settings["authors"]
    world.write({"itsm.yaml": text(settings, "itsm.yaml")})
    world.act("ana", "proposed", settings)
    world.act("cleo", "approved", settings)
    refused(world.offer("cleo"), "APR006")
    named = settings | {"authors": ["cleo"]}
    world.write({"itsm.yaml": text(named, "itsm.yaml")})
    refused(world.offer("cleo"), "edits/rules by dora")
    world.act("dora", "approved", named)
    push = world.step("cleo")
    assert push.landed, push.said
