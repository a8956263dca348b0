"""Drafts: what people write and sign before a push, in good order but for one twist."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from itsm_as_code.domain.instants import write_instant
from tests.approvals.machine.board import Board
from tests.approvals.machine.model.gates import REVIEW, gates_passed, question
from tests.approvals.machine.model.law import WORKFLOWS, workflows_before
from tests.approvals.machine.model.people import Clock, stands_for
from tests.approvals.machine.model.reading import (
    BEYOND,
    acts_on,
    digest,
    find,
    instant,
    kind_of,
    material,
    of_kind,
    state_of,
    subject_of,
)
from tests.approvals.machine.model.standing import Step
from tests.approvals.machine.model.verdicts import Hearing
from tests.approvals.machine.place import Files, act_path
from tests.approvals.records import Record, path

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WRITING = ("unnamed", "uncounted", "names another", "takes a name off")
SIGNING = (
    "nobody signs", "one is missing", "unproposed", "stale", "expired", "dated ahead", "another key", "a bot",
    "an outsider", "the writer", "the proposer", "names nothing", "another gate", "for somebody", "a deputy",
)  # fmt: skip
DATES = {"commit ahead": 6 * MINUTE, "commit soon": 4 * MINUTE, "commit old": -25 * HOUR, "commit late": -23 * HOUR}
LANES = (
    "twice", "forth and back", "another parent", "from nothing", "from behind", "replaces", "deletes", "beside",
    "force", "force", "force", "hold", "hold",
)  # fmt: skip
TWISTS = (*WRITING, *SIGNING, *SIGNING, *DATES, *LANES)

Signer = tuple[str, str | None]
"""Somebody who signs, and in whose name if not their own."""


def stamp(board: Board, ago: timedelta = timedelta()) -> str:
    """An instant of the board's clock."""
    return write_instant(board.now - ago)


def edited(before: Record, writer: str, twist: str, **fields: Any) -> Record:
    """A record of base with other fields, its revision counted and its writer named, unless the twist is against it."""
    after = {key: value for key, value in (before | fields).items() if value is not None}
    authors = list(before.get("authors", ()))
    if material(after) != material(before):
        after |= {"revision": before.get("revision", 1) + 1} if twist != "uncounted" else {}
        authors += [writer] if twist != "unnamed" and writer not in authors and writer != "robo" else []
    if twist == "names another":
        authors += [name for name in ("cleo", "dora") if name not in authors][:1]
    if twist == "takes a name off":
        authors = authors[1:]
    return after | ({"authors": authors} if authors else {})


def with_entry(record: Record, **entry: Any) -> Record:
    """A record with one more entry."""
    return record | {"timeline": [*record["timeline"], entry]}


def signed(board: Board, record: Record, writer: str, twist: str, luck: int) -> Files:
    """The acts on a record in a draft, at each gate that it passes: a proposal, and approvals of all who are needed."""
    before = on_base(board, record)
    found: Files = {}
    if twist == "nobody signs" or (twist == "force" and luck % 3):  # what is forced mostly lacks somebody
        return found
    comment = "Nobody else answered." if record.get("type") == "emergency" and luck % 4 else None
    for gate in gates_passed(before, record, board.tip, board.now):
        asked = question(before, record, gate, board.tip, {}, head=board.tip | board.held | {place_of(record): record})
        hearing = Hearing({}, asked, board.tip, {}, (), Clock(board.now, board.now))
        proposer = "finn" if twist == "the writer" else writer
        needed: list[Signer] = [(name, None) for name in hearing.left(frozenset({proposer}), luck) or ("dora",)]
        for by, decision, for_ in _signers(board, proposer, needed, writer, twist):
            about = before if twist == "stale" and before is not None else record
            at = "edit" if twist == "another gate" and gate != "edit" else gate
            act = act_on(board, about, at, by, decision, for_, twist, drafts=found, over=before, comment=comment)
            found[act_path(act)] = act
    return found


