"""Whether evidence holds: real keys, real signatures, and what people do to them."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.domain.approval.act import statement
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.remembered import Remembered
from itsm_as_code.evidence import proved, ssh_keygen
from itsm_as_code.evidence.sshsig import fingerprint, key_blob
from itsm_as_code.evidence.verification import Claim, fault, faults, keys_of_both, not_in_force, revoked_keys
from tests.evidence.conftest import Keys, public

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
RECORD: dict[str, Any] = {
    "id": "APR-20261121-7K3Q9", "kind": "approval", "schema": 1, "workspace": "k3v9x0qa",
    "subject": "CHG-20261121-7K3Q9", "gate": "scheduled", "digest": "itsm1:" + "a" * 64,
    "fields": {"reason": "1" * 16}, "decision": "approved", "by": "ana", "at": "2026-11-21T08:00:00Z",
    "comment": "Fine ☺", "supersedes": ["APR-20261121-0000A"],
}  # fmt: skip


def signed(key: Path, **more: Any) -> dict[str, Any]:
    """The record with these changes, signed with a key."""
    data = RECORD | more
    return data | {"signature": ssh_keygen.sign(statement(data), key)}


def holder(*keys: Path, name: str = "ana", window: dict[str, Any] | None = None, **more: Any) -> Person:
    """A person of base who holds these keys, all with the same `valid_from`, `valid_until`, `revoked`."""
    listed = [{"key": public(key), **(window or {})} for key in keys]
    return Person.model_validate({"id": name, "kind": "person", "schema": 1, "name": name, "keys": listed, **more})


@pytest.mark.parametrize("sort", ["ed25519", "ecdsa", "p384", "rsa3072"])
def test_the_makers_registered_key_over_exactly_these_words_holds(keys: Keys, sort: str) -> None:
    key = keys(f"ana-{sort}")
    assert fault(Claim(signed(key), holder(keys("ana-ed25519"), key)), NOW) is None


def test_layout_and_order_of_keys_do_not_matter(keys: Keys) -> None:
    key = keys("ana-ed25519")
    turned = dict(reversed(signed(key).items()))
    assert fault(Claim(turned, holder(key)), NOW) is None


def test_a_short_rsa_key_is_as_good_as_none(keys: Keys) -> None:
    key = keys("ana-rsa2048")
    assert "a key that is not ana's" in str(fault(Claim(signed(key), holder(key)), NOW))


def test_unsigned_is_no_evidence(keys: Keys) -> None:
    ana = holder(keys("ana-ed25519"))
    assert fault(Claim(RECORD, ana), NOW) == "unsigned"
    assert fault(Claim(RECORD | {"signature": ["x"]}, ana), NOW) == "unsigned"
    assert fault(Claim(RECORD | {"signature": ""}, ana), NOW) is not None


def test_somebody_who_is_nobody_at_base_proves_nothing(keys: Keys) -> None:
    assert fault(Claim(signed(keys("ana-ed25519")), None), NOW) == "ana is not on base"


def test_the_key_of_another_person_is_not_the_makers(keys: Keys) -> None:
    """The claim names ana, ben signed: whether ben's key is registered too does not matter."""
    found = fault(Claim(signed(keys("ben-ed25519")), holder(keys("ana-ed25519"))), NOW)
    assert found is not None
    assert found.startswith("signed with a key that is not ana's on base (SHA256:")


def test_a_person_without_keys_proves_nothing(keys: Keys) -> None:
    assert "not ana's on base" in str(fault(Claim(signed(keys("ana-ed25519")), holder()), NOW))


EDITS: dict[str, Any] = {
    "id": "APR-20261121-0000B", "workspace": "other000", "subject": "CHG-20261121-0000A", "gate": "edit",
    "digest": "itsm1:" + "b" * 64, "fields": {}, "decision": "refused", "at": "2026-11-21T08:00:01Z",
    "comment": "Fine", "supersedes": [], "on_behalf_of": "ben", "seat": "cab", "replaces": "itsm1:" + "c" * 64,
    "schema": 2,
}  # fmt: skip


