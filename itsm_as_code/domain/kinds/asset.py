"""Asset: a configuration item that must be managed to deliver a service: servers, databases, licences."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from itsm_as_code.domain.kinds.base import Registered
from itsm_as_code.domain.kinds.types import (
    Day,
    Line,
    PersonOrTeamRef,
    PersonRef,
    ServiceOrAssetRef,
    ServiceRef,
    Slug,
    Text,
    describe,
)


class AssetClass(StrEnum):
    """Sorts of assets."""

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
    """Where in its life an asset is."""

    ORDERED = "ordered"
    IN_STOCK = "in_stock"
    IN_USE = "in_use"
    RETIRED = "retired"


class Asset(Registered):
    """A configuration item."""

    KIND: ClassVar[str] = "asset"

    id: Slug = describe("The asset's id.")
    name: Line = describe("What people call it.")
    asset_class: AssetClass = describe("What sort of thing it is.", alias="class")
    description: Text | None = describe("What it is for; Markdown.", default=None)
    owner: PersonOrTeamRef | None = describe("Who answers for it: person/… or team/….", default=None)
    custodian: PersonRef | None = describe("Who has it.", default=None)
    location: Line | None = describe("Where it is.", default=None)
    serial: Line | None = describe("Serial number or licence key reference.", default=None)
    lifecycle: AssetLifecycle = describe("ordered, in_stock, in_use or retired.", default=AssetLifecycle.IN_USE)
    acquired: Day | None = describe("When it was acquired.", default=None)
    expires_on: Day | None = describe("When it runs out: licences, certificates, support.", default=None)
    depends_on: tuple[ServiceOrAssetRef, ...] = describe("What it can't do without.", default=())
    service: ServiceRef | None = describe("The service it belongs to.", default=None)
