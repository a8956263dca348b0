"""Moves around emergencies: what can't wait is done, and looked at afterwards, or not."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.approvals.machine.drafts import (
    DAY,
    HOUR,
    act_on,
    edited,
    reviewable,
    stamp,
    there,
    with_entry,
)
from tests.approvals.machine.model.reading import acts_on, state_of, subject_of
from tests.approvals.machine.moves_changes import PLAN
from tests.approvals.machine.place import INCIDENT, Files, act_path
from tests.approvals.machine.players import Players, mostly, numbers, writers
from tests.approvals.records import Record, path

KEEPERS = ("cleo", "dora", "gus")


class Emergencies(Players):
    """Whoever is on call, and whoever asks them afterwards."""

    @rule(
        writer=mostly("ana", "cleo", "dora", times=2), service=mostly("mail", "portal", times=2),
        state=mostly("implementing", "scheduled", "draft", times=3),
        ago=st.sampled_from((timedelta(), 30 * HOUR, 3 * DAY)),
        behind=mostly(INCIDENT["id"], None, "INC-20260905-0TH3R", times=8), number=numbers, luck=numbers,
    )  # fmt: skip
    def rush(
        self, writer: str, service: str, state: str, ago: timedelta, behind: str | None, number: int, luck: int
    ) -> None:  # fmt: skip
        """An emergency, which may have begun some time ago. With some luck its writer approves it too."""
        board, twist = self.board, self._twist(number)
        self.made += 1
        entry = {"at": stamp(board, ago), "by": writer, "state": state} | ({"recorded": stamp(board)} if ago else {})
        record: Record = {
            "id": f"CHG-{board.now:%Y%m%d}-{self.made:05}", "kind": "change", "schema": 1, "title": "Free the disk",
            "type": "emergency", "reason": "It is full.", "service": service,
            "window": {"start": stamp(board, ago), "end": stamp(board, -DAY)}, "timeline": [entry],
        } | PLAN  # fmt: skip
        record |= {"incident": behind} if behind else {}
        record |= {"freeze_exception": {"reason": "It can't wait."}} if luck % 2 else {}
        record |= {"authors": [writer]} if twist != "unnamed" else {}
        self._propose(record, writer, twist, luck)

    @rule(writer=writers, number=numbers)
    def mend(self, writer: str, number: int) -> None:
        """The incident behind it is resolved, or comes back."""
        before = there(self.board, "incident", INCIDENT["id"])
        state = "in_progress" if state_of(before) == "resolved" else "resolved"
        after = with_entry(before, at=stamp(self.board), by=writer, state=state)
        after |= {"resolution": {"code": "fixed", "summary": "There is room again."}}
        self._push({path(after): after}, writer, self._twist(number))

    @precondition(lambda self: bool(reviewable(self.board)))
    @rule(
        pick=numbers, writer=writers, by=mostly(None, *KEEPERS, "ana", times=1),
        part=mostly("review", "outcome", "both"),
        for_=mostly(None, "cleo", times=8), number=numbers,
    )  # fmt: skip
    def look_at_it(
        self, pick: int, writer: str, by: str | None, part: str, for_: str | None, number: int
    ) -> None:  # fmt: skip
        """Somebody writes what was learnt, or how it ended, and somebody accepts it in the same step."""
        board, twist = self.board, self._twist(number)
        found = reviewable(board)
        record = found[pick % len(found)]
        words: Record = {
            "review": {"post_implementation_review": {"summary": f"It helped, {board.tried}.", "lessons": ["Watch."]}},
            "outcome": {"outcome": {"code": ("successful", "failed")[board.tried % 2]}},
        }  # fmt: skip
        words["both"] = words["review"] | words["outcome"]
        after = edited(record, writer, twist, **words[part])
        acts: Files = {}
        if by is not None:
            act = act_on(board, after, "post-review", by, "approved", for_, twist)
            acts[act_path(act)] = act
        self._push({path(after): after} | acts, writer, twist)

    @precondition(lambda self: bool(reviewable(self.board)))
    @rule(
        pick=numbers, by=st.sampled_from((*KEEPERS, *KEEPERS, "eve", "ana")),
        decision=mostly("approved", "refused", "withdrawn", times=3), for_=mostly(None, "cleo", times=8),
        number=numbers,
    )  # fmt: skip
    def accept(self, pick: int, by: str, decision: str, for_: str | None, number: int) -> None:
        """Somebody accepts a review, takes that back, or refuses it."""
        found = reviewable(self.board)
        act = act_on(self.board, found[pick % len(found)], "post-review", by, decision, for_, self._twist(number))
        self._push({act_path(act): act}, by, self._twist(number))

    @precondition(lambda self: bool(reviewable(self.board)))
    @rule(
        pick=numbers, by=st.sampled_from(KEEPERS), then=mostly(None, "leaves", "withdraws", "is asked again", times=1),
        service=mostly("mail", "portal"), number=numbers,
    )  # fmt: skip
    def owe(self, pick: int, by: str, then: str | None, service: str, number: int) -> None:
        """A review is accepted, whoever accepted it leaves or thinks again, and the team plans its next change."""
        board, found = self.board, reviewable(self.board)
        record = found[pick % len(found)]
        review = {"post_implementation_review": {"summary": f"It helped, {board.tried}.", "lessons": ["Watch."]}}
        after = record | review
        act = act_on(board, after, "post-review", by, "approved", None)
        self._push({path(after): after, act_path(act): act}, "ana", "")
        if then == "leaves":
            gone = edited(there(board, "person", by), "ana", "", state="retired")
            self._propose(gone, "ana", "", number)
        elif then == "withdraws" and act["id"] in acts_on(subject_of(record), board.tip, {}):
            back = act_on(board, after, "post-review", by, "withdrawn", None)
            self._push({act_path(back): back}, by, "")
        elif then is not None:
            text = {"post_implementation_review": {"summary": "It did not help.", "lessons": ["Never again."]}}
            self._push({path(record): record | text}, "eve", "")
        board.now += timedelta(hours=number)
        self.made += 1
        planned: Record = {
            "id": f"CHG-{board.now:%Y%m%d}-{self.made:05}", "kind": "change", "schema": 1, "title": "Renew it",
            "type": "normal", "reason": "It ends.", "service": service, "authors": ["ana"],
            "window": {"start": stamp(board, HOUR), "end": stamp(board, -2 * DAY)},
            "timeline": [{"at": stamp(board), "by": "ana", "state": "scheduled"}],
        } | PLAN  # fmt: skip
        self._propose(planned, "ana", "", number)
