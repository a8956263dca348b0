"""The evaluator from the protected branch to the files as they lie here."""

from __future__ import annotations

import pytest

from itsm_as_code.app.checkout.evaluator_here import evaluator_here
from itsm_as_code.domain.errors import CouldNotCheck
from tests.app.approvals.worlds import Local
from tests.approvals.records import NOW, change
from tests.checkouts import checkout_at


def test_base_is_the_protected_branch_and_head_what_lies_here(local: Local) -> None:
    local.git("switch", "--quiet", "-c", "proposal")
    local.put(local.edited("records/teams/it.yaml", members=["ana"]))
    local.commit()
    record = change()
    local.put(record)
    checkout = local.seat("ana")
    evaluator = evaluator_here(checkout)
    assert (evaluator.now, evaluator.head) == (NOW, checkout.here)
    assert evaluator.base is checkout.require_clone().base
    assert evaluator.head.exists("change", record["id"]) and not evaluator.base.exists("change", record["id"])
    assert "dora" in evaluator.directory.teams["it"]
    checkout.close()


def test_guarded_files_are_those_of_the_checkout(local: Local) -> None:
    local.write({"CODEOWNERS": "* @ana\n"})
    checkout = local.seat("ana")
    before, after = evaluator_here(checkout).workflows
    assert (list(before["files"]), list(after["files"])) == ([], ["CODEOWNERS"])
    checkout.close()


def test_before_the_first_commit_there_are_no_rules(local: Local) -> None:
    empty = local.folder / "empty"
    empty.mkdir()
    local.git("init", "--quiet", "--initial-branch=main", folder=empty)
    (empty / "itsm.yaml").write_bytes((local.ws / "itsm.yaml").read_bytes())
    checkout = checkout_at(empty, NOW)
    with pytest.raises(CouldNotCheck, match="there is no commit yet to take the rules from"):
        evaluator_here(checkout)
    checkout.close()
