"""The recipes of CONTRIBUTING.md work as they are written, and a step that is forgotten is noticed.

Each is followed in a copy of the project. What comes out is run there by itself, in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.recipes.document import Recipe, recipes
from tests.recipes.scratch import ROOT, Guards, Scratch

RECIPES = recipes(ROOT / "CONTRIBUTING.md")
WITHOUT_GUARD = {("a figure on a page", 3): "no test can say which test of a page is missing"}
"""Steps whose absence no test notices, with the reason."""
STALE = "tests/house/test_package.py::test_generated_files_say_what_the_code_says"
"""Notices what was not generated. It is slow, and the same in all recipes, so it is run for the first of them; of the
others it is enough that generating wrote something."""
FIRST = next(iter(RECIPES))
AT = ("--at", "2026-11-20T10:30:00Z")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """The copy of the project."""
    return Scratch.made_in(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def guards(scratch: Scratch) -> Iterator[Guards]:
    """What runs tests of the copy."""
    running = Guards(scratch.folder)
    yield running
    running.end()


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_works(title: str, scratch: Scratch, guards: Guards, tmp_path: Path) -> None:
    recipe = RECIPES[title]
    with scratch.following(recipe.steps):
        wanted = _tried(title, recipe.guards)
        assert guards.outcomes(wanted) == dict.fromkeys(wanted, "passed")
        _require_style(scratch, recipe)
        PROOFS[title](scratch, tmp_path)


def _tried(title: str, tests: tuple[str, ...]) -> list[str]:
    return [test for test in tests if test != STALE or title == FIRST]


def _require_style(scratch: Scratch, recipe: Recipe) -> None:
    """What the recipe writes has the form of all code here."""
    written = sorted({edit.path for step in recipe.steps for edit in step.edits if edit.path.endswith(".py")})
    ruff = Path(sys.executable).with_name("ruff")
    for command in ("check", "format --check"):
        done = subprocess.run(
            [ruff, *command.split(), "--no-cache", *written], cwd=scratch.folder, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("title", "number"),
    [(title, step.number) for title, recipe in RECIPES.items() for step in recipe.steps if _tried(title, step.guards)],
)
def test_a_forgotten_step_is_noticed(title: str, number: int, scratch: Scratch, guards: Guards) -> None:
    steps = RECIPES[title].steps
    (forgotten,) = (step for step in steps if step.number == number)
    with scratch.following([step for step in steps if step is not forgotten], generates=False):
        outcomes = guards.outcomes(_tried(title, forgotten.guards))
    assert [guard for guard, outcome in outcomes.items() if outcome == "passed"] == []


def test_a_kind_whose_edits_need_approval_is_asked_for_in_policies(scratch: Scratch, guards: Guards) -> None:
    row, *others = RECIPES["a kind of record"].steps
    (edit,) = row.edits
    decided = replace(
        edit, new=edit.new.replace('"suppliers", edits_need_approval=False', '"suppliers", edits_need_approval=True')
    )
    assert decided != edit
    asking = "tests/house/test_kinds.py::test_a_new_workspace_decides_on_every_edit_that_needs_approval"
    with scratch.following([replace(row, edits=(decided,)), *others], generates=False):
        assert guards.outcomes([asking])[asking] not in ("passed", "missing")


def test_every_step_says_who_notices_its_absence() -> None:
    silent = {(title, step.number) for title, recipe in RECIPES.items() for step in recipe.steps if not step.guards}
    assert silent == set(WITHOUT_GUARD)


def test_steps_are_numbered_and_name_their_files() -> None:
    for title, recipe in RECIPES.items():
        assert [step.number for step in recipe.steps] == list(range(1, len(recipe.steps) + 1)), title
        for step in recipe.steps:
            assert step.edits or step.commands, f"{title} {step.number} does nothing"
            for edit in step.edits:
                assert _is_named(Path(edit.path), step.words), f"{title} {step.number} does not name {edit.path}"


def _is_named(path: Path, words: str) -> bool:
    """Whether a reader finds the file: by its path, or by its name and a folder of it, as for one that is new."""
    folders = [f"`{folder.as_posix()}/`" for folder in path.parents if folder != Path()]
    return f"`{path.as_posix()}`" in words or (f"`{path.name}`" in words and any(folder in words for folder in folders))


def test_every_recipe_is_proved() -> None:
    assert set(PROOFS) == set(RECIPES)


# what each recipe promises


def _workspace(scratch: Scratch, folder: Path) -> tuple[str, ...]:
    """The words by which `itsm` works in a new workspace."""
    folder.mkdir(exist_ok=True)
    scratch.must(
        "-C", str(folder), "init", "--name", "Example", "--service", "Portal", "--person", "Ana Example",
        "--email", "ana@example.org",
    )  # fmt: skip
    return ("-C", str(folder))


def _a_kind(scratch: Scratch, folder: Path) -> None:
    there = _workspace(scratch, folder / "workspace")
    assert scratch.must(*there, "new", "suppliers", "--name", "Acme", "--format", "id") == "acme\n"
    assert "acme" in scratch.must(*there, "list", "suppliers", "name~Acme")
    file = folder / "workspace" / "records" / "suppliers" / "acme.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "owner: person/nobody-here\n", encoding="utf-8")
    done = scratch.itsm(*there, "check")
    assert done.returncode == 1
    assert "error[REF001]" in done.stdout
    assert (scratch.folder / "schemas" / "supplier.json").is_file()
    assert "## supplier" in (scratch.folder / "docs" / "fields.md").read_text(encoding="utf-8")


def _a_check(scratch: Scratch, folder: Path) -> None:
    path = "records/assets/ehr-licence.yaml"
    text = (scratch.folder / path).read_text(encoding="utf-8")
    scratch.write(path, text.replace("acquired: 2024", "acquired: 2034"))
    done = scratch.itsm("check", path, *AT)
    assert (done.returncode, done.stdout.count("error[TIM007] expires-before-it-is-acquired")) == (1, 1)


def _a_field(scratch: Scratch, _folder: Path) -> None:
    assert scratch.must("list", "assets", "return_until=2024-04-30", "--format", "ids") == "ehr-licence\n"
    assert "return_until" in (scratch.folder / "schemas" / "asset.json").read_text(encoding="utf-8")


def _a_command(scratch: Scratch, _folder: Path) -> None:
    numbers = [int(row.split()[0]) for row in scratch.must("tags").splitlines()]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers


def _an_option(scratch: Scratch, _folder: Path) -> None:
    rows = json.loads(scratch.must("list", "incidents", "--all", "--sort", "title", "--format", "json"))["records"]
    titles = [row["title"] for row in rows]
    assert titles == sorted(titles)
    assert len(set(titles)) > 10


def _a_format(scratch: Scratch, _folder: Path) -> None:
    scratch.write("records/teams/night.yaml", "id: night\nkind: team\nschema: 1\nname: Night\nmembers: [nobody]\n")
    done = scratch.itsm("check", "records/teams/night.yaml", "--format", "lines", *AT)
    assert "records/teams/night.yaml:5:11: REF001" in done.stdout


def _an_importer(scratch: Scratch, folder: Path) -> None:
    there = _workspace(scratch, folder / "workspace")
    (folder / "contacts.csv").write_text("name,email\nAda Example,ada@example.org\n", encoding="utf-8")
    said = scratch.must(*there, "import", "contacts", str(folder / "contacts.csv"))
    assert "1 new" in said
    assert "ada-example" in scratch.must(*there, "list", "people", "--format", "ids")


def _a_figure(scratch: Scratch, folder: Path) -> None:
    scratch.must("site", "build", "--out", str(folder / "site"), *AT)
    pages = (folder / "site" / "slas").glob("*/index.html")
    assert all("The longest clock has counted" in page.read_text(encoding="utf-8") for page in pages)


PROOFS: dict[str, Callable[[Scratch, Path], None]] = {
    "a kind of record": _a_kind,
    "a check": _a_check,
    "a field of a kind": _a_field,
    "a command": _a_command,
    "an option of a command": _an_option,
    "an output format": _a_format,
    "an importer": _an_importer,
    "a figure on a page": _a_figure,
}
