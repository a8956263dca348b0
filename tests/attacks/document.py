"""`python -m tests.attacks.document [--check]`: docs/attacks.md, from the catalogue and the names of the tests."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from itsm_as_code.store.reader import read_text

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "tests" / "attacks" / "catalogue.yaml"
PAGE = ROOT / "docs" / "attacks.md"
_ID = re.compile(r"(?<![A-Za-z0-9])[aA](\d{3})(?![A-Za-z0-9])")
_INTRODUCTION = """\
# Attacks

<!-- Written by `python -m tests.attacks.document`; change tests/attacks/catalogue.yaml or the names of the tests. -->

This page lists ways to cheat a process that uses pull requests, and the tests that try each of them. In
`tests/approvals` an attack is a step with real keys, which is pushed to a bare repository whose hook judges it. Other
tests try only the part that stops the attack. The name of a test has the number of its attack.
"""


@dataclass(frozen=True, slots=True)
class Attack:
    """One way to cheat. `also` are tests that answer it without its id in their name, `adr` the name of a decision for
    another behaviour, `note` what is not there yet."""

    id: str
    area: str
    title: str
    also: tuple[str, ...] = ()
    adr: str | None = None
    note: str | None = None


def catalogue() -> list[Attack]:
    """The attacks in the order of their ids."""
    data = read_text("attacks:\n" + CATALOGUE.read_text(encoding="utf-8")).data
    assert data is not None, "the catalogue can't be read"
    attacks: Any = data["attacks"]
    return [Attack(**each | {"also": tuple(each.get("also", ()))}) for each in attacks]


def test_names() -> Iterator[str]:
    """`file::test` of all tests, sorted by file."""
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield f"{file.relative_to(ROOT).as_posix()}::{node.name}"


def tests_of_attacks() -> Mapping[str, list[str]]:
    """Id to the tests that name it."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in test_names():
        for number in _ID.findall(name.rpartition("::")[2].replace("_", " ")):
            found[f"A{number}"].append(name)
    return found


def page() -> str:
    """The text of docs/attacks.md."""
    tests = tests_of_attacks()
    lines = [_INTRODUCTION]
    areas = dict.fromkeys(each.area for each in catalogue())
    for area in areas:
        lines += [f"## {area.title()}", ""]
        for attack in catalogue():
            if attack.area == area:
                lines += [*_section(attack, [*tests.get(attack.id, ()), *attack.also]), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _section(attack: Attack, tests: list[str]) -> Iterator[str]:
    yield f"**{attack.id} {attack.title}.**"
    if attack.adr is not None:
        yield f"Decided otherwise: [{attack.adr}](adr/{attack.adr}.md)."
    if attack.note is not None:
        yield attack.note if tests else f"Not yet: {attack.note}"
    yield from (f"- `{name}`" for name in tests)


def main(arguments: list[str]) -> int:
    """Writes the page, or with --check tells by the exit code whether it is up to date."""
    if arguments == ["--check"]:
        return 0 if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
