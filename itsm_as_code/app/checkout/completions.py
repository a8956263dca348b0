"""Words that a shell may complete: ids, states, services. After an error there are none, because completion must never
disturb."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from itsm_as_code.app.checkout.workspace import open_checkout
from itsm_as_code.domain.errors import ItsmError
from itsm_as_code.domain.ids import FOLDERS, RECORDS, TICKET_PREFIXES, parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.store.tree import Tree

_KIND_OF_FIELD = {"service": "service", "team": "team", "owner": "team", "assignee": "person", "requester": "person",
                  "item": "request-item", "by": "person"}  # fmt: skip


def ids(start: Path, typed: str, most: int, kinds: Iterable[str] = tuple(KINDS)) -> list[tuple[str, str]]:
    """Yields (id, kind) of records whose id begins with what was typed, or whose last five characters do."""
    try:
        tree = open_checkout(start).files
        return list(islice(_ids(tree, typed, kinds), most))
    except ItsmError:
        return []


def _ids(tree: Tree, typed: str, kinds: Iterable[str]) -> Iterator[tuple[str, str]]:
    for kind in kinds:
        entries = list(tree.entries(f"{RECORDS}/{FOLDERS[kind]}"))
        for entry in reversed(entries) if kind in TICKET_PREFIXES else entries:
            located = parse_path(entry.path)
            if located is None:
                continue
            record_id = located[1]
            if record_id.lower().startswith(typed.lower()):
                yield record_id, kind
            elif kind in TICKET_PREFIXES and record_id[-5:].startswith(typed.upper()):
                yield record_id[-5:], kind


def query_words(start: Path, typed: str, most: int) -> list[str]:
    """Yields kinds, and `field=value` for fields that have few values, or ids as values."""
    field, sign, value = typed.partition("=")
    if not sign:
        fields = ["state=", "priority=", *(f"{name}=" for name in _KIND_OF_FIELD)]
        return [word for word in (*KINDS, *fields) if word.startswith(typed)]
    if field == "state":
        values = list(dict.fromkeys(state for table in LIFECYCLES.values() for state in table.states))
    elif field == "priority":
        values = ["P1", "P2", "P3", "P4", "P5"]
    elif field in _KIND_OF_FIELD:
        values = [record_id for record_id, _ in ids(start, value, most, (_KIND_OF_FIELD[field],))]
    else:
        values = []
    return [f"{field}={word}" for word in values if word.startswith(value)][:most]
