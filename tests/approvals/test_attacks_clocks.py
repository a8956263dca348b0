"""Attacks with the dates of commits, by real pushes: a right counts if it holds by the hook's clock and by that of
audits, so no date gains anything, and nothing that was let in is called wrong later."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.approvals.records import NOW, PEOPLE, Record, at, change, founding, incident, person
from tests.approvals.test_audit import audit
from tests.approvals.test_freezes import ahead, freeze
from tests.approvals.test_independent_verifier import proof, verify
from tests.approvals.world import MAIN, Push, World
from tests.forks.start import forked_python


def dated(instant: str) -> dict[str, str]:
    return {"GIT_AUTHOR_DATE": instant, "GIT_COMMITTER_DATE": instant}


@pytest.fixture
def line(founded: World, tmp_path: Path) -> World:
    """A workspace whose first commit is dated two days ago, and was pushed today."""
    world = World(tmp_path / "line")
    world.folder.mkdir()
    (world.folder / "homes").symlink_to(founded.folder / "homes")
    world.ws.mkdir()
    world.git("init", "--quiet", "--template=", "--initial-branch=main")
    world.write(founding({name: world.public(name) for name in PEOPLE}))
    world.commit(**dated(at(days=2)))
    world.git("init", "--quiet", "--template=", "--bare", "--initial-branch=main", str(world.server))
    world.pin(forked_python())
    push = world.push()
    assert push.landed, push.said
    return world


def based(world: World, *records: Record) -> None:
    """Records that are on base since a day before yesterday."""
    world.put(*records)
    world.commit(**dated(at(days=2)))
    world.git("fetch", "--quiet", str(world.ws), f"+HEAD:{MAIN}", folder=world.server)


def pushed(world: World, instant: str) -> Push:
    """A push of a step that is dated so."""
    world.commit(**dated(instant))
    return world.push()


def again(world: World) -> Push:
    """The same step, committed again now."""
    world.git("commit", "--quiet", "--amend", "--no-edit", "--reset-author")
    return world.push()


def keyed(world: World, **fields: Any) -> Record:
    return person("ben", world.public("ben"), keys=[{"key": world.public("ben")} | fields])


def delegating(world: World, start: str, until: str) -> Record:
    return person("ben", world.public("ben"), delegate={"to": "eve", "from": start, "until": until})


def approved(world: World, by: str = "ben", **fields: Any) -> None:
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    world.act(by, "approved", record, **fields)


def emergency(world: World) -> None:
    about = {"type": "emergency", "incident": incident("1NC01", "P1")["id"]}
    record = change(state="implementing", number="4N1GT", **about)
    del record["window"]
    world.put(record)
    world.approved(record, "dora")


def owed(world: World) -> Record:
    """An emergency whose review falls due in two minutes."""
    since = world.soon(days=-5, minutes=2)
    number = f"CHG-{since[:10].replace('-', '')}-4N1GT"
    about = {"type": "emergency", "incident": incident("1NC01", "P1")["id"], "id": number}
    return change(state="implementing", **about, timeline=[{"at": since, "by": "ana", "state": "implementing"}])


def soon(world: World) -> str:
    """An instant that the hook's clock will not have reached, and the date of a step will have passed."""
    return world.soon(minutes=2)


BEGAN, FAST = at(hours=1), {"minutes": 4, "seconds": 30}
Right = tuple[Callable[[World], list[Record]], Callable[[World], None]]
HELD_SINCE: dict[str, Right] = {
    "a key": (lambda w: [keyed(w, valid_from=BEGAN)], approved),
    "a delegation": (lambda w: [delegating(w, BEGAN, ahead(days=1))], lambda w: approved(w, "eve", on_behalf_of="ben")),
}
HELD_UNTIL: dict[str, Right] = {
    "a key": (lambda w: [keyed(w, valid_until=soon(w))], approved),
    "a key that is revoked": (lambda w: [keyed(w, revoked={"since": soon(w), "reason": "Lost."})], approved),
    "a delegation": (lambda w: [delegating(w, at(days=1), soon(w))], lambda w: approved(w, "eve", on_behalf_of="ben")),
    "an approval": (lambda w: [], lambda w: approved(w, at=w.soon(days=-30, minutes=2))),
    "a calendar without a freeze": (lambda w: [freeze(soon(w), ahead(days=3))], emergency),
    "a team without a debt": (lambda w: [owed(w)], approved),
}


