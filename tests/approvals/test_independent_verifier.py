"""docs/verify_approval.py, alone with `ssh-keygen`: it accepts what the program proves, and no tampering with it."""

from __future__ import annotations

import copy
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from jsonschema import Draft7Validator

from itsm_as_code.domain.approval.act import statement
from itsm_as_code.evidence import ssh_keygen
from itsm_as_code.render.proof_schema import proof_schema
from tests.approvals import test_format as page
from tests.approvals.records import at, change, path, person, request, team, text
from tests.approvals.test_freezes import frozen, granted
from tests.approvals.world import World, identity, signed_again
from tests.cli.harness import Done
from tests.cli.inside import Place

ROOT = Path(__file__).resolve().parents[2]
VERIFIER = ROOT / "docs" / "verify_approval.py"
Document = dict[str, Any]


def itsm(world: World, who: str, *arguments: str) -> Done:
    """Runs `itsm` as a person in the checkout."""
    with patch.dict(os.environ, identity(who, world.home(who)), clear=True):
        return Place(world.ws).itsm(*arguments)


def proof(world: World, ref: str, *options: str) -> Document:
    """The proof that the program prints; it fits its schema."""
    done = itsm(world, "ana", "show", ref, "--format", "json", "--proof", *options)
    assert done.code == 0, done.err
    found: Document = json.loads(done.out)
    errors = [error.message for error in Draft7Validator(proof_schema()).iter_errors(found)]
    assert not errors
    return found


def verify(document: Document | str, search: str | None = None) -> Done:
    """Runs the verifier as an auditor would: isolated from the package and from the environment."""
    text = document if isinstance(document, str) else json.dumps(document)
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER)], input=text, capture_output=True, text=True, check=False,
        env={"PATH": search or os.environ["PATH"], "LANG": "C.UTF-8"}, cwd="/",
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def approved(world: World) -> World:
    """A change that ana proposed, ben and cleo approved by the command line, and that has landed."""
    record = change("portal", reason="It ends on Sunday \N{EN DASH} for café.example.")
    world.put(record)
    for who, verb in (("ana", "propose"), ("dora", "approve"), ("cleo", "approve")):
        done = itsm(world, who, verb, record["id"])
        assert done.code == 0, done.err
    world.land()
    return world


def test_what_the_command_line_made_holds_and_what_is_left_unproved_is_said(approved: World) -> None:
    document = proof(approved, change()["id"])
    done = verify(document)
    assert (done.code, done.err) == (0, ""), done.out
    assert "HOLDS: exactly this content was approved" in done.out
    for words in ("no refusal or withdrawal", "those of the base commit", "the maker's claim"):
        assert words in done.out
    assert document["entered"] == approved.tip()
    assert document["base"] == approved.git("rev-parse", f"{approved.tip()}^")
    assert document["genesis"] == approved.git("rev-list", "--max-parents=0", "HEAD")


def test_it_takes_a_file_and_refuses_what_is_none(approved: World, tmp_path: Path) -> None:
    (tmp_path / "proof.json").write_text(json.dumps(proof(approved, change()["id"])))
    command = [sys.executable, "-I", str(VERIFIER)]
    for arguments, code in (([str(tmp_path / "proof.json")], 0), ([str(tmp_path / "none")], 2), (["--help"], 2)):
        assert subprocess.run([*command, *arguments], capture_output=True, check=False).returncode == code


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2}', '{"version": 1}', '{"version": 1, "version": 1}', '{"version": 1.0}',
             '{"version": true}', "[" * 100_000, '{"version": 1, "workspace": null}'],
)  # fmt: skip
def test_what_is_no_proof_could_not_be_checked(text: str) -> None:
    done = verify(text)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("could not check: ")


def _rule(**fields: Any) -> Document:
    return {"seats": [{"people": ["ben"]} | fields.pop("seat", {})]} | fields


