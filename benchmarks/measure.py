"""Whole processes, measured from outside: processor and wall seconds and peak memory, in turn with a yardstick."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

PROJECT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
ITSM = (PYTHON, "-c", "from itsm_as_code.cli.main import main; main()")
"""What the script `itsm` does."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command and the folder to run it in. It must end with exit code 0."""

    words: Sequence[str]
    folder: Path = PROJECT


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `cpu` is user and system time with that of children, `peak` is in MiB, of the largest process."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Medians of both commands, and of the ratios of the pairs: these hold where the machine's speed drifts."""

    ours: Run
    theirs: Run
    ratio: float


def run(command: Command) -> Run:
    """Runs a command once. Raises RuntimeError where it fails: a figure of something else is none."""
    with tempfile.TemporaryFile() as said:
        begun = perf_counter()
        process = subprocess.Popen(
            command.words, cwd=command.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said,
            env=_environment(),
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        wall = perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            words = " ".join(command.words)[:200]
            raise RuntimeError(f"{words} ended with {process.returncode}: {said.read(2000).decode()}")
    return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def _environment() -> dict[str, str]:
    """As it is, without what would make Python or Git do something else; our own modules are found anywhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON"))}
    return {**kept, "PYTHONPATH": str(PROJECT)}


def medians(command: Command, rounds: int) -> Run:
    """The median of each figure, after one run that is not counted (unless there is but one)."""
    if rounds > 1:
        run(command)
    return _middle([run(command) for _ in range(rounds)])


def compare(ours: Command, theirs: Command, rounds: int) -> Comparison:
    """Both in turn. The ratio is of processor time: it holds where others use the machine too."""
    if rounds > 1:
        run(ours), run(theirs)
    pairs = [(run(ours), run(theirs)) for _ in range(rounds)]
    ratio = median(one.cpu / other.cpu for one, other in pairs)
    return Comparison(_middle([one for one, _ in pairs]), _middle([other for _, other in pairs]), ratio)


def _middle(runs: Sequence[Run]) -> Run:
    return Run(*(median(getattr(each, name) for each in runs) for name in ("cpu", "wall", "peak")))
