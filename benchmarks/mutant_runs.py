"""A plugin for pytest that runs the collected tests against mutants, each in a process that is forked for it.

First all tests run once without a mutant, and it is noted which functions each of them reaches. What is made once for
all tests, such as keys, is then there for every mutant. A mutant is tried by the tests that reach its function, those
first that caught its neighbours, until one fails.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import resource
import shutil
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Any, NoReturn

import pytest

from benchmarks.mutants import SWITCH

_WAIT = 300
"""Seconds after which a mutant counts as one that never ends, whatever the processor does meanwhile."""
_TO_SPARE = 10
"""Seconds of the processor that a mutant may need beyond twice the time of its tests."""
_EXAMPLES = 20
"""How many examples a property is tried with: a mutant that only a rare example catches needs a test of its own."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of a run: which mutants, and how many at a time."""
    parser.addoption("--mutants", type=Path, help="a file that names mutants and the tests that must catch them")
    parser.addoption("--mutants-at-once", type=int, default=1)


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Runs the tests against all mutants instead of once, and adds to the file what became of each."""
    path: Path = session.config.getoption("--mutants")
    asked = json.loads(path.read_text(encoding="utf-8"))
    tests = _Tests(session, asked["tests"])
    tests.observe()
    found = _Runs(tests, session.config.getoption("--mutants-at-once")).of(asked["mutants"])
    path.write_text(json.dumps(asked | {"found": found}), encoding="utf-8")
    return True


class _Failures:
    """Whether a test has failed since it was last asked."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.seen.append(f"{report.nodeid}\n{report.longreprtext}")


@dataclass
class _Tests:
    """The collected tests: what each of them reaches, and how long it takes."""

    session: pytest.Session
    meant_for: Mapping[str, Sequence[str]]
    reaching: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    seconds: dict[int, float] = field(default_factory=dict)
    failures: _Failures = field(default_factory=_Failures)

    def observe(self) -> None:
        """Runs every test. Each has to pass, or nothing could be said of mutants."""
        from mutmut.state import state

        items = self.session.items
        self.session.config.pluginmanager.register(self.failures)
        os.environ[SWITCH] = "stats"
        for number, following in enumerate([*items[1:], None]):
            begun = time.process_time()
            self.run(number, following)
            self.seconds[number] = time.process_time() - begun
            for function in state()._stats:
                self.reaching[function].append(number)
            state()._stats.clear()
            if self.failures.seen:
                raise self.session.Failed(f"without a mutant, this fails: {self.failures.seen[0]}")
        os.environ[SWITCH] = ""

    def run(self, number: int, following: pytest.Item | None) -> None:
        """Runs one test. What is shared by all tests stays, also after the last."""
        item = self.session.items[number]
        rest: Any = following if following is not None else self.session
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=rest)

    def of(self, mutant: str, lately: Sequence[int]) -> list[int]:
        """The tests that may catch a mutant, in the order in which to try them."""
        function = mutant.partition("__mutmut_")[0]
        wanted = tuple(self.meant_for[function.rpartition(".")[0]])
        able = [number for number in self.reaching.get(function, ()) if self._file(number).startswith(wanted)]
        by_file: dict[str, float] = defaultdict(float)
        for number in able:
            by_file[self._file(number)] += self.seconds[number]
        first = [number for number in lately if number in able]
        rest = (number for number in able if number not in first)
        return [*first, *sorted(rest, key=lambda n: (by_file[self._file(n)], self._file(n), self.seconds[n]))]

    def _file(self, number: int) -> str:
        return self.session.items[number].nodeid


@dataclass
class _Run:
    mutant: str
    process: int
    answer: int
    folder: Path
    until: float