@pytest.mark.parametrize(
    "rule",
    [
        _rule(seats=[]), _rule(seats="nobody"), _rule(seats={}), _rule(seat={"count": 0}), _rule(seat={"count": True}),
        _rule(seat={"count": -1}), _rule(seat={"count": "1"}), _rule(distinct_people=0), _rule(veto=""),
        _rule(author_may_approve=1), _rule(withdraw_by="keeper"), _rule(seat={"people": "benjamin"}),
        _rule(seat={"roles": {}}), _rule(seat={"owner_team": "it"}),
    ],
    ids=str,
)  # fmt: skip
def test_a_rule_that_no_policy_can_hold_could_not_be_checked(rule: Document) -> None:
    verifier = runpy.run_path(str(VERIFIER))
    for sound in (_rule(), _rule(seat={"count": 2}, veto=False), {"seats": "none", "because": "It is small."}):
        verifier["check_rule"]("changes/board", sound)
    with pytest.raises(verifier["CouldNotCheck"], match="rule changes/board has "):
        verifier["check_rule"]("changes/board", rule)


def test_a_proof_with_such_a_rule_could_not_be_checked(approved: World) -> None:
    document = proof(approved, change()["id"])
    document["gates"][0]["rules"]["changes/owner"]["seats"] = []
    places = document["gates"][0]["verdict"]["seats"]
    document["gates"][0]["verdict"]["seats"] = [each for each in places if each["rule"] != "changes/owner"]
    done = verify(document)
    assert (done.code, done.err.strip()) == (2, "could not check: CouldNotCheck: rule changes/owner has no seats")


def _act(document: Document, by: str, decision: str = "approved") -> Document:
    found: Document = next(
        each["record"]
        for each in document["acts"]
        if (each["record"]["by"], each["record"]["decision"]) == (by, decision)
    )
    return found


def _content(world: World, document: Document) -> None:
    document["content"]["material"]["reason"] += "."


def _content_and_digests(world: World, document: Document) -> None:
    from itsm_as_code.domain.digest import digest, field_hashes

    material = document["content"]["material"]
    material["reason"] += "."
    document |= {"digest": digest("change", material), "fields": field_hashes("change", material)}


def _field_hash(world: World, document: Document) -> None:
    document["fields"]["reason"] = "0" * 16


def _missing_field(world: World, document: Document) -> None:
    del document["fields"]["plan.backout"]


def _digest(world: World, document: Document) -> None:
    document["digest"] = document["digest"][:-1] + ("0" if document["digest"][-1] != "0" else "1")


def _word_of_an_act(world: World, document: Document) -> None:
    _act(document, "cleo")["comment"] = "Gladly."


def _hash_in_an_act(world: World, document: Document) -> None:
    _act(document, "cleo")["fields"]["reason"] = "0" * 16


def _time_of_an_act(world: World, document: Document) -> None:
    _act(document, "cleo")["at"] = at(days=1)


def _byte_of_a_signature(world: World, document: Document) -> None:
    act = _act(document, "cleo")
    lines = act["signature"].split("\n")
    lines[4] = lines[4][:10] + ("A" if lines[4][10] != "A" else "B") + lines[4][11:]
    act["signature"] = "\n".join(lines)


def _no_signature(world: World, document: Document) -> None:
    del _act(document, "cleo")["signature"]


def _key_of_somebody_else(world: World, document: Document) -> None:
    act = _act(document, "cleo")
    act |= signed_again(world, act, "eve")


def _name_of_somebody_else(world: World, document: Document) -> None:
    act = _act(document, "cleo")
    act["by"] = "ben"


def _revoked_key(world: World, document: Document) -> None:
    document["people"]["cleo"]["keys"][0]["revoked"] = {"since": at(days=1), "reason": "Lost."}


def _key_that_had_ended(world: World, document: Document) -> None:
    document["people"]["cleo"]["keys"][0]["valid_until"] = at(days=1)


def test_A223_a_signature_is_good_by_the_words_of_ssh_keygen_and_not_by_its_end_alone(
    approved: World, tmp_path: Path
) -> None:
    silent = tmp_path / "ssh-keygen"
    silent.write_text("#!/bin/sh\nexit 0\n")
    silent.chmod(0o755)
    done = verify(proof(approved, change()["id"]), str(tmp_path))
    assert done.code != 0 and "HOLDS" not in done.out


