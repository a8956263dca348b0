"""Suggests the word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, right: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Returns the word in `right` that is most similar to `word`, or None if none is similar."""
    words = list(right)
    by_folded = {candidate.lower(): candidate for candidate in words}
    folded = word.lower().replace("-", "_")
    for candidate, original in by_folded.items():
        if candidate.replace("-", "_") == folded:
            return original
    from difflib import get_close_matches

    found = get_close_matches(word.lower()[:80], list(by_folded), n=1, cutoff=cutoff)
    return by_folded[found[0]] if found else None


def did_you_mean(word: str, right: Iterable[str]) -> str:
    """Returns a hint with the nearest word, or with all words if they are few, or "" if there is no good hint."""
    words = list(right)
    found = nearest(word, words)
    if found is not None:
        return f"did you mean `{found}`?"
    if 0 < len(words) <= 12:
        return "one of " + ", ".join(f"`{candidate}`" for candidate in words)
    return ""
