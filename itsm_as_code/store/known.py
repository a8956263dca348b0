"""What is known of Git objects: the records and settings that were read from them. Several snapshots can share it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from itsm_as_code.domain.remembered import Remembered

if TYPE_CHECKING:
    from itsm_as_code.domain.finding import Finding
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.store.settings import SettingsFile

_RECORDS, _SETTINGS = 1024, 8


class Loaded(NamedTuple):
    """A file that was read: its data as written (kept only on request), its record, and its findings."""

    kind: str
    id: str
    data: dict[str, Any] | None
    record: Record | None
    findings: tuple[Finding, ...]


RecordKey = tuple[str, str, bool]
"""All that a loaded record depends on: its path, which says its kind and id, the id of the Git object there, and
whether the data as written are kept."""


class RecordMemory:
    """The records and settings that were read lately. A Git object never changes, so this holds for every tree that has
    the object."""

    def __init__(self) -> None:
        self.records: Remembered[RecordKey, Loaded] = Remembered(_RECORDS)
        self.settings: Remembered[str, SettingsFile] = Remembered(_SETTINGS)