@pytest.mark.parametrize("field", EDITS)
def test_a_signature_copied_to_other_words_does_not_hold(keys: Keys, field: str) -> None:  # A040
    key = keys("ana-ed25519")
    copied = signed(key) | {field: EDITS[field]}
    found = fault(Claim(copied, holder(key)), NOW)
    assert found is not None
    assert found.startswith("the signature does not verify: ")


@pytest.mark.parametrize("field", sorted(RECORD.keys() - {"by"}))
def test_a_field_that_is_taken_out_breaks_the_signature(keys: Keys, field: str) -> None:
    key = keys("ana-ed25519")
    cut = {name: value for name, value in signed(key).items() if name != field}
    assert "does not verify" in str(fault(Claim(cut, holder(key)), NOW))


def test_a_claim_on_another_maker_with_the_same_signature_does_not_hold(keys: Keys) -> None:
    key = keys("ana-ed25519")
    stolen = signed(key) | {"by": "ben"}
    assert fault(Claim(stolen, holder(keys("ben-ed25519"), name="ben")), NOW) is not None
    assert "does not verify" in str(fault(Claim(stolen, holder(key, name="ben")), NOW))


@pytest.mark.parametrize("namespace", ["git", "file", "itsm-approval2", "ITSM-APPROVAL"])
def test_a_signature_for_another_purpose_does_not_hold(keys: Keys, namespace: str) -> None:
    key = keys("ana-ed25519")
    words = statement(RECORD)
    arguments = ["ssh-keygen", "-Y", "sign", "-n", namespace, "-f", str(key)]
    armour = subprocess.run(arguments, input=words, capture_output=True, check=True).stdout.decode()
    claim = Claim(RECORD | {"signature": armour}, holder(key))
    assert fault(claim, NOW) == f"signed for another purpose ({namespace})"
    assert ssh_keygen.verify(words, armour, public(key)) is not None


@pytest.mark.parametrize("at", ["2026-11-21T08:00:00Z", "2020-01-01T00:00:00Z"], ids=["honest", "backdated"])
@pytest.mark.parametrize(
    ("window", "wanted"),
    [
        (
            {"revoked": {"since": NOW, "reason": "Laptop stolen"}},
            "the key is revoked from 2026-11-21T09:00:00Z on: Lap",
        ),
        ({"revoked": {"since": NOW + HOUR, "reason": "Rotation"}}, None),
        ({"valid_until": NOW}, "the key was valid until 2026-11-21T09:00:00Z"),
        ({"valid_until": NOW + HOUR}, None),
        ({"valid_from": NOW + HOUR}, "the key is valid from 2026-11-21T10:00:00Z on"),
        ({"valid_from": NOW}, None),
        ({"valid_from": NOW - HOUR, "valid_until": NOW + HOUR}, None),
    ],
)
def test_a_key_is_judged_at_the_checks_clock(keys: Keys, at: str, window: dict[str, Any], wanted: str | None) -> None:
    key = keys("ana-ed25519")
    found = fault(Claim(signed(key, at=at), holder(key, window=window)), NOW)
    assert (found or "").startswith(wanted or "")
    assert (found is None) is (wanted is None)


def test_a_clock_in_another_zone_is_the_same_clock(keys: Keys) -> None:
    key = keys("ana-ed25519")
    until = {"valid_until": "2026-11-21T05:00:01-04:00"}
    assert fault(Claim(signed(key), holder(key, window=until)), NOW) is None
    assert fault(Claim(signed(key), holder(key, window=until)), NOW + HOUR) is not None


def test_what_has_landed_outlives_its_key_but_not_a_revocation(keys: Keys) -> None:
    key = keys("ana-ed25519")
    data = signed(key)
    rotated = holder(key, window={"valid_until": NOW - HOUR})
    assert fault(Claim(data, rotated), NOW) is not None
    assert fault(Claim(data, rotated, landed=True), NOW) is None
    stolen = holder(key, window={"revoked": {"since": NOW - HOUR, "reason": "stolen"}})
    assert "revoked" in str(fault(Claim(data, stolen, landed=True), NOW))
    forged = data | {"decision": "refused"}
    assert "does not verify" in str(fault(Claim(forged, rotated, landed=True), NOW))


