"""The acts on a subject, as files and as verified decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from itsm_as_code.app.approvals.acts import act_files, acts_on, folder_of_acts, unreadable_acts, verified_acts
from itsm_as_code.domain.approval.act import Act
from itsm_as_code.domain.ids import approval_path
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.evidence.sshsig import fingerprint, key_blob
from itsm_as_code.evidence.verification import faults
from itsm_as_code.store.reader import read_yaml
from tests.app.approvals.worlds import Memory
from tests.approvals.records import NOW, change, person
from tests.approvals.world import act_id

RECORD = change()
SUBJECT = RECORD["id"]


def verified(memory: Memory, compromised: Mapping[str, datetime] | None = None) -> dict[str, Act]:
    """The acts on the change, by their ids, for those who judge the past."""
    return _found(memory, compromised or {})


def _found(memory: Memory, compromised: Mapping[str, datetime] | None) -> dict[str, Act]:
    return {act.id: act for act in verified_acts(memory.before, memory.after, SUBJECT, NOW, compromised)}


def test_acts_are_listed_with_their_path_their_record_and_what_is_written(memory: Memory) -> None:
    where = memory.act("ben", "approved", RECORD)
    ((path, act, data),) = acts_on(memory.after, SUBJECT)
    assert (path, act.by, data["decision"]) == (where, "ben", "approved")
    assert where.startswith(f"{folder_of_acts(SUBJECT)}/")


def test_an_act_in_the_folder_of_another_subject_is_no_act_on_that(memory: Memory) -> None:
    act = memory.unsigned("ben", "approved", RECORD)
    memory.write({approval_path("team/it", act["id"]): memory.files[memory.file_act(act)]})
    assert list(acts_on(memory.after, "team/it")) == []
    assert [path for path, _ in act_files(memory.after, "team/it")] == [approval_path("team/it", act["id"])]


def test_files_that_are_no_readable_act_are_named_because_each_might_be_a_refusal(memory: Memory) -> None:
    memory.act("ben", "approved", RECORD)
    garbage, note = f"{folder_of_acts(SUBJECT)}/APR-20261121-00000.yaml", f"{folder_of_acts(SUBJECT)}/note.txt"
    memory.write({garbage: "decision: [\n", note: "I said no."})
    assert sorted(unreadable_acts(memory.after, SUBJECT)) == [garbage, note]
    assert len(list(acts_on(memory.after, SUBJECT))) == 1


def test_a_sound_act_has_no_fault_on_either_side(memory: Memory) -> None:
    landed = memory.act("ana", "proposed", RECORD)
    memory.land()
    proposed = memory.act("ben", "approved", RECORD)
    found = verified(memory)
    assert {each: act.fault for each, act in found.items()} == {act_id(landed): None, act_id(proposed): None}


def test_an_act_without_a_signature_is_listed_with_its_fault(memory: Memory) -> None:
    where = memory.file_act(memory.unsigned("ben", "approved", RECORD))
    assert verified(memory)[act_id(where)].fault == "unsigned"


def test_an_act_signed_with_the_key_of_somebody_else_is_faulty(memory: Memory) -> None:
    where = memory.act("ben", "approved", RECORD, key=memory.key("ana"))
    assert "signed with a key that is not ben's on base" in (verified(memory)[act_id(where)].fault or "")


def test_a_person_who_comes_with_the_proposal_is_nobody_yet(memory: Memory) -> None:
    memory.put(person("zoe", memory.public("eve")))
    where = memory.act("zoe", "approved", RECORD, key=memory.key("eve"))
    assert verified(memory)[act_id(where)].fault == "zoe is not on base"


def test_what_has_landed_is_not_changed_by_a_proposal(memory: Memory) -> None:
    where = memory.act("ben", "refused", RECORD, comment="No backout")
    memory.land()
    memory.file_act((memory.on_base(where) or {}) | {"decision": "approved"})
    assert verified(memory)[act_id(where)].decision == "refused"
    assert verified(memory)[act_id(where)].fault is None


def test_a_key_that_turned_out_to_be_in_other_hands_voids_what_it_signed(memory: Memory) -> None:
    where = memory.act("ben", "approved", RECORD)
    found = verified(memory, {fingerprint(key_blob(memory.public("ben"))): NOW})
    assert "somebody else may have had" in (found[act_id(where)].fault or "")


def test_what_landed_was_verified_then_and_only_those_who_judge_the_past_do_it_again(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    landed = act_id(memory.act("ana", "proposed", RECORD))
    memory.land()
    brought = act_id(memory.act("ben", "approved", RECORD))
    asked: list[bytes] = []

    def verify(words: bytes, armour: str, public_key: str) -> str | None:
        asked.append(words)
        return "so it is"

    monkeypatch.setattr(faults, "__kwdefaults__", None)
    monkeypatch.setattr(faults, "__defaults__", (verify,))
    assert {each: act.fault for each, act in _found(memory, None).items()} == {landed: None, brought: "so it is"}
    assert len(asked) == 1
    assert {act.fault for act in _found(memory, {}).values()} == {"so it is"}
    assert len(asked) == 3


@pytest.mark.parametrize("since", [NOW, NOW + timedelta(seconds=1)])
def test_a_key_that_is_revoked_voids_what_landed_without_its_being_verified(memory: Memory, since: datetime) -> None:
    where = memory.act("ben", "approved", RECORD)
    revoked = {"since": write_instant(since), "reason": "stolen"}
    memory.put(person("ben", memory.public("ben"), keys=[{"key": memory.public("ben"), "revoked": revoked}]))
    memory.land()
    fault = _found(memory, None)[act_id(where)].fault
    assert (fault is not None and "somebody else may have had the key" in fault) is (since <= NOW)


@pytest.mark.parametrize("change", [{"signature": "none"}, {"by": "eve"}, {"signature": None}])
def test_an_act_that_was_forced_onto_base_without_a_key_of_its_maker_counts_nowhere(
    memory: Memory, change: dict[str, str | None]
) -> None:
    where = memory.act("ben", "approved", RECORD)
    memory.file_act(
        {
            key: value
            for key, value in ((read_yaml(memory.files[where]).data or {}) | change).items()
            if value is not None
        }
    )
    memory.land()
    assert _found(memory, None)[act_id(where)].fault is not None
