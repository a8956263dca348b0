"""Files are written whole or not at all, whatever happens: full disks, no permission, kills, other writers."""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from itsm_as_code.store import atomic
from itsm_as_code.store.atomic import Anything, ChangedMeanwhile, CouldNotWrite, Expected, write_all


def everything(folder: Path) -> dict[str, bytes | None]:
    """All names below `folder` with the bytes of the files."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")
    }


def _write(path: Path, data: bytes, *, expect: Expected = Anything.GOES, root: Path | None = None) -> None:
    write_all({path: data}, expect={path: expect}, root=root)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "record.yaml"
    path.write_bytes(b"old\n")
    return path


def test_a_new_file_is_written_with_the_folders_that_are_missing(tmp_path: Path) -> None:
    _write(tmp_path / "incidents" / "2026" / "a b ü.yaml", b"new\n", root=tmp_path)
    assert everything(tmp_path) == {
        "incidents": None,
        "incidents/2026": None,
        "incidents/2026/a b ü.yaml": b"new\n",
    }


def test_an_old_file_is_replaced_and_keeps_its_mode(record: Path) -> None:
    record.chmod(0o640)
    _write(record, b"new\n")
    assert everything(record.parent) == {"record.yaml": b"new\n"}
    assert record.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_mode_that_the_umask_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        _write(tmp_path / "new.yaml", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "new.yaml").stat().st_mode & 0o777 == 0o640


def test_nothing_is_written_through_a_link_to_a_file(record: Path) -> None:
    link = record.parent / "link.yaml"
    link.symlink_to(record)
    with pytest.raises(CouldNotWrite, match="symbolic link"):
        _write(link, b"new\n")
    assert link.is_symlink()
    assert record.read_bytes() == b"old\n"


@pytest.mark.parametrize("name", ["new.yaml", "deep/new.yaml"])
def test_nothing_is_written_through_a_link_to_a_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "outside").mkdir()
    root = tmp_path / "workspace"
    root.mkdir()
    (root / "records").symlink_to(tmp_path / "outside")
    with pytest.raises(CouldNotWrite, match="symbolic link"):
        _write(root / "records" / name, b"new\n", root=root)
    assert everything(tmp_path / "outside") == {}


def test_a_link_above_the_workspace_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "real")
    _write(tmp_path / "home" / "new.yaml", b"new\n", root=tmp_path / "home")
    assert everything(tmp_path / "real") == {"new.yaml": b"new\n"}


@pytest.mark.parametrize("name", ["../outside.yaml", "records/../../outside.yaml"])
def test_a_path_outside_of_the_workspace_is_refused(tmp_path: Path, name: str) -> None:
    root = tmp_path / "workspace"
    (root / "records").mkdir(parents=True)
    with pytest.raises(CouldNotWrite, match="not inside"):
        _write(root / name, b"new\n", root=root)
    assert not (tmp_path / "outside.yaml").exists()


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "permissions"),
        (errno.EIO, "Nothing was changed"),
    ],
)
@pytest.mark.parametrize("call", ["open", "write", "fsync"])
def test_a_failure_is_explained_and_leaves_all_as_it_was(
    record: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, hint: str
) -> None:
    def fail(*args: object) -> int:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, fail)
        with pytest.raises(CouldNotWrite, match=r"record\.yaml could not be written") as caught:
            _write(record, b"new\n")
    assert hint in str(caught.value.hint)
    assert everything(record.parent) == {"record.yaml": b"old\n"}


def test_a_disk_that_is_full_after_some_bytes_leaves_all_as_it_was(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    written: list[int] = []

    def some(descriptor: int, data: memoryview) -> int:
        if written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(write(descriptor, data[:2]))
        return written[0]

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", some)
        with pytest.raises(CouldNotWrite):
            _write(record, b"new\n")
    assert written == [2]
    assert everything(record.parent) == {"record.yaml": b"old\n"}


def test_bytes_that_the_system_takes_in_pieces_arrive_complete(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:3]))
        _write(record, b"0123456789")
    assert record.read_bytes() == b"0123456789"


def test_the_limit_of_the_system_on_a_file_leaves_all_as_it_was(record: Path) -> None:
    code = (
        "import pathlib, sys\n"
        "from itsm_as_code.store.atomic import CouldNotWrite, write_all\n"
        "try:\n    write_all({pathlib.Path(sys.argv[1]): b'x' * 100_000})\n"
        "except CouldNotWrite as error:\n    sys.exit(error.exit_code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, str(record)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
        check=False,
    )
    assert done.returncode == 3
    assert everything(record.parent) == {"record.yaml": b"old\n"}


def test_a_file_that_may_not_be_written_is_not_replaced(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(CouldNotWrite, match="Permission denied"):
        _write(record, b"new\n")
    assert everything(record.parent) == {"record.yaml": b"old\n"}


def test_a_folder_in_the_place_of_the_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "record.yaml").mkdir()
    with pytest.raises(CouldNotWrite) as caught:
        _write(tmp_path / "record.yaml", b"new\n")
    assert "move it away" in str(caught.value.hint)


def test_a_file_in_the_place_of_a_folder_is_explained(record: Path) -> None:
    with pytest.raises(CouldNotWrite) as caught:
        _write(record / "new.yaml", b"new\n")
    assert "move it away" in str(caught.value.hint)


def test_an_interruption_removes_the_temporary_file(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            _write(record, b"new\n")
    assert everything(record.parent) == {"record.yaml": b"old\n"}


def test_several_files_are_written_together(record: Path) -> None:
    other = record.parent / "new" / "other.yaml"
    write_all({record: b"1\n", other: b"2\n"}, expect={record: b"old\n", other: None}, root=record.parent)
    assert everything(record.parent) == {"record.yaml": b"1\n", "new": None, "new/other.yaml": b"2\n"}


def test_a_failure_at_one_of_several_files_leaves_all_as_it_was(record: Path) -> None:
    (record.parent / "taken.yaml").mkdir()
    with pytest.raises(CouldNotWrite):
        write_all({record: b"1\n", record.parent / "new/a.yaml": b"2\n", record.parent / "taken.yaml": b"3\n"})
    assert everything(record.parent) == {"record.yaml": b"old\n", "taken.yaml": None}


def test_a_failure_half_way_through_renaming_says_what_is_written(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace
    other = record.parent / "other.yaml"

    def fail(self: Path, target: Path) -> Path:
        if target == other:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(CouldNotWrite) as caught:
        write_all({record: b"1\n", other: b"2\n"})
    assert str(record) in str(caught.value.hint)
    assert everything(record.parent) == {"record.yaml": b"1\n"}


def test_no_files_are_no_work(tmp_path: Path) -> None:
    write_all({}, root=tmp_path)
    assert everything(tmp_path) == {}


@pytest.mark.parametrize(
    ("present", "expected", "message"),
    [(b"theirs\n", b"old\n", "was changed"), (b"theirs\n", None, "exists already"), (None, b"old\n", "is gone")],
)
def test_what_somebody_else_wrote_is_not_overwritten(
    tmp_path: Path, present: bytes | None, expected: bytes | None, message: str
) -> None:
    if present is not None:
        (tmp_path / "record.yaml").write_bytes(present)
    before = everything(tmp_path)
    with pytest.raises(ChangedMeanwhile, match=message):
        _write(tmp_path / "record.yaml", b"ours\n", expect=expected)
    assert everything(tmp_path) == before


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys\n"
        "from itsm_as_code.store.atomic import ChangedMeanwhile, write_all\n"
        "path, name, at = pathlib.Path(sys.argv[1]), sys.argv[2], 0\n"
        "while at < 20:\n"
        "    old = path.read_bytes()\n"
        "    try:\n"
        "        write_all({path: old + f'{name}{at}\\n'.encode()}, expect={path: old}, root=path.parent)\n"
        "        at += 1\n"
        "    except ChangedMeanwhile:\n"
        "        pass\n"
    )
    path = tmp_path / "record.yaml"
    path.write_bytes(b"")
    writers = [subprocess.Popen([sys.executable, "-B", "-c", code, str(path), name]) for name in ("a", "b")]
    assert [writer.wait() for writer in writers] == [0, 0]
    lines = path.read_text().splitlines()
    assert sorted(lines) == sorted(f"{name}{at}" for name in "ab" for at in range(20))
    assert [line for line in lines if line[0] == "a"] == [f"a{at}" for at in range(20)]


OLD, NEW = b"old\n" * 1000, b"new!\n" * 1000


def killed_at_step(path: Path, step: int) -> bool:
    """Write NEW in a child process that kills itself at the given line of the writer; whether it came so far."""
    child = os.fork()
    if child == 0:
        steps = iter(range(1, step + 1))
        write = os.write
        os.write = lambda descriptor, data: write(descriptor, memoryview(data)[:2000])

        def trace(frame: FrameType, event: str, arg: object) -> Any:
            if frame.f_code.co_filename == atomic.__file__ and next(steps, None) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        _write(path, NEW)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL)
    return status != 0


def test_a_writer_that_is_killed_at_any_line_leaves_the_old_bytes_or_the_new_ones(tmp_path: Path) -> None:
    seen = []
    for step in range(1, 1000):
        folder = tmp_path / str(step)
        folder.mkdir()
        path = folder / "record.yaml"
        path.write_bytes(OLD)
        killed = killed_at_step(path, step)
        seen.append(path.read_bytes())
        left = [name for name in everything(folder) if name != "record.yaml"]
        assert all(name.startswith(atomic.TEMPORARY_PREFIX) for name in left)
        if not killed:
            break
    assert set(seen) == {OLD, NEW}
    assert seen == sorted(seen, reverse=True)  # first the old ones, then the new ones
    assert not left


def test_a_writer_that_is_killed_at_a_random_moment_leaves_whole_files(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys\n"
        "from itsm_as_code.store.atomic import write_all\n"
        "write = os.write\n"
        "os.write = lambda descriptor, data: write(descriptor, data[:1000])\n"
        "path, at = pathlib.Path(sys.argv[1]), 0\n"
        "while True:\n"
        "    at += 1\n"
        "    write_all({path: b'%06d\\n' % at * 30_000})\n"
        "    sys.stdout.write('.') and sys.stdout.flush()\n"
    )
    path = tmp_path / "record.yaml"
    chance = random.Random(20261121)  # noqa: S311  # no secret, the moment of a kill
    for _ in range(6):
        path.write_bytes(b"000000\n" * 30_000)
        command = [sys.executable, "-B", "-c", code, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.read(chance.randint(1, 12))
            writer.kill()
        content = path.read_bytes()
        assert content == content[:7] * 30_000
