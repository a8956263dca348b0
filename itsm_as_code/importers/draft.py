"""Defines what goes into an importer and what comes out: options, drafts of records, and the report of losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from itsm_as_code.importers.clean import folded

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain
    from itsm_as_code.domain.loss import LossReport
    from itsm_as_code.domain.settings import PriorityMatrix


@dataclass(frozen=True, slots=True)
class ImportedRecord:
    """A record to be written, as the plain values of its file. `body` is the text of an article."""

    kind: str
    id: str
    data: dict[str, Plain]
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Harvest:
    """What an importer returns: the loss report, and drafts in the order in which they may be written.

    A record comes after those that it refers to. `mapping` is the mapping in effect, with values of the source that
    nothing maps. `custom_fields` (name → type) are fields of incidents that the drafts use and that itsm.yaml does
    not declare yet.
    """

    drafts: tuple[ImportedRecord, ...]
    loss: LossReport
    mapping: dict[str, Plain] = field(default_factory=dict)
    custom_fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What the workspace has already: (kind, key in the source system) → id, and all ids by kind.

    Keys are there as they are written and also folded, unless that would be ambiguous.
    """

    by_alias: Mapping[tuple[str, str], str] = field(default_factory=dict)
    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def find(self, kind: str, key: str) -> str | None:
        """Returns the id of the record that has `key` as its alias in the source system, or None."""
        found = self.by_alias.get((kind, key))
        return found if found is not None else self.by_alias.get((kind, folded(key)))

    def has(self, kind: str, record_id: str) -> bool:
        """Returns whether the workspace has such a record."""
        return record_id in self.ids.get(kind, frozenset())


@dataclass(frozen=True, slots=True)
class Options:
    """What the importer is told. `zone` and `dayfirst` are None if the user did not say.

    Nothing can have happened after `now`. `custom_fields` (name → type) are those that the workspace declares.
    `owner` is a team for services, and `team/…` or `person/…` for articles.
    """

    now: datetime
    priorities: PriorityMatrix
    zone: tzinfo | None = None
    dayfirst: bool | None = None
    create: bool = False
    owner: str | None = None
    custom_fields: Mapping[str, str] = field(default_factory=dict)
    article_type: str = "runbook"
    article_state: str = "published"
    known: Known = field(default_factory=Known)


@dataclass(frozen=True, slots=True)
class Files:
    """A folder as a source: path (with forward slashes) → bytes of each text file, and the paths of all other files."""

    texts: Mapping[str, bytes]
    others: tuple[str, ...] = ()
