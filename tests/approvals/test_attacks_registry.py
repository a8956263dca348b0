"""People, keys, teams and what the rules rest on, changed so that a later or the same step is judged otherwise."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from itsm_as_code.domain.approval.act import NAMESPACE, statement
from tests.approvals.conftest import make_key
from tests.approvals.records import (
    CHANGES,
    NOBODY,
    Record,
    at,
    change,
    item,
    path,
    person,
    policy,
    request,
    service,
    team,
    text,
)
from tests.approvals.world import Push, World

STOLEN = {"since": at(minutes=1), "reason": "A stolen laptop"}


def _offered(world: World, record: Record, *words: str) -> Push:
    """An edit that a keeper approves, and that is refused all the same."""
    world.put(record)
    world.approved(record, "cleo")
    push = world.offer()
    assert not push.landed, push.said
    for word in words:
        assert word in push.said, push.said
    return push


# keys


def test_A037_a_key_listed_twice_is_not_revoked_by_halves(world: World) -> None:
    revoked = {"key": world.public("ben"), "revoked": STOLEN}
    world.put(world.edited(path(person("ben", "")), keys=[revoked]))
    world.force()
    twice = [{"key": world.public("ben")}, revoked]
    _offered(world, world.edited(path(person("ben", "")), keys=twice), "ID011")


@pytest.mark.parametrize("revoked", [None, STOLEN | {"since": "2190-01-01T00:00:00Z"}], ids=str)
def test_A037_a_revocation_is_not_taken_back(world: World, revoked: Record | None) -> None:
    world.put(world.edited(path(person("ben", "")), keys=[{"key": world.public("ben"), "revoked": STOLEN}]))
    world.force()
    key = {"key": world.public("ben")} | ({"revoked": revoked} if revoked else {})
    _offered(world, world.edited(path(person("ben", "")), keys=[key]), "LIF032")


@pytest.mark.parametrize("field", ["keys", "emails", "forge"])
def test_A003_what_proves_one_person_is_not_another_persons_too(world: World, field: str) -> None:
    account = {"github": {"login": "ben", "id": 4711}}
    world.put(world.edited(path(person("ben", "")), forge=account))
    world.force()
    value = {"keys": [{"key": world.public(who)} for who in ("eve", "ben")], "emails": ["Ben@Example.org"]}
    borrowed = value.get(field, {"github": {"login": "eve", "id": 4711}})
    _offered(world, world.edited(path(person("eve", "")), **{field: borrowed}), "ID010", "ben has it too")


def test_A003_a_retired_persons_key_is_not_taken_over(world: World) -> None:
    world.put(world.edited(path(person("ben", "")), state="retired"))
    world.force()
    keys = [{"key": world.public(who)} for who in ("eve", "ben")]
    _offered(world, world.edited(path(person("eve", "")), keys=keys), "ID010")


def test_A046_a_signature_over_sha_1_is_none(world: World, tmp_path: Path) -> None:
    key = tmp_path / "rsa"
    public = make_key(key, "-t", "rsa", "-b", "3072", "-m", "PEM")
    world.put(world.edited(path(person("ben", "")), keys=[{"key": world.public("ben")}, {"key": public}]))
    world.force()
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    act = world.unsigned("ben", "approved", record)
    for algorithm, option in ((b"ssh-rsa", "-sha1"), (b"rsa-sha2-512", "-sha512")):
        act["signature"] = _signed_by_hand(key, public, statement(act), algorithm, option)
        world.file_act(act)
        push = world.offer()
        assert push.landed is (option == "-sha512"), push.said
        assert push.landed or "the signature does not verify" in push.said


def _signed_by_hand(key: Path, public: str, words: bytes, algorithm: bytes, option: str) -> str:
    """An SSH signature whose inner algorithm is chosen, as OpenSSH itself no longer makes it."""
    digest = subprocess.run(["openssl", "dgst", "-sha512", "-binary"], input=words, capture_output=True, check=True)
    inner = b"SSHSIG" + b"".join(map(_string, (NAMESPACE.encode(), b"", b"sha512", digest.stdout)))
    made = subprocess.run(
        ["openssl", "dgst", option, "-sign", str(key)], input=inner, capture_output=True, check=True
    ).stdout
    blob = base64.b64decode(public.split()[1])
    signature = _string(algorithm) + _string(made)
    whole = b"SSHSIG\0\0\0\1" + b"".join(map(_string, (blob, NAMESPACE.encode(), b"", b"sha512", signature)))
    body = base64.b64encode(whole).decode()
    lines = [body[start : start + 70] for start in range(0, len(body), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def _string(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


# what the rules rest on, changed in the step that they judge


def test_A099_a_tier_lowered_in_the_same_step_is_that_of_base(world: World) -> None:
    lowered = world.on_base(path(service("portal", 1)))
    assert lowered is not None
    world.put(lowered | {"tier": 4, "revision": 2, "authors": ["ana"]})
    record = change("portal")
    world.put(record)
    world.approved(record, "dora")
    push = world.step()
    assert not push.landed and "changes/board by one of ben, cleo" in push.said


def test_A002_a_service_given_to_ones_own_team_in_the_same_step_is_that_of_base(world: World) -> None:
    world.put(world.edited(path(CHANGES), rules=[{"id": "owner", "seats": [{"owner_team": True}]}]))
    world.put(team("friends", "eve"))
    world.force()
    world.put(world.edited(path(service("mail", 3)), owner="friends"))
    record = change()
    world.put(record)
    world.approved(record, "eve")
    push = world.step()
    assert not push.landed and "changes/owner by one of ben, dora" in push.said


def test_A005_a_policy_retired_in_the_same_step_still_judges(world: World) -> None:
    world.put(policy("spare", "scheduled", ["change"], {"id": "all"} | NOBODY))
    world.force()
    retired = world.edited(path(CHANGES), state="retired")
    record = change()
    world.put(retired, record)
    world.approved(retired, "cleo")
    world.act("ana", "proposed", record)
    push = world.step()
    assert not push.landed and "changes/owner by one of ben, dora" in push.said


def test_A001_a_request_item_loosened_in_the_same_step_is_that_of_base(world: World) -> None:
    world.put(world.edited(path(item("laptop")), seats=[]), request("laptop"))
    push = world.step()
    assert not push.landed and "item/laptop by one of cleo, dora" in push.said


def test_A012_what_an_act_rests_on_is_never_fetched(world: World) -> None:
    for fields in ({"extends": "cab"}, {"rules_from": "refs/heads/rules"}):
        _offered(world, world.edited(path(CHANGES), **fields), "SCH001")


def test_A013_of_two_rules_that_match_both_apply(world: World) -> None:
    strict = {"id": "strict", "when": {"service": "mail"}, "seats": [{"people": ["cleo"]}]}
    world.put(policy("a-strict", "scheduled", ["change"], strict))
    world.put(policy("z-broad", "scheduled", ["change"], {"id": "all"} | NOBODY))
    world.force()
    record = change()
    world.put(record)
    world.approved(record, "ben")
    push = world.step()
    assert not push.landed and "a-strict/strict by cleo" in push.said
    world.act("cleo", "approved", record)
    assert world.offer().landed is False  # the commit that was refused is still below
    world.git("reset", "--quiet", "--soft", world.tip())
    world.land()


def test_A020_whoever_asked_for_it_does_not_approve_it(world: World) -> None:
    record = request("laptop") | {"requester": "cleo"}
    world.put(record)
    world.approved(record, "cleo")
    push = world.step()
    assert not push.landed and "item/laptop by dora" in push.said


def test_A020_whoever_asked_for_it_on_base_does_not_approve_it_either(world: World) -> None:
    record = request("laptop") | {"requester": "cleo"}
    world.put(record | {"timeline": record["timeline"][:1]})
    world.force()
    other = record | {"requester": "eve", "revision": 2}
    world.put(other)
    world.approved(other, "cleo")
    assert not world.offer().landed


def test_A020_a_co_author_of_the_commit_counts_as_its_author(world: World) -> None:
    record = change()
    world.put(record)
    world.approved(record, "ben")
    world.git("add", "--all")
    world.git("commit", "--quiet", "-m", "step\n\nCo-authored-by: B <BEN@example.org>")
    push = world.push()
    assert not push.landed and "ben wrote on it" in push.said


def test_A147_a_workspace_does_not_take_another_id(world: World) -> None:
    data = world.on_base("itsm.yaml")
    assert data is not None
    head = data | {"id": "an0therw0rkspace", "revision": 2}
    world.write({"itsm.yaml": text(head, "itsm.yaml")})
    world.approved(head, "cleo")
    assert not world.offer().landed
