"""Reads incidents of ServiceNow, as CSV or JSON: an event log (a row per update) or an export (a row per incident)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from itsm_as_code.domain.ids import derived_ticket_id
from itsm_as_code.importers.clean import slug, text
from itsm_as_code.importers.draft import Harvest, ImportedRecord, Options
from itsm_as_code.importers.loss import Losses
from itsm_as_code.importers.mapping import source_mapping
from itsm_as_code.importers.parties import Parties
from itsm_as_code.importers.servicenow_history import ENDED, History
from itsm_as_code.importers.servicenow_journal import with_journal
from itsm_as_code.importers.servicenow_row import Columns, Reader, Row
from itsm_as_code.importers.servicenow_words import SERVICENOW
from itsm_as_code.importers.stamp import Stamps, day_first
from itsm_as_code.importers.table import read_table
from itsm_as_code.importers.valid_drafts import valid_drafts

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain

MADE_SLA = "made_sla"
"""This custom field keeps the source's verdict on its own SLAs, which can't be computed again."""

_START = datetime.min.replace(tzinfo=UTC)


def read(data: bytes, name: str, options: Options, mapping: object = None) -> Harvest:
    """Returns incidents, and what they refer to, from the bytes of an export. `mapping` is a parsed mapping file.

    Raises ItsmError if the file is not a table, lacks a column that is needed, or needs an option that was not
    given. Everything else that is wrong is in the loss report.
    """
    losses = Losses()
    words = source_mapping(mapping, SERVICENOW)
    table = read_table(data, name, losses)
    columns = Columns(table, words, losses)
    stamps = Stamps(options, losses, day_first(columns.stamps(table)))
    parties = Parties(words.system, options, losses, words.parties)
    source = _Source(Reader(columns, words, stamps, parties, losses, options.priorities), options)
    incidents = list(valid_drafts(source.incidents(table.rows), losses))
    losses.totals.update({"rows": len(table.rows), "incidents": len(incidents)})
    for draft in parties.created:
        losses.totals[f"created {draft.kind}"] += 1
    custom = {name: kind for name, kind in source.custom.items() if name not in options.custom_fields}
    return Harvest(
        (*valid_drafts(parties.created, losses), *incidents), losses.report(words.system), words.as_plain(), custom
    )


class _Source:
    """Groups rows by incident and makes a record of each group."""

    def __init__(self, reader: Reader, options: Options) -> None:
        self._read = reader
        self._options = options
        self._losses = reader.losses
        self._history = History(reader)
        self._ids: dict[str, str] = {}
        self.custom: dict[str, str] = {}

    def incidents(self, rows: list[Row]) -> Iterator[ImportedRecord]:
        """Yields the drafts, in the order in which the source first names them, with links to their parents."""
        groups = self._grouped(rows)
        is_log = any(len(group) > 1 for group in groups.values())
        drafts = {key: draft for key, group in groups.items() if (draft := self._incident(key, group, is_log))}
        parents = self._parents(groups, drafts)
        for key, draft in drafts.items():
            if key in parents:
                draft.data["parent"] = drafts[parents[key]].id
            yield draft

    def _grouped(self, rows: list[Row]) -> dict[str, list[Row]]:
        groups: dict[str, list[Row]] = {}
        seen: dict[str, set[tuple[str, ...]]] = {}
        for row in rows:
            key = self._read.key(row)
            if not key:
                self._losses.dropped("rows", "No number: nothing says which incident it is about.")
                continue
            same = seen.setdefault(key, set())
            if (cells := tuple(row)) in same:
                self._losses.noted("rows", "The same row again: read once.", key)
                continue
            same.add(cells)
            groups.setdefault(key, []).append(row)
        return groups

    def _incident(self, key: str, rows: list[Row], is_log: bool) -> ImportedRecord | None:
        rows = self._in_order(key, rows)
        opened = self._history.opened_at(rows)
        if opened is None:
            self._losses.dropped("incident", "Left out: no row has a time that can be read.", key)
            return None
        timeline = self._history.of_events(rows, opened) if is_log else self._history.of_row(rows[-1], opened)
        timeline = with_journal(timeline, rows[-1], self._read)
        record_id = self._id(key, opened)
        data: dict[str, Plain] = {"id": record_id, "kind": "incident", "schema": 1}
        data |= self._facts(key, rows[-1])
        states = [entry["state"] for entry in timeline if "state" in entry]
        if states[-1] in ENDED:
            data["resolution"] = self._resolution(rows[-1])
        data |= self._extras(rows[-1])
        data["aliases"] = self._aliases(key, rows[-1])
        data["timeline"] = list(timeline)
        return ImportedRecord("incident", record_id, data)

    def _in_order(self, key: str, rows: list[Row]) -> list[Row]:
        """Returns rows by time of update, then by the source's count of updates, then in their original order."""
        if len(rows) == 1:
            return rows
        times = [self._read.instant(row, "updated_at") or _START for row in rows]
        order = sorted(range(len(rows)), key=lambda i: (times[i], self._read.number(rows[i], "update_count") or 0, i))
        if any(a > b for a, b in pairwise(times)):
            self._losses.noted("updated_at", "Rows of one incident that do not come in the order of time: sorted.", key)
        return [rows[i] for i in order]

    def _id(self, key: str, opened: datetime) -> str:
        """Returns the id that the workspace has for the key, or else the first free one derived from the key."""
        system = self._read.mapping.system
        record_id = self._options.known.find("incident", key)
        attempt = 0
        while record_id is None:
            candidate = derived_ticket_id("incident", system, key, opened, attempt)
            is_free = candidate not in self._ids and not self._options.known.has("incident", candidate)
            record_id = candidate if is_free else None
            attempt += 1
        self._ids[record_id] = key
        return record_id

    def _facts(self, key: str, row: Row) -> dict[str, Plain]:
        read, parties = self._read, self._read.parties
        categories = read.mapping["categories"]
        facts: dict[str, Plain | None] = {
            "title": self._title(key, row),
            "description": text(read.text(row, "description"), "description", self._losses),
            "service": parties.find("service", read.text(row, "service"), "service") or read.mapping.default_service,
            "category": self._renamed(categories.by_folded_name, read.line(row, "category")),
            "subcategory": read.line(row, "subcategory"),
            "channel": read.word(row, "channels", "channel"),
            "requester": parties.requester(read.text(row, "requester"), "requester"),
        }
        for field, kind in (("problem", "problem"), ("caused_by", "change")):
            facts[field] = self._linked(row, field, kind)
        if affected := self._affected(row):
            facts["affects"] = [affected]
        return {name: value for name, value in facts.items() if value not in (None, "")}

    def _renamed(self, names: object, value: str) -> str:
        found = names.get(value.casefold()) if isinstance(names, dict) else None
        return value if found is None else "" if found == "drop" else str(found)

    def _title(self, key: str, row: Row) -> str:
        title = self._read.line(row, "title")
        if title:
            return title
        parts = [part for field in ("category", "subcategory", "symptom") if (part := self._read.line(row, field))]
        made = " / ".join(parts)[:300].strip() or f"Incident {key}"
        self._losses.guessed("title", "Missing: made of category, subcategory and symptom, or of the number.", made)
        return made

    def _linked(self, row: Row, field: str, kind: str) -> str | None:
        key = self._read.line(row, field)
        found = self._options.known.find(kind, key) if key else None
        if key and found is None:
            why = f"No {kind} of the workspace has it as alias `{self._read.mapping.system}:`."
            self._losses.dropped(field, why, key)
        return found

    def _affected(self, row: Row) -> str | None:
        name = self._read.line(row, "affects")
        for kind in ("asset", "service") if name else ():
            if found := self._options.known.find(kind, name):
                return f"{kind}/{found}"
        if name:
            why = f"No asset or service has it as alias `{self._read.mapping.system}:`."
            self._losses.dropped("affects", why, name)
        return None

    def _resolution(self, row: Row) -> dict[str, Plain]:
        """Returns how it ended: a sentence that names the source's close code, and the source's notes."""
        code = self._read.line(row, "close_code")
        notes = text(self._read.text(row, "close_notes"), "close_notes", self._losses, limit=90_000)
        found = self._read.mapping["close_codes"].find(code, otherwise="unknown") if code else None
        if code and found is None:
            why = "Not a known word: `unknown` was taken, and the summary names it; map it under `close_codes`."
            self._losses.guessed("close_code", why, code)
        elif not code:
            self._losses.guessed("close_code", "The source gives none: `unknown` was taken.")
        said = f'The source closed it with the code "{code}".' if code else "The source gives no close code."
        known = found if found not in (None, "drop") else "unknown"
        return {"code": str(known), "summary": f"{notes}\n\n{said}" if notes else said}

    def _extras(self, row: Row) -> dict[str, Plain]:
        """Returns made_sla and custom columns as custom fields, if these are declared or may be; made_sla else as a
        tag."""
        custom: dict[str, Plain] = {}
        extras: dict[str, Plain] = {}
        made = self._read.truth(row, "made_sla")
        if made is not None and self._may_declare(MADE_SLA, "yes_no"):
            custom[MADE_SLA] = made
        elif made is not None:
            extras["tags"] = ["made-sla" if made else "missed-sla"]
        for name, field in self._read.columns.custom.items():
            value = self._read.line(row, field)
            if not value:
                continue
            if not self._may_declare(name, "text"):
                self._losses.dropped(
                    field, f"itsm.yaml declares no custom field `{name}`; --create declares it.", value
                )
            elif (fit := self._fitting(name, value)) is None:
                self._losses.dropped(field, f"Does not fit the type of the custom field `{name}`.", value)
            else:
                custom[name] = fit
        return extras | ({"custom": custom} if custom else {})

    def _may_declare(self, name: str, kind: str) -> bool:
        if name not in self._options.custom_fields and self._options.create:
            self.custom[name] = kind
        return name in self._options.custom_fields or name in self.custom

    def _fitting(self, name: str, value: str) -> Plain | None:
        kind = self._options.custom_fields.get(name, self.custom.get(name))
        if kind == "yes_no":
            return {"true": True, "false": False, "1": True, "0": False}.get(value.lower())
        if kind == "number":
            return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
        return [value] if kind == "list" else value

    def _aliases(self, key: str, row: Row) -> dict[str, Plain]:
        system = self._read.mapping.system
        sys_id = slug(self._read.line(row, "sys_id"), fallback="", limit=64)
        extra: dict[str, Plain] = {f"{system}-sys-id": sys_id} if sys_id and sys_id != key else {}
        return {system: key, **extra}

    def _parents(self, groups: dict[str, list[Row]], drafts: dict[str, ImportedRecord]) -> dict[str, str]:
        """Maps incidents to their parents, by key. A chain that comes back to itself is cut."""
        by_sys_id = {sys_id: key for key, rows in groups.items() if (sys_id := self._read.line(rows[-1], "sys_id"))}
        parents: dict[str, str] = {}
        for key, rows in groups.items():
            said = self._read.line(rows[-1], "parent")
            target = by_sys_id.get(said, said)
            if not said or key not in drafts:
                continue
            if target not in drafts:
                self._losses.dropped("parent", "Not an incident of this export.", said)
            elif _leads_to(target, key, parents):
                self._losses.dropped("parent", "The parents would form a circle.", said)
            else:
                parents[key] = target
        return parents


def _leads_to(start: str, goal: str, parents: dict[str, str]) -> bool:
    """Returns whether `goal` is `start` or one of its ancestors."""
    step: str | None = start
    while step is not None and step != goal:
        step = parents.get(step)
    return step == goal
