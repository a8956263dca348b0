"""A step with both sides read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from itsm_as_code.app.approvals.guarded_files import WORKFLOWS
from itsm_as_code.app.approvals.opened_step import OpenedStep, open_step, owners_of_files
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.step import RecordChange
from itsm_as_code.git.repository import open_repository
from tests.app.approvals.worlds import Local
from tests.approvals.records import NOW, change, path, text
from tests.checks.memory import article, as_files

RECORD = change()
Open = Callable[..., OpenedStep]


@pytest.fixture
def opened(local: Local) -> Iterator[Open]:
    """Opens steps from main to a branch on which the test works."""
    local.git("switch", "--quiet", "-c", "proposal")
    with ExitStack() as stack:

        def opener(base: str = "main", head: str = "HEAD") -> OpenedStep:
            return open_step(stack.enter_context(open_repository(local.ws)), base, head, NOW)

        yield opener


def changes(opened: OpenedStep) -> dict[str, RecordChange]:
    return {each.path: each for each in opened.step.changes}


def test_a_new_record_has_one_side_and_an_edited_one_both(local: Local, opened: Open) -> None:
    team = local.edited("records/teams/it.yaml", members=["ana", "ben"])
    local.put(RECORD, team)
    local.commit()
    found = changes(opened())
    new, edited = found[path(RECORD)], found["records/teams/it.yaml"]
    assert (new.kind, new.id, new.base) == ("change", RECORD["id"], None)
    assert new.head is not None and new.head.record is not None
    assert edited.base is not None and edited.base.data is not None and "dora" in edited.base.data["members"]
    assert edited.head is not None and edited.head.data is not None and edited.head.data["members"] == ["ana", "ben"]


def test_a_removed_record_has_no_head(local: Local, opened: Open) -> None:
    local.write({"records/teams/cab.yaml": None})
    local.commit()
    assert changes(opened())["records/teams/cab.yaml"].head is None


def test_what_can_not_be_read_is_there_without_data(local: Local, opened: Open) -> None:
    local.write({"records/teams/cab.yaml": "members: [\n"})
    local.commit()
    side = changes(opened())["records/teams/cab.yaml"].head
    assert side is not None and side.data is None and side.record is None


def test_the_settings_count_as_a_record(local: Local, opened: Open) -> None:
    local.write({"itsm.yaml": text(local.edited("itsm.yaml", name="Another"), "itsm.yaml")})
    local.commit()
    found = changes(opened())["itsm.yaml"]
    assert found.kind == "settings" and found.head is not None and found.head.data is not None
    assert found.head.data["name"] == "Another"


def test_files_that_are_no_records_are_none(local: Local, opened: Open) -> None:
    local.write({"README.md": "Hello.", "records/teams/note.txt": "Nothing."})
    local.commit()
    assert changes(opened()) == {}


def test_an_article_of_which_only_a_file_differs_is_in_the_step(local: Local, opened: Open) -> None:
    local.git("switch", "--quiet", "main")
    local.write(as_files(article("sign-in")))
    local.land()
    local.git("switch", "--quiet", "-C", "proposal")
    local.write({"attachments/sign-in/a.txt": "first", "attachments/nowhere/a.txt": "lost"})
    local.commit()
    step = opened()
    assert [(each.id, each.files_changed) for each in step.step.changes] == [("sign-in", True)]
    assert owners_of_files(step.trees) == {"sign-in", "nowhere"}
    assert [result.verdict.question.gate for result in step.gate_results] == ["published"]


def test_every_gate_of_every_record_and_of_the_guarded_files_is_evaluated(local: Local, opened: Open) -> None:
    local.put(RECORD, local.edited("records/teams/it.yaml", members=["ana", "ben"]))
    local.write({".github/workflows/check.yml": "on: push\n"})
    local.approved(RECORD, "ben")
    local.commit()
    found = {result.path: result.verdict for result in opened().gate_results}
    assert set(found) == {path(RECORD), "records/teams/it.yaml", WORKFLOWS}
    assert [where for where, verdict in found.items() if verdict.is_open] == [path(RECORD)]


def test_who_wrote_in_the_step_is_known_by_address(local: Local, opened: Open) -> None:
    local.put(RECORD)
    local.commit("ben")
    assert opened().addresses == {"ben@example.org"}


def test_what_base_changed_as_well_is_a_conflict(local: Local, opened: Open) -> None:
    edited = local.edited("records/teams/it.yaml", members=["ana", "ben"])
    local.put(edited)
    local.commit()
    local.git("switch", "--quiet", "main")
    local.put(edited | {"members": ["ana"]})
    local.land()
    assert opened(head="proposal").step.conflicts == ("records/teams/it.yaml",)


def test_a_base_without_settings_judges_nothing(local: Local, opened: Open) -> None:
    local.write({"itsm.yaml": None})
    local.commit()
    with pytest.raises(CouldNotCheck, match=r"proposal has no itsm\.yaml"):
        opened("proposal", "main")


def test_an_exception_that_was_granted_before_is_looked_for_in_history(local: Local, opened: Open) -> None:
    """The evaluator of a step knows the repository: nothing has passed anything in the first commit."""
    local.put(RECORD)
    local.commit()
    accepted = opened().evaluator._accepted
    assert accepted is not None and not accepted(path(RECORD), "scheduled", "itsm1:0", frozenset())
