"""What is handed to the verifier, at which clock, and what is said of witnesses and purposes."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from itsm_as_code.domain.approval.act import statement
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.evidence.sshsig import fingerprint, key_blob
from itsm_as_code.evidence.verification import WORKERS, Claim, fault, faults, not_in_force
from tests.evidence.conftest import Keys, public
from tests.evidence.test_sshsig import armoured, blob
from tests.evidence.test_verification import HOUR, NOW, RECORD, holder, signed


@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_every_claim_goes_to_the_verifier_that_is_given_with_its_words(keys: Keys, count: int) -> None:
    key = keys("ana-ed25519")
    records = [signed(key, comment=f"no. {number}") for number in range(count)]
    asked: list[tuple[bytes, str, str]] = []

    def verify(words: bytes, armour: str, public_key: str) -> str | None:
        asked.append((words, armour, public_key))
        return "so it is" if b"no. 0" in words else None

    found = faults([Claim(each, holder(key)) for each in records], NOW, verify)
    assert found == ["so it is", *[None] * (count - 1)]
    assert sorted(asked) == sorted((statement(each), each["signature"], public(key)) for each in records)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(("now", "holds"), [(NOW - HOUR, True), (NOW + HOUR, False)])
def test_every_claim_is_judged_at_the_clock_that_is_given(keys: Keys, count: int, now: datetime, holds: bool) -> None:
    key = keys("ana-ed25519")
    ana = holder(key, window={"valid_until": write_instant(NOW)})
    assert [each is None for each in faults([Claim(signed(key), ana)] * count, now)] == [holds] * count


@pytest.mark.threads
def test_no_more_claims_are_verified_at_once_than_there_are_workers(keys: Keys) -> None:
    """A signature is a process: as many as a machine has memory for would be too many."""
    key = keys("ana-ed25519")
    record, lock, full, running, most = signed(key), threading.Lock(), threading.Event(), 0, 0
    pair = threading.Barrier(2)

    def verify(words: bytes, armour: str, public_key: str) -> str | None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            if running > WORKERS:
                full.set()
        pair.wait(60)  # two are here together, however slow the machine is
        full.wait(0.02)
        with lock:
            running -= 1
        return None

    assert faults([Claim(record, holder(key))] * 32, NOW, verify) == [None] * 32
    assert 1 < most <= WORKERS


@pytest.mark.threads
@pytest.mark.parametrize(("count", "threads"), [(1, False), (2, True), (3, True)])
def test_one_claim_takes_no_thread_and_two_do(keys: Keys, count: int, threads: bool) -> None:
    key = keys("ana-ed25519")
    names: set[str] = set()

    def verify(words: bytes, armour: str, public_key: str) -> str | None:
        names.add(threading.current_thread().name)
        return None

    faults([Claim(signed(key), holder(key))] * count, NOW, verify)
    assert (threading.main_thread().name not in names) is threads


def test_the_witness_is_named_where_it_is_nobody(keys: Keys) -> None:
    key = keys("ana-ed25519")
    assert fault(Claim(signed(key, witness="ci"), None), NOW) == "ci is not on base"


def test_another_purpose_is_shown_up_to_forty_letters(keys: Keys) -> None:
    ana = holder(keys("ana-ed25519"))
    other = RECORD | {"signature": armoured(blob(namespace=b"x" * 41))}
    assert fault(Claim(other, ana), NOW) == f"signed for another purpose ({'x' * 40})"


def test_a_key_behind_one_that_is_not_accepted_is_found(keys: Keys) -> None:
    short, key = keys("ana-rsa2048"), keys("ana-ed25519")
    assert fault(Claim(signed(key), holder(short, key)), NOW) is None
    assert fault(Claim(signed(key), holder(key, short)), NOW) is None


@pytest.mark.parametrize("strict_first", [True, False])
def test_every_listing_of_a_key_must_allow_it(keys: Keys, strict_first: bool) -> None:
    key = keys("ana-ed25519")
    open_, ended = (holder(key, window=window) for window in ({}, {"valid_until": write_instant(NOW - HOUR)}))
    listed = (*ended.keys, *open_.keys) if strict_first else (*open_.keys, *ended.keys)
    ana = open_.model_copy(update={"keys": listed})
    wanted = f"the key was valid until {write_instant(NOW - HOUR)}"
    assert fault(Claim(signed(key), ana), NOW) == wanted
    assert not_in_force(ana, listed[0], NOW) == wanted


def test_a_key_that_is_not_accepted_signs_nothing_new(keys: Keys) -> None:
    ana = holder(keys("ana-rsa2048"))
    assert not_in_force(ana, ana.keys[0], NOW) == "an RSA key of 2048 bits; 3072 are needed"
    sound = holder(keys("ana-ed25519"))
    assert not_in_force(sound, sound.keys[0], NOW) is None


@pytest.mark.parametrize(("since", "holds"), [(timedelta(0), False), (-HOUR, False), (HOUR, True)])
@pytest.mark.parametrize("landed", [True, False])
def test_a_key_that_turned_out_to_be_in_other_hands_voids_what_it_signed(
    keys: Keys, since: timedelta, holds: bool, landed: bool
) -> None:
    key = keys("ana-ed25519")
    told = {fingerprint(key_blob(public(key))): NOW + since}
    found = fault(Claim(signed(key), holder(key), landed, told), NOW)
    assert found == (None if holds else f"somebody else may have had the key since {write_instant(NOW + since)}")
