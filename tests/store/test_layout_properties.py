"""Whatever the layout: `fmt` keeps data, comments and scalars, and has nothing to do the second time."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.edit import Edit, Remove, SetValue, Steps
from itsm_as_code.store.editor import apply
from itsm_as_code.store.emit import emit
from itsm_as_code.store.layout import canonical
from itsm_as_code.store.nodes import NodeKind, walk
from itsm_as_code.store.outcome import Misfit, same
from itsm_as_code.store.outline import outline
from itsm_as_code.store.plain import parsed
from itsm_as_code.store.source import Source
from tests.store.commented import KEYS, Written, records, scalars, values, written
from tests.store.test_editor_properties import holders, paths


def order(path: Steps) -> list[str]:
    return [*reversed(KEYS[:-2]), "response"]


def laid_out(text: str) -> str:
    return canonical(text.encode(), order).decode()


def scalars_in(text: str) -> dict[Steps, list[str]]:
    """Each scalar as it is written, but for the indentation of its lines and a comment behind `|`."""
    source = Source(text.replace("\r\n", "\n"))
    found = {}
    for path, node in walk(outline(source)):
        if node.kind is NodeKind.SCALAR:
            lines = [line.strip() for line in source.text[node.start : node.end].split("\n")]
            is_block = node.style in ("|", ">")
            found[path] = [lines[0].split(" #")[0].rstrip(), *lines[1:]] if is_block else lines
    return found


@given(written())
@settings(max_examples=100, deadline=None)
def test_fmt_keeps_the_data_and_has_nothing_to_do_the_second_time(record: Written) -> None:
    once = laid_out(record.text)
    assert same(parsed(once), record.data)
    assert laid_out(once) == once


@given(written())
@settings(max_examples=100, deadline=None)
def test_fmt_keeps_every_comment_once_and_rewrites_no_scalar(record: Written) -> None:
    once = laid_out(record.text)
    for comment in record.comments:
        assert sum(line.endswith(comment) for line in once.split("\n")) == 1
    assert scalars_in(once) == scalars_in(record.text)


@given(written())
@settings(max_examples=100, deadline=None)
def test_the_canonical_layout_has_no_odd_white_space_and_ordered_keys(record: Written) -> None:
    once = laid_out(record.text)
    assert "\r" not in once
    assert once.endswith("\n")
    for path in holders(parsed(once), dict):
        node = outline(Source(once))
        for step in path:
            child = node.child(step)
            assert child is not None
            node = child.value
        if node.is_block:
            known = [order(()).index(str(entry.name)) for entry in node.entries if entry.name in order(())]
            assert known == sorted(known)


@given(written(), st.data())
@settings(max_examples=100, deadline=None)
def test_what_is_in_canonical_layout_stays_so_when_edited(record: Written, data: st.DataObject) -> None:
    before = laid_out(record.text)
    path = data.draw(st.sampled_from(paths(record.data)))
    edit: Edit = SetValue(path, data.draw(scalars)) if data.draw(st.booleans()) else Remove(path)
    new = (*data.draw(st.sampled_from(holders(record.data, dict))), "response")
    try:
        after = apply(before.encode(), [SetValue(new, data.draw(values)), edit], order=order).decode()
    except Misfit:
        return
    assert laid_out(after) == after


@given(records)
@settings(max_examples=100, deadline=None)
def test_a_new_record_is_written_in_canonical_layout(data: dict[str, Any]) -> None:
    written_anew = emit(data, order)
    assert same(parsed(written_anew.decode()), data)
    assert canonical(written_anew, order) == written_anew
