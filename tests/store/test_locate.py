"""Where fields stand, in good files and in files that can't be read to the end."""

from __future__ import annotations

from itsm_as_code.domain.finding import FieldPath
from itsm_as_code.store.locate import locate

RECORD = """\
# comment
id: INC-1
"title": A title
tags: [a, {b: c}]
timeline:
  - at: 2026-11-21T08:05:12+01:00
    note: |
      yes: *x
  -   by: ana
major:
    commander: ben
"""


def where(text: str | bytes, *field: str | int, at_key: bool = False, article: bool = False) -> tuple[int, int]:
    data = text.encode() if isinstance(text, str) else text
    wanted: tuple[FieldPath, bool] = (field, at_key)
    place = locate(data, [wanted], article=article)[wanted]
    return (place.line, place.column)


def test_a_value_and_its_key_have_their_own_places() -> None:
    assert where(RECORD, "id") == (2, 5)
    assert where(RECORD, "id", at_key=True) == (2, 1)
    assert where(RECORD, "title", at_key=True) == (3, 1)
    assert where(RECORD, "timeline", 0, "note", at_key=True) == (7, 5)
    assert where(RECORD, "timeline", 1, "by") == (9, 11)
    assert where(RECORD, "tags", 1, "b") == (4, 15)


def test_a_list_item_is_where_it_begins() -> None:
    assert where(RECORD, "timeline", 1) == (9, 7)
    assert where(RECORD, "tags", 0) == (4, 8)


def test_a_missing_field_is_at_its_nearest_parent() -> None:
    assert where(RECORD, "major", "bridge") == (10, 1)
    assert where(RECORD, "timeline", 1, "state") == (9, 7)
    assert where(RECORD, "timeline", 7, "state") == (5, 1)
    assert where(RECORD, "resolution", "code") == (1, 1)
    assert where(RECORD) == (1, 1)


def test_many_fields_are_found_in_one_reading() -> None:
    wanted: list[tuple[FieldPath, bool]] = [(("id",), False), (("id",), True), (("nothing",), False)]
    assert list(locate(RECORD.encode(), wanted)) == wanted


def test_keys_that_are_no_text_are_found_by_how_they_are_written() -> None:
    assert where("a: b\n1: c\n", "1", at_key=True) == (2, 1)
    assert where("a: b\nnull: c\n", "null") == (2, 7)


def test_columns_count_characters() -> None:
    assert where("ü: {ö: é, x: y}\n", "ü", "x") == (1, 14)


def test_in_an_article_lines_are_those_of_the_file() -> None:
    text = "---\nid: a\ntitle: b\n---\n\n# Steps\n"
    assert where(text, "title", article=True) == (3, 8)
    assert where(text, "body", article=True) == (5, 1)
    assert where(text, "owner", article=True) == (1, 1)
    assert where("no front matter: x\n", "no front matter", article=True) == (1, 18)


def test_of_a_file_that_breaks_off_the_first_part_is_known() -> None:
    broken = "a: b\nc:\n  d: e\n  f: 'g\nh: i\n"
    assert where(broken, "c", "d") == (3, 6)
    assert where(broken, "h") == (1, 1)


def test_of_two_equal_keys_the_first_is_meant() -> None:
    assert where("a: 1\na: 2\n", "a") == (1, 4)


def test_nothing_makes_it_raise() -> None:
    for data in (b"", b"\xff\xfe", b"a: \xe9\n", b"[" * 5000, b"&a [*a]", b"- " * 3000, b"a: !x y\n", b"? [a]\n: b\n"):
        assert where(data, "a", 0)[0] == 1


def test_fields_far_into_a_very_long_file_are_told_at_their_parent() -> None:
    text = "a: b\nlist:\n" + "- item of the list\n" * 20_000
    assert where(text, "list", 10) == (13, 3)
    assert where(text, "list", 19_999) == (2, 1)
