"""What a step through a gate brings along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from itsm_as_code.app.deciding.bring_along import Proposer
from itsm_as_code.app.writing.draft import BroughtAlong, Draft
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.store.reader import read_yaml
from tests.app.approvals.worlds import Memory
from tests.approvals.records import NOW, Record, change, incident, path
from tests.approvals.test_debts import emergency

RECORD = change()


def brought(memory: Memory, record: Record = RECORD, who: Proposer | None = None) -> BroughtAlong:
    """What goes along with a record that ana writes."""
    memory.put(record)
    where = path(record)
    draft = Draft(where, memory.base.get(where), memory.files[where], "written")
    return (who or Proposer("ana", memory.home("ana"), NOW))(memory.before, memory.after, (draft,))


def test_a_record_that_passes_a_gate_brings_a_proposal_and_waits(memory: Memory) -> None:
    found = brought(memory)
    (draft,) = found.drafts
    act = read_yaml(draft.after).data or {}
    assert (act["decision"], act["by"], act["subject"], act["gate"]) == ("proposed", "ana", RECORD["id"], "scheduled")
    (waiting,) = found.waiting
    assert (waiting.path, waiting.unproposed, waiting.besides) == (path(RECORD), None, ())
    assert not waiting.verdict.missing_proposal, "the verdict knows the proposal"


def test_a_record_that_is_proposed_already_brings_none(memory: Memory) -> None:
    memory.act("ben", "proposed", RECORD)
    found = brought(memory)
    assert found.drafts == () and len(found.waiting) == 1


def test_a_record_that_is_approved_need_not_wait(memory: Memory) -> None:
    memory.approved(RECORD, "ben")
    assert brought(memory) == BroughtAlong()


def test_a_record_before_its_gate_brings_nothing(memory: Memory) -> None:
    assert brought(memory, change(state="submitted")) == BroughtAlong()


def test_kinds_that_pass_no_gate_bring_nothing(memory: Memory) -> None:
    assert brought(memory, incident("1NC0N", "P1")) == BroughtAlong()


def test_without_a_key_it_goes_without_a_proposal_and_says_why(memory: Memory, tmp_path: Path) -> None:
    found = brought(memory, who=Proposer("ana", tmp_path, NOW))
    assert found.drafts == ()
    assert isinstance(found.waiting[0].unproposed, UsageFault) and found.waiting[0].verdict.missing_proposal


def test_a_dry_run_signs_nothing(memory: Memory) -> None:
    found = brought(memory, who=Proposer("ana", memory.home("ana"), NOW, dry_run=True))
    assert found.drafts == () and found.waiting[0].unproposed is None


def test_acts_that_lie_here_go_along_where_it_is_pushed(memory: Memory) -> None:
    proposal = memory.act("ben", "proposed", RECORD)
    quiet = Proposer("ana", memory.home("ana"), NOW)
    assert brought(memory, who=quiet).drafts == ()
    assert [draft.path for draft in brought(memory, who=replace(quiet, push=True)).drafts] == [proposal]


def test_an_emergency_names_the_incident_that_has_yet_to_land(memory: Memory) -> None:
    fault = incident("1NC0N", "P1")
    memory.put(fault)
    found = brought(memory, emergency(incident=fault["id"]))
    assert found.waiting[0].besides == (path(fault),)
