"""Whatever the layout: an edit does what it says, and every line that it does not concern stays as it was."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.edit import AddItem, Edit, Remove, RenameKey, SetValue, Steps
from itsm_as_code.store.editor import apply
from itsm_as_code.store.outcome import Misfit, outcome, removed_with, same
from itsm_as_code.store.plain import parsed
from tests.store.commented import KEYS, Written, values, written


def order(path: Steps) -> list[str]:
    return KEYS[:-2]


def paths(data: Any, path: Steps = ()) -> list[Steps]:
    """Every path below `data`, itself left out."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [found for step, value in items for found in [(*path, step), *paths(value, (*path, step))]]


def nearest(record: Written, path: Steps) -> tuple[int, int]:
    """The lines of the innermost block entry around `path`; the whole record for the root."""
    while path and path not in record.spans:
        path = path[:-1]
    return record.spans[path] if path else (0, len(record.lines) - 1)


def edited(record: Written, edit: Edit) -> list[str]:
    """The lines after the edit, which has been held against the data."""
    before = record.text
    assert same(parsed(before), record.data)
    after = apply(before.encode(), [edit], order=order).decode()
    assert same(parsed(after), outcome(record.data, edit))
    assert after.endswith(record.line_end)
    lines = after.split(record.line_end)[:-1]
    assert not any("\n" in line or "\r" in line for line in lines)
    return lines


def assert_kept(record: Written, lines: list[str], first: int, last: int) -> None:
    """All lines outside of `first` to `last` are there, in order, at the start and at the end."""
    head, tail = record.lines[:first], record.lines[last + 1 :]
    assert lines[: len(head)] == head
    assert lines[len(lines) - len(tail) :] == tail
    assert len(lines) >= len(head) + len(tail)


@given(written(), st.data())
@settings(max_examples=100, deadline=None)
def test_setting_a_value_touches_only_the_lines_of_its_entry(record: Written, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(paths(record.data)))
    lines = edited(record, SetValue(path, data.draw(values)))
    assert_kept(record, lines, *nearest(record, path))


@given(written())
@settings(max_examples=50, deadline=None)
def test_setting_the_value_that_is_there_changes_nothing(record: Written) -> None:
    for path in paths(record.data):
        value: Any = record.data
        for step in path:
            value = value[step]
        assert edited(record, SetValue(path, value)) == record.lines


def holders(data: Any, kind: type) -> list[Steps]:
    """The paths of all maps, or of all lists, the root among them."""
    found: list[Steps] = []
    for path in [(), *paths(data)]:
        value: Any = data
        for step in path:
            value = value[step]
        if isinstance(value, kind):
            found.append(path)
    return found


@given(written(), st.data())
@settings(max_examples=100, deadline=None)
def test_a_new_key_removes_no_line_and_stays_inside_its_map(record: Written, data: st.DataObject) -> None:
    holder = data.draw(st.sampled_from(holders(record.data, dict)))
    path = (*holder, data.draw(st.sampled_from(["response", "impact", "public"])))
    lines = edited(record, SetValue(path, data.draw(values)))
    assert_kept(record, lines, *nearest(record, holder))
    assert_inserted(record, lines, holder)


@given(written(), st.data())
@settings(max_examples=100, deadline=None)
def test_a_new_item_removes_no_line_and_stays_inside_its_list(record: Written, data: st.DataObject) -> None:
    lists = holders(record.data, list)
    if not lists:
        return
    holder = data.draw(st.sampled_from(lists))
    items: Any = record.data
    for step in holder:
        items = items[step]
    index = data.draw(st.one_of(st.none(), st.integers(0, len(items))))
    lines = edited(record, AddItem(holder, data.draw(values), index))
    assert_kept(record, lines, *nearest(record, holder))
    assert_inserted(record, lines, holder)


def assert_inserted(record: Written, lines: list[str], holder: Steps) -> None:
    """A block collection that is not empty takes what is new without losing a character."""
    if any(path[:-1] == holder for path in record.spans):
        old, new = "\n".join(record.lines), "\n".join(lines)
        assert in_common(old, new) + in_common(old[::-1], new[::-1]) >= len(old)


def in_common(one: str, other: str) -> int:
    """How many characters both have at their start."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


@given(written(), st.data())
@settings(max_examples=100, deadline=None)
def test_removing_touches_only_the_entry_and_what_is_directly_above(record: Written, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(paths(record.data)))
    try:
        gone = removed_with(record.data, path)
    except Misfit:
        return
    lines = edited(record, Remove(path))
    assert_kept(record, lines, *removable(record, gone))


def removable(record: Written, path: Steps) -> tuple[int, int]:
    """The lines of an entry, the comments above, the blank lines around it, and what must move with it."""
    first, last = nearest(record, path)
    if path in record.spans and record.spans.get(path[:-1], (-1, 0))[0] == first:
        while not record.lines[last + 1].strip():
            last += 1
        last += 1  # the entry shares its line with a dash, which its successor takes over
    while first and first not in record.text_ends and is_aside(record.lines[first - 1]):
        first -= 1
    while last + 1 < len(record.lines) and (
        not record.lines[last + 1].strip()
        or (first in record.text_ends and is_aside(record.lines[last + 1]))  # else the text would swallow it
    ):
        last += 1
    return first, last


def is_aside(line: str) -> bool:
    return line.lstrip()[:1] in ("", "#")


@given(written(), st.data())
@settings(max_examples=50, deadline=None)
def test_renaming_a_key_touches_only_its_line(record: Written, data: st.DataObject) -> None:
    named = [path for path in paths(record.data) if isinstance(path[-1], str)]
    path = data.draw(st.sampled_from(named))
    first, last = nearest(record, path)
    lines = edited(record, RenameKey(path, data.draw(st.sampled_from(["renamed", "on", "a: b"]))))
    assert len(lines) == len(record.lines)
    assert_kept(record, lines, first, first if path in record.spans else last)
