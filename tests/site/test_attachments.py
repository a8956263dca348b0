"""Files that articles show travel with the site, but only with articles that the audience may see."""

from __future__ import annotations

import pytest

from itsm_as_code.domain.kinds.types import Visibility
from itsm_as_code.domain.snapshot import Attachment
from itsm_as_code.resources import template_loader
from itsm_as_code.site.build import SiteOptions, build
from tests.site.memory import MemorySnapshot, article, incident
from tests.site.pages import dead_links, parsed

MAP, MANUAL, HIDDEN = "attachments/seen/map.png", "attachments/seen/manual.pdf", "attachments/hush/plan.png"
BODY = "".join(f"![A map](../../{path}) [file](../../{path})\n\n" for path in (
    MAP, MANUAL, HIDDEN, "attachments/seen/page.svg", "attachments/seen/link.png", "attachments/seen/huge.png",
    "attachments/seen/gone.png", "attachments/seen/../../itsm.yaml",
))  # fmt: skip
FILES = (
    Attachment(MAP, plain=True, size=3),
    Attachment(MANUAL, plain=True),
    Attachment(HIDDEN, plain=True, size=3),
    Attachment("attachments/seen/page.svg", plain=True, size=3),
    Attachment("attachments/seen/link.png", plain=False),
    Attachment("attachments/seen/huge.png", plain=True, size=(1 << 20) + 1),
    Attachment("attachments/seen/unused.png", plain=True, size=3),
)


def site(audience: Visibility = Visibility.STAFF) -> dict[str, bytes]:
    snapshot = MemorySnapshot(article("seen", BODY), article("hush", visibility="it"), attachments=FILES)
    options = SiteOptions(audience, read=lambda path: f"bytes of {path}".encode())
    return build(snapshot, template_loader("site"), options)


def test_pictures_and_files_that_a_text_shows_are_in_the_site() -> None:
    files = site()
    page = parsed(files)["knowledge/seen/index.html"]
    assert [image["src"] for image in page.all("img")] == [f"../../{MAP}"]
    assert files[MAP] == b"bytes of attachments/seen/map.png"
    assert {a["href"] for a in page.all("a") if "attachments" in a.get("href", "")} == {
        f"../../{MAP}",
        f"../../{MANUAL}",
    }
    assert list(dead_links(files)) == []


def test_nothing_else_is() -> None:
    assert {path for path in site() if path.startswith("attachments/")} == {MAP, MANUAL}


def test_a_file_of_a_hidden_article_is_shown_to_those_who_see_the_article() -> None:
    assert HIDDEN in site(Visibility.IT)


def test_without_a_way_to_read_them_texts_show_no_files() -> None:
    snapshot = MemorySnapshot(article("seen", BODY), attachments=FILES)
    files = build(snapshot, template_loader("site"), SiteOptions())
    assert parsed(files)["knowledge/seen/index.html"].all("img") == []
    assert list(dead_links(files)) == []


@pytest.mark.parametrize("state", ["draft", "in_review", "retired"])
def test_files_of_an_article_that_nobody_approved_are_shown_in_no_text(state: str) -> None:
    """Whoever writes an incident could show them otherwise, and change them at will."""
    note = incident(workaround=f"See ![the map](../../../../attachments/seen/{MAP.rpartition('/')[2]}).")
    options = SiteOptions(Visibility.IT, read=lambda path: f"bytes of {path}".encode())
    for shown in ("published", state):
        snapshot = MemorySnapshot(article("seen", "Text.\n", state=shown), note, attachments=FILES)
        assert (MAP in build(snapshot, template_loader("site"), options)) is (shown == "published")
