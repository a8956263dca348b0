"""Words that a shell may complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.app.checkout.completions import ids, query_words
from tests.checks.memory import as_files, change, incident
from tests.checks.workspace import workspace

OLD, NEW = "INC-20261121-7K3Q8", "INC-20261121-7K3Q9"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = as_files(incident(id=OLD), incident(id=NEW), change())
    return workspace(tmp_path_factory.mktemp("words"), {**files, "records/teams/note.txt": "Nothing."}).root


def test_an_id_is_completed_from_its_beginning_newest_tickets_first(root: Path) -> None:
    assert ids(root, "inc-2026", 9) == [(NEW, "incident"), (OLD, "incident")]


def test_the_end_of_a_ticket_id_is_completed_too(root: Path) -> None:
    assert ids(root, "7k3q", 9) == [("7K3Q9", "incident"), ("7K3Q8", "incident")]


def test_slugs_are_completed_in_order(root: Path) -> None:
    assert ids(root, "", 9, ("person",)) == [("ana", "person"), ("ben", "person")]


def test_there_are_never_more_words_than_are_wanted(root: Path) -> None:
    assert len(ids(root, "", 2)) == 2


def test_names_that_are_no_records_are_no_words(root: Path) -> None:
    assert ids(root, "", 9, ("team",)) == [("it", "team")]


def test_outside_a_workspace_there_are_no_words(tmp_path: Path) -> None:
    assert ids(tmp_path, "", 9) == []
    assert query_words(tmp_path, "service=", 9) == []


def test_a_query_begins_with_a_kind_or_a_field(root: Path) -> None:
    assert query_words(root, "inc", 9) == ["incident"]
    assert {"state=", "service="} <= set(query_words(root, "s", 9))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("priority=", ["priority=P1", "priority=P2", "priority=P3", "priority=P4", "priority=P5"]),
        ("state=subm", ["state=submitted"]),
        ("service=p", ["service=portal"]),
        ("by=b", ["by=ben"]),
        ("title=", []),
    ],
)
def test_values_are_completed_where_they_are_few_or_are_ids(root: Path, typed: str, words: list[str]) -> None:
    assert query_words(root, typed, 9) == words
