"""Mutation testing of what decides on approvals: `python -m benchmarks.mutation [--commit REV] [--write]`.

A copy of a commit is mutated by mutmut, never the checkout, and each mutant runs against the fast tests that reach
it. These are deterministic; the comparison with the oracle, which draws its worlds, is left out: it is no reason to
leave a hole in the cases that are written down.
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import perf_counter

from benchmarks.measure import PROJECT
from benchmarks.survivors import Mutant, page

PAGE = PROJECT / "docs" / "mutation.md"
MUTATED = (
    "itsm_as_code/domain/approval/*.py", "itsm_as_code/domain/digest.py", "itsm_as_code/evidence/sshsig.py",
    "itsm_as_code/evidence/verification.py",
)  # fmt: skip
TESTS = (
    "tests/domain/approval", "tests/domain/test_digest.py", "tests/evidence",
    "--ignore=tests/domain/approval/test_verdict_oracle.py",
)  # fmt: skip
_NEEDED = ("itsm_as_code", "tests", "schemas", "templates", "pyproject.toml", "itsm.yaml")
_OPTIONS = ("-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0")
_PROPERTY = re.compile(r"^    @property\n    def (\w+)\(self\)", re.MULTILINE)
_RESULT = re.compile(r"^ +(\S+): (.+)$", re.MULTILINE)
_MUTMUT = Path(sys.executable).with_name("mutmut")


def main() -> None:
    """Mutates, tests, prints the page, and writes it to docs/mutation.md if asked."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="itsm-mutation-") as folder:
        root = Path(folder)
        begun = perf_counter()
        commit = lay_out(root, options.commit)
        subprocess.run([_MUTMUT, "run", "--max-children", "1"], cwd=root, stdout=sys.stderr, check=True)
        minutes = (perf_counter() - begun) / 60
        text = page(list(_mutants(root)), commit, minutes, root)
    print(text)
    if options.write:
        PAGE.write_text(text, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("--commit", default="HEAD", metavar="REV", help="what is mutated and tested; HEAD by default")
    parser.add_argument("--write", action="store_true", help="write docs/mutation.md")
    return parser.parse_args()


def lay_out(root: Path, revision: str) -> str:
    """Fills the folder with what mutmut needs of a commit; the commit's id in short."""
    git = ["git", "-C", str(PROJECT)]
    packed = subprocess.run([*git, "archive", "--format=tar", revision, *_NEEDED], capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(root, filter="data")
    for pattern in MUTATED:
        for path in root.glob(pattern):
            path.write_text(with_properties_opened(path.read_text(encoding="utf-8")), encoding="utf-8")
    lines = {
        "source_paths": ["itsm_as_code"], "only_mutate": MUTATED, "also_copy": _NEEDED[2:],
        "pytest_add_cli_args": _OPTIONS, "pytest_add_cli_args_test_selection": TESTS,
        "use_git_change_detection": ["false"],
    }  # fmt: skip
    (root / "setup.cfg").write_text("[mutmut]\n" + "".join(_setting(*each) for each in lines.items()), "utf-8")
    said = subprocess.run([*git, "rev-parse", "--short", revision], capture_output=True, text=True, check=True)
    return said.stdout.strip()


def with_properties_opened(source: str) -> str:
    """Properties as plain methods behind a property, on the same lines: mutmut leaves decorated functions out."""
    return _PROPERTY.sub(r"    \1 = property(lambda self: self._read_\1())\n    def _read_\1(self)", source)


def _setting(name: str, values: Iterable[str]) -> str:
    listed = list(values)
    return f"{name}={listed[0]}\n" if len(listed) == 1 else f"{name}=\n" + "".join(f"    {each}\n" for each in listed)


def _mutants(root: Path) -> Iterator[Mutant]:
    """All mutants with what became of them; what was changed is looked up for those that live."""
    said = _asked(root, "results", "--all", "true")
    for name, status in _RESULT.findall(said):
        killed = status in ("killed", "timeout")
        yield Mutant(name, status, "" if killed else _asked(root, "show", name))


def _asked(root: Path, *words: str) -> str:
    return subprocess.run([_MUTMUT, *words], cwd=root, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
