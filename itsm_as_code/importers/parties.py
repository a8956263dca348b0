"""Finds people, teams and services that a source names: by alias, created if asked for, or else reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.ids import is_slug
from itsm_as_code.importers.clean import folded, line, slug
from itsm_as_code.importers.draft import ImportedRecord, Options
from itsm_as_code.importers.mapping import DROP

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain
    from itsm_as_code.importers.loss import Losses

DEFAULT_OWNER = "imported"
DEFAULT_TIER = 3
UNKNOWN = "Unknown"
"""This is the name of somebody whom the source does not name, because an entry must say who."""


class Parties:
    """Maps names of one source system to ids of the workspace. Each name is looked up and created once."""

    def __init__(
        self,
        system: str,
        options: Options,
        losses: Losses,
        mapped: Mapping[str, Mapping[str, str]],
        service_facts: Mapping[str, Plain] | None = None,
    ) -> None:
        self._system = system
        self._options = options
        self._losses = losses
        self._mapped = mapped
        self._service_facts = dict(service_facts or {})
        self._found: dict[tuple[str, str], str | None] = {}
        self._actors: dict[str, Plain] = {}
        self._created: dict[tuple[str, str], ImportedRecord] = {}

    @property
    def created(self) -> list[ImportedRecord]:
        """Returns the records made for names that matched none: teams, people, services, in the order of need."""
        order = ("team", "person", "service")
        return sorted(self._created.values(), key=lambda draft: (order.index(draft.kind), draft.id))

    def actor(self, name: str, field: str) -> Plain:
        """Returns who acted: a person's id, or `name:` of somebody whom the workspace does not know."""
        if name not in self._actors:
            clean = line(name, field, self._losses)
            self._actors[name] = (self._find("person", clean) or {"name": clean}) if clean else {"name": UNKNOWN}
        found = self._actors[name]
        if not name.strip():
            self._losses.guessed(field, f'The source names nobody: the timeline says "{UNKNOWN}".')
        return found

    def requester(self, name: str, field: str) -> Plain | None:
        """Returns who asked: a person's id or `name:`. Nobody is created, because users are not staff of IT."""
        clean = line(name, field, self._losses)
        if not clean:
            return None
        return self._known("person", clean) or {"name": clean}

    def find(self, kind: str, name: str, field: str) -> str | None:
        """Returns the id of the person, team or service of that name, or None with a line in the report."""
        clean = line(name, field, self._losses)
        if not clean:
            return None
        found = self._find(kind, clean)
        if found is None and self._mapping_of(kind).get(folded(clean)) != DROP:
            self._losses.dropped(field, self._way_out(kind, clean), clean)
        return found

    def service(self, name: str, **facts: Plain) -> str | None:
        """Returns the service of that name. If it is created, it gets these facts."""
        clean = line(name, "service", self._losses)
        found = self._find("service", clean) if clean else None
        draft = self._created.get(("service", found)) if found else None
        if draft is not None:
            draft.data.update(facts)
        return found

    def _find(self, kind: str, name: str) -> str | None:
        key = (kind, folded(name))
        if key not in self._found:
            known = self._known(kind, name)
            dropped = self._mapping_of(kind).get(folded(name)) == DROP
            self._found[key] = known or (self._create(kind, name) if not dropped else None)
        return self._found[key]

    def _known(self, kind: str, name: str) -> str | None:
        """Returns the id by the mapping file, or else by alias. A mapping may also name another name of the source."""
        target = self._mapping_of(kind).get(folded(name))
        if target == DROP:
            return None
        if target is not None and self._options.known.has(kind, target):
            return target
        if target is not None and folded(target) != folded(name):
            return self._find(kind, target)
        return self._options.known.find(kind, name)

    def _mapping_of(self, kind: str) -> Mapping[str, str]:
        return self._mapped.get(kind, {})

    def _create(self, kind: str, name: str) -> str | None:
        if not self._options.create:
            return None
        record_id = self._free_id(kind, slug(name, fallback=kind))
        if record_id is None:
            return None
        data: dict[str, Plain] = {
            "id": record_id,
            "kind": kind,
            "schema": 1,
            "name": name,
            "aliases": {self._system: name},
        }
        if kind == "service":
            data |= {"owner": self._owner(), "tier": DEFAULT_TIER, **self._service_facts}
            self._losses.guessed("tier", f"The source has no tiers: created services get {DEFAULT_TIER}.", name)
        self._created[kind, record_id] = ImportedRecord(kind, record_id, data)
        return record_id

    def _free_id(self, kind: str, wanted: str) -> str | None:
        """Returns `wanted`, with a number if another name of the source has it, or None if the workspace has it."""
        if self._options.known.has(kind, wanted):
            return None
        candidate, number = wanted, 1
        while (kind, candidate) in self._created or not is_slug(candidate) or candidate == "nobody":
            number += 1
            candidate = f"{wanted}-{number}"
            if self._options.known.has(kind, candidate):
                return None
        return candidate

    def _owner(self) -> str:
        owner = self._options.owner
        if owner is not None:
            if not self._options.known.has("team", owner):
                raise UsageFault(f'There is no team "{owner}" to own the services.', hint="Name one of records/teams.")
            return owner
        self._losses.guessed("owner", f"Nobody said who owns the services: team/{DEFAULT_OWNER}; see --owner.")
        if not self._options.known.has("team", DEFAULT_OWNER):
            self._created.setdefault(("team", DEFAULT_OWNER), _unowned())
        return DEFAULT_OWNER

    def _way_out(self, kind: str, name: str) -> str:
        wanted = slug(name, fallback=kind)
        plural = {"person": "people"}.get(kind, f"{kind}s")
        if self._options.known.has(kind, wanted):
            return f"The workspace has {kind}/… of the same name without the alias `{self._system}:`; add it there."
        return f"No {kind} has it as alias `{self._system}:`; add the alias, map it under `{plural}`, or use --create."


def _unowned() -> ImportedRecord:
    return ImportedRecord(
        "team",
        DEFAULT_OWNER,
        {
            "id": DEFAULT_OWNER,
            "kind": "team",
            "schema": 1,
            "name": "Owner not known yet",
            "description": "Owns imported services until somebody names the team that answers for them.",
        },
    )
