"""What the hook lets in is not called wrong later by a clock, wherever the edge of a right lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from itsm_as_code.app.checking.audit import audit
from itsm_as_code.app.checking.push_gate import Update, judge_push
from itsm_as_code.domain.errors import Refused
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.rule import Severity
from tests.app.approvals.worlds import Local, found_locally, with_keys
from tests.approvals.records import NOW, Record, change, incident, person, text
from tests.approvals.test_freezes import freeze
from tests.approvals.world import MAIN
from tests.checkouts import checkout_at

EDGE = NOW
MIDNIGHT = datetime.combine(NOW, time(), UTC)
LONG_AGO = NOW - timedelta(days=60)


def off(edge: datetime = EDGE, **later: float) -> str:
    return write_instant(edge + timedelta(**later))


# Each edge: what base holds, and what the step brings. The right begins or ends at the edge.


def with_keys_of_ben(world: Local, **fields: Any) -> None:
    world.put(person("ben", world.public("ben"), keys=[{"key": world.public("ben")} | fields]))


def approved_by(world: Local, by: str = "ben", when: str = off(hours=-30), **fields: Any) -> None:
    record = change()
    world.put(record)
    world.act("ana", "proposed", record, at=off(hours=-30))
    world.act(by, "approved", record, at=when, **fields)


def delegated(world: Local, **term: str) -> None:
    term = {"from": off(days=-9), "until": off(days=9)} | term
    world.put(person("ben", world.public("ben"), delegate=term | {"to": "eve"}))


def emergency(world: Local, day: datetime, when: str) -> None:
    own: Record = {
        "id": f"CHG-{day:%Y%m%d}-4N1GT", "type": "emergency", "incident": incident("1NC01", "P1")["id"],
        "timeline": [{"at": when, "by": "ana", "state": "implementing"}],
    }  # fmt: skip
    record = change(state="implementing") | own
    del record["window"]
    world.put(record)
    world.act("ana", "proposed", record, at=off(hours=-30))
    world.act("dora", "approved", record, at=off(hours=-30))


def in_debt(world: Local) -> None:
    emergency(world, EDGE - timedelta(days=5), off(days=-5))


def nothing(world: Local) -> None:
    """Base is as it was founded."""


def suppressed(world: Local) -> None:
    until = f"{MIDNIGHT - timedelta(days=1):%Y-%m-%d}"
    entry = {"code": "ID002", "reason": "It is being sorted out.", "until": until}
    world.write({"itsm.yaml": (world.ws / "itsm.yaml").read_bytes() + text({"suppress": [entry]}, "itsm.yaml")})


def misplaced(world: Local) -> None:
    world.write({"records/notes.txt": "To be sorted out.\n"})


EDGES: dict[str, tuple[Callable[[Local], None], Callable[[Local], None], datetime]] = {
    "a key begins": (lambda w: with_keys_of_ben(w, valid_from=off()), approved_by, EDGE),
    "a key ends": (lambda w: with_keys_of_ben(w, valid_until=off()), approved_by, EDGE),
    "a key is revoked": (
        lambda w: with_keys_of_ben(w, revoked={"since": off(), "reason": "Lost."}), approved_by, EDGE,
    ),
    "a delegation begins": (
        lambda w: delegated(w, **{"from": off()}), lambda w: approved_by(w, "eve", on_behalf_of="ben"), EDGE,
    ),
    "a delegation ends": (
        lambda w: delegated(w, until=off()), lambda w: approved_by(w, "eve", on_behalf_of="ben"), EDGE,
    ),
    "an approval expires": (nothing, lambda w: approved_by(w, when=off(days=-30)), EDGE),
    "an act is dated ahead": (nothing, lambda w: approved_by(w, when=off()), EDGE),
    "an emergency grows too old": (
        nothing, lambda w: emergency(w, MIDNIGHT - timedelta(days=31), off(MIDNIGHT, hours=-30)), MIDNIGHT,
    ),
    "an emergency is of a day to come": (
        nothing, lambda w: emergency(w, MIDNIGHT + timedelta(days=1), off(MIDNIGHT, hours=-30)), MIDNIGHT,
    ),
    "a freeze begins": (
        lambda w: w.put(freeze(off(), off(days=3))), lambda w: emergency(w, EDGE, off(hours=-30)), EDGE,
    ),
    "a review falls due": (in_debt, approved_by, EDGE),
    "a suppression ends": (suppressed, misplaced, MIDNIGHT),
}  # fmt: skip


@dataclass
class Line:
    """A repository without a hook, in which steps are dated and judged as a test says. `base` and `head` are trees."""

    world: Local
    genesis: str
    base: str
    head: str

    def commit(self, tree: str, parent: str, dated: datetime) -> str:
        stamp = {"GIT_AUTHOR_DATE": write_instant(dated), "GIT_COMMITTER_DATE": write_instant(dated)}
        return self.world.git("commit-tree", tree, "-p", parent, "-m", "step", extra=stamp)

    def step(self, before: datetime, dated: datetime) -> tuple[str, str]:
        """Base, the tip of which is dated `before`, and a step from it."""
        base = self.commit(self.base, self.genesis, before)
        return base, self.commit(self.head, base, dated)

    def accepts(self, base: str, new: str, now: datetime) -> bool:
        self.world.git("update-ref", MAIN, base)  # the hook judges a step from the tip that is there
        try:
            report = judge_push(self.world.ws, [Update(base, new, MAIN)], MAIN, None, now, {})
        except Refused:
            return False
        assert report is not None
        return not any(each.severity is Severity.ERROR for each in report.findings)

    def faults(self, base: str, new: str, now: datetime) -> list[str]:
        """What an audit of the step says, from base on and with the line before it."""
        checkout = checkout_at(self.world.ws, now)
        found = audit(checkout, base, new, None)
        checkout.close()
        return [fault.finding.message for fault in found.faults]


def line_of(folder: Path, edge: str) -> Line:
    """A line in which one right has its edge. Everything that base holds is there from the first commit on."""
    prepare, bring, _ = EDGES[edge]
    with_keys(folder)
    world = Local(folder)
    found_locally(world)
    prepare(world)
    world.git("add", "--all")
    stamp = write_instant(LONG_AGO)
    world.git("commit", "--quiet", "--amend", "--no-edit", extra={"GIT_COMMITTER_DATE": stamp})
    genesis, base = world.git("rev-parse", "HEAD"), world.git("rev-parse", "HEAD^{tree}")
    bring(world)
    world.git("add", "--all")
    return Line(world, genesis, base, world.git("write-tree"))


@pytest.fixture(scope="module", params=EDGES)
def edged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Line, datetime]:
    return line_of(tmp_path_factory.mktemp("edge"), request.param), EDGES[request.param][2]


AROUND = [timedelta(hours=-20), timedelta(hours=-1), timedelta(minutes=-4), timedelta(seconds=-1), timedelta(0)]
AROUND += [-each for each in AROUND[:-1]]
BEFORE = [timedelta(hours=-23), timedelta(hours=-2), timedelta(minutes=-2), timedelta(0), timedelta(minutes=4)]
LATER = [timedelta(0), timedelta(seconds=1), timedelta(minutes=7), timedelta(days=2), timedelta(days=400)]


@given(
    around=st.sampled_from(AROUND), dated=st.sampled_from(BEFORE), line=st.sampled_from(BEFORE),
    later=st.sampled_from(LATER),
)  # fmt: skip
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_the_hook_accepts_no_audit_calls_wrong_by_a_clock(
    edged: tuple[Line, datetime], around: timedelta, dated: timedelta, line: timedelta, later: timedelta
) -> None:
    made, edge = edged
    now = edge + around
    base, new = made.step(now + line, now + dated)
    if made.accepts(base, new, now):
        assert made.faults(base, new, now + later) == []


def test_each_edge_lets_a_step_in_on_one_side_and_none_on_the_other(edged: tuple[Line, datetime]) -> None:
    """Without this, the property would hold in vain."""
    made, edge = edged
    answers = set()
    for now in (edge - timedelta(minutes=6), edge):
        base, new = made.step(now - timedelta(hours=26), now)
        answers.add(made.accepts(base, new, now))
        assert made.accepts(base, new, now) is (made.faults(base, new, now) == [])
    assert answers == {True, False}


def test_the_date_of_a_commit_moves_no_edge(edged: tuple[Line, datetime]) -> None:
    """Whatever the writer writes as date, what is let in holds at the hook's own clock too."""
    made, edge = edged
    for now in (edge - timedelta(minutes=6), edge):
        honest = made.accepts(*made.step(now - timedelta(hours=26), now), now)
        for dated in BEFORE:
            assert honest or not made.accepts(*made.step(now - timedelta(hours=26), now + dated), now)
