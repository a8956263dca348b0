"""Whether a gate was passed when its acts landed."""

from __future__ import annotations

from itsm_as_code.app.approvals.past_approval import accepted_when_landed, entry_of
from itsm_as_code.domain.approval.standing import JudgedEntry
from itsm_as_code.domain.digest import digest
from itsm_as_code.git.repository import open_repository
from tests.app.approvals.worlds import Local
from tests.approvals.records import CHANGES, NOW, Record, at, change, path, person, text, with_entry

RECORD = change()


def accepted(local: Local, record: Record = RECORD, gate: str = "scheduled", where: str | None = None) -> bool:
    with open_repository(local.ws) as repository:
        wanted = digest("change", record)
        return accepted_when_landed(repository, local.tip(), where or path(record), gate, wanted, frozenset(), NOW)


def landed(local: Local, *by: str) -> None:
    local.put(RECORD)
    local.approved(RECORD, *by)
    local.land()


def test_a_gate_that_was_passed_stays_so_when_its_approver_leaves(local: Local) -> None:
    landed(local, "ben")
    local.put(local.edited(path(person("ben", "")), state="retired"))
    local.land()
    assert accepted(local)


def test_a_gate_that_nobody_let_pass_was_not_passed(local: Local) -> None:
    landed(local)
    assert not accepted(local)


def test_acts_may_land_after_the_record(local: Local) -> None:
    local.put(RECORD)
    local.land()
    local.approved(RECORD, "ben")
    local.land()
    assert accepted(local)


def test_another_content_and_another_gate_were_not_passed(local: Local) -> None:
    landed(local, "ben")
    assert not accepted(local, RECORD | {"reason": "It ends on Saturday."})
    assert not accepted(local, gate="post-review")


def test_what_is_no_record_passed_nothing(local: Local) -> None:
    assert not accepted(local, where="README.md")


def test_the_first_commit_let_nothing_pass(local: Local) -> None:
    assert not accepted(local, where="records/teams/it.yaml")


def test_a_key_that_is_known_by_now_to_have_been_in_other_hands_let_nothing_pass(local: Local) -> None:
    landed(local, "ben")
    revoked = {"since": at(minutes=1), "reason": "A stolen laptop."}
    local.put(local.edited(path(person("ben", "")), keys=[{"key": local.public("ben"), "revoked": revoked}]))
    local.land()
    assert not accepted(local)


# How a record passed its gate.


def entry(local: Local, where: str = path(RECORD), gate: str = "scheduled") -> JudgedEntry | None:
    with open_repository(local.ws) as repository:
        return entry_of(repository, local.tip(), where, gate, NOW)


def test_the_entry_is_the_step_that_passed_the_gate_with_the_rules_and_acts_of_its_base(local: Local) -> None:
    landed(local, "ben")
    commit = local.tip()
    local.put(local.edited(path(CHANGES), rules=CHANGES["rules"][1:]))
    local.put(with_entry(RECORD, note="Tomorrow."))
    local.land()
    found = entry(local)
    assert found is not None and found.verdict.is_open and not found.is_root
    assert (found.commit, len(found.acts)) == (commit, 2)
    assert [len(each.rules) for each in found.policies if each.id == "changes"] == [len(CHANGES["rules"])]
    assert found.people.members["ben"].active


def test_the_entry_is_the_last_one_where_it_passed_the_gate_again(local: Local) -> None:
    landed(local, "ben")
    edited = RECORD | {"reason": "It ends on Saturday.", "revision": 2}
    local.put(edited)
    local.land()
    found = entry(local)
    assert found is not None and found.commit == local.tip() and not found.verdict.is_open


def test_what_never_passed_its_gate_has_no_entry(local: Local) -> None:
    local.put(change(state="submitted"))
    local.land()
    assert entry(local) is None
    assert entry(local, "README.md") is None
    assert entry(local, path(change(number="0000A"))) is None
    local.write({path(RECORD): "id: [\n"})
    local.land()
    assert entry(local) is None


def test_what_came_with_the_first_settings_is_judged_by_its_own_rules(local: Local) -> None:
    local.git("checkout", "--quiet", "--orphan", "anew")
    settings = (local.ws / "itsm.yaml").read_bytes()
    local.write({"itsm.yaml": None, path(RECORD): text(RECORD)})
    local.land()
    local.write({"itsm.yaml": settings})
    local.approved(RECORD, "ben")
    local.land()
    local.git("branch", "--quiet", "--force", "main", "HEAD")
    found = entry(local)
    assert found is not None and found.is_root and found.verdict.is_open and found.commit == local.tip()
    local.put(with_entry(RECORD, note="Moved here."))
    local.land()
    local.git("branch", "--quiet", "--force", "main", "HEAD")
    later = entry(local)
    assert later is not None and later.is_root and later.commit == found.commit


def test_what_was_not_past_its_gate_in_the_first_commit_has_no_entry(local: Local) -> None:
    local.git("checkout", "--quiet", "--orphan", "anew")
    local.put(change(state="submitted"))
    local.land()
    local.git("branch", "--quiet", "--force", "main", "HEAD")
    assert entry(local) is None
