"""What mutants became: the page with the score of each module and every mutant that lives."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
"""Mutants that no test can tell from the code, each with the reason."""
_NAME = re.compile(r"^(?P<module>.+?)\.x(?:_(?P<function>\w+?)|ǁ(?P<owner>\w+)ǁ(?P<method>\w+?))__mutmut_\d+$")
_HUNK = re.compile(r"^@@ -(\d+)")
_HEAD = """# Mutation testing

Written by `make mutation`. Every line that decides on an approval is changed in small ways, one at a time, and the
fast tests must fail for each. If a mutant lives, no test checks that line, or the changed line means the same.
"""
_LIMITS = """
What is not mutated: code outside functions (tables, defaults, decorators), and the modules that are not listed. The
comparison with a brute-force oracle (`tests/domain/approval/test_verdict_oracle.py`) runs in `make test` and not here.
"""
Change = tuple[str, str, str]
"""Path, lines taken out, lines put in."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant by mutmut's name for it; `shown` is its difference, where it lives."""

    name: str
    status: str
    shown: str

    @property
    def path(self) -> str:
        return self._parts["module"].replace(".", "/") + ".py"

    @property
    def function(self) -> str:
        return self._parts["function"] or self._parts["method"]

    @property
    def killed(self) -> bool:
        return not self.shown

    @property
    def change(self) -> Change:
        """The path, and the lines that differ without their indents."""
        return self.path, self._lines("-"), self._lines("+")

    @property
    def _parts(self) -> Mapping[str, str]:
        found = _NAME.match(self.name)
        assert found is not None, self.name
        return found.groupdict()

    def _lines(self, sign: str) -> str:
        found = (line[1:].strip() for line in self.shown.splitlines() if line.startswith(sign) and line[:3] != sign * 3)
        return "\n".join(found)

    def line(self, root: Path) -> int:
        """The line of the file that it changes, counted from the function's first."""
        lines = (root / self.path).read_text(encoding="utf-8").splitlines()
        first = next(n for n, text in enumerate(lines, 1) if re.match(rf"\s*def {self.function}\(", text))
        taken_out = self._lines("-").split("\n", maxsplit=1)[0]
        return next((n for n, text in enumerate(lines[first - 1 :], first) if text.strip() == taken_out), first)


def page(mutants: Sequence[Mutant], commit: str, minutes: float, root: Path) -> str:
    """The page in Markdown. `root` holds the sources that were mutated."""
    known = _equivalent()
    living = sorted((m for m in mutants if not m.killed), key=lambda m: (m.path, m.line(root), m.name))
    true = [m for m in living if m.change not in known]
    text = [_HEAD, f"\nCommit {commit}: {len(mutants):,} mutants in {minutes:.0f} minutes, one process.\n"]
    text += [*_table(mutants, true)]
    text += [_LIMITS, "\n## Not yet told apart\n", *(_listed(true, {}, root) or ["\nNone.\n"])]
    text += ["\n## Equivalent\n", *_listed([m for m in living if m.change in known], known, root)]
    stale = sorted(known.keys() - {m.change for m in living})
    text += [f"\nNo longer there, to be taken out of `{EQUIVALENT.name}`: {path}: `{was}`\n" for path, was, _ in stale]
    return "".join(text)


def _equivalent() -> dict[Change, str]:
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["mutant"]
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


def _listed(mutants: Sequence[Mutant], known: Mapping[Change, str], root: Path) -> list[str]:
    """One entry for each change: path and line, what became of which lines, and why it lives."""
    found = []
    for mutant in mutants:
        why = known.get(mutant.change, "" if mutant.status == "survived" else mutant.status)
        _, was, now = mutant.change
        lines = [f"{sign} {line}" for sign, each in (("-", was), ("+", now)) for line in each.split("\n")]
        where = f"`{mutant.path}:{mutant.line(root)}` {why}".rstrip()
        found.append("\n".join(["", where, "", "```diff", *lines, "```", ""]))
    return found
