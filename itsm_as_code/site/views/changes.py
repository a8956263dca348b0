"""Shows changes: what is coming, by day and with the freezes, what was done, and a page for each change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from markupsafe import Markup

from itsm_as_code.domain.approval.work import work_began, work_done
from itsm_as_code.domain.kinds.change import Change, ChangeState
from itsm_as_code.domain.kinds.freeze import Freeze
from itsm_as_code.domain.kinds.incident import Incident
from itsm_as_code.domain.kinds.problem import Problem
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.domain.kinds.types import ActiveState
from itsm_as_code.site.address import href, page_for
from itsm_as_code.site.moments import Moments, month, weekday
from itsm_as_code.site.page import Page
from itsm_as_code.site.views.incidents import HOME
from itsm_as_code.site.views.tickets import Row, ShownEntry, fact, facts, has_begun, row, timeline, worded
from itsm_as_code.site.words import Badge, Fact, Link, badge, count

if TYPE_CHECKING:
    from itsm_as_code.site.publication import Publication

RECENT = 20
SECTION = Link("Changes", href("changes/index.html"))
COMING = (ChangeState.SUBMITTED, ChangeState.SCHEDULED, ChangeState.IMPLEMENTING)
_UNPLANNED = (ChangeState.DRAFT, ChangeState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class FreezeView:
    """A time in which certain changes do not happen."""

    title: str
    start: datetime
    end: datetime
    reason: Markup
    now: bool


@dataclass(frozen=True, slots=True)
class DayOfChanges:
    """The changes whose window begins on one day, in order of time."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ChangeList:
    """The changes that run now, the coming ones, the freezes, and the changes that are done."""

    running: tuple[Row, ...]
    days: tuple[DayOfChanges, ...]
    undated: tuple[Row, ...]
    freezes: tuple[FreezeView, ...]
    recent: tuple[Row, ...]
    months: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A text of a change with its heading."""

    name: str
    html: Markup


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change."""

    id: str
    badges: tuple[Badge, ...]
    start: datetime | None
    end: datetime | None
    outage: str
    sections: tuple[Section, ...]
    tasks: tuple[tuple[str, str | None, bool], ...]
    facts: tuple[Fact, ...]
    timeline: tuple[ShownEntry, ...]


def upcoming(publication: Publication) -> list[Change]:
    """Returns changes that are planned and not over at the site's instant, the next one first."""
    found = [c for c in publication.changes if c.state in COMING and c.window and c.window.end > publication.at]
    return sorted(found, key=lambda c: (c.window.start if c.window else publication.at, c.id))


def pages(publication: Publication, moments: Moments) -> Iterator[Page]:
    """Yields the list, a page for each month, and a page for each change."""
    by_month: dict[str, list[Row]] = defaultdict(list)
    for change in publication.changes:
        start = change.window.start if change.window else change.opened_at
        by_month[f"{moments.local(start):%Y-%m}"].append(row(publication, change))
    ordered = sorted(by_month.items(), reverse=True)
    links = tuple(
        Link(month(key), href(f"changes/{key}/index.html"), count(len(rows), "change")) for key, rows in ordered
    )
    yield Page(
        "changes/index.html", "changes.html", "Changes", _overview(publication, moments, links), "changes", (HOME,)
    )
    for key, rows in ordered:
        days = tuple(_days(rows, moments))
        yield Page(
            f"changes/{key}/index.html",
            "change-month.html",
            f"Changes in {month(key)}",
            days,
            "changes",
            (HOME, SECTION),
        )
    for change in publication.changes:
        path = page_for(change)
        yield Page(path, "change.html", change.title, view(publication, change), "changes", (HOME, SECTION))


def _overview(publication: Publication, moments: Moments, months: tuple[Link, ...]) -> ChangeList:
    coming = upcoming(publication)
    running = [c for c in publication.changes if c.state is ChangeState.IMPLEMENTING]
    planned = {c.id for c in [*coming, *running]}
    undated = [c for c in publication.changes if c.state in _UNPLANNED and c.id not in planned]
    done = [c for c in publication.changes if c.id not in planned and c not in undated]
    done.sort(key=lambda c: (c.window.start if c.window else c.opened_at, c.id), reverse=True)
    return ChangeList(
        running=tuple(row(publication, c) for c in running),
        days=tuple(_days((row(publication, c) for c in coming if c not in running), moments)),
        undated=tuple(row(publication, c) for c in undated),
        freezes=tuple(freezes(publication)),
        recent=tuple(row(publication, c) for c in done[:RECENT]),
        months=months,
    )


