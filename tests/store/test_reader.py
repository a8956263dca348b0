"""The reader: what a tired person is told of a file that can't be read, and that nothing makes it crash or hang."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from itsm_as_code.store import parser as parser_module
from itsm_as_code.store.fast_parser import FAST
from itsm_as_code.store.parser import Parser
from itsm_as_code.store.parsers import installed
from itsm_as_code.store.slow_parser import SLOW
from tests.store.reading import PARSERS, names, only_fault, place, read

both = pytest.mark.parametrize("parser", PARSERS, ids=["ryaml", "ruamel"])


def test_a_clean_record_is_plain_values() -> None:
    result = read("id: INC-1\nresponse: true\ntier: 2\ntags: [a, b]\nmajor:\n  by: ana\n")
    assert result.faults == ()
    assert result.data == {"id": "INC-1", "response": True, "tier": 2, "tags": ["a", "b"], "major": {"by": "ana"}}


BROKEN = {
    "a: b: c\n": ("the value contains `: `", "quotes", (1, 5)),
    "a:\n    b: 'x\n  c: d\n": ("a quote is opened here and never closed", "closing quote", (2, 8)),
    "a: b\nc: [d, e\nf: g\n": ("the bracket that opens here is not closed", "]", (2, 4)),
    "a: {b: c\n": ("the bracket that opens here is not closed", "}", (1, 4)),
    "a: b\nfoo:bar\n": ("a space is missing after the colon", "key: value", (2, 4)),
    "foo:bar\nb: c\n": ("a space is missing after the colon", "key: value", (1, 4)),
    "a:\n  - b\n  -c\n": ("a space is missing after the dash", "- item", (3, 3)),
    "a: b\n  c: d\n": ("this key is deeper than the one above it", "indentation", (2, 4)),
    "a:\n  b: c\n d: e\n": ("the indentation of this line does not match any line above it", "Align", (3, 2)),
    "a: - b\n": ("a list can't begin on the line of its key", "next line", (1, 4)),
    "a: @x\n": ("a text can't begin with `@`", "quotes", (1, 4)),
    "a: b\nc: `x`\n": ("a text can't begin with ```", "quotes", (2, 4)),
    "a: 'it's'\n": ("there is more text after the end of the value", "quotes", (1, 8)),
    "a: ]\n": ("a value was expected here, not `]`", "quotes", (1, 4)),
    'a: "C:\\docs"\n': ("YAML does not know this backslash escape", "single quotes", (1, 7)),
    "a: |text\n  b\n": ("only a comment may follow | or >", "next line", (1, 5)),
    "a: b\n<<<<<<< HEAD\nc: d\n=======\nc: e\n>>>>>>> other\n": ("a merge conflict", "remove the marks", (2, 1)),
    "a: b\nc\n": ("this key has no colon", "key: value", (2, 1)),
    "a: b\n- c\n": ("the line is neither `key: value`", "line", (2, 1)),
    "ä: 'ö': x\n": ("the value contains `: `", "quotes", (1, 7)),
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_syntax_error_says_where_what_and_how_to_fix_it(text: str) -> None:
    message, remedy, where = BROKEN[text]
    fault = only_fault(text)
    assert fault.rule.name == "broken-syntax"
    assert message in fault.message
    assert remedy in (fault.help or "")
    assert place(fault) == where
    assert names(text, SLOW) == ["broken-syntax"]


def test_a_tab_in_the_indentation_is_called_so() -> None:
    fault = only_fault("a: b\n\tc: d\n")
    assert (fault.rule.name, place(fault)) == ("tab-outside-text", (2, 1))


DUPLICATES = {
    "a: 1\nb: 2\na: 3\n": (("line 1", "line 3"), (3, 1)),
    "a:\n  b: 1\nc:\n  b: 1\n  d: |\n    b: 2\n  b: 3\n": (("line 4", "line 7"), (7, 3)),
    "a: 1\nb:\n  a: 2\n'a': 4\na: 5\n": (("line 1", "line 4"), (4, 2)),
    "x: [{a: 1}, {q: 1, r: 2,\n  q: 2}]\n": (("line 1", "line 2"), (2, 3)),
    "- b: 1\n  b: 2\n": (("line 1", "line 2"), (2, 3)),
    "ü:\n  ö: 1\n  ö: 2\n": (("line 2", "line 3"), (3, 3)),
}


@pytest.mark.parametrize("text", DUPLICATES)
def test_of_a_duplicate_key_both_lines_are_told(text: str) -> None:
    lines, where = DUPLICATES[text]
    fault = only_fault(text)
    assert fault.rule.name == "duplicate-key"
    assert all(line in fault.message for line in lines)
    assert fault.position is not None
    assert fault.position.line == where[0]
    slow = only_fault(text, SLOW)
    assert (slow.rule.name, slow.message) == ("duplicate-key", fault.message)


@both
def test_a_duplicate_key_that_is_written_in_two_ways_is_still_refused(parser: Parser) -> None:
    assert only_fault('"a\\x62": 1\nab: 2\n', parser).rule.name == "duplicate-key"


@both
@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n"])
def test_an_empty_file_is_a_fault(text: str, parser: Parser) -> None:
    assert names(text, parser) == ["empty-document"]


@both
@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n", "5\n", "[]\n"])
def test_a_file_that_is_no_map_is_a_fault(text: str, parser: Parser) -> None:
    assert names(text, parser) == ["not-a-map"]


def test_crlf_is_one_fault_and_the_rest_of_the_file_is_checked_too() -> None:
    faults = read(b"a: b\r\nc: yes\r\n").faults
    assert [(fault.rule.name, place(fault)) for fault in faults] == [
        ("carriage-return", (1, 5)),
        ("ambiguous-scalar", (2, 4)),
    ]
    assert "2 lines end with a carriage return" in faults[0].message
    assert "itsm fmt" in faults[0].rule.fix


def test_latin_1_is_told_at_its_first_byte() -> None:
    fault = only_fault("a: b\nc: Zoë\n".encode("latin-1"))
    assert (fault.rule.name, fault.message, place(fault)) == ("not-utf8", "byte 0xEB is not UTF-8", (2, 6))


def test_utf_16_is_recognised() -> None:
    assert "UTF-16" in only_fault("a: b\n".encode("utf-16")).message


def test_fields_never_come_with_faults() -> None:
    assert read("a: yes\nb: fine\n").data is None


def test_a_fault_becomes_a_finding_with_its_path_and_remedy() -> None:
    finding = only_fault("a: 1\n---\n").finding("records/x.yaml")
    assert (finding.path, finding.code, finding.help) == ("records/x.yaml", "YAML014", finding.rule.fix)


HOSTILE: dict[str, Callable[[], str | bytes]] = {
    "maps": lambda: ": " * 300_000,
    "lists": lambda: "- " * 300_000,
    "brackets": lambda: "[" * 1_000_000,
    "brackets in a value": lambda: "a: " + "[" * 1_000_000,
    "brackets line by line": lambda: "x: [\n" * 150_000,
    "braces": lambda: "{a: " * 200_000,
    "explicit keys": lambda: "? " * 300_000,
    "quotes": lambda: '"' * 1_000_000,
    "anchors": lambda: "a:\n" + "- &x 1\n" * 20_000,
    "aliases": lambda: "a: &a [x,x]\n" + "".join(f"a{n}: &a{n} [{'*a,' * 9}]\n" for n in range(1, 9)),
    "aliases that grow with the square": lambda: f"a: &a [{'x,' * 10_000}]\nb: [{'*a,' * 9_000}]\n",
    "the same beside a broken mask": lambda: f"a: &a [{'x,' * 10_000}]\nb: [{'*a,' * 9_000}]\n*z: q\n",
    "recursion": lambda: "a: &a [*a]\n",
    "recursion through maps": lambda: "a: &a\n  b: *a\n",
    "a number of 5000 digits": lambda: "a: " + "9" * 5000,
    "half a character": lambda: 'a: "\\ud800"\n',
    "half a character in a key": lambda: '"\\udfff": a\n',
    "no character at all": lambda: 'a: "\\U00110000"\n',
    "nul": lambda: "a: b\0\n",
    "50 MB": lambda: b"a: b\n" * 10_000_000,
    "latin 1": lambda: b"a: \xe9\n",
    "commas": lambda: "a: [" + "," * 1_000_000,
    "numbers with colons": lambda: "a: " + "1:1" * 300_000,
    "null after null": lambda: "a:\n" + "-\n" * 100_000,
    "one key again and again": lambda: "a: v\n" * 100_000,
    "all dashes": lambda: "-" * 500_000 + "\n  x\ny: z\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_ends_as_findings(name: str) -> None:
    result = read(HOSTILE[name]())
    assert result.data is None
    assert 1 <= len(result.faults) <= 200


@pytest.mark.parametrize(
    "name", ["maps", "lists", "brackets", "explicit keys", "aliases", "recursion", "a number of 5000 digits"]
)
def test_hostile_input_ends_as_findings_without_ryaml_too(name: str) -> None:
    assert read(HOSTILE[name](), SLOW).faults


def test_content_that_only_looks_hostile_is_read() -> None:
    text = 'a: "' + "[" * 1500 + '"\nb: |\n' + "  &x *x !y <<: *x\n" * 500
    assert read(text).faults == ()


def test_the_markers_of_the_mask_may_themselves_be_in_the_text() -> None:
    text = "a: \ue000\ue001 yes\nb: '\ue001yes\ue001'\nc: |\n  *x\ue000\n  \ue000*y \ue001 yes\n"
    result = read(text)
    assert result.data == {"a": "\ue000\ue001 yes", "b": "\ue001yes\ue001", "c": "*x\ue000\n\ue000*y \ue001 yes\n"}
    assert names(text + "d: *x\n") == ["anchor-or-alias"]


def test_ryaml_is_the_parser_where_it_is_installed() -> None:
    assert installed() is FAST


def test_without_ryaml_the_pure_parser_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ryaml", None)
    installed.cache_clear()
    try:
        assert installed() is SLOW
        assert read("a: b\n").data == {"a": "b"}
    finally:
        installed.cache_clear()


def test_reading_a_clean_record_does_not_import_ruamel_yaml() -> None:
    code = (
        "import sys; from itsm_as_code.store.reader import read_yaml; "
        "assert not read_yaml(b'a: \"yes\"\\nb: |\\n  *x\\n').faults; "
        "sys.exit('ruamel.yaml' in sys.modules or 'pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


SAYINGS = {
    "a: 1\na: 2\n": "duplicate-key",
    "a: 1\n---\nb: 2\n": "several-documents",
    "a: *x\n": "anchor-or-alias",
    "[" * 200 + "]" * 200: "too-deep",
    "a: 99999999999999999999\n": "integer-out-of-range",
    "a: !!int x\n": "tag",
    "a: !e!x y\n": "tag",
    "%FOO bar\n---\na: b\n": "directive",
    "a:\n  x\n\ty\n": "tab-outside-text",
    "a: |\n \tb\n": "tab-outside-text",
    "? [a]\n: b\n": "non-string-key",
}


@pytest.mark.parametrize("text", SAYINGS)
def test_what_ryaml_says_is_understood(text: str) -> None:
    """Its messages are no interface: this fails when a new version says it differently."""
    with pytest.raises(parser_module.Unparsable) as raised:
        FAST.parse(text)
    assert raised.value.rule.name == SAYINGS[text]
