"""Drafts and what came of them: what an error says when files were not written, or written and not pushed."""

from __future__ import annotations

from itsm_as_code.app.writing.draft import Blocked, Draft, NotPushed
from itsm_as_code.checks.identity import TWO_FILES
from itsm_as_code.domain.errors import CouldNotCheck, Exit, Refused
from itsm_as_code.domain.finding import Spot

DRAFTS = (Draft("a.yaml", None, b"a", "made a.yaml"), Draft("b.yaml", b"1", b"2", "set x=2 on b"))


def test_an_edit_that_was_not_pushed_says_what_is_here_and_that_it_is_not_to_be_repeated() -> None:
    error = NotPushed(DRAFTS, CouldNotCheck("no way to the remote", hint="try later"))
    assert str(error).startswith("made a.yaml, set x=2 on b, here only; it was not pushed: no way to the remote")
    assert error.hint is not None
    assert error.hint.startswith("try later; do not repeat the edit")


def test_an_edit_that_was_not_pushed_ends_as_its_cause_does() -> None:
    assert NotPushed(DRAFTS, CouldNotCheck("x")).exit_code == CouldNotCheck("x").exit_code
    assert NotPushed(DRAFTS, Refused("x")).exit_code == Refused("x").exit_code
    assert (
        NotPushed(DRAFTS, Refused("x")).hint == "do not repeat the edit: the next --push of this record takes it along"
    )


def test_what_is_blocked_is_refused_with_its_findings_and_their_files() -> None:
    finding = Spot("there are two").finding(TWO_FILES, "a.yaml")
    blocked = Blocked((finding,), {"a.yaml": "id: a\n"})
    assert isinstance(blocked, Refused)
    assert (blocked.findings, blocked.sources) == ((finding,), {"a.yaml": "id: a\n"})
    assert blocked.exit_code != Exit.CLEAN
