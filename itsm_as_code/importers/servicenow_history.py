"""Builds timelines of ServiceNow incidents from the rows of an event log, or from the one row of an export."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from itsm_as_code.domain.instants import write_instant
from itsm_as_code.importers.timeline import ImportedTimeline

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain
    from itsm_as_code.importers.servicenow_row import Reader, Row

ENDED = ("resolved", "closed")
_NEAR = timedelta(minutes=1)


class History:
    """Builds the timelines of one source."""

    def __init__(self, reader: Reader) -> None:
        self._read = reader
        self._losses = reader.losses

    def opened_at(self, rows: list[Row]) -> datetime | None:
        """Returns when the incident was opened: as the source says, or else the first time that it names."""
        read = self._read
        opened = read.instant(rows[0], "opened_at")
        if opened is not None:
            return opened
        others = [read.instant(row, field) for field in ("opened_at", "created_at", "updated_at") for row in rows]
        found = min((at for at in others if at is not None), default=None)
        if found is not None:
            self._losses.guessed("opened_at", "Missing: the first time that the rows name was taken.", found)
        return found

    def of_events(self, rows: list[Row], opened: datetime) -> list[dict[str, Plain]]:
        """Returns the timeline of an event log's rows, which are in the order of time."""
        timeline = ImportedTimeline(self._losses)
        self._open(timeline, rows[0], opened, self._starts_later(rows[0], opened))
        for row in rows:
            at = self._read.instant(row, "updated_at")
            if at is None:
                self._losses.dropped("rows", "No time of the update: the row's changes can't be placed.")
                continue
            if at < opened:
                self._losses.noted(
                    "updated_at", "Before the opening, which is impossible: the time of the opening was taken.", at
                )
                at = opened
            tracked = self._read.tracked(row, timeline.now)
            if tracked["state"] == "closed" and timeline.now.get("state") not in ENDED:
                self._step_from_column(timeline, row, "resolved", until=at)
            if not timeline.add(at, self._actor(row, "updated_by"), tracked, field="updated_at"):
                self._losses.noted("rows", "Changes nothing that we keep: no entry.")
        self._end(timeline, rows[-1])
        self._compare_times(timeline, rows[-1])
        self._compare_counts(timeline, rows)
        return timeline.entries

    def of_row(self, row: Row, opened: datetime) -> list[dict[str, Plain]]:
        """Returns the timeline of an export with one row per incident: what is known of its beginning and its end."""
        timeline = ImportedTimeline(self._losses)
        state = self._read.tracked(row, {})["state"]
        self._open(timeline, row, opened, state != "new")
        why = "The export holds today's values only: they stand in the first entry, as if set at the opening."
        self._losses.guessed("timeline", why)
        if state in (*ENDED, "cancelled"):
            self._end_of_row(timeline, row, state)
        elif state is not None and state != "new":
            self._enter(timeline, row, state, "updated_at", "updated_by", guessed=True)
        if state not in ENDED:
            self._unused_ends(row)
        self._compare_duration(row, opened)
        for field in ("reassignment_count", "reopen_count"):
            if count := self._read.number(row, field):
                self._losses.dropped(field, "When it was passed on or reopened is not in the export.", count)
        return timeline.entries

    def _starts_later(self, row: Row, opened: datetime) -> bool:
        """Returns whether the first row is from a time after the opening. Then its state need not be the first one."""
        at = self._read.instant(row, "updated_at")
        return at is not None and at > opened

    def _open(self, timeline: ImportedTimeline, row: Row, opened: datetime, is_later: bool) -> None:
        tracked = self._read.tracked(row, {})
        if tracked["state"] is None or (is_later and tracked["state"] != "new"):
            self._losses.guessed("state", "The state at the opening is not in the source: `new` was taken.")
            tracked = tracked | {"state": "new", "reason": None}
        field = "opened_by" if self._read.text(row, "opened_by") else "created_by"
        created = self._read.instant(row, "created_at")
        timeline.add(opened, self._actor(row, field), tracked, field="opened_at", recorded=created)

    def _actor(self, row: Row, field: str) -> Plain:
        return self._read.parties.actor(self._read.text(row, field), field)

    def _enter(
        self, timeline: ImportedTimeline, row: Row, state: str, at_field: str, by_field: str, *, guessed: bool
    ) -> bool:
        at = self._read.instant(row, at_field)
        if at is None:
            return False
        tracked = self._read.tracked(row, timeline.now)
        step = {"state": state, "reason": self._why(row, state, tracked)}
        if guessed:
            why = f"When it became {state} is not in the source: {at_field} was taken."
            self._losses.guessed("timeline", why, write_instant(at))
        by = by_field if self._read.text(row, by_field) else "updated_by"
        return timeline.add(at, self._actor(row, by), step, field=at_field)

    def _why(self, row: Row, state: str, tracked: dict[str, str | None]) -> str | None:
        if state == "cancelled":
            return self._read.line(row, "close_code") or "Cancelled in the source; it does not say why"
        return tracked["reason"] if state == "on_hold" else None

    def _end_of_row(self, timeline: ImportedTimeline, row: Row, state: str) -> None:
        if state == "cancelled":
            if not self._enter(timeline, row, state, "closed_at", "closed_by", guessed=False):
                self._enter_somehow(timeline, row, state)
            return
        resolved = self._enter(timeline, row, "resolved", "resolved_at", "resolved_by", guessed=False)
        if state == "resolved" and not resolved:
            self._enter_somehow(timeline, row, state)
        if state == "closed" and not self._enter(timeline, row, state, "closed_at", "closed_by", guessed=False):
            self._enter_somehow(timeline, row, state)

    def _enter_somehow(self, timeline: ImportedTimeline, row: Row, state: str) -> None:
        if self._enter(timeline, row, state, "updated_at", "updated_by", guessed=True):
            return
        if self._enter(timeline, row, state, "opened_at", "opened_by", guessed=True):
            return
        at, by = datetime.fromisoformat(str(timeline.entries[-1]["at"])), timeline.entries[-1]["by"]
        self._losses.guessed(
            "timeline", f"When it became {state} is not in the source: the time of the step before was taken."
        )
        reason = self._why(row, state, {"reason": None})
        timeline.add(at, by, {"state": state, "reason": reason}, field="state")

    def _unused_ends(self, row: Row) -> None:
        for field in ("resolved_at", "closed_at"):
            if said := self._read.text(row, field):
                self._losses.dropped(field, "The incident is open: its state was believed, not this time.", said)

    def _step_from_column(self, timeline: ImportedTimeline, row: Row, state: str, until: datetime | None) -> None:
        """Adds a step that no row shows, if a column gives its time and that time fits between the rows."""
        field = f"{state}_at"
        at = self._read.instant(row, field)
        last = datetime.fromisoformat(str(timeline.entries[-1]["at"]))
        if at is None or at < last or (until is not None and at > until):
            return
        self._losses.guessed("timeline", f"No row shows that it became {state}: the step was taken from {field}.", at)
        by = f"{state}_by" if self._read.text(row, f"{state}_by") else "updated_by"
        timeline.add(at, self._actor(row, by), {"state": state}, field=field)

    def _end(self, timeline: ImportedTimeline, row: Row) -> None:
        """Adds steps after the last row that columns tell of, and who resolved the incident."""
        if timeline.now.get("state") not in (*ENDED, "cancelled"):
            self._step_from_column(timeline, row, "resolved", until=None)
        if timeline.now.get("state") not in ("closed", "cancelled"):
            self._step_from_column(timeline, row, "closed", until=None)
        if self._read.text(row, "resolved_by"):
            last = [entry for entry in timeline.entries if entry.get("state") == "resolved"][-1:]
            for entry in last:
                entry["by"] = self._actor(row, "resolved_by")

    def _compare_times(self, timeline: ImportedTimeline, row: Row) -> None:
        """Compares the end times in columns with the rows. The rows win, and a note keeps the column's time."""
        for state in ENDED:
            at = self._read.instant(row, f"{state}_at")
            steps = [entry for entry in timeline.entries if entry.get("state") == state]
            if at is None or (steps and abs(datetime.fromisoformat(str(steps[-1]["at"])) - at) <= _NEAR):
                continue
            said = write_instant(at)
            if not steps:
                self._losses.dropped(f"{state}_at", f"The rows go on after it and never say {state}.", said)
                continue
            why = f"The first row that says {state} has another time: it was kept, and a note has this one."
            self._losses.noted(f"{state}_at", why, f"{said} / {steps[-1]['at']}")
            note = f"The source gives {said} as {state}_at."
            steps[-1]["note"] = f"{steps[-1]['note']}\n\n{note}" if "note" in steps[-1] else note

    def _compare_counts(self, timeline: ImportedTimeline, rows: list[Row]) -> None:
        """Compares the source's own counts with what its rows show."""
        groups = [group for row in rows if (group := self._read.text(row, "team"))]
        passed = sum(a != b for a, b in pairwise(groups))
        states = [str(entry["state"]) for entry in timeline.entries if "state" in entry]
        reopened = sum(a in ENDED and b not in ENDED for a, b in pairwise(states))
        for field, seen in (("reassignment_count", passed), ("reopen_count", reopened)):
            said = self._read.number(rows[-1], field)
            if said is not None and said != seen:
                why = "The source's count differs from its rows; ours is always counted from the timeline."
                self._losses.noted(field, why, f"{said} / {seen}")

    def _compare_duration(self, row: Row, opened: datetime) -> None:
        """Compares the source's own seconds to resolution with its times."""
        said, resolved = self._read.number(row, "duration"), self._read.instant(row, "resolved_at")
        if said is not None and resolved is not None and abs((resolved - opened).total_seconds() - said) > 1:
            why = "The source's duration is not resolved_at minus opened_at; ours is always computed."
            self._losses.noted("duration", why, said)
