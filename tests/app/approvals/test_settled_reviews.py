"""Reviews that earlier steps have settled are not judged again, and nobody sees a difference."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from itsm_as_code.app.approvals.opened_step import open_step
from itsm_as_code.app.approvals.settled_reviews import SettledReviews, StepMemory
from itsm_as_code.app.checking.audit import audit
from itsm_as_code.domain.approval.audit import Audit
from itsm_as_code.git.repository import open_repository
from tests.app.approvals.worlds import Local
from tests.approvals.records import NOW, REVIEWS, Record, at, change, path, person
from tests.approvals.test_debts import REVIEW, ago, emergency
from tests.approvals.world import act_id

RECORD = emergency(**ago(days=10))
REVIEWED = RECORD | REVIEW


def accepted(local: Local, *by: str) -> list[str]:
    """An emergency of ten days ago lands, then its review with approvals: their ids."""
    local.put(RECORD)
    local.approved(RECORD, "dora")
    local.land()
    local.put(REVIEWED)
    acts = [local.act(name, "approved", REVIEWED, gate="post-review") for name in by]
    local.land()
    return [act_id(each) for each in acts]


def edited(local: Local, name: str, **fields: object) -> None:
    local.put(local.edited(path(person(name, "")), **fields))


def known(local: Local, *steps: str) -> bool:
    """Whether the review is settled for the last step, if the steps from each commit to the next settle what they
    can."""
    memory = StepMemory.new()
    with open_repository(local.ws) as repository:
        for base, head in pairwise(steps):
            opened = open_step(repository, base, head, NOW, {}, memory=memory)
            has = memory.reviews.has(opened.trees.base, opened.trees.head, path(RECORD), RECORD["id"])
            memory.reviews.settle(opened.evaluator, opened.step)
    return has


def test_what_a_step_accepts_is_known_to_the_next(local: Local) -> None:
    accepted(local, "cleo")
    edited(local, "cleo", state="retired")
    local.land()
    assert known(local, "HEAD~2", "HEAD~1", "HEAD")
    assert not known(local, "HEAD~1", "HEAD")


def test_without_an_acceptance_or_by_somebody_without_a_seat_nothing_is_known(local: Local) -> None:
    accepted(local, "ben")
    edited(local, "ben", state="retired")
    local.land()
    assert not known(local, "HEAD~2", "HEAD~1", "HEAD")


def _review(local: Local, acts: list[str]) -> None:
    local.put(REVIEWED | {"post_implementation_review": {"summary": "It was another thing.", "lessons": ["None."]}})


def _note(local: Local, acts: list[str]) -> None:
    local.put(REVIEWED | {"timeline": [*RECORD["timeline"], {"at": at(minutes=1), "by": "ana", "note": "Seen."}]})


def _withdrawal(local: Local, acts: list[str]) -> None:
    local.act("cleo", "withdrawn", REVIEWED, gate="post-review", supersedes=acts)


def _refusal(local: Local, acts: list[str]) -> None:
    local.act("dora", "refused", REVIEWED, gate="post-review", comment="It leaves out the alarm.")


def _proposal(local: Local, acts: list[str]) -> None:
    local.act("eve", "proposed", REVIEWED)


@pytest.mark.parametrize("edit", [_review, _note, _withdrawal, _refusal, _proposal])
def test_a_step_that_touches_the_change_or_its_acts_asks_again(
    local: Local, edit: Callable[[Local, list[str]], None]
) -> None:
    acts = accepted(local, "cleo")
    edit(local, acts)
    local.land()
    assert not known(local, "HEAD~2", "HEAD~1", "HEAD")


def test_acts_that_a_later_judgement_could_see_otherwise_settle_nothing(local: Local) -> None:
    accepted(local)
    local.act("dora", "refused", REVIEWED, gate="scheduled", comment="Not again.")
    local.act("cleo", "approved", REVIEWED, gate="post-review")
    local.land()
    edited(local, "cleo", state="retired")
    local.land()
    assert not known(local, "HEAD~2", "HEAD~1", "HEAD")


# The same answers.


class _Story:
    """A history without a hook: reviews are written, accepted and taken back, people leave, keys are stolen, and
    changes want to enter the calendar."""

    def __init__(self, local: Local, seed: int) -> None:
        self.local = local
        self.chance = random.Random(seed)  # noqa: S311 - a test, not a secret
        self.acts: list[str] = []
        self.review = REVIEW
        self.notes = 0

    @property
    def record(self) -> Record:
        notes = [{"at": at(minutes=30 - n), "by": "ana", "note": f"Note {n}."} for n in range(self.notes)]
        return RECORD | self.review | {"timeline": [*RECORD["timeline"], *notes]}

    def tell(self, steps: int) -> None:
        accepted(self.local)
        moves = [self.approve, self.approve, self.plan, self.plan, self.leave, self.steal, self.take_back, self.refuse,
                 self.note, self.rewrite, self.rules]  # fmt: skip
        for number in range(steps):
            self.chance.choice(moves)(number)
            self.local.land()

    def approve(self, number: int) -> None:
        by = self.chance.choice(["cleo", "dora", "ben"])
        self.acts.append(act_id(self.local.act(by, "approved", self.record, gate="post-review")))

    def plan(self, number: int) -> None:
        planned = change(number=f"5NRM{number % 10}", title=f"Replace certificate {number}")
        self.local.put(planned)
        self.local.approved(planned, "ben")

    def leave(self, number: int) -> None:
        edited(self.local, self.chance.choice(["cleo", "dora"]), state=self.chance.choice(["retired", "active"]))

    def steal(self, number: int) -> None:
        who = self.chance.choice(["cleo", "dora"])
        revoked = {"since": at(minutes=1), "reason": "A stolen laptop."}
        edited(self.local, who, keys=[{"key": self.local.public(who), "revoked": revoked}])

    def take_back(self, number: int) -> None:
        by = self.chance.choice(["cleo", "dora"])
        self.local.act(by, "withdrawn", self.record, gate="post-review", supersedes=self.acts[-1:] or None)

    def refuse(self, number: int) -> None:
        self.local.act("dora", "refused", self.record, gate="post-review", comment="No.")

    def note(self, number: int) -> None:
        self.notes += 1
        self.local.put(self.record)

    def rewrite(self, number: int) -> None:
        text = f"It helped, seen in form {number}."
        self.review = {"post_implementation_review": {"summary": text, "lessons": ["Watch it."]}}
        self.local.put(self.record)

    def rules(self, number: int) -> None:
        roles = self.chance.choice(["keeper", "emergency-approver"])
        self.local.put(self.local.edited(path(REVIEWS), rules=[{"id": "keepers", "seats": [{"roles": [roles]}]}]))


def judged(local: Local) -> Audit:
    seat = local.seat("ana", NOW + timedelta(hours=1))
    try:
        return audit(seat, None, None, None)
    finally:
        seat.close()


@pytest.mark.parametrize("seed", range(8))
def test_an_audit_that_remembers_finds_what_one_that_judges_all_again_finds(
    local: Local, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    _Story(local, seed).tell(14)
    remembered = judged(local)
    monkeypatch.setattr(SettledReviews, "has", lambda *asked: False)
    assert judged(local) == remembered
