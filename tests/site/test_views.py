"""What pages say of records: status, review dates, clocks, days, successors."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from itsm_as_code.domain.kinds.article import Article
from itsm_as_code.domain.kinds.types import Visibility
from itsm_as_code.site.audience import VisibleRecords
from itsm_as_code.site.markdown import Markdown
from itsm_as_code.site.publication import Publication
from itsm_as_code.site.references import References
from itsm_as_code.site.views.article import review_day
from itsm_as_code.site.views.status import StatusLevel, status_of
from tests.site.conftest import AT, Builder
from tests.site.memory import MemorySnapshot, article, change, entry, incident, make, problem, service
from tests.site.pages import parsed

Sites = dict[str, dict[str, bytes]]


def publication(*records: Any) -> Publication:
    visible = VisibleRecords(MemorySnapshot(*records), Visibility.STAFF)
    return Publication(visible, Markdown(References(visible)), AT)


def troubled(priority: str | None, state: str = "in_progress", **fields: Any) -> Any:
    return incident("INC-20261101-AAAA1", entry("2026-11-01T08:00:00Z", state=state, priority=priority),
                    service="web", **fields)  # fmt: skip


@pytest.mark.parametrize(
    ("cause", "level"),
    [
        (troubled("P1"), StatusLevel.MAJOR),
        (troubled("P4", major={"commander": "ana"}), StatusLevel.MAJOR),
        (troubled("P2"), StatusLevel.PARTIAL),
        (troubled("P3", state="on_hold"), StatusLevel.DEGRADED),
        (troubled("P4"), StatusLevel.FINE),
        (troubled(None), StatusLevel.FINE),
        (troubled("P1", state="resolved"), StatusLevel.FINE),
        (troubled("P1", state="cancelled"), StatusLevel.FINE),
        (change(outage={"expected": True}), StatusLevel.FINE),
        (change(outage={"expected": True}, window={"start": "2026-11-20T10:30:00Z", "end": "2026-11-20T11:00:00Z"}),
         StatusLevel.MAINTENANCE),
        (change(outage={"expected": True}, window={"start": "2026-11-20T09:00:00Z", "end": "2026-11-20T10:30:00Z"}),
         StatusLevel.FINE),
        (change("CHG-20261101-AAAA1", entry("2026-11-01T08:00:00Z", state="implementing"), outage={"expected": True}),
         StatusLevel.MAINTENANCE),
        (change("CHG-20261101-AAAA1", entry("2026-11-01T08:00:00Z", state="implementing"), outage={"expected": False}),
         StatusLevel.FINE),
    ],
)  # fmt: skip
def test_a_service_is_as_bad_as_its_worst_open_incident_or_running_change(cause: Any, level: StatusLevel) -> None:
    web = service("web")
    found = publication(web, cause)
    status = status_of(found, web)  # type: ignore[arg-type]
    assert status.level is level
    assert [link.hint for link in status.because] == ([cause.id] if level is not StatusLevel.FINE else [])


def test_services_that_are_affected_suffer_too_and_those_that_depend_are_warned(build_site: Builder) -> None:
    site = parsed(build_site(service("web"), service("app", depends_on=["service/web"]), service("side"),
                             troubled("P1", affects=["service/side"])))  # fmt: skip
    assert "Partial disruption" in site["services/side/index.html"].words
    assert "It depends on Service web Major disruption ." in site["services/app/index.html"].words
    assert "2 services have problems" in site["index.html"].words


def test_a_major_incident_is_major_for_every_service_that_it_affects(build_site: Builder) -> None:
    cause = troubled("P1", affects=["service/side"], major={"commander": "ana"})
    site = parsed(build_site(service("web"), service("side"), cause))
    assert "Major disruption" in site["services/side/index.html"].words


def test_home_says_when_all_is_well(build_site: Builder) -> None:
    home = parsed(build_site(service("web")))["index.html"].words
    assert "No known problems As of 20 Nov 2026, 10:30 GMT" in home
    assert "No incident is open." in home


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({}, None),
        ({"review_every": "30d"}, None),
        ({"review_by": "2026-12-24"}, date(2026, 12, 24)),
        ({"review_every": "30d", "verified": [{"date": "2026-01-01", "by": "ana"},
                                               {"date": "2026-02-01", "by": "ana"}]}, date(2026, 3, 3)),
        ({"review_every": "5bd", "verified": [{"date": "2026-11-20", "by": "ana"}]}, date(2026, 11, 27)),
        ({"review_every": "1bd", "verified": [{"date": "2026-11-20", "by": "ana"}]}, date(2026, 11, 23)),
        ({"review_every": "2bd", "verified": [{"date": "2026-11-21", "by": "ana"}]}, date(2026, 11, 24)),
    ],
)  # fmt: skip
def test_the_review_day_is_promised_or_follows_from_the_verification(fields: dict[str, Any], day: date | None) -> None:
    found = article("a", **fields)
    assert isinstance(found, Article)
    assert review_day(found) == day


@pytest.mark.parametrize(
    ("review_by", "words"), [("2026-11-19", "Overdue was due 19 Nov"), ("2026-11-20", "due 20 Nov")]
)
def test_an_article_says_whether_its_review_is_due(build_site: Builder, review_by: str, words: str) -> None:
    assert words in parsed(build_site(article("a", review_by=review_by)))["knowledge/a/index.html"].words


def test_an_article_that_nobody_verified_says_so(build_site: Builder) -> None:
    assert "Last verified Never" in parsed(build_site(article("a")))["knowledge/a/index.html"].words


def test_an_article_tells_whether_others_have_it_too(sites: Sites) -> None:
    words = parsed(sites["staff"])["knowledge/how-to/index.html"].words
    assert "Is it just me? No." in words
    assert "Known error Problem PRB-20261101-AAAA1 Workaround INTERNAL way round" in words
    assert "Changes this week Change CHG-20261101-AAAA1" in words
    assert "Is it just me?" not in parsed(sites["staff"])["knowledge/other/index.html"].words


def test_an_article_lists_its_headings(sites: Sites) -> None:
    page = parsed(sites["staff"])["knowledge/how-to/index.html"]
    assert [a["href"] for a in page.all("a") if a.get("href", "").startswith("#h-")] == ["#h-first-step", "#h-detail"]


def test_a_retired_article_names_its_successor_and_nothing_else(sites: Sites) -> None:
    page = parsed(sites["public"])["knowledge/old/index.html"]
    assert "Read Title of how-to instead" in page.words
    assert "Out of date" not in page.words
    assert "old" not in [a["href"] for a in parsed(sites["public"])["knowledge/index.html"].all("a")]


def test_articles_that_helped_most_come_first(build_site: Builder) -> None:
    helped = [incident(f"INC-2026110{n}-AAAA1", articles=["b"] if n < 3 else ["a"]) for n in range(1, 4)]
    home = parsed(build_site(article("a"), article("b"), article("c"), *helped))["index.html"].words
    section = home.split("What helps most")[1].split("Help articles A–Z")[0]
    assert section.index("Title of b") < section.index("Title of a")
    assert "Title of c" not in section


def test_an_incident_shows_its_latest_words_clocks_and_review(sites: Sites) -> None:
    pages = parsed(sites["staff"])
    major = pages["incidents/INC-20261102-BBBB2/index.html"].words
    for words in ("Resolved Major P1", "With The crew", "Assigned to Ana Ortiz", "First response", "Reason: INTERNAL",
                  "Response Met", "5 min of 15 min", "Commander Ana Ortiz", "Overdue INTERNAL action",
                  "Told to users We are looking into it."):  # fmt: skip
        assert words in major, words
    assert "Latest Working on it." in pages["incidents/INC-20261101-AAAA1/index.html"].words


def test_backfilled_and_redacted_entries_say_so(build_site: Builder) -> None:
    redacted = {"by": "ana", "at": "2026-11-01T10:00:00Z", "reason": "a name of a patient"}
    ticket = incident(
        "INC-20261101-AAAA1",
        entry("2026-11-01T08:00:00Z", state="new", recorded="2026-11-01T09:30:00Z"),
        entry("2026-11-01T09:40:00Z", redacted=redacted),
    )
    words = parsed(build_site(ticket))["incidents/INC-20261101-AAAA1/index.html"].words
    assert "recorded 1 Nov 2026, 09:30 GMT" in words
    assert "A text was removed here: a name of a patient" in words


def test_changes_are_listed_by_the_days_of_the_workspaces_zone(build_site: Builder) -> None:
    late = change(window={"start": "2027-06-21T23:30:00Z", "end": "2027-06-22T01:00:00Z"})
    words = parsed(build_site(late))["changes/index.html"].words
    assert "Tuesday 22 June" in words
    assert "22 Jun 2027 , 00:30 – 02:00 BST" in words


def test_freezes_stand_beside_the_changes_they_stop(sites: Sites) -> None:
    words = parsed(sites["staff"])["changes/index.html"].words
    assert "No changes: Rest" in words
    assert "Quiet, please." in words


def test_every_sla_figure_leads_to_the_clocks_it_counts(sites: Sites) -> None:
    page = parsed(sites["staff"])["slas/index.html"]
    assert "Response 100.0 % attained At risk 1 Met 1" in page.words
    assert "15m 1h – – –" in page.words
    figures = [a["href"] for a in page.all("a") if "#clocks-" in a["href"]]
    assert figures == ["../slas/gold/index.html#clocks-at-risk", "../slas/gold/index.html#clocks-met"]


def test_opening_hours_of_like_days_stand_together(sites: Sites) -> None:
    assert "Mon–Wed 08:00-18:00" in parsed(sites["staff"])["slas/index.html"].words


def test_a_service_shows_what_belongs_to_it(sites: Sites) -> None:
    words = parsed(sites["it"])["services/web/index.html"].words
    for told in ("Owner The crew", "Depends on Service db", "Agreements Gold", "Request A laptop",
                 "Runbooks SECRET-TITLE", "help@test.example", "What is wrong now",
                 "Coming changes", "Past incidents", "Past changes"):  # fmt: skip
        assert told in words, told
    assert "Needed by Service web" in parsed(sites["it"])["services/db/index.html"].words


def test_a_retired_service_keeps_its_address_and_leaves_the_list(build_site: Builder) -> None:
    site = parsed(build_site(service("gone", state="retired"), service("web")))
    assert "Retired: no longer offered" in site["services/gone/index.html"].words
    assert "Service gone" not in site["services/index.html"].words


def test_known_errors_come_first_among_problems(build_site: Builder) -> None:
    site = build_site(problem("PRB-20261101-AAAA1"), problem("PRB-20261101-BBBB2", workaround="Like this."))
    words = parsed(site)["problems/index.html"].words
    assert words.index("PRB-20261101-BBBB2") < words.index("Other open problems") < words.index("PRB-20261101-AAAA1")


def test_the_team_page_says_who_is_on_call_then(build_site: Builder) -> None:
    shift = {"person": "ana", "from": "2026-11-20T08:00:00Z", "until": "2026-11-20T18:00:00Z"}
    team = make("team", "crew", name="Crew", members=["ana", "ben"], on_call={"shifts": [shift]})
    people = [make("person", slug, name=slug.title()) for slug in ("ana", "ben")]
    during = parsed(build_site(team, *people))["teams/index.html"].words
    after = parsed(build_site(team, *people, at=datetime(2026, 11, 20, 18, tzinfo=UTC)))["teams/index.html"].words
    assert "Ana On call" in during
    assert "On call" not in after


def test_live_pages_warn_of_an_age_beyond_the_promise() -> None:
    from itsm_as_code.resources import template_loader
    from itsm_as_code.site.build import SiteOptions, build

    promised = MemorySnapshot(settings={"site": {"status_promise": "15m"}})
    for snapshot, live, warns in ((promised, True, True), (promised, False, False), (MemorySnapshot(), True, False)):
        home = build(snapshot, template_loader("site"), SiteOptions(at=AT, live=live))["index.html"]
        assert (b'data-promise="900"' in home) is warns
