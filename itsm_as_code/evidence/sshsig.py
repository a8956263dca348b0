"""Parses the SSH signature format (OpenSSH PROTOCOL.sshsig) strictly, and checks the type and size of keys.

Nothing is verified here: `ssh-keygen` does that. The parsed parts tell which registered key to verify with.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_LINE = 70
_MAGIC = b"SSHSIG"
_SMALLEST_RSA_BITS = 3072
KEY_TYPES = (
    "ssh-ed25519", "sk-ssh-ed25519@openssh.com", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com", "ssh-rsa",
)  # fmt: skip


class Malformed(ValueError):
    """These bytes are not an SSH signature, or not a key that we accept. The message says why."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What an armoured signature claims: the key it was made with, and the namespace it is for."""

    key_blob: bytes
    namespace: str
    hash_algorithm: str

    @property
    def fingerprint(self) -> str:
        """Returns the key's fingerprint as `ssh-keygen -l` prints it."""
        return fingerprint(self.key_blob)


def parse(armour: str) -> Signature:
    """Returns what a signature claims. Its armour must be exactly as OpenSSH writes it. Raises Malformed."""
    lines = armour.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if len(lines) < 3 or lines[0] != BEGIN or lines[-1] != END:
        raise Malformed("the armour is not that of an SSH signature")
    body = lines[1:-1]
    if any(len(line) != _LINE for line in body[:-1]) or not 0 < len(body[-1]) <= _LINE:
        raise Malformed("the lines of the armour are not as OpenSSH writes them")
    blob = _decoded("".join(body))
    if not blob.startswith(_MAGIC) or blob[6:10] != b"\0\0\0\1":
        raise Malformed("not an SSH signature of version 1")
    key, namespace, reserved, algorithm, _signature = _strings(blob[10:], 5)
    if reserved:
        raise Malformed("the reserved field is in use")
    if algorithm not in (b"sha256", b"sha512"):
        raise Malformed("an unknown hash algorithm")
    return Signature(key, namespace.decode("ascii", "replace"), algorithm.decode())


def _decoded(text: str) -> bytes:
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("not base64") from None
    if base64.b64encode(decoded).decode() != text:
        raise Malformed("not canonical base64")
    return decoded


def _strings(blob: bytes, count: int) -> list[bytes]:
    """Returns `count` length-prefixed strings that fill the blob. Raises Malformed."""
    found, offset = [], 0
    for _ in range(count):
        if offset + 4 > len(blob):
            raise Malformed("cut off")
        length = int.from_bytes(blob[offset : offset + 4], "big")
        offset += 4
        if offset + length > len(blob):
            raise Malformed("cut off")
        found.append(blob[offset : offset + length])
        offset += length
    if offset != len(blob):
        raise Malformed("it has more bytes than it should have")
    return found


def key_blob(public_key: str) -> bytes:
    """Returns the blob of a public key written as `type base64`. Raises Malformed for keys that we don't accept."""
    kind, _, text = public_key.partition(" ")
    if kind not in KEY_TYPES:
        raise Malformed(f"keys of type {kind} are not accepted")
    blob = _decoded(text)
    length = int.from_bytes(blob[:4], "big")
    if blob[4 : 4 + length].decode("ascii", "replace") != kind:
        raise Malformed("the key is not of the type that it names")
    if kind == "ssh-rsa":
        _type, _exponent, modulus = _strings(blob, 3)
        bits = int.from_bytes(modulus, "big").bit_length()
        if bits < _SMALLEST_RSA_BITS:
            raise Malformed(f"an RSA key of {bits} bits; {_SMALLEST_RSA_BITS} are needed")
    return blob


def fingerprint(blob: bytes) -> str:
    """Returns `SHA256:` and the hash of a key blob in base64 without padding."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
