"""A step that is to land is judged by the clock of whoever judges, and by that of audits."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from itsm_as_code.app.approvals.opened_step import open_step
from itsm_as_code.app.checking.landing import counts, judge_genesis, judge_landing, trusted_faults
from itsm_as_code.app.checking.report import Report
from itsm_as_code.checks import approvals, identity
from itsm_as_code.checks.times import IN_THE_FUTURE
from itsm_as_code.domain.errors import Refused
from itsm_as_code.domain.finding import Spot
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.rule import Severity
from itsm_as_code.git.new_trees import LONGEST_PATH
from itsm_as_code.git.repository import open_repository
from itsm_as_code.git.tree import GitTree
from tests.app.approvals.worlds import Local
from tests.approvals.records import NOW, WORKSPACE, change, incident, person, text, with_entry
from tests.checks.workspace import codes

HOUR = timedelta(hours=1)


def dated(instant: datetime) -> dict[str, str]:
    return {"GIT_AUTHOR_DATE": write_instant(instant), "GIT_COMMITTER_DATE": write_instant(instant)}


def founded(local: Local, instant: datetime, **key: str) -> str:
    """The first commit, dated so, in which ben's key has a time."""
    local.put(person("ben", local.public("ben"), keys=[{"key": local.public("ben")} | key]))
    local.git("add", "--all")
    local.git("commit", "--quiet", "--amend", "--no-edit", extra=dated(instant))
    return local.tip()


def judged(local: Local, base: str, now: datetime) -> Report:
    with open_repository(local.ws) as repository:
        return judge_landing(repository, base, local.tip(), now)


def step(local: Local, instant: datetime) -> None:
    local.put(change())
    local.approved(change(), "ben")
    local.commit(**dated(instant))


def test_a_step_that_holds_at_both_times_is_clean(local: Local) -> None:
    base = founded(local, NOW - 9 * HOUR)
    step(local, NOW - 2 * HOUR)
    assert codes(judged(local, base, NOW)) == []


def test_what_audits_would_call_wrong_is_said_with_the_time_and_the_way_out(local: Local) -> None:
    base = founded(local, NOW - 9 * HOUR, valid_from=write_instant(NOW - HOUR))
    step(local, NOW - 2 * HOUR)
    report = judged(local, base, NOW)
    found = report.findings
    assert [each.code for each in found] == ["APR004", "APR001"]
    assert all(each.path in report.sources for each in found), "each is shown with its lines"
    when = write_instant(NOW - 2 * HOUR)
    assert all(f"(at {when}, the time by which audits will judge this commit)" in each.message for each in found)
    assert all((each.help or "").startswith("commit again, so that it is dated anew") for each in found)


def test_a_time_that_is_ahead_is_waited_for(local: Local) -> None:
    end = NOW + timedelta(minutes=1)
    base = founded(local, NOW - 9 * HOUR, valid_until=write_instant(end))
    step(local, NOW + timedelta(minutes=2))
    found = judged(local, base, NOW).findings
    assert f"commit again after {write_instant(NOW + timedelta(minutes=2))}" in (found[0].help or "")


def test_what_is_wrong_now_is_said_as_it_is(local: Local) -> None:
    base = founded(local, NOW - 9 * HOUR, valid_until=write_instant(NOW - HOUR))
    step(local, NOW - 2 * HOUR)
    assert not any("audits" in each.message for each in judged(local, base, NOW).findings)


def test_a_finding_that_no_audit_counts_stops_nothing_at_the_second_time(local: Local) -> None:
    """The change's entry is later than the commit claims to be, which only says how well the record was written."""
    base = founded(local, NOW - 9 * HOUR)
    step(local, NOW - 2 * HOUR)
    assert codes(judged(local, base, NOW)) == []
    assert IN_THE_FUTURE.code in codes(judged(local, base, NOW - 2 * HOUR))


def test_a_first_commit_may_be_old_and_not_of_a_day_to_come(local: Local) -> None:
    with open_repository(local.ws) as repository:
        for instant in (NOW - 999 * HOUR, NOW):
            tree = GitTree(repository, founded(local, instant))
            assert not any(each.severity is Severity.ERROR for each in judge_genesis(repository, tree, NOW).findings)
        with pytest.raises(Refused, match="which is in the future") as raised:
            judge_genesis(repository, GitTree(repository, founded(local, NOW + HOUR)), NOW)
        assert raised.value.hint == "set the clock; git commit --amend --no-edit, or rebase it, and push again"


def test_errors_of_the_families_that_say_who_decided_count() -> None:
    assert counts(Spot("x").finding(approvals.NOT_APPROVED, "a"))
    assert counts(Spot("x").finding(identity.TWO_FILES, "a"))
    assert not counts(Spot("x").finding(approvals.NOT_DURABLE, "a"))
    assert not counts(Spot("x").finding(IN_THE_FUTURE, "a"))


