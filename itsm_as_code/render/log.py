"""A record's history for people: a commit, and below it each field before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from itsm_as_code.domain.difference import FieldChange
from itsm_as_code.domain.finding import cut
from itsm_as_code.render.clean import one_line
from itsm_as_code.render.style import Style

WIDEST = 100


def as_text(logged: Iterable[Any], style: Style, only: str | None = None) -> Iterator[str]:
    """Lines; `only` names the one field to show."""
    for each in logged:
        changes = [c for c in each.changes if only is None or _touches(c, only)]
        if not changes and each.readable:
            continue
        commit = each.commit
        when = commit.authored_at.strftime("%Y-%m-%d %H:%M:%S %z")
        yield f"{style.strong(commit.commit[:12])} {when} {one_line(commit.author_name)}: {one_line(commit.subject)}"
        if not each.readable:
            yield "  the record could not be read before or after this commit"
        for change in changes:
            yield from _change(change, style)


def _touches(change: FieldChange, only: str) -> bool:
    if change.field[0] == "timeline":
        entries = [side for side in (change.before, change.after) if isinstance(side, dict)]
        return only == "timeline" or any(only in entry for entry in entries)
    return ".".join(str(step) for step in change.field).startswith(only)


def _change(change: FieldChange, style: Style) -> Iterator[str]:
    name = ".".join(str(step + 1) if isinstance(step, int) else one_line(step) for step in change.field)
    if change.before is not None:
        yield f"  {style.bad('-')} {name}: {_told(change.before)}"
    if change.after is not None:
        yield f"  {style.hint('+')} {name}: {_told(change.after)}"


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return cut("; ".join(f"{key} {_told(item)}" for key, item in value.items()), WIDEST)
    if isinstance(value, list):
        return cut(", ".join(_told(item) for item in value), WIDEST)
    if isinstance(value, bool):
        return "true" if value else "false"
    return cut(one_line(str(value)), WIDEST)
