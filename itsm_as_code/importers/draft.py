"""What an importer makes: drafts of records, proved by their models, and the report of what was lost."""

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
class Draft:
    """A record to be written: plain values as its file holds them; `body` is the text of an article."""

    kind: str
    id: str
    data: dict[str, Plain]
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Harvest:
    """Drafts in the order in which they may be written (what is referred to first), and the loss report.

    `mapping` is the mapping that was in effect, with values of the source that nothing maps.
    `custom_fields` are fields of incidents that the drafts use and settings must declare yet: name → type.
    """

    drafts: tuple[Draft, ...]
    loss: LossReport
    mapping: dict[str, Plain] = field(default_factory=dict)
    custom_fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What the workspace has already: (kind, key in the source system) → id, and all ids by kind.

    Keys are there as they are written and, where that leaves no doubt, folded.
    """

    by_alias: Mapping[tuple[str, str], str] = field(default_factory=dict)
    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def find(self, kind: str, key: str) -> str | None:
        """The id of the record that has `key` as its alias in the source system, or None."""
        found = self.by_alias.get((kind, key))
        return found if found is not None else self.by_alias.get((kind, folded(key)))

    def has(self, kind: str, record_id: str) -> bool:
        """Whether the workspace has such a record."""
        return record_id in self.ids.get(kind, frozenset())


@dataclass(frozen=True, slots=True)
class Options:
    """What the importer is told. `zone` and `dayfirst` None mean: not said.

    `now` bounds what can have happened. `custom_fields` are those that the workspace declares: name → type.
     `owner` is a team for services, `team/…` or `person/…` for articles.
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
    """A folder as a source: path (forward slashes) to bytes of what is text, and the paths of all else."""

    texts: Mapping[str, bytes]
    others: tuple[str, ...] = ()
