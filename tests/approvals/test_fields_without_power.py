"""A field that approvals do not cover has no power: an edit of it changes no verdict, no seat, no debt and no page.

Everything is worked out twice, before such an edit has landed and after. Fields that do have power are named below,
with the check that guards each; tests/approvals/test_attacks_authors.py and its neighbours try to get past it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from itsm_as_code.app.approvals.evaluator import Evaluator
from itsm_as_code.app.approvals.review_debts import open_debts, overdue_debts
from itsm_as_code.app.publishing.site import PublishRequest, publish
from itsm_as_code.domain.approval.directory import directory_of
from itsm_as_code.domain.approval.gates import Gate, gate_named, names_of_gates
from itsm_as_code.domain.field_decisions import all_decisions
from itsm_as_code.domain.ids import path_of
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.kinds.team import Team
from itsm_as_code.domain.kinds.types import Visibility
from tests.app.approvals.worlds import Memory, keys, memory
from tests.approvals.records import CHANGES, DAY, NOW, Record, at, change, item, path, person, service, text
from tests.approvals.test_debts import ago, emergency

__all__ = ["keys", "memory"]

PEOPLE = person("ben", "")
ARTICLE: Record = {
    "id": "how-to", "kind": "article", "schema": 1, "title": "How do I?", "type": "how_to", "summary": "So.",
    "owner": "team/it", "state": "published", "body": "Open the portal.\n", "review_every": "30d",
}  # fmt: skip
REQUEST: Record = {
    "id": f"REQ-{DAY}-9V3KC", "kind": "request", "schema": 1, "title": "A laptop", "item": "laptop",
    "requester": "eve", "authors": ["ana"],
    "timeline": [{"at": at(hours=2), "by": "ana", "state": "submitted", "team": "it"}],
}  # fmt: skip
SCHEDULED = change()
OWED = emergency(**ago(days=10))
REVIEWED = OWED | {
    "id": f"CHG-{DAY}-5RVWD", "timeline": [{"at": at(days=1), "by": "ana", "state": "implementing"}],
    "outcome": {"code": "successful"}, "post_implementation_review": {"summary": "It helped."},
}  # fmt: skip
SUBJECTS: dict[str, Record] = {
    "a scheduled change": SCHEDULED, "an emergency whose review is overdue": OWED,
    "an emergency whose review is accepted": REVIEWED, "a request": REQUEST, "a published article": ARTICLE,
    "a policy": CHANGES, "a person": PEOPLE, "a team": {"kind": "team", "id": "it"}, "a service": service("mail", 3),
    "a request item": item("laptop"),
}  # fmt: skip
NOTE = {"at": at(minutes=1), "by": "eve", "note": "Seen.", "public": "We look into it."}
EDITS: dict[str, Any] = {
    "aliases": {"other-system": "X-1"}, "tags": ["marked"], "verified": [{"date": at()[:10], "by": "cleo"}],
    "links": [{"label": "Vendor", "url": "https://vendor.example/"}], "tasks": [{"title": "Tell them"}],
    "commits": ["abcdef0"], "pull_requests": ["https://forge.example/1"], "pipelines": ["https://forge.example/2"],
    "outcome": {"code": "failed", "notes": "It broke."}, "post_implementation_review": {"summary": "It did not help."},
    "fulfilment": {"summary": "Here it is."}, "articles": ["how-to"], "timeline": [NOTE],
}  # fmt: skip
"""Another value of each field that approvals do not cover; of a timeline, what is added to it."""
GUARDED = {"authors": "LIF047", "state": "gate unpublished"}
"""Fields with power, and what guards them: nobody edits them alone."""
PAST_ITS_GATE = {"outcome", "post_implementation_review"}
"""What an accepted review covers changes only past its gate; before it is accepted, it is a draft."""


def _cases() -> Iterator[Any]:
    decisions = all_decisions()
    for name, record in SUBJECTS.items():
        for field, each in decisions[record["kind"]].items():
            guarded = field in GUARDED or (record is REVIEWED and field in PAST_ITS_GATE)
            if not each.material and not guarded:
                yield pytest.param(record, field, id=f"{field} of {name}")


@dataclass(frozen=True)
class Standing:
    """Everything that rests on the records of base."""

    verdicts: dict[str, Any]
    seats: Any
    debts: tuple[Any, ...]
    pages: dict[str, bytes]


@pytest.fixture
def landed(memory: Memory) -> Memory:
    """A base with a record of each sort, their acts, and a change that waits for a seat."""
    for name, kind in (("it", "team"), ("mail", "service"), ("laptop", "request-item")):
        assert memory.on_base(path_of(kind, name)) is not None
    memory.put(SCHEDULED, OWED, REVIEWED, REQUEST)
    memory.write({path(ARTICLE): _article(ARTICLE)})
    memory.approved(SCHEDULED, "ben")
    for record in (OWED, REVIEWED):
        memory.approved(record, "dora")
    memory.act("cleo", "approved", REVIEWED, gate="post-review")
    memory.act("ana", "proposed", ARTICLE)
    memory.act("cleo", "approved", ARTICLE, gate="published")
    memory.land()
    return memory


def _article(record: Record) -> bytes:
    fields = {key: value for key, value in record.items() if key != "body"}
    return f"---\n{text(fields, 'records/knowledge/how-to.yaml').decode()}---\n{record['body']}".encode()


def _there(memory: Memory, record: Record) -> Record:
    if record["kind"] == "article":
        return record
    found = memory.on_base(path(record))
    assert found is not None
    return found


def _edit(memory: Memory, record: Record, field: str) -> Record:
    """The record of base with another value of the field."""
    there = _there(memory, record)
    value = EDITS[field]
    return there | {field: [*there[field], *value] if field == "timeline" else value}


def _land(memory: Memory, record: Record) -> None:
    memory.write({path(record): _article(record) if record["kind"] == "article" else text(record)})
    memory.land()


def _standing(memory: Memory) -> Standing:
    """Everything that rests on base, with a proposal of each record on top of it."""
    evaluator = memory.evaluator()
    verdicts = {}
    for name, record in SUBJECTS.items():
        there = _there(memory, record)
        for edited in (there, there | {"title": "Other words", "revision": 2}):
            subject = evaluator.subject(record["kind"], record["id"], there, edited, path(record))
            for gate in _gates(record["kind"]):
                verdict = evaluator.verdict(subject, gate_named(record["kind"], gate, there))
                verdicts[f"{name}, {gate}, {edited.get('title', '')}"] = _decided(verdict)
    late = change("mail", number="5NRM1")
    subject = evaluator.subject("change", late["id"], None, late, path(late))
    verdicts["a new change"] = _decided(evaluator.verdict(subject, Gate("scheduled")))
    return Standing(verdicts, _seats(memory), _debts(evaluator), _pages(memory))


def _gates(kind: str) -> tuple[str, ...]:
    return (*names_of_gates(kind), *(("unpublished",) if kind == "article" else ()))


def _decided(verdict: Any) -> Any:
    asked = verdict.question
    seats = tuple((str(each.place), each.by, each.could) for each in verdict.filled)
    return (
        verdict.status, seats, verdict.blocking, verdict.proposed_by, verdict.faults, verdict.rules, asked.digest,
        dict(asked.disqualified), asked.owner_team, asked.held_back,
    )  # fmt: skip


def _seats(memory: Memory) -> Any:
    found = directory_of(memory.before.all(Person), memory.before.all(Team))
    return found.members, found.teams


def _debts(evaluator: Evaluator) -> tuple[Any, ...]:
    return (*open_debts(evaluator), *overdue_debts(evaluator, "it"))


def _pages(memory: Memory) -> dict[str, bytes]:
    return publish(memory.before, memory.before.tree, PublishRequest(Visibility.IT, NOW))


@pytest.mark.parametrize(("record", "field"), list(_cases()))
def test_an_edit_changes_no_verdict_no_seat_no_debt_and_no_page(landed: Memory, record: Record, field: str) -> None:
    before = _standing(landed)
    edited = _edit(landed, record, field)
    _land(landed, edited)
    after = _standing(landed)
    assert (after.seats, after.debts) == (before.seats, before.debts)
    owed = {name for name, each in after.verdicts.items() if each != before.verdicts[name]}
    assert not owed or (field in PAST_ITS_GATE and all("post-review" in name for name in owed))
    assert _differing(before, after) <= _own_pages(record, field)


@pytest.mark.parametrize("field", sorted(PAST_ITS_GATE))
def test_what_an_accepted_review_covers_changes_past_its_gate(landed: Memory, field: str) -> None:
    edited = _edit(landed, REVIEWED, field)
    landed.put(edited)
    evaluator = landed.evaluator()
    assert [gate.name for gate in evaluator.gates(landed.subject(evaluator, edited))] == ["post-review"]


def test_there_is_something_to_change(landed: Memory) -> None:
    found = _standing(landed)
    status = {name: each[0] for name, each in found.verdicts.items()}
    _, seats, *_, held_back = found.verdicts["a scheduled change, scheduled, Replace the certificate"]
    assert ([by for _, by, _ in seats], bool(held_back)) == (["ben"], True)
    assert status["an emergency whose review is accepted, post-review, Replace the certificate"] == "approved"
    assert [debt.change for debt in found.debts] == [OWED["id"], OWED["id"]]
    assert b"by Cleo" in found.pages["knowledge/how-to/index.html"]


def _differing(one: Standing, other: Standing) -> set[str]:
    return {name for name in {*one.pages, *other.pages} if one.pages.get(name) != other.pages.get(name)}


def _own_pages(record: Record, field: str) -> set[str]:
    """The pages on which a team tells how its work goes: that of the ticket, and lists of what is done. Of a change
    whose work has not begun, they have its timeline alone."""
    told = all_decisions()[record["kind"]][field].shown and (record is not SCHEDULED or field == "timeline")
    if not told or record["kind"] != "change":
        return set()
    lists = {
        "changes/index.html",
        f"changes/{NOW:%Y-%m}/index.html",
        f"changes/{record['id'][4:8]}-{record['id'][8:10]}/index.html",
    }
    return {f"changes/{record['id']}/index.html", "index.html", "services/mail/index.html", *lists}


@pytest.mark.parametrize("record", SUBJECTS.values(), ids=SUBJECTS)
def test_every_field_that_is_not_covered_is_tried_or_guarded(record: Record) -> None:
    free = {field for field, each in all_decisions()[record["kind"]].items() if not each.material}
    assert free <= EDITS.keys() | GUARDED.keys()
    assert all(all_decisions()[record["kind"]][field].power for field in free & GUARDED.keys())
