"""What may happen to a timeline in a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from tests.approvals.machine.model.people import Clock
from tests.approvals.machine.model.reading import (
    BEYOND,
    FINAL,
    STEPS,
    STEPS_OF_INCIDENTS,
    Record,
    void_entries,
)
from tests.approvals.machine.model.standing import Step

TEN_MINUTES = timedelta(minutes=10)


def timeline_faults(
    line: Sequence[Step], before: Record | None, after: Record, step: Step, clock: Clock
) -> Iterator[str]:  # fmt: skip
    """All of base's entries occur in head, unchanged, in the same order. States follow the table; an entry may say the
    present one again, with a reason. Who calls a change off or takes an entry back is named in truth."""
    old, new = (before or {}).get("timeline", []), after["timeline"]
    places, ahead = [], iter(enumerate(new))
    for entry in old:
        place = next((number for number, each in ahead if each == entry), None)
        if place is None:
            yield "the timeline was rewritten"
            return
        places.append(place)
    gone_before, gone_after = void_entries(old), void_entries(new)
    if 0 in gone_after:
        yield "a ticket always has a state: its first entry is not taken back"
    for number, place in enumerate(places):
        if place in gone_after and number not in gone_before:
            yield from _void(line, before or {}, number, step, clock)
        elif place not in gone_after and number in gone_before:
            yield "what was void counts again"
    for number, entry in enumerate(new):
        off = entry.get("state") in ("draft", "cancelled", "rejected") or "void" in entry
        if before is not None and number not in places and off and entry["by"] not in step.wrote:
            yield f"{entry['by']} is said to have called it off"
    steps = STEPS if after["kind"] == "change" else STEPS_OF_INCIDENTS
    entries = [entry for place, entry in enumerate(new) if "state" in entry and place not in gone_after]
    for origin, entry in pairwise(entries):
        said_again = entry["state"] == origin["state"] not in FINAL and "reason" in entry
        if not said_again and (origin["state"], entry["state"]) not in steps:
            yield f"there is no step from {origin['state']} to {entry['state']}"


def _void(line: Sequence[Step], before: Record, number: int, step: Step, clock: Clock) -> Iterator[str]:
    """`void` takes back an entry whose landing step is at most ten minutes old by the check's clock, never by the
    entries' own times. An entry that entered or left a gated or a final state on base is not voided."""
    entries = before["timeline"]
    gone = void_entries(entries)
    decided = {*BEYOND, *FINAL}
    states = [each["state"] for place, each in enumerate(entries[:number]) if "state" in each and place not in gone]
    entered = entries[number].get("state")
    if entered in decided or (entered is not None and states and states[-1] in decided):
        yield "what entered or left a gated state is not taken back"
        return
    where = next(path for path, record in step.base.items() if record.get("id") == before["id"])
    landed = [each.dated for each in line if entries[number] in each.head.get(where, {}).get("timeline", [])
              and entries[number] not in each.base.get(where, {}).get("timeline", [])]  # fmt: skip
    if not landed or clock.now - landed[-1] > TEN_MINUTES:
        yield "the entry landed more than ten minutes ago"
