"""Green by any calendar: who reads the machine's clock is known, and no fixed day is held against it.

`make test-ahead` runs the tests a year and a day from now. What can be told from the text alone is told here, at once.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from tests.house.imports import PACKAGE, ROOT

TESTS = ROOT / "tests"
READINGS = {
    ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"), ("time", "time"),
    ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"), ("time", "ctime"), ("time", "strftime"),
}  # fmt: skip
OUR_CLOCK = "itsm_as_code.app.checkout.workspace"

READERS = {
    "tests/approvals/records.py": "the hook judges by the real clock: all instants are so long ago, or to come",
    "tests/app/checkout/test_workspace.py": "our own clock is what is tested",
    "tests/approvals/world.py": "what the hook would say to a push that is made now",
    "tests/approvals/test_void.py": "what landed some minutes ago, also where the tests take long",
    "tests/cli/test_new.py": "`--when` is some hours ago, or in an hour",
    "tests/cli/test_timelines.py": "`--when` is some hours ago",
}
"""Test modules that read the machine's clock; whatever they hold against it they derive from it."""

AT_A_FIXED_CLOCK = {
    "tests/approvals/machine/place.py": "the board has a clock of its own, and everything is counted from it",
    "tests/app/checkout/test_workspace.py": "the clock that is handed in is held against itself alone",
    "tests/checks/test_report.py": "records, settings and clock are all of the same days",
    "tests/cli/test_site.py": "the workspace is made on a fixed clock; another year must give the same files",
    "tests/evidence/test_verification.py": "keys and claims have fixed dates too",
    "tests/test_documents.py": "the workspace is made on the fixed clock",
    "tests/test_sample.py": "the sample's records have fixed dates too",
}
"""Modules that start processes, or make workspaces, and judge by a fixed clock: nothing there is stamped with today."""

BEFORE, NEVER = date(2026, 12, 1), date(2100, 1, 1)
"""A day before the first was over when these rules were made; one from the second on is for nobody to see."""

