"""Each thing that can happen after a change was scheduled, against each step that can come next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest

from itsm_as_code.domain.instants import write_instant
from tests.approvals.records import CHANGES, NOBODY, NOW, Record, change, path, person, window, with_entry
from tests.approvals.test_freezes import freeze
from tests.approvals.test_when_work_begins import entered, keep, revoke, rules
from tests.approvals.world import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOW + 2 * DAY
"""When the next step comes. The window opens a day before and ends a day after, unless the event says otherwise."""
Acts = dict[str, str]


class Event(NamedTuple):
    """What happens after a change was scheduled: `stops` says whether work may still begin `at`."""

    happens: Callable[[World, Record, Acts], None]
    stops: bool
    at: datetime = LATER


def _nothing(_world: World, _record: Record, _acts: Acts) -> None: ...


def _withdrawn(world: World, record: Record, acts: Acts) -> None:
    world.act("ben", "withdrawn", record, supersedes=[acts["ben"]])
    world.force()


def _refused(world: World, record: Record, _acts: Acts) -> None:
    world.act("cleo", "refused", record)
    world.force()


def _refused_and_withdrawn(world: World, record: Record, acts: Acts) -> None:
    refusal = world.act("cleo", "refused", record).split("/")[-1].removesuffix(".yaml")
    world.force()
    world.act("cleo", "withdrawn", record, supersedes=[refusal])
    world.force()


def _proposal_withdrawn(world: World, record: Record, acts: Acts) -> None:
    world.act("ana", "withdrawn", record, supersedes=[acts["ana"]])
    world.force()


def _key_lost_before(world: World, _record: Record, _acts: Acts) -> None:
    revoke(world, "ben", write_instant(NOW - HOUR))


def _key_lost_after(world: World, _record: Record, _acts: Acts) -> None:
    revoke(world, "ben", write_instant(NOW + HOUR))


def _proposers_key_lost_before(world: World, _record: Record, _acts: Acts) -> None:
    revoke(world, "ana", write_instant(NOW - HOUR))


def _approver_left(world: World, _record: Record, _acts: Acts) -> None:
    keep(world, world.edited(path(person("ben", "")), state="retired"))


def _team_changed(world: World, _record: Record, _acts: Acts) -> None:
    keep(world, world.edited("records/teams/it.yaml", members=["ana", "dora"]))


def _rule_stricter(world: World, _record: Record, _acts: Acts) -> None:
    rules(world, seats=[{"roles": ["keeper"], "count": 2}], expires_after="1d")


def _rule_gone(world: World, _record: Record, _acts: Acts) -> None:
    keep(world, world.edited(path(CHANGES), rules=[{"id": "standard", "when": {"type": "standard"}} | NOBODY]))


def _frozen(world: World, _record: Record, _acts: Acts) -> None:
    world.put(freeze(write_instant(LATER - 2 * HOUR), write_instant(LATER + DAY)))
    world.force()


def _frozen_elsewhere(world: World, _record: Record, _acts: Acts) -> None:
    world.put(freeze(write_instant(LATER - 2 * HOUR), write_instant(LATER + DAY), scope={"service": "portal"}))
    world.force()


def _act_unreadable(world: World, record: Record, _acts: Acts) -> None:
    world.write({f"records/approvals/{record['id']}/APR-{record['id'][4:12]}-0000A.yaml": "id: [\n"})
    world.force()


EVENTS = [
    Event(_nothing, False), Event(_nothing, True, NOW + 12 * HOUR), Event(_nothing, True, NOW + 4 * DAY),
    Event(_nothing, True, NOW + 40 * DAY), Event(_withdrawn, True), Event(_refused, True),
    Event(_refused_and_withdrawn, False), Event(_proposal_withdrawn, True), Event(_key_lost_before, True),
    Event(_key_lost_after, False), Event(_proposers_key_lost_before, True), Event(_approver_left, False),
    Event(_team_changed, False), Event(_rule_stricter, False), Event(_rule_gone, False), Event(_frozen, True),
    Event(_frozen_elsewhere, False), Event(_act_unreadable, True),
]  # fmt: skip
OUTCOME = {"outcome": {"code": "successful"}}


def _steps(record: Record, at: datetime) -> dict[str, tuple[Record, bool]]:
    """What may come next, and whether work begins with it. Entries are as old as a minute by the clock of the check."""
    minutes = (NOW - at).total_seconds() / 60 + 1

    def after(*states: str, **more: str) -> Record:
        found = record
        for number, state in enumerate(states):
            found = with_entry(found, minutes - number / 10, state=state, **more)
        return found

    return {
        "implement": (after("implementing"), True),
        "implement and evaluate": (after("implementing", "evaluation") | OUTCOME, True),
        "implement and close": (after("implementing", "closed") | OUTCOME, True),
        "note": (with_entry(record, minutes, note="We wait."), False),
        "tag": (record | {"tags": ["certificates"]}, False),
        "cancel": (after("cancelled", reason="Not now."), False),
        "revise": (after("draft", reason="Another window.") | {"revision": 2}, False),
    }


@pytest.mark.parametrize("event", EVENTS, ids=lambda each: f"{each.happens.__name__[1:]} {each.at - NOW}")
def test_A240_work_begins_only_on_what_still_stands_and_nothing_else_is_held_up(world: World, event: Event) -> None:
    record = change(window=window(-DAY, 3 * DAY))
    acts = entered(world, record, "ben")
    event.happens(world, record, acts)
    told = {}
    for name, (after, begins) in _steps(record, event.at).items():
        world.put(after)
        push = world.offer(now=event.at)
        assert push.landed is not (event.stops and begins), (name, push.said)
        told[name] = push.said
    if event.stops:
        assert all("APR00" in told[name] for name in told if name.startswith("implement")), told