def test_what_is_wrong_at_both_times_is_said_once(local: Local) -> None:
    base = founded(local, NOW - 9 * HOUR)
    local.put(change())
    local.commit(**dated(NOW - 2 * HOUR))
    found = [each for each in judged(local, base, NOW).findings if each.code == "APR001"]
    assert len(found) == 1 and "audits" not in found[0].message


def test_a_warning_does_not_keep_the_second_time_from_being_asked(local: Local) -> None:
    base = founded(local, NOW - 9 * HOUR, valid_from=write_instant(NOW - HOUR))
    record = change(timeline=[{"at": write_instant(NOW - 3 * HOUR), "by": "dora", "state": "scheduled"}])
    local.put(record)
    local.approved(record, "ben")
    local.commit(**dated(NOW - 2 * HOUR))
    found = judged(local, base, NOW).findings
    assert any(each.severity is Severity.WARNING for each in found)
    assert {"APR004", "APR001"} <= {each.code for each in found}


@pytest.mark.parametrize(("minutes", "found"), [(-2, []), (2, ["LIF004"])])
def test_a_first_commit_must_hold_by_the_clock_of_audits_too(local: Local, minutes: int, found: list[str]) -> None:
    """A finding is accepted until midnight, and the clock of who committed it is a little ahead."""
    midnight = (NOW + 24 * HOUR).replace(hour=0, minute=0, second=0)
    accepted = {"code": "LIF004", "reason": "It is old.", "until": NOW.strftime("%Y-%m-%d")}
    local.put(with_entry(incident("1NC07", "P5"), impact="high"))
    local.write({"itsm.yaml": text({"id": WORKSPACE, "schema": 1, "name": "x", "suppress": [accepted]}, "itsm.yaml")})
    committed_at = midnight + timedelta(minutes=minutes)
    first = founded(local, committed_at)
    with open_repository(local.ws) as repository:
        report = judge_genesis(repository, GitTree(repository, first), midnight - timedelta(minutes=1))
    errors = [each for each in report.findings if each.severity is Severity.ERROR]
    assert [each.code for each in errors] == found
    for each in errors:
        assert f"(at {write_instant(committed_at)}, the time by which audits will judge this commit)" in each.message


def test_folders_that_git_reads_in_another_way_are_refused(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    base = founded(local, NOW - 9 * HOUR)
    step(local, NOW - 2 * HOUR)
    asked: list[tuple[str, str]] = []

    def fault(_: object, before: str, after: str) -> str:
        asked.append((before, after))
        return "folder x has two files of one name"

    monkeypatch.setattr("itsm_as_code.git.new_trees.fault_of_new_folders", fault)
    with pytest.raises(Refused, match=r"^folder x has two files of one name: every clone would break$") as raised:
        judged(local, base, NOW)
    assert raised.value.hint == "make the commit with `git add` and `git commit`"
    assert asked == [(base, local.tip())]


def test_a_path_that_is_too_long_is_refused_where_it_is_new_and_may_be_taken_out(local: Local) -> None:
    base = founded(local, NOW - 9 * HOUR)
    long = "/".join(["n" * 100] * (LONGEST_PATH // 100 + 1))
    local.write({long: "x"})
    there = local.commit(**dated(NOW - 2 * HOUR))
    with pytest.raises(Refused) as raised:
        judged(local, base, NOW)
    assert str(raised.value) == f"{long[:59]}… is longer than {LONGEST_PATH} bytes: every clone would break"
    assert raised.value.hint == "choose shorter names"
    local.write({long: None})
    local.commit(**dated(NOW - HOUR))
    assert codes(judged(local, there, NOW)) == []


def test_what_base_accepts_for_a_time_is_no_fault_until_that_is_over(local: Local) -> None:
    accepted = {"code": "LIF004", "reason": "It is old.", "until": NOW.strftime("%Y-%m-%d")}
    local.write({"itsm.yaml": text({"id": WORKSPACE, "schema": 1, "name": "x", "suppress": [accepted]}, "itsm.yaml")})
    base = founded(local, NOW - 9 * HOUR)
    local.put(with_entry(incident("1NC07", "P5"), impact="high"))
    local.commit(**dated(NOW - 2 * HOUR))
    with open_repository(local.ws) as repository:
        opened = open_step(repository, base, local.tip(), NOW)
        assert list(trusted_faults(opened)) == []
        assert [each.code for each in trusted_faults(opened.judged_at(NOW + 48 * HOUR))] == ["LIF004"]
