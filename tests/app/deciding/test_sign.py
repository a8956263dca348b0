"""An act as a signed file."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.app.approvals.decision_context import DecisionContext, context_for
from itsm_as_code.app.deciding.request import DecisionRequest
from itsm_as_code.app.deciding.sign import act_draft, not_landed
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.store.reader import read_yaml
from tests.app.approvals.worlds import Memory
from tests.approvals.records import NOW, WORKSPACE, Record, change, path, person
from tests.approvals.world import act_id

RECORD = change()
APPROVE = DecisionRequest(RECORD["id"], Decision.APPROVED)


def context(memory: Memory, who: str = "ben") -> DecisionContext:
    memory.put(RECORD)
    return context_for(memory.evaluator(), RECORD["id"], None, who)


def signed(memory: Memory, who: str = "ben", request: DecisionRequest = APPROVE) -> Record:
    """The act of a person, which is filed."""
    draft = act_draft(context(memory, request.on_behalf_of or who), request, who, memory.home(who), NOW)
    assert draft.before is None
    memory.write({draft.path: draft.after})
    return read_yaml(draft.after).data or {}


def test_an_act_says_who_decided_what_on_which_content(memory: Memory) -> None:
    found = context(memory)
    draft = act_draft(found, APPROVE, "ben", memory.home("ben"), NOW)
    act = read_yaml(draft.after).data or {}
    assert draft.path == f"records/approvals/{RECORD['id']}/{act['id']}.yaml"
    assert draft.words == f"ben approved {RECORD['id']} at gate scheduled ({act['id']})"
    asked = found.verdict.question
    wanted = {
        "kind": "approval", "schema": 1, "workspace": WORKSPACE, "subject": RECORD["id"], "gate": "scheduled",
        "digest": asked.digest, "fields": dict(asked.fields), "decision": "approved", "by": "ben",
        "at": write_instant(NOW),
    }  # fmt: skip
    assert {key: act[key] for key in act if key not in ("id", "signature")} == wanted


def test_an_act_verifies_and_counts(memory: Memory) -> None:
    signed(memory, "ana", DecisionRequest(RECORD["id"], Decision.PROPOSED))
    signed(memory)
    assert [act.fault for act in memory.evaluator().acts(RECORD["id"])] == [None, None]
    assert context(memory).verdict.is_open


def test_what_is_said_besides_is_signed_with_the_rest(memory: Memory) -> None:
    act = signed(memory, request=DecisionRequest(RECORD["id"], Decision.APPROVED, comment="Tested", seat="owner"))
    assert (act["comment"], act["seat"]) == ("Tested", "changes/owner")
    again = signed(memory, request=DecisionRequest(RECORD["id"], Decision.REFUSED, comment="I was wrong"))
    assert again["supersedes"] == [act["id"]]


def test_an_edit_names_what_it_replaces(memory: Memory) -> None:
    memory.put(memory.edited("records/teams/it.yaml", members=["ana", "ben"]))
    found = context_for(memory.evaluator(), "team/it", None, "cleo")
    draft = act_draft(found, DecisionRequest("team/it", Decision.APPROVED), "cleo", memory.home("cleo"), NOW)
    act = read_yaml(draft.after).data or {}
    assert act["replaces"] == found.verdict.question.replaces is not None


def test_the_key_of_somebody_else_signs_nothing(memory: Memory) -> None:
    request = DecisionRequest(RECORD["id"], Decision.APPROVED, key=memory.key("ana"))
    with pytest.raises(UsageFault, match="the act would not count: signed with a key that is not ben's"):
        act_draft(context(memory), request, "ben", memory.home("ben"), NOW)


def test_whoever_is_not_on_base_signs_nothing(memory: Memory) -> None:
    memory.put(person("zoe", memory.public("eve")))
    with pytest.raises(UsageFault, match="zoe is not on the protected branch"):
        act_draft(context(memory, "zoe"), APPROVE, "zoe", memory.home("eve"), NOW)


@pytest.mark.parametrize(
    ("who", "fields", "why"),
    [("robo", {}, "bot"), ("ben", {"state": "retired"}, "ben"), ("eve", {"on_behalf_of": "ben"}, "delegated")],
)
def test_what_could_not_land_is_not_signed(memory: Memory, who: str, fields: dict[str, Any], why: str) -> None:
    if "state" in fields:
        memory.put(memory.edited(path(person(who, "")), **fields))
        memory.land()
        fields = {}
    request = DecisionRequest(RECORD["id"], Decision.APPROVED, **fields)
    with pytest.raises(UsageFault, match=f"the act would not land: .*{why}"):
        act_draft(context(memory, request.on_behalf_of or who), request, who, memory.home(who), NOW)


def test_content_without_a_canonical_form_is_not_signed(memory: Memory) -> None:
    request = DecisionRequest(RECORD["id"], Decision.APPROVED, comment="\ud800")
    with pytest.raises(UsageFault, match="this can't be signed"):
        act_draft(context(memory), request, "ben", memory.home("ben"), NOW)


def test_sound_acts_that_lie_here_go_along(memory: Memory) -> None:
    memory.act("ana", "proposed", RECORD)
    memory.land()
    where = memory.act("ben", "approved", RECORD)
    memory.file_act(memory.unsigned("dora", "approved", RECORD))
    (draft,) = not_landed(memory.evaluator(), RECORD["id"])
    assert (draft.path, draft.before, draft.after) == (where, memory.files[where], memory.files[where])
    assert draft.words == f"{act_id(where)} of ben is included"
