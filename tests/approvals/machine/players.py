"""Whoever plays: how a move becomes a push, with one twist or none. What should land is seen as often as what should
not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from tests.approvals.machine.board import Board
from tests.approvals.machine.drafts import DATES, LANES, TWISTS, changes, place_of, signed
from tests.approvals.machine.place import PEOPLE, Files, Place
from tests.approvals.records import Record

people = st.sampled_from(PEOPLE[:-1])
writers = st.sampled_from(("ana", "ana", "eve", "finn", "ben", "cleo"))
numbers = st.integers(0, 99)


def mostly(usual: Any, *others: Any, times: int = 8) -> st.SearchStrategy[Any]:
    """The usual value most of the time."""
    return st.sampled_from([usual] * times + list(others))


class Players(RuleBasedStateMachine):
    """People, and what they try."""

    place: ClassVar[Place]
    twists: ClassVar[tuple[str, ...]] = TWISTS
    often: ClassVar[int] = 2
    """One move in so many has a twist."""

    def __init__(self) -> None:
        super().__init__()
        self.board = Board(self.place)
        self.made = 0

    def teardown(self) -> None:
        try:
            self.board.look_back()
        finally:
            self.board.close()

    def _twist(self, number: int) -> str:
        return self.twists[number // self.often % len(self.twists)] if number % self.often == 0 else ""

    def _push(self, files: Files, who: str, twist: str) -> bool:
        lane = twist if twist in LANES else "push"
        return self.board.attempt(files, who, DATES.get(twist, timedelta()), lane)

    def _propose(self, record: Record, writer: str, twist: str, luck: int) -> bool:
        """A record with all that it needs."""
        files = {place_of(record): record} | signed(self.board, record, writer, twist, luck)
        return self._push(files, writer, twist)

    def _one(self, pick: int, *states: str) -> Record:
        found = changes(self.board, *states)
        return found[pick % len(found)]

    def _spare(self) -> bool:
        """Whether nobody lists the spare key yet: one key belongs to one person for ever."""
        listed = (key["key"] for record in self.board.tip.values() for key in record.get("keys", ()))
        return self.place.keys["spare"] not in listed