_DAY = re.compile(r"(?<!\d)(2\d{3})-?([01]\d)-?([0-3]\d)(?!\d)")
_INSTANT = re.compile(r"20\d\d-\d\d-\d\d(?:T[\d:]+Z?)?$")


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _modules(tree: ast.Module) -> set[str]:
    """What a module imports: modules, and names with the module that they are from."""
    found = {alias.name for node in _nodes(tree) if isinstance(node, ast.Import) for alias in node.names}
    for node in _nodes(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _calls_a_clock(tree: ast.Module) -> bool:
    """Whether a module calls a clock of Python's, or takes its name over."""
    return any(
        (isinstance(node, ast.Attribute) and (_last(node.value), node.attr) in READINGS)
        or (isinstance(node, ast.ImportFrom) and any((node.module, each.name) in READINGS for each in node.names))
        for node in _nodes(tree)
    )


def _reads_the_clock(tree: ast.Module) -> bool:
    """Whether a module calls a clock of Python's, or the one of ours."""
    return _calls_a_clock(tree) or f"{OUR_CLOCK}.now" in _modules(tree)


def _on_the_machines_clock(path: Path, tree: ast.Module) -> bool:
    """Whether the tests of a module start processes or commands, which read the clock unless they are told one."""
    ours = ("tests.cli.", "tests.approvals.")
    return (
        _name(path).startswith(("tests/cli/", "tests/approvals/"))
        or _reads_the_clock(tree)
        or any(module == "subprocess" or module.startswith(ours) for module in _modules(tree))
    )


def _days(tree: ast.Module) -> Iterator[tuple[int, date]]:
    """Line and day of every date in the strings of a module."""
    for node in _nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for match in _DAY.finditer(node.value):
                try:
                    yield node.lineno, date(*(int(part) for part in match.groups()))
                except ValueError:
                    continue  # dates that are none are tried on purpose


def _judges_by_a_fixed_clock(tree: ast.Module) -> bool:
    """Whether a module makes a `datetime` of a given year, or hands a fixed `--at` or `clock` on."""
    fixed = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and _is_instant(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in _nodes(tree):
        if not isinstance(node, ast.Call):
            continue
        if _last(node.func) == "datetime" and node.args and isinstance(node.args[0], ast.Constant):
            return True
        given = [after for at, after in zip(node.args, node.args[1:], strict=False) if _is_at(at)]
        given += [word.value for word in node.keywords if word.arg in ("clock", "at", "now")]
        if any(_is_instant(each) or (isinstance(each, ast.Name) and each.id in fixed) for each in given):
            return True
    return False


def _last(node: ast.expr) -> str | None:
    """The last name of `a.b.c`."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def _is_at(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == "--at"


def _is_instant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_INSTANT.match(node.value))


def _tests() -> tuple[tuple[Path, ast.Module], ...]:
    """The modules of the tests but this one."""
    return tuple((path, _parsed(path)) for path in sorted(TESTS.rglob("*.py")) if path != Path(__file__))


def test_the_package_reads_the_clock_in_one_place_and_hands_it_on() -> None:
    reading = {_name(path) for path in PACKAGE.rglob("*.py") if _reads_the_clock(_parsed(path))}
    assert OUR_CLOCK.replace(".", "/") + ".py" in reading
    opening = ("itsm_as_code/cli/", "itsm_as_code/app/checkout/")
    assert [name for name in sorted(reading) if not name.startswith(opening)] == [], "take `now` as an argument"


def test_one_module_alone_calls_python_s_clock() -> None:
    calling = [_name(path) for path in PACKAGE.rglob("*.py") if _calls_a_clock(_parsed(path))]
    assert calling == [OUR_CLOCK.replace(".", "/") + ".py"]


def test_the_tests_that_read_the_clock_are_known() -> None:
    assert {_name(path) for path, tree in _tests() if _reads_the_clock(tree)} == set(READERS)


def test_no_test_on_the_machines_clock_names_a_day_that_is_still_to_come() -> None:
    to_come = [
        f"{_name(path)}:{line}: {day}"
        for path, tree in _tests()
        if _on_the_machines_clock(path, tree) and _name(path) not in AT_A_FIXED_CLOCK
        for line, day in _days(tree)
        if BEFORE <= day < NEVER
    ]
    assert to_come == [], "count from the clock (tests.approvals.records.at), or give a clock (tests.cli.harness.Desk)"


def test_what_is_left_out_a_year_ahead_knows_no_clock() -> None:
    """`make test-ahead` leaves folders out; a module there that begins to read the clock brings its folder back."""
    named = re.search(r"^WITHOUT_CLOCK := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert named is not None
    left_out = tuple(f"tests/{folder}/" for folder in named[1].split())
    assert all((ROOT / folder).is_dir() for folder in left_out)
    there = [(path, tree) for path, tree in _tests() if _name(path).startswith(left_out)]
    assert [_name(path) for path, tree in there if _on_the_machines_clock(path, tree)] == []


def test_a_fixed_clock_and_the_machines_own_do_not_meet() -> None:
    both = {
        _name(path) for path, tree in _tests() if _on_the_machines_clock(path, tree) and _judges_by_a_fixed_clock(tree)
    }
    assert both == set(AT_A_FIXED_CLOCK)


def test_what_these_rules_look_for_is_seen() -> None:
    for source in ("datetime.now(UTC)", "import datetime\ndatetime.date.today()", "from time import time",
                   "time.time()", f"from {OUR_CLOCK} import now"):  # fmt: skip
        assert _reads_the_clock(ast.parse(source)), source
    assert not _reads_the_clock(ast.parse("time.monotonic(); self.now; other.now()"))
    for source in ("datetime(2026, 1, 1)", 'f("--at", "2026-01-01")', 'C = "2026-01-01T00:00:00Z"\nf("--at", C)',
                   'Desk(x, clock="2026-01-01")'):  # fmt: skip
        assert _judges_by_a_fixed_clock(ast.parse(source)), source
    assert not _judges_by_a_fixed_clock(ast.parse('f("--at", at(days=1))'))
    assert [str(day) for _, day in _days(ast.parse("'INC-20270102-7K3Q9 2028-02-29T00:00Z 2026-13-01'"))] == [
        "2027-01-02", "2028-02-29",
    ]  # fmt: skip


def test_the_clock_is_as_far_ahead_as_was_asked_for_in_all_processes(tmp_path: Path) -> None:
    """`make test-ahead` would be green for nothing where the other clock does not reach Python, children and Git."""
    ahead = re.fullmatch(r"\+(\d+)d", os.environ.get("FAKETIME", "+0d"))
    assert ahead, "FAKETIME is a number of whole days"
    (tmp_path / "file").write_bytes(b"")
    wanted = (tmp_path / "file").stat().st_mtime + int(ahead[1]) * 24 * 3600  # the kernel's clock can't be borrowed
    told = subprocess.check_output([sys.executable, "-c", "import time; print(time.time())"])
    git = subprocess.check_output(["git", "var", "GIT_COMMITTER_IDENT"], cwd=tmp_path)
    for seconds in (time.time(), float(told), float(git.split()[-2])):
        assert abs(seconds - wanted) < 3600
