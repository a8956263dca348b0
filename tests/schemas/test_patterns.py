"""Regular expressions of the schemas mean the same in Python, in Rust (pydantic) and in JavaScript (ECMA-262)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from itsm_as_code.render.json_schema import matching
from tests.schemas.node import ask_node
from tests.schemas.sample import documents, generated

PORTABLE = re.compile(
    r"""\^ (?: \\[.+*?^$\\|(){}\[\]/]          # an escaped character that needs the escape
             | [^\\.\[\]{}()*+?^$|]            # a character that stands for itself
             | \[ \^? (?: \\[\\\]\[^-] | \\[tnr] | \\x[0-9a-f]{2} | \\u[0-9a-f]{4} | [^\\\[\]] )+ \]
             | \( (?! \?) | [)|] | [*+?] (?! [*+?] ) | \{ [0-9]+ (?: ,[0-9]+ )? \} (?! [*+?] )
           )* \$""",
    re.VERBOSE,
)
"""Groups, alternatives, classes and greedy repetition, between anchors: what all engines read alike."""

TELLING = [
    "\n", "\r", "\t", "\x0b", "\x0c", "\x1c", "\x1f", " ", "\x7f", "\x85", "\xa0", "\u1680", "\u180e", "\u2000",
    "\u200b", "\u2028", "\u2029", "\u3000", "\ufeff", "\u0663", "\uff11", "é", "\u017f", "\u212a", "😀", "a", "Z",
    "0", "9", "_", "-", ".", "/", ":", "@", "<", '"', "\\", "~", "^", "$", "[", "]", "*", "?", "=", "+",
]  # fmt: skip
"""Characters that engines see differently as a blank, a digit, a letter or the end of a line, and usual ones."""

MATCHING = ["AB1234", "APR001", "0" * 40, "a1b2c3d", "itsm1:" + "0" * 64, "github", "NRW", "DE", "100", "99.9", "24:00"]
"""Texts that some pattern takes and that the sample may lack."""


def _patterns(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        for value in node.values():
            yield from _patterns(value)
    elif isinstance(node, list):
        for item in node:
            yield from _patterns(item)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _texts(value)
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item)


LINE_BREAK = "\\n"


def test_every_pattern_is_written_with_what_all_engines_have() -> None:
    found = set(_patterns(generated()))
    assert len(found) > 30
    assert [pattern for pattern in found - {LINE_BREAK} if not PORTABLE.fullmatch(pattern)] == []


@pytest.mark.parametrize(
    "pattern", [r"^\S$", r"^\d$", r"^[\s]$", r"^a\"$", r"^.$", r"^a", r"a$", r"^(?i)a$", r"^a\Z", r"^a++$"]
)
def test_what_engines_read_differently_is_found(pattern: str) -> None:
    assert not PORTABLE.fullmatch(pattern)


def test_every_pattern_forbids_a_line_break_at_the_end() -> None:
    """Python's `$` would take one."""
    assert list(_bare(generated())) == []


def _bare(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        pattern = node.get("pattern")
        if isinstance(pattern, str) and pattern != LINE_BREAK and not matching(pattern).items() <= node.items():
            yield node
        for value in node.values():
            yield from _bare(value)
    elif isinstance(node, list):
        for item in node:
            yield from _bare(item)


def test_three_engines_agree_on_every_pattern() -> None:
    patterns = sorted(set(_patterns(generated())) - {LINE_BREAK})
    every = sorted({*MATCHING, *_texts([data for _, data in documents()])})
    samples = {pattern: _near(pattern, every) for pattern in patterns}
    strings = sorted({text for each in samples.values() for text in each})
    answer = ask_node({}, [], patterns, strings)
    for pattern, javascript in zip(patterns, answer.matches, strict=True):
        said = dict(zip(strings, javascript, strict=True))
        python = re.compile(pattern)
        rust = TypeAdapter(Annotated[str, Field(pattern=pattern)])
        for text in samples[pattern]:
            assert said[text] == (python.search(text) is not None and "\n" not in text), (pattern, text)
            assert said[text] == _takes(rust, text), (pattern, text)


def _near(pattern: str, every: list[str]) -> list[str]:
    """Texts that the pattern takes, and each with a telling character before, after, inside or in place of one."""
    taken = sorted((text for text in every if re.search(pattern, text)), key=lambda text: (len(text), text))[:3]
    assert taken, f"no text of the sample matches {pattern}: add one to MATCHING"
    changed = [
        text[:at] + character + text[at + gone :]
        for text in taken
        for character in TELLING
        for at, gone in ((0, 0), (0, 1), (len(text) // 2, 0), (len(text) - 1, 1), (len(text), 0))
    ]
    return [*taken, *changed]


def _takes(adapter: TypeAdapter[str], text: str) -> bool:
    try:
        adapter.validate_python(text)
    except ValidationError:
        return False
    return True
