"""Shows one record for people: its fields, its timeline with numbers, and its texts as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from itsm_as_code.render.line import Line, Span, faint, hint, line, strong, verbatim

JSON_VERSION = 1
_ENTRY = 7
"""The column at which the words of a timeline's entry begin."""
_IN_HEADING = ("id", "kind", "schema", "title", "name", "timeline", "body")


def as_text(data: Mapping[str, Any], heading: str, state: str) -> Iterator[Line]:
    """Yields lines that show the record. `heading` is its title, `state` the derived one."""
    label = f"{data['id']}  {state}" if state else str(data["id"])
    yield line(strong(label), f"  {heading}")
    for key, value in data.items():
        if key not in _IN_HEADING:
            yield from _field(key, value, 2)
    if "timeline" in data:
        yield line("  ", strong("timeline"))
        for number, entry in enumerate(data["timeline"], 1):
            yield from _entry(number, entry)
    if "body" in data:
        yield line("")
        yield from verbatim(str(data["body"]))


def _field(key: str, value: Any, indent: int) -> Iterator[Line]:
    blank, name = " " * indent, faint(f"{key}:")
    if isinstance(value, Mapping):
        yield line(blank, name)
        for inner, item in value.items():
            yield from _field(str(inner), item, indent + 2)
    elif isinstance(value, list):
        if all(not isinstance(item, (Mapping, list)) and "\n" not in str(item) for item in value):
            yield line(blank, name, f" {', '.join(str(item) for item in value)}", hang=indent + 2)
            return
        yield line(blank, name)
        for number, item in enumerate(value, 1):
            yield from _field(str(number), item, indent + 2)
    elif isinstance(value, str) and "\n" in value:
        yield line(blank, name)
        yield from verbatim(value, indent + 2)
    else:
        yield line(blank, name, f" {_plain(value)}", hang=indent + 2)


def _plain(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _entry(number: int, entry: Mapping[str, Any]) -> Iterator[Line]:
    by = entry.get("by", "?")
    who = by.get("name", "?") if isinstance(by, Mapping) else by
    told = [f"{key} {_plain(value)}" for key, value in entry.items() if key not in _TOLD_APART]
    yield line(f"  {number:>3}. {entry.get('at', '?')}  {who}  {', '.join(told)}".rstrip(" "), hang=_ENTRY)
    for key in ("note", "public"):
        if key in entry:
            mark = Span("") if key == "note" else hint("public: ")
            first, *rest = str(entry[key]).rstrip("\n").split("\n")
            yield line(" " * _ENTRY, mark, first, hang=_ENTRY)
            yield from verbatim("\n".join(rest), _ENTRY) if rest else ()
    if "redacted" in entry:
        gone = entry["redacted"]
        yield line(f"{' ' * _ENTRY}redacted by {gone.get('by')}: {gone.get('reason')}", hang=_ENTRY)


_TOLD_APART = ("at", "by", "note", "public", "redacted", "imported")


def as_json(data: Mapping[str, Any], derived: Mapping[str, Any]) -> str:
    """Returns the record as written, with what follows from it."""
    return json.dumps({"version": JSON_VERSION, "record": data, "derived": derived}, indent=2, ensure_ascii=True)
