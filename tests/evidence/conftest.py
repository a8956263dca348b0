"""Real keys, made once per session, and people of base who hold them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Keys = Callable[[str], Path]
SORTS = {"ed25519": ["-t", "ed25519"], "ecdsa": ["-t", "ecdsa", "-b", "256"], "p384": ["-t", "ecdsa", "-b", "384"]}
SORTS |= {f"rsa{bits}": ["-t", "rsa", "-b", str(bits)] for bits in (2048, 3072)}


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """The private key file of a name such as `ana-ed25519`; the part behind the last dash is its sort."""
    folder = tmp_path_factory.mktemp("keys")

    def key(name: str) -> Path:
        path = folder / name
        if not path.exists():
            sort = SORTS[name.rpartition("-")[2]]
            subprocess.run(["ssh-keygen", "-q", *sort, "-N", "", "-C", "", "-f", str(path)], check=True)
        return path

    return key


def public(key: Path) -> str:
    """`type base64`, as the registry has it."""
    return " ".join(key.with_name(key.name + ".pub").read_text().split()[:2])
