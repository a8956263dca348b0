"""The SSH signature format: armour exactly as OpenSSH writes it, keys of the sorts that we accept."""

from __future__ import annotations

import base64
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.domain.approval.act import NAMESPACE
from itsm_as_code.evidence import ssh_keygen
from itsm_as_code.evidence.sshsig import BEGIN, END, Malformed, fingerprint, key_blob, parse
from tests.evidence.conftest import Keys, public


def armoured(blob: bytes, width: int = 70) -> str:
    body = base64.b64encode(blob).decode()
    lines = [body[start : start + width] for start in range(0, len(body), width)]
    return "\n".join([BEGIN, *lines, END, ""])


def blob(
    *, magic: bytes = b"SSHSIG", version: int = 1, key: bytes = b"key", namespace: bytes = NAMESPACE.encode(),
    reserved: bytes = b"", algorithm: bytes = b"sha512", signature: bytes = b"s" * 100, more: bytes = b"",
) -> bytes:  # fmt: skip
    fields = b"".join(struct.pack(">I", len(each)) + each for each in (key, namespace, reserved, algorithm, signature))
    return magic + struct.pack(">I", version) + fields + more


@pytest.mark.parametrize("sort", ["ed25519", "ecdsa", "p384", "rsa3072"])
def test_what_openssh_writes_is_read(keys: Keys, sort: str) -> None:
    key = keys(f"ana-{sort}")
    found = parse(ssh_keygen.sign(b"words", key))
    assert found.namespace == NAMESPACE
    assert found.hash_algorithm == "sha512"
    assert found.key_blob == key_blob(public(key))
    said = subprocess.run(["ssh-keygen", "-l", "-f", str(key) + ".pub"], capture_output=True, text=True, check=True)
    assert said.stdout.split()[1] == found.fingerprint


@given(st.binary(max_size=300), st.sampled_from(["sha256", "sha512"]), st.text("abcz-@.", max_size=20))
def test_a_well_made_blob_says_what_it_was_made_of(key: bytes, algorithm: str, namespace: str) -> None:
    found = parse(armoured(blob(key=key, algorithm=algorithm.encode(), namespace=namespace.encode())))
    assert (found.key_blob, found.hash_algorithm, found.namespace) == (key, algorithm, namespace)
    assert found.fingerprint == fingerprint(key)


@pytest.mark.parametrize("size", range(60, 130, 7))
def test_a_last_line_of_any_length_is_read(size: int) -> None:
    assert parse(armoured(blob(signature=b"s" * size))).key_blob == b"key"


ARMOUR = armoured(blob())
LINES = ARMOUR.split("\n")
BAD_ARMOUR = {
    "empty": "",
    "CRLF": ARMOUR.replace("\n", "\r\n"),
    "CR": ARMOUR.replace("\n", "\r"),
    "space after a line": ARMOUR.replace("\n", " \n", 2),
    "space at the end": ARMOUR + " ",
    "blank before": "\n" + ARMOUR,
    "blank after": ARMOUR + "\n",
    "blank within": "\n".join([*LINES[:2], "", *LINES[2:]]),
    "words before": "Signed by ana\n" + ARMOUR,
    "words after": ARMOUR + "Signed by ana\n",
    "a header": "\n".join([BEGIN, "Comment: ana", *LINES[1:]]),
    "two signatures": ARMOUR * 2,
    "short lines": armoured(blob(), width=60),
    "long lines": armoured(blob(), width=76),
    "one line": armoured(blob(), width=10_000),
    "no end": ARMOUR.removesuffix(END + "\n"),
    "no begin": ARMOUR.removeprefix(BEGIN + "\n"),
    "nothing within": f"{BEGIN}\n{END}\n",
    "only a blank within": f"{BEGIN}\n\n{END}\n",
    "PGP": ARMOUR.replace("SSH", "PGP"),
    "lower case": ARMOUR.lower(),
    "other base64": ARMOUR.replace(LINES[1], LINES[1][:-1] + "_"),
    "a letter that is none": ARMOUR.replace(LINES[1], LINES[1][:-1] + "é"),
    "cut off": "\n".join([*LINES[:2], END, ""]),
    "padding within": ARMOUR.replace(LINES[1], LINES[1][:-1] + "="),
}
BAD_BLOB = {
    "wrong magic": blob(magic=b"SSHSIH"),
    "no magic": blob(magic=b""),
    "version 0": blob(version=0),
    "version 2": blob(version=2),
    "reserved in use": blob(reserved=b"x"),
    "sha1": blob(algorithm=b"sha1"),
    "no hash": blob(algorithm=b""),
    "more behind": blob(more=b"\0"),
    "one byte less": blob()[:-1],
    "magic alone": b"SSHSIG",
    "magic and version alone": b"SSHSIG\0\0\0\1",
    "a length beyond the end": b"SSHSIG\0\0\0\1\xff\xff\xff\xff",
    "nothing": b"\0",
}


