"""A snapshot in memory, and short ways to write the records in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from itsm_as_code.domain.ids import path_of
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.base import Record
from itsm_as_code.domain.settings import Settings
from itsm_as_code.domain.snapshot import Attachment, RecordsByKind


class MemorySnapshot(RecordsByKind):
    """Records by kind and id. `unreadable` names records that exist but could not be read."""

    def __init__(
        self,
        *records: Record,
        settings: dict[str, Any] | None = None,
        unreadable: tuple[str, ...] = (),
        attachments: tuple[Attachment, ...] = (),
    ) -> None:
        self._records = {(record.KIND, record.id): record for record in records}
        self._unreadable = unreadable
        self._attachments = attachments
        written = {"name": "Test Network", "id": "testtest", "schema": 1, "time_zone": "Europe/London"}
        self.settings = Settings.model_validate(written | (settings or {}))

    def get(self, kind: str, record_id: str) -> Record | None:
        return self._records.get((kind, record_id))

    def exists(self, kind: str, record_id: str) -> bool:
        return (kind, record_id) in self._records or record_id in self._unreadable

    def records(self, kind: str) -> Iterator[Record]:
        return iter([self._records[key] for key in sorted(self._records) if key[0] == kind])

    def attachments(self, article_id: str = "") -> Iterator[Attachment]:
        under = f"attachments/{article_id}/" if article_id else "attachments/"
        return (each for each in self._attachments if each.path.startswith(under))

    def path(self, record: Record) -> str:
        return path_of(record.KIND, record.id)


def make(kind: str, record_id: str, **fields: Any) -> Record:
    """A record of any kind, from what its file would say."""
    return KINDS[kind].model.model_validate({"id": record_id, "kind": kind, "schema": 1, **fields})


def article(slug: str = "how-to", body: str = "Text.\n", **fields: Any) -> Record:
    """A published how-to."""
    usual = {"title": f"Title of {slug}", "state": "published", "type": "how_to", "summary": f"Summary of {slug}."}
    return make("article", slug, body=body, **(usual | fields))


def service(slug: str, **fields: Any) -> Record:
    """A service of tier 1 of the team `crew`."""
    return make("service", slug, **({"name": f"Service {slug}", "owner": "crew", "tier": 1} | fields))


def entry(at: str, **fields: Any) -> dict[str, Any]:
    """A timeline entry by `ana`."""
    return {"at": at, "by": "ana", **fields}


def incident(record_id: str = "INC-20261101-AAAA1", *entries: dict[str, Any], **fields: Any) -> Record:
    """An incident; by default one that is in progress at P2."""
    usual = (entry("2026-11-01T08:00:00Z", state="new", impact="high", urgency="medium", priority="P2"),
             entry("2026-11-01T08:10:00Z", state="in_progress", note="Working on it."))  # fmt: skip
    return make("incident", record_id, **({"title": f"Fault {record_id}", "timeline": list(entries or usual)} | fields))


def change(record_id: str = "CHG-20261101-AAAA1", *entries: dict[str, Any], **fields: Any) -> Record:
    """A scheduled normal change of the service `web`."""
    usual = {
        "title": f"Change {record_id}",
        "type": "normal",
        "reason": "It is time.",
        "service": "web",
        "plan": {"implementation": "Do it.", "backout": "Undo it."},
        "window": {"start": "2026-11-22T20:00:00Z", "end": "2026-11-22T22:00:00Z"},
        "timeline": list(entries) or [entry("2026-11-01T08:00:00Z", state="scheduled")],
    }
    return make("change", record_id, **(usual | fields))


def problem(record_id: str = "PRB-20261101-AAAA1", **fields: Any) -> Record:
    """A problem under analysis."""
    usual = {
        "title": f"Problem {record_id}",
        "timeline": [entry("2026-11-01T09:00:00Z", state="root_cause_analysis")],
    }
    return make("problem", record_id, **(usual | fields))
