"""Articles: when reviews fall due, where links lead, what is attached."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from itsm_as_code.checks.knowledge import review_due
from itsm_as_code.domain.kinds.article import Article
from tests.checks.memory import article, as_files, codes, look, look_at

MARCH = {"date": "2026-03-01", "by": "ana"}
MAY = {"date": "2026-05-01", "by": "ana"}


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({}, None),
        ({"review_by": "2026-12-01"}, date(2026, 12, 1)),
        ({"review_every": "30d"}, None),
        ({"verified": [MARCH]}, None),
        ({"verified": [MARCH], "review_every": "30d"}, date(2026, 3, 31)),
        ({"verified": [MAY, MARCH], "review_every": "30d"}, date(2026, 5, 31)),
        ({"verified": [MAY], "review_every": "30d", "review_by": "2026-05-10"}, date(2026, 5, 10)),
        ({"verified": [MAY], "review_every": "30d", "review_by": "2026-07-10"}, date(2026, 5, 31)),
        ({"verified": [MAY], "review_every": "48h"}, date(2026, 5, 3)),
        ({"verified": [MAY], "review_every": "5bd"}, date(2026, 5, 6)),
        ({"verified": [{**MAY, "date": "2999-12-31"}], "review_every": "999999d"}, date(5737, 11, 26)),
    ],
)
def test_a_review_is_due_at_the_earlier_of_its_two_days(fields: dict[str, Any], due: date | None) -> None:
    assert review_due(Article.model_validate(article(**fields))) == due


@pytest.mark.parametrize(("now", "expected"), [("2026-12-01", []), ("2026-12-02", ["KNW002"])])
def test_a_review_is_overdue_from_the_day_after(now: str, expected: list[str]) -> None:
    noon = datetime.fromisoformat(f"{now}T12:00:00").replace(tzinfo=UTC)
    assert codes(look_at(article(review_by="2026-12-01"), now=noon)) == expected
    assert codes(look_at(article(review_by="2026-12-01", state="draft"), now=noon)) == []


@pytest.mark.parametrize(("day", "expected"), [("2026-11-22", []), ("2026-11-23", ["KNW007"])])
def test_somebody_elses_today_may_be_our_tomorrow(day: str, expected: list[str]) -> None:
    assert codes(look_at(article(verified=[{"date": day, "by": "ana"}]))) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[there](sign-in.md)",
        "[there](./sign-in.md)",
        "[there](sign-in.md#at-home)",
        '[there](sign-in.md "title")',
        "[there](<sign-in.md>)",
        "[there][1]\n\n[1]: sign-in.md",
        "[out](https://example.org/sing-in.md)",
        "`[there](sing-in.md)`",
        "```\n[there](sing-in.md)\n```",
        "  ~~~text\n[there](sing-in.md)\n  ~~~",
        "```\n[there](sing-in.md)\n",
        "Read sing-in.md.",
    ],
)
def test_links_to_articles_to_elsewhere_and_in_code_are_fine(text: str) -> None:
    assert look_at(article(body=text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "[there](sing-in.md)",
        "[there](sing-in.md#at-home)",
        "[there](<sing-in.md>)",
        "[there][1]\n\n[1]: sing-in.md\n",
        "```\ncode\n```\n[there](sing-in.md)",
        "`code` and [there](sing-in.md)",
        "[there](../knowledge/sing-in.md)",
    ],
)
def test_links_to_no_article_are_told_with_the_nearest(text: str) -> None:
    (finding,) = look_at(article(body=text))
    assert (finding.code, finding.field) == ("KNW003", ("body",))
    assert "../" in text or finding.help == "did you mean `sign-in`?"


def test_a_text_made_to_keep_the_search_for_links_busy_is_read_to_its_end() -> None:
    hostile = "](" * 200_000 + "](sing-in.md)"
    assert codes(look_at(article(body=hostile))) == ["KNW003"]


@pytest.mark.parametrize(("state", "expected"), [("draft", []), ("in_review", ["KNW004"]), ("published", ["KNW004"])])
def test_only_drafts_may_be_empty(state: str, expected: list[str]) -> None:
    assert codes(look_at(article(state=state, body=" \n"))) == expected


def attached(*names: str, body: str = "Press the button.\n", size: int = 100) -> list[str]:
    files: dict[str, str | bytes] = dict.fromkeys((f"attachments/{name}" for name in names), b"x" * size)
    return codes(look({**as_files(article(body=body)), **files}))


SHOWN = "![The button](../../attachments/reset-password/button.png)\n"


def test_what_an_article_shows_lies_in_its_folder() -> None:
    assert attached("reset-password/button.png", body=SHOWN) == []
    assert attached("reset-password/button.png") == ["KNW010"]
    assert attached(body=SHOWN) == ["KNW011"]


def test_an_article_shows_nothing_of_the_folder_of_another() -> None:
    """An approval covers the article's own files; another's could change under it."""
    other = as_files(article("other", body=SHOWN), article(body=SHOWN))
    (finding,) = look({**other, "attachments/reset-password/button.png": b"x"})
    assert (finding.code, finding.help) == ("KNW013", "copy it: ../../attachments/other/button.png")


@pytest.mark.parametrize(
    "target", ["attachments/reset-password/button.png", "../attachments/reset-password/button.png"]
)
def test_a_picture_is_shown_by_the_way_that_works_on_a_forge(target: str) -> None:
    body = f"![The button]({target})\n"
    found = look({**as_files(article(body=body)), "attachments/reset-password/button.png": b"x"})
    (finding,) = found
    assert finding.code == "KNW011"
    assert finding.help == "write `../../attachments/reset-password/button.png`"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("button.png", []),
        ("button.jpeg", []),
        ("button.svg", ["KNW008"]),
        ("page.html", ["KNW008"]),
        ("button", ["KNW008"]),
        (".png", ["KNW008", "KNW012"]),
        ("Button.PNG", ["KNW012"]),
        ("the button.png", ["KNW012"]),
        ("con.png", ["KNW012"]),
        ("größe.png", ["KNW012"]),
        ("表.png", ["KNW012"]),
    ],
)
def test_attachments_have_listed_types_and_plain_names(name: str, expected: list[str]) -> None:
    assert [code for code in attached(f"reset-password/{name}") if code != "KNW010"] == expected


@pytest.mark.parametrize(
    ("name", "advice"), [("größe.PNG", "name it `grosse.png`"), ("Über uns.pdf", "name it `uber-uns.pdf`")]
)
def test_a_name_that_can_not_be_is_told_with_one_that_can(name: str, advice: str) -> None:
    found = look({**as_files(article(body="Press it.\n")), f"attachments/reset-password/{name}": b"x"})
    assert advice in [finding.help for finding in found if finding.code == "KNW012"]


@pytest.mark.parametrize("name", ["button.png", "reset-password/more/button.png", "reset-pasword/button.png"])
def test_attachments_lie_in_the_folder_of_an_article(name: str) -> None:
    assert [code for code in attached(name) if code != "KNW010"] == ["KNW012"]


@pytest.mark.parametrize(("size", "expected"), [(1 << 20, []), ((1 << 20) + 1, ["KNW009"])])
def test_an_attachment_is_at_most_one_mebibyte_large(size: int, expected: list[str]) -> None:
    assert attached("reset-password/button.png", body=SHOWN, size=size) == expected
