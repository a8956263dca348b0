"""Times of sources: forms, order of day and month, zones, and what can't be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.loss import LossSort
from itsm_as_code.importers.loss import Losses
from itsm_as_code.importers.stamp import Stamps, day_first
from tests.importers.samples import LISBON, options


def read(stamp: str, **more: Any) -> tuple[datetime | None, Losses]:
    losses = Losses()
    return Stamps(options(**more), losses).read(stamp, "opened_at"), losses


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("29/2/2016 01:16", datetime(2016, 2, 29, 1, 16, tzinfo=UTC)),
        ("29.2.16 01:16:05", datetime(2016, 2, 29, 1, 16, 5, tzinfo=UTC)),
        ("2016-12-14 02:46:44", datetime(2016, 12, 14, 2, 46, 44, tzinfo=UTC)),
        ("2016-12-14T2:46:44Z", datetime(2016, 12, 14, 2, 46, 44, tzinfo=UTC)),
        ("2024-12-27T09:43:40.482Z", datetime(2024, 12, 27, 9, 43, 40, tzinfo=UTC)),
        ("2016-12-14T02:46:44+0100", datetime(2016, 12, 14, 1, 46, 44, tzinfo=UTC)),
        ("2022-06-13T08:30:00-00:00", datetime(2022, 6, 13, 8, 30, tzinfo=UTC)),
        ("3/4/2016 12:05 AM", datetime(2016, 4, 3, 0, 5, tzinfo=UTC)),
        ("3/4/2016 12:05 pm", datetime(2016, 4, 3, 12, 5, tzinfo=UTC)),
    ],
)
def test_a_stamp_is_read_in_the_forms_that_exports_use(stamp: str, expected: datetime) -> None:
    assert read(stamp, dayfirst=True)[0] == expected


def test_the_month_comes_first_where_that_is_said() -> None:
    assert read("3/4/2016 10:00", dayfirst=False)[0] == datetime(2016, 3, 4, 10, tzinfo=UTC)


def test_a_local_time_is_read_in_the_zone_that_is_named() -> None:
    assert read("1/7/2016 10:00", dayfirst=True, zone=LISBON)[0] == datetime(2016, 7, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "stamp", ["31/2/2016 10:00", "2016-13-01", "2016-01-01 25:00", "soon", "0001-01-01", "1/1/1970"]
)
def test_a_time_that_cannot_be_is_reported_and_not_invented(stamp: str) -> None:
    found, losses = read(stamp, dayfirst=True)
    assert found is None
    assert [
        (loss.sort, loss.count, loss.examples) for loss in losses.report("x").losses if loss.sort is LossSort.DROPPED
    ] == [(LossSort.DROPPED, 1, (stamp,))]


def test_a_time_in_the_future_is_reported_and_not_used() -> None:
    found, losses = read("2027-01-01 10:00")
    assert found is None
    assert losses.report("x").losses[0].why == "In the future."


def test_a_time_that_the_clock_skipped_is_read_and_reported() -> None:
    found, losses = read("27/3/2016 01:30", dayfirst=True, zone=LISBON)
    assert found == datetime(2016, 3, 27, 1, 30, tzinfo=UTC)
    assert "skipped" in losses.report("x").losses[0].why


def test_a_time_that_the_clock_showed_twice_is_the_earlier_one_and_reported() -> None:
    found, losses = read("30/10/2016 01:30", dayfirst=True, zone=LISBON)
    assert found == datetime(2016, 10, 30, 0, 30, tzinfo=UTC)
    assert "twice" in losses.report("x").losses[0].why


def test_a_time_without_zone_asks_for_one() -> None:
    with pytest.raises(UsageFault) as fault:
        read("2016-12-14 02:46:44", zone=None)
    assert "--timezone" in str(fault.value.hint)


def test_a_time_with_an_offset_needs_no_zone() -> None:
    assert read("2016-12-14T02:46:44+01:00", zone=None)[0] is not None


def test_a_day_that_may_be_a_month_asks_for_the_order() -> None:
    with pytest.raises(UsageFault) as fault:
        read("3/4/2016 10:00")
    assert "--dayfirst" in str(fault.value.hint)


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        (["3/4/2016", "31/12/2016"], True),
        (["3/4/2016", "12/31/2016"], False),
        (["3/4/2016"], None),
        (["31/12/2016", "12/31/2016"], None),
        (["2016-12-31"], None),
    ],
)
def test_a_day_above_twelve_proves_the_order_unless_it_is_contradicted(
    stamps: list[str], expected: bool | None
) -> None:
    assert day_first(stamps) is expected
