"""A cache of the last result. It helps because several checks in a row compute the same value for one record."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Of = TypeVar("Of")
Answer = TypeVar("Answer")


def cache_last(ask: Callable[[Of], Answer]) -> Callable[[Of], Answer]:
    """Caches the last result of a function by the identity of its argument. Use it for immutable arguments only."""
    last: tuple[Of, Answer] | None = None

    @wraps(ask)
    def remembering(of: Of) -> Answer:
        nonlocal last
        found = last
        if found is None or found[0] is not of:
            last = found = (of, ask(of))
        return found[1]

    return remembering