def _signers(
    board: Board, proposer: str, needed: list[Signer], writer: str, twist: str
) -> list[tuple[str, str, str | None]]:  # fmt: skip
    """Who signs: the proposer, and those who are needed, one of whom the twist replaces."""
    last = needed[-1][0] if needed else "ben"
    instead: dict[str, list[Signer]] = {
        "one is missing": [], "a bot": [("robo", None)], "an outsider": [("eve", None)], "the writer": [(writer, None)],
        "the proposer": [(proposer, None)], "for somebody": [("finn", last)], "a deputy": [_deputy(board, last)],
    }  # fmt: skip
    approvers = [*needed[:-1], *instead[twist]] if twist in instead else needed
    made: list[tuple[str, str, str | None]] = [] if twist == "unproposed" else [(proposer, "proposed", None)]
    return made + [(by, "approved", for_) for by, for_ in approvers]


def _deputy(board: Board, name: str) -> Signer:
    """Somebody's deputy in their name; the person, if there is none."""
    term = (find(board.tip, "person", name) or {}).get("delegate")
    return (term["to"], name) if term is not None else (name, None)


def act_on(
    board: Board, record: Record, gate: str, by: str, decision: str, for_: str | None, twist: str = "", *,
    drafts: Files | None = None, over: Record | None = None, ends: tuple[str, ...] = (),
    comment: str | None = None, words: bool = False,
) -> Record:  # fmt: skip
    """One signed act. It names the earlier acts of the person for whom it is made, and those of `ends`. At the gate of
    a review it is about its words; with `words`, at other gates too."""
    there = acts_on(subject_of(record), board.tip, board.held | (drafts or {}))
    mine = [ref for ref, act in sorted(there.items()) if stands_for(act) == (for_ or by) and act["gate"] == gate]
    named = list(dict.fromkeys([*([] if twist == "names nothing" else mine), *ends]))
    ago = {"expired": 4 * DAY, "dated ahead": -6 * MINUTE}.get(twist, MINUTE)
    bare = board.place.act(
        by, decision, subject_of(record), record, board.now - ago, gate, on_behalf_of=for_, supersedes=named,
        replaces=digest(over) if gate == "edit" and over is not None else None, comment=comment,
        words=words or gate == REVIEW,
    )  # fmt: skip
    return board.place.signed(bare, "spare" if twist == "another key" else _key(board, by))


def _key(board: Board, by: str) -> str:
    """The key that somebody uses now: the newest one that they list and that is in force."""
    names = {public: name for name, public in board.place.keys.items()}
    listed = (find(board.tip, "person", by) or {}).get("keys", ())
    usable = [
        names[key["key"]] for key in listed if "revoked" not in key
        and ("valid_until" not in key or board.now < instant(key["valid_until"]))
        and ("valid_from" not in key or instant(key["valid_from"]) <= board.now)
    ]  # fmt: skip
    return usable[-1] if usable else by


def place_of(record: Record) -> str:
    """Where a record lies, or `itsm.yaml`."""
    return (
        "itsm.yaml" if kind_of(record) == "settings" else WORKFLOWS if kind_of(record) == "workflows" else path(record)
    )


def on_base(board: Board, record: Record) -> Record | None:
    """What base has in the place of a record."""
    if kind_of(record) == "workflows":
        return dict(workflows_before(board.line, Step(board.tip, {}, frozenset(), board.now)))
    return board.tip.get(place_of(record))


def reviewable(board: Board) -> list[Record]:
    """The emergencies of base that somebody may look back at."""
    return [record for record in changes(board, *BEYOND) if record["type"] == "emergency"]


def changes(board: Board, *states: str) -> list[Record]:
    """The changes of base in one of these states."""
    found = (dict(record) for record in of_kind(board.tip, "change"))
    return sorted((record for record in found if not states or state_of(record) in states), key=lambda each: each["id"])


def there(board: Board, kind: str, name: str) -> Record:
    """A record of base."""
    found = find(board.tip, kind, name)
    assert found is not None, f"{kind} {name} is not on base"
    return dict(found)
