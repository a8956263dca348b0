"""Small grammar for messages."""

from __future__ import annotations


def with_article(noun: str) -> str:
    """`a change`, `an incident`: the noun, a kind's name, with its indefinite article."""
    return f"an {noun}" if noun[:1] in "aeio" else f"a {noun}"
