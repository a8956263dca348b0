"""A query that names what does not exist is a slip, and is told as one."""

from __future__ import annotations

import pytest

from itsm_as_code.app.records.known_values import idle_patterns, require_known
from itsm_as_code.domain.condition import fields_of_kind, parse_query
from itsm_as_code.domain.condition.parse import parse_condition
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds.incident import Incident
from itsm_as_code.store.snapshot import TreeSnapshot
from tests.checks.memory import as_files, entry, incident, service, snapshot_of


@pytest.fixture(scope="module")
def records() -> TreeSnapshot:
    gone = incident(entry("08:00", state="new"), service="sold-last-year")
    return snapshot_of(as_files(gone, service()))


def _require(snapshot: TreeSnapshot, *words: str) -> None:
    fields = fields_of_kind(Incident)
    require_known(snapshot, "incident", parse_query(words, fields), fields)


def test_a_record_that_exists_may_be_asked_for(records: TreeSnapshot) -> None:
    _require(records, "service=portal")


def test_a_record_that_does_not_exist_is_told_with_the_nearest_one(records: TreeSnapshot) -> None:
    with pytest.raises(UsageFault, match="there is no service `portla`") as raised:
        _require(records, "service=portla")
    assert raised.value.hint == "did you mean `portal`?"


def test_what_some_record_refers_to_may_be_asked_for_though_it_is_missing(records: TreeSnapshot) -> None:
    _require(records, "service=sold-last-year")


def test_a_pattern_that_fits_nothing_is_told_in_words(records: TreeSnapshot) -> None:
    fields = fields_of_kind(Incident)
    fitting, idle = (parse_condition({"service": {"glob": pattern}}) for pattern in ("port*", "zebra*"))
    assert list(idle_patterns(records, fitting, fields)) == []
    assert list(idle_patterns(records, idle, fields)) == ["no service fits the pattern zebra*"]
