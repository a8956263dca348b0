"""What mutants became: the page with the score of each module and every mutant that lives."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

LIST = Path(__file__).with_name("equivalent.toml")
"""Mutants that no test can tell from the code, each with the reason."""
KILLED, EQUIVALENT = frozenset({"killed", "timeout"}), "equivalent"
_HEAD = """# Mutation testing

Written by `make mutation`. Every line that decides on an approval is changed in small ways, one at a time, and the
fast tests must fail for each. If a mutant lives, no test checks that line, or the changed line means the same.
"""
_LIMITS = """
What is not mutated: code outside functions (tables, defaults, decorators), and the modules that are not listed.
Comparisons with a brute-force oracle (`tests/domain/approval/test_verdict_oracle.py`) and pushes to a real hook run in
`make test` and not here. `benchmarks/mutation.py` says which tests must catch the mutants of which module.
"""
Change = tuple[str, str, str]
"""Path, lines taken out, lines put in."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant and what became of it; if it lives, with its line, and what it takes out and puts in."""

    path: str
    line: int
    status: str
    was: str
    now: str

    @property
    def killed(self) -> bool:
        return self.status in KILLED

    @property
    def change(self) -> Change:
        """The path, and the lines that differ without their indents."""
        return self.path, self.was, self.now


def page(mutants: Sequence[Mutant], commit: str) -> str:
    """The page in Markdown. `commit` says what was mutated."""
    known = equivalent()
    living = sorted((m for m in mutants if not m.killed), key=lambda m: (m.path, m.line))
    true = [m for m in living if m.change not in known]
    text = [_HEAD, f"\nCommit {commit}.\n", *_table(mutants, true)]
    text += [_LIMITS, "\n## Not yet told apart\n", *(_listed(true, {}) or ["\nNone.\n"])]
    text += ["\n## Equivalent\n", *_listed([m for m in living if m.change in known], known)]
    mutated = {m.path for m in mutants}
    stale = sorted(change for change in known.keys() - {m.change for m in living} if change[0] in mutated)
    text += [f"\nNo longer there, to be taken out of `{LIST.name}`: {path}: `{was}`\n" for path, was, _ in stale]
    return "".join(text)


def equivalent() -> dict[Change, str]:
    """The listed mutants, each with the reason why no test can tell it from the code."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))["mutant"]
    return {(each["path"], each["was"].strip(), each["now"].strip()): each["why"] for each in listed}


def _table(mutants: Sequence[Mutant], true: Sequence[Mutant]) -> Iterator[str]:
    yield "\n| Module | Mutants | Killed | Equivalent | Alive | Score |\n|---|---:|---:|---:|---:|---:|\n"
    by_path = groupby(sorted(mutants, key=lambda m: m.path), key=lambda m: m.path)
    for path, each in by_path:
        yield _row(f"`{path}`", list(each), [m for m in true if m.path == path])
    yield _row("all", mutants, true)


def _row(name: str, mutants: Sequence[Mutant], alive: Sequence[Mutant]) -> str:
    """The score counts those killed among those that could be."""
    killed = sum(m.killed for m in mutants)
    equivalent = len(mutants) - killed - len(alive)
    score = killed / (len(mutants) - equivalent) if len(mutants) > equivalent else 1.0
    return f"| {name} | {len(mutants)} | {killed} | {equivalent} | {len(alive)} | {score:.1%} |\n"


def _listed(mutants: Sequence[Mutant], known: Mapping[Change, str]) -> list[str]:
    """One entry for each change: path and line, what became of which lines, and why it lives."""
    found = []
    for mutant in mutants:
        why = known.get(mutant.change, "" if mutant.status == "survived" else mutant.status)
        lines = [f"{sign} {line}" for sign, each in (("-", mutant.was), ("+", mutant.now)) for line in each.split("\n")]
        where = f"`{mutant.path}:{mutant.line}` {why}".rstrip()
        found.append("\n".join(["", where, "", "```diff", *lines, "```", ""]))
    return found
