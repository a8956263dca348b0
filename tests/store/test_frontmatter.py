"""Articles: two parts, one set of fields, positions that are lines of the file."""

from __future__ import annotations

import pytest

from itsm_as_code.store.frontmatter import read_article, split_article
from tests.store.reading import place

ARTICLE = "---\nid: reset-password\ntitle: Reset a password\n---\n# Steps\n\n* yes\n---\n&x\n"


def test_the_body_is_a_field() -> None:
    result = read_article(ARTICLE.encode())
    assert result.faults == ()
    assert result.data == {
        "id": "reset-password",
        "title": "Reset a password",
        "body": "# Steps\n\n* yes\n---\n&x\n",
    }


def test_an_article_may_have_an_empty_body() -> None:
    assert read_article(b"---\nid: a\n---").data == {"id": "a", "body": ""}
    assert read_article(b"---\nid: a\n---\n").data == {"id": "a", "body": ""}


def test_positions_are_lines_of_the_file() -> None:
    (fault,) = read_article(b"---\nid: a\nb: yes\n---\ntext\n").faults
    assert (fault.rule.name, place(fault)) == ("ambiguous-scalar", (3, 4))
    (fault,) = read_article(b"---\nid: a\nb: c: d\n---\ntext\n").faults
    assert (fault.rule.name, place(fault)) == ("broken-syntax", (3, 5))


@pytest.mark.parametrize("text", ["", "# Steps\n", "--- \nid: a\n---\n", "\n---\nid: a\n---\n", "----\nid: a\n----\n"])
def test_a_file_without_front_matter_is_a_fault(text: str) -> None:
    (fault,) = read_article(text.encode()).faults
    assert (fault.rule.name, place(fault)) == ("missing-front-matter", (1, 1))
    assert "does not begin with a line `---`" in fault.message


def test_front_matter_that_is_not_closed_is_a_fault() -> None:
    (fault,) = read_article(b"---\nid: a\n\ntext\n").faults
    assert fault.rule.name == "missing-front-matter"
    assert "never closed" in fault.message


def test_front_matter_without_fields_is_a_fault() -> None:
    (fault,) = read_article(b"---\n---\ntext\n").faults
    assert (fault.rule.name, place(fault)) == ("empty-document", (2, 1))


def test_a_field_named_body_is_a_fault() -> None:
    (fault,) = read_article(b"---\nid: a\nbody: b\n---\ntext\n").faults
    assert (fault.rule.name, fault.field) == ("duplicate-key", ("body",))


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("a\u202eb", "invisible-character"),
        ("a\u200bb", "invisible-character"),
        ("a\x1b[0m", "control-character"),
        ("a\r\nb", "carriage-return"),
    ],
)
def test_the_body_is_made_of_the_same_characters_as_records(body: str, name: str) -> None:
    (fault,) = read_article(f"---\nid: a\n---\nfirst\n{body}\n".encode()).faults
    assert (fault.rule.name, place(fault)) == (name, (5, 2))


def test_the_size_limit_is_that_of_the_whole_file() -> None:
    (fault,) = read_article(b"---\nid: a\n---\n" + b"x" * (1 << 20)).faults
    assert fault.rule.name == "too-large"


def test_a_body_that_is_not_utf_8_is_a_fault() -> None:
    (fault,) = read_article(b"---\nid: a\n---\ncaf\xe9\n").faults
    assert (fault.rule.name, place(fault)) == ("not-utf8", (4, 4))


def test_splitting_loses_nothing() -> None:
    parts = split_article(ARTICLE)
    assert parts is not None
    assert f"---\n{parts.fields}---\n{parts.body}" == ARTICLE
    assert ARTICLE.split("\n")[parts.body_line - 1] == "# Steps"