def freezes(publication: Publication) -> Iterator[FreezeView]:
    """Yields freezes that are in force or coming, the next one first."""
    found = [f for f in publication.records.of(Freeze) if f.state is ActiveState.ACTIVE and f.until > publication.at]
    for freeze in sorted(found, key=lambda f: (f.from_, f.id)):
        reason = publication.note(freeze.reason, freeze)
        yield FreezeView(freeze.title, freeze.from_, freeze.until, reason, freeze.from_ <= publication.at)


def _days(rows: Iterable[Row], moments: Moments) -> Iterator[DayOfChanges]:
    by_day = defaultdict(list)
    for each in rows:
        by_day[moments.day_of(each.start or each.at)].append(each)
    for day, found in sorted(by_day.items()):
        yield DayOfChanges(weekday(day), tuple(sorted(found, key=lambda each: (each.start or each.at, each.id))))


def view(publication: Publication, change: Change) -> ChangeView:
    """Returns what the audience may see of a change. The public reads when it is and what users notice, but not how
    it is done."""
    inside, begun = publication.records.sees_notes, has_begun(change)
    line = row(publication, change)
    state = badge(change.state)
    return ChangeView(
        id=change.id,
        badges=tuple(dict.fromkeys((state, line.state, *line.badges))),
        start=line.start,
        end=line.end,
        outage=_outage(change),
        sections=tuple(_sections(publication, change)) if inside else (),
        tasks=tuple(_tasks(publication, change)) if inside and begun else (),
        facts=tuple(_facts(publication, change)),
        timeline=timeline(publication, change),
    )


def _tasks(publication: Publication, change: Change) -> Iterator[tuple[str, str | None, bool]]:
    return ((task.title, publication.person(task.assignee), task.done) for task in change.tasks)


def _outage(change: Change) -> str:
    if change.outage is None:
        return ""
    if not change.outage.expected:
        return "No interruption is expected."
    minutes = change.outage.minutes
    return f"Expect an interruption of about {minutes} minutes." if minutes else "Expect an interruption."


def _sections(publication: Publication, change: Change) -> Iterator[Section]:
    texts = [("Why", change.reason)]
    if change.plan is not None:
        texts += [
            ("Implementation", change.plan.implementation),
            ("Test", change.plan.test or ""),
            ("Back-out", change.plan.backout or ""),
            ("Communication", change.plan.communication or ""),
        ]
    if change.freeze_exception is not None:
        texts.append(("Why it cannot wait for the end of the freeze", change.freeze_exception.reason))
    if change.retrospective is not None:
        texts.append(("Why it was recorded afterwards", change.retrospective.reason))
    begun = has_begun(change)
    if begun and change.outcome is not None and change.outcome.notes:
        texts.append(("Outcome", change.outcome.notes))
    if begun and change.post_implementation_review is not None:
        lessons = "".join(f"\n\n* {lesson}" for lesson in change.post_implementation_review.lessons)
        texts.append(("Review", change.post_implementation_review.summary + lessons))
    for name, text in texts:
        if text:
            yield Section(name, publication.note(text, change))


def _facts(publication: Publication, change: Change) -> Iterator[Fact]:
    affected = [each.removeprefix("service/") for each in change.affects if each.startswith("service/")]
    yield from fact("Service", publication.link(Service, change.service))
    yield from facts("Also affects", publication.links(Service, affected))
    if change.outcome is not None and has_begun(change):
        yield Fact("Outcome", badge=badge(change.outcome.code))
        began, ended = change.outcome.started_at or work_began(change), change.outcome.ended_at or work_done(change)
        if began is not None:
            yield Fact("Work began", at=began)
        if ended is not None:
            yield Fact("Work ended", at=ended)
    yield from fact("Fixes incident", publication.link(Incident, change.incident))
    yield from fact("Fixes problem", publication.link(Problem, change.problem))
    yield from facts("After", publication.links(Change, change.depends_on))
    caused = [incident.id for incident in publication.incidents if incident.caused_by == change.id]
    yield from facts("Caused", publication.links(Incident, caused))
    if publication.records.sees_notes:
        yield from fact("Team", publication.team(change.team))
        yield from worded("Implementer", publication.person(change.implementer))
        yield from worded("Requester", publication.person(change.requester))
        if change.model is not None:
            yield Fact("Change model", f"{change.model.id}, revision {change.model.revision}")
