"""Where work begins the past is asked about, and only if the people of today no longer approve it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from itsm_as_code.app.approvals.evaluator import Evaluator
from itsm_as_code.app.approvals.when_work_begins import (
    EntryOf,
    in_time,
    standing,
    until_work_begins,
    where_work_begins,
)
from itsm_as_code.domain.approval.gates import Gate
from itsm_as_code.domain.approval.standing import JudgedEntry
from itsm_as_code.domain.approval.verdict import GateStatus, Verdict
from itsm_as_code.domain.kinds.policy import Policy
from tests.app.approvals.worlds import Memory
from tests.approvals.records import (
    CHANGES,
    NOW,
    OPEN,
    Record,
    at,
    begun,
    change,
    item,
    path,
    person,
    policy,
    request,
    window,
    with_entry,
)
from tests.approvals.test_debts import overdue
from tests.approvals.world import act_id

HOUR = timedelta(hours=1)


class History:
    """Remembers what was let in, and how often it was asked about."""

    def __init__(self, memory: Memory, record: Record, gate: str = "scheduled") -> None:
        evaluator = memory.evaluator()
        verdict = evaluator.verdict(memory.subject(evaluator, record), Gate(gate))
        acts, policies = evaluator.acts(record["id"]), tuple(evaluator.base.all(Policy))
        self.entry = JudgedEntry("c0ffee", NOW, verdict, policies, evaluator.directory, acts)
        self.asked = 0
        self.about = (path(record), gate)

    def __call__(self, *about: str) -> JudgedEntry | None:
        assert about == self.about
        self.asked += 1
        return self.entry


@pytest.fixture
def record(memory: Memory) -> Record:
    """A change that ben let in."""
    made = change(window=OPEN)
    memory.put(made)
    memory.approved(made, "ben")
    return made


def asked(memory: Memory, after: Record, history: EntryOf | None, now: datetime = NOW) -> Verdict | None:
    memory.put(after)
    evaluator = Evaluator(memory.before, memory.after, now, entry_of=history)
    return where_work_begins(evaluator, path(after), memory.subject(evaluator, after))


def test_what_the_people_of_today_approve_begins_without_a_look_into_history(memory: Memory, record: Record) -> None:
    history = History(memory, record)
    memory.land()
    assert asked(memory, begun(record), history) is None
    assert history.asked == 0


def test_history_is_asked_once_an_approver_has_left(memory: Memory, record: Record) -> None:
    history = History(memory, record)
    memory.put(person("ben", memory.public("ben"), state="retired"))
    memory.land()
    assert asked(memory, begun(record), history) is None
    assert history.asked == 1
    assert asked(memory, begun(record), None) is None, "without history, what base has was judged"
    assert asked(memory, with_entry(record, note="Soon."), history) is None
    assert history.asked == 1, "no work begins with a note"


def test_what_was_taken_back_is_told_with_who_could_approve_today(memory: Memory, record: Record) -> None:
    history = History(memory, record)
    act = next(each for each in history.entry.acts if each.by == "ben")
    memory.act("ben", "withdrawn", record, supersedes=[act.id])
    memory.land()
    found = asked(memory, begun(record), history)
    assert found is not None and found.status is GateStatus.PENDING and found.waits_for_people
    assert f"the approval of ben ({act.id})" in found.lapses[0].why
    assert found.filled[0].could == ("ben", "dora")


def test_what_history_does_not_show_is_not_let_in(memory: Memory) -> None:
    record = change(window=OPEN)
    memory.put(record)
    memory.land()
    found = asked(memory, begun(record), lambda *_: None)
    assert found is not None
    assert [each.why for each in found.lapses] == ["the history of base does not show how it passed its gate"]


def test_work_does_not_begin_on_a_record_that_can_not_be_read(memory: Memory, record: Record) -> None:
    memory.land()
    memory.put(begun(record) | {"plan": "none"})
    evaluator = memory.evaluator()
    subject = memory.subject(evaluator, record)
    (result,) = evaluator.evaluate_gates(path(record), subject)
    assert result.passes and result.verdict.status is GateStatus.UNKNOWN, "nobody can say which gates it passes"
    assert "the record has findings" in result.verdict.faults[0]
    assert in_time(evaluator, subject, result.verdict) is result.verdict


def test_the_window_is_asked_about_also_where_the_change_passes_its_gate(memory: Memory) -> None:
    early = change(state="implementing")
    memory.put(early)
    memory.approved(early, "ben")
    evaluator = memory.evaluator()
    (result,) = evaluator.evaluate_gates(path(early), memory.subject(evaluator, early))
    assert result.passes and result.verdict.status is GateStatus.PENDING
    assert "before its window opens" in result.verdict.lapses[0].why


def test_an_approval_is_as_old_as_the_clock_says_for_work_that_begins(memory: Memory) -> None:
    record = change(window=window(HOUR, 60 * 24 * HOUR))
    memory.put(record)
    memory.approved(record, "ben")
    history = History(memory, record)
    memory.land()
    late = NOW + 31 * 24 * HOUR
    memory.put(with_entry(record, -31 * 24 * 60, state="implementing"))
    evaluator = Evaluator(memory.before, memory.after, late, entry_of=history)
    subject = memory.subject(evaluator, record)
    assert not standing(evaluator, path(record), subject).is_open
    assert standing(evaluator, path(record), subject, expires=False).is_open
    assert where_work_begins(evaluator, path(record), subject) is not None


@pytest.mark.parametrize("state", ["draft", "submitted", "implementing", "closed"])
def test_only_a_change_that_waits_for_its_work_is_told_what_it_would_be_told(memory: Memory, state: str) -> None:
    record = change(state=state, outcome={"code": "successful"}, window=window(3 * HOUR, -HOUR))
    memory.put(record)
    memory.land()
    evaluator = memory.evaluator()
    assert until_work_begins(evaluator, path(record), memory.subject(evaluator, record)) is None
    asked_for = request("laptop")
    memory.put(asked_for)
    memory.land()
    evaluator = memory.evaluator()
    assert until_work_begins(evaluator, path(asked_for), memory.subject(evaluator, asked_for)) is None


def test_a_change_that_waits_is_told_that_its_window_is_over(memory: Memory) -> None:
    record = change(window=window(3 * HOUR, -HOUR))
    memory.put(record)
    memory.approved(record, "ben")
    memory.land()
    evaluator = memory.evaluator()
    found = until_work_begins(evaluator, path(record), memory.subject(evaluator, record))
    assert found is not None and "its window ended at" in found.lapses[0].why


def test_work_that_goes_on_after_a_wait_has_begun_in_time(memory: Memory) -> None:
    """The life of an approval is not asked about again, but what people have said since is."""
    keepers = {"id": "all", "seats": [{"roles": ["keeper"]}], "expires_after": "30d"}
    memory.put(policy("requests", "in_progress", ["request"], keepers), item("laptop"))
    memory.land()
    record = request("laptop")
    memory.put(record)
    memory.approved(record, "cleo")
    history = History(memory, record, "in_progress")
    waiting = with_entry(record, 40, state="on_hold", reason="It has been ordered.")
    memory.put(waiting)
    memory.land()
    late = NOW + 31 * 24 * HOUR
    again = with_entry(waiting, -31 * 24 * 60, state="in_progress")
    assert asked(memory, again, history, late) is None
    assert history.asked == 1
    approval = next(each for each in history.entry.acts if each.by == "cleo")
    memory.put(waiting)
    memory.act("cleo", "withdrawn", record, supersedes=[approval.id])
    memory.land()
    found = asked(memory, again, history, late)
    assert found is not None and f"the approval of cleo ({approval.id})" in found.lapses[0].why


def never(*about: str) -> JudgedEntry | None:
    raise AssertionError(about)


def test_an_overdue_review_holds_up_no_work_that_was_planned_before(memory: Memory, record: Record) -> None:
    overdue(memory)
    memory.put(record)
    memory.land()
    evaluator = memory.evaluator()
    planned = memory.subject(evaluator, record)
    assert evaluator.verdict(planned, Gate("scheduled")).question.held_back, "another change would wait for it"
    assert standing(evaluator, path(record), planned).question.held_back == ()
    assert asked(memory, begun(record), never) is None


def test_a_refusal_stops_work_whatever_else_is_wrong(memory: Memory, record: Record) -> None:
    memory.act("dora", "refused", record, comment="Not now.")
    memory.write({"records/policies/odd.yaml": "id: [\n"})
    memory.land()
    found = asked(memory, begun(record), never)
    assert found is not None and (found.status, found.faults) == (GateStatus.REFUSED, ())
    assert [each.by for each in found.blocking] == ["dora"]


def test_an_act_that_can_not_be_read_might_be_a_refusal(memory: Memory, record: Record) -> None:
    where = memory.act("dora", "approved", record)
    memory.write({where: "id: [\n", "records/policies/odd.yaml": "id: [\n"})
    memory.land()
    found = asked(memory, begun(record), never)
    assert found is not None and found.status is GateStatus.UNKNOWN
    assert [each.split(" in ")[0] for each in found.faults] == [where, where], "base and head have it"
    assert all(each.endswith("can't be read") for each in found.faults)


def test_what_could_not_be_told_today_and_does_not_stand_is_unknown(memory: Memory, record: Record) -> None:
    memory.write({"records/policies/odd.yaml": "id: [\n"})
    memory.land()
    found = asked(memory, begun(record), lambda *_: None)
    assert found is not None and found.status is GateStatus.UNKNOWN
    assert found.lapses[0].way_out == f"itsm approve {record['id']} --gate scheduled"


def test_what_stands_by_history_is_approved_though_nobody_of_today_could(memory: Memory, record: Record) -> None:
    history = History(memory, record)
    memory.put(person("ben", memory.public("ben"), state="retired"))
    memory.land()
    evaluator = Evaluator(memory.before, memory.after, NOW, entry_of=history)
    found = standing(evaluator, path(record), memory.subject(evaluator, record))
    assert (found.status, found.lapses, found.is_open) == (GateStatus.APPROVED, (), True)


@pytest.mark.parametrize("base", [None, "draft"])
def test_a_change_that_is_yet_to_pass_its_gate_does_not_wait_for_its_work(memory: Memory, base: str | None) -> None:
    if base is not None:
        memory.put(change(state=base))
        memory.land()
    record = change(window=OPEN)
    memory.put(record)
    evaluator = memory.evaluator()
    assert until_work_begins(evaluator, path(record), memory.subject(evaluator, record)) is None


def test_a_change_that_waits_is_told_what_history_says_of_it(memory: Memory, record: Record) -> None:
    history = History(memory, record)
    memory.put(person("ben", memory.public("ben"), state="retired"))
    memory.land()
    evaluator = Evaluator(memory.before, memory.after, NOW, entry_of=history)
    found = until_work_begins(evaluator, path(record), memory.subject(evaluator, record))
    assert found is not None and found.is_open and history.asked == 1


def test_a_change_whose_gate_passed_in_an_earlier_step_is_on_time_by_its_window_alone(memory: Memory) -> None:
    """A standard change is asked about its window too where it begins: nobody approves it."""
    early = change(state="scheduled")
    memory.put(early)
    memory.approved(early, "ben")
    memory.land()
    found = asked(memory, begun(early), never)
    assert found is not None and found.status is GateStatus.PENDING
    assert "before its window opens" in found.lapses[0].why


@pytest.mark.parametrize(("who", "begins"), [("ben", True), ("ana", False)])
def test_what_went_past_the_check_may_begin_once_others_have_taken_it_over(
    memory: Memory, who: str, begins: bool
) -> None:
    record = change(window=OPEN)
    memory.put(record)
    history = History(memory, record)
    memory.land()
    found = asked(memory, begun(record), history)
    assert found is not None and found.lapses[0].way_out == f"itsm approve {record['id']} --gate ratify"
    memory.put(record)
    memory.act(who, "approved", record, gate="ratify")
    memory.land()
    assert (asked(memory, begun(record), history) is None) is begins


def test_what_was_ratified_stands_without_the_reasons_against_it(memory: Memory) -> None:
    record = change(window=OPEN)
    memory.put(record)
    history = History(memory, record)
    memory.act("ben", "approved", record, gate="ratify")
    memory.land()
    evaluator = Evaluator(memory.before, memory.after, NOW, entry_of=history)
    found = standing(evaluator, path(record), memory.subject(evaluator, record))
    assert (found.status, found.lapses) == (GateStatus.APPROVED, ())


def test_what_was_taken_back_after_the_entry_counts_although_it_is_younger_than_that(memory: Memory) -> None:
    record = change(window=OPEN)
    memory.put(record)
    memory.act("ana", "proposed", record, at=at(minutes=50))
    approval = memory.act("ben", "approved", record, at=at(minutes=50))
    history = History(memory, record)
    history.entry = replace(history.entry, at=NOW - HOUR / 2)
    memory.act("ben", "withdrawn", record, supersedes=[act_id(approval)], at=at(minutes=10))
    memory.land()
    found = asked(memory, begun(record), history)
    assert found is not None and "no longer counts: superseded by" in found.lapses[0].why


def test_a_step_that_can_have_landed_in_the_window_is_in_time(memory: Memory) -> None:
    """The clock is only the earliest time at which it can have landed; `latest` is the other end."""
    record = change(window=window(-HOUR, 9 * HOUR))
    memory.put(record)
    memory.approved(record, "ben")
    memory.land()
    after = with_entry(record, -90, state="implementing")
    memory.put(after)
    for latest, begins in ((NOW, False), (NOW + HOUR, True)):
        evaluator = Evaluator(memory.before, memory.after, NOW, latest=latest)
        assert (where_work_begins(evaluator, path(after), memory.subject(evaluator, after)) is None) is begins


def test_without_history_what_base_has_was_judged_whatever_is_wrong_today(memory: Memory, record: Record) -> None:
    memory.write({"records/policies/odd.yaml": "id: [\n"})
    memory.land()
    evaluator = memory.evaluator()
    found = standing(evaluator, path(record), memory.subject(evaluator, record))
    assert (found.status, found.faults) == (GateStatus.APPROVED, ())


def test_work_that_is_under_way_is_not_asked_when_it_began(memory: Memory) -> None:
    early = begun(change())
    memory.put(early)
    memory.approved(early, "ben")
    memory.land()
    after = early | {"reason": "It has ended.", "revision": 2}
    memory.put(after)
    evaluator = memory.evaluator()
    subject = memory.subject(evaluator, after)
    verdict = evaluator.verdict(subject, Gate("scheduled"))
    assert in_time(evaluator, subject, verdict) is verdict


def test_a_change_that_can_not_be_read_is_told_nothing_of_its_work(memory: Memory, record: Record) -> None:
    memory.land()
    memory.put(record | {"plan": "none"})
    evaluator = memory.evaluator()
    assert until_work_begins(evaluator, path(record), memory.subject(evaluator, record)) is None


def test_a_refusal_stays_one_where_it_is_not_the_time_either(memory: Memory) -> None:
    early = change()
    memory.put(early)
    memory.act("dora", "refused", early, comment="Not now.")
    memory.land()
    found = asked(memory, begun(early), never)
    assert found is not None and (found.status, len(found.lapses)) == (GateStatus.REFUSED, 1)


def test_who_had_ratified_before_it_went_past_the_check_is_not_counted_by_the_rules_of_today(memory: Memory) -> None:
    """The rules of today ask for the board too, of which cleo is one."""
    record = change(window=OPEN)
    memory.put(record)
    memory.act("cleo", "approved", record, gate="ratify")
    history = History(memory, record)
    rules = [{key: value for key, value in each.items() if key != "when"} if each["id"] == "board" else each
             for each in CHANGES["rules"]]  # fmt: skip
    memory.put(CHANGES | {"rules": rules})
    memory.act("dora", "approved", record, gate="ratify")
    memory.land()
    evaluator = memory.evaluator()
    everybody = evaluator.verdict(memory.subject(evaluator, record), Gate("ratify", None, "scheduled"))
    assert everybody.is_open
    assert asked(memory, begun(record), history) is not None
