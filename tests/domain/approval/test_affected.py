"""Which services and tiers a change affects besides its own service: assets name some, services name assets."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.domain.approval.affected import affected_services, affected_tiers
from itsm_as_code.domain.kinds.base import Record
from itsm_as_code.domain.kinds.change import Change
from tests.site.memory import MemorySnapshot, change, make, service


def affecting(*refs: str) -> Change:
    made = change(affects=refs)
    assert isinstance(made, Change)
    return made


def asset(name: str, **fields: Any) -> Record:
    return make("asset", name, name=name, **{"class": "server", **fields})


def test_a_service_is_affected_by_name_whether_it_is_on_base_or_not() -> None:
    base = MemorySnapshot(service("web", tier=2))
    about = affecting("service/web", "service/gone")
    assert list(affected_services(about, base)) == [("service/web", "web"), ("service/gone", "gone")]
    assert affected_tiers(about, base) == {"service/web": 2, "service/gone": None}


def test_an_asset_affects_its_own_service_and_those_that_need_it_each_once() -> None:
    needs = {"depends_on": ["asset/db", "service/login"]}
    base = MemorySnapshot(asset("db", service="web"), service("web", **needs), service("shop", **needs), service("hr"))
    assert list(affected_services(affecting("asset/db"), base)) == [("asset/db", "web"), ("asset/db", "shop")]


def test_an_asset_that_no_service_needs_affects_none_and_one_that_is_not_there_is_unknown() -> None:
    base = MemorySnapshot(asset("spare"), service("web", depends_on=["asset/gone"]))
    about = affecting("asset/spare", "asset/gone")
    assert list(affected_services(about, base)) == [("asset/spare", None), ("asset/gone", None)]
    assert affected_tiers(about, base) == {"asset/gone": None}


@pytest.mark.parametrize(("own", "other"), [(1, 3), (3, 1)])
def test_an_asset_has_the_tier_of_its_most_critical_service(own: int, other: int) -> None:
    base = MemorySnapshot(
        asset("db", service="web"), service("web", tier=own), service("shop", tier=other, depends_on=["asset/db"])
    )
    assert affected_tiers(affecting("asset/db"), base) == {"asset/db": 1}


def test_an_asset_has_no_known_tier_where_one_of_its_services_is_not_on_base() -> None:
    base = MemorySnapshot(asset("db", service="gone"), service("shop", tier=2, depends_on=["asset/db"]))
    assert affected_tiers(affecting("asset/db"), base) == {"asset/db": None}
