"""Compares the timelines of a ticket on both sides of a step: which entries stayed, are new, or became void."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from itsm_as_code.domain.kinds.ticket import Ticket
from itsm_as_code.domain.step import RecordChange


def entries_of(data: Mapping[str, Any] | None) -> list[Any]:
    """Returns the entries of a timeline as written, or [] if there is no timeline."""
    entries = data.get("timeline") if data else None
    return entries if isinstance(entries, list) else []


def matched(base: Sequence[Any], head: Sequence[Any]) -> Iterator[tuple[int, int | None]]:
    """Yields each index of base's entries with the index of the same entry in head, or None if head lacks it.

    Head's entry may be redacted where base's is not (LIF031 checks that). Entries are looked up in a table, because
    the comparison of each with each would take a million steps for a thousand rewritten entries.
    """
    equal: dict[str, list[int]] = defaultdict(list)
    redacted: dict[str, list[int]] = defaultdict(list)
    for position, entry in enumerate(head):
        equal[canonical_entry(entry)].append(position)
        if isinstance(entry, dict) and "redacted" in entry:
            redacted[_moment(entry)].append(position)
    start = 0
    for index, entry in enumerate(base):
        found = _first(equal[canonical_entry(entry)], start)
        if isinstance(entry, dict) and "redacted" not in entry:
            found += _first(redacted[_moment(entry)], start)
        yield index, min(found, default=None)
        start = min(found) + 1 if found else start


def canonical_entry(entry: Any) -> str:
    """Returns one text for an entry, whatever the order of its keys."""
    return json.dumps(entry, sort_keys=True, ensure_ascii=False)


def new_entries(change: RecordChange) -> frozenset[int]:
    """Returns the indexes of head's entries that base does not have."""
    base = entries_of(change.base.data) if change.base else []
    head = entries_of(change.head.data) if change.head else []
    return frozenset(range(len(head))) - {position for _, position in matched(base, head) if position is not None}


def voided_since(change: RecordChange) -> tuple[tuple[int, bool], ...]:
    """Returns the indexes of base's entries that count on one side of the step only, and whether head has them void.

    An entry of base that head lacks is not among them (LIF021 finds it). If head can't be read, there are none.
    """
    head = change.head.record if change.head else None
    base = change.base.record if change.base else None
    if change.base is None or change.head is None or not isinstance(head, Ticket):
        return ()
    before = base.voided if isinstance(base, Ticket) else frozenset()
    pairs = matched(entries_of(change.base.data), entries_of(change.head.data))
    sides = ((index, index in before, position in head.voided) for index, position in pairs if position is not None)
    return tuple((index, now) for index, was, now in sides if was is not now)


def _first(positions: list[int], start: int) -> list[int]:
    """Returns a list with the first of the sorted positions that is not before `start`, or an empty list."""
    at = bisect_left(positions, start)
    return positions[at : at + 1]


def _moment(entry: dict[str, Any]) -> str:
    """Returns `at` and `by` of an entry as one text. It works as a key even if the values are not valid."""
    return canonical_entry([entry.get("at"), entry.get("by")])
