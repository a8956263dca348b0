"""What nobody asked for is not signed: gates must exist, and whoever sits at a terminal is asked before a signature."""

from __future__ import annotations

import io

import pytest

from tests.approvals.conftest import founded, make_key, world
from tests.cli.desks import Desk, ana, on_the_branch, ref

__all__ = ["ana", "founded", "make_key", "ref", "world"]


class _Terminal(io.StringIO):
    """A person's answers, typed at a terminal."""

    def isatty(self) -> bool:
        return True


def test_no_command_signs_at_a_gate_that_does_not_exist(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    before = ben.acts(ref)
    for verb in ("propose", "approve", "refuse", "withdraw"):
        comment = ("--comment", "No") if verb == "refuse" else ()
        for gate in ("nope", "in_progress", "published", "edit", "exception/no-such-freeze", ""):
            done = ben.itsm(verb, ref, "--gate", gate, *comment)
            assert (done.code, f"has no gate `{gate}`" in done.err) == (2, True), done.err
    assert ben.acts(ref) == before
    assert "did you mean `scheduled`?" in ben.itsm("approve", ref, "--gate", "sheduled").err


def test_a_no_at_the_terminal_signs_nothing(ana: Desk, ref: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ben = on_the_branch(ana, "ben")
    before = ben.acts(ref)
    for answer in ("n\n", "\n"):
        monkeypatch.setattr("sys.stdin", _Terminal(answer))
        done = ben.itsm("approve", ref)
        assert (done.code, ben.acts(ref)) == (1, before)
        assert f"approve {ref} at gate scheduled, as it is shown? [y/N]" in done.out + done.err
        assert "nothing was signed" in done.err


def test_a_yes_at_the_terminal_or_yes_on_the_command_line_signs(
    ana: Desk, ref: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = on_the_branch(ana, "ben")
    monkeypatch.setattr("sys.stdin", _Terminal("y\n"))
    ben.must("refuse", ref, "--comment", "No backout")
    assert len(ben.acts(ref)) == 2
    monkeypatch.setattr("sys.stdin", _Terminal(""))
    ben.must("approve", ref, "--yes")
    assert len(ben.acts(ref)) == 3


def test_a_dry_run_and_a_script_are_not_asked(ana: Desk, ref: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ben = on_the_branch(ana, "ben")
    monkeypatch.setattr("sys.stdin", _Terminal(""))
    assert "[y/N]" not in ben.must("approve", ref, "--dry-run")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert "[y/N]" not in ben.must("approve", ref)
