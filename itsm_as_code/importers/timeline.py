"""Builds a timeline as another system tells it. Only changes become entries, in the order of time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.domain.instants import write_instant

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain
    from itsm_as_code.importers.loss import Losses

TRACKED = ("state", "reason", "impact", "urgency", "priority", "assignee", "team")


class ImportedTimeline:
    """Collects the entries of one ticket. Call `add` in the order in which things happened."""

    def __init__(self, losses: Losses) -> None:
        self._losses = losses
        self._last: datetime | None = None
        self.entries: list[dict[str, Plain]] = []
        self.now: dict[str, str] = {}

    def add(
        self,
        at: datetime,
        by: Plain,
        tracked: Mapping[str, str | None],
        *,
        field: str,
        note: str | None = None,
        public: str | None = None,
        recorded: datetime | None = None,
    ) -> bool:
        """Appends what `tracked` changes. Returns False if it changes nothing and there is no text.

        If `at` is before the entry above, both can't be true. Then the entry gets the instant of the one above, and
        a note says what the source has.
        """
        changes = self._changes(tracked)
        if not changes and not note and not public:
            return False
        if self._last is not None and at < self._last:
            why = "Earlier than the step before it: the entry stands at that step's time, with a note."
            self._losses.noted(field, why, f"{write_instant(at)} < {write_instant(self._last)}")
            said = f"The source gives {write_instant(at)} for this step."
            note, at = f"{note}\n\n{said}" if note else said, self._last
        self._last = at
        entry: dict[str, Plain] = {"at": write_instant(at), "by": by, "imported": True, **changes}
        if recorded is not None and recorded > at:
            entry["recorded"] = write_instant(recorded)
        if note:
            entry["note"] = note
        if public:
            entry["public"] = public
        self.entries.append(entry)
        self.now.update(changes)
        return True

    def _changes(self, tracked: Mapping[str, str | None]) -> dict[str, str]:
        """Returns what differs from now. Impact, urgency and priority go together: a priority is read with its
        causes."""
        changes = {
            key: value for key in TRACKED if (value := tracked.get(key)) is not None and value != self.now.get(key)
        }
        if changes.get("state") and (reason := tracked.get("reason")):
            changes["reason"] = reason
        if changes.keys() & {"impact", "urgency", "priority"}:
            for key in ("impact", "urgency", "priority"):
                value = tracked.get(key) or self.now.get(key)
                if value is not None:
                    changes[key] = value
        return changes