def _key_that_had_not_begun(world: World, document: Document) -> None:
    document["people"]["cleo"]["keys"][0]["valid_from"] = at(days=-1)


def _key_of_two(world: World, document: Document) -> None:
    document["people"]["dora"]["keys"] += document["people"]["cleo"]["keys"]


def _other_namespace(world: World, document: Document) -> None:
    act = _act(document, "cleo")
    bare = {key: value for key, value in act.items() if key != "signature"}
    with patch.object(ssh_keygen, "NAMESPACE", "file"):
        act["signature"] = ssh_keygen.sign(statement(bare), world.key("cleo"))


def _other_subject(world: World, document: Document) -> None:
    document["subject"] = document["subject"][:-5] + "5N3YV"


def _other_record(world: World, document: Document) -> None:
    document["content"]["material"]["id"] = document["subject"][:-5] + "5N3YV"


def _other_workspace(world: World, document: Document) -> None:
    document["workspace"] = "an0therw0rkspace"


def _other_gate(world: World, document: Document) -> None:
    document["gates"][0]["gate"] = "implementing"


def _acts_swapped(world: World, document: Document) -> None:
    seats = document["gates"][0]["verdict"]["seats"]
    seats[0]["act"], seats[1]["act"] = seats[1]["act"], seats[0]["act"]


def _one_person_twice(world: World, document: Document) -> None:
    first, second = document["gates"][0]["verdict"]["seats"]
    second |= {"by": first["by"], "act": first["act"]}


def _stranger(world: World, document: Document) -> None:
    document["teams"]["cab"]["members"].remove("cleo")


def _leaver(world: World, document: Document) -> None:
    document["people"]["cleo"]["active"] = False


def _bot(world: World, document: Document) -> None:
    document["people"]["cleo"]["human"] = False


def _author(world: World, document: Document) -> None:
    document["gates"][0]["barred"]["cleo"] = "is one of its authors"


def _another_rule(world: World, document: Document) -> None:
    document["gates"][0]["rules"]["changes/third"] = {"id": "third", "seats": [{"roles": ["keeper"]}]}


def _no_rule(world: World, document: Document) -> None:
    document["gates"][0]["rules"] = {}
    document["gates"][0]["verdict"]["seats"] = []


def _no_gate(world: World, document: Document) -> None:
    document["gates"] = []


def _act_left_out(world: World, document: Document) -> None:
    document["acts"] = [each for each in document["acts"] if each["record"]["by"] != "cleo"]


def _proposal_left_out(world: World, document: Document) -> None:
    document["acts"] = [each for each in document["acts"] if each["record"]["decision"] != "proposed"]


def _act_elsewhere(world: World, document: Document) -> None:
    document["acts"][0]["path"] = "records/approvals/CHG-20261121-5N3YV/x.yaml"


def _expired(world: World, document: Document) -> None:
    document["judged_at"] = at(days=-40)


def _not_approved(world: World, document: Document) -> None:
    document["gates"][0]["verdict"]["status"] = "pending"


def _proposal_as_approval(world: World, document: Document) -> None:
    document["teams"]["it"]["members"] = ["ana"]
    place = document["gates"][0]["verdict"]["seats"][0]
    place |= {"by": "ana", "act": _act(document, "ana", "proposed")["id"]}


TAMPERINGS = (
    _content, _content_and_digests, _field_hash, _missing_field, _digest, _word_of_an_act, _hash_in_an_act,
    _time_of_an_act, _byte_of_a_signature, _no_signature, _key_of_somebody_else, _name_of_somebody_else, _revoked_key,
    _key_that_had_ended, _key_that_had_not_begun, _key_of_two, _other_namespace, _other_subject, _other_record,
    _other_workspace, _other_gate, _acts_swapped, _one_person_twice, _stranger, _leaver, _bot, _author, _another_rule,
    _no_rule, _no_gate, _act_left_out, _proposal_left_out, _act_elsewhere, _expired, _not_approved,
    _proposal_as_approval,
)  # fmt: skip


