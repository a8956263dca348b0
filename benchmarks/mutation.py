"""Mutation testing of what decides: `python -m benchmarks.mutation [--commit REV] [--at-once N] [--write] [MODULE…]`.

A copy of a commit is mutated, never the checkout, and each mutant runs against the fast tests of its module that reach
it. Those that are listed as equivalent are not tried. The tests are deterministic; comparisons with an oracle, which
draw their worlds, are left out: they are no reason to leave a hole in the cases that are written down.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir
from pathlib import Path
from time import perf_counter

from benchmarks.measure import PROJECT
from benchmarks.mutants import Mutants, module_of, mutants_of
from benchmarks.survivors import EQUIVALENT, KILLED, Mutant, equivalent, page

PAGE = PROJECT / "docs" / "mutation.md"
_CHECKING = "tests/app/checking/"
_DECIDING = (
    "accepted_review", "acts", "authorship", "entry_step", "evaluator", "guarded_files", "landed_entries",
    "looking_back", "opened_step", "past_approval", "ratification", "repository_root", "review_debts",
    "settled_reviews", "verified_by", "when_work_begins",
)  # fmt: skip
MUTATED: Mapping[str, Sequence[str]] = {
    "itsm_as_code/domain/approval/*.py": ("tests/domain/approval/",),
    "itsm_as_code/domain/digest.py": ("tests/domain/test_digest.py", "tests/domain/approval/"),
    "itsm_as_code/domain/timelines.py": ("tests/domain/test_timelines.py", "tests/checks/test_steps_"),
    "itsm_as_code/evidence/sshsig.py": ("tests/evidence/",),
    "itsm_as_code/evidence/verification.py": ("tests/evidence/",),
    "itsm_as_code/checks/steps_*.py": ("tests/checks/test_steps_",),
    "itsm_as_code/checks/hidden.py": ("tests/checks/test_hidden.py",),
    **{f"itsm_as_code/app/approvals/{each}.py": (f"tests/app/approvals/test_{each}.py",) for each in _DECIDING},
    "itsm_as_code/app/checking/audit.py": (f"{_CHECKING}test_audit.py",),
    "itsm_as_code/app/checking/landing.py": (f"{_CHECKING}test_landing.py", f"{_CHECKING}test_push_gate.py"),
    "itsm_as_code/app/checking/push_gate.py": (f"{_CHECKING}test_push_gate.py",),
    "itsm_as_code/app/checking/standing_faults.py": (f"{_CHECKING}test_standing_faults.py",),
    "itsm_as_code/app/checkout/checkout.py": ("tests/app/checkout/test_checkout.py",),
    "itsm_as_code/app/checkout/clone.py": ("tests/app/checkout/test_clone.py", "tests/app/checkout/test_checkout.py"),
    "itsm_as_code/app/deciding/preconditions.py": ("tests/app/deciding/test_preconditions.py",),
}
"""The modules that decide, and how the names of the tests begin that must catch their mutants."""
LEFT_OUT = ("tests/domain/approval/test_verdict_oracle.py",)
_NEEDED = ("itsm_as_code", "tests", "benchmarks", "schemas", "templates", "records", "pyproject.toml", "itsm.yaml")
_OPTIONS = (
    "-p", "benchmarks.mutant_runs", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0", "-qq", "-s",
    "--assert=plain", "--tb=short",
)  # fmt: skip


def main() -> None:
    """Mutates, tests, prints the page, and writes it to docs/mutation.md if asked."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="itsm-mutation-") as folder:
        root = Path(folder)
        begun = perf_counter()
        commit = lay_out(root, options.commit)
        with chdir(root):  # where mutmut looks for its settings
            made = list(_mutated(root, options.modules))
        found = _tried(root, made, options.at_once)
        minutes = (perf_counter() - begun) / 60
    mutants = list(_results(made, found))
    words = f"{len(mutants):,} mutants in {minutes:.0f} minutes, {options.at_once} at a time"
    text = page(mutants, f"{commit}: {words}")
    print(text)
    if options.write:
        PAGE.write_text(text, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("--commit", default="HEAD", metavar="REV", help="what is mutated and tested; HEAD by default")
    parser.add_argument("--at-once", type=int, default=1, metavar="N", help="how many mutants are tried at a time")
    parser.add_argument("--write", action="store_true", help="write docs/mutation.md")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="files to mutate; all that decide by default")
    return parser.parse_args()


def lay_out(root: Path, revision: str) -> str:
    """Fills the folder with what the tests need of a commit; the commit's id in short."""
    git = ["git", "-C", str(PROJECT)]
    packed = subprocess.run([*git, "archive", "--format=tar", revision, *_NEEDED], capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(root, filter="data")
    (root / "setup.cfg").write_text("[mutmut]\nsource_paths=itsm_as_code\n", encoding="utf-8")
    said = subprocess.run([*git, "rev-parse", "--short", revision], capture_output=True, text=True, check=True)
    return said.stdout.strip()


def _mutated(root: Path, modules: Sequence[str]) -> Iterator[Mutants]:
    """Puts all mutants into the modules of the folder, asleep."""
    for pattern in MUTATED:
        for file in sorted(root.glob(pattern)):
            path = file.relative_to(root).as_posix()
            if not modules or path in modules:
                mutants = mutants_of(path, file.read_text(encoding="utf-8"))
                file.write_text(mutants.code, encoding="utf-8")
                yield mutants


def _tried(root: Path, made: Sequence[Mutants], at_once: int) -> dict[str, str]:
    """What became of each mutant, by its name."""
    meant_for = {module_of(each.path): _tests_of(root, each.path) for each in made}
    known = equivalent()
    asked = {
        "mutants": [name for each in made for name in each.names if (each.path, *each.change(name)) not in known],
        "tests": meant_for,
    }
    file = root / "mutants.json"
    file.write_text(json.dumps(asked), encoding="utf-8")
    beginnings = {beginning for tests in meant_for.values() for beginning in tests}
    files = sorted({found.relative_to(root).as_posix() for each in beginnings for found in _files(root, each)})
    command = [sys.executable, "-m", "pytest", *_OPTIONS, f"--mutants={file}", f"--mutants-at-once={at_once}"]
    left_out = (each for each in files if each not in LEFT_OUT)
    subprocess.run([*command, *left_out], cwd=root, stdout=sys.stderr, check=True)
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))["found"]
    return found


def _tests_of(root: Path, path: str) -> Sequence[str]:
    return next(tests for pattern, tests in MUTATED.items() if root / path in root.glob(pattern))


def _files(root: Path, beginning: str) -> Iterator[Path]:
    folder, _, name = beginning.rpartition("/")
    return (root / folder).glob(f"{name}*" if name.endswith(".py") else f"{name or 'test_'}*.py")


def _results(made: Sequence[Mutants], found: Mapping[str, str]) -> Iterator[Mutant]:
    for module in made:
        for name in module.names:
            status = found.get(name, EQUIVALENT)
            alive = status not in KILLED
            change = module.change(name) if alive else ("", "")
            yield Mutant(module.path, module.line(name) if alive else 0, status, *change)


if __name__ == "__main__":
    main()
