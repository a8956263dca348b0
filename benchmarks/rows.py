"""What is measured: a row each, with the goal that the design sets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks import audited, awaited, history, verdicts, working_time, workspace
from benchmarks.gated_step import FILES, GatedStep
from benchmarks.measure import ITSM, PYTHON, Command, Comparison, compare, medians, run


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    work: str
    ours: str
    theirs: str
    ratio: str
    goal: str
    met: bool


class Workspaces:
    """Made when first asked for, below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files = cache(self._files)
        self.repository = cache(self._repository)
        self.gated = cache(self._gated)
        self.crowded = cache(self._crowded)
        self.audited = cache(self._audited)
        self.awaited = cache(self._awaited)

    def _files(self, size: int) -> Path:
        root = self._folder / f"files-{size}"
        workspace.write(root, size)
        return root

    def _repository(self, size: int) -> Path:
        root = self._folder / f"repository-{size}"
        history.write_repository(root, size)
        return root

    def _gated(self, size: int) -> Path:
        return self._stepped(f"gated-{size}", size, 0)

    def _crowded(self, acts: int) -> Path:
        return self._stepped(f"crowded-{acts}", 1_000, acts)

    def _stepped(self, name: str, size: int, acts: int) -> Path:
        root, keys = self._folder / name, self._folder / f"keys-of-{name}"
        keys.mkdir()
        history.write_repository(root, size, GatedStep(keys, acts))
        return root

    def _audited(self, steps: int) -> Path:
        root = self._folder / f"audited-{steps}"
        audited.write_history(root, self._folder / f"keys-of-audited-{steps}", steps)
        return root

    def _awaited(self) -> Path:
        root = self._folder / "awaited"
        awaited.write_branches(root, self._folder / "keys-of-awaited")
        return root


def _itsm(*words: str, folder: Path) -> Command:
    return Command((*ITSM, *words), folder)


def _check(folder: Path, *words: str) -> Command:
    return _itsm("check", "--at", workspace.CLOCK, *words, folder=folder)


def _row(work: str, found: Comparison, limit: float, theirs: str) -> Row:
    return Row(
        work, _time(found.ours.cpu), f"{theirs}: {_time(found.theirs.cpu)}", f"{found.ratio:.2f} ×", f"≤ {limit:g} ×",
        found.ratio <= limit,
    )  # fmt: skip


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.2f} ms"


def check_all(places: Workspaces) -> Iterator[Row]:
    """`check` of 10,000 records against the floor."""
    root = places.files(10_000)
    floor = Command((PYTHON, "-m", "benchmarks.floor", str(root)))
    yield _row("`check`, 10,000 records, cold", compare(_check(root), floor, 7), 1.7, "floor")


def check_jsonschema(places: Workspaces) -> Iterator[Row]:
    """The same files by check-jsonschema, with a schema that asks next to nothing."""
    root = places.files(10_000)
    schema = root.parent / "cheapest.json"
    schema.write_text(json.dumps({"type": "object", "required": ["id", "kind", "schema"]}))
    names = [path.relative_to(root).as_posix() for path in sorted(root.rglob("records/**/*.yaml"))]
    theirs = Command((PYTHON, "-m", "check_jsonschema", "--schemafile", str(schema), *names), root)
    found = compare(_check(root), theirs, 1)
    times = 1 / found.ratio
    yield Row(
        f"the same by check-jsonschema, one schema, {len(names):,} YAML files", _time(found.ours.cpu),
        f"check-jsonschema: {_time(found.theirs.cpu)}", f"{times:.1f} × as fast", "≥ 12 ×", times >= 12,
    )  # fmt: skip


def check_step(places: Workspaces) -> Iterator[Row]:
    """`check --base` in a large repository against a small one."""
    yield from _steps(places.repository, f"`check --base`, {history.CHANGED} changed of 100,000")


def gated_step(places: Workspaces) -> Iterator[Row]:
    """A change that lands with its proposal and approvals: verdict, signatures and all."""
    yield from _steps(places.gated, f"`check --base`, a change and its {FILES - 1} acts, of 100,000")


def _steps(repository: Callable[[int], Path], work: str) -> Iterator[Row]:
    large, small = (_check(repository(size), "--base", "HEAD~1") for size in (100_000, 1_000))
    found = compare(large, small, 9)
    yield _row(work, found, 1.5, "of 1,000")
    yield _at_most(f"{work}, on the clock", found.ours.wall, 1)


def crowded_step(places: Workspaces) -> Iterator[Row]:
    """A change on which many acts have landed already: their signatures were verified then."""
    many, few = (_check(places.crowded(acts), "--base", "HEAD~1") for acts in (400, 4))
    yield _row("`check --base`, a change with 400 landed acts", compare(many, few, 9), 1.2, "with 4")


