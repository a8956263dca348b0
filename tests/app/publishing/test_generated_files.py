"""`itsm generate`: files from the code's own words, which of them are stale, and a hook for the server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.app.publishing import generated_files
from itsm_as_code.app.publishing.generated_files import (
    compare,
    documents,
    require_isolated,
    schemas,
    server_hook,
    write,
)
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.settings import Settings
from tests.checkouts import checkout_at, checkout_over
from tests.checks.memory import snapshot_of
from tests.checks.workspace import BACKGROUND, NOW
from tests.git.builder import RepoBuilder


def settings(**more: Any) -> Settings:
    return Settings.model_validate({"id": "4h7k2m9qx1zt", "schema": 1, "name": "Example", **more})


def test_every_kind_has_a_schema_and_so_have_settings_and_what_we_put_out() -> None:
    others = {"itsm", "report", "audit", "proof"}
    made = schemas(settings())
    assert set(made) == {f"schemas/{name}.json" for name in KINDS.keys() | others}
    assert all(json.loads(text)["$schema"] for text in made.values())


def test_a_workspaces_own_fields_are_in_the_schema_of_their_kind() -> None:
    own = {"incident": {"rack": {"type": "text", "label": "Rack", "material": False}}}
    made = schemas(settings(custom_fields=own))
    assert "rack" in made["schemas/incident.json"]
    assert "rack" not in made["schemas/change.json"]


def test_the_reference_pages_hold_the_page_that_they_are_given() -> None:
    made = documents("# Commands\n")
    assert made["docs/commands.md"] == "# Commands\n"
    assert set(made) == {f"docs/{name}.md" for name in ("checks", "lifecycles", "fields", "commands")}


def test_files_that_are_missing_or_say_something_else_are_stale_and_written(tmp_path: Path) -> None:
    (tmp_path / "same").write_bytes(b"1\n")
    (tmp_path / "other").write_bytes(b"1\r\n")
    files = {"same": "1\n", "other": "1\n", "a/new": "2\n"}
    found = compare(tmp_path, files)
    assert found.stale == ("other", "a/new")
    write(tmp_path, found)
    assert compare(tmp_path, files).stale == ()
    assert (tmp_path / "a/new").read_bytes() == b"2\n"


def test_a_hook_is_pinned_to_the_first_commit_the_branch_and_the_folder(tmp_path: Path) -> None:
    repo = RepoBuilder(tmp_path / "re po")
    repo.commit({"README.md": "Hello\n"})
    first = repo.commit({f"o'ps/{name}": text for name, text in BACKGROUND.items()})
    repo.commit({"README.md": "Hello again\n"})
    checkout = checkout_at(repo.path / "o'ps", NOW)
    text = server_hook(checkout, "/opt/my python/bin/python")
    checkout.close()
    assert f"--anchor {first}" in text
    assert "'/opt/my python/bin/python' -I -m itsm_as_code check --pre-receive refs/heads/main" in text
    assert subprocess.run(["sh", "-n"], input=text, text=True, check=False).returncode == 0


@pytest.fixture
def hook(tmp_path: Path) -> Callable[[], str]:
    """Writes the hook of a small workspace."""
    repo = RepoBuilder(tmp_path / "ws")
    repo.commit(BACKGROUND)

    def written() -> str:
        checkout = checkout_at(repo.path, NOW)
        text = server_hook(checkout, "python")
        checkout.close()
        return text

    return written


def test_a_hook_is_the_same_each_time_so_that_an_older_one_is_told_by_comparing(hook: Callable[[], str]) -> None:
    assert hook() == hook()


@pytest.mark.parametrize(
    ("accepts", "option"), [('test "$1" != -p || exit 7', " -p"), ('test "$1" != -p || exit 2', ""), ("exit 0", "")]
)
def test_a_shell_is_told_to_pass_over_its_environment_if_it_knows_how(
    hook: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accepts: str, option: str
) -> None:
    shell = tmp_path / "sh"
    shell.write_text(f"#!/bin/sh\n{accepts}\n")
    shell.chmod(0o755)
    monkeypatch.setattr(generated_files, "_SHELL", str(shell))
    text = hook()
    assert text.startswith(f"#!{shell}{option}\n")
    assert f'{shell}{option} "$0" judge' in text


def test_a_hook_looks_for_programs_where_they_were_and_in_the_usual_folders(
    hook: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own programs"
    folder.mkdir()
    for name in ("git", "ssh-keygen"):
        (folder / name).symlink_to(shutil.which(name) or "")
    monkeypatch.setenv("PATH", f"{folder}:/relative/../nowhere:{os.environ['PATH']}")
    assert f"PATH='{folder}:/usr/local/bin:/usr/bin:/bin' LANG" in hook()


def test_a_python_that_finds_itsm_only_by_settings_of_the_user_writes_no_hook(tmp_path: Path) -> None:
    require_isolated(sys.executable)
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    python.chmod(0o755)
    with pytest.raises(CouldNotCheck, match="only with the settings of your environment"):
        require_isolated(str(python))


def test_without_a_repository_there_is_nothing_to_pin() -> None:
    with pytest.raises(CouldNotCheck):
        server_hook(checkout_over(snapshot_of({}), NOW), "python")
