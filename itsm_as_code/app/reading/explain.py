"""`itsm explain REF state|priority`: says which entries of the timeline set the present value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.records.lookup import find
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.ticket import Ticket
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.wording import with_article

_FIELDS = {"state": ("state", "reason"), "priority": ("impact", "urgency", "priority")}


def reasons(checkout: Checkout, ref: str, aspect: str) -> Iterator[str]:
    """Returns lines that say what the value is, which entries set it, and what may come next."""
    snapshot = checkout.here
    kind, record_id = find(snapshot, ref)
    record = snapshot.get(kind, record_id)
    if record is None:
        raise UsageFault(f"{record_id} can't be read", hint="itsm check")
    if aspect == "priority" and (not isinstance(record, Ticket) or "priority" not in record.TRACKED_FIELDS):
        raise UsageFault(f"{with_article(kind)} has no priority")
    value = record.current(aspect) if isinstance(record, Ticket) else getattr(record, aspect, None)
    yield f"{record_id}: {aspect} {value}"
    if isinstance(record, Ticket):
        yield from _entries(record, _FIELDS[aspect])
    if aspect == "priority" and value is not None:
        yield from _matrix(record, snapshot.settings)
    table = LIFECYCLES.get(kind)
    if aspect == "state" and table is not None and value is not None:
        ways = [f"itsm {step.verb} ({step.target})" for step in table.from_state(str(value))]
        yield "  next: " + (", ".join(ways) if ways else f"nothing, {value} is final")


def _entries(record: Ticket, fields: tuple[str, ...]) -> Iterator[str]:
    taken_back = record.voided
    for number, entry in enumerate(record.timeline, 1):
        told = [f"{name} {value}" for name in fields if (value := getattr(entry, name, None)) is not None]
        if told:
            by = entry.by if isinstance(entry.by, str) else entry.by.name
            gone = " (taken back)" if number - 1 in taken_back else ""
            yield f"  {number}. {write_instant(entry.at)} {by}: {', '.join(told)}{gone}"


def _matrix(record: Any, settings: Any) -> Iterator[str]:
    impact, urgency = record.current("impact"), record.current("urgency")
    if impact is None or urgency is None:
        yield "  impact and urgency are not both set"
        return
    right = settings.priority(impact, urgency)
    yield f"  the matrix of itsm.yaml gives {right} today for impact {impact} and urgency {urgency}"
    if right != record.current("priority"):
        yield "  the priority was written by another matrix, or imported; it is kept as written"
