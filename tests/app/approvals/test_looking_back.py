"""What an evaluator asks of the past is looked up only when it asks."""

from __future__ import annotations

import pytest

from itsm_as_code.app.approvals import past_approval
from itsm_as_code.app.approvals.looking_back import looking_back
from itsm_as_code.domain.digest import digest
from itsm_as_code.git.repository import open_repository
from tests.app.approvals.worlds import Local
from tests.approvals.records import NOW, change, path

RECORD = change()


def test_it_answers_from_the_history_of_base(local: Local) -> None:
    local.put(RECORD)
    local.approved(RECORD, "ben")
    local.land()
    with open_repository(local.ws) as repository:
        accepted, entry_of = looking_back(repository, local.tip(), NOW)
        assert accepted(path(RECORD), "scheduled", digest("change", RECORD), frozenset())
        assert not accepted(path(RECORD), "scheduled", "itsm1:" + "0" * 64, frozenset())
        entry = entry_of(path(RECORD), "scheduled")
    assert entry is not None and entry.commit == local.tip()


def test_nothing_is_read_before_it_is_asked(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(past_approval, "entry_of")
    monkeypatch.delattr(past_approval, "accepted_when_landed")
    with open_repository(local.ws) as repository:
        looking_back(repository, "no such revision", NOW)