@pytest.mark.parametrize("right", HELD_SINCE)
def test_A214_a_date_before_a_right_began_does_not_land_and_the_same_step_anew_does(line: World, right: str) -> None:
    base, bring = HELD_SINCE[right]
    based(line, *base(line))
    tip = line.tip()
    bring(line)
    push = pushed(line, at(hours=2))
    assert not push.landed and "the time by which audits will judge this commit" in " ".join(push.said.split())
    assert "commit again" in push.said
    push = again(line)
    assert push.landed, push.said
    assert audit(line, "--since", tip)[1]["faulty"] == []


@pytest.mark.parametrize("right", HELD_UNTIL)
def test_A214_a_date_after_a_right_ends_does_not_land_and_the_same_step_anew_does(line: World, right: str) -> None:
    base, bring = HELD_UNTIL[right]
    based(line, *base(line))
    tip = line.tip()
    bring(line)
    push = pushed(line, line.soon(**FAST))
    assert not push.landed and "commit again after" in " ".join(push.said.replace("remote: ", "").split()), push.said
    push = again(line)
    assert push.landed, push.said
    assert audit(line, "--since", tip, "--at", ahead(days=400))[1]["faulty"] == []


def test_A214_the_dates_of_the_line_count_as_the_own_one_does(line: World) -> None:
    """Somebody's clock was four minutes fast: until then a key that ends in two lets nothing in."""
    based(line, keyed(line, valid_until=soon(line)))
    line.write({"notes.txt": "x"})
    push = pushed(line, line.soon(**FAST))
    assert push.landed, push.said
    approved(line)
    push = line.step()
    assert not push.landed and "the key was valid until" in push.said and "commit again after" in push.said


def test_A036_a_first_commit_of_a_day_to_come_is_no_root_of_trust(founded: World, tmp_path: Path) -> None:
    world = World(tmp_path / "line")
    world.folder.mkdir()
    (world.folder / "homes").symlink_to(founded.folder / "homes")
    world.ws.mkdir()
    world.git("init", "--quiet", "--template=", "--initial-branch=main")
    world.write(founding({name: world.public(name) for name in PEOPLE}))
    world.commit(**dated(ahead(days=400)))
    world.git("init", "--quiet", "--template=", "--bare", "--initial-branch=main", str(world.server))
    world.pin(sys.executable)
    push = world.push()
    assert not push.landed and "which is in the future" in push.said


# Beside them: what people do.


def test_work_of_yesterday_lands_and_is_right_for_ever(line: World) -> None:
    """It was committed offline twenty hours ago; ben approved it just now."""
    approved(line)
    push = pushed(line, at(hours=20))
    assert push.landed, push.said
    for later in (at(seconds=0), ahead(days=1), ahead(days=400)):
        code, found = audit(line, "--at", later)
        assert (code, found["faulty"]) == (0, [])
    document = proof(line, change()["id"])
    done = verify(document)
    assert done.code == 0, done.out
    told = line.itsm("approve", change()["id"], who="ben")
    assert "approved" in told.stdout + told.stderr and "ratify" not in told.stdout + told.stderr


def test_what_a_deputy_decided_is_right_after_the_holidays(line: World) -> None:
    based(line, delegating(line, at(days=1), ahead(hours=1)))
    tip = line.tip()
    approved(line, "eve", on_behalf_of="ben")
    push = line.step()
    assert push.landed, push.said
    code, found = audit(line, "--since", tip, "--at", ahead(days=30))
    assert (code, found["faulty"]) == (0, []), json.dumps(found, indent=1)


def test_a_clock_that_is_some_minutes_fast_stops_nobody(line: World) -> None:
    approved(line)
    push = pushed(line, line.soon(minutes=4))
    assert push.landed, push.said
    assert re.search(r"judged at 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", push.said), "the pusher sees the hook's clock"
    line.write({"notes.txt": f"{NOW}"})
    push = line.step()
    assert push.landed, push.said
    assert audit(line)[0] == 0
