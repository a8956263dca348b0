"""Shows a record's history for people: each commit, and below it each changed field before and after."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from itsm_as_code.domain.difference import FieldChange
from itsm_as_code.domain.finding import cut
from itsm_as_code.domain.instants import write_utc
from itsm_as_code.render.line import Line, Span, bad, hint, line, strong

JSON_VERSION = 1
WIDEST = 100


def as_text(logged: Iterable[Any], only: str | None = None) -> Iterator[Line]:
    """Yields lines. `only` names the one field to show."""
    for each in logged:
        changes = [c for c in each.changes if only is None or _touches(c, only)]
        if not changes and each.readable:
            continue
        commit = each.commit
        when = commit.authored_at.strftime("%Y-%m-%d %H:%M:%S %z")
        yield line(strong(commit.commit[:12]), f" {when} {commit.author_name}: {commit.subject}")
        if not each.readable:
            yield line("  the record could not be read before or after this commit")
        for change in changes:
            yield from _change(change)


def as_json(logged: Iterable[Any], only: str | None = None) -> str:
    """Returns the same as JSON: instants in UTC, values as the record has them, null for values that were not there."""
    commits = [_data(each, [change for change in each.changes if only is None or _touches(change, only)])
               for each in logged]  # fmt: skip
    shown = [each for each in commits if each["changes"] or not each["readable"]]
    return json.dumps({"version": JSON_VERSION, "commits": shown}, indent=2, ensure_ascii=True, default=str)


def _data(logged: Any, changes: list[FieldChange]) -> dict[str, Any]:
    commit = logged.commit
    told = [{"field": [*each.field], "before": each.before, "after": each.after} for each in changes]
    return {
        "commit": commit.commit, "authored_at": write_utc(commit.authored_at),
        "author": commit.author_name, "subject": commit.subject, "readable": logged.readable, "changes": told,
    }  # fmt: skip


def _touches(change: FieldChange, only: str) -> bool:
    if change.field[0] == "timeline":
        entries = [side for side in (change.before, change.after) if isinstance(side, dict)]
        return only == "timeline" or any(only in entry for entry in entries)
    return ".".join(str(step) for step in change.field).startswith(only)


def _change(change: FieldChange) -> Iterator[Line]:
    name = ".".join(str(step + 1) if isinstance(step, int) else step for step in change.field)
    if change.before is not None:
        yield _side(bad("-"), name, change.before)
    if change.after is not None:
        yield _side(hint("+"), name, change.after)


def _side(sign: Span, name: str, value: Any) -> Line:
    return line("  ", sign, f" {name}: {_told(value)}", hang=4)


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return cut("; ".join(f"{key} {_told(item)}" for key, item in value.items()), WIDEST)
    if isinstance(value, list):
        return cut(", ".join(_told(item) for item in value), WIDEST)
    if isinstance(value, bool):
        return "true" if value else "false"
    return cut(str(value), WIDEST)