def audit(places: Workspaces) -> Iterator[Row]:
    """Histories of which one is the beginning of the next. Each is audited once: the longest takes its time."""
    commands = {
        steps: _itsm("check", "--history", "--at", audited.clock_after(steps), folder=places.audited(steps))
        for steps in (500, 1_000, 5_000)
    }
    short, middle, long = (run(command) for command in commands.values())
    work = "`check --history`, 5,000 steps"
    yield _at_most(f"{work}, on the clock", long.wall, 60)
    each, of_few = long.cpu / 5_000, short.cpu / 500
    yield Row(f"{work}, for each", _time(each), f"of 500: {_time(of_few)}", f"{each / of_few:.2f} ×", "≤ 1.2 ×",
              each / of_few <= 1.2)  # fmt: skip
    more = max(long.peak, middle.peak) / short.peak
    yield Row(f"{work}, memory", f"{long.peak:,.0f} MiB", f"of 500: {short.peak:,.0f} MiB, of 1,000: "
              f"{middle.peak:,.0f} MiB", f"{more:.2f} ×", "≤ 1.15 ×", more <= 1.15)  # fmt: skip


def awaiting(places: Workspaces) -> Iterator[Row]:
    """What waits for somebody, where most has been decided."""
    command = _itsm(
        "list", "--awaiting", awaited.WHO, "--with", "change-*", "--at", workspace.CLOCK, folder=places.awaited()
    )
    work = f"`list --awaiting`, {awaited.BRANCHES} branches on {awaited.CHANGES:,} changes with acts"
    yield _at_most(work, medians(command, 3).cpu, 2)


def verdict(places: Workspaces) -> Iterator[Row]:
    """One verdict without signatures, in process."""
    work = f"one verdict: {verdicts.PEOPLE} people, {verdicts.TEAMS} teams, {verdicts.ACTS} acts, no signatures"
    yield _at_most(work, verdicts.seconds_a_verdict(), 0.005)


def signatures(places: Workspaces) -> Iterator[Row]:
    """Signed acts verified by OpenSSH, on the clock: its processes run side by side."""
    work = f"{verdicts.SIGNATURES:,} signed acts verified, on the clock"
    yield _at_most(work, verdicts.seconds_of_signatures(), 15)


def _at_most(work: str, seconds: float, limit: float) -> Row:
    return Row(work, _time(seconds), "", "", f"≤ {_goal(limit)}", seconds <= limit)


def _goal(seconds: float) -> str:
    return f"{seconds:g} s" if seconds >= 1 else f"{seconds * 1000:g} ms"


def start_up(places: Workspaces) -> Iterator[Row]:
    """Commands that read nothing, against an interpreter that does nothing."""
    for option in ("--version", "--help"):
        found = compare(_itsm(option, folder=Path.cwd()), Command((PYTHON, "-c", "pass")), 21)
        yield _row(f"`{option}`", found, 5, "`python -c pass`")


def check_file(places: Workspaces) -> Iterator[Row]:
    """One file, as before a commit. pydantic is imported by asking for BaseModel: its package alone is empty."""
    root = places.files(10_000)
    name = min(root.glob("records/incidents/2026/10/*.yaml")).relative_to(root).as_posix()
    imports = Command((PYTHON, "-c", "import click, git; from pydantic import BaseModel"))
    yield _row("`check FILE`", compare(_check(root, name), imports, 21), 1.5, "importing click, pydantic, GitPython")


def memory(places: Workspaces) -> Iterator[Row]:
    """What `check` of 100,000 records holds at most."""
    used = medians(_check(places.files(100_000)), 1)
    met = used.peak <= 1536
    yield Row("`check`, 100,000 records, memory", f"{used.peak:,.0f} MiB", "", "", "≤ 1,536 MiB", met)


def working(places: Workspaces) -> Iterator[Row]:
    """One query of working time."""
    found = working_time.measured()
    times = found.theirs / found.ours
    yield Row(
        "working time between two instants", f"{found.ours * 1e6:.2f} µs",
        f"businesstimedelta: {found.theirs * 1e6:,.0f} µs", f"{times:,.0f} × as fast", "≥ 500 ×", times >= 500,
    )  # fmt: skip


ROWS: dict[str, Callable[[Workspaces], Iterator[Row]]] = {
    "check": check_all,
    "jsonschema": check_jsonschema,
    "step": check_step,
    "gated": gated_step,
    "crowded": crowded_step,
    "audit": audit,
    "awaiting": awaiting,
    "verdict": verdict,
    "signatures": signatures,
    "start": start_up,
    "file": check_file,
    "memory": memory,
    "working-time": working,
}
"""Short name to measurement, in the order of the table."""
