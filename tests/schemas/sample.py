"""The generated schemas, the sample's records as plain data, and one change at every field that the sample has."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, FormatChecker

from itsm_as_code.app.publishing.generated_files import schemas
from itsm_as_code.domain.ids import RECORDS, parse_path
from itsm_as_code.domain.settings import SETTINGS_PATH, Settings
from itsm_as_code.store.snapshot import read_data

ROOT = Path(__file__).resolve().parent.parent.parent
FORMATS = FormatChecker(formats=())
FORMATS.checks("date", raises=ValueError)(lambda text: not isinstance(text, str) or bool(date.fromisoformat(text)))
FORMATS.checks("date-time", raises=ValueError)(
    lambda text: not isinstance(text, str) or bool(datetime.fromisoformat(text))
)

UNKNOWN = ["no_such_field", "no_such_field\n", "No Such Field"]
OTHER_TYPES: list[Any] = [None, True, 0, -1, 0.5, "", [], {}, ["x"], [["x"]], {"no_such_field": "x"}]
OTHER_TEXT: list[Callable[[str], str]] = [
    lambda text: f"{text}\n",
    lambda text: f"\u00a0{text}",
    lambda text: f"{text}\u2028",
    lambda text: f"{text}\nmore",
    lambda text: text * 200,
    lambda text: text.swapcase(),
    lambda text: "2026-02-30",
    lambda text: "2026-02-30T08:00:00Z",
    lambda text: "2026-11-20T25:00:00Z",
    lambda text: "\u0663h",
]

Document = tuple[str, Any]
"""The name of a schema, and what it shall judge."""


@cache
def generated() -> dict[str, Any]:
    """Name to schema, as `itsm generate schemas` writes them for the sample."""
    settings = Settings.model_validate(_data(ROOT / SETTINGS_PATH))
    return {Path(path).stem: json.loads(text) for path, text in schemas(settings).items()}


@cache
def documents() -> tuple[Document, ...]:
    """Every record of the sample and its settings, the shortest first."""
    found = [("itsm", _data(ROOT / SETTINGS_PATH))]
    for path in sorted((ROOT / RECORDS).rglob("*")):
        located = parse_path(path.relative_to(ROOT).as_posix())
        if located is not None and path.is_file():
            found.append((located[0], _data(path)))
    return tuple(sorted(found, key=lambda each: len(json.dumps(each))))


def python_says(asked: list[Document]) -> list[bool]:
    """Which documents fit, as the Python validator judges."""
    validators = {name: Draft7Validator(schema, format_checker=FORMATS) for name, schema in generated().items()}
    return [validators[name].is_valid(data) for name, data in asked]


def changed() -> Iterator[Document]:
    """Records with one change each: for every field that the sample has, in the shortest record that has it."""
    seen: set[tuple[str, ...]] = set()
    for name, data in documents():
        for place in _places(data):
            field = (name, *("*" if isinstance(step, int) else step for step in place))
            if field not in seen:
                yield from ((name, each) for each in _changes(data, place, turn=len(seen)))
                seen.add(field)


def _places(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, value in steps:
        yield (*above, step)
        yield from _places(value, (*above, step))


def _changes(data: Any, place: tuple[Any, ...], turn: int) -> Iterator[Any]:
    """The field dropped; something unknown beside it; another type, and other text where it has text."""
    yield _with(data, place, lambda parent, key: parent.pop(key))
    yield _with(data, place, lambda parent, key: _put(parent, UNKNOWN[turn % len(UNKNOWN)], parent[key]))
    value = data
    for step in place:
        value = value[step]
    others = _some(OTHER_TYPES, turn) + (
        [change(value) for change in _some(OTHER_TEXT, turn)] if isinstance(value, str) else []
    )
    for other in others:
        yield _with(data, place, lambda parent, key, other=other: _put(parent, key, other))


def _some(choices: list[Any], turn: int) -> list[Any]:
    """Two of the choices, others at each turn: all of them at every field would take a minute."""
    return [choices[(turn + step) % len(choices)] for step in (0, 3)]


def _with(data: Any, place: tuple[Any, ...], change: Any) -> Any:
    made = copy.deepcopy(data)
    parent = made
    for step in place[:-1]:
        parent = parent[step]
    change(parent, place[-1])
    return made


def _put(parent: Any, key: Any, value: Any) -> None:
    if isinstance(parent, list) and isinstance(key, str):
        parent.append(value)
    else:
        parent[key] = value


def _data(path: Path) -> Any:
    data = read_data(path.name, path.read_bytes()).data
    assert data is not None, path
    return data
