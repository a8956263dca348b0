"""Remembers values by what they were made of, and forgets those that nobody has asked for lately."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Keeps at most `most` units of values. A value has one unit, or what `size` says.

    There are a younger and an older half. A value that is asked for moves to the younger half; when that is full, it
    becomes the older one, and what was in the older one and was not asked for is forgotten. A key must contain all
    that its value depends on.
    """

    def __init__(self, most: int, size: Callable[[V], int] = lambda value: 1) -> None:
        self._half = most // 2
        self._size = size
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}
        self._filled = 0

    def get(self, key: K) -> V | None:
        """Returns the value, or None if it is not known any more."""
        value = self._young.get(key)
        if value is None and (value := self._old.get(key)) is not None:
            self.keep(key, value)
        return value

    def keep(self, key: K, value: V) -> V:
        """Keeps a value, unless it is too large to keep, and returns it."""
        size = self._size(value)
        if size > self._half:
            return value
        if self._filled + size > self._half:
            self._old, self._young, self._filled = self._young, {}, 0
        self._young[key] = value
        self._filled += size
        return value
