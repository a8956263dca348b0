"""Runs `itsm` as a process that was forked instead of started: ten times as fast, and a process all the same.

One server for each process of the tests, started when it is first needed. Where the start itself is what a test is
about (signals, streams, locales, another `PATH`), the test starts Python; so do the golden transcripts with other
hash seeds, the wheel, the tutorial, and the hook at the first push of the approvals' world.

A hook hands on nothing of the pusher's environment, so what stands in for Python also hands on another clock.
"""

from __future__ import annotations

import atexit
import os
import shlex
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

from tests.environment import clock_of
from tests.forks.client import ask

HERE = Path(__file__).parent
_PYTHON = """\
#!/bin/sh
# Stands in for {python}, for a hook, which starts `itsm` by its module and isolated.
{clock}
if [ "$1 $2 $3" = "-I -m itsm_as_code" ]; then
  shift 3
  exec {python} -I -S {client} {address} "$@"
fi
exec {python} "$@"
"""
_STARTED = """\
#!/bin/sh
{clock}
exec {python} "$@"
"""


def run_forked(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Runs `itsm` in a folder, with nothing but this environment."""
    settings = {os.fsencode(name): os.fsencode(value) for name, value in environment.items()}
    with _stream() as given, _stream() as out, _stream() as err:
        given.write(stdin)
        given.seek(0)
        streams = [stream.fileno() for stream in (given, out, err)]
        code = ask(str(_server() / "socket"), arguments, str(folder), settings, streams)
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(["itsm", *arguments], code, out.read(), err.read())


def forked_python() -> str:
    """What stands in for Python in a hook: it has `itsm` forked, and starts Python for anything else."""
    return str(_server() / "python")


def started_python() -> str:
    """Python itself in a hook, on the clock of the tests."""
    return str(_server() / "started") if clock_of(os.environ) else sys.executable


def _stream() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8")


@cache
def _server() -> Path:
    """The folder of the running server. It ends, and removes it, when its standard input does: with this process."""
    folder = Path(tempfile.mkdtemp(prefix="itsm-forks-"))
    stand_in = folder / "python"
    clock = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in clock_of(os.environ).items())
    words = {"python": sys.executable, "client": HERE / "client.py", "address": folder / "socket"}
    quoted = {name: shlex.quote(str(word)) for name, word in words.items()}
    for path, text in ((stand_in, _PYTHON), (folder / "started", _STARTED)):
        path.write_text(text.format(clock=clock, **quoted))
        path.chmod(0o755)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket"))
        listening.listen(64)
        command = [sys.executable, "-P", str(HERE / "server.py"), str(listening.fileno()), str(stand_in)]
        settings = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "GIT_"))}
        running = subprocess.Popen(
            command, stdin=subprocess.PIPE, pass_fds=[listening.fileno()], env=settings | {"LANG": "C.UTF-8"}
        )
    atexit.register(running.communicate)
    return folder
