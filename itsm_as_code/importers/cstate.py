"""cState: the issues and systems of a status page kept as a folder of Markdown, to incidents and services."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.ids import derived_ticket_id
from itsm_as_code.importers.clean import line, text
from itsm_as_code.importers.cstate_updates import Update, updates_of
from itsm_as_code.importers.decode import decoded
from itsm_as_code.importers.draft import Draft, Files, Harvest, Options
from itsm_as_code.importers.front_matter import Page, load_yaml, read_page
from itsm_as_code.importers.loss import Losses
from itsm_as_code.importers.mapping import DROP, SourceMapping, Words, source_mapping
from itsm_as_code.importers.parties import Parties
from itsm_as_code.importers.proof import proved
from itsm_as_code.importers.stamp import Stamps, day_first
from itsm_as_code.importers.timeline import ImportedTimeline

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain

CSTATE = Words(
    system="cstate",
    choices={"severities": ("high", "medium", "low")},
    defaults={"severities": {"down": "high", "disrupted": "medium", "notice": "low"}},
)
_CONFIGS = ("config.yml", "config.yaml", "config.toml", "hugo.yml", "hugo.yaml", "hugo.toml")
_ISSUES = re.compile(r"(^|/)(issues?|incidents?|posts?)/", re.IGNORECASE)
_PAGE = re.compile(r"\.(md|markdown|adoc|html)$", re.IGNORECASE)
_SECTIONS = ("issue", "incident", "post")
_READ = {
    "title", "date", "resolved", "resolvedwhen", "severity", "affected", "affectedsystems", "section", "informational",
    "draft", "lastmod", "publishdate", "type", "description",
}  # fmt: skip
_TRUE = ("true", "yes", "1")


def read(files: Files, options: Options, mapping: object = None) -> Harvest:
    """Incidents and services from the folder of a cState site. `mapping` is a parsed mapping file.

    Raises CouldNotCheck where there is nothing of cState in the folder, UsageFault where a time has no
    zone and none was given.
    """
    losses = Losses()
    words = source_mapping(mapping, CSTATE)
    pages = [read_page(data, path, losses) for path, data in sorted(files.texts.items()) if _PAGE.search(path)]
    issues = [page for page in pages if _is_issue(page)]
    for page in pages:
        if page not in issues and "service" not in page.meta:
            losses.dropped("file", "Neither an issue nor a page about a system.", page.path)
    config = _config(files, losses)
    systems = _systems(config)
    if not issues and not systems:
        raise CouldNotCheck(
            "There are neither issues nor systems of cState in the folder.",
            hint="Name the folder that holds config.yml and content/.",
        )
    stamps = Stamps(options, losses, day_first(page.text("date") for page in issues))
    parties = Parties(words.system, options, losses, words.parties, {"visibility": "public"})
    site = _Site(words, options, stamps, parties, losses, line(str(config.get("title") or ""), "title", losses))
    site.describe_systems(systems, {page.text("title"): page for page in pages if "service" in page.meta})
    incidents = list(proved(site.incidents(issues), losses))
    losses.totals.update({"issues": len(issues), "systems": len(systems), "incidents": len(incidents)})
    for draft in parties.created:
        losses.totals[f"created {draft.kind}"] += 1
    drafts = (*proved(parties.created, losses), *incidents)
    return Harvest(drafts, losses.report(words.system), words.as_plain())


class _Site:
    """One status page: its issues become incidents, its systems services."""

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

    def describe_systems(self, systems: list[dict[str, Any]], pages: dict[str, Page]) -> None:
        """Matches or creates the services of config.yml, with what is known of them."""
        for system in systems:
            name = line(str(system.get("name") or ""), "systems", self._losses)
            facts: dict[str, Plain] = {}
            about = pages.get(name)
            extra = about.meta["service"] if about and isinstance(about.meta["service"], dict) else {}
            description = text(
                str(extra.get("description") or system.get("description") or ""), "systems", self._losses
            )
            if description:
                facts["description"] = description
            status: dict[str, Plain] = {"shown": True}
            if group := line(str(system.get("category") or ""), "systems", self._losses):
                status["group"] = group
            facts["status_page"] = status
            if links := _links(extra, self._losses):
                facts["links"] = links
            if not name:
                self._losses.dropped("systems", "A system without a name.")
            elif self._parties.service(name, **facts) is None:
                why = f"No service has it as alias `{self._words.system}:`; add the alias, map it, or --create."
                self._losses.dropped("systems", why, name)

    def incidents(self, issues: list[Page]) -> Iterator[Draft]:
        """The drafts, by path."""
        for page in issues:
            draft = self._incident(page)
            if draft is not None:
                yield draft

    def _incident(self, page: Page) -> Draft | None:
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
            self._losses.guessed("date", "Missing: that of the first update was taken.", page.path)
        key = line(_key(page.path), "aliases", self._losses)
        record_id = self._id(key, opened)
        data: dict[str, Plain] = {"id": record_id, "kind": "incident", "schema": 1, "title": self._title(page)}
        data |= self._services(page)
        data |= self._resolution(page)
        if page.text("informational") in _TRUE or page.text("severity").lower() == "notice":
            data["tags"] = ["maintenance"]
        data |= {"visibility": "public", "aliases": {self._words.system: key}}
        data["timeline"] = list(self._timeline(page, opened, updates))
        return Draft("incident", record_id, data)

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
        """The first system named is the service, the others are affected too."""
        names = page.texts("affected", "affectedsystems")
        if not names:
            self._losses.noted("affected", "Names no system.", page.path)
        found = [service for name in names if (service := self._parties.find("service", name, "affected"))]
        found = list(dict.fromkeys(found))
        service = found[0] if found else self._words.default_service
        if len(found) > 1:
            why = "cState ranks no system: the first is the service, the others stand under affects."
            self._losses.guessed("service", why, ", ".join(names))
        facts: dict[str, Plain] = {"service": service} if service else {}
        return facts | ({"affects": [f"service/{other}" for other in found[1:]]} if len(found) > 1 else {})

    def _resolution(self, page: Page) -> dict[str, Plain]:
        if page.text("resolved").lower() not in _TRUE:
            return {}
        self._losses.guessed("resolution", "cState does not say how an issue was resolved: code `unknown`.")
        return {"resolution": {"code": "unknown", "summary": "The status page marks it as resolved."}}

    def _timeline(self, page: Page, opened: datetime, updates: list[Update]) -> list[dict[str, Plain]]:
        timeline = ImportedTimeline(self._losses)
        undated = "\n\n".join(update.text for update in updates if update.at is None)
        dated = sorted((update for update in updates if update.at is not None), key=lambda update: update.at or opened)
        if undated and not dated:
            self._losses.guessed("body", "The text has no times of its own: it stands in the first entry.")
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

    def _resolved_at(self, page: Page, dated: list[Update]) -> datetime | None:
        said = page.text("resolvedwhen")
        at = self._stamps.read(said, "resolvedWhen")
        if page.text("resolved").lower() not in _TRUE:
            if said:
                self._losses.dropped("resolvedWhen", "The issue is not resolved: the time was not used.", said)
            return None
        if at is None:
            last = dated[-1].at if dated else None
            self._losses.guessed("resolvedWhen", "Missing: the last update, else the beginning, was taken.", page.path)
            at = last or self._stamps.read(page.text("date"), "date")
        return at

    def _priority(self, page: Page) -> dict[str, str]:
        """Impact and urgency from the severity, the priority from our matrix."""
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
    """By its section, else by its folder; section pages are none."""
    name = page.path.rsplit("/", 1)[-1].lower()
    if name in ("_index.md", "readme.md") or not name.endswith((".md", ".markdown")) or "service" in page.meta:
        return False
    section = page.text("section").lower()
    return (
        section in _SECTIONS or _ISSUES.search(page.path) is not None or ("/" not in page.path and "date" in page.meta)
    )


def _key(path: str) -> str:
    """What cState calls the issue: its path below the folder of issues, without the ending."""
    match = _ISSUES.search(path)
    return re.sub(r"\.(md|markdown)$", "", path[match.end() :] if match else path, flags=re.IGNORECASE)


def _config(files: Files, losses: Losses) -> dict[str, Any]:
    path = next((name for name in _CONFIGS if name in files.texts), None)
    if path is None:
        losses.noted("config.yml", "Not there: the systems of the page are not known.")
        return {}
    loaded: Any
    try:
        source = decoded(files.texts[path], path, losses)
        loaded = tomllib.loads(source) if path.endswith(".toml") else load_yaml(source)
    except (ValueError, RecursionError) as error:
        losses.dropped(path, "Can't be read: the systems of the page are not known.", str(error))
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _systems(config: dict[str, Any]) -> list[dict[str, Any]]:
    params = config.get("params") if isinstance(config.get("params"), dict) else {}
    found = (params or {}).get("systems") or config.get("systems") or []
    listed = [system if isinstance(system, dict) else {"name": system} for system in found if system]
    return listed if isinstance(found, list) else []


def _links(extra: dict[str, Any], losses: Losses) -> list[Plain]:
    links: list[Plain] = []
    items = extra.get("links") if isinstance(extra.get("links"), list) else []
    if extra.get("url"):
        items = [{"name": extra["url"], "url": extra["url"]}, *(items or [])]
    for item in items or []:
        url = str(item.get("url") or "") if isinstance(item, dict) else ""
        if re.fullmatch(r"https?://[^\s<>\"]{1,1900}", url):
            links.append({"label": line(str(item.get("name") or url), "links", losses) or url, "url": url})
        else:
            losses.dropped("links", "Not a link that can be followed.", item)
    return links
