"""The strict subset: what is legal stays legal, what readers read differently is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.checks.yaml_rules import RULES
from itsm_as_code.store.candidates import MAX_INTEGER, WORDS, is_ambiguous
from itsm_as_code.store.fast_parser import parse_fast
from itsm_as_code.store.parser import Parser
from itsm_as_code.store.reader import read_yaml
from itsm_as_code.store.strict import MAX_BYTES
from itsm_as_code.store.values import MAX_DEPTH
from tests.store.reading import PARSERS, names, only_fault, place, read

both = pytest.mark.parametrize("parser", PARSERS, ids=["ryaml", "ruamel"])

LEGAL = {
    "text": "some text",
    "true": True,
    "false": False,
    "0": 0,
    "-17": -17,
    str(MAX_INTEGER): MAX_INTEGER,
    str(-MAX_INTEGER): -MAX_INTEGER,
    "2026-11-21": "2026-11-21",
    "2026-30-01": "2026-30-01",
    "2026-11-21T08:05:12+01:00": "2026-11-21T08:05:12+01:00",
    "2026-11-21T08:05:12Z": "2026-11-21T08:05:12Z",
    "15m": "15m",
    "3bd": "3bd",
    "1.2.3": "1.2.3",
    "08:00-17:00": "08:00-17:00",
    "<<x": "<<x",
    '"yes"': "yes",
    "'1.10'": "1.10",
    '"014"': "014",
    '"null"': "null",
    '"*x"': "*x",
    "no, it works": "no, it works",
    "No. It works": "No. It works",
    "1:30 h": "1:30 h",
    "it is a yes": "it is a yes",
    "x # yes": "x",
    "[a, 2, true]": ["a", 2, True],
    "|-\n  yes": "yes",
    "|\n  yes\n  014\n  * item\n  &x *x !t\n  %YAML 1.1\n  <<: *x\n": "yes\n014\n* item\n&x *x !t\n%YAML 1.1\n<<: *x\n",
    ">\n  a: no\n": "a: no\n",
    '"a\n  yes\n  b"': "a yes b",
    "|\n  a\tb\n": "a\tb\n",
    '"a\tb"': "a\tb",
    "plain text\n  yes\n  *x": "plain text yes *x",
    "x  # *a &a !t\ty": "x",
}


@both
@pytest.mark.parametrize(("written", "value"), [(text, value) for text, value in LEGAL.items() if text != "text"])
def test_what_all_readers_read_alike_is_legal(written: str, value: object, parser: Parser) -> None:
    result = read(f"a: {written}\n", parser)
    assert result.faults == ()
    assert result.data == {"a": value}


AMBIGUOUS = (
    "014 08 00 1_000 1__0 0o7 0O7 0x1F 0X1F 0b11 0x1_0 +5 -0 +0 -014 1:30 12:30:00 08:00 190:20:30 1:30.5 1_0.5 ._ "
    "yes Yes YES no No NO on On off OFF y Y n N True TRUE False = "
    "1.10 1. .5 -.5 1e3 1E3 1.5e-3 12e03 1e400 .inf -.Inf +.INF .nan .NaN"
)


@both
@pytest.mark.parametrize("scalar", AMBIGUOUS.split())
def test_a_scalar_that_readers_read_differently_needs_quotes(scalar: str, parser: Parser) -> None:
    fault = only_fault(f"a:\n  - b\n  - {scalar}  # x\n", parser)
    assert (fault.rule.name, place(fault)) == ("ambiguous-scalar", (3, 5))
    assert f"`{scalar}`" in fault.message
    assert f'"{scalar}"' in (fault.help or "")
    assert names(f'a: "{scalar}"\nb: [\'{scalar}\']\n"{scalar}": c\n', parser) == []


@both
@pytest.mark.parametrize("scalar", ["yes", "1_000", "=", "1:30"])
@pytest.mark.parametrize(
    "text", ["{}: a\n", "a: {{{}: b}}\n", "a: [b, {}]\n", 'a: {{"b":{}}}\n', "? a\n: {}\n", "a:\n  {}\n"]
)
def test_an_ambiguous_scalar_is_seen_wherever_it_stands(text: str, scalar: str, parser: Parser) -> None:
    assert names(text.format(scalar), parser) == ["ambiguous-scalar"]


def test_each_ambiguous_scalar_is_told_with_its_field() -> None:
    faults = read("a: yes\nb:\n  - c: 014\nd: fine\n").faults
    assert [(fault.field, place(fault)) for fault in faults] == [(("a",), (1, 4)), (("b", 0, "c"), (3, 8))]


def test_the_remedy_for_yes_names_true() -> None:
    assert only_fault("a: Yes\n").help == 'Write true for the truth value, or "Yes" for the text.'


@both
@pytest.mark.parametrize("text", ["a:\n", "a: ~\n", "a: null\n", "a: NULL\n", "a: {b: }\n", "a: [{c}]\n", "- a:\n"])
def test_a_key_without_a_value_is_a_fault(text: str, parser: Parser) -> None:
    assert "null-value" in names(text, parser)


@both
@pytest.mark.parametrize("number", [MAX_INTEGER + 1, -MAX_INTEGER - 1, 2**64, 2**128, -(2**70), int("9" * 400)])
def test_a_number_beyond_two_to_the_53_is_a_fault(number: int, parser: Parser) -> None:
    assert names(f"a: {number}\n", parser) == ["integer-out-of-range"]


@both
@pytest.mark.parametrize("key", ["1", "true", "null", "~", "[a]", "{a: b}"])
def test_a_key_that_is_no_text_is_a_fault(key: str, parser: Parser) -> None:
    assert "non-string-key" in names(f"? {key}\n: a\n", parser)


@both
def test_nesting_is_limited(parser: Parser) -> None:
    inside = MAX_DEPTH - 1
    assert names("a: " + "[" * inside + "]" * inside, parser) == []
    assert names("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH, parser) == ["too-deep"]


def test_a_file_may_be_one_mebibyte_long() -> None:
    text = "a: " + "x" * (MAX_BYTES - 4)
    assert names(text + "\n") == []
    assert names(text + "x\n") == ["too-large"]


@both
@pytest.mark.parametrize(
    "text", ["a:\tb\n", "a: b\tc\n", "a: b\t\n", "-\ta\n", "a: [b,\tc]\n", "a:\n\t- b\n", "a: |\n\tb\n"]
)
def test_a_tab_outside_of_a_text_is_a_fault(text: str, parser: Parser) -> None:
    result = read(text, parser)
    assert result.data is None
    assert result.faults


def test_a_block_that_begins_with_a_line_of_blanks_is_refused_as_the_editor_refuses_it() -> None:
    assert place(only_fault("a: |\n \n  text\n")) == (1, 4)
    assert names("a: |\n  | cell |\n  \n  text\n") == []


def test_a_leading_document_mark_is_legal() -> None:
    assert names("# comment\n---\na: b\n") == []


def test_faults_of_the_syntax_hide_what_the_values_only_seem_to_be() -> None:
    assert names("a: !x\n") == ["tag"]


def test_of_a_file_full_of_faults_a_hundred_are_told() -> None:
    assert len(read("a:\n" + "- yes\n" * 3000).faults) == 100


def test_the_text_of_every_rule_is_there_for_explain() -> None:
    assert [rule.code for rule in RULES] == [f"YAML{number:03}" for number in range(1, len(RULES) + 1)]
    assert all(rule.why.endswith((".", ")")) and rule.fix.endswith(".") for rule in RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


@given(st.sampled_from(sorted(WORDS)) | st.text(st.characters(min_codepoint=ord("A")), min_size=1, max_size=5))
def test_what_begins_like_a_word_is_ambiguous_only_as_one_of_the_listed_words(text: str) -> None:
    assert is_ambiguous(text) == (text in WORDS)


def test_a_text_with_bold_words_is_parsed_once() -> None:
    """An alias needs an anchor. Where there is none, an asterisk is no reason to look closer."""
    parsed = []

    def parse(text: str) -> object:
        parsed.append(text)
        return parse_fast(text)

    text = "note: |\n  **Bold** and\n  *more*\n"
    assert read_yaml(text.encode(), parser=Parser(parse, exact=False)).data == {"note": "**Bold** and\n*more*\n"}
    assert parsed == [text]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("text", ["a: *b\n", "a: [*b]\n", "*b : 1\n", "a: |\n  *bold*\nb: *bold\n"])
def test_an_alias_without_an_anchor_is_refused(text: str, parser: Parser) -> None:
    assert "anchor-or-alias" in names(text, parser)
