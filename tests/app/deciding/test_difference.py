"""What somebody sees of base before they sign."""

from __future__ import annotations

from typing import Any

from itsm_as_code.app.approvals.decision_context import DecisionContext, context_for
from itsm_as_code.app.deciding.difference import attached_files_of, file_of, guarded_files_of
from tests.app.approvals.worlds import Memory
from tests.approvals.records import change, path


def context(memory: Memory, ref: str, person: str | None = None) -> DecisionContext:
    return context_for(memory.evaluator(), ref, None, person)


def test_an_edit_of_rules_is_shown_beside_what_base_has(memory: Memory) -> None:
    where = "records/teams/it.yaml"
    memory.put(memory.edited(where, members=["ana"]))
    found = context(memory, "team/it")
    assert file_of(found) == (memory.base[where], memory.files[where])
    assert guarded_files_of(found) is None


def test_a_record_that_base_does_not_have_has_no_other_side(memory: Memory) -> None:
    record = change()
    memory.put(record)
    assert file_of(context(memory, record["id"], "ben")) is None


def test_a_record_is_compared_once_it_has_changed_since_ones_own_act(memory: Memory) -> None:
    record: dict[str, Any] = change()
    memory.put(record)
    memory.land()
    memory.act("ben", "approved", record)
    assert file_of(context(memory, record["id"], "ben")) is None, "nothing has changed"
    memory.put(record | {"reason": "It ends on Saturday."})
    where = path(record)
    assert file_of(context(memory, record["id"], "ben")) == (memory.base[where], memory.files[where])
    assert file_of(context(memory, record["id"], "cleo")) is None, "cleo has never decided on it"


def test_guarded_files_are_compared_by_their_hashes(memory: Memory) -> None:
    memory.write({".github/workflows/check.yml": "on: push\n"})
    found = context(memory, "workflows")
    files = guarded_files_of(found)
    assert files is not None
    before, after = files
    assert (before, list(after)) == ({}, [".github/workflows/check.yml"])
    assert file_of(found) is None


def test_files_attached_to_an_article_are_compared_by_their_hashes(memory: Memory) -> None:
    """The picture is part of what is signed, and the text of the article says nothing of it."""
    picture = "attachments/letters/shown.png"
    head = (
        "id: letters\nkind: article\nschema: 1\ntitle: Mail\nstate: draft\ntype: how_to\nsummary: Mail.\nowner: team/it"
    )
    memory.write({"records/knowledge/letters.md": f"---\n{head}\n---\n![shown](../../{picture})\n", picture: "one"})
    memory.land()
    there, here = attached_files_of(context(memory, "letters"))
    assert there == here
    memory.write({picture: "two"})
    before, after = attached_files_of(context(memory, "letters"))
    assert set(before) == set(after) == {picture} and before != after
    assert attached_files_of(context(memory, "team/it")) == ({}, {})
