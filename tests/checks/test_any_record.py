"""Whatever a model accepts, checks read: they never raise, and what they say can be shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from itsm_as_code.checks.catalogue import RULES
from itsm_as_code.checks.registry import Context
from itsm_as_code.checks.run import check_record
from itsm_as_code.domain.finding import Finding, in_order
from itsm_as_code.domain.ids import path_of
from itsm_as_code.domain.kinds import KINDS
from tests.checks.memory import as_files, entry, incident, look, look_at_step, snapshot_of
from tests.checks.strategies import records
from tests.checks.workspace import NOW

HURRIED = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
SNAPSHOT = snapshot_of(as_files(incident()))


def assert_can_be_shown(finding: Finding) -> None:
    assert finding.code in RULES
    assert finding.message and "\n" not in finding.message
    assert len(finding.message) <= 400
    assert finding.field == () or isinstance(finding.field[0], str)


@pytest.mark.parametrize("kind", KINDS)
def test_no_check_stumbles_over_a_record_that_its_model_accepts(kind: str) -> None:
    seen = 0

    @HURRIED
    @given(records(kind))
    def judge(record: Any) -> None:
        nonlocal seen
        seen += 1
        for finding in check_record(record, path_of(kind, record.id), Context(SNAPSHOT, NOW)):
            assert_can_be_shown(finding)

    judge()
    assert seen >= 10


ENTRIES = st.fixed_dictionaries(
    {"at": st.sampled_from([f"2026-11-21T08:{minute:02}:00Z" for minute in range(0, 20, 5)]),
     "by": st.sampled_from(["ana", "ben"])},
    optional={
        "state": st.sampled_from(["new", "in_progress", "on_hold", "resolved", "closed", "cancelled"]),
        "void": st.sampled_from([f"2026-11-21T08:{minute:02}:00Z" for minute in range(0, 20, 5)]),
        "note": st.sampled_from(["a", "b"]),
        "public": st.sampled_from(["a", "b"]),
        "reason": st.just("Waits."),
        "impact": st.sampled_from(["high", "low"]),
        "urgency": st.sampled_from(["high", "low"]),
        "priority": st.sampled_from(["P1", "P3", "P5"]),
        "imported": st.just(True),
        "redacted": st.just({"by": "ana", "at": "2026-11-21T09:00:00Z", "reason": "A name."}),
    },
)  # fmt: skip
TIMELINES = st.lists(ENTRIES, min_size=1, max_size=6)


@HURRIED
@given(TIMELINES, TIMELINES)
def test_no_check_stumbles_over_a_step_between_any_two_timelines(
    base: list[dict[str, Any]], head: list[dict[str, Any]]
) -> None:
    emails = frozenset({"ana@example.org"})
    for finding in look_at_step(as_files(incident(*base)), as_files(incident(*head)), emails=emails):
        assert_can_be_shown(finding)


@HURRIED
@given(TIMELINES, st.lists(ENTRIES, max_size=3))
def test_appending_is_never_a_rewriting(base: list[dict[str, Any]], more: list[dict[str, Any]]) -> None:
    found = look_at_step(as_files(incident(*base)), as_files(incident(*base, *more)))
    assert "LIF021" not in {finding.code for finding in found}


@HURRIED
@given(TIMELINES, TIMELINES)
def test_a_timeline_that_is_no_supersequence_of_base_is_always_found(
    base: list[dict[str, Any]], head: list[dict[str, Any]]
) -> None:
    """An oracle that tries all ways: base without texts and tombstones must occur in head in order."""
    found = {finding.code for finding in look_at_step(as_files(incident(*base)), as_files(incident(*head)))}
    if not _occurs(base, head):
        assert found & {"LIF021", "LIF031"}


def _occurs(base: list[dict[str, Any]], head: list[dict[str, Any]]) -> bool:
    if not base:
        return True
    return any(_kept(base[0], each) and _occurs(base[1:], head[index + 1 :]) for index, each in enumerate(head))


def _kept(before: dict[str, Any], after: dict[str, Any]) -> bool:
    if before == after:
        return True
    gone = {key for key in ("note", "public") if key in before and key not in after}
    bare = {key: value for key, value in before.items() if key not in gone}
    return bool(gone) and "redacted" not in before and bare == {k: v for k, v in after.items() if k != "redacted"}


@HURRIED
@given(st.randoms(use_true_random=False))
def test_findings_do_not_depend_on_the_order_of_files(random: Any) -> None:
    files = {
        **as_files(*(incident(entry("08:00", state="new", impact="high"), id=f"INC-20261121-{n}{n}{n}{n}{n}",
                              service="portl", aliases={"old": "1"}) for n in range(5))),
        "records/services/payroll.yml": "x", "records/knowledge/b.md": "no front matter", "records/x": "",
        "attachments/b/x.svg": "x", "attachments/c.png": "x",
        "itsm.yaml": json.dumps({"id": "4h7k2m9qx1zt", "schema": 1, "name": "E", "custom_fields": {"x": {}}}),
    }  # fmt: skip
    names = list(files)
    random.shuffle(names)
    assert in_order(look({name: files[name] for name in names})) == in_order(look(files))
