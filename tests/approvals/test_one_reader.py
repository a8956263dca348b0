"""The gate reads a record as everybody else does, however its values are written."""

from __future__ import annotations

from typing import Any

import pytest

from tests.approvals.records import Record, at, change, path, request
from tests.approvals.world import World

MARK = {"name": "Ada", "contact": "ada@example.org"}
SPELLINGS: list[tuple[Any, Any]] = [
    (MARK, {"contact": "ada@example.org", "name": "Ada"}),
    ({"name": "Ada"}, {"name": "Ada"}),
    ("ana", "ana"),
]
"""Who made an entry, and who takes it back: the same person, written in the same way or in another."""


def _taken_back(state: str, who: tuple[Any, Any], instant: str) -> list[Record]:
    """An entry, and another of the same person that takes it back."""
    return [
        {"at": instant, "by": who[0], "state": state},
        {"at": at(minutes=1), "by": who[1], "void": instant},
    ]


@pytest.mark.parametrize("who", SPELLINGS, ids=["keys in another order", "a map", "a person"])
@pytest.mark.parametrize("instants", [("2026-11-20T10:00:00Z", "2026-11-20T11:00:00+01:00"), (None, None)])
def test_A201_a_change_that_is_scheduled_for_readers_is_scheduled_for_the_gate(
    world: World, who: tuple[Any, Any], instants: tuple[str | None, str | None]
) -> None:
    """Written so that a reader who compares texts takes it for a draft."""
    record = change()
    hidden = _taken_back("draft", who, instants[0] or at(minutes=30))
    hidden[1]["void"] = instants[1] or hidden[1]["void"]
    record["timeline"] = [{"at": at(days=300), "by": "ana", "state": "scheduled"}, *hidden]
    world.put(record)
    push = world.offer()
    assert not push.landed and "APR001" in push.said


@pytest.mark.parametrize("who", SPELLINGS, ids=["keys in another order", "a map", "a person"])
def test_a_slip_that_was_taken_back_needs_nobody(world: World, who: tuple[Any, Any]) -> None:
    record = change(state="draft")
    record["timeline"] += _taken_back("scheduled", who, at(minutes=30))
    world.put(record)
    push = world.offer()
    assert push.landed, push.said


@pytest.mark.parametrize("who", SPELLINGS, ids=["keys in another order", "a map", "a person"])
def test_A201_a_request_that_is_under_way_for_readers_is_so_for_the_gate(world: World, who: tuple[Any, Any]) -> None:
    record = request("laptop")
    record["timeline"] += [
        {"at": at(minutes=50), "by": "ana", "state": "cancelled", "reason": "Not needed."},
    ]
    record["timeline"][-1]["by"] = who[0]
    record["timeline"].append({"at": at(minutes=1), "by": who[1], "void": at(minutes=50)})
    world.put(record)
    push = world.offer()
    assert not push.landed and "APR001" in push.said


@pytest.mark.parametrize("who", SPELLINGS, ids=["keys in another order", "a map", "a person"])
def test_A201_a_refusal_stops_work_that_begins_in_whatever_writing(world: World, who: tuple[Any, Any]) -> None:
    record = change()
    world.put(record)
    world.approved(record, "ben")
    world.land()
    world.act("cleo", "refused", record)
    world.land("cleo")
    begun = {**record, "timeline": [*record["timeline"], {"at": at(minutes=20), "by": "ana", "state": "implementing"}]}
    begun["timeline"] += _taken_back("draft", who, at(minutes=10))
    world.put(begun)
    push = world.offer()
    assert not push.landed and "APR002" in push.said


@pytest.mark.parametrize(
    "timeline",
    [
        "[]", "[1]", "{}", "x", "[{at: x, by: ana, state: scheduled}]", "[{by: ana, state: draft}]",
        "[{at: 2026-11-20T10:00:00Z, by: ana, state: [scheduled]}]",
        "[{at: 2026-11-20T10:00:00Z, by: ana, state: scheduled, void: x}]",
    ],
)  # fmt: skip
def test_A201_a_record_that_can_be_read_in_no_way_passes_no_gate(world: World, timeline: str) -> None:
    """The check refuses it, and if it is forced past the check, the audit finds a gate that nobody opened."""
    record = change(state="draft")
    world.put(record)
    found = world.ws / path(record)
    lines = found.read_text("utf-8").split("timeline:")[0]
    found.write_text(f"{lines}timeline: {timeline}\n", encoding="utf-8")
    push = world.offer()
    assert not push.landed and "SCH" in push.said
    world.force()
    audit = world.itsm("check", "--history")
    assert audit.returncode == 1 and "APR" in audit.stdout