def test_a_new_key_beside_an_old_one_is_judged_by_its_own_window(keys: Keys) -> None:
    old, new = keys("ana-ecdsa"), keys("ana-ed25519")
    listed = [{"key": public(old), "valid_until": write_instant(NOW)}, {"key": public(new)}]
    ana = Person.model_validate({"id": "ana", "kind": "person", "schema": 1, "name": "Ana", "keys": listed})
    assert fault(Claim(signed(new), ana), NOW) is None
    assert fault(Claim(signed(old), ana), NOW) is not None


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("window", "wanted"),
    [
        ({"revoked": {"since": write_instant(NOW - HOUR), "reason": "stolen"}}, "the key is revoked"),
        ({"valid_until": write_instant(NOW)}, "the key was valid until"),
    ],
    ids=["revoked", "expired"],
)
def test_of_two_listings_of_one_key_the_stricter_counts(
    keys: Keys, order: int, window: dict[str, Any], wanted: str
) -> None:
    key = keys("ana-ed25519")
    listed = [{"key": public(key)}, {"key": public(key), **window}][::order]
    ana = Person.model_validate({"id": "ana", "kind": "person", "schema": 1, "name": "Ana", "keys": listed})
    assert (fault(Claim(signed(key), ana), NOW) or "").startswith(wanted)
    assert all((not_in_force(ana, each, NOW) or "").startswith(wanted) for each in ana.keys)


def test_the_revoked_keys_of_all_people_are_known_with_the_instants_since_when(keys: Keys) -> None:
    """Neither a key that is not accepted nor one that is still in force is among them, whatever stands behind it."""

    def revoked(since: datetime) -> dict[str, Any]:
        return {"revoked": {"since": since, "reason": "Laptop stolen"}}

    ana = holder(keys("ana-rsa2048"), keys("ana-ed25519"), window=revoked(NOW))
    ci, ben = holder(keys("ci-ed25519"), name="ci"), holder(keys("ben-ed25519"), name="ben", window=revoked(NOW + HOUR))
    lost, later = (fingerprint(key_blob(public(keys(name)))) for name in ("ana-ed25519", "ben-ed25519"))
    assert revoked_keys([ana, ci, ben]) == {lost: NOW, later: NOW + HOUR}


def test_a_key_that_is_not_accepted_is_never_in_force(keys: Keys) -> None:
    ana = holder(keys("ana-rsa2048"))
    assert "3072 are needed" in str(not_in_force(ana, ana.keys[0], NOW))


def test_the_keys_of_two_registries_are_those_in_force_in_both(keys: Keys) -> None:
    old, new = keys("ana-ecdsa"), keys("ana-ed25519")
    both, later = holder(old, new), holder(new)
    assert keys_of_both(both, later, NOW) == {fingerprint(key_blob(public(new)))}
    ended = holder(new, window={"valid_until": write_instant(NOW)})
    assert keys_of_both(ended, both, NOW) == keys_of_both(both, ended, NOW) == frozenset()
    assert keys_of_both(None, both, NOW) == keys_of_both(both, None, NOW) == frozenset()


def test_a_witness_signs_for_a_review_that_it_saw(keys: Keys) -> None:
    key = keys("ci-ed25519")
    data = signed(key, witness="ci")
    assert fault(Claim(data, holder(key, name="ci", type="bot", roles=["witness"])), NOW) is None
    assert fault(Claim(data, holder(key, name="ci", type="bot")), NOW) == "ci is not a registered witness"


def test_a_witness_that_was_retired_is_none_for_what_is_new(keys: Keys) -> None:
    key = keys("ci-ed25519")
    data, retired = signed(key, witness="ci"), holder(key, name="ci", roles=["witness"], state="retired")
    assert fault(Claim(data, retired), NOW) == "ci is not a registered witness"
    assert fault(Claim(data, retired, landed=True), NOW) is None


def test_the_makers_own_key_is_no_witness(keys: Keys) -> None:
    data = signed(keys("ana-ed25519"), witness="ci")
    ci = holder(keys("ci-ed25519"), name="ci", roles=["witness"])
    assert "not ci's on base" in str(fault(Claim(data, ci), NOW))


