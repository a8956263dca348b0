"""Nobody verifies an article in somebody else's name."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.app.approvals.opened_step import open_step
from itsm_as_code.app.approvals.verified_by import findings_of_verifications
from itsm_as_code.domain.finding import Finding
from itsm_as_code.git.repository import open_repository
from tests.app.approvals.worlds import Local
from tests.approvals.records import NOW
from tests.approvals.test_attacks_pages import WHERE, article, put

DAY = NOW.date().isoformat()


@pytest.fixture
def proposal(local: Local) -> Local:
    """A branch on which an article is to be verified that has landed."""
    put(local, article(verified=[{"date": "2026-01-01", "by": "cleo"}]))
    local.commit()
    local.git("switch", "--quiet", "-c", "proposal")
    return local


def findings(local: Local) -> list[Finding]:
    with open_repository(local.ws) as repository:
        return list(findings_of_verifications(open_step(repository, "main", "HEAD", NOW)))


def verified(local: Local, by: Any, who: str) -> list[Finding]:
    put(local, article(verified=[{"date": "2026-01-01", "by": "cleo"}, {"date": DAY, "by": by}]))
    local.commit(who)
    return findings(local)


def test_whoever_committed_it_has_said_so(proposal: Local) -> None:
    assert verified(proposal, "ben", "ben") == []


@pytest.mark.parametrize("by", ["dora", "zoe"])
def test_nobody_else_is_named(proposal: Local, by: str) -> None:
    (found,) = verified(proposal, by, "ben")
    assert (found.code, found.path, found.field) == ("KNW014", WHERE, ("verified", 1, "by"))


def test_whoever_signed_this_content_is_named_by_others(proposal: Local) -> None:
    proposal.act("dora", "approved", article(), gate="verified")
    assert verified(proposal, "dora", "ben") == []
    assert [each.code for each in verified(proposal, "cleo", "ben")] == ["KNW014"]


def test_articles_without_new_verifications_are_not_looked_at(proposal: Local) -> None:
    put(proposal, article(tags=["vpn"]))
    proposal.commit("ben")
    assert findings(proposal) == []