@dataclass
class _Runs:
    tests: _Tests
    at_once: int
    lately: dict[str, dict[int, None]] = field(default_factory=lambda: defaultdict(dict))

    def of(self, mutants: Sequence[str]) -> dict[str, str]:
        """What became of each mutant: killed, survived, timeout, or no tests."""
        gc.collect()
        gc.freeze()
        found: dict[str, str] = {}
        running: list[_Run] = []
        for count, mutant in enumerate(mutants):
            function = mutant.partition("__mutmut_")[0]
            chosen = self.tests.of(mutant, list(self.lately[function])[:-9:-1])
            if not chosen:
                found[mutant] = "no tests"
                continue
            while len(running) >= self.at_once:
                found |= self._ended(running)
            running.append(self._begin(count, mutant, chosen))
            if count % 100 == 0:
                print(f"\r{count} of {len(mutants)}", end="", file=sys.stderr, flush=True)
        while running:
            found |= self._ended(running)
        return found

    def _begin(self, count: int, mutant: str, chosen: Sequence[int]) -> _Run:
        temporary: Any = self.tests.session.config._tmp_path_factory  # type: ignore[attr-defined]
        folder = temporary.getbasetemp() / f"mutant-{count}"
        folder.mkdir()
        read, write = os.pipe()
        process = os.fork()
        if not process:
            temporary._basetemp = folder
            self._try(mutant, chosen, write)
        os.close(write)
        return _Run(mutant, process, read, folder, time.monotonic() + _WAIT)

    def _try(self, mutant: str, chosen: Sequence[int], write: int) -> NoReturn:
        """In the forked process: runs the tests one after the other, and tells which one fails."""
        number = -1
        try:
            os.setsid()
            seconds = ceil(2 * sum(self.tests.seconds[each] for each in chosen)) + _TO_SPARE
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            nowhere = os.open(os.devnull, os.O_RDWR)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            _forget()
            _find_no_smaller_examples(self.tests.session.items[each] for each in chosen)
            os.environ[SWITCH] = mutant
            for number, following in zip(chosen, [*chosen[1:], None], strict=True):
                self.tests.run(number, self.tests.session.items[following] if following is not None else None)
                if self.tests.failures.seen:
                    break
            else:
                os._exit(0)
        except BaseException:  # noqa: S110 - a mutant may raise anything, and is caught by that
            pass
        os.write(write, str(number).encode())
        os._exit(1)

    def _ended(self, running: list[_Run]) -> dict[str, str]:
        """Waits until a run has ended; its mutant and what became of it."""
        while True:
            for run in running:
                ended, status = os.waitpid(run.process, os.WNOHANG)
                if not ended and time.monotonic() > run.until:
                    os.killpg(run.process, signal.SIGKILL)
                elif ended:
                    running.remove(run)
                    return {run.mutant: self._status(run, status)}
            time.sleep(0.001)

    def _status(self, run: _Run, status: int) -> str:
        with os.fdopen(run.answer) as answer:
            said = answer.read()
        shutil.rmtree(run.folder, ignore_errors=True)
        code = os.waitstatus_to_exitcode(status)
        if code == 1 and said not in ("", "-1"):
            lately = self.lately[run.mutant.partition("__mutmut_")[0]]
            lately.pop(int(said), None)
            lately[int(said)] = None
            return "killed"
        return "survived" if code == 0 else "timeout" if code < 0 else f"broken ({code})"


def _forget() -> None:
    """Empties the caches of the package: what an unchanged function has answered would hide the mutant."""
    for name, module in list(sys.modules.items()):
        if name.startswith("itsm_as_code."):
            for each in vars(module).values():
                if isinstance(each, functools._lru_cache_wrapper):
                    each.cache_clear()


def _find_no_smaller_examples(items: Iterator[pytest.Item]) -> None:
    """One example that fails is enough."""
    from hypothesis import Phase, settings

    for item in items:
        test: Any = getattr(item, "obj", None)
        known = getattr(test, "_hypothesis_internal_use_settings", None)
        if known is not None:
            phases = (Phase.explicit, Phase.generate)
            few = min(known.max_examples, _EXAMPLES)
            test._hypothesis_internal_use_settings = settings(known, phases=phases, database=None, max_examples=few)
