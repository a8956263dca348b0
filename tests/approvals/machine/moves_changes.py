"""Moves around changes: they are written, decided on, begun, called off, and ratified."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.approvals.machine.drafts import DAY, HOUR, act_on, changes, edited, signed, stamp, with_entry
from tests.approvals.machine.model.reading import acts_on, subject_of
from tests.approvals.machine.place import INCIDENT, PEOPLE, act_path
from tests.approvals.machine.players import Players, mostly, numbers, people, writers
from tests.approvals.records import Record, path

PLAN = {"plan": {"implementation": "Install it.", "backout": "Put the old one back."}}


class Changes(Players):
    """People who plan, do and decide."""

    @rule(
        writer=writers, service=st.sampled_from(("mail", "portal")), state=mostly("scheduled", "draft", times=2),
        type_=mostly("normal", "standard", times=5), opens=st.sampled_from((-HOUR, -HOUR, -HOUR, DAY)),
        requester=mostly(None, "ben", "cleo", times=5),
        number=numbers, luck=numbers,
    )  # fmt: skip
    def plan(
        self, writer: str, service: str, state: str, type_: str, opens: timedelta, requester: str | None, number: int,
        luck: int,
    ) -> None:  # fmt: skip
        """A new change, as a draft or with what it needs to be in the calendar."""
        board, twist = self.board, self._twist(number)
        self.made += 1
        lasts = 20 * HOUR if type_ == "standard" else 2 * DAY
        record: Record = {
            "id": f"CHG-{board.now:%Y%m%d}-{self.made:05}", "kind": "change", "schema": 1, "title": "Renew it",
            "type": type_, "reason": "It ends.", "service": service,
            "window": {"start": stamp(board, -opens), "end": stamp(board, -opens - lasts)},
            "timeline": [{"at": stamp(board), "by": writer, "state": state}],
        } | ({"model": {"id": "restart", "revision": 1}} if type_ == "standard" else PLAN)  # fmt: skip
        record |= {"freeze_exception": {"reason": "It can't wait."}} if luck % 2 else {}
        record |= {"authors": [writer]} if twist != "unnamed" else {}
        record |= {"authors": [writer, "dora"]} if twist == "names another" else {}
        record |= {"requester": requester} if requester else {}
        self._propose(record, writer, twist, luck)

    @precondition(lambda self: bool(changes(self.board, "draft")))
    @rule(pick=numbers, writer=writers, number=numbers, luck=numbers)
    def schedule(self, pick: int, writer: str, number: int, luck: int) -> None:
        """A draft goes into the calendar."""
        entry = {"at": stamp(self.board), "by": writer, "state": "scheduled"}
        self._propose(with_entry(self._one(pick, "draft"), **entry), writer, self._twist(number), luck)

    @precondition(lambda self: bool(changes(self.board, "draft", "scheduled", "implementing")))
    @rule(
        pick=numbers,
        writer=writers,
        field=mostly("title", "window", "service", "requester", "type", times=2),
        number=numbers,
        luck=numbers,
    )
    def revise(self, pick: int, writer: str, field: str, number: int, luck: int) -> None:
        """Somebody writes on a change."""
        board, record, twist = self.board, self._one(pick, "draft", "scheduled", "implementing"), self._twist(number)
        value: Any = {
            "title": f"Renew it {board.tried}", "service": "portal" if record["service"] == "mail" else "mail",
            "window": {"start": stamp(board, HOUR), "end": stamp(board, -3 * DAY)},
            "requester": "ben" if record.get("requester") != "ben" else None,
            "type": "normal" if record["type"] == "emergency" else "emergency",
        }[field]  # fmt: skip
        fields = {field: value} | ({"incident": INCIDENT["id"]} if value == "emergency" else {})
        if field == "type" and record["type"] == "standard":
            fields = {"title": "Restart it at once"}
        self._propose(edited(record, writer, twist, **fields), writer, twist, luck)

    @precondition(lambda self: bool(changes(self.board, "scheduled")))
    @rule(
        pick=numbers,
        writer=writers,
        late=mostly(timedelta(), 2 * HOUR, 2 * DAY, times=4),
        anew=mostly(False, True, times=4),
        number=numbers,
        luck=numbers,
    )
    def begin(self, pick: int, writer: str, late: timedelta, anew: bool, number: int, luck: int) -> None:
        """Work begins, sometimes with new approvals."""
        board, twist = self.board, self._twist(number)
        record = self._one(pick, "scheduled")
        entry = {"at": stamp(board, late), "by": writer, "state": "implementing"}
        entry |= {"recorded": stamp(board)} if late else {}
        after = with_entry(record, **entry)
        acts = {}
        if anew:
            act = act_on(board, record, "scheduled", "dora", "approved", None, twist)
            acts[act_path(act)] = act
        self._push({path(after): after} | acts | signed(board, after, writer, twist, luck), writer, twist)

    @precondition(lambda self: bool(changes(self.board)))
    @rule(
        pick=numbers,
        writer=writers,
        by=mostly(None, "ben", times=4),
        state=st.sampled_from(("draft", "cancelled")),
        number=numbers,
    )
    def call_off(self, pick: int, writer: str, by: str | None, state: str, number: int) -> None:
        """A change is called off or taken back to draft."""
        board, record, twist = self.board, self._one(pick), self._twist(number)
        entry: Record = {"at": stamp(board), "by": by or writer}
        after = with_entry(record, **entry | {"state": state, "reason": "It is not needed."})
        if state == "draft" and twist != "uncounted":
            after |= {"revision": record.get("revision", 1) + 1}
        self._push({path(after): after}, writer, twist)

    @precondition(lambda self: bool(changes(self.board)))
    @rule(pick=numbers, writer=writers, number=numbers)
    def note(self, pick: int, writer: str, number: int) -> None:
        """Somebody writes what they saw."""
        record = self._one(pick)
        after = with_entry(record, at=stamp(self.board), by=writer, note="It is prepared.")
        self._push({path(after): after}, writer, self._twist(number))

    @precondition(lambda self: bool(changes(self.board)))
    @rule(
        pick=numbers, writer=mostly(None, "ana", "eve", times=4), entry=numbers, number=numbers,
        late=st.sampled_from((timedelta(), timedelta(minutes=9), timedelta(minutes=11))),
    )  # fmt: skip
    def take_back(self, pick: int, writer: str | None, entry: int, number: int, late: timedelta) -> None:
        """Some time later an entry is taken back, by its maker or in their name."""
        board, record = self.board, self._one(pick)
        board.now += late
        gone = record["timeline"][-1 - entry % len(record["timeline"])]
        after = with_entry(record, at=stamp(board), by=gone["by"], void=gone["at"])
        self._push({path(after): after}, writer or gone["by"], self._twist(number))

    # Decisions that travel on their own.

    @precondition(lambda self: bool(changes(self.board)))
    @rule(
        pick=numbers, by=people, decision=st.sampled_from(("refused", "withdrawn", "approved", "proposed")),
        for_=mostly(None, "ben", "cleo", "dora", "ana", times=8), others=st.booleans(), number=numbers,
        gate=mostly("scheduled", "authors", "ratify", times=8),
    )  # fmt: skip
    def decide(
        self, pick: int, by: str, decision: str, for_: str | None, others: bool, number: int, gate: str
    ) -> None:  # fmt: skip
        """An act on a change lands by itself. With `others` it names the refusals of others too."""
        board, record, twist = self.board, self._one(pick), self._twist(number)
        known = acts_on(subject_of(record), board.tip, {})
        ends = tuple(sorted(ref for ref, act in known.items() if act["decision"] == "refused")) if others else ()
        act = act_on(board, record, gate, by, decision, for_, twist, ends=ends)
        self._push({act_path(act): act}, by, twist)

    @precondition(lambda self: bool(self.board.bypassed()))
    @rule(
        pick=numbers,
        by=st.sampled_from(("ben", "cleo", "dora", "gus", "eve", "ana")),
        for_=mostly(None, "ben", times=8),
        number=numbers,
        words=mostly(False, True, times=4),
    )
    def ratify(self, pick: int, by: str, for_: str | None, number: int, words: bool) -> None:
        """Somebody takes over what went past the check, with the `words` of its review or without."""
        board = self.board
        found = board.bypassed()
        act = act_on(board, found[pick % len(found)], "ratify", by, "approved", for_, self._twist(number), words=words)
        self._push({act_path(act): act}, by, self._twist(number))

    @precondition(lambda self: bool(changes(self.board, "scheduled")))
    @rule(
        pick=numbers, by=people, for_=mostly(None, "ben", times=3), ends_for=mostly(None, "ben", times=2),
        ender=st.sampled_from(("its author", "its author", "its requester", *PEOPLE)),
        decision=mostly("withdrawn", "approved", "refused", times=3), number=numbers,
    )  # fmt: skip
    def quarrel(
        self, pick: int, by: str, for_: str | None, ender: str, ends_for: str | None, decision: str, number: int
    ) -> None:  # fmt: skip
        """Somebody refuses, somebody ends it or would like to, and work begins if it may."""
        board, record = self.board, self._one(pick, "scheduled")
        part = {"its author": record.get("authors", ["ana"])[-1], "its requester": record.get("requester", "ana")}
        ender = part.get(ender, ender)
        refusal = act_on(board, record, "scheduled", by, "refused", for_)
        if self._push({act_path(refusal): refusal}, by, ""):
            ends = (refusal["id"],)
            twist = self._twist(number) or "names nothing"  # but the refusal: the proposal shall stand
            end = act_on(board, record, "scheduled", ender, decision, ends_for, twist, ends=ends)
            self._push({act_path(end): end}, ender, twist)
            after = with_entry(record, at=stamp(board), by="ana", state="implementing")
            self._push({path(after): after}, "ana", "")
