"""Which acts of a step are void since a key was revoked, and which should never have landed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from itsm_as_code.app.approvals.opened_step import open_step
from itsm_as_code.app.checking.landing import trusted_faults
from itsm_as_code.app.checking.void_acts import void_since
from itsm_as_code.evidence.sshsig import fingerprint, key_blob
from itsm_as_code.git.repository import Repository, open_repository
from tests.app.approvals.worlds import Local
from tests.approvals.records import NOW, change


@pytest.fixture
def repository(local: Local) -> Iterator[Repository]:
    with open_repository(local.ws) as opened:
        yield opened


def judged(local: Local, repository: Repository, revoked: timedelta | None) -> tuple[list[str], list[str]]:
    """The paths of acts that do not verify in the last step, and of those that are void since the key of ben is listed
    as revoked from so long before the step on."""
    key = fingerprint(key_blob(local.public("ben")))
    compromised = {} if revoked is None else {key: NOW - revoked}
    opened = open_step(repository, "HEAD~1", "HEAD", NOW, compromised)
    found = list(trusted_faults(opened))
    acts = [each.path for each in found if each.rule.code == "APR004"]
    return acts, [each.path for each in void_since(opened, found)]


def refused(local: Local) -> str:
    record = change(state="submitted")
    local.put(record)
    local.commit()
    return local.act("ben", "refused", record, comment="Not today.")


def test_an_act_that_was_sound_is_void_since_its_key_was_revoked(local: Local, repository: Repository) -> None:
    where = refused(local)
    local.commit()
    assert judged(local, repository, None) == ([], [])
    assert judged(local, repository, timedelta(hours=1)) == ([where], [where])
    assert judged(local, repository, timedelta(hours=-1)) == ([], []), "nobody else had the key yet"


def test_an_act_that_was_changed_is_not_void_but_forged(local: Local, repository: Repository) -> None:
    where = refused(local)
    local.write({where: (local.ws / where).read_text().replace("Not today.", "Not tonight.")})
    local.commit()
    assert judged(local, repository, None) == ([where], [])
    assert judged(local, repository, timedelta(hours=1)) == ([where], [])
