"""Finds the key that a person signs with: a file that they name, or a registered key in their home, or one in the SSH
agent."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.evidence.ssh_keygen import NoPrivateKey
from itsm_as_code.evidence.sshsig import Malformed, key_blob
from itsm_as_code.evidence.verification import not_in_force

if TYPE_CHECKING:
    from datetime import datetime

    from itsm_as_code.domain.kinds.person import Person


@contextmanager
def signing_key(person: Person, named: Path | None, home: Path, now: datetime) -> Iterator[Path]:
    """Returns a file that `ssh-keygen -f` signs with: `named`, or a key of the person in `home`/.ssh that is in force,
    or the public half of the newest key whose private half the agent has. Raises UsageFault if there is none, also if
    only signing shows it."""
    if named is not None:
        if not named.is_file():
            raise UsageFault(f"there is no key {named}", hint="--key takes the path of a private or public key")
        yield named
        return
    registered = [key.key for key in person.keys if not_in_force(person, key, now) is None]
    if not registered:
        raise UsageFault(
            f"{person.id} has no key in force on the protected branch",
            hint=f"add one to `keys` of records/people/{person.id}.yaml and let it land: ssh-keygen -t ed25519",
        )
    try:
        with _registered(registered, home) as found:
            yield found
    except NoPrivateKey as error:
        raise UsageFault(
            f"none of the keys of {person.id} that are registered and in force is in {home / '.ssh'} or in the agent",
            hint="--key PATH names the private key, or ssh-add PATH adds it to the agent; "
            f"records/people/{person.id}.yaml on the protected branch lists the keys",
        ) from error


@contextmanager
def _registered(registered: list[str], home: Path) -> Iterator[Path]:
    at_home = _at_home(registered, home)
    if at_home is not None:
        yield at_home
        return
    with tempfile.TemporaryDirectory(prefix="itsm-") as folder:
        public = Path(folder, "key.pub")
        public.write_text(registered[-1] + "\n", encoding="ascii")
        yield public


def _at_home(registered: list[str], home: Path) -> Path | None:
    blobs = {_blob(key) for key in registered} - {None}
    for public in sorted((home / ".ssh").glob("*.pub")):
        words = public.read_text(encoding="utf-8", errors="replace").split()
        if len(words) >= 2 and _blob(" ".join(words[:2])) in blobs:
            private = public.with_suffix("")
            return private if private.is_file() else public
    return None


def _blob(key: str) -> bytes | None:
    try:
        return key_blob(key)
    except Malformed:
        return None
