"""Emergencies of base whose review nobody has accepted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.app.approvals.review_debts import _may_be_emergency, open_debts, overdue_debts
from itsm_as_code.domain.approval.debts import Debt
from itsm_as_code.store.reader import read_yaml
from tests.app.approvals.worlds import Memory
from tests.approvals.records import NOW, at, change, incident, path, person
from tests.approvals.test_debts import REVIEW, ago, emergency, open_debt, overdue, reviewed


def owed(memory: Memory, days: int = 0) -> list[Debt]:
    """What base owes so many days from now."""
    return list(open_debts(memory.evaluator(NOW + timedelta(days=days))))


def test_without_emergencies_nothing_is_owed(memory: Memory) -> None:
    memory.put(change())
    memory.land()
    assert owed(memory) == []


def test_an_emergency_owes_its_review_by_the_team_of_its_service(memory: Memory) -> None:
    record = open_debt(memory)
    (debt,) = owed(memory)
    assert (debt.change, debt.team, debt.self_approved) == (record["id"], "it", False)
    assert debt.since == NOW - timedelta(hours=1) and not debt.overdue(NOW)


def test_an_emergency_that_is_only_proposed_owes_nothing_yet(memory: Memory) -> None:
    memory.put(emergency())
    assert owed(memory) == []


def test_an_emergency_whose_authors_approval_let_it_in_owes_earlier(memory: Memory) -> None:
    open_debt(memory, "dora")
    (usual,) = owed(memory)
    memory.act("ana", "approved", emergency())
    memory.land()
    (early,) = owed(memory)
    assert early.self_approved and early.due < usual.due


def test_a_review_that_is_accepted_pays(memory: Memory) -> None:
    record = open_debt(memory)
    memory.put(record | REVIEW)
    assert len(owed(memory)) == 1
    reviewed(memory, record, "cleo")
    assert owed(memory) == []


def test_overdue_debts_are_those_of_one_team_past_their_deadline(memory: Memory) -> None:
    open_debt(memory)
    assert list(overdue_debts(memory.evaluator(), "it")) == []
    late = memory.evaluator(NOW + timedelta(days=10))
    assert [debt.team for debt in overdue_debts(late, "it")] == ["it"]
    assert list(overdue_debts(late, "cab")) == []


def test_the_services_owner_at_base_owes_whatever_the_proposal_says(memory: Memory) -> None:
    overdue(memory)
    memory.put(memory.edited("records/services/mail.yaml", owner="cab"))
    assert [debt.team for debt in overdue_debts(memory.evaluator(), "it")] == ["it"]
    assert list(overdue_debts(memory.evaluator(), "cab")) == []


def test_history_is_asked_where_the_people_of_base_no_longer_pay(memory: Memory) -> None:
    record = overdue(memory)
    reviewed(memory, record, "cleo")
    memory.put(memory.edited(path(person("cleo", "")), state="retired"))
    memory.land()
    asked: list[tuple[str, str]] = []

    def paid(where: str, gate: str, digest: str, back: frozenset[str]) -> bool:
        asked.append((where, gate))
        return True

    evaluator = memory.evaluator()
    assert len(list(open_debts(evaluator))) == 1
    assert list(open_debts(evaluator, paid)) == []
    assert list(overdue_debts(evaluator, "it", paid)) == []
    assert asked == [(path(record), "post-review")] * 2


def test_history_is_not_asked_for_a_review_that_was_taken_back(memory: Memory) -> None:
    record = overdue(memory)
    written = reviewed(memory, record)
    where = memory.act("cleo", "approved", written, gate="post-review")
    taken = where.rsplit("/", 1)[1].removesuffix(".yaml")
    memory.act("cleo", "withdrawn", written, gate="post-review", supersedes=[taken])
    memory.land()
    assert len(list(open_debts(memory.evaluator(), lambda *_: True))) == 1


def test_only_changes_within_reach_are_looked_at_unless_everything_is_asked_for(memory: Memory) -> None:
    open_debt(memory, **ago(days=10))
    evaluator = memory.evaluator(NOW + timedelta(days=200))
    assert list(open_debts(evaluator)) == []
    assert len(list(open_debts(evaluator, everywhere=True))) == 1


def test_the_word_may_be_written_with_escapes(memory: Memory) -> None:
    record = emergency()
    memory.put(record)
    text = memory.files[path(record)].replace(b"type: emergency", b'type: "\\x65mergency"')
    assert b"\\x65" in text
    memory.write({path(record): text})
    memory.land()
    assert [debt.change for debt in owed(memory)] == [record["id"]]


def test_what_was_called_off_before_work_owes_nothing(memory: Memory) -> None:
    record = emergency(incident=incident("1NC01", "P1")["id"])
    born = record["timeline"][0] | {"state": "scheduled"}
    off = {"at": at(minutes=5), "by": "ana", "state": "cancelled", "reason": "It came up again."}
    memory.put(record | {"timeline": [born, off]})
    memory.land()
    assert owed(memory) == []


@pytest.mark.parametrize(
    "written",
    [
        "type: emergency",
        "type:   emergency # x",
        "type:\n  emergency",
        "type: # why\n  emergency",
        '"type": emergency',
        "'type' : 'emergency'",
        "type: >-\n  emergency",
        "type: |-  # x\n  emergency",
        '"type": "emergency"',
        "? type\n: emergency",
        "? type # why\n: emergency",
        '? "type" # why\n\n# and\n: emergency',
        "? >-\n  type\n# why\n: emergency",
        '{"type":emergency}',
        'type: "\\x65mergency"',
        '"\\x74ype": emergency',
        "{type: emergency,",
    ],
)
def test_the_type_of_an_emergency_is_seen_in_whatever_style_it_is_written(written: str) -> None:
    """A file that is passed over is a debt that nobody owes."""
    assert _may_be_emergency(written.encode())


@pytest.mark.parametrize("written", ["type: normal\nreason: No emergency.", "# type: standard, no emergency", ""])
def test_the_word_elsewhere_is_no_type(written: str) -> None:
    assert not _may_be_emergency(written.encode())


@pytest.mark.parametrize(
    "written",
    [
        "service: mail", "service:   mail # x", "service:\n  mail", "service: # whose\n  mail", '"service": mail',
        "'service' : 'mail'", "service: >-\n  mail", '? service\n: "mail"', 'service: "\\x6dail"',
        '"\\x73ervice": mail',
    ],
)  # fmt: skip
def test_the_service_of_an_emergency_is_seen_in_whatever_style_it_is_written(memory: Memory, written: str) -> None:
    """A change of another team's service is not parsed, and one of the team's always is."""
    record = overdue(memory)
    text = memory.files[path(record)]
    assert b"\nservice: mail\n" in text
    memory.write({path(record): text.replace(b"\nservice: mail\n", b"\n" + written.encode() + b"\n")})
    memory.land()
    assert [debt.change for debt in overdue_debts(memory.evaluator(), "it")] == [record["id"]]


def test_a_team_that_owns_no_service_owes_nothing(memory: Memory) -> None:
    overdue(memory)
    assert list(overdue_debts(memory.evaluator(), "nobodies")) == []


_PIECES = [" ", "\n", "  ", "\n  ", "# x\n", " # x\n", "'", '"', "|", ">", "-", "1", ",", "{", ""]
_GAPS = st.lists(st.sampled_from(_PIECES), max_size=5).map("".join)


@given(before=st.sampled_from(["", "? ", "?\n  ", "{", "{ ", "? >-\n  ", "id: x\n"]), gaps=st.tuples(*[_GAPS] * 5))
def test_what_is_read_as_an_emergency_is_seen(before: str, gaps: tuple[str, ...]) -> None:
    start, key, colon, value, end = gaps
    written = f"{before}{start}type{key}:{colon}{value}emergency{end}".encode()
    data = read_yaml(written).data
    if data is not None and data.get("type") == "emergency":
        assert _may_be_emergency(written)
