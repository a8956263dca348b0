"""Which faults stand while history is walked, and by which base people ratify them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from itsm_as_code.app.approvals.opened_step import open_step
from itsm_as_code.app.approvals.ratification import BypassedGate
from itsm_as_code.app.checking.audit import unratified
from itsm_as_code.app.checking.landing import trusted_faults
from itsm_as_code.app.checking.standing_faults import StandingFaults
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.domain.approval.audit import AuditFault
from itsm_as_code.git.history import commit_of
from itsm_as_code.git.repository import Repository, open_repository
from tests.app.approvals.worlds import Local
from tests.approvals.records import NOW, change, path, team
from tests.approvals.world import act_id

JOINED = team("it", "ana", "ben", "dora", "robo", "eve")


@pytest.fixture
def repository(local: Local) -> Iterator[Repository]:
    with open_repository(local.ws) as opened:
        yield opened


def walked(local: Local, repository: Repository) -> StandingFaults:
    """The faults that stand at main, when every step after the first was looked at."""
    first, *commits = local.git("rev-list", "--reverse", "--first-parent", "main").split()
    standing = StandingFaults(repository, first)
    for oid in commits:
        commit = commit_of(repository, oid)
        opened = open_step(repository, commit.parents[0], oid, NOW)
        faults = [AuditFault(finding) for finding in trusted_faults(opened)]
        standing.ratify(oid, opened)
        results = [each for each in opened.gate_results if not each.verdict.is_open]
        standing.add(commit, NOW, faults, [BypassedGate.of(oid, each, opened.evaluator) for each in results])
    return standing


def forced(local: Local, *records: dict[str, object]) -> str:
    local.put(*records)
    return local.commit()


def test_nothing_stands_where_nothing_went_past(local: Local, repository: Repository) -> None:
    local.write({"notes.txt": "x"})
    local.land()
    standing = walked(local, repository)
    assert (standing.any(), list(standing.faulty()), list(standing.unratified())) == (False, [], [])


def test_a_bypass_is_ratified_by_the_base_before_the_oldest_step_that_stands(
    local: Local, repository: Repository
) -> None:
    first = forced(local, JOINED)
    second = forced(local, change())
    (one, other) = walked(local, repository).unratified()
    assert [(each.bypassed.commit, each.oldest) for each in (one, other)] == [(first, first), (second, first)]
    assert one.before == one.before_oldest == other.before_oldest == local.git("rev-parse", f"{first}^")
    assert other.before == first and (one.rewritten, other.rewritten) == (False, False)


def test_what_is_ratified_stands_no_more_and_says_which_commit_closed_it(local: Local, repository: Repository) -> None:
    forced(local, change())
    local.act("ben", "approved", change(), gate="ratify")
    closing = local.commit()
    standing = walked(local, repository)
    assert not standing.any() and not list(standing.unratified())
    assert [step.closed_by for step in standing.faulty()] == [closing]


def test_a_step_with_another_fault_stands_though_its_gate_is_ratified(local: Local, repository: Repository) -> None:
    where = next(local.ws.glob("records/incidents/*/*/*.yaml")).relative_to(local.ws).as_posix()
    local.write({where: None})
    forced(local, change())
    local.act("ben", "approved", change(), gate="ratify")
    local.commit()
    standing = walked(local, repository)
    assert standing.any() and not list(standing.unratified())
    assert [step.closed_by for step in standing.faulty()] == [None]


def test_of_a_subject_whose_acts_were_rewritten_nothing_is_ratified(local: Local, repository: Repository) -> None:
    forced(local, change())
    refusal = local.act("dora", "refused", change(), gate="ratify")
    local.commit()
    local.write({refusal: (local.ws / refusal).read_bytes() + b"comment: No.\n"})
    local.commit()
    local.act("ben", "approved", change(), gate="ratify")
    local.commit()
    assert [each.rewritten for each in walked(local, repository).unratified() if each.bypassed.name == change()["id"]]


def test_an_act_that_is_laid_out_anew_was_not_rewritten(local: Local, repository: Repository) -> None:
    forced(local, change())
    act = local.act("dora", "approved", change(), gate="edit")
    local.commit()
    local.write({act: (local.ws / act).read_bytes() + b"# Noted.\n"})
    local.commit()
    local.act("ben", "approved", change(), gate="ratify")
    local.commit()
    assert change()["id"] not in [each.bypassed.name for each in walked(local, repository).unratified()]


def test_the_whole_history_of_a_checkout_is_walked(local: Local) -> None:
    forced(local, change())
    checkout: Checkout = local.seat("ben")
    (found,) = unratified(checkout)
    checkout.close()
    assert (found.bypassed.path, found.bypassed.gate) == (path(change()), "scheduled")


def test_a_faulty_step_is_told_as_its_commit_has_it(local: Local, repository: Repository) -> None:
    oid = forced(local, change())
    (found,) = walked(local, repository).faulty()
    said = local.git("log", "-1", "--format=%cn <%ce>%n%s", oid).splitlines()
    assert [found.commit, found.committer, found.subject, found.landed_at] == [oid, *said, NOW]
    assert [each.finding.path for each in found.faults] == [path(change())]


def test_of_two_bypasses_in_one_step_each_is_ratified_by_itself(local: Local, repository: Repository) -> None:
    one, other = change(), change(number="5NRM1")
    forced(local, one, other)
    ratified = local.act("ben", "approved", one, gate="ratify")
    local.commit()
    standing = walked(local, repository)
    (step,) = standing.faulty()
    assert {each.finding.path: each.ratified_by for each in step.faults} == {
        path(one): (act_id(ratified),), path(other): ()
    }  # fmt: skip
    assert [each.bypassed.name for each in standing.unratified()] == [other["id"]] and standing.any()


def test_the_oldest_step_is_the_oldest_of_those_that_nobody_ratified(local: Local, repository: Repository) -> None:
    forced(local, change())
    local.act("ben", "approved", change(), gate="ratify")
    local.commit()
    second = forced(local, change(number="5NRM1"))
    (found,) = walked(local, repository).unratified()
    assert (found.bypassed.commit, found.oldest) == (second, second)