def test_every_tampering_is_caught(approved: World) -> None:
    genuine = proof(approved, change()["id"])
    assert verify(genuine).code == 0
    for tamper in TAMPERINGS:
        document = copy.deepcopy(genuine)
        tamper(approved, document)
        done = verify(document)
        assert done.code == 1, (tamper.__name__, done.out, done.err)
        assert "FAULT" in done.out and "DOES NOT HOLD" in done.out


def _leaves(node: Any, where: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else None
    if pairs is None:
        yield where, node
    for key, value in pairs or ():
        yield from _leaves(value, (*where, key))


def _with(document: Document, where: tuple[str | int, ...], value: Any) -> Document:
    """The document with another value at a place; None takes it out."""
    changed: Document = copy.deepcopy(document)
    node: Any = changed
    for key in where[:-1]:
        node = node[key]
    if value is None:
        del node[where[-1]]
    else:
        node[where[-1]] = value
    return changed


def test_no_word_of_what_is_proved_can_be_changed_or_taken_out(
    approved: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Each leaf of the content, the hashes and the acts; run in one process, since there are so many."""
    genuine = proof(approved, change()["id"])
    main, file = runpy.run_path(str(VERIFIER))["main"], tmp_path / "proof.json"
    proved = {key: genuine[key] for key in ("workspace", "subject", "content", "digest", "fields")}
    proved["acts"] = [{"record": each["record"]} for each in genuine["acts"]]
    leaves = list(_leaves(proved))
    assert len(leaves) > 60
    for where, value in leaves:
        for other in (f"{value}x", None):
            file.write_text(json.dumps(_with(genuine, where, other)))
            assert main([str(file)]) in (1, 2), (where, other)
    file.write_text(json.dumps(genuine))
    assert main([str(file)]) == 0
    capsys.readouterr()


SAID: tuple[tuple[Callable[[World, Document], None], str], ...] = (
    (_content_and_digests, "is stale: reason changed"),
    (_key_of_somebody_else, "signed with a key that is not cleo's"),
    (_revoked_key, "the key is revoked from"),
    (_other_namespace, "signed for another purpose: file"),
    (_stranger, "cleo is not among those whom the seat names"),
    (_author, "cleo wrote, asked for or proposed it"),
    (_other_subject, "the content is that of"),
)


def test_it_says_what_is_wrong(approved: World) -> None:
    genuine = proof(approved, change()["id"])
    for tamper, words in SAID:
        document = copy.deepcopy(genuine)
        tamper(approved, document)
        assert words in verify(document).out, tamper.__name__


def test_a_stale_act_beside_the_others_is_shown_and_fills_no_seat(world: World) -> None:
    first, second = change(), change(reason="It ends on Sunday.")
    world.act("ben", "approved", first)
    world.put(second)
    world.approved(second, "dora")
    world.land()
    document = proof(world, second["id"])
    assert verify(document).code == 0
    document["gates"][0]["verdict"]["seats"][0] |= {"by": "ben", "act": _act(document, "ben")["id"]}
    assert "is stale: reason changed" in verify(document).out


def test_what_is_not_approved_yet_does_not_hold_and_its_acts_do(world: World) -> None:
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    document = proof(world, record["id"], "--at", at(seconds=0))
    assert "entered" not in document
    done = verify(document)
    assert done.code == 1
    assert "holds   APR-" in done.out and "nobody fills it" in done.out
    world.act("ben", "approved", record)
    assert verify(proof(world, record["id"])).code == 0


def test_a_refusal_that_landed_later_is_told(approved: World) -> None:
    approved.act("dora", "refused", change("portal"))
    approved.land("dora")
    document = proof(approved, change()["id"])
    assert [each["seen"] for each in document["acts"]].count("later") == 1
    done = verify(document)
    assert done.code == 1 and "refused by dora" in done.out


def test_a_refusal_that_was_taken_back_stands_in_nobodys_way(world: World) -> None:
    record = change()
    refusal = Path(world.act("ben", "refused", record)).stem
    world.act("ben", "withdrawn", record, supersedes=[refusal])
    world.put(record)
    world.approved(record, "dora")
    world.land()
    document = proof(world, record["id"])
    assert verify(document).code == 0
    document["acts"] = [each for each in document["acts"] if each["record"]["decision"] != "withdrawn"]
    assert "refused by ben" in verify(document).out


def test_a_role_withdraws_a_refusal_only_where_the_rule_says_so(world: World) -> None:
    record = change()
    refusal = Path(world.act("ben", "refused", record)).stem
    world.act("cleo", "withdrawn", record, supersedes=[refusal])
    world.put(record)
    world.approved(record, "dora")
    world.land()
    document = proof(world, record["id"])
    assert verify(document).code == 0
    document["people"]["cleo"]["roles"] = []
    assert "refused by ben" in verify(document).out


ENDED: dict[str, tuple[Document, Document, Document]] = {
    "its maker": ({"by": "ben"}, {}, {"by": "ben"}),
    "a deputy": ({"by": "ben"}, {}, {"by": "eve", "on_behalf_of": "ben"}),
    "whom a deputy decided for": ({"by": "eve", "on_behalf_of": "ben"}, {}, {"by": "ben"}),
    "a role": ({"by": "ben"}, {}, {"by": "cleo"}),
    "an author in person": ({"by": "ben"}, {"authors": ["ana", "ben"]}, {"by": "ben"}),
    "an author's deputy, in the author's name": (
        {"by": "ben"}, {"authors": ["ana", "ben"]}, {"by": "eve", "on_behalf_of": "ben"},
    ),
    "a signature, where a witness saw it": ({"by": "ben", "witness": "robo"}, {}, {"by": "ben"}),
}  # fmt: skip
STANDS: dict[str, tuple[Document, Document, Document]] = {
    "an author as a deputy": ({"by": "ben"}, {"authors": ["ana", "eve"]}, {"by": "eve", "on_behalf_of": "ben"}),
    "a requester as a deputy": ({"by": "ben"}, {"requester": "eve"}, {"by": "eve", "on_behalf_of": "ben"}),
    "a proposer as a deputy": (
        {"by": "ben"}, {"proposal": {"by": "eve", "digest": "itsm1:" + "0" * 64}}, {"by": "eve", "on_behalf_of": "ben"},
    ),
    "a proposer of an exception as a deputy": (
        {"by": "ben"}, {"proposal": {"by": "eve", "gate": "exception/x"}}, {"by": "eve", "on_behalf_of": "ben"},
    ),
    "an author, for whom a deputy refused": (
        {"by": "eve", "on_behalf_of": "ben"}, {"authors": ["ana", "ben"]}, {"by": "ben"},
    ),
    "a deputy, whose principal is an author now": (
        {"by": "eve", "on_behalf_of": "ben"}, {"authors": ["ana", "ben"]}, {"by": "eve", "on_behalf_of": "ben"},
    ),
    "somebody for whom a deputy proposed": (
        {"by": "eve", "on_behalf_of": "ben"}, {"proposal": {"by": "eve", "on_behalf_of": "ben"}}, {"by": "ben"},
    ),
    "a role that wrote it": ({"by": "ben"}, {"authors": ["ana", "cleo"]}, {"by": "cleo"}),
    "a role that proposed it": ({"by": "ben"}, {"proposal": {"by": "cleo", "gate": "exception/x"}}, {"by": "cleo"}),
    "a witness": ({"by": "ben"}, {}, {"by": "ben", "witness": "robo"}),
    "a bot": ({"by": "ben"}, {}, {"by": "robo"}),
}  # fmt: skip


def test_who_ends_a_refusal_is_the_same_for_the_program_and_the_verifier(world: World) -> None:
    """Each proof is made to say that it is approved, so that the verifier finds the refusal by itself."""
    term = {"to": "eve", "from": at(days=1), "until": at(days=-1)}
    world.put(world.edited(path(person("ben", "")), delegate=term))
    world.put(world.edited(path(person("robo", "")), roles=["witness"]))
    world.force()
    for number, (who, (refusal, more, back)) in enumerate((ENDED | STANDS).items()):
        fields = {key: value for key, value in more.items() if key != "proposal"}
        record = change(number=f"{number:05}", **fields)
        world.put(record)
        world.approved(record, "dora")
        if "proposal" in more:
            _made(world, record, "proposed", **more["proposal"])
        refused = _made(world, record, "refused", **refusal)
        _made(world, record, "withdrawn", supersedes=[refused], **back)
        document = proof(world, record["id"])
        stands = who in STANDS
        assert document["gates"][0]["verdict"]["status"] == ("refused" if stands else "approved"), who
        document["gates"][0]["verdict"] |= {"status": "approved", "refused": []}
        done = verify(document)
        assert (done.code, "refused by ben" in done.out) == (int(stands), stands), (who, done.out)


def _made(world: World, record: Document, decision: str, **fields: Any) -> str:
    """An act signed by its maker, or by its witness; its id."""
    signer = fields.get("witness") or fields["by"]
    by = fields.pop("by")
    return Path(world.act(by, decision, record, key=world.key(signer), **fields)).stem


def test_a_key_that_was_revoked_after_the_entry_is_told_and_voids_nothing(approved: World) -> None:
    key = {"key": approved.public("cleo"), "revoked": {"since": at(days=-1), "reason": "Lost."}}
    approved.put(approved.edited("records/people/cleo.yaml", keys=[key]))
    approved.force()
    done = verify(proof(approved, change()["id"]))
    assert done.code == 0 and "its key was revoked later" in done.out


def test_the_people_and_rules_are_those_of_the_entry_years_later(approved: World) -> None:
    approved.put(approved.edited(path(team("cab")), members=["ben"]))
    approved.put(approved.edited("records/people/cleo.yaml", state="retired"))
    approved.force()
    document = proof(approved, change()["id"])
    assert document["people"]["cleo"]["active"] is True
    assert verify(document).code == 0


def test_an_exception_from_a_freeze_is_a_gate_of_its_own(world: World) -> None:
    record = change(freeze_exception={"reason": "It ends in the freeze."})
    frozen(world)
    world.put(record)
    world.approved(record, "ben")
    granted(world, record, "cleo")
    world.land()
    document = proof(world, record["id"])
    assert [gate["gate"] for gate in document["gates"]] == ["scheduled", "exception/year-end"]
    assert list(document["gates"][1]["rules"]) == ["freeze/year-end"]
    assert verify(document).code == 0
    document["gates"][1]["verdict"]["seats"][0]["act"] = document["gates"][0]["verdict"]["seats"][0]["act"]
    assert "does not approve this gate" in verify(document).out


def test_files_that_an_article_shows_are_part_of_what_is_proved(world: World) -> None:
    shown = "attachments/vpn/plan.png"
    about = {"type": "how_to", "summary": "How to get in.", "state": "published", "authors": ["ana"]}
    article = {"id": "vpn", "kind": "article", "schema": 1, "title": "VPN"} | about | {"body": f"![Plan]({shown})\n"}
    world.write({"records/knowledge/vpn.yaml": text(article, "records/knowledge/vpn.yaml"), shown: b"\x89PNG\r\n"})
    document = proof(world, "vpn")
    assert list(document["content"]["attachments"]) == [shown]
    assert shown in document["fields"]
    assert verify(document).code == 0
    document["content"]["attachments"][shown] = "sha256:" + "0" * 64
    done = verify(document)
    assert done.code == 1 and f"the hashes of these fields are others: {shown}" in done.out


def test_an_edit_names_what_it_replaces(world: World) -> None:
    edited = world.edited(path(team("it")), members=["ana", "ben", "dora", "robo", "eve"])
    world.put(edited)
    world.approved(edited, "cleo")
    world.land()
    document = proof(world, "team/it")
    assert document["gates"][0]["replaces"]["content"]["material"]["members"] == ["ana", "ben", "dora", "robo"]
    assert verify(document).code == 0
    document["gates"][0]["replaces"]["content"]["material"]["members"] = ["ana"]
    assert verify(document).code == 1


def test_a_request_is_proved_by_the_seats_of_its_item(world: World) -> None:
    record = request("laptop")
    world.put(record)
    world.approved(record, "cleo")
    world.land()
    document = proof(world, record["id"])
    assert list(document["gates"][0]["rules"]) == ["item/laptop"]
    assert verify(document).code == 0


@pytest.mark.parametrize(("seat", "code"), [("changes/owner", 0), ("owner", 1), ("changes/other", 1)])
def test_an_act_for_the_seat_of_one_rule_fills_no_seat_of_another(world: World, seat: str, code: int) -> None:
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    world.act("ben", "approved", record, seat="changes/owner")
    world.land()
    document = proof(world, record["id"])
    act = next(each["record"] for each in document["acts"] if each["record"]["decision"] == "approved")
    document["gates"][0]["rules"]["board/owner"] = {"id": "owner", "seats": [{"people": ["cleo"]}]}
    elsewhere = {"rule": "board/owner", "seat": 0, "number": 0}
    document["gates"][0]["verdict"]["seats"].append(elsewhere)
    act |= signed_again(world, act | {"seat": seat}, "ben")
    done = verify(document)
    assert ("meant for another seat" in done.out) is bool(code)


def test_what_needs_nobody_holds_and_the_reason_is_told(world: World) -> None:
    world.put(request("mouse", "M0VSE"))
    world.land()
    done = verify(proof(world, request("mouse", "M0VSE")["id"]))
    assert done.code == 0 and "item/mouse asks for nobody" in done.out


def test_a_delegated_act_counts_while_the_delegation_is_in_force(world: World) -> None:
    delegate = {"to": "eve", "from": at(days=1), "until": at(days=-1)}
    world.put(world.edited(path(person("ben", "")), delegate=delegate))
    world.force()
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    world.act("eve", "approved", record, on_behalf_of="ben")
    world.land()
    document = proof(world, record["id"])
    assert verify(document).code == 0
    document["people"]["ben"]["delegate"]["until"] = at(hours=1)
    assert "the delegation was not in force" in verify(document).out


def test_settings_and_workflow_files_are_proved_too(world: World) -> None:
    data = world.on_base("itsm.yaml") or {}
    head = data | {"name": "Another name", "revision": 2}
    world.write({"itsm.yaml": text(head, "itsm.yaml"), ".github/workflows/check.yml": "on: push\n"})
    world.approved(head, "cleo")
    for ref, code in (("workspace", 0), ("workflows", 1)):
        document = proof(world, ref)
        assert document["subject"] == ref
        assert verify(document).code == code


def test_a_proof_is_json_and_of_something_that_is_decided_on(world: World) -> None:
    done = itsm(world, "ana", "show", "mail", "--proof")
    assert (done.code, done.out) == (2, "")
    assert "itsm show mail --format json --proof" in done.err
    done = itsm(world, "ana", "show", "1NC01", "--format", "json", "--proof")
    assert done.code == 2 and "needs no decision" in done.err
    done = itsm(world, "ana", "show", "mail", "--format", "json", "--proof")
    assert done.code == 3 and "first commit of the workspace" in done.err


def test_the_vector_of_the_page_holds() -> None:
    record, act = page._data("yaml"), page._data("text act")
    material = {key: value for key, value in record.items() if key not in page.NOT_MATERIAL}
    ben = {"active": True, "human": True, "roles": [], "keys": [{"key": page._block("text key").strip()}]}
    place = {"rule": "changes/other", "seat": 0, "number": 0, "by": "ben-example", "act": act["id"], "as": "named"}
    gate = {
        "gate": "scheduled", "barred": {"ana-example": "is one of its authors"},
        "rules": {"changes/other": {"id": "other", "seats": [{"people": ["ben-example"]}]}},
        "verdict": {"status": "approved", "seats": [place], "held_back": [], "faults": []},
    }  # fmt: skip
    document = {
        "version": 1, "workspace": act["workspace"], "judged_at": act["at"], "subject": act["subject"],
        "digest": act["digest"], "content": {"kind": "change", "schema": 1, "material": material},
        "fields": act["fields"], "people": {"ben-example": ben}, "teams": {}, "gates": [gate],
        "acts": [{"path": f"records/approvals/{act['subject']}/{act['id']}.yaml", "seen": "base", "record": act}],
    }  # fmt: skip
    done = verify(document)
    assert "holds   APR-20261121-B7N2S: ben-example approved at gate scheduled" in done.out
    assert done.out.count("FAULT") == 1 and "nobody proposed exactly this content" in done.out
