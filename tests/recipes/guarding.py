"""A process that has imported what tests need besides the project, and forks itself for each list of tests.

It stands in a copy of the project. A line with a list of tests comes in, a line with their outcomes goes out.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import pytest

NEEDED = ("click", "hypothesis", "jinja2", "pydantic", "rich.table", "ruamel.yaml", "ryaml", "jsonschema")
OPTIONS = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore::pytest.PytestAssertRewriteWarning")
"""What was imported beforehand has no assertions that should be rewritten."""


class Outcomes:
    """What became of tests: `passed`, or the first words of what was wrong."""

    def __init__(self, tests: list[str]) -> None:
        self.found = dict.fromkeys(tests, "missing")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test with parameters has passed if all of it has."""
        test = report.nodeid.split("[")[0]
        if report.failed:
            self.found[test] = str(report.longreprtext)[-2000:]
        elif report.when == "call" and report.passed and self.found.get(test) == "missing":
            self.found[test] = "passed"


def _answer(tests: list[str], pipe: int) -> NoReturn:
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    outcomes = Outcomes(tests)
    try:
        pytest.main([*OPTIONS, *tests], plugins=[outcomes])
    except Exception as fault:  # told to whoever asked: nothing of this process is seen elsewhere
        outcomes.found = dict.fromkeys(tests, repr(fault))
    os.write(pipe, json.dumps(outcomes.found).encode() + b"\n")
    os._exit(0)


def main() -> None:
    """Until standard input ends."""
    sys.path.insert(0, str(Path.cwd()))
    for name in NEEDED:
        import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _answer(json.loads(line), os.dup(1))
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
