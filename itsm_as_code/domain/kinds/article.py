"""Defines the knowledge article: Markdown with front matter. An edit is not a review (KCS)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from itsm_as_code.domain.kinds.base import Gated, Link, Part
from itsm_as_code.domain.kinds.types import (
    NOT_MATERIAL,
    SHOWN,
    ArticleRef,
    Day,
    Line,
    NotMaterial,
    PersonOrTeamRef,
    PersonRef,
    ProblemRef,
    ServiceRef,
    Slug,
    Span,
    Text,
    describe,
)

PUBLISHES = NotMaterial(
    shown=True, power="Readers see published articles. People decide at the gate `published`, and the check says how."
)


class ArticleState(StrEnum):
    """An article is drafted, reviewed, published and finally retired."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


class ArticleType(StrEnum):
    """The type tells readers what to expect of an article."""

    HOW_TO = "how_to"
    FAQ = "faq"
    RUNBOOK = "runbook"
    REFERENCE = "reference"
    POLICY = "policy"
    ANNOUNCEMENT = "announcement"


class Confidence(StrEnum):
    """This says how far the content has been proved, in the words of KCS v6."""

    WIP = "wip"
    UNVALIDATED = "unvalidated"
    VALIDATED = "validated"
    ARCHIVED = "archived"


class Verification(Part):
    """A person followed the article on that day and found it correct."""

    date: Day = describe("Write the day on which the article was verified.")
    by: PersonRef = describe("Write the id of the person who verified the article.")


class Article(Gated):
    """An article says what we know about one question, in the words of those who ask it."""

    KIND: ClassVar[str] = "article"

    id: Annotated[Slug, SHOWN] = describe(
        "Write the article's id. It is part of the file name and of the page's address."
    )
    title: Annotated[Line, SHOWN] = describe("Write the question or task in the reader's words.")
    state: Annotated[ArticleState, PUBLISHES] = describe(
        "Write the state of the article: draft, in_review, published or retired."
    )
    type: Annotated[ArticleType, SHOWN] = describe(
        "Write what the reader can expect: how_to, faq, runbook, reference, policy or announcement."
    )
    summary: Annotated[Line, SHOWN] = describe("Say in one sentence what the reader will find.")
    owner: Annotated[PersonOrTeamRef | None, SHOWN] = describe(
        "Write who keeps the article up to date: person/ or team/ and an id.", default=None
    )
    services: Annotated[tuple[ServiceRef, ...], SHOWN] = describe(
        "List the ids of the services that the article is about.", default=()
    )
    symptoms: Annotated[tuple[Line, ...], SHOWN] = describe(
        "List what the reader sees or hears when this article can help.", default=()
    )
    environment: Annotated[tuple[Line, ...], SHOWN] = describe(
        "List the systems, versions or places to which the article applies.", default=()
    )
    error_codes: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], SHOWN] = describe(
        "List error codes and messages exactly as they are shown. The search finds them as a whole.", default=()
    )
    cause: Annotated[Text | None, SHOWN] = describe("Explain what causes the symptoms.", default=None)
    confidence: Annotated[Confidence | None, SHOWN] = describe("Say how far the content has been proved.", default=None)
    verified: Annotated[tuple[Verification, ...], NOT_MATERIAL] = describe(
        "List who followed the article and found it correct, and when. An edit is not a verification.", default=()
    )
    review_by: Annotated[Day | None, SHOWN] = describe(
        "Write the day by which the article must be reviewed.", default=None
    )
    review_every: Annotated[Span | None, SHOWN] = describe(
        "Write how long a verification stays valid, such as 180d for 180 days.", default=None
    )
    related: Annotated[tuple[ArticleRef, ...], SHOWN] = describe(
        "List articles that a reader may want to read next.", default=()
    )
    replaced_by: Annotated[ArticleRef | None, SHOWN] = describe(
        "Write the id of the article that replaces this one.", default=None
    )
    problem: Annotated[ProblemRef | None, SHOWN] = describe(
        "Write the id of the problem that the article is about.", default=None
    )
    links: Annotated[tuple[Link, ...], SHOWN] = describe("List links to pages outside this workspace.", default=())
    body: Annotated[str, SHOWN] = describe(
        "This is the text below the front matter, in GitHub-flavoured Markdown.", max_length=1_048_576
    )
