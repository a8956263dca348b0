"""The tests of `app/` lie as its modules do: `app/<room>/<module>.py` is tried in `tests/app/<room>/test_<module>.py`
(invariant 12 of the house)."""

from __future__ import annotations

from pathlib import Path

from tests.house.imports import PACKAGE, ROOT

TESTS = ROOT / "tests" / "app"
BESIDE = {
    "checking/test_checking_writes_nothing.py",  # a promise of all reading commands, of no one module
}
"""Tests of a room as a whole."""


def _modules(room: Path) -> set[str]:
    return {path.stem for path in room.glob("*.py")} - {"__init__"}


def _rooms() -> list[Path]:
    return sorted(path.parent for path in (PACKAGE / "app").glob("*/__init__.py"))


def test_every_module_of_a_use_case_has_its_test_file() -> None:
    wanted = {f"{room.name}/test_{module}.py" for room in _rooms() for module in _modules(room)}
    assert {name for name in wanted if not (TESTS / name).is_file()} == set()


def test_every_test_file_of_a_use_case_names_a_module() -> None:
    wanted = {f"{room.name}/test_{module}.py" for room in _rooms() for module in _modules(room)}
    there = {f"{room.name}/{path.name}" for room in _rooms() for path in (TESTS / room.name).glob("test_*.py")}
    assert there - wanted == BESIDE


def test_every_test_of_a_use_case_lies_in_a_room() -> None:
    assert list(TESTS.glob("test_*.py")) == []
    rooms = {path.parent.name for path in (PACKAGE / "app").glob("*/__init__.py")}
    assert {path.name for path in TESTS.iterdir() if path.is_dir() and path.name != "__pycache__"} <= rooms
