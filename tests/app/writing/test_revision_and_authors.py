"""`revision` and `authors` are kept for people: counted from the protected branch, once for each step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.app.writing.draft import Draft
from itsm_as_code.app.writing.revision_and_authors import (
    bookkeeping_edits,
    bytes_in,
    data_in,
    data_of,
    with_bookkeeping,
    with_revision_and_authors,
    wrote,
)
from itsm_as_code.domain.edit import AddItem, SetValue
from itsm_as_code.domain.errors import Refused
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.git.repository import open_repository
from tests.checks.memory import MemoryTree, article, as_files, change, entry, incident
from tests.checks.workspace import BACKGROUND
from tests.git.builder import RepoBuilder

PATH = "records/changes/2026/11/CHG-20261121-4M2XT.yaml"
BASE = MemoryTree(BACKGROUND | as_files(change(authors=["ana"])))


def text(**fields: Any) -> bytes:
    return as_files(change(**fields))[PATH].encode()


def test_a_material_change_raises_the_revision_and_adds_its_author() -> None:
    edits = bookkeeping_edits(PATH, text(reason="Else", authors=["ana"]), BASE, BASE, "ben")
    assert edits == (SetValue(("revision",), 2), AddItem(("authors",), "ben"))


def test_the_next_edit_of_the_same_step_counts_nothing_more() -> None:
    again = text(reason="Once more", revision=2, authors=["ana", "ben"])
    assert bookkeeping_edits(PATH, again, BASE, BASE, "ben") == ()


def test_a_second_author_in_the_same_step_is_added() -> None:
    assert bookkeeping_edits(PATH, text(reason="Else", revision=2, authors=["ana"]), BASE, BASE, "ben") == (
        AddItem(("authors",), "ben"),
    )


def test_what_is_not_material_counts_nothing() -> None:
    assert bookkeeping_edits(PATH, text(tags=["vpn"], authors=["ana"]), BASE, BASE, "ben") == ()


def test_a_revision_that_was_taken_back_is_taken_back() -> None:
    assert bookkeeping_edits(PATH, text(revision=2, authors=["ana"]), BASE, BASE, None) == (SetValue(("revision",), 1),)


def test_a_new_record_has_its_author_and_revision_1() -> None:
    assert bookkeeping_edits(PATH, text(), MemoryTree(BACKGROUND), BASE, "ana") == (AddItem(("authors",), "ana"),)


def test_records_without_gates_and_files_beside_them_are_not_counted() -> None:
    ((path, written),) = as_files(incident()).items()
    assert bookkeeping_edits(path, written.encode(), BASE, BASE, "ana") == ()
    assert bookkeeping_edits("README.md", b"# Hello\n", BASE, BASE, "ana") == ()


def test_settings_are_counted_and_have_authors() -> None:
    edited = BACKGROUND["itsm.yaml"].replace("Example", "Else") + "priorities:\n  high: {high: P2}\n"
    edits = bookkeeping_edits("itsm.yaml", edited.encode(), BASE, BASE, "ana")
    assert edits == (SetValue(("revision",), 2), AddItem(("authors",), "ana"))


def test_nobody_is_named_whom_base_does_not_know() -> None:
    edits = bookkeeping_edits(PATH, text(reason="Else", authors=["ana"]), BASE, BASE, "zoe")
    assert edits == (SetValue(("revision",), 2),)


def test_going_back_to_draft_names_nobody() -> None:
    steps = (entry("08:00", state="scheduled"), entry("09:00", state="draft", reason="It must wait."))
    base = MemoryTree(BACKGROUND | as_files(change(steps[0], authors=["ana"])))
    back = as_files(change(*steps, authors=["ana"]))[PATH].encode()
    assert bookkeeping_edits(PATH, back, base, base, "ben") == (SetValue(("revision",), 2),)


def test_a_new_file_of_an_article_is_a_material_change_of_it() -> None:
    ((path, written),) = as_files(article(authors=["ana"])).items()
    base = MemoryTree(BACKGROUND | {path: written, "attachments/reset-password/a.png": "1"})
    here = MemoryTree(BACKGROUND | {path: written, "attachments/reset-password/a.png": "2"})
    assert bookkeeping_edits(path, written.encode(), base, base, "ben") == ()
    assert SetValue(("revision",), 2) in bookkeeping_edits(path, written.encode(), base, here, "ben")


def test_the_edits_are_made_in_the_text_of_a_draft() -> None:
    draft = Draft(PATH, None, text(reason="Else", authors=["ana"]), "edited")
    after = with_bookkeeping(draft, BASE, BASE, "ben").after
    assert after == with_revision_and_authors(PATH, draft.after, BASE, BASE, "ben")
    data = data_of(PATH, after)
    assert (data["revision"], data["authors"]) == (2, ["ana", "ben"])


def test_a_tree_that_lacks_a_file_has_no_bytes_of_it_and_one_that_can_not_be_read_is_refused() -> None:
    assert bytes_in(None, PATH) is None
    assert bytes_in(BASE, "gone.yaml") is None
    assert data_in(BASE, "gone.yaml") is None
    with pytest.raises(Refused, match="can't be read"):
        data_of(PATH, b"id: [\n")


def test_who_wrote_since_base_is_known_by_their_addresses_and_who_edits_now_wrote(tmp_path: Path) -> None:
    repo = RepoBuilder(tmp_path)
    base = repo.commit({"a": "1", "b": "1"})
    repo.commit({"a": "2"})
    ana, ben = (
        Person.model_validate(
            {"id": n, "kind": "person", "schema": 1, "name": n, "emails": [f"{n.title()}@example.org"]}
        )
        for n in ("ana", "ben")
    )
    with open_repository(tmp_path) as repository:
        assert wrote(repository, base, "a", ana, ())
        assert not wrote(repository, base, "a", ben, ())
        assert not wrote(repository, base, "b", ana, ())
        assert wrote(repository, base, "b", ben, {"b"})
