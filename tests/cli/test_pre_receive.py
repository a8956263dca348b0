"""`itsm check --pre-receive`, called by hand as a hook calls it: it passes by its word alone, and judges or refuses."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.harness import Desk
from tests.environment import on_the_machines_clock

HOOK = ("check", "--pre-receive", "refs/heads/main")
NOTHING = "0" * 40


@pytest.fixture
def moves(desk: Desk) -> tuple[str, str]:
    """What Git writes for a step that may land, and for one that may not. The branch is where it was before."""
    before = desk.git("rev-parse", "HEAD").strip()
    (desk.folder / "notes.txt").write_text("x\n")
    good = desk.commit()
    desk.git("reset", "-q", "--hard", before)
    (desk.folder / "records/services/portal.yaml").unlink()
    bad = desk.commit()
    desk.git("reset", "-q", "--hard", before)
    return f"{before} {good} refs/heads/main\n", f"{before} {bad} refs/heads/main\n"


def test_the_word_stands_alone_on_standard_output(desk: Desk, moves: tuple[str, str]) -> None:
    good, bad = moves
    passed = desk.itsm(*HOOK, "--word", "may-land-7", stdin=good)
    assert (passed.code, passed.out) == (0, "may-land-7\n")
    assert "no findings" in passed.err
    refused = desk.itsm(*HOOK, "--word", "may-land-7", stdin=bad)
    assert (refused.code, refused.out) == (1, "")
    assert "portal was deleted" in refused.err


@pytest.mark.parametrize("word", [(), ("--word", "")], ids=["none", "empty"])
def test_without_a_word_nothing_passes(desk: Desk, moves: tuple[str, str], word: tuple[str, ...]) -> None:
    good, bad = moves
    passed = desk.itsm(*HOOK, *word, stdin=good)
    assert passed.code == 3 and "generate the hook again" in passed.err
    assert desk.itsm(*HOOK, *word, stdin=bad).code == 1
    free = f"{NOTHING} {good.split()[1]} refs/heads/free\n"
    assert desk.itsm(*HOOK, *word, stdin=free).code == 3
    assert desk.itsm(*HOOK, "--word", "passed", stdin=free).out == "passed\n"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (lambda line: "", "names no ref"),
        (lambda line: "\n", "not called by Git"),
        (lambda line: line[:-1], "cut off"),
        (lambda line: line + line[:60], "cut off"),
        (lambda line: line + "\n", "not called by Git"),
        (lambda line: line.replace(" ", "\t"), "not called by Git"),
        (lambda line: line.upper(), "not a ref that a push can move"),
        (lambda line: line.replace(line[:40], line[:39], 1), "not a ref that a push can move"),
        (lambda line: line.replace("\n", "\r\n"), "not a ref that a push can move"),
        (lambda line: line.replace("main", "ma\x85in\x1c") + "x\n", "not called by Git"),
        (lambda line: line + line, "moves refs/heads/main 2 times"),
    ],
)  # fmt: skip
def test_input_that_git_does_not_write_is_refused(
    desk: Desk, moves: tuple[str, str], given: object, words: str
) -> None:
    assert callable(given)
    done = desk.itsm(*HOOK, "--word", "passed", stdin=given(moves[0]))
    assert done.code in (1, 3) and done.out == ""
    assert words in done.err and "bug" not in done.err


@pytest.mark.parametrize("redirection", ["<&-", "</dev/null", ">&-", ">/dev/full"])
def test_streams_that_are_closed_or_full_let_nothing_pass(desk: Desk, moves: tuple[str, str], redirection: str) -> None:
    clock = ("--at", desk.git("log", "-1", "--format=%cI").strip())  # the process has no other clock than the machine's
    command = f'"$0" -I -m itsm_as_code "$@" {redirection}'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, *HOOK, "--word", "passed", *clock], input=moves[0], capture_output=True,
        text=True, check=False, cwd=desk.folder, env=on_the_machines_clock(desk.environment()),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr and "bug" not in done.stderr


@pytest.mark.parametrize(
    "more",
    [
        ("--base", "main"), ("--head", "main"), ("--history",), ("--since", "main"), ("--format", "json"),
        ("--format", "text"), ("--fail-on", "warning"), ("--fail-on", "error"), ("itsm.yaml",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_options_that_a_hook_would_pass_over_are_refused(
    desk: Desk, moves: tuple[str, str], more: tuple[str, ...]
) -> None:
    done = desk.itsm(*HOOK, "--word", "passed", *more, stdin=moves[0])
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize("ref", ["main", "", "HEAD", "refs/heads/", "refs/heads/a..b", "refs/tags/main"])
def test_a_branch_that_no_push_could_name_is_wrong_usage(desk: Desk, moves: tuple[str, str], ref: str) -> None:
    done = desk.itsm("check", "--pre-receive", ref, "--word", "passed", stdin=moves[1])
    assert (done.code, done.out) == (2, "")
    assert "full name of a branch" in done.err


def test_a_word_and_a_folder_go_with_a_hook_alone(desk: Desk) -> None:
    for more in (("--word", "passed"), ("--folder", "it"), ("--history", "--word", "passed")):
        assert desk.itsm("check", *more).code == 2
