"""Asks ajv, in one Node process, about schemas, documents and regular expressions."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

REQUIRED = "ITSM_REQUIRE_NODE"
"""Set to 1, a missing Node or ajv fails the tests instead of skipping them."""

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Answer:
    """What Node says: schemas that ajv refuses, which documents fit, and for each pattern which strings match."""

    refused: dict[str, str]
    fits: list[bool]
    matches: list[list[bool]]


def ask_node(
    schemas: dict[str, Any], documents: list[tuple[str, Any]], patterns: list[str], strings: list[str]
) -> Answer:
    """Node's answer. Skips the test where Node or ajv is not installed, unless they are required."""
    node = shutil.which("node")
    if node is None:
        _missing("there is no Node.js on the path")
    if not (FOLDER / "node_modules" / "ajv").is_dir():
        _missing("ajv is not installed: run `make node_modules`")
    asked = {"schemas": schemas, "documents": documents, "patterns": patterns, "strings": strings}
    done = subprocess.run(
        [node, str(FOLDER / "validate.mjs")], input=json.dumps(asked).encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return Answer(**json.loads(done.stdout))


def _missing(reason: str) -> NoReturn:
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{reason}, and {REQUIRED}=1 asks for it")
    pytest.skip(f"{reason}; {REQUIRED}=1 makes this a failure")
