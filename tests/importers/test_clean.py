"""Foreign text made fit for records."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.ids import is_slug
from itsm_as_code.importers import clean
from itsm_as_code.importers.loss import Losses


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Opened by  8", "Opened by 8"),
        ("  two\r\nlines\t ", "two lines"),
        ("a\u202eb\u200bc\x07", "abc"),
        ("\ufeff", ""),
        ("x" * 400, "x" * 299 + "…"),
    ],
)
def test_a_line_is_one_line_that_can_be_seen(raw: str, expected: str) -> None:
    assert clean.line(raw, "title", Losses()) == expected


def test_a_text_keeps_its_lines_and_its_first_indentation() -> None:
    assert clean.text("\n  a\r\nb\x0bc \r\n\r\n", "body", Losses()) == "  a\nb\nc"


def test_what_was_taken_out_is_reported_with_the_value_made_visible() -> None:
    losses = Losses()
    clean.line("a\u202eb", "title", losses)
    assert losses.report("x").losses[0].examples == ("a\ufffdb",)


@pytest.mark.parametrize(
    ("raw", "expected"), [("Resolved by 149", "resolved-by-149"), ("Gelöst!", "gelost"), ("日本", "team"), ("", "team")]
)
def test_a_slug_is_ascii_or_the_fallback(raw: str, expected: str) -> None:
    assert clean.slug(raw, fallback="team") == expected


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_a_cleaned_line_is_clean_and_a_slug_is_a_slug(raw: str) -> None:
    line = clean.line(raw, "title", Losses())
    assert line == clean.line(line, "title", Losses())
    assert len(line) <= 300
    assert "\n" not in line
    assert line == line.strip()
    slug = clean.slug(raw, fallback="team")
    assert is_slug(slug) or slug in ("con", "prn", "aux", "nul") or slug[:3] in ("com", "lpt")
