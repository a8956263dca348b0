"""The page that mutation testing writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import survivors
from benchmarks.survivors import Mutant, page

LIVING = Mutant("a/b.py", 6, "survived", "return 1", "return 2")
KILLED = Mutant("a/b.py", 0, "killed", "", "")
ENTRY = '[[mutant]]\npath = "a/{}.py"\nwas = "return 1"\nnow = "return {}"\nwhy = "It is all one."\n'


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of equivalent mutants that is empty."""
    known = tmp_path / "known.toml"
    known.write_text("mutant = []\n")
    monkeypatch.setattr(survivors, "LIST", known)
    return known


@pytest.mark.usefixtures("known")
def test_a_mutant_that_lives_is_listed_with_its_line() -> None:
    text = page([KILLED, LIVING], "abc")
    assert "| `a/b.py` | 2 | 1 | 0 | 1 | 50.0% |" in text
    assert "`a/b.py:6`\n\n```diff\n- return 1\n+ return 2\n```" in text


@pytest.mark.usefixtures("known")
def test_one_that_no_test_reaches_counts_as_alive_and_one_that_never_ends_as_killed() -> None:
    unreached = Mutant("a/b.py", 9, "no tests", "return 1", "return 2")
    text = page([Mutant("a/b.py", 0, "timeout", "", ""), unreached], "abc")
    assert "| `a/b.py` | 2 | 1 | 0 | 1 | 50.0% |" in text and "`a/b.py:9` no tests" in text


def test_an_equivalent_mutant_does_not_count_and_says_why(known: Path) -> None:
    known.write_text(ENTRY.format("b", 2) + ENTRY.format("b", 3) + ENTRY.format("c", 3))
    text = page([KILLED, LIVING], "abc")
    assert "| `a/b.py` | 2 | 1 | 1 | 0 | 100.0% |" in text
    assert "`a/b.py:6` It is all one." in text
    assert text.count("to be taken out") == 1, "that of `b` is not there any more; `c` was not mutated"
