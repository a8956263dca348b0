"""Why a signature or a key is malformed, in words, and the edges of each rule."""

from __future__ import annotations

import base64
import struct

import pytest

from itsm_as_code.evidence.sshsig import BEGIN, END, Malformed, fingerprint, key_blob, parse
from tests.evidence.conftest import Keys, public
from tests.evidence.test_sshsig import ARMOUR, LINES, armoured, blob

NO_ARMOUR = "the armour is not that of an SSH signature"
LINES_WRONG = "the lines of the armour are not as OpenSSH writes them"
VERSION = "not an SSH signature of version 1"
ONE = "\n".join([BEGIN, "AAAA", END])
TWO = "\n".join([BEGIN, "A" * 70, "AAAA", END])
ARMOURS = {
    "nothing": ("", NO_ARMOUR),
    "another begin": ("x" + ARMOUR, NO_ARMOUR),
    "another end": (ARMOUR.replace(END, END + "x"), NO_ARMOUR),
    "two lines": (f"{BEGIN}\n{END}", NO_ARMOUR),
    "one line that is read": (ONE, VERSION),
    "an empty last line": (f"{BEGIN}\n{'A' * 70}\n\n{END}", LINES_WRONG),
    "an empty line alone": (f"{BEGIN}\n\n{END}", LINES_WRONG),
    "a last line of one letter": (f"{BEGIN}\nA\n{END}", "not base64"),
    "a last line of seventy": (f"{BEGIN}\n{'A' * 70}\n{'A' * 70}\n{END}", VERSION),
    "a last line of seventy-one": (f"{BEGIN}\n{'A' * 71}\n{END}", LINES_WRONG),
    "a short line before the last": (f"{BEGIN}\n{'A' * 69}\nAAA\n{END}", LINES_WRONG),
    "a short line before another": (f"{BEGIN}\n{'A' * 69}\n{'A' * 70}\nA\n{END}", LINES_WRONG),
    "two lines that are read": (TWO, "not base64"),
    "a letter that is none": (f"{BEGIN}\nA_AA\n{END}", "not base64"),
    "a letter that is none at a multiple of four": (f"{BEGIN}\nA_AAA\n{END}", "not base64"),
    "bits that are not used": (f"{BEGIN}\nAAB=\n{END}", "not canonical base64"),
}
FIELDS = b"".join(struct.pack(">I", 1) + b"x" for _ in range(5))
BLOBS = {
    "another magic": (blob(magic=b"SSHSIX"), VERSION),
    "version 2": (blob(version=2), VERSION),
    "the reserved field": (blob(reserved=b"x"), "the reserved field is in use"),
    "another hash": (blob(algorithm=b"sha384"), "an unknown hash algorithm"),
    "no fields": (b"SSHSIG\0\0\0\1", "cut off"),
    "a length cut off": (b"SSHSIG\0\0\0\1" + FIELDS[:-3], "cut off"),
    "a length of three bytes": (b"SSHSIG\0\0\0\1" + FIELDS[:-5] + b"\0\0\0", "cut off"),
    "no last field": (b"SSHSIG\0\0\0\1" + FIELDS[:-5], "cut off"),
    "a field cut off": (b"SSHSIG\0\0\0\1" + FIELDS[:-1], "cut off"),
    "a length beyond the end": (b"SSHSIG\0\0\0\1\xff\xff\xff\xff", "cut off"),
    "more behind": (blob(more=b"\0"), "it has more bytes than it should have"),
}


@pytest.mark.parametrize(("armour", "why"), ARMOURS.values(), ids=ARMOURS.keys())
def test_armour_that_is_refused_is_told_why(armour: str, why: str) -> None:
    with pytest.raises(Malformed) as error:
        parse(armour)
    assert str(error.value) == why


@pytest.mark.parametrize(("made", "why"), BLOBS.values(), ids=BLOBS.keys())
def test_a_blob_that_is_refused_is_told_why(made: bytes, why: str) -> None:
    with pytest.raises(Malformed) as error:
        parse(armoured(made))
    assert str(error.value) == why


def test_an_empty_signature_field_at_the_very_end_is_read() -> None:
    assert parse(armoured(blob(signature=b""))).key_blob == b"key"


def test_the_end_of_the_text_may_lack_its_line_end_and_nothing_else() -> None:
    assert parse(ARMOUR.removesuffix("\n")) == parse(ARMOUR)
    assert LINES[-1] == ""


def test_a_namespace_that_is_no_ascii_is_shown_with_marks() -> None:
    assert parse(armoured(blob(namespace=b"a\xffb"))).namespace == "a\N{REPLACEMENT CHARACTER}b"


def key(kind: str, *parts: bytes) -> str:
    """A public key of these parts."""
    made = b"".join(struct.pack(">I", len(part)) + part for part in (kind.encode(), *parts))
    return f"{kind} {base64.b64encode(made).decode()}"


def rsa(bits: int) -> str:
    modulus = (1 << (bits - 1)) | 1
    return key("ssh-rsa", b"\1\0\1", modulus.to_bytes(bits // 8 + 1, "big"))


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("ssh-dss AAAA", "keys of type ssh-dss are not accepted"),
        ("", "keys of type  are not accepted"),
        (f"ssh-ed25519 {key('ssh-rsa', b'x').split()[1]}", "the key is not of the type that it names"),
        (key("ssh-ed25519", b"x").replace("AAAAC3", "AAAADn"), "the key is not of the type that it names"),
        ("ssh-ed25519 " + base64.b64encode(b"\0\0\0\1\xff").decode(), "the key is not of the type that it names"),
        ("ssh-ed25519 AAAA ana@example.org", "not base64"),
        (rsa(3071), "an RSA key of 3071 bits; 3072 are needed"),
        (key("ssh-rsa", b"\1\0\1"), "cut off"),
        (key("ssh-rsa", b"\1\0\1", b"x", b"y"), "it has more bytes than it should have"),
    ],
)
def test_a_key_that_is_refused_is_told_why(written: str, why: str) -> None:
    with pytest.raises(Malformed) as error:
        key_blob(written)
    assert str(error.value) == why


def test_an_rsa_key_of_exactly_the_smallest_size_is_accepted() -> None:
    assert key_blob(rsa(3072))


def test_a_fingerprint_loses_its_padding_and_nothing_else(keys: Keys) -> None:
    assert fingerprint(b"") == "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
    assert fingerprint(key_blob(public(keys("ana-ed25519")))).startswith("SHA256:")
