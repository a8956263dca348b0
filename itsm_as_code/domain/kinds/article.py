"""Knowledge article: Markdown with front matter; review dates are kept apart from edits (KCS)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from itsm_as_code.domain.kinds.base import Gated, Part
from itsm_as_code.domain.kinds.types import (
    NOT_MATERIAL,
    ArticleRef,
    Day,
    Line,
    PersonOrTeamRef,
    PersonRef,
    ProblemRef,
    ServiceRef,
    Slug,
    Span,
    Text,
    describe,
)


class ArticleState(StrEnum):
    """States of an article."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


class ArticleType(StrEnum):
    """What a reader expects of an article."""

    HOW_TO = "how_to"
    FAQ = "faq"
    RUNBOOK = "runbook"
    REFERENCE = "reference"
    POLICY = "policy"
    ANNOUNCEMENT = "announcement"


class Confidence(StrEnum):
    """How far the content has been proved (KCS v6)."""

    WIP = "wip"
    UNVALIDATED = "unvalidated"
    VALIDATED = "validated"
    ARCHIVED = "archived"


class Verification(Part):
    """Somebody followed the article and found it right."""

    date: Day = describe("The day.")
    by: PersonRef = describe("Who verified it.")


class Article(Gated):
    """What we know about one question, in the words of those who ask it."""

    KIND: ClassVar[str] = "article"

    id: Slug = describe("The article's id: its file name and address.")
    title: Line = describe("The question or task, in the reader's words.")
    state: Annotated[ArticleState, NOT_MATERIAL] = describe("draft, in_review, published or retired.")
    type: ArticleType = describe("how_to, faq, runbook, reference, policy or announcement.")
    summary: Line = describe("One sentence that says what the reader will find.")
    owner: PersonOrTeamRef | None = describe("Who keeps it right: person/… or team/….", default=None)
    services: tuple[ServiceRef, ...] = describe("The services it is about.", default=())
    symptoms: tuple[Line, ...] = describe("What the reader sees when this article helps.", default=())
    environment: tuple[Line, ...] = describe("Where it applies: systems, versions, places.", default=())
    error_codes: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = describe(
        "Error codes and messages, verbatim; they are found by exact search.", default=()
    )
    cause: Text | None = describe("Why it happens.", default=None)
    confidence: Annotated[Confidence | None, NOT_MATERIAL] = describe("How far it has been proved.", default=None)
    verified: Annotated[tuple[Verification, ...], NOT_MATERIAL] = describe(
        "When somebody followed it and found it right; not the same as an edit.", default=()
    )
    review_by: Day | None = describe("The day by which it must be reviewed.", default=None)
    review_every: Span | None = describe("How long a verification holds, e.g. 180d.", default=None)
    related: tuple[ArticleRef, ...] = describe("Articles that a reader may want next.", default=())
    replaced_by: ArticleRef | None = describe("The article that took this one's place.", default=None)
    problem: ProblemRef | None = describe("The problem that it is about.", default=None)
    body: str = describe("The text below the front matter, in GitHub-flavoured Markdown.", max_length=1_048_576)
