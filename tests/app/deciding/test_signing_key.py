"""Which key a person signs with."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.app.deciding.signing_key import signing_key
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.evidence.ssh_keygen import NoPrivateKey
from tests.approvals.records import NOW, person
from tests.approvals.world import World


def ben(world: World, **fields: Any) -> Person:
    """ben, with his key registered."""
    return Person.model_validate(person("ben", world.public("ben")) | fields)


def used(signer: Person, named: Path | None, home: Path, now: datetime = NOW) -> Path:
    with signing_key(signer, named, home, now) as key:
        return key


def home_with(folder: Path, keys: World, *suffixes: str) -> Path:
    """A home with halves of ben's key."""
    (folder / ".ssh").mkdir()
    for suffix in suffixes:
        shutil.copy(f"{keys.key('ben')}{suffix}", folder / ".ssh" / f"work{suffix}")
    return folder


def test_a_file_that_is_named_is_used_as_it_is(keys: World, tmp_path: Path) -> None:
    assert used(ben(keys), keys.key("ana"), tmp_path) == keys.key("ana")


def test_a_file_that_is_not_there_is_wrong_usage(keys: World, tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="there is no key") as raised:
        used(ben(keys), tmp_path / "none", tmp_path)
    assert "--key" in (raised.value.hint or "")


def test_a_registered_key_at_home_is_found_whatever_its_name(keys: World, tmp_path: Path) -> None:
    home = home_with(tmp_path, keys, "", ".pub")
    assert used(ben(keys), None, home) == home / ".ssh" / "work"


def test_without_its_private_half_the_public_one_asks_the_agent(keys: World, tmp_path: Path) -> None:
    home = home_with(tmp_path, keys, ".pub")
    assert used(ben(keys), None, home) == home / ".ssh" / "work.pub"


def test_keys_of_others_at_home_are_passed_over(keys: World, tmp_path: Path) -> None:
    registered = [{"key": keys.public("ana")}, {"key": keys.public("ben")}]
    with signing_key(ben(keys, keys=registered), None, keys.home("dora"), NOW) as key:
        assert key.read_text().strip() == keys.public("ben"), "the newest of the registered keys"
    assert not key.exists()


def test_files_at_home_that_are_no_keys_are_passed_over(keys: World, tmp_path: Path) -> None:
    home = home_with(tmp_path, keys, "", ".pub")
    (home / ".ssh" / "a.pub").write_bytes(b"\xff\xfe nothing")
    (home / ".ssh" / "b.pub").write_text("ssh-ed25519 notbase64!\n")
    assert used(ben(keys), None, home) == home / ".ssh" / "work"


@pytest.mark.parametrize(
    "key",
    [
        {"valid_until": write_instant(NOW)},
        {"valid_from": write_instant(NOW + timedelta(days=1))},
        {"revoked": {"since": write_instant(NOW), "reason": "A stolen laptop."}},
    ],
    ids=["over", "to come", "revoked"],
)
def test_a_key_that_is_not_in_force_signs_nothing(keys: World, key: dict[str, Any]) -> None:
    signer = ben(keys, keys=[{"key": keys.public("ben")} | key])
    with pytest.raises(UsageFault, match="ben has no key in force on the protected branch") as raised:
        used(signer, None, keys.home("ben"))
    assert "records/people/ben.yaml" in (raised.value.hint or "")


def test_that_nothing_here_holds_the_key_shows_when_it_is_to_sign(keys: World, tmp_path: Path) -> None:
    wanted = "none of the keys of ben that are registered and in force is in"
    with pytest.raises(UsageFault, match=wanted), signing_key(ben(keys), None, tmp_path, NOW):
        raise NoPrivateKey("nothing here holds it")


def test_another_failure_to_sign_is_passed_on(keys: World, tmp_path: Path) -> None:
    with pytest.raises(CouldNotCheck, match="it is locked"), signing_key(ben(keys), None, tmp_path, NOW):
        raise CouldNotCheck("it is locked")
