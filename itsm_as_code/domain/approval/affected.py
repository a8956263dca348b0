"""Finds the services and assets that a change affects besides its own service, with their tiers on base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from itsm_as_code.domain.kinds.asset import Asset
from itsm_as_code.domain.kinds.service import Service

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.domain.snapshot import Snapshot


def affected_services(change: Change, base: Snapshot) -> Iterator[tuple[str, str | None]]:
    """Yields each reference in `affects` with its services: the one named, or those of the asset on base, or None.

    The services of an asset are the one that it names itself and those that depend on it. Nobody approves what an asset
    says, but people approve what services say: so an asset can't leave a service unnoticed.
    """
    for ref in change.affects:
        kind, _, name = ref.partition("/")
        services: tuple[str | None, ...] = (name,) if kind == "service" else tuple(_services_of(name, ref, base))
        yield from ((ref, service) for service in services or (None,))


def _services_of(asset_id: str, ref: str, base: Snapshot) -> Iterator[str]:
    asset = base.find(Asset, asset_id)
    if asset is None:
        return
    own = asset.service
    if own is not None:
        yield own
    yield from (service.id for service in base.all(Service) if ref in service.depends_on and service.id != own)


def affected_tiers(change: Change, base: Snapshot) -> Mapping[str, int | None]:
    """Maps each reference to its tier on base, or None if it is not on base. Leaves out assets without a service.

    An asset of several services has the tier of the most critical one.
    """
    found: dict[str, int | None] = {}
    for ref, service_id in affected_services(change, base):
        service = base.find(Service, service_id) if service_id is not None else None
        if service_id is not None or not base.exists(*ref.split("/", 1)):
            tier = service.tier if service is not None else None
            before = found.get(ref, tier)
            found[ref] = None if tier is None or before is None else min(tier, before)
    return found
