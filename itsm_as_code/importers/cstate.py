"""Reads a cState status page, a folder of Markdown: its issues become incidents, its systems become services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.ids import derived_ticket_id
from itsm_as_code.importers.clean import line
from itsm_as_code.importers.cstate_systems import describe_systems, read_config, systems_of
from itsm_as_code.importers.cstate_updates import PageUpdate, updates_of
from itsm_as_code.importers.draft import Files, Harvest, ImportedRecord, Options
from itsm_as_code.importers.front_matter import Page, read_page
from itsm_as_code.importers.loss import Losses
from itsm_as_code.importers.mapping import DROP, SourceMapping, Words, source_mapping
from itsm_as_code.importers.parties import Parties
from itsm_as_code.importers.stamp import Stamps, day_first
from itsm_as_code.importers.timeline import ImportedTimeline
from itsm_as_code.importers.valid_drafts import valid_drafts

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain

CSTATE = Words(
    system="cstate",
    choices={"severities": ("high", "medium", "low")},
    defaults={"severities": {"down": "high", "disrupted": "medium", "notice": "low"}},
)
_ISSUES = re.compile(r"(^|/)(issues?|incidents?|posts?)/", re.IGNORECASE)
_PAGE = re.compile(r"\.(md|markdown|adoc|html)$", re.IGNORECASE)
_SECTIONS = ("issue", "incident", "post")
_READ = {
    "title", "date", "resolved", "resolvedwhen", "severity", "affected", "affectedsystems", "section", "informational",
    "draft", "lastmod", "publishdate", "type", "description",
}  # fmt: skip
_TRUE = ("true", "yes", "1")


def read(files: Files, options: Options, mapping: object = None) -> Harvest:
    """Returns incidents and services from the folder of a cState site. `mapping` is a parsed mapping file.

    Raises CouldNotCheck if the folder holds nothing of cState, and UsageFault if a time has no zone and none was
    given.
    """
    losses = Losses()
    words = source_mapping(mapping, CSTATE)
    pages = [read_page(data, path, losses) for path, data in sorted(files.texts.items()) if _PAGE.search(path)]
    issues = [page for page in pages if _is_issue(page)]
    for page in pages:
        if page not in issues and "service" not in page.meta:
            losses.dropped("file", "Neither an issue nor a page about a system.", page.path)
    config = read_config(files, losses)
    systems = systems_of(config)
    if not issues and not systems:
        raise CouldNotCheck(
            "There are neither issues nor systems of cState in the folder.",
            hint="Name the folder that holds config.yml and content/.",
        )
    stamps = Stamps(options, losses, day_first(page.text("date") for page in issues))
    parties = Parties(words.system, options, losses, words.parties, {"visibility": "public"})
    site = _Site(words, options, stamps, parties, losses, line(str(config.get("title") or ""), "title", losses))
    describe_systems(systems, pages, parties, losses)
    incidents = list(valid_drafts(site.incidents(issues), losses))
    losses.totals.update({"issues": len(issues), "systems": len(systems), "incidents": len(incidents)})
    for draft in parties.created:
        losses.totals[f"created {draft.kind}"] += 1
    drafts = (*valid_drafts(parties.created, losses), *incidents)
    return Harvest(drafts, losses.report(words.system), words.as_plain())


class _Site:
    """One status page. Its issues become incidents, its systems become services."""

    def __init__(
        self,
        words: SourceMapping,
        options: Options,
        stamps: Stamps,
        parties: Parties,
        losses: Losses,
        title: str,
    ) -> None:
        self._words, self._options, self._stamps = words, options, stamps
        self._parties, self._losses = parties, losses
        self._by: Plain = {"name": title or "cState status page"}
        self._ids: set[str] = set()

    def incidents(self, issues: list[Page]) -> Iterator[ImportedRecord]:
        """Yields the drafts, sorted by path."""
        for page in issues:
            draft = self._incident(page)
            if draft is not None:
                yield draft

    def _incident(self, page: Page) -> ImportedRecord | None:
        self._report_unread(page)
        if page.text("draft") == "true":
            self._losses.dropped("incident", "Left out: a draft, which cState does not publish.", page.path)
            return None
        opened = self._stamps.read(page.text("date"), "date")
        updates = updates_of(page.body, self._stamps, self._losses)
        if opened is None:
            opened = min((update.at for update in updates if update.at), default=None)
            if opened is None:
                self._losses.dropped("incident", "Left out: no time that can be read.", page.path)
                return None
            self._losses.guessed("date", "Missing: the time of the first update was taken.", page.path)
        key = line(_key(page.path), "aliases", self._losses)
        record_id = self._id(key, opened)
        data: dict[str, Plain] = {"id": record_id, "kind": "incident", "schema": 1, "title": self._title(page)}
        data |= self._services(page)
        data |= self._resolution(page)
        if page.text("informational") in _TRUE or page.text("severity").lower() == "notice":
            data["tags"] = ["maintenance"]
        data |= {"visibility": "public", "aliases": {self._words.system: key}}
        data["timeline"] = list(self._timeline(page, opened, updates))
        return ImportedRecord("incident", record_id, data)

    def _title(self, page: Page) -> str:
        title = line(page.text("title"), "title", self._losses)
        if not title:
            title = _key(page.path).rsplit("/", 1)[-1][:300]
            self._losses.guessed("title", "Missing: the file's name was taken.", page.path)
        return title

    def _id(self, key: str, opened: datetime) -> str:
        found = self._options.known.find("incident", key)
        attempt = 0
        while found is None:
            candidate = derived_ticket_id("incident", self._words.system, key, opened, attempt)
            if candidate not in self._ids and not self._options.known.has("incident", candidate):
                found = candidate
            attempt += 1
        self._ids.add(found)
        return found

    def _services(self, page: Page) -> dict[str, Plain]:
        """Returns the first system named as the service, and the others as affected."""
        names = page.texts("affected", "affectedsystems")
        if not names:
            self._losses.noted("affected", "Names no system.", page.path)
        found = [service for name in names if (service := self._parties.find("service", name, "affected"))]
        found = list(dict.fromkeys(found))
        service = found[0] if found else self._words.default_service
        if len(found) > 1:
            why = "cState does not rank systems: the first is the service, the others are under `affects`."
            self._losses.guessed("service", why, ", ".join(names))
        facts: dict[str, Plain] = {"service": service} if service else {}
        return facts | ({"affects": [f"service/{other}" for other in found[1:]]} if len(found) > 1 else {})

    def _resolution(self, page: Page) -> dict[str, Plain]:
        if page.text("resolved").lower() not in _TRUE:
            return {}
        self._losses.guessed("resolution", "cState does not say how an issue was resolved: code `unknown`.")
        return {"resolution": {"code": "unknown", "summary": "The status page marks it as resolved."}}

    def _timeline(self, page: Page, opened: datetime, updates: list[PageUpdate]) -> list[dict[str, Plain]]:
        timeline = ImportedTimeline(self._losses)
        undated = "\n\n".join(update.text for update in updates if update.at is None)
        dated = sorted((update for update in updates if update.at is not None), key=lambda update: update.at or opened)
        if undated and not dated:
            self._losses.guessed("body", "The text has no times of its own: it is in the first entry.")
        early = [update for update in dated if update.at and update.at <= opened]
        first = "\n\n".join(part for part in (undated, *(update.text for update in early)) if part)
        timeline.add(
            opened, self._by, {"state": "in_progress", **self._priority(page)}, field="date", public=first or None
        )
        resolved = self._resolved_at(page, dated)
        steps = [(update.at, False, update.text) for update in dated if update not in early]
        steps += [(resolved, True, "")] if resolved else []
        for at, is_end, said in sorted(steps, key=lambda step: (step[0] or opened, step[1])):
            state = {"state": "resolved"} if is_end else {}
            timeline.add(at or opened, self._by, state, field="resolvedWhen" if is_end else "body", public=said or None)
        return timeline.entries

    def _resolved_at(self, page: Page, dated: list[PageUpdate]) -> datetime | None:
        said = page.text("resolvedwhen")
        at = self._stamps.read(said, "resolvedWhen")
        if page.text("resolved").lower() not in _TRUE:
            if said:
                self._losses.dropped("resolvedWhen", "The issue is not resolved: the time was not used.", said)
            return None
        if at is None:
            last = dated[-1].at if dated else None
            self._losses.guessed(
                "resolvedWhen", "Missing: the time of the last update, or else the beginning, was taken.", page.path
            )
            at = last or self._stamps.read(page.text("date"), "date")
        return at

    def _priority(self, page: Page) -> dict[str, str]:
        """Returns impact and urgency from the severity, and the priority from our matrix."""
        severity = page.text("severity")
        if not severity and page.text("informational") in _TRUE:
            severity = "notice"
        level = self._words["severities"].find(severity) if severity else None
        if level is None or level == DROP:
            why = "Not a severity that is known; map it under `severities`." if severity else "Missing."
            self._losses.dropped(
                "severity", f"{why} The incident has neither impact nor priority.", severity or page.path
            )
            return {}
        from itsm_as_code.domain.kinds.types import Level

        why = "cState has one severity: impact and urgency follow from it, the priority from our matrix."
        self._losses.guessed("severity", why, severity)
        priority = self._options.priorities[Level(level)][Level(level)].value
        return {"impact": level, "urgency": level, "priority": priority}

    def _report_unread(self, page: Page) -> None:
        for key, value in page.meta.items():
            if key not in _READ and value not in (None, "", [], {}):
                self._losses.dropped(key, "No record has such a field.", value)
            elif value is None or value == "":
                self._losses.noted(key, "Empty in the source.", page.path)


def _is_issue(page: Page) -> bool:
    """Returns whether the page is an issue, by its section or else by its folder. Section pages are not issues."""
    name = page.path.rsplit("/", 1)[-1].lower()
    if name in ("_index.md", "readme.md") or not name.endswith((".md", ".markdown")) or "service" in page.meta:
        return False
    section = page.text("section").lower()
    return (
        section in _SECTIONS or _ISSUES.search(page.path) is not None or ("/" not in page.path and "date" in page.meta)
    )


def _key(path: str) -> str:
    """Returns what cState calls the issue: its path below the folder of issues, without the ending."""
    match = _ISSUES.search(path)
    return re.sub(r"\.(md|markdown)$", "", path[match.end() :] if match else path, flags=re.IGNORECASE)
