"""Defines the service: something that users rely on, with its owner, tier, dependencies and support."""

from __future__ import annotations

from typing import Annotated, ClassVar

from itsm_as_code.domain.kinds.base import Link, Part, Registered
from itsm_as_code.domain.kinds.types import (
    SHOWN,
    UNSEEN,
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
    """This says whether and where the service appears on the status page."""

    shown: Flag = describe("Write true if readers see the service on the status page.")
    group: Line | None = describe("Write the group in which the service is listed.", default=None)


class SourcePath(Part):
    """These files in a repository make up the service."""

    repository: Line = describe("Write the repository, such as owner/name.")
    paths: tuple[Line, ...] = describe(
        "List paths or globs in the repository. Without this, all of it belongs to the service.", default=()
    )


class Support(Part):
    """Users can reach the support in these ways."""

    email: Email | None = describe("Write the support's e-mail address.", default=None)
    phone: Line | None = describe("Write the support's telephone number.", default=None)
    url: Url | None = describe("Write the address of the support's page or chat.", default=None)


class Service(Registered):
    """A service is something that users rely on."""

    KIND: ClassVar[str] = "service"

    id: Annotated[Slug, SHOWN] = describe("Write the service's id.")
    name: Annotated[Line, SHOWN] = describe("Write what users call the service.")
    description: Annotated[Text | None, SHOWN] = describe(
        "Say what the service does for users. Markdown is allowed.", default=None
    )
    owner: Annotated[TeamRef, SHOWN] = describe("Write the id of the team that answers for the service.")
    tier: Annotated[Whole, SHOWN] = describe(
        "Write how critical the service is: 1 for the most critical, 4 for the least.", ge=1, le=4
    )
    status_page: Annotated[StatusPage | None, SHOWN] = describe(
        "Say whether and where the service appears on the status page.", default=None
    )
    depends_on: Annotated[tuple[ServiceOrAssetRef, ...], SHOWN] = describe(
        "List what the service can't work without: service/ or asset/ and an id.", default=()
    )
    slas: Annotated[tuple[SlaRef, ...], SHOWN] = describe(
        "List the ids of SLAs for the service. Without this, every SLA whose conditions match applies.", default=()
    )
    hours: Annotated[CalendarRef | None, SHOWN] = describe(
        "Write the id of the calendar with the hours of the service. Without this it is always offered.", default=None
    )
    repositories: Annotated[tuple[SourcePath, ...], UNSEEN] = describe(
        "List the repositories whose files make up the service.", default=()
    )
    runbooks: Annotated[tuple[ArticleRef, ...], SHOWN] = describe(
        "List the ids of knowledge articles for the people who run the service.", default=()
    )
    links: Annotated[tuple[Link, ...], UNSEEN] = describe("List links to pages outside this workspace.", default=())
    support: Annotated[Support | None, SHOWN] = describe("Say how users can reach the support.", default=None)
