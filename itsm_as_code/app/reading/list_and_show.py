"""`itsm list` and `itsm show`: read records, with the values that are computed from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.records.lookup import find, load
from itsm_as_code.app.records.query import Selection, select
from itsm_as_code.domain.instants import write_utc
from itsm_as_code.domain.kinds.ticket import Ticket
from itsm_as_code.domain.shape import references
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record

COLUMNS = (
    "id", "kind", "state", "priority", "type", "tier", "service", "owner", "team", "assignee", "opened", "title",
)  # fmt: skip
DISPENSABLE = ("kind", "type", "opened", "team", "tier", "service", "owner", "assignee", "priority")
"""The columns that a narrow terminal can do without, the least important first."""


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One record: as written, and the values that are computed from it."""

    path: str
    data: dict[str, Any]
    heading: str
    state: str
    derived: dict[str, Any]


def listed(checkout: Checkout, words: Sequence[str], *, everything: bool) -> tuple[list[dict[str, str]], Selection]:
    """Returns rows of `COLUMNS` for all records that match, and the selection itself."""
    selection = select(checkout.here, words, everything=everything)
    return [_row(record) for record in selection.records], selection


def _row(record: Record) -> dict[str, str]:
    values: dict[str, Any] = {name: getattr(record, name, None) for name in COLUMNS}
    values |= {"kind": record.KIND, "title": record.label, "owner": getattr(record, "owner", None)}
    if isinstance(record, Ticket):
        for name in ("priority", "team", "assignee"):
            values[name] = record.current(name) if name in record.TRACKED_FIELDS else values[name]
        values["opened"] = write_utc(record.opened_at)
    return {name: str(value) for name, value in values.items() if value is not None}


def shown(checkout: Checkout, ref: str) -> ShownRecord:
    """Returns the record that `ref` means. Raises UsageFault if it means none."""
    snapshot = TreeSnapshot(checkout.files, keep_data=True)
    path, loaded = load(snapshot, *find(snapshot, ref))
    record: Any = loaded.record
    state = str(getattr(record, "state", "") or "")
    derived: dict[str, Any] = {"path": path, "state": state}
    if isinstance(record, Ticket):
        derived |= {name: str(value) for name in record.TRACKED_FIELDS if (value := record.current(name)) is not None}
    derived["references"] = sorted({"/".join(reference.target) for reference in references(record)})
    return ShownRecord(path, loaded.data or {}, record.label, state, derived)
