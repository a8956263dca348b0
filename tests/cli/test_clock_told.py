"""Reports say by which clock they were judged."""

from __future__ import annotations

import json

import pytest

from tests.checks.memory import as_files, incident
from tests.checks.workspace import BACKGROUND
from tests.cli.inside import Place
from tests.git.builder import RepoBuilder

AT = "2026-11-21T09:00:00+01:00"
TOLD = "2026-11-21T08:00:00Z"
REPORTS = {
    "check": ("check",), "some files": ("check", "itsm.yaml"), "audit": ("check", "--history"),
    "step": ("check", "--base", "HEAD~1"), "approvals": ("list", "--approvals"),
    "queue": ("list", "--awaiting", "ana"), "sla": ("sla", "status"),
}  # fmt: skip
ALWAYS = {"audit", "step"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A workspace of two commits."""
    made = RepoBuilder(tmp_path_factory.mktemp("clock") / "workspace")
    made.commit({**BACKGROUND, **as_files(incident())}, "found")
    made.commit({"notes.txt": "x"}, "a note")
    return Place(made.path)


def words(place: Place, *arguments: str) -> str:
    """What a command says, on both streams."""
    done = place.itsm(*arguments)
    return done.out + done.err


@pytest.mark.parametrize("name", REPORTS)
def test_what_programs_read_always_says_by_which_clock(place: Place, name: str) -> None:
    done = place.itsm(*REPORTS[name], "--format", "json", "--at", AT)
    assert json.loads(done.out)["at"] == TOLD
    assert json.loads(place.itsm(*REPORTS[name], "--format", "json").out)["at"].endswith("Z")


@pytest.mark.parametrize("name", REPORTS)
def test_what_people_read_says_it_where_it_is_not_their_own_clock(place: Place, name: str) -> None:
    said = words(place, *REPORTS[name], "--at", AT)
    assert said.count(TOLD) == 1 and "judged at" in said
    assert ("judged at" in words(place, *REPORTS[name])) is (name in ALWAYS)


@pytest.mark.parametrize(("ref", "aspect"), [("team/it", "approval"), ("7K3Q9", "sla")])
def test_an_explanation_says_it_too(place: Place, ref: str, aspect: str) -> None:
    assert f"judged at {TOLD}" in words(place, "explain", ref, aspect, "--at", AT)
    assert "judged at" not in words(place, "explain", ref, aspect)
