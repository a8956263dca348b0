"""The built site as a whole: sound HTML, living links, the same bytes each time, within its budgets."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime

import pytest

from itsm_as_code.site.environment import SECURITY_POLICY
from tests.site.conftest import Builder, records
from tests.site.pages import dead_links, parsed

Sites = dict[str, dict[str, bytes]]
AUDIENCES = ("public", "staff", "it")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_page_is_well_formed(sites: Sites, audience: str) -> None:
    faults = {path: page.faults for path, page in parsed(sites[audience]).items() if page.faults}
    assert faults == {}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_link_and_anchor_leads_somewhere(sites: Sites, audience: str) -> None:
    assert list(dead_links(sites[audience])) == []


@pytest.mark.parametrize("audience", AUDIENCES)
def test_ids_are_unique_in_each_page(sites: Sites, audience: str) -> None:
    for path, page in parsed(sites[audience]).items():
        assert len(page.ids) == len(set(page.ids)), path


def test_every_page_has_one_h1_landmarks_and_a_title_of_its_own(sites: Sites) -> None:
    pages = parsed(sites["staff"])
    for path, page in pages.items():
        assert len(page.all("h1")) == 1, path
        assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1, path
        assert page.all("html") == [{"lang": "en"}], path
        assert (page.all("a")[0]["href"], page.all("a")[0]["class"]) == ("#main", "skip"), path
    titles = [re.findall("<title>(.*?)</title>", content.decode()) for content in sites["staff"].values()]
    assert all(len(found) == 1 for found, path in zip(titles, sites["staff"], strict=True) if path.endswith(".html"))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(sites: Sites, audience: str) -> None:
    for path, page in parsed(sites[audience]).items():
        policies = [a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
        assert policies == [SECURITY_POLICY], path
        assert page.all("style") == [], path
        assert all("src" in script for script in page.all("script")), path
        for tag, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on") or name == "style"], (path, tag)
            fetched = attributes.get("src", "") + (attributes.get("href", "") if tag == "link" else "")
            assert "//" not in fetched, (path, fetched)


def test_the_same_records_give_the_same_bytes_in_any_order(build_site: Builder, sites: Sites) -> None:
    assert build_site(*reversed(records())) == sites["staff"]


def test_without_a_clock_the_site_speaks_as_of_the_newest_entry_that_the_audience_sees(build_site: Builder) -> None:
    site = build_site(*records(), audience="public", at=None)
    assert b"2026-11-02T12:00:00Z" in site["index.html"]
    assert build_site(*records(), audience="public", at=datetime(2026, 11, 2, 12, tzinfo=UTC)) == site


def test_an_empty_workspace_has_a_site_too(build_site: Builder) -> None:
    site = build_site(at=None)
    assert list(dead_links(site)) == []
    assert "The records hold no dates yet." in parsed(site)["index.html"].words


def test_pages_scripts_and_styles_keep_to_their_budgets(sites: Sites) -> None:
    packed = {path: len(gzip.compress(content)) for path, content in sites["it"].items()}
    assert sum(size for path, size in packed.items() if path.endswith(".css")) <= 8 * 1024
    assert sum(size for path, size in packed.items() if path.endswith(".js")) <= 12 * 1024
    assert max(size for path, size in packed.items() if path.startswith("knowledge/")) <= 12 * 1024


def test_a_page_size_does_not_grow_with_the_number_of_articles(build_site: Builder) -> None:
    from tests.site.memory import article

    few = build_site(article("it"), article("a-1"))
    many = build_site(article("it"), *(article(f"a-{number}") for number in range(500)))
    assert len(few["knowledge/it/index.html"]) == len(many["knowledge/it/index.html"])
    assert list(dead_links(many)) == []
    assert "a-z/t/index.html" in many
