"""The site in a real browser: phones, no scripts, files, colours, accessibility, hostile records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.site.browser.conftest import Served, serving
from tests.site.conftest import Builder
from tests.site.payloads import ALL, infested

pytestmark = pytest.mark.browser

PAGES = [
    "index.html",
    "knowledge/index.html",
    "knowledge/how-to/index.html",
    "incidents/INC-20261102-BBBB2/index.html",
    "changes/index.html",
    "changes/CHG-20261101-AAAA1/index.html",
    "services/index.html",
    "services/web/index.html",
    "slas/index.html",
    "slas/gold/index.html",
    "problems/PRB-20261101-AAAA1/index.html",
    "catalogue/laptop/index.html",
    "teams/index.html",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_faults(page: Any) -> list[str]:
    """What axe finds, each with the first place."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no stubs

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found.response["violations"]]


@pytest.mark.parametrize(
    ("paths", "options"),
    [
        (PAGES, {"color_scheme": "light", "bypass_csp": True}),
        (PAGES[2:6], {"color_scheme": "light"}),
        (PAGES[2:8], {"color_scheme": "dark", "bypass_csp": True}),
        (PAGES[:6], {"viewport": {"width": 320, "height": 700}, "bypass_csp": True}),
    ],
    ids=["light", "light, policy enforced", "dark", "320 px"],
)
def test_pages_are_accessible(served: Served, watch: Any, paths: list[str], options: dict[str, Any]) -> None:
    page = watch(**options).page
    for path in paths:
        page.goto(served.url(path))
        assert axe_faults(page) == [], path


def test_faults_of_accessibility_would_be_found(watch: Any) -> None:
    page = watch().page
    page.set_content("<title>x</title><main><h1>x</h1><p style='color:#bbb;background:#fff'>faint</p><input></main>")
    assert {fault.split(":")[0] for fault in axe_faults(page)} >= {"color-contrast", "label", "html-has-lang"}


def test_pages_need_no_sideways_scrolling_on_a_small_phone(served: Served, watch: Any) -> None:
    page = watch(viewport={"width": 320, "height": 700}).page
    for path in PAGES:
        page.goto(served.url(path))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_targets_are_large_enough_for_fingers(served: Served, watch: Any) -> None:
    page = watch(viewport={"width": 390, "height": 800}).page
    page.goto(served.url("index.html"))
    heights = page.locator("header a, .letters a, .themes button, .filter input").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect()).filter(box => box.width && box.height < 24).length"
    )
    assert heights == 0


@pytest.mark.parametrize("path", PAGES[1:4])
def test_pages_are_whole_without_scripts(served: Served, watch: Any, path: str) -> None:
    told = [watch(java_script_enabled=enabled).page for enabled in (True, False)]
    texts = []
    for page in told:
        page.goto(served.url(path))
        texts.append(page.locator("main").inner_text().replace("Narrow the list", "").replace("Copy\n", ""))
    assert "".join(texts[0].split()) == "".join(texts[1].split())
    assert not told[1].locator(".filter, .themes, .copy, .stale").locator("visible=true").count()


def test_the_site_works_from_files(served: Served, watch: Any) -> None:
    page = watch().page
    page.goto(served.file("index.html"))
    page.get_by_role("link", name="Knowledge", exact=True).click()
    page.get_by_role("link", name="Title of how-to").click()
    page.wait_for_url(served.file("knowledge/how-to/index.html"))
    page.get_by_role("link", name="its end").click()
    page.wait_for_url(served.file("knowledge/other/index.html") + "#h-the-end")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(250, 248, 244)"


def test_readers_choose_light_dark_or_their_systems_colours(served: Served, watch: Any) -> None:
    page = watch(color_scheme="light").page
    page.goto(served.url("index.html"))
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(ground)
    page.goto(served.url("about/index.html"))
    assert page.evaluate(ground) == dark != light
    page.emulate_media(color_scheme="dark")
    page.get_by_role("button", name="Light").click()
    assert page.evaluate(ground) == light
    page.get_by_role("button", name="Auto").click()
    assert page.get_by_role("button", name="Auto").get_attribute("aria-pressed") == "true"
    assert page.evaluate(ground) == dark


def test_lists_narrow_as_one_types(served: Served, watch: Any) -> None:
    page = watch().page
    page.goto(served.url("index.html"))
    page.get_by_label("Narrow the list").fill("HOW-TO web")
    entries = page.locator(".a-to-z [data-words]").locator("visible=true")
    assert entries.count() == 1
    assert page.locator("#filter-count").inner_text() == "1 article"


def test_code_is_copied_with_a_button(served: Served, watch: Any) -> None:
    page = watch(permissions=["clipboard-read", "clipboard-write"]).page
    page.goto(served.url("knowledge/how-to/index.html"))
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith('def answer(): return "42"')


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(served: Served, watch: Any) -> None:
    page = watch().page
    page.goto(served.url("knowledge/how-to/index.html"))
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("each => each === document.activeElement && each.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_print_leaves_out_what_one_can_not_click(served: Served, watch: Any) -> None:
    page = watch(color_scheme="dark").page
    page.goto(served.url("knowledge/how-to/index.html"))
    page.emulate_media(media="print")
    assert not page.locator("nav, .copy, .themes").locator("visible=true").count()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_tones_keep_their_shapes_where_colours_are_forced(served: Served, watch: Any) -> None:
    page = watch(forced_colors="active").page
    page.goto(served.url("incidents/INC-20261102-BBBB2/index.html"))
    style = "getComputedStyle(document.querySelector('.badge.ok'), '::before')"
    assert page.evaluate(f"{style}.backgroundColor") != "rgba(0, 0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.querySelector('.badge.ok')).borderTopStyle") == "solid"


def test_hostile_records_run_nothing_and_fetch_nothing(build_site: Builder, watch: Any, tmp_path: Path) -> None:
    """Every payload stands in every text of one organisation; the watch notes dialogs, violations, requests (A152)."""
    files = build_site(*infested(ALL[::6]), audience="it")
    whole = build_site(*infested(["\n\n".join(ALL)]), audience="it")
    with serving({**files, **{f"whole/{path}": content for path, content in whole.items()}}, tmp_path / "x") as found:
        page = watch().page
        pages = [
            path for path in files if path.endswith(".html") and ("/a" in path or "/INC" in path or "/" not in path)
        ]
        for path in [*pages, "whole/knowledge/a0/index.html", "whole/incidents/INC-20261101-00000/index.html"]:
            page.goto(found.url(path))
            assert page.locator("main h1").count() == 1, path
