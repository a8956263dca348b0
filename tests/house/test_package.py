"""The house: layers, start-up, generated files, paths named in documents."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from itsm_as_code.cli.commands import COMMANDS, verbs
from tests.forks.start import run_forked

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "itsm_as_code"
HEAVY = {"pydantic", "git", "ruamel.yaml", "ryaml", "jinja2", "rich", "holidays", "nh3", "cmarkgfm", "pygments"}


def _modules_loaded_by(*arguments: str) -> set[str]:
    code = (
        "import sys, json\n"
        "from itsm_as_code.cli.main import run\n"
        f"run({list(arguments)!r})\n"
        "print('\\n' + json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_layers_are_not_crossed() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "arguments", [("--version",), ("--help",), *((command.name, "--help") for command in COMMANDS)], ids=" ".join
)
def test_start_up_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert not _modules_loaded_by(*arguments) & HEAVY


def test_every_command_opens_its_help_with_one_line_and_has_two_examples() -> None:
    for command in (*COMMANDS, *verbs()):
        done = run_forked([command.name, "--help"], ROOT, os.environ)
        assert done.returncode == 0, done.stderr
        _usage, _, about, *_ = done.stdout.split("\n")
        assert about.strip().endswith("."), command.name
        examples = done.stdout.split("Examples:")[-1]
        assert len(re.findall(r"^ +itsm ", examples, re.MULTILINE)) == 2, command.name


@pytest.mark.parametrize("what", ["schemas", "docs"])
def test_generated_files_say_what_the_code_says(what: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "itsm_as_code", "-C", str(ROOT), "generate", what, "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_paths_named_in_documents_exist() -> None:
    for page in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        named = re.findall(r"`((?:itsm_as_code|tests|docs|benchmarks|templates|schemas)/[\w./-]+)`", text)
        prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        named += re.findall(r"\]\((?!https?:|#)([^)#]+)\)", prose)
        for path in named:
            assert (ROOT / path).exists(), f"{page} names {path}"


def test_modules_stay_small() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in PACKAGE.rglob("*.py")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 300
    }
    assert not long


def test_every_module_says_what_it_is_for() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert path.read_text(encoding="utf-8").lstrip("r").startswith('"""'), path
