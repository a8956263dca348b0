"""Gathers losses while an importer reads, and makes the report of them."""

from __future__ import annotations

from collections import Counter

from itsm_as_code.domain.loss import Loss, LossReport, Sort

EXAMPLES = 3
_EXAMPLE_LENGTH = 60


class Losses:
    """Gathers losses while an importer reads."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[Sort, str, str]] = Counter()
        self._examples: dict[tuple[Sort, str, str], list[str]] = {}
        self.totals: Counter[str] = Counter()

    def dropped(self, field: str, why: str, example: object = "", count: int = 1) -> None:
        """A value of the source that no record holds."""
        self._add(Sort.DROPPED, field, why, example, count)

    def guessed(self, field: str, why: str, example: object = "", count: int = 1) -> None:
        """A value that the source does not say."""
        self._add(Sort.GUESSED, field, why, example, count)

    def cleaned(self, field: str, why: str, example: object = "", count: int = 1) -> None:
        """A value that was kept after a change of its form."""
        self._add(Sort.CLEANED, field, why, example, count)

    def noted(self, field: str, why: str, example: object = "", count: int = 1) -> None:
        """A value that was kept although it contradicts another or can hardly be true."""
        self._add(Sort.NOTED, field, why, example, count)

    def report(self, system: str) -> LossReport:
        """What was gathered: by sort, the commonest first, then by field."""
        order = list(Sort)
        keys = sorted(self._counts, key=lambda key: (order.index(key[0]), -self._counts[key], key))
        losses = tuple(
            Loss(field, sort, self._counts[sort, field, why], why, tuple(self._examples[sort, field, why]))
            for sort, field, why in keys
        )
        return LossReport(system, dict(self.totals), losses)

    def _add(self, sort: Sort, field: str, why: str, example: object, count: int) -> None:
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
