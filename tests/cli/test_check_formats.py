"""Each format of `itsm check` tells what a check and what an audit found, and ends as every other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from itsm_as_code.cli.check import FORMATS
from tests.checks.workspace import BACKGROUND
from tests.cli.inside import Place
from tests.git.builder import RepoBuilder

BROKEN = "records/teams/cab.yaml"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A workspace in whose last step a record was broken."""
    made = RepoBuilder(tmp_path_factory.mktemp("formats") / "workspace")
    made.commit(BACKGROUND, "found")
    made.commit({BROKEN: "id: [\n"}, "broken")
    return Place(Path(made.path))


@pytest.fixture(scope="module")
def rested(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A workspace in which many steps rest on one that can't be judged."""
    made = RepoBuilder(tmp_path_factory.mktemp("rested") / "workspace")
    made.commit(BACKGROUND, "found")
    made.commit({BROKEN: "id: [\n"}, "broken")
    for number in range(22):
        made.commit({"notes.txt": f"{number}"}, "a note")
    return Place(Path(made.path))


def test_each_format_names_the_steps_that_rest_on_a_fault_and_text_not_all_of_them(rested: Place) -> None:
    commits = rested.git("log", "--format=%H", "-22").split()[::-1]
    told = {output: rested.itsm("check", "--history", "--format", output).out for output in FORMATS}
    assert [step["commit"] for step in json.loads(told["json"])["resting"]] == commits
    assert [step["passed"] for step in json.loads(told["json"])["resting"]] == [[]] * 22
    assert "22 steps judged by a base with a standing fault\n" in told["text"]
    assert "and 2 more, which --format json names" in told["text"] and commits[20][:12] not in told["text"]
    (notice,) = (line for line in told["github"].splitlines() if line.startswith("::notice"))
    assert notice.startswith("::notice title=Look at what they let through::22 steps were judged by a base")
    assert notice.endswith(f"{commits[19][:12]} and 2 more")


@pytest.mark.parametrize("arguments", [(), ("--base", "HEAD~1"), ("--history",)], ids=str)
@pytest.mark.parametrize("output", FORMATS)
def test_a_format_tells_what_is_wrong(place: Place, output: str, arguments: tuple[str, ...]) -> None:
    done = place.itsm("check", *arguments, "--format", output)
    assert done.code == 1
    assert BROKEN in done.out
