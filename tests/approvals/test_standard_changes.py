"""A standard change carries only what its model allows: each field by a push, beside one inside the bounds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.approvals.records import NOW, RESTART, Record, begun, change, path, window
from tests.approvals.test_freezes import refused
from tests.approvals.world import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHOP = {"commits": ["c0ffee1"], "repositories": ["example/shop"]}
NIGHTS: Record = {
    "id": "nights", "kind": "calendar", "schema": 1, "name": "Nights",
    "versions": [{
        "effective_from": "2020-01-01", "time_zone": "UTC",
        "weekly": {day: ["00:00-06:00", "22:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
    }],
}  # fmt: skip


def standard(revision: int = 1, **fields: Any) -> Record:
    return change(type="standard", model={"id": "restart", "revision": revision}, number="5TD01", **fields)


def bounded(world: World, **bounds: Any) -> None:
    """The model is on base with these bounds, at revision 2."""
    world.put(world.edited(path(RESTART), **bounds))
    world.land()


def hours_from(start: int, hours: int) -> Record:
    """A window that begins at an hour of the day after tomorrow."""
    midnight = (NOW + 2 * DAY).replace(hour=0, minute=0, second=0)
    first = midnight + start * HOUR
    return window(NOW - first, first + hours * HOUR - NOW)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"window": window(-2 * DAY, 172 * DAY)}, "windows of at most 24h"),
        ({"window": window(-2 * DAY, 3 * DAY + HOUR)}, "windows of at most 24h"),
        ({"scope": SHOP}, "no commits or repositories"), ({"scope": {"commits": ["c0ffee1"]}}, "no commits"),
        ({"scope": {"repositories": ["example/shop"]}}, "no commits or repositories"),
        ({"outage": {"expected": True, "minutes": 5}}, "no outage"),
        ({"affects": ["service/portal"]}, "service/portal"),
        ({"service": "portal"}, "not for service portal"), ({"risk": {"raised_to": "high"}}, "accepts low risk"),
        ({"team": "cab"}, "not for team cab"), ({"implementer": "eve"}, "eve is not a member"),
        ({"visibility": "public"}, "can't have public"),
        ({"retrospective": {"reason": "Done."}, "state": "closed", "outcome": {"code": "successful"}}, "in advance"),
        ({"plan": {"implementation": "Format it."}}, "the plan differs"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)  # fmt: skip
def test_A241_nothing_is_pre_approved_that_the_model_does_not_name(world: World, fields: Record, words: str) -> None:
    world.put(standard(**fields))
    refused(world.offer(), "APR003", words)


@pytest.mark.parametrize(
    "fields",
    [{}, {"window": window(-2 * DAY, 3 * DAY)}, {"team": "it", "implementer": "ben"}, {"requester": "eve"},
     {"title": "Restart node 2", "reason": "It answers slowly."}, {"outage": {"expected": False}},
     {"affects": ["service/mail"]}, {"tags": ["node-2"], "commits": ["c0ffee1"]}],
    ids=lambda each: next(iter(each), "nothing"),
)  # fmt: skip
def test_what_a_standard_change_says_of_this_one_time_needs_nobody(world: World, fields: Record) -> None:
    world.put(standard(**fields))
    push = world.offer()
    assert push.landed, push.said


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        ({"window": {"longest": "7d"}}, {"window": window(-2 * DAY, 9 * DAY)}, {"window": window(-DAY, 9 * DAY)}),
        ({"window": {"longest": "1h"}}, {"window": window(-2 * DAY, 2 * DAY + HOUR)}, {}),
        ({"scope": {"repositories": ["example/shop"]}}, {"scope": SHOP},
         {"scope": SHOP | {"repositories": ["example/shop", "evil/shop"]}}),
        ({"outage": {"minutes": 5}, "risk": "moderate", "allows": {}}, {"outage": {"expected": True, "minutes": 5}},
         {"outage": {"expected": True, "minutes": 6}}),
        ({"teams": ["cab"]}, {"team": "cab", "implementer": "cleo"}, {"team": "it"}),
        ({"services": ["mail", "portal"], "risk": "moderate", "allows": {}}, {"affects": ["service/portal"]},
         {"affects": ["service/lost"]}),
    ],
    ids=lambda each: next(iter(each), "") if isinstance(each, dict) else "",
)  # fmt: skip
def test_A241_a_model_allows_what_it_names_and_no_more(
    world: World, bounds: Record, inside: Record, outside: Record
) -> None:
    bounded(world, **bounds)
    world.put(standard(2, **inside))
    push = world.offer()
    assert push.landed, push.said
    world.put(standard(2, **outside))
    refused(world.offer(), "APR003", "the change model restart")


def test_A241_a_window_lies_in_the_hours_that_the_model_names(world: World) -> None:
    world.put(NIGHTS)
    world.land()
    bounded(world, window={"longest": "8h", "hours": "nights"})
    world.put(standard(2, window=hours_from(22, 8)))
    push = world.offer()
    assert push.landed, push.said
    for start in (5, 12, 21):
        world.put(standard(2, window=hours_from(start, 2)))
        refused(world.offer(), "in the hours of calendar nights")


def test_A241_bounds_that_are_loosened_in_the_same_step_are_those_of_base(world: World) -> None:
    world.put(world.edited(path(RESTART), scope={"repositories": ["example/shop"]}), standard(1, scope=SHOP))
    refused(world.offer(), "APR003", "no commits or repositories")
    world.put(standard(2, scope=SHOP))
    refused(world.offer(), "APR003", "is at revision 1, but the change names 2")


def test_A241_a_standard_change_that_has_begun_stays_in_its_bounds(world: World) -> None:
    record = standard(window=window(HOUR, 22 * HOUR))
    world.put(record)
    world.land()
    world.put(begun(record))
    world.land()
    for fields in ({"scope": SHOP}, {"window": window(HOUR, 40 * DAY)}, {"outage": {"expected": True, "minutes": 9}}):
        world.put(begun(record) | {"revision": 2} | fields)
        refused(world.offer(), "APR003")
    world.put(begun(record) | {"revision": 2, "window": window(HOUR, 23 * HOUR)})
    push = world.offer()
    assert push.landed, push.said


def test_a_standard_change_begins_in_its_window_although_its_model_was_edited_since(world: World) -> None:
    record = standard(window=window(HOUR, 22 * HOUR))
    world.put(record)
    world.land()
    bounded(world, window={"longest": "1h"}, state="retired")
    world.put(begun(record))
    push = world.offer()
    assert push.landed, push.said


def test_A241_a_standard_change_begins_in_its_window_alone(world: World) -> None:
    record = standard()
    world.put(record)
    world.land()
    world.put(begun(record))
    refused(world.offer(), "APR009", "before its window opens")
