"""An exception ends when its freeze asks for more than when it was granted; people who left since are no reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.approvals.records import Record, begun, change, path, person
from tests.approvals.test_freezes import GATE, REASON, ahead, freeze, frozen, granted, refused
from tests.approvals.world import World

HOUR = {"start": ahead(minutes=-30), "end": ahead(hours=4)}


@pytest.fixture
def excepted(world: World) -> tuple[World, Record]:
    """A change in a freeze, whose window is open, with an exception that cleo granted; both have landed."""
    frozen(world, start=ahead(days=-1))
    record = change(freeze_exception=REASON, window=HOUR)
    world.put(record)
    world.approved(record, "ben")
    granted(world, record, "cleo")
    world.land()
    return world, record


def edited(world: World, **fields: Any) -> None:
    """Edits the freeze on base, which needs nobody here."""
    world.put(world.edited(path(freeze()), **fields))
    world.land()


def cleo_left(world: World) -> None:
    left = world.edited(path(person("cleo", "")), state="retired")
    world.put(left)
    world.approved(left, "dora")
    world.land()


TIGHTER = {
    "one more": {"exceptions": [{"roles": ["keeper"], "count": 2}]},
    "others": {"exceptions": [{"people": ["dora"]}]},
    "others besides": {"exceptions": [{"roles": ["keeper"]}, {"teams": ["it"]}]},
    "a review on the forge": {"exceptions": [{"roles": ["keeper"], "evidence": "review"}]},
    "nobody": {"exceptions": []},
}


@pytest.mark.parametrize("fields", TIGHTER.values(), ids=TIGHTER)
def test_A175_an_exception_of_laxer_seats_does_not_let_work_begin(
    excepted: tuple[World, Record], fields: dict[str, Any]
) -> None:
    world, record = excepted
    edited(world, **fields)
    world.put(begun(record))
    refused(world.step(), f"at gate {GATE}: ")


CHANGED = {
    "longer": {"until": ahead(days=20)},
    "earlier": {"from": ahead(days=-2)},
    "of another scope": {"scope": {"service": "mail"}},
    "tighter and back in part": {"exceptions": [{"people": ["cleo"]}]},
}


@pytest.mark.parametrize("fields", CHANGED.values(), ids=CHANGED)
def test_A175_who_left_granted_no_exception_from_a_freeze_that_was_changed(
    excepted: tuple[World, Record], fields: dict[str, Any]
) -> None:
    world, record = excepted
    edited(world, **fields)
    cleo_left(world)
    world.put(begun(record))
    refused(world.step(), f"at gate {GATE}: ")


def test_the_people_whom_the_tighter_freeze_names_grant_it_again(excepted: tuple[World, Record]) -> None:
    world, record = excepted
    edited(world, exceptions=[{"roles": ["keeper"], "count": 2}])
    world.act("dora", "approved", record, gate=GATE)
    world.land("dora")
    world.put(begun(record))
    world.land()


def test_what_was_granted_again_outlives_the_grantors_leaving_too(excepted: tuple[World, Record]) -> None:
    world, record = excepted
    edited(world, exceptions=[{"roles": ["keeper"], "count": 2}])
    world.act("dora", "approved", record, gate=GATE)
    world.land("dora")
    cleo_left(world)
    world.put(begun(record))
    world.land()


@pytest.mark.parametrize(
    "fields", [{"title": "The end of the year"}, {"reason": "The books are closed."}], ids=["title", "reason"]
)
def test_a_typing_error_that_is_mended_in_the_freeze_ends_no_exception(
    excepted: tuple[World, Record], fields: dict[str, Any]
) -> None:
    world, record = excepted
    edited(world, **fields)
    cleo_left(world)
    world.put(begun(record))
    world.land()


def test_a_freeze_that_was_tightened_and_is_as_it_was_again_ends_no_exception(
    excepted: tuple[World, Record],
) -> None:
    world, record = excepted
    edited(world, exceptions=[{"people": ["dora"]}])
    edited(world, exceptions=[{"roles": ["keeper"]}])
    cleo_left(world)
    world.put(begun(record))
    world.land()


def test_a_laxer_freeze_keeps_the_exceptions_of_those_who_are_there(excepted: tuple[World, Record]) -> None:
    world, record = excepted
    edited(world, exceptions=[{"roles": ["keeper"], "people": ["ben"]}], until=ahead(days=2))
    world.put(begun(record))
    world.land()
