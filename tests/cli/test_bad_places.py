"""Where there is nothing, or not enough, to work on: each ends with a sentence, a way out and the documented code."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.harness import Desk, Done
from tests.cli.inside import Place

READING = (
    ("check",), ("list",), ("show", "portal"), ("log", "portal"), ("explain", "portal"), ("calendar",),
    ("sla", "status"), ("generate", "schemas", "--check"), ("fmt", "--check"), ("fix", "--dry-run"),
)  # fmt: skip
WRITING = (
    ("new", "team", "--name", "Network"), ("set", "portal", "tier=3"), ("note", "7K3Q9", "x"), ("start", "7K3Q9"),
    ("redact", "7K3Q9", "--entry", "1", "--reason", "x"), ("import", "markdown", "docs"),
)  # fmt: skip


def _says(done: Done, code: int, *words: str) -> None:
    assert done.code == code, done.out + done.err
    for word in words:
        assert word in done.err


@pytest.mark.parametrize("arguments", [*READING, *WRITING], ids=" ".join)
def test_without_a_workspace_every_command_says_how_to_make_one(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    _says(Place(tmp_path).itsm(*arguments), 3, "no itsm.yaml in", "itsm init", "-C DIR")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "content", [b"a: [", b"\xff\xfe", b"", b"name: X\n", b"- list\n", b"id: &a x\n"],
    ids=["broken", "not UTF-8", "empty", "incomplete", "a list", "anchor"],
)  # fmt: skip
def test_an_itsm_yaml_with_faults_is_a_finding_for_check_and_stops_all_that_rests_on_it(
    place: Place, content: bytes
) -> None:
    place.write("itsm.yaml", content)
    before = place.contents()
    for checking in (("check",), ("check", "itsm.yaml")):
        done = place.itsm(*checking)
        assert done.code == 1
        assert "itsm.yaml" in done.out
    for resting in (("list",), ("sla", "status"), ("site", "build"), ("generate", "schemas"), *WRITING):
        _says(place.itsm(*resting), 3, "error: itsm.yaml: ", "help: itsm check itsm.yaml")
    assert place.itsm("doctor").code == 1
    assert place.itsm("show", "portal").code == 3
    assert place.contents() == before


def test_an_itsm_yaml_that_is_a_link_is_not_followed(place: Place) -> None:
    (place.folder / "itsm.yaml").rename(place.folder / "elsewhere.yaml")
    (place.folder / "itsm.yaml").symlink_to("elsewhere.yaml")
    _says(place.itsm("check"), 3, "itsm.yaml is a symbolic link")


def test_a_folder_that_is_none(place: Place) -> None:
    _says(Place(place.folder / "nowhere").itsm("check"), 3, "there is no folder", "-C needs a folder that exists")
    _says(Place(place.folder / "itsm.yaml").itsm("check"), 3, "there is no folder")


def test_without_a_repository_records_can_be_checked_and_written_but_not_compared(place: Place) -> None:
    (place.folder / ".git").rename(place.folder.parent / "gone")
    place.must("check")
    place.new("incident")
    _says(place.itsm("check", "--base", "HEAD"), 3, "is in no Git repository", "git init")
    _says(place.itsm("log", "portal"), 3, "is in no Git repository")
    before = place.contents()
    _says(place.itsm("set", "portal", "tier=3", "--push"), 3, "is in no Git repository")
    assert place.contents() == before
    assert "weak repository" in place.must("doctor")


def test_on_an_unborn_branch_records_can_be_written_and_the_missing_commit_is_named(place: Place) -> None:
    (place.folder / ".git").rename(place.folder.parent / "gone")
    place.git("init", "-q", "-b", "main")
    place.must("check")
    place.new("incident")
    for arguments in (("check", "--base", "HEAD"), ("log", "portal")):
        _says(place.itsm(*arguments), 3, "there is no commit yet on branch main", "git commit")


def test_in_a_bare_repository_a_checkout_is_asked_for(pushed: tuple[Place, Path]) -> None:
    _, remote = pushed
    for arguments in (("check",), ("check", "--base", "main"), ("list",)):
        _says(Place(remote).itsm(*arguments), 3, "is a bare repository", "git clone")


def test_a_shallow_clone_is_checked_as_it_stands_but_steps_are_refused(
    pushed: tuple[Place, Path], tmp_path: Path
) -> None:
    place, remote = pushed
    place.new("incident")
    place.commit("second")
    place.git("push", "-q", "origin", "HEAD:main")
    subprocess.run(["git", "clone", "-q", "--depth", "1", remote.as_uri(), str(tmp_path / "shallow")], check=True)
    shallow = Place(tmp_path / "shallow")
    shallow.must("check")
    for arguments in (("check", "--base", "HEAD"), ("log", "portal")):
        _says(shallow.itsm(*arguments), 3, "shallow", "git fetch --unshallow")
    assert "weak history" in shallow.must("doctor")


def test_on_a_detached_head_everything_works_and_pushes_land(pushed: tuple[Place, Path]) -> None:
    place, _ = pushed
    place.git("checkout", "-q", "--detach")
    ref = place.new("incident")
    place.must("check", "--base", "HEAD")
    place.must("note", ref, "Seen", "--push")
    assert ref in place.git("ls-tree", "-r", "--name-only", "origin/main")
    place.must("log", "portal")


@pytest.mark.parametrize("name", ["nope", "HEAD~99", "--help-me", "0" * 40, "HEAD:itsm.yaml", "a b", ""])
def test_an_unknown_revision_could_not_be_checked(place: Place, name: str) -> None:
    done = place.itsm("check", f"--base={name}")
    _says(done, 3, "error: ")
    assert not done.out


def test_a_base_without_a_workspace_is_no_base(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.git("init", "-q", "-b", "main")
    place.git("commit", "-q", "--allow-empty", "-m", "before")
    place.must("init", "--name", "Late", "--service", "Portal")
    place.commit("found the workspace")
    _says(place.itsm("check", "--base", "HEAD~1"), 3, "has no itsm.yaml", "first commit of a workspace")


def test_without_git_on_the_path_reading_works_and_the_rest_says_what_is_missing(place: Place, tmp_path: Path) -> None:
    desk, empty = Desk(place.folder), str(tmp_path)
    assert desk.itsm("check", PATH=empty).code == 0
    for arguments in (("set", "portal", "tier=3"), ("check", "--base", "HEAD")):
        _says(desk.itsm(*arguments, PATH=empty), 3, "Git could not be run", "install git")
    doctor = desk.itsm("doctor", PATH=empty)
    assert doctor.code == 1
    assert "bad  git: not found" in doctor.out
    _says(
        desk.itsm("init", "new", "--person", "Bo", "--email", "bo@example.org", PATH=empty), 3, "Git could not be run"
    )
    assert not (desk.folder / "new" / "itsm.yaml").exists()


def test_a_workspace_may_be_a_folder_of_a_repository_and_be_used_from_any_folder_below(
    pushed: tuple[Place, Path],
) -> None:
    repository, _ = pushed
    inner = Place(repository.folder / "it" / "itsm")
    repository.must("init", "it/itsm", "--name", "Inner", "--service", "Mail")
    repository.commit("a second workspace")
    ref = inner.new("incident", "--set", "service=mail")
    repository.commit("an incident")
    below = Place(inner.record(ref).parent)
    assert "1 incident" in below.must("check")
    assert "1 incident" in below.must("check", "--base", "HEAD~1")
    assert ref in below.must("list")
    assert "+ id" in below.must("log", ref)
    below.must("note", ref, "From below", "--push")
    assert "From below" in repository.git("show", f"origin/main:it/itsm/{inner.record(ref).relative_to(inner.folder)}")
    repository.must("check")
    assert "0 incident" not in repository.must("check")


def test_file_arguments_are_relative_to_where_one_stands_and_stay_inside(place: Place) -> None:
    services = Place(place.folder / "records" / "services")
    assert "1 record (1 service) checked" in services.must("check", "portal.yaml")
    assert "1 record (1 service) checked" in services.must("check", ".")
    assert "1 record (1 service) checked" in place.must("check", str(services.folder / "portal.yaml"))
    assert "1 record (1 service) checked" in place.must("check", "records/services", "records/services/portal.yaml")
    _says(services.itsm("check", "../../../elsewhere.yaml"), 2, "is outside the workspace")
    _says(services.itsm("check", "/etc/passwd"), 2, "is outside the workspace")
    _says(services.itsm("check", "missing.yaml"), 2, "there is no file missing.yaml")
    for command in (("fmt",), ("fix",)):
        _says(services.itsm(*command, "/etc/passwd"), 2, "is outside the workspace")


def test_A104_nothing_looked_at_is_never_a_pass(place: Place, tmp_path: Path) -> None:
    place.write("README.md", "# x\n")
    (place.folder / "records" / "problems").mkdir()
    for names in (("README.md",), ("records/problems",), ("schemas",)):
        _says(place.itsm("check", *names), 3, "there is no record in")
        _says(place.itsm("fmt", "--check", *names), 3, "there is no record in")
    (place.folder / "records").rename(tmp_path / "records")
    done = place.itsm("check")
    _says(done, 3, "there are no records under")
    assert not done.out


def test_A104_a_step_says_how_much_it_looked_at(place: Place) -> None:
    place.write("README.md", "# x\n")
    place.commit("no record")
    assert "no records checked in this step" in place.must("check", "--base", "HEAD~1")
    place.write("records/services/notes.txt", "x")
    place.commit("no record's path")
    done = place.itsm("check", "--base", "HEAD~1")
    assert done.code == 1
    assert "error[ID002]" in done.out


def test_A103_only_exit_code_0_is_a_pass_whatever_breaks(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from itsm_as_code.app.checking import whole

    for error, code in ((RuntimeError("x"), 4), (MemoryError(), 4), (RecursionError(), 4), (OSError(5, "disk"), 3)):

        def fail(*_: object, error: BaseException = error) -> None:
            raise error

        monkeypatch.setattr(whole, "check_workspace", fail)
        from itsm_as_code.cli.main import run

        assert run(["-C", str(place.folder), "check"]) == code
