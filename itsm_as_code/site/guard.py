"""Cleans each page last of all: it removes hidden ticket ids and invisible characters, wherever they came from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from itsm_as_code.domain.ids import kind_of_ticket
from itsm_as_code.site.references import TICKET_ID

if TYPE_CHECKING:
    from itsm_as_code.site.audience import VisibleRecords

PLACEHOLDER = "[restricted]"
"""This replaces a hidden ticket's id. It has no blanks, because it may be inside a heading's anchor."""

_ANY_CASE_ID = re.compile(TICKET_ID.pattern, re.IGNORECASE)
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


class HiddenIds:
    """Knows which ticket ids the audience must not see."""

    def __init__(self, records: VisibleRecords) -> None:
        self._records = records
        self._known: dict[str, bool] = {}

    def clean(self, html: str) -> str:
        """Returns `html` with hidden ids replaced and control and direction-changing characters removed."""
        return _INVISIBLE.sub("", _ANY_CASE_ID.sub(self._id, html))

    def _id(self, match: re.Match[str]) -> str:
        ticket_id = match[0].upper()
        if ticket_id not in self._known:
            kind = kind_of_ticket(ticket_id)
            self._known[ticket_id] = kind is not None and self._records.hides(kind, ticket_id)
        return PLACEHOLDER if self._known[ticket_id] else match[0]
