"""Defines the loss report of an import: what was dropped, guessed, cleaned or noted, counted per field."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LossSort(StrEnum):
    """What happened to a value. Reports use this order."""

    DROPPED = "dropped"
    GUESSED = "guessed"
    CLEANED = "cleaned"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that happened to one field of the source, `count` times.

    `examples` are up to three different values of the source, shortened. `why` is a sentence that says how to keep the
    value, if that is possible.
    """

    field: str
    sort: LossSort
    count: int
    why: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LossReport:
    """What an import read, made and lost. `totals` is in the order in which it is shown."""

    system: str
    totals: dict[str, int]
    losses: tuple[Loss, ...]