def test_a_witness_can_not_be_added_to_a_signed_act_nor_taken_off(keys: Keys) -> None:
    key = keys("ci-ed25519")
    ci = holder(key, name="ci", roles=["witness"])
    assert "does not verify" in str(fault(Claim(signed(key) | {"witness": "ci"}, ci), NOW))
    without = {name: value for name, value in signed(key, witness="ci").items() if name != "witness"}
    assert "does not verify" in str(fault(Claim(without, holder(key)), NOW))


def _mangled(armour: str) -> dict[str, str]:
    lines = armour.split("\n")
    return {
        "CRLF": armour.replace("\n", "\r\n"),
        "a line more": armour + "\n",
        "words before": "hello\n" + armour,
        "spaces": armour.replace("\n", " \n"),
        "two signatures": armour * 2,
        "truncated": "\n".join([*lines[:2], *lines[-2:]]),
        "wrong magic": armour.replace("U1NIU0lH", "U1NIU0lI"),
        "no armour": "".join(lines[1:-2]),
        "PGP": armour.replace("SSH", "PGP"),
    }


def test_a_signature_whose_armour_is_not_exact_is_malformed(keys: Keys) -> None:
    key = keys("ana-ed25519")
    data = signed(key)
    for how, armour in _mangled(data["signature"]).items():
        assert armour != data["signature"]
        found = fault(Claim(data | {"signature": armour}, holder(key)), NOW)
        assert (found or "").startswith("the signature is malformed: "), how


@pytest.mark.parametrize("index", [0, 20, 60, 100, 150, 200, 230])
def test_no_other_letter_in_a_signature_holds(keys: Keys, index: int) -> None:
    key = keys("ana-ed25519")
    data = signed(key)
    begin, *body, end, empty = data["signature"].split("\n")
    flat = "".join(body)
    other = flat[:index] + ("A" if flat[index] != "A" else "B") + flat[index + 1 :]
    lines = [other[start : start + 70] for start in range(0, len(other), 70)]
    armour = "\n".join([begin, *lines, end, empty])
    assert fault(Claim(data | {"signature": armour}, holder(key)), NOW) is not None


@pytest.mark.parametrize("value", [None, 0.5, 2**60])
def test_words_without_a_canonical_form_prove_nothing(keys: Keys, value: Any) -> None:
    key = keys("ana-ed25519")
    found = fault(Claim(signed(key) | {"comment": value}, holder(key)), NOW)
    assert (found or "").startswith("the signature is malformed: ")


def test_the_users_own_settings_do_not_matter(keys: Keys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key, other = keys("ana-ed25519"), keys("ben-ed25519")
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / "config").write_text("garbage here\n")
    (home / ".ssh" / "allowed_signers").write_text(f"* {public(other)}\n")
    program = '[gpg]\n\tformat = ssh\n[gpg "ssh"]\n\tprogram = /bin/false\n'
    (home / ".gitconfig").write_text(f"{program}\tallowedSignersFile = {home}/.ssh/allowed_signers\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    monkeypatch.setenv("LC_ALL", "xx_XX")
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "nowhere"))
    monkeypatch.chdir(tmp_path)
    assert fault(Claim(signed(key), holder(key)), NOW) is None
    assert fault(Claim(signed(other), holder(key)), NOW) is not None


def test_many_claims_are_judged_each_by_itself_and_in_order(keys: Keys) -> None:
    key = keys("ana-ed25519")
    ana, good = holder(key), signed(key)
    claims = [Claim(good, ana), Claim(RECORD, ana), Claim(good | {"gate": "edit"}, ana), Claim(good, None)] * 2
    found = faults(claims, NOW)
    assert found == [fault(claim, NOW) for claim in claims]
    assert [each is None for each in found] == [True, False, False, False] * 2
    assert faults([], NOW) == []
    assert faults(claims[1:2], NOW) == ["unsigned"]


def test_what_was_judged_when_it_landed_is_not_read_again(keys: Keys) -> None:
    """Only the key counts still: the words, which have no canonical form any more, are not looked at."""
    key = keys("ana-ed25519")
    unreadable = signed(key) | {"comment": 1.5}
    assert fault(Claim(unreadable, holder(key), judged=True), NOW) is None
    assert "is malformed" in str(fault(Claim(unreadable, holder(key)), NOW))


