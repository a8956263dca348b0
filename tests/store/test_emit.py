"""New values: plain where every reader agrees, quoted where one would not, blocks for texts of several lines."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.edit import Plain
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.store.emit import emit
from itsm_as_code.store.outcome import same
from itsm_as_code.store.reader import read_yaml

PLAIN = (
    "ana|new portal|2026-11-21T08:00:00Z|2026-11-21|2026-11-21T08:00:00+01:00|15m|3bd|P1|none|INC-20261121-7K3Q9"
    "|10.0.0.1|https://example.org/a?b=c#d|ana@example.org's|Zürich – 東京|C:\\temp|1.2.3|50%|a, b|a [b] {c}"
    "|team/identity|Europe/London|1.5, maybe|1.5,2.5|no, thanks"
)
QUOTED = (
    "yes|no|On|OFF|y|N|true|False|null|Null|~|=|<<|014|7|-1|+5|-0|1_000|1,000|0o7|0x1F|0b1|1.10|.5|1e3|1."
    "|.inf|-.INF|.nan|1:30|08:00|190:20:30.15|a: b|a:|a #b|- a|-|-a|? a|: a|#a|&a|*a|!a|@a|`a|%a"
    "|'a|\"a|[a|{a|,a|>a|---|...|...a| a|a |a\\: b"
)


@pytest.mark.parametrize("text", PLAIN.split("|"))
def test_what_every_reader_takes_for_the_same_string_is_plain(text: str) -> None:
    assert emit({"a": text}, None).decode() == f"a: {text}\n"


@pytest.mark.parametrize("text", [*QUOTED.split("|"), "|a", "||"])
def test_what_some_reader_takes_for_something_else_is_quoted(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    assert emit({"a": text, text: "a"}, None).decode() == f'a: "{escaped}"\n"{escaped}": a\n'


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("one\ntwo\n", "a: |\n  one\n  two\n"),
        ("one\n\n two", "a: |-\n  one\n\n   two\n"),
        (" one\ntwo\n", "a: |2\n   one\n  two\n"),
        ("one \ntwo\t\n", "a: |\n  one \n  two\t\n"),
        ("one\n", 'a: "one\\n"\n'),
        ("one\ntwo\n\n", 'a: "one\\ntwo\\n\\n"\n'),
        ("\none\ntwo", 'a: "\\none\\ntwo"\n'),
        ("zero\u200bwidth", 'a: "zero\\u200bwidth"\n'),
        ("two\nlines\u200b", 'a: "two\\nlines\\u200b"\n'),
        ("tab\there", 'a: "tab\\there"\n'),
        ("no\u00a0break", "a: no\u00a0break\n"),
        ("\u00a0no break", 'a: "\u00a0no break"\n'),
        (True, "a: true\n"),
        (-7, "a: -7\n"),
        ([], "a: []\n"),
        ({}, "a: {}\n"),
        (
            ["b", ["c", []], {"d": {}, "e": ["f"]}, "g\nh"],
            "a:\n- b\n- - c\n  - []\n- d: {}\n  e:\n  - f\n- |-\n  g\n  h\n",
        ),
        ({"b": {"c": "d\ne\n"}}, "a:\n  b:\n    c: |\n      d\n      e\n"),
    ],
)
def test_values_have_one_form(value: Plain, lines: str) -> None:
    assert emit({"a": value}, None).decode() == lines


def test_known_keys_come_first_in_their_order_and_others_as_they_are() -> None:
    data = {"z": 1, "x": 1, "id": [{"x": 1, "b": 2}], "kind": 1}
    text = emit(data, lambda path: ["kind", "id"] if path == () else ["b"] if path == ("id", 0) else [])
    assert text == b"kind: 1\nid:\n- b: 2\n  x: 1\nz: 1\nx: 1\n"


@pytest.mark.parametrize("text", ["\udcff", "bell\x07", "line\r\nend", "right\u202eleft", "next\x85line", "mark\ufeff"])
def test_characters_that_no_record_may_hold_are_refused(text: str) -> None:
    with pytest.raises(UsageFault, match=r"U\+|UTF-8"):
        emit({"a": text}, None)


@pytest.mark.parametrize("value", [None, 1.5, b"x", {1: "x"}])
def test_values_that_no_record_may_hold_are_a_bug(value: object) -> None:
    with pytest.raises(TypeError):
        emit({"a": value}, None)


texts = st.one_of(
    st.text(),
    st.text(st.sampled_from("ab \n\t:#-?,[]{}&*!|>'\"%@`=~0123.eEx_yYnNoO\\é\u200b\u200d\u00ad\u3164")),
    st.lists(st.sampled_from(["yes", "1.5", "014", "=", "a", " ", ",", ", ", "]", "}", ":", "{"]), max_size=6).map(
        "".join
    ),
    st.from_regex(r"[-+]?[0-9_,]*[.:]?[0-9a-fxob_:]*([eE][-+]?[0-9]*)?", fullmatch=True),
)
plain: st.SearchStrategy[Plain] = st.recursive(
    st.one_of(texts, st.integers(-(10**14), 10**14), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(st.one_of(texts, st.sampled_from(["no", "1", "on"])), plain, max_size=4))
@example({"a": ["\U000e0041", "\U0001d173", "\u034f", "x\u2028"]})
@settings(max_examples=300, deadline=None)
def test_what_is_written_is_read_back_without_a_fault(data: dict[str, Plain]) -> None:
    try:
        text = emit(data, None)
    except UsageFault:
        return
    read = read_yaml(text)
    assert not read.faults
    assert same(read.data, data)
