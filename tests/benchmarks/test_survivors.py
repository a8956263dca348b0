"""The page that mutation testing writes, and what is done to the copy that is mutated."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from benchmarks import survivors
from benchmarks.measure import PROJECT
from benchmarks.mutation import MUTATED, with_properties_opened
from benchmarks.survivors import Mutant, page

SOURCE = "class A:\n    def one(self):\n        return 1\n\n    def two(self):\n        return 1\n"
DIFF = "--- a/b.py\n+++ a/b.py\n@@ -1,2 +1,2 @@\n def two(self):\n-    return 1\n+    return 2\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source to be mutated, and a list of equivalent mutants that is empty."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.py").write_text(SOURCE)
    known = tmp_path / "known.toml"
    known.write_text("mutant = []\n")
    monkeypatch.setattr(survivors, "EQUIVALENT", known)
    return tmp_path


LIVING = Mutant("a.b.xǁAǁtwo__mutmut_1", "survived", DIFF)
KILLED = Mutant("a.b.xǁAǁone__mutmut_1", "killed", "")


def test_a_mutant_that_lives_is_listed_with_its_line(root: Path) -> None:
    text = page([KILLED, LIVING], "abc", 1.0, root)
    assert "| `a/b.py` | 2 | 1 | 0 | 1 | 50.0% |" in text
    assert "`a/b.py:6`\n\n```diff\n- return 1\n+ return 2\n```" in text


def test_an_equivalent_mutant_does_not_count_and_says_why(root: Path) -> None:
    entry = '[[mutant]]\npath = "a/b.py"\nwas = "return 1"\nnow = "return {}"\nwhy = "It is all one."\n'
    (root / "known.toml").write_text(entry.format(2) + entry.format(3))
    text = page([KILLED, LIVING], "abc", 1.0, root)
    assert "| `a/b.py` | 2 | 1 | 1 | 0 | 100.0% |" in text
    assert "`a/b.py:6` It is all one." in text
    assert text.count("to be taken out") == 1, "the other is not there any more"


def test_what_is_opened_for_mutation_keeps_its_lines_and_says_the_same() -> None:
    for path in (each for pattern in MUTATED for each in PROJECT.glob(pattern)):
        source = path.read_text(encoding="utf-8")
        opened = with_properties_opened(source)
        assert opened.count("\n") == source.count("\n")
        assert "@property" not in opened, path
        ast.parse(opened)
