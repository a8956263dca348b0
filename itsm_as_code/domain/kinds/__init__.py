"""The kinds of record, a file each. The registry names them without importing their models."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from itsm_as_code.domain.ids import FOLDERS, TICKET_PREFIXES

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: what it is called and where its model is."""

    name: str
    plural: str
    model_name: str

    @property
    def folder(self) -> str:
        """Its folder under `records/`."""
        return FOLDERS[self.name]

    @property
    def is_ticket(self) -> bool:
        """Whether records of this kind have a timeline and a dated id."""
        return self.name in TICKET_PREFIXES and self.name != "approval"

    @property
    def has_slug(self) -> bool:
        """Whether ids of this kind are chosen words."""
        return self.name not in TICKET_PREFIXES

    @property
    def model(self) -> type[Record]:
        """The pydantic model. Imported at first use, because building models is what start-up spends most on."""
        return _model(self.name, self.model_name)


@cache
def _model(name: str, model_name: str) -> type[Record]:
    module = import_module(f"itsm_as_code.domain.kinds.{name.replace('-', '_')}")
    model: type[Record] = getattr(module, model_name)
    return model


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("incident", "incidents", "Incident"),
        Kind("change", "changes", "Change"),
        Kind("problem", "problems", "Problem"),
        Kind("request", "requests", "Request"),
        Kind("approval", "approvals", "Approval"),
        Kind("article", "articles", "Article"),
        Kind("service", "services", "Service"),
        Kind("asset", "assets", "Asset"),
        Kind("sla", "SLAs", "Sla"),
        Kind("calendar", "calendars", "Calendar"),
        Kind("freeze", "freezes", "Freeze"),
        Kind("change-model", "change models", "ChangeModel"),
        Kind("request-item", "request items", "RequestItem"),
        Kind("policy", "policies", "Policy"),
        Kind("person", "people", "Person"),
        Kind("team", "teams", "Team"),
    )
}
"""Kind name to kind, tickets first."""
