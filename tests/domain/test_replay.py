"""Replaying an edit elsewhere: what was changed here, nothing that others did taken back, nothing told twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from itsm_as_code.domain.edit import AddItem, Remove, SetValue
from itsm_as_code.domain.errors import Refused
from itsm_as_code.domain.replay import replay

NEW: dict[str, Any] = {"at": "2026-11-21T08:00:00Z", "by": "ana", "state": "new"}
SECRET: dict[str, Any] = {"at": "2026-11-21T08:05:00Z", "by": "ana", "note": "the password is 1234"}
SEEN: dict[str, Any] = {"at": "2026-11-21T08:05:00Z", "by": "ana", "note": "seen"}
LATER: dict[str, Any] = {"at": "2026-11-21T08:10:00Z", "by": "ben", "note": "later"}
TOMBSTONE: dict[str, Any] = {"by": "ana", "at": "2026-11-21T08:20:00Z", "reason": "a password"}
REDACTED: dict[str, Any] = {"at": SECRET["at"], "by": "ana", "redacted": TOMBSTONE}


def ticket(*entries: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    return {"title": "Down", **fields, "timeline": [NEW, *entries]}


def test_what_only_others_changed_is_left_alone() -> None:
    before, tip = ticket(), ticket(LATER, title="Portal is down", tags=["vip"])
    assert list(replay(before, ticket(SEEN), tip)) == [AddItem(("timeline",), SEEN, 1)]


def test_what_both_sides_changed_differently_is_refused() -> None:
    with pytest.raises(Refused, match="title"):
        list(replay(ticket(), ticket(title="Here"), ticket(title="There")))


def test_what_was_taken_out_here_is_taken_out_there() -> None:
    assert list(replay(ticket(tags=["a"]), ticket(), ticket(tags=["a"]))) == [Remove(("tags",))]


def test_a_redaction_takes_the_text_out_there_too() -> None:
    edits = list(replay(ticket(SECRET), ticket(REDACTED), ticket(SECRET, LATER)))
    assert edits == [SetValue(("timeline", 1, "redacted"), TOMBSTONE), Remove(("timeline", 1, "note"))]


def test_of_two_entries_of_one_moment_the_redacted_one_is_found() -> None:
    edits = list(replay(ticket(SEEN, SECRET), ticket(SEEN, REDACTED), ticket(SEEN, SECRET)))
    assert edits == [SetValue(("timeline", 2, "redacted"), TOMBSTONE), Remove(("timeline", 2, "note"))]


def test_a_text_that_was_redacted_there_does_not_come_back() -> None:
    for before in (ticket(SECRET), ticket()):
        edits = list(replay(before, ticket(SECRET, LATER), ticket(REDACTED)))
        assert edits == [AddItem(("timeline",), LATER, 2)]


def test_a_redaction_of_what_the_remote_lacks_is_refused() -> None:
    with pytest.raises(Refused, match="does not have the entry"):
        list(replay(ticket(), ticket(REDACTED), ticket()))


@pytest.mark.parametrize("here", [(), ({**SECRET, "note": "nothing to see"},)], ids=["removed", "changed"])
def test_an_entry_that_was_rewritten_here_is_refused(here: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(Refused, match="changed or removed here"):
        list(replay(ticket(SECRET), ticket(*here), ticket(SECRET)))
