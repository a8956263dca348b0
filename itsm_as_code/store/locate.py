"""Finds the line and column of fields. It is slow (8 ms for 2 KB), so it only reads files that have findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from itsm_as_code.domain.finding import FieldPath, Position
from itsm_as_code.store.frontmatter import BODY, split_article
from itsm_as_code.store.parser import Unparsable
from itsm_as_code.store.slow_parser import DEPTH_LIMIT, events

Wanted = tuple[FieldPath, bool]
"""A field, and whether the place of its key is wanted instead of the place of its value."""

_START = Position(1, 1)
_READ_LIMIT = 128 << 10
"""The number of characters to read, so that a hostile file does not take minutes. Later fields get a parent's place."""


def locate(data: bytes, fields: Iterable[Wanted], *, article: bool = False) -> dict[Wanted, Position]:
    """Returns the place of each of `fields` in `data`, the bytes of a YAML file or an article.

    A missing field gets the place of its nearest parent that exists, and the record itself gets line 1. If the text
    can't be parsed to its end, only the places before the error are known. Never raises.
    """
    text = data.decode(errors="replace").replace("\r\n", "\n").removeprefix("\ufeff")
    parts = split_article(text) if article else None
    places = _Places()
    if parts is None:
        places.read(text)
    else:
        places.read(parts.fields, above=1)
        places.put((BODY,), Position(parts.body_line, 1), Position(parts.body_line, 1))
    return {wanted: places.of(*wanted) for wanted in fields}


class _Places:
    """The places of the keys and values of one file, by field."""

    def __init__(self) -> None:
        self._keys: dict[FieldPath, Position] = {}
        self._values: dict[FieldPath, Position] = {}

    def put(self, field: FieldPath, key: Position, value: Position) -> None:
        """Stores the place of a field. If two fields have one name, the first place counts."""
        self._keys.setdefault(field, key)
        self._values.setdefault(field, value)

    def of(self, field: FieldPath, at_key: bool) -> Position:
        """Returns the place of `field`, or of its nearest parent."""
        known = self._keys if at_key else self._values
        for length in range(len(field), 0, -1):
            if place := known.get(field[:length]):
                return place
            known = self._keys  # for a parent, show the key, because it names the parent
        return _START

    def read(self, text: str, *, above: int = 0) -> None:
        """Stores the place of every field in `text`. `above` is the number of lines before `text` in the file."""
        try:
            for field, key, value in _fields(text[:_READ_LIMIT]):
                self.put(field, _moved(key, above), _moved(value, above))
        except Unparsable:
            return


def _moved(place: Position, lines: int) -> Position:
    return Position(place.line + lines, place.column)


class _Level:
    """An open list or map, with the key or index of its next value."""

    def __init__(self, path: FieldPath, *, is_map: bool) -> None:
        self.path = path
        self.is_map = is_map
        self.index = 0
        self.key: tuple[str | int, Position] | None = None


def _fields(text: str) -> Iterator[tuple[FieldPath, Position, Position]]:
    """Yields each field of `text` with the place of its key (for a list item, of the item) and of its value."""
    levels: list[_Level] = []
    for event in events(text):
        name = type(event).__name__
        if name in ("SequenceEndEvent", "MappingEndEvent"):
            levels.pop()
            continue
        if name not in ("ScalarEvent", "AliasEvent", "SequenceStartEvent", "MappingStartEvent"):
            continue
        place = _place(event)
        path: FieldPath = ()
        if levels:
            level = levels[-1]
            if level.is_map and level.key is None:
                level.key = (_key(event), place)
                if name == "ScalarEvent":
                    continue
            step, key_place = level.key or (level.index, place)
            path = (*level.path, step)
            yield path, key_place, place
            level.index, level.key = level.index + 1, None
        if name in ("SequenceStartEvent", "MappingStartEvent"):
            if len(levels) > DEPTH_LIMIT:
                return
            levels.append(_Level(path, is_map=name == "MappingStartEvent"))


def _place(event: Any) -> Position:
    return Position(event.start_mark.line + 1, event.start_mark.column + 1)


def _key(event: Any) -> str:
    return str(getattr(event, "value", ""))
