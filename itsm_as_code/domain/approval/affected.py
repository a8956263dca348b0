"""What a change says that it affects besides its own service, with the tiers that base knows of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.domain.snapshot import Snapshot


def affected_services(change: Change, base: Snapshot) -> Iterator[tuple[str, str | None]]:
    """Each reference in `affects` with the service meant: itself, or that of the asset at base; None for none."""
    for ref in change.affects:
        kind, _, name = ref.partition("/")
        asset: Any = base.get("asset", name) if kind == "asset" else None
        yield ref, name if kind == "service" else asset.service if asset is not None else None


def affected_tiers(change: Change, base: Snapshot) -> Mapping[str, int | None]:
    """Reference to tier at base; None for what is not on base. An asset of no service has no tier and is left out."""
    found: dict[str, int | None] = {}
    for ref, service_id in affected_services(change, base):
        service: Any = base.get("service", service_id) if service_id is not None else None
        if service_id is not None or not base.exists(*ref.split("/", 1)):
            found[ref] = service.tier if service is not None else None
    return found
