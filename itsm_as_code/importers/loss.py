"""Collects losses while an importer reads, and makes the report of them."""

from __future__ import annotations

from collections import Counter

from itsm_as_code.domain.loss import Loss, LossReport, LossSort

EXAMPLES = 3
_EXAMPLE_LENGTH = 60


class Losses:
    """Collects losses while an importer reads."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[LossSort, str, str]] = Counter()
        self._examples: dict[tuple[LossSort, str, str], list[str]] = {}
        self.totals: Counter[str] = Counter()

    def dropped(self, field: str, why: str, example: object = "", count: int = 1) -> None:
        """Reports a value of the source that no record holds."""
        self._add(LossSort.DROPPED, field, why, example, count)

    def guessed(self, field: str, why: str, example: object = "", count: int = 1) -> None:
        """Reports a value that the source does not say."""
        self._add(LossSort.GUESSED, field, why, example, count)

    def cleaned(self, field: str, why: str, example: object = "", count: int = 1) -> None:
        """Reports a value that was kept in a changed form."""
        self._add(LossSort.CLEANED, field, why, example, count)

    def noted(self, field: str, why: str, example: object = "", count: int = 1) -> None:
        """Reports a value that was kept, although it contradicts another or can hardly be true."""
        self._add(LossSort.NOTED, field, why, example, count)

    def report(self, system: str) -> LossReport:
        """Returns the report: by type, the most frequent first, then by field."""
        order = list(LossSort)
        keys = sorted(self._counts, key=lambda key: (order.index(key[0]), -self._counts[key], key))
        losses = tuple(
            Loss(field, sort, self._counts[sort, field, why], why, tuple(self._examples[sort, field, why]))
            for sort, field, why in keys
        )
        return LossReport(system, dict(self.totals), losses)

    def _add(self, sort: LossSort, field: str, why: str, example: object, count: int) -> None:
        if count < 1:
            return
        key = (sort, field, why)
        self._counts[key] += count
        seen = self._examples.setdefault(key, [])
        if len(seen) < EXAMPLES and example != "":
            shown = _shown(example)
            if shown not in seen:
                seen.append(shown)


def _shown(example: object) -> str:
    text = "".join(char if char.isprintable() else "\ufffd" for char in str(example)[: _EXAMPLE_LENGTH + 1])
    return text if len(text) <= _EXAMPLE_LENGTH else text[: _EXAMPLE_LENGTH - 1] + "…"
