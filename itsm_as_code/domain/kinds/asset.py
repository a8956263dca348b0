"""Defines the asset: something that must be managed to deliver a service, e.g. a server, a database or a licence."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from itsm_as_code.domain.kinds.base import Registered
from itsm_as_code.domain.kinds.types import (
    SHOWN,
    UNSEEN,
    Day,
    Line,
    Material,
    PersonOrTeamRef,
    PersonRef,
    ServiceOrAssetRef,
    ServiceRef,
    Slug,
    Text,
    describe,
)

RAISES_RISK = Material(
    shown=False,
    power="A change that affects the asset takes the tier of this service. Only services that need the asset bind.",
)


class AssetClass(StrEnum):
    """An asset belongs to one of these classes."""

    SERVER = "server"
    DATABASE = "database"
    NETWORK = "network"
    STORAGE = "storage"
    CLUSTER = "cluster"
    LAPTOP = "laptop"
    PHONE = "phone"
    PRINTER = "printer"
    MEDICAL_DEVICE = "medical_device"
    SOFTWARE = "software"
    LICENSE = "license"
    CERTIFICATE = "certificate"
    FACILITY = "facility"
    OTHER = "other"


class AssetLifecycle(StrEnum):
    """An asset is ordered, kept in stock, used and finally retired."""

    ORDERED = "ordered"
    IN_STOCK = "in_stock"
    IN_USE = "in_use"
    RETIRED = "retired"


class Asset(Registered):
    """An asset is something that must be managed to deliver a service. ITIL calls it a configuration item."""

    KIND: ClassVar[str] = "asset"

    id: Annotated[Slug, UNSEEN] = describe("Write the asset's id.")
    name: Annotated[Line, SHOWN] = describe("Write what people call the asset.")
    asset_class: Annotated[AssetClass, UNSEEN] = describe("Say what sort of thing the asset is.", alias="class")
    description: Annotated[Text | None, UNSEEN] = describe(
        "Describe what the asset is for. Markdown is allowed.", default=None
    )
    owner: Annotated[PersonOrTeamRef | None, UNSEEN] = describe(
        "Write who answers for the asset: person/ or team/ and an id.", default=None
    )
    custodian: Annotated[PersonRef | None, UNSEEN] = describe(
        "Write the id of the person who has the asset.", default=None
    )
    location: Annotated[Line | None, UNSEEN] = describe("Write where the asset is.", default=None)
    serial: Annotated[Line | None, UNSEEN] = describe(
        "Write the serial number, or where the licence key is kept. Never write the key itself.", default=None
    )
    lifecycle: Annotated[AssetLifecycle, UNSEEN] = describe(
        "Write the stage of the asset's life: ordered, in_stock, in_use or retired.", default=AssetLifecycle.IN_USE
    )
    acquired: Annotated[Day | None, UNSEEN] = describe("Write the day on which the asset was acquired.", default=None)
    expires_on: Annotated[Day | None, UNSEEN] = describe(
        "Write the day on which the licence, certificate or support runs out.", default=None
    )
    depends_on: Annotated[tuple[ServiceOrAssetRef, ...], UNSEEN] = describe(
        "List what the asset can't work without: service/ or asset/ and an id.", default=()
    )
    service: Annotated[ServiceRef | None, RAISES_RISK] = describe(
        "Write the id of the service that the asset belongs to.", default=None
    )
