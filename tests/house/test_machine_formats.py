"""What programs get: instants in UTC, seconds, plain numbers; of every command that has a format for programs."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import click
import pytest

from tests.cli.inside import Place
from tests.golden.test_golden import HERE
from tests.house.commands import commands

AT = ("--at", "2026-11-20T11:30:00+01:00")
"""In a zone of its own, as people type it: what programs get is in UTC all the same."""
CASES: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("list", "csv"): (("--all",), ("--approvals", *AT), ("--awaiting", "bo-long", *AT)),
    ("list", "json"): (("--all",), ("--approvals", *AT), ("--awaiting", "bo-long", *AT)),
    ("sla status", "csv"): (("--all", *AT),),
    ("sla status", "json"): (("--all", *AT),),
    ("calendar", "csv"): (AT,),
    ("calendar", "json"): (("--hours", *AT),),
    ("log", "json"): (("patient-portal",),),
    ("show", "json"): (("patient-portal",), ("4M2XT", "--proof", *AT)),
    ("check", "json"): (AT, ("--history", *AT)),
    ("import servicenow", "json"): (("export.json", "--timezone", "UTC", "--create", "--owner", "it", "--dry-run"),),
    ("import cstate", "json"): (("status", "--timezone", "UTC", "--create", "--owner", "it", "--dry-run"),),
    ("import markdown", "json"): (("runbooks", "--dry-run"),),
}
"""Command and format to the arguments that make it speak."""
MACHINE = ("csv", "json")
PARSED = {"csv", "json"}
"""Formats of which a test below parses whatever is said in them."""
FOR_PEOPLE = {"text", "table", "github", "id", "ids"}
"""Formats that programs are not promised anything of, or nothing but an id on each line."""
UTC_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
LIKE_AN_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d")
ROUNDED = re.compile(r"-?(\d+h|\d+m|\d+s)( \d+[ms])?|[\d.]+ ?%|\d{1,3}(,\d{3})+")
NUMBERS = re.compile(r"(_seconds|_percent)$|^(version|line|column|steps|count|approved|unguarded|number|seat)$")
AS_WRITTEN = ("record", "before", "after", "content", "fields", "rules", "people", "teams", "examples")
"""Keys below which stands what records and sources say themselves."""
COUNTS = ("evaluated", "source", "records")
"""Keys of maps from what is counted to how much of it there is."""


@pytest.fixture
def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list[str]:
    """What a command says in a format, for each of its cases."""
    words, output = request.param
    place = Place(tmp_path / "workspace")
    shutil.copytree(HERE / "awaiting" / "workspace", place.folder)
    shutil.copytree(HERE / "sla" / "workspace" / "records" / "incidents", place.folder / "records" / "incidents")
    for folder in ("slas", "calendars"):
        shutil.copytree(HERE / "sla" / "workspace" / "records" / folder, place.folder / "records" / folder)
    shutil.copy(HERE / "sla/workspace/records/services/patient-portal.yaml", place.folder / "records/services")
    place.write("export.json", json.dumps([{"number": "INC0001", "opened_at": "2026-01-02 10:00:00", "state": "New"}]))
    place.write(
        "status/content/issues/one.md", "---\ntitle: Down\ndate: 2026-01-02 10:00:00\nsection: issue\n---\nSorry.\n"
    )
    place.write("runbooks/one.md", "# Restart\n\nDo it.\n")
    for file in place.folder.rglob("records/*/**/*.yaml"):  # instants with an offset, as other people write them
        if (place.folder / "records" / "approvals" / file.stem).exists():
            continue  # approvals are bound to what is written
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"(?<=(?:art|end|rom|til): )\d\S+T\S+Z", _two_hours_east, text), encoding="utf-8")
    for date in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.setenv(date, "2026-11-19T23:00:00+14:00")
    place.git("init", "-q", "-b", "main")
    place.commit("Found the workspace")
    said = []
    for arguments in CASES[words, output]:
        done = place.itsm(*words.split(), *arguments, "--format", output)
        assert done.out, done.err
        said.append(done.out)
    return said


def _two_hours_east(found: re.Match[str]) -> str:
    """The same instant, written with an offset."""
    return datetime.fromisoformat(found[0]).astimezone(timezone(timedelta(hours=2))).isoformat()


def _of(output: str) -> list[tuple[str, str]]:
    return [case for case in CASES if case[1] == output]


def test_every_machine_format_of_every_command_is_looked_at() -> None:
    assert {(words, output) for words, output in _offered() if output in MACHINE} == set(CASES)


def test_every_format_is_for_programs_or_for_people() -> None:
    assert {output for _, output in _offered()} == {*MACHINE, *FOR_PEOPLE}


def test_every_machine_format_is_parsed_by_a_test() -> None:
    assert set(MACHINE) == PARSED


def _offered() -> set[tuple[str, str]]:
    """Each command with each format that it has."""
    return {
        (words, output)
        for words, command in commands().items()
        for param in command.params
        if param.name == "output" and isinstance(param.type, click.Choice)
        for output in param.type.choices
    }


@pytest.mark.parametrize("spoken", _of("json"), ids=str, indirect=True)
def test_json_has_plain_values_under_names_with_units(spoken: list[str]) -> None:
    for said in spoken:
        data = json.loads(said)
        assert data["version"] == 1
        for key, value in _leaves(data, ""):
            if isinstance(value, bool) or value is None:
                continue
            if isinstance(value, (int, float)):
                assert NUMBERS.search(key), f"{key}: {value} has no unit"
            else:
                _require_plain(key, value)


@pytest.mark.parametrize("spoken", _of("csv"), ids=str, indirect=True)
def test_csv_has_plain_values(spoken: list[str]) -> None:
    for said in spoken:
        headings, *rows = csv.reader(io.StringIO(said))
        assert rows
        for row in rows:
            for key, cell in zip(headings, row, strict=True):
                _require_plain(key, cell)
                if key.endswith(("_seconds", "_percent")):
                    assert re.fullmatch(r"(-?\d+(\.\d+)?)?", cell), f"{key}: {cell}"


def _require_plain(key: str, value: str) -> None:
    assert not ROUNDED.fullmatch(value), f"{key}: {value}"
    if LIKE_AN_INSTANT.match(value) or key.endswith(("_at", "_due")):
        assert value == "" or UTC_INSTANT.fullmatch(value), f"{key}: {value}"


def _leaves(data: Any, key: str) -> Iterator[tuple[str, Any]]:
    """Each plain value with its key, but for what is quoted and what is counted."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name not in AS_WRITTEN and not (name in COUNTS and isinstance(value, dict)):
                yield from _leaves(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from _leaves(value, key)
    else:
        yield key, data
