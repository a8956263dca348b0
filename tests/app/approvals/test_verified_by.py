"""Nobody verifies an article in somebody else's name."""

from __future__ import annotations

from dataclasses import replace
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


def test_an_article_that_is_born_verified_names_nobody_else_either(local: Local) -> None:
    local.git("switch", "--quiet", "-c", "proposal")
    assert [each.code for each in verified(local, "ben", "ben")] == ["KNW014"], "cleo did not write it"


@pytest.mark.parametrize("by", [7, ["ben"], {"name": "Ben"}])
def test_what_is_no_name_is_nobody(proposal: Local, by: Any) -> None:
    (found,) = verified(proposal, by, "ben")
    assert found.message == f"{by} neither wrote this in the step nor signed exactly this content"


def test_what_is_no_verification_is_nobodys(proposal: Local) -> None:
    put(proposal, article(verified=[{"date": "2026-01-01", "by": "cleo"}, "ben"]))
    proposal.commit("ben")
    assert [each.field for each in findings(proposal)] == [("verified", 1, "by")]
    put(proposal, article(verified="ben"))
    proposal.commit("ben")
    assert findings(proposal) == []


def test_what_is_not_committed_yet_may_name_whoever_will_commit_it(proposal: Local) -> None:
    assert [each.code for each in verified(proposal, "dora", "ben")] == ["KNW014"]
    with open_repository(proposal.ws) as repository:
        opened = replace(open_step(repository, "main", "HEAD", NOW), uncommitted=frozenset({WHERE}))
        assert list(findings_of_verifications(opened)) == []


@pytest.mark.parametrize(("decision", "gate"), [("refused", "verified"), ("approved", "edit")])
def test_only_an_approval_of_the_article_says_so(proposal: Local, decision: str, gate: str) -> None:
    proposal.act("dora", decision, article(), gate=gate)
    assert [each.code for each in verified(proposal, "dora", "ben")] == ["KNW014"]


def test_an_approval_in_somebody_elses_name_is_no_word_of_their_own(proposal: Local) -> None:
    proposal.act("dora", "approved", article(), gate="verified", on_behalf_of="cleo")
    assert [each.code for each in verified(proposal, "dora", "ben")] == ["KNW014"]


def test_an_approval_of_other_words_says_nothing_of_these(proposal: Local) -> None:
    proposal.act("dora", "approved", article(title="Something else"), gate="verified")
    assert [each.code for each in verified(proposal, "dora", "ben")] == ["KNW014"]


def test_an_act_that_does_not_verify_says_nothing(proposal: Local) -> None:
    proposal.act("dora", "approved", article(), gate="verified", key=proposal.key("ben"))
    assert [each.code for each in verified(proposal, "dora", "ben")] == ["KNW014"]


def test_the_address_of_a_commit_is_read_in_any_case(local: Local) -> None:
    local.put(local.edited("records/people/ben.yaml", emails=["Ben@Example.org"]))
    put(local, article())
    local.commit()
    local.git("switch", "--quiet", "-c", "proposal")
    put(local, article(verified=[{"date": DAY, "by": "ben"}]))
    local.commit("ben")
    assert findings(local) == []


def test_the_finding_names_who_did_not_say_so(proposal: Local) -> None:
    (found,) = verified(proposal, "dora", "ben")
    assert found.message == "dora neither wrote this in the step nor signed exactly this content"


def test_an_article_that_is_gone_is_verified_by_nobody(proposal: Local) -> None:
    proposal.write({WHERE: None})
    proposal.commit("ben")
    assert findings(proposal) == []
