"""Records that carry code: in no page does any of it become markup (A150, A152, A153, A155)."""

from __future__ import annotations

import re

import pytest

from tests.site.conftest import Builder
from tests.site.memory import article
from tests.site.pages import dead_links, parsed
from tests.site.payloads import FAMILIES, infested

TAGS = frozenset(
    {"html", "head", "meta", "title", "link", "script", "body", "a", "header", "nav", "ul", "li", "main", "footer"}
    | {"div", "p", "button", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "dl", "dt", "dd", "span", "section", "article"}
    | {"aside", "code", "pre", "strong", "em", "time", "details", "summary", "label", "input", "blockquote", "table"}
    | {"thead", "tbody", "tr", "th", "td", "progress", "br", "sup", "del", "hr"}
)
ATTRIBUTES = frozenset(
    {"aria-current", "aria-describedby", "aria-hidden", "aria-label", "aria-labelledby", "autocomplete", "charset"}
    | {"class", "content", "data-at", "data-due", "data-promise", "data-theme-choice", "data-words", "datetime"}
    | {"defer", "for", "hidden", "href", "http-equiv", "id", "lang", "max", "name", "open", "rel", "role", "scope"}
    | {"spellcheck", "src", "start", "tabindex", "title", "type", "value"}
)


@pytest.fixture(scope="module", params=list(FAMILIES))
def site(request: pytest.FixtureRequest, build_site: Builder) -> dict[str, bytes]:
    """The site of an organisation whose every text is an attack of one family."""
    return build_site(*infested(FAMILIES[request.param]), audience="it")


def test_pages_hold_only_the_tags_and_attributes_that_we_write(site: dict[str, bytes]) -> None:
    for path, page in parsed(site).items():
        assert page.faults == [], path
        assert {tag for tag, _ in page.tags} <= TAGS, path
        assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES, path
        assert [len(page.all(tag)) for tag in ("script", "link")] == [2, 2], path
        assert len(page.all("meta")) == (7 if path.startswith("knowledge/a") else 6), path


def test_links_lead_only_where_links_may_lead(site: dict[str, bytes]) -> None:
    assert list(dead_links(site)) == []


def test_ids_are_prefixed_so_that_they_shadow_nothing(site: dict[str, bytes]) -> None:
    ours = {
        "main",
        "filter",
        "filter-count",
        "now",
        "articles",
        "just-me",
        "contents",
        "latest",
        "clocks",
        "open",
        "review",
    }
    for path, page in parsed(site).items():
        foreign = [each for each in page.ids if not re.match(r"(h-|fn-|fnref-|letter-|team-)", each)]
        assert set(foreign) <= ours | {"review"}, path


def test_template_syntax_in_records_is_only_text(build_site: Builder) -> None:
    site = build_site(article("a", "{{ 7 * 7 }} {% include 'x' %}\n", title="{{ 7 * 7 }}", summary="{% raw %}"))
    words = parsed(site)["knowledge/a/index.html"].words
    assert words.count("{{ 7 * 7 }}") >= 2
    assert "{% raw %}" in words
    assert "49" not in words


def test_direction_and_control_characters_do_not_reach_readers(build_site: Builder) -> None:
    site = build_site(article("a", "x\u202ey\u2066z\x1b[2J\n", title="\u202egnp.exe"))
    told = site["knowledge/a/index.html"].decode()
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b]", told)


def test_links_out_give_no_handle_back(build_site: Builder) -> None:
    site = build_site(article("a", "[x](https://x.example)\n", links=[{"label": "y", "url": "https://y.example"}]))
    out = [a for a in parsed(site)["knowledge/a/index.html"].all("a") if "example" in a["href"]]
    assert [a["rel"] for a in out] == ["noopener", "noopener"]
