"""Small grammar for messages."""

from __future__ import annotations


def with_article(noun: str) -> str:
    """`a change`, `an incident`: the noun, a kind's name, with its indefinite article."""
    return f"an {noun}" if noun[:1] in "aeio" else f"a {noun}"


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