@pytest.mark.parametrize("armour", BAD_ARMOUR.values(), ids=BAD_ARMOUR.keys())
def test_armour_of_any_other_form_is_malformed(armour: str) -> None:
    with pytest.raises(Malformed):
        parse(armour)


@pytest.mark.parametrize("made", BAD_BLOB.values(), ids=BAD_BLOB.keys())
def test_a_blob_of_any_other_form_is_malformed(made: bytes) -> None:
    with pytest.raises(Malformed):
        parse(armoured(made))


def test_a_blob_has_one_armour_only() -> None:
    """Base64 whose unused bits are set decodes to the same bytes: two texts for one signature."""
    ambiguous = next(armour for size in (100, 101) if "=" in (armour := armoured(blob(signature=b"s" * size))))
    assert parse(ambiguous)
    last = ambiguous.split("\n")[-3]
    stripped = last.rstrip("=")
    other = stripped[:-1] + chr(ord(stripped[-1]) + 1) + last[len(stripped) :]
    assert base64.b64decode(last) == base64.b64decode(other)
    with pytest.raises(Malformed, match="canonical"):
        parse(ambiguous.replace(last, other))


blobs = st.binary(max_size=200)


@given(st.text(max_size=200) | blobs.map(armoured) | blobs.map(lambda made: armoured(b"SSHSIG\0\0\0\1" + made)))
def test_any_text_is_read_or_malformed(armour: str) -> None:
    try:
        assert parse(armour)
    except Malformed as error:
        assert str(error)


@pytest.mark.parametrize("sort", ["ed25519", "ecdsa", "p384", "rsa3072"])
def test_keys_of_these_sorts_are_accepted(keys: Keys, sort: str) -> None:
    key = keys(f"ana-{sort}")
    assert fingerprint(key_blob(public(key))).startswith("SHA256:")


def test_a_short_rsa_key_is_not_accepted(keys: Keys) -> None:
    with pytest.raises(Malformed, match="an RSA key of 2048 bits; 3072 are needed"):
        key_blob(public(keys("ana-rsa2048")))


def _ed25519(keys: Keys) -> str:
    return public(keys("ana-ed25519"))


@pytest.mark.parametrize(
    "bad",
    [
        lambda key: key.replace("ssh-ed25519", "ssh-dss"),
        lambda key: key.replace("ssh-ed25519", "ssh-rsa"),
        lambda key: key.replace("ssh-ed25519 ", "ssh-ed25519  "),
        lambda key: key + " ana@example.org",
        lambda key: key + "\n",
        lambda key: "ssh-ed25519",
        lambda key: "ssh-ed25519 ",
        lambda key: "ssh-ed25519 AAAA",
        lambda key: "ssh-ed25519 é",
        lambda key: "",
        lambda key: key.replace("ssh-ed25519", "ssh-ed25519-cert-v01@openssh.com"),
        lambda key: "ssh-rsa " + base64.b64encode(b"\0\0\0\7ssh-rsa\xff\xff").decode(),
    ],
)
def test_keys_written_otherwise_are_not_accepted(keys: Keys, bad: object) -> None:
    with pytest.raises(Malformed):
        key_blob(bad(_ed25519(keys)))  # type: ignore[operator]


def test_the_fingerprint_is_that_of_openssh(keys: Keys, tmp_path: Path) -> None:
    key = keys("ben-rsa3072")
    said = subprocess.run(["ssh-keygen", "-l", "-f", str(key)], capture_output=True, text=True, check=True)
    assert fingerprint(key_blob(public(key))) == said.stdout.split()[1]
