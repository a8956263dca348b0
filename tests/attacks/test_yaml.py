"""Attacks on the reader (A055 to A070): what PyYAML lets through, the reader refuses and says so."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

import itsm_as_code
from itsm_as_code.store.reader import read_yaml
from itsm_as_code.store.slow_parser import SLOW
from itsm_as_code.store.worktree import WorkTree
from tests.store.reading import names, only_fault, place, read


def refused(text: str | bytes, rule: str) -> None:
    """Both parsers refuse `text`, and `rule` is among the reasons that the usual one gives."""
    assert rule in names(text)
    assert read(text, SLOW).data is None


@pytest.mark.parametrize("indent", [0, 2, 6])
def test_A055_duplicate_keys_are_told_with_both_lines(indent: int) -> None:
    outer = "".join(f"{' ' * depth}level{depth}:\n" for depth in range(0, indent, 2))
    text = outer + "".join(f"{' ' * indent}{line}\n" for line in ("state: draft", "title: x", "state: approved"))
    refused(text, "duplicate-key")
    fault = only_fault(text)
    first = indent // 2 + 1
    assert f"in line {first} and in line {first + 2}" in fault.message
    assert fault.position is not None
    assert fault.position.line == first + 2


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [*x]\n",
        "a: &x\n  b: *x\n",
        "a: &x b\nc: *x\n",
        "a: &x b\n",
        "a: *x\n",
        "<<: {a: b}\n",
        "a: &x {b: c}\nd: {<<: *x}\n",
    ],
)
def test_A058_anchors_aliases_and_merge_keys_are_refused(text: str) -> None:
    refused(text, "anchor-or-alias")


def test_A058_aliases_that_would_fill_the_memory_are_refused_unparsed() -> None:
    refused(f"a: &a [{'x,' * 10_000}]\nb: [{'*a,' * 9_000}]\n", "anchor-or-alias")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000,
        "a: " + "[" * 5000,
        "a: " + "[" * 100 + "]" * 100,
        "- " * 5000,
        "".join(" " * n + "a:\n" for n in range(100)),
    ],
)
def test_A060_deep_nesting_is_a_finding(text: str) -> None:
    refused(text, "too-deep")


def test_A061_a_huge_file_is_a_finding_and_is_not_swallowed(tmp_path: Path) -> None:
    (tmp_path / "big.yaml").write_bytes(b"a: " + b"x" * 50_000_000)
    content = WorkTree(tmp_path).read("big.yaml")
    assert len(content) < 2_000_000
    refused(content, "too-large")


@pytest.mark.parametrize("digits", [17, 40, 5000])
def test_A061_a_huge_integer_is_a_finding(digits: int) -> None:
    refused(f"a: {'9' * digits}\n", "integer-out-of-range")


def test_A061_a_huge_scalar_is_read() -> None:
    assert read(f'a: "{"x" * 1_000_000}"\n').faults == ()


@pytest.mark.parametrize(
    "text", ["approved: no\n", "country: NO\n", "on: push\n", "a: off\n", "a: [Yes]\n", "y: 1\n", "a: True\n"]
)
def test_A062_the_booleans_of_yaml_1_1_are_refused(text: str) -> None:
    refused(text, "ambiguous-scalar")


def test_A062_true_and_false_are_truth_values_and_quoted_words_are_text() -> None:
    assert read('approved: false\ncountry: "NO"\n"on": push\n').data == {
        "approved": False,
        "country": "NO",
        "on": "push",
    }


@pytest.mark.parametrize("number", ["010", "1:30", "1_0", "1__0", "0o10", "0x10", "12:30:00", "+1"])
def test_A063_numbers_that_readers_read_differently_are_refused(number: str) -> None:
    refused(f"count: {number}\n", "ambiguous-scalar")


@pytest.mark.parametrize("number", ["1.10", "1e3", ".5", "1."])
def test_A064_version_like_ids_must_be_quoted(number: str) -> None:
    refused(f"id: {number}\n", "ambiguous-scalar")
    assert read(f'id: "{number}"\n').data == {"id": number}


@pytest.mark.parametrize(
    "instant", ["2026-01-01", "2026-30-01", "2026-01-01T12:00:00", "2026-01-01T12:00:00Z", "2026-1-1"]
)
def test_A065_timestamps_stay_the_text_that_was_written(instant: str) -> None:
    for parser in (None, SLOW):
        assert read(f"at: {instant}\n", parser).data == {"at": instant}


@pytest.mark.parametrize(
    "text", ["a: b\n---\na: c\n", "a: b\n...\n---\nc: d\n", "a: b\n...\n", "---\n---\na: b\n", "a: b\n---\n"]
)
def test_A066_one_file_is_one_document(text: str) -> None:
    refused(text, "several-documents")


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system [id]",
        "!!binary aGk=",
        "!!set {a}",
        "!custom x",
        "!!str x",
        "! x",
        "!<tag:x,2026:y> z",
    ],
)
def test_A067_every_tag_is_refused(value: str) -> None:
    refused(f"a: {value}\n", "tag")


@pytest.mark.parametrize("head", ["%YAML 1.1\n---\n", "%TAG ! tag:x,2026:\n---\n", "%FOO\n---\n"])
def test_A067_directives_are_refused(head: str) -> None:
    refused(f"{head}a: b\n", "directive")


CHARACTERS = {
    "\u202e": "invisible-character",
    "\u2066": "invisible-character",
    "\u200f": "invisible-character",
    "\u200b": "invisible-character",
    "\u200d": "invisible-character",
    "\ufeff": "invisible-character",
    "\u2028": "invisible-character",
    "\u00ad": "invisible-character",
    "\U000e0041": "invisible-character",
    "\0": "control-character",
    "\x1b": "control-character",
    "\x7f": "control-character",
    "\x85": "control-character",
    "\x9b": "control-character",
    "\ufffe": "control-character",
    "\r": "carriage-return",
}
WRITTEN: dict[str, Callable[[str], str]] = {
    "plain": lambda char: f"title: a{char}b\n",
    "quoted": lambda char: f'title: "a{char}b"\n',
    "in a comment": lambda char: f"title: a # x{char}b\n",
    "in a key": lambda char: f"ti{char}tle: a\n",
    "in a block": lambda char: f"title: |\n  a{char}b\n",
}


@pytest.mark.parametrize("char", CHARACTERS, ids=lambda char: f"U+{ord(char):04X}")
@pytest.mark.parametrize("written", WRITTEN)
def test_A068_characters_that_show_another_text_are_refused(char: str, written: str) -> None:
    refused(WRITTEN[written](char), CHARACTERS[char])


def test_A068_a_byte_order_mark_is_refused() -> None:
    refused("\ufeffa: b\n", "byte-order-mark")
    assert place(only_fault("\ufeffa: b\n")) == (1, 1)


@pytest.mark.parametrize(
    "escape", ["\\u202e", "\\0", "\\x1b", "\\e", "\\x85", "\\N", "\\L", "\\P", "\\u2066", "\\uFEFF", "\\r"]
)
def test_A068_escapes_bring_no_control_or_bidi_character_in(escape: str) -> None:
    refused(f'title: "a{escape}b"\n', "control-character")
    refused(f'"a{escape}b": title\n', "control-character")


def test_A068_an_escape_that_reviewers_see_may_join_an_emoji() -> None:
    assert read('title: "\U0001f469\\u200d\U0001f4bb\\t\\n"\n').data == {"title": "\U0001f469\u200d\U0001f4bb\t\n"}


@pytest.mark.parametrize("content", [b"a: caf\xe9\n", b"\xff\xfea\0:\0", b"a: \xed\xa0\x80\n", b"a: \xc0\xaf\n"])
def test_A068_only_utf_8_is_read(content: bytes) -> None:
    refused(content, "not-utf8")


def test_A070_one_module_alone_parses_yaml_for_all_commands() -> None:
    """ryaml is imported by the parser, and by what looks whether it is there; ruamel.yaml in store/ alone. Importers
    read foreign files."""
    package = Path(itsm_as_code.__file__).parent
    importers: dict[str, set[str]] = {}
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for module in modules:
                importers.setdefault(module.split(".")[0], set()).add(path.relative_to(package).as_posix())
    ours = {name for name in importers["ryaml"] if not name.startswith("importers/")}
    assert ours == {"store/fast_parser.py", "store/parsers.py"}
    assert "yaml" not in importers
    assert {name.split("/")[0] for name in importers["ruamel"]} == {"store"}


def test_A070_the_reader_gives_equal_values_whichever_parser_serves() -> None:
    text = b'id: x\nlist: [1, true, "1.10"]\nat: 2026-01-01\nnote: |\n  * yes\n  &x *x\n'
    assert read_yaml(text) == read_yaml(text, parser=SLOW)
