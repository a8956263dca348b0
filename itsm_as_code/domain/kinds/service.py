"""Service: what users rely on, with its owner, tier, dependencies and support."""

from __future__ import annotations

from typing import Annotated, ClassVar

from itsm_as_code.domain.kinds.base import Part, Registered
from itsm_as_code.domain.kinds.types import (
    NOT_MATERIAL,
    ArticleRef,
    CalendarRef,
    Email,
    Flag,
    Line,
    ServiceOrAssetRef,
    SlaRef,
    Slug,
    TeamRef,
    Text,
    Url,
    Whole,
    describe,
)


class StatusPage(Part):
    """Whether and where the service appears on the status page."""

    shown: Flag = describe("Whether readers see the service there.")
    group: Line | None = describe("The group it is listed in.", default=None)


class SourcePath(Part):
    """Which files in which repository are this service."""

    repository: Line = describe("The repository, e.g. owner/name.")
    paths: tuple[Line, ...] = describe("Paths or globs in it; none means all of it.", default=())


class Support(Part):
    """How users reach those who help."""

    email: Email | None = describe("The support address.", default=None)
    phone: Line | None = describe("The support telephone.", default=None)
    url: Url | None = describe("The support page or chat.", default=None)


class Service(Registered):
    """What users rely on."""

    KIND: ClassVar[str] = "service"

    id: Slug = describe("The service's id.")
    name: Line = describe("What users call it.")
    description: Text | None = describe("What it does for users; Markdown.", default=None)
    owner: TeamRef = describe("The team that answers for it.")
    tier: Whole = describe("1 for the most critical, 4 for the least.", ge=1, le=4)
    status_page: StatusPage | None = describe("Whether and where it appears on the status page.", default=None)
    depends_on: tuple[ServiceOrAssetRef, ...] = describe("What it can't do without: service/… or asset/….", default=())
    slas: tuple[SlaRef, ...] = describe(
        "The agreements that hold for it; none means every SLA that applies.", default=()
    )
    hours: CalendarRef | None = describe("When it is offered; none means always.", default=None)
    repositories: tuple[SourcePath, ...] = describe("Which files in which repository are this service.", default=())
    runbooks: Annotated[tuple[ArticleRef, ...], NOT_MATERIAL] = describe("Articles for those who run it.", default=())
    support: Support | None = describe("How users reach those who help.", default=None)
