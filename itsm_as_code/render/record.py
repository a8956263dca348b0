"""One record for people: its fields, its timeline numbered, its texts as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from itsm_as_code.render.clean import clean, one_line
from itsm_as_code.render.style import Style

JSON_VERSION = 1
_IN_HEADING = ("id", "kind", "schema", "title", "name", "timeline", "body")


def as_text(data: Mapping[str, Any], heading: str, state: str, style: Style) -> Iterator[str]:
    """Lines that show the record. `heading` is its title, `state` the derived one."""
    label = f"{data['id']}  {state}" if state else str(data["id"])
    yield f"{style.strong(one_line(label))}  {one_line(heading)}"
    for key, value in data.items():
        if key not in _IN_HEADING:
            yield from _field(key, value, style, 2)
    if "timeline" in data:
        yield f"  {style.strong('timeline')}"
        for number, entry in enumerate(data["timeline"], 1):
            yield from _entry(number, entry, style)
    if "body" in data:
        yield ""
        yield from clean(str(data["body"])).rstrip("\n").split("\n")


def _field(key: str, value: Any, style: Style, indent: int) -> Iterator[str]:
    name = f"{' ' * indent}{style.faint(one_line(key) + ':')}"
    if isinstance(value, Mapping):
        yield name
        for inner, item in value.items():
            yield from _field(str(inner), item, style, indent + 2)
    elif isinstance(value, list):
        if all(not isinstance(item, (Mapping, list)) and "\n" not in str(item) for item in value):
            yield f"{name} {', '.join(one_line(str(item)) for item in value)}"
            return
        yield name
        for number, item in enumerate(value, 1):
            yield from _field(str(number), item, style, indent + 2)
    elif isinstance(value, str) and "\n" in value:
        yield name
        yield from (f"{' ' * (indent + 2)}{line}".rstrip() for line in clean(value).rstrip("\n").split("\n"))
    else:
        yield f"{name} {_plain(value)}"


def _plain(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else one_line(str(value))


def _entry(number: int, entry: Mapping[str, Any], style: Style) -> Iterator[str]:
    by = entry.get("by", "?")
    who = by.get("name", "?") if isinstance(by, Mapping) else by
    told = [f"{key} {_plain(value)}" for key, value in entry.items() if key not in _TOLD_APART]
    yield f"  {number:>3}. {entry.get('at', '?')}  {one_line(str(who))}  {', '.join(told)}".rstrip()
    for key in ("note", "public"):
        if key in entry:
            mark = "" if key == "note" else style.hint("public: ")
            first, *rest = clean(str(entry[key])).rstrip("\n").split("\n")
            yield f"       {mark}{first}"
            yield from (f"       {line}".rstrip() for line in rest)
    if "redacted" in entry:
        gone = entry["redacted"]
        yield f"       redacted by {one_line(str(gone.get('by')))}: {one_line(str(gone.get('reason')))}"


_TOLD_APART = ("at", "by", "note", "public", "redacted", "imported")


def as_json(data: Mapping[str, Any], derived: Mapping[str, Any]) -> str:
    """The record as written, and what follows from it."""
    return json.dumps({"version": JSON_VERSION, "record": data, "derived": derived}, indent=2, ensure_ascii=True)
