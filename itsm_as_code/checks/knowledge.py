"""Family KNW: checks that articles have an owner, a text and links that work, and are reviewed in time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.finding import Spot, cut
from itsm_as_code.domain.instants import Unit
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.suggest import did_you_mean

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.article import Article

NO_OWNER = rule(
    "KNW001", "published-without-owner",
    severity=Severity.WARNING,
    why="If nobody owns an article, nobody keeps it up to date.",
    fix="Add `owner: team/<id>` or `owner: person/<id>`.",
)  # fmt: skip
REVIEW_OVERDUE = rule(
    "KNW002", "review-overdue",
    severity=Severity.WARNING,
    why="The article may be out of date, and its page tells readers so.",
    fix="Try what the article says and correct it where it is wrong. Then add an item to `verified`.",
)  # fmt: skip
BROKEN_LINK = rule(
    "KNW003", "link-to-no-article",
    why="A reader who follows the link finds nothing.",
    fix="Correct the file name in the link; articles are linked as `[text](slug.md)`.",
)  # fmt: skip
EMPTY_BODY = rule(
    "KNW004", "article-without-text",
    why="An article without a text wastes the reader's time.",
    fix="Write the text below the second `---`, or keep the article in draft.",
)  # fmt: skip
RETIRED_WITHOUT_HEIR = rule(
    "KNW005", "retired-without-successor",
    severity=Severity.NOTICE,
    why="Readers who follow an old link should be sent to the new article.",
    fix="Add `replaced_by` if another article took its place.",
)  # fmt: skip
REPLACED_BUT_LIVE = rule(
    "KNW006", "replaced-but-not-retired",
    severity=Severity.WARNING,
    why="Two articles answer one question, and one of them is out of date.",
    fix="Retire the article (`itsm retire`), or remove `replaced_by`.",
)  # fmt: skip
VERIFIED_AHEAD = rule(
    "KNW007", "verified-in-the-future",
    why="A verification that has not happened yet proves nothing.",
    fix="Correct the date.",
)  # fmt: skip

VERIFIED_BY_OTHERS = rule(
    "KNW014", "verified-for-somebody-else",
    why="Readers trust an article that somebody has followed. Nobody can say that in somebody else's name.",
    fix="Let that person commit it, or sign it: `itsm approve article/SLUG --gate verified --push`.",
)  # fmt: skip

_TARGET = r"<?([^()\[\]\s<>#?:]{1,200}\.md)(?=[)\s>#?]|\Z)"
_LEADS = "(?:(?<=^.)|(?<=^ .)|(?<=^  .)|(?<=^   .))"
"""Matches after the first character of a line. Up to three spaces may come before that character."""
_LINK = re.compile(rf"\]\({_TARGET}|\[{_LEADS}[^\]\n]{{1,200}}\]:[ \t]*{_TARGET}", re.MULTILINE)
_CODE = re.compile(rf"([`~])(?:{_LEADS}\1\1.*?(?:^ {{0,3}}\1{{3}}|\Z)|(?<=`)[^`\n]*`)", re.MULTILINE | re.DOTALL)
"""Both patterns begin with a plain character: `re` finds these many times faster than a line start (`^`)."""


def review_due(article: Article) -> date | None:
    """Returns the day by which the article must be reviewed, or None if it names no review.

    This is the earlier of `review_by` and the last verification plus `review_every`.
    """
    days = [article.review_by] if article.review_by else []
    if article.review_every is not None and article.verified:
        span = article.review_every
        length = span.amount if span.unit is Unit.BUSINESS_DAYS else span.seconds // 86400
        days.append(max(v.date for v in article.verified) + timedelta(days=length))
    return min(days, default=None)


@record_check(NO_OWNER, "article")
def published_without_owner(article: Article, _: Context) -> Iterator[Spot]:
    """Finds published articles that nobody owns."""
    if article.state == "published" and article.owner is None:
        yield Spot("the article is published, but nobody owns it", ("state",))


@record_check(REVIEW_OVERDUE, "article")
def review_overdue(article: Article, ctx: Context) -> Iterator[Spot]:
    """Finds published articles whose review is overdue."""
    due = review_due(article)
    if article.state == "published" and due is not None and due < ctx.now.date():
        yield Spot(f"the review was due on {due}", ("review_by",) if article.review_by else ("review_every",))


@record_check(BROKEN_LINK, "article")
def link_to_no_article(article: Article, ctx: Context) -> Iterator[Spot]:
    """Finds relative links to `.md` files that are not articles. Links in code are ignored."""
    if ".md" not in article.body:
        return
    prose = _CODE.sub(lambda code: "\n" * code[0].count("\n"), article.body)
    for match in _LINK.finditer(prose):
        target = (match[1] or match[2]).removeprefix("./")
        slug = target.removesuffix(".md")
        if "/" in slug or not ctx.snapshot.exists("article", slug):
            known = (other.id for other in ctx.snapshot.records("article"))
            yield Spot(
                f"the link goes to `{cut(target)}`, which is not an article", ("body",),
                help=did_you_mean(slug, known) or None,
                lines_below=prose.count("\n", 0, match.start()),
            )  # fmt: skip


@record_check(EMPTY_BODY, "article")
def article_without_text(article: Article, _: Context) -> Iterator[Spot]:
    """Finds articles that are in review or published but have no text."""
    if article.state in ("in_review", "published") and not article.body.strip():
        yield Spot(f"the article is in state {article.state}, but there is no text", ("body",))


@record_check(RETIRED_WITHOUT_HEIR, "article")
def retired_without_successor(article: Article, _: Context) -> Iterator[Spot]:
    """Finds retired articles that name no successor."""
    if article.state == "retired" and article.replaced_by is None:
        yield Spot("the article is retired without `replaced_by`", ("state",))


@record_check(REPLACED_BUT_LIVE, "article")
def replaced_but_not_retired(article: Article, _: Context) -> Iterator[Spot]:
    """Finds published articles that another article replaces."""
    if article.state == "published" and article.replaced_by is not None:
        yield Spot(f"replaced by {article.replaced_by}, but still published", ("replaced_by",))


@record_check(VERIFIED_AHEAD, "article")
def verified_in_the_future(article: Article, ctx: Context) -> Iterator[Spot]:
    """Finds verifications dated after tomorrow. Tomorrow is allowed because of time zones."""
    for index, verification in enumerate(article.verified):
        if verification.date > ctx.now.date() + timedelta(days=1):
            yield Spot(f"the date {verification.date} is in the future", ("verified", index, "date"))


RULES = (
    NO_OWNER, REVIEW_OVERDUE, BROKEN_LINK, EMPTY_BODY, RETIRED_WITHOUT_HEIR, REPLACED_BUT_LIVE, VERIFIED_AHEAD,
    VERIFIED_BY_OTHERS,
)  # fmt: skip
CHECKS = (
    published_without_owner, review_overdue, link_to_no_article, article_without_text, retired_without_successor,
    replaced_but_not_retired, verified_in_the_future,
)  # fmt: skip