def test_a_signature_is_asked_about_only_where_all_else_holds(keys: Keys) -> None:
    key = keys("ana-ed25519")
    data, asked = signed(key), []

    def verify(words: bytes, armour: str, registered: str) -> str | None:
        asked.append((words, armour, registered))
        return None

    assert fault(Claim(data | {"at": "2020-01-01T00:00:00Z"}, holder()), NOW, verify) is not None
    assert fault(Claim(data, holder(key, window={"valid_until": NOW})), NOW, verify) is not None
    assert not asked
    assert fault(Claim(data, holder(key)), NOW, verify) is None
    assert asked == [(statement(RECORD), data["signature"], public(key))]


def test_without_ssh_keygen_nothing_could_be_checked(
    keys: Keys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = keys("ana-ed25519")
    data = signed(key)
    monkeypatch.setattr(proved, "_good", Remembered[bytes, bool](2))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CouldNotCheck, match="ssh-keygen was not found"):
        fault(Claim(data, holder(key)), NOW)
    with pytest.raises(CouldNotCheck, match="ssh-keygen was not found"):
        ssh_keygen.sign(b"words", key)


@pytest.mark.parametrize("said", ["", "Good", 'Good \\"file\\" signature for signer', 'Not Good \\"itsm-approval\\"'])
def test_A173_a_signature_is_good_by_the_words_of_ssh_keygen_and_not_by_its_end_alone(
    keys: Keys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str
) -> None:
    key = keys("ana-ed25519")
    signature = ssh_keygen.sign(b"words", key)
    program = tmp_path / "ssh-keygen"
    program.write_text(f'#!/bin/sh\necho "{said}"\nexit 0\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert ssh_keygen.verify(b"words", signature, public(key)) is not None


def test_a_key_that_is_not_there_signs_nothing(tmp_path: Path) -> None:
    with pytest.raises(CouldNotCheck, match="ssh-keygen did not sign"):
        ssh_keygen.sign(b"words", tmp_path / "none")


def test_nothing_is_left_behind(keys: Keys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    key = keys("ana-ed25519")
    assert fault(Claim(signed(key), holder(key)), NOW) is None
    assert not list(tmp_path.iterdir())


def test_a_good_signature_is_verified_once_and_any_other_each_time(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of what a signature rests on may differ: neither the statement nor the key nor the armour."""
    monkeypatch.setattr(proved, "_good", Remembered[bytes, bool](64))
    asked: list[tuple[str, str]] = []
    verify = ssh_keygen.verify

    def counting(statement: bytes, signature: str, public_key: str) -> str | None:
        asked.append((signature, public_key))
        return verify(statement, signature, public_key)

    monkeypatch.setattr(ssh_keygen, "verify", counting)
    key = keys("ana-ed25519")
    good, other = Claim(signed(key), holder(key)), Claim(signed(key) | {"comment": "not signed"}, holder(key))
    assert [faults([good, other, good], NOW)[1] is not None for _ in range(3)] == [True] * 3
    assert faults([good, good], NOW) == [None, None]
    assert len(asked) == 3 + 2, "the good one twice before it was known, the other one each time"
    revoked = holder(key, window={"revoked": {"since": "2020-01-01T00:00:00Z", "reason": "lost"}})
    assert "revoked" in (faults([replace(good, signer=revoked)], NOW)[0] or ""), "who may sign is asked each time"
    assert "is not" in (faults([replace(good, signer=holder(keys("ben-ed25519")))], NOW)[0] or "")
    assert len(asked) == 5


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_revocations_of_one_key_the_earlier_one_counts(keys: Keys, order: int) -> None:
    key = keys("ana-ed25519")
    listed = [{"key": public(key), "revoked": {"since": since, "reason": "Stolen"}} for since in (NOW, NOW + HOUR)]
    ana = Person.model_validate({"id": "ana", "kind": "person", "schema": 1, "name": "Ana", "keys": listed[::order]})
    assert revoked_keys([ana]) == {fingerprint(key_blob(public(key))): NOW}
