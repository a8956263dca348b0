"""What a proposal is about, and the record fixed for it."""

from __future__ import annotations

import pytest

from itsm_as_code.app.deciding.landable import NotSigned
from itsm_as_code.app.deciding.propose import PreparedProposal, prepare_proposal
from itsm_as_code.app.deciding.request import DecisionRequest
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.store.reader import read_yaml
from tests.app.approvals.worlds import Local
from tests.app.deciding.conftest import Sit
from tests.approvals.records import Record, change, path

TEAM = "records/teams/it.yaml"


def prepared(sit: Sit, ref: str, who: str = "ana", **fields: str) -> PreparedProposal:
    return prepare_proposal(sit(who), DecisionRequest(ref, Decision.PROPOSED, **fields))  # type: ignore[arg-type]


def fixed(proposal: PreparedProposal) -> Record:
    """The record as it was fixed."""
    assert proposal.fixed is not None
    return read_yaml(proposal.fixed.after).data or {}


def test_a_record_that_is_as_it_must_be_is_proposed_as_it_is(record: Record, sit: Sit) -> None:
    found = prepared(sit, record["id"])
    assert found.fixed is None
    assert [(each.gate.name, each.stands_for) for each in found.contexts] == [("scheduled", "ana")]


def test_whoever_edited_it_here_becomes_an_author_and_its_revision_grows(local: Local, sit: Sit) -> None:
    team = local.on_base(TEAM)
    assert team is not None
    local.put(team | {"members": ["ana", "ben"]})
    found = prepared(sit, "team/it")
    assert (fixed(found)["revision"], fixed(found)["authors"]) == (2, ["ana"])
    (context,) = found.contexts
    assert context.subject.head["revision"] == 2, "what is proposed is the record as it was fixed"
    assert (local.ws / TEAM).read_bytes() == (found.fixed.before if found.fixed else None), "nothing is written"


def test_who_only_proposes_what_somebody_else_committed_is_no_author(local: Local, sit: Sit) -> None:
    local.git("switch", "--quiet", "-c", "proposal")
    team = local.on_base(TEAM)
    assert team is not None
    local.put(team | {"members": ["ana", "ben"], "authors": ["dora"]})
    local.commit("dora")
    found = prepared(sit, "team/it")
    assert (fixed(found)["revision"], fixed(found)["authors"]) == (2, ["dora"])


def test_who_committed_it_is_an_author(local: Local, sit: Sit) -> None:
    local.git("switch", "--quiet", "-c", "proposal")
    team = local.on_base(TEAM)
    assert team is not None
    local.put(team | {"members": ["ana", "ben"]})
    local.commit("ana")
    assert fixed(prepared(sit, "team/it"))["authors"] == ["ana"]


def test_where_nobody_is_asked_there_is_nothing_to_propose(local: Local, sit: Sit) -> None:
    local.put(local.edited("records/services/mail.yaml", tier=2))
    assert prepared(sit, "service/mail").contexts == ()


def test_a_gate_that_is_named_is_the_only_one(local: Local, record: Record, sit: Sit) -> None:
    local.put(record | {"post_implementation_review": {"summary": "It was quick."}})
    (context,) = prepared(sit, record["id"], gate="post-review").contexts
    assert context.gate.name == "post-review"


def test_guarded_files_are_proposed_and_never_fixed(local: Local, sit: Sit) -> None:
    local.write({"CODEOWNERS": "* @ana\n"})
    found = prepared(sit, "workflows")
    assert found.fixed is None and [each.gate.name for each in found.contexts] == ["edit"]


def test_what_could_not_land_is_not_proposed(local: Local, sit: Sit) -> None:
    record = change("nowhere")
    local.put(record)
    with pytest.raises(NotSigned) as raised:
        prepared(sit, record["id"])
    assert {each.path for each in raised.value.findings} == {path(record)}
