"""The loss report of an import: what was dropped, guessed, cleaned or found odd, per field, counted, with examples."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """What became of a value. Shown in this order."""

    DROPPED = "dropped"
    GUESSED = "guessed"
    CLEANED = "cleaned"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that happened to one field of the source, `count` times.

    `examples` are up to three different values, as the source has them, cut for showing.
    `why` is a sentence; it says how to keep the value, where that is possible.
    """

    field: str
    sort: Sort
    count: int
    why: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LossReport:
    """What an import read, made and lost. `totals` is in the order in which it is told."""

    system: str
    totals: dict[str, int]
    losses: tuple[Loss, ...]
