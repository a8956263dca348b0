"""Signs and verifies with `ssh-keygen -Y`. Agents and hardware keys work, and all cryptography is OpenSSH's."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from itsm_as_code.domain.approval.act import NAMESPACE
from itsm_as_code.domain.errors import CouldNotCheck

_TIMEOUT_SECONDS = 120
"""This limits signing, where somebody may have to touch a key. Verifying takes milliseconds."""


_NO_PRIVATE_KEY = b"No private key found"
_GOOD = f'Good "{NAMESPACE}" signature'.encode()


class NoPrivateKey(CouldNotCheck):
    """The file is the public half of a key, and the private half is nowhere here."""


def sign(statement: bytes, key_file: Path) -> str:
    """Returns the armoured signature of `statement`.

    `key_file` is a private key, or a public one whose private half is in the agent or on a hardware key. Raises
    NoPrivateKey, or CouldNotCheck with the words of ssh-keygen.
    """
    done = _run(["-Y", "sign", "-n", NAMESPACE, "-f", str(key_file)], statement, _TIMEOUT_SECONDS)
    if done.returncode != 0 and _NO_PRIVATE_KEY in done.stderr:
        raise NoPrivateKey(
            f"its private half is neither in a file beside {key_file} nor in the agent",
            hint="name the private key, or add it to the agent with ssh-add",
        )
    if done.returncode != 0:
        raise CouldNotCheck(
            f"ssh-keygen did not sign: {_words(done.stderr)}",
            hint="unlock the key, or add it to the agent with ssh-add",
        )
    return done.stdout.decode("ascii")


def verify(statement: bytes, signature: str, public_key: str) -> str | None:
    """Returns why `signature` is not that of `public_key` over `statement`, or None if it is.

    A folder of our own holds one allowed-signers line for this one key, so ssh-keygen looks up no principal and
    reads no setting of the user's. Only its own words make a signature good: exit code 0 alone may be that of
    another program, or of one whose end nobody saw.
    """
    with tempfile.TemporaryDirectory(prefix="itsm-") as folder:
        signers, armour = Path(folder, "signers"), Path(folder, "signature")
        signers.write_text(f'signer namespaces="{NAMESPACE}" {public_key}\n', encoding="ascii")
        armour.write_text(signature, encoding="ascii", errors="replace")
        arguments = ["-Y", "verify", "-n", NAMESPACE, "-I", "signer", "-f", str(signers), "-s", str(armour)]
        done = _run(arguments, statement, _TIMEOUT_SECONDS)
    good = done.returncode == 0 and done.stdout.startswith(_GOOD)
    return None if good else f"the signature does not verify: {_words(done.stderr or done.stdout)}"


def _run(arguments: list[str], stdin: bytes, timeout: int) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LANG")}
    try:
        return subprocess.run(
            ["ssh-keygen", *arguments], input=stdin, capture_output=True, timeout=timeout, check=False,
            env=environment | {"LC_ALL": "C"},
        )  # fmt: skip
    except FileNotFoundError:
        raise CouldNotCheck("ssh-keygen was not found", hint="install OpenSSH 8.2 or newer") from None
    except subprocess.TimeoutExpired:
        raise CouldNotCheck("ssh-keygen did not answer", hint="was it waiting for a touch or a passphrase?") from None


def _words(said: bytes) -> str:
    return said.decode("utf-8", "replace").strip().split("\n", maxsplit=1)[0][:200]
