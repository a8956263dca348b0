"""When an entry came onto the protected branch."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta

from itsm_as_code.app.approvals.landed_entries import landed_entries
from itsm_as_code.domain.kinds.incident import Incident
from itsm_as_code.domain.step import RecordChange, Side
from itsm_as_code.git.repository import open_repository
from itsm_as_code.store.reader import read_yaml
from tests.app.approvals.worlds import Local
from tests.approvals.records import NOW, Record, at, incident, path, text

BY_WARD_4 = {"at": at(minutes=50), "by": "ana", "note": "Ward 4."}


def _side(record: Record) -> Side:
    data = read_yaml(text(record)).data
    return Side(data, Incident.model_validate(data))


def _commit(local: Local, record: Record, hours: int) -> None:
    local.put(record)
    date = f"{int((NOW - timedelta(hours=hours)).timestamp())} +0200"
    local.commit(GIT_COMMITTER_DATE=date)


def _asked(local: Local, record: Record) -> dict[tuple[str, int], datetime]:
    head = copy.deepcopy(record)
    head["timeline"].append({"at": at(minutes=1), "by": "ana", "void": BY_WARD_4["at"]})
    change = RecordChange(path(record), "incident", record["id"], _side(record), _side(head))
    with open_repository(local.ws) as repository:
        return dict(landed_entries(repository, local.tip(), (change,)))


def test_it_landed_with_the_step_that_brought_it_whenever_that_was_edited_later(local: Local) -> None:
    record = incident("1NC09", "P5")
    _commit(local, record, 9)
    record["timeline"].append(BY_WARD_4)
    _commit(local, record, 6)
    record["tags"] = ["ward"]
    _commit(local, record, 3)
    found = _asked(local, record)
    assert found == {(path(record), 1): NOW - timedelta(hours=6)}
    assert [each.tzinfo for each in found.values()] == [UTC], "messages show it, whatever the committer's zone"


def test_what_was_taken_out_and_put_back_landed_when_it_came_back(local: Local) -> None:
    record = incident("1NC09", "P5")
    with_note = {**record, "timeline": [*record["timeline"], BY_WARD_4]}
    for hours, each in ((9, with_note), (6, record), (3, with_note)):
        _commit(local, each, hours)
    assert _asked(local, with_note) == {(path(record), 1): NOW - timedelta(hours=3)}


def test_nothing_is_asked_where_nothing_is_taken_back(local: Local) -> None:
    record = incident("1NC09", "P5")
    _commit(local, record, 1)
    change = RecordChange(path(record), "incident", record["id"], _side(record), _side(record | {"tags": ["x"]}))
    with open_repository(local.ws) as repository:
        assert landed_entries(repository, "no commit", (change,)) == {}
