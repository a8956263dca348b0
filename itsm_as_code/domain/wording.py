"""Helps messages with articles, plurals and lists."""

from __future__ import annotations

from collections.abc import Sequence


def with_article(noun: str) -> str:
    """Returns the name of a kind with its indefinite article: `a change`, `an incident`."""
    return f"an {noun}" if noun[:1] in "aeio" else f"a {noun}"


def counted(number: int, noun: str) -> str:
    """Returns a number with a noun in singular or plural: `1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Joins words as in `a, b and c`. `last` is the word before the last one."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
