"""Endings that nobody wishes for: Ctrl-C, a reader that goes away, a full disk, a locale without letters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.harness import Desk, Done
from tests.cli.inside import Place
from tests.environment import on_the_machines_clock

INTERRUPTED_AT = """
import os, signal, sys
from importlib import import_module
from itsm_as_code.cli import main

module, name, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
holder = import_module(module)
real, calls = getattr(holder, name), [0]
signal.signal(signal.SIGINT, signal.default_int_handler)

def interrupted(*args, **kwargs):
    calls[0] += 1
    if calls[0] == number:
        os.kill(os.getpid(), signal.SIGINT)
    return real(*args, **kwargs)

setattr(holder, name, interrupted)
sys.argv = ["itsm", *sys.argv[4:]]
main.main()
"""
"""Runs `itsm` and sends the process a real SIGINT when a function is called for the n-th time.

Whoever starts the tests in the background ignores the signal, and what they start inherits that: so it is heard anew.
"""


def _interrupted(place: Place, module: str, name: str, number: int, *arguments: str) -> Done:
    desk = Desk(place.folder)
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AT, module, name, str(number), *arguments],
        cwd=place.folder, env=desk.environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def test_ctrl_c_ends_a_check_with_130_and_without_a_verdict(place: Place) -> None:
    done = _interrupted(place, "itsm_as_code.app.checking.whole", "check_record", 3, "check")
    assert done.code == 130
    assert not done.out
    assert "interrupted" in done.err


@pytest.mark.parametrize(
    ("name", "number", "written"),
    [("fsync", 1, False), ("fsync", 2, False), ("write", 2, False), ("fsync", 3, True)],
)  # fmt: skip
def test_ctrl_c_while_files_are_written_leaves_all_or_nothing(
    place: Place, name: str, number: int, *, written: bool
) -> None:
    first, second = place.new("incident"), place.new("incident")
    before = place.contents()
    done = _interrupted(place, "os", name, number, "set", first, second, "tags+=vpn", "--yes")
    assert done.code == 130
    after = place.contents()
    assert sorted(after) == sorted(before)
    changed = {path for path in after if after[path] != before[path]}
    assert len(changed) == (2 if written else 0)
    place.must("check")


def _piped(place: Place, reader: str, *arguments: str) -> tuple[int, str]:
    """Runs `itsm … | reader` with bash; the exit code of `itsm` and what it said on standard error."""
    command = f'"$0" -m itsm_as_code "$@" | {reader}; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, *arguments],
        cwd=place.folder, env=Desk(place.folder).environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_output_that_nobody_read_is_no_pass(place: Place) -> None:
    for arguments in (("check",), ("list", "services"), ("check", "--format", "json")):
        code, said = _piped(place, "true", *arguments)
        assert (code, said) in ((3, ""), (0, "")), arguments  # 0 where the pipe took it all before it closed


def test_a_reader_that_leaves_in_the_middle_is_noticed(place: Place) -> None:
    for number in range(400):
        place.write(f"records/services/s{number}.yml", "id: x\n")
    code, said = _piped(place, "head -1", "check")
    assert (code, said) == (3, "")


def _with_streams(place: Place, redirection: str, *arguments: str) -> tuple[int, str]:
    environment = on_the_machines_clock(Desk(place.folder).environment())
    done = subprocess.run(
        ["bash", "-c", f'"$0" -m itsm_as_code "$@" {redirection}', sys.executable, *arguments],
        cwd=place.folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_a_closed_standard_output_stops_a_command_before_it_writes(place: Place) -> None:
    before = place.contents()
    code, said = _with_streams(place, ">&-", "new", "incident", "--title", "x")
    assert code == 3
    assert "standard output is closed" in said
    assert place.contents() == before
    assert _with_streams(place, "2>&-", "show", "nothing")[0] == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_device_behind_standard_output_is_no_pass(place: Place) -> None:
    code, said = _with_streams(place, ">/dev/full", "check")
    assert code == 3
    assert said == "error: No space left on device\n"


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1:strict"},
    ],
    ids=["ascii", "C without UTF-8", "latin-1"],
)
def test_letters_that_the_terminal_lacks_are_no_reason_to_fail(place: Place, locale: dict[str, str]) -> None:
    ref = place.must("new", "incident", "--title", "Größe → 日本語 🚑", "--note", "naïve…").split()[1]
    desk = Desk(place.folder)
    for arguments in (("show", Path(ref).stem), ("show", "→")):
        done = subprocess.run(
            [sys.executable, "-m", "itsm_as_code", *arguments],
            cwd=place.folder, env=desk.environment() | locale, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == (2 if "→" in arguments else 0), done.stderr
        assert b"Traceback" not in done.stderr


def test_without_a_home_everything_works(place: Place) -> None:
    desk = Desk(place.folder)
    environment = {name: value for name, value in desk.environment().items() if name != "HOME"}
    for arguments in (("check",), ("new", "incident", "--title", "x")):
        done = subprocess.run(
            [sys.executable, "-m", "itsm_as_code", *arguments],
            cwd=place.folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def test_a_full_disk_changes_nothing_and_says_so(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = place.new("incident")
    before = place.contents()

    def full(*_: object) -> int:
        raise OSError(28, os.strerror(28))

    portal = place.record("portal")
    portal.write_bytes(b"# Loose\n" + portal.read_bytes().replace(b"tier: 2", b"tier:   2"))
    before = place.contents()
    monkeypatch.setattr("itsm_as_code.store.atomic.os.write", full)
    for arguments in (("note", ref, "x"), ("new", "incident", "--title", "x"), ("fmt",), ("generate", "schemas")):
        if arguments[0] == "generate":
            (place.folder / "schemas" / "team.json").unlink()
            before.pop("schemas/team.json")
        done = place.itsm(*arguments)
        assert done.code == 3
        assert not done.out, "nothing is said to be done"
        assert "No space left on device" in done.err
        assert "help: The disk is full" in done.err
        assert place.contents() == before


def test_a_folder_that_may_only_be_read_changes_nothing_and_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = place.new("incident")
    before = place.contents()
    real = os.open

    def read_only(path: str, flags: int, *rest: int, **more: int) -> int:
        if flags & os.O_CREAT and ".itsm-tmp" in str(path):
            raise PermissionError(13, os.strerror(13), str(path))
        return real(path, flags, *rest, **more)

    monkeypatch.setattr("itsm_as_code.store.atomic.os.open", read_only)
    done = place.itsm("note", ref, "x")
    assert done.code == 3
    assert "Permission denied" in done.err
    assert "help: You may not write there" in done.err
    assert place.contents() == before
    assert place.itsm("init", "below", "--no-git").code == 3


def test_a_file_that_vanishes_while_it_is_read_is_a_finding(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = place.new("incident")
    path = place.record(ref)
    real = os.open

    def vanishing(name: str, *rest: int, **more: int) -> int:
        if str(name).endswith(path.name):
            path.unlink(missing_ok=True)
        return real(name, *rest, **more)

    monkeypatch.setattr("itsm_as_code.store.worktree.os.open", vanishing)
    done = place.itsm("check")
    assert done.code == 1
    assert f"{path.name}: error[" in done.out
    assert "it is gone" in done.out


def test_A108_a_json_report_that_was_cut_off_lacks_its_status(place: Place) -> None:
    whole = place.must("check", "--format", "json")
    assert whole.rstrip().endswith('"status": "clean"\n}')
    place.write("records/services/x.yml", "")
    assert place.itsm("check", "--format", "json").out.rstrip().endswith('"status": "findings"\n}')
    place.write("itsm.yaml", "x: [")
    assert '"status": "findings"' in place.itsm("check", "--format", "json").out
