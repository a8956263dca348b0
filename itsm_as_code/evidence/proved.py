"""Remembers the good signatures of this process. An audit meets an act at each step on its subject, and a hook judges
a step by two clocks.

Whether a signature is that of a key over a statement depends on these three alone and never changes. Whose key it is,
and whether it is in force, is not asked here.
"""

from __future__ import annotations

import hashlib

from itsm_as_code.domain.remembered import Remembered
from itsm_as_code.evidence import ssh_keygen

_good: Remembered[bytes, bool] = Remembered(16_384)


def is_good(statement: bytes, signature: str, public_key: str) -> bool:
    """Whether this very signature was verified before, and was good."""
    return _good.get(_seal(statement, signature, public_key)) is True


def verify(statement: bytes, signature: str, public_key: str) -> str | None:
    """Does what `ssh_keygen.verify` does, and remembers the signature if it is good."""
    why = ssh_keygen.verify(statement, signature, public_key)
    if why is None:
        _good.keep(_seal(statement, signature, public_key), True)
    return why


def _seal(statement: bytes, signature: str, public_key: str) -> bytes:
    """Returns a hash of all three, each with its length before it, so that none can pass for a part of another."""
    seal = hashlib.sha256()
    for part in (statement, signature.encode("utf-8", "surrogatepass"), public_key.encode("utf-8", "surrogatepass")):
        seal.update(b"%d:" % len(part) + part)
    return seal.digest()
