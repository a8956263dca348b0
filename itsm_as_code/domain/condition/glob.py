"""Compiles globs: `*` matches any characters, `?` matches one. Matching needs no backtracking."""

from __future__ import annotations

from collections.abc import Callable

LONGEST = 200
"""The greatest length of a pattern in characters. It limits the work per character of text."""


def compile_glob(pattern: str, *, ignore_case: bool = False) -> Callable[[str], bool]:
    """Returns a test of whole texts. Raises ValueError if the pattern is too long.

    Each part between stars is matched at its leftmost place, so the work is at most len(text) times len(pattern).
    """
    if len(pattern) > LONGEST:
        raise ValueError(f"a glob may have at most {LONGEST} characters")
    first, *rest = (pattern.casefold() if ignore_case else pattern).split("*")

    def matches(text: str) -> bool:
        if ignore_case:
            text = text.casefold()
        if not rest:
            return len(text) == len(first) and _at(first, text, 0)
        return _spans(first, rest, text)

    return matches


def _spans(first: str, rest: list[str], text: str) -> bool:
    """Tells whether `text` begins with `first` and ends with the last of `rest`, with the others in order between."""
    *middle, last = rest
    end = len(text) - len(last)
    place = len(first)
    if place > end or not _at(first, text, 0) or not _at(last, text, end):
        return False
    for part in middle:
        found = _find(part, text, place, end)
        if found < 0:
            return False
        place = found + len(part)
    return True


def _at(part: str, text: str, place: int) -> bool:
    if "?" not in part:
        return text.startswith(part, place)
    return all(wanted in ("?", text[place + i]) for i, wanted in enumerate(part))


def _find(part: str, text: str, start: int, end: int) -> int:
    if "?" not in part:
        return text.find(part, start, end)
    places = range(start, end - len(part) + 1)
    return next((place for place in places if _at(part, text, place)), -1)
