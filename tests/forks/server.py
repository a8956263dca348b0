"""A Python that has imported all of `itsm` and forks itself for each command that is asked for.

Each command is a process of its own, with the folder, environment and streams of whoever asked. What it does not
repeat is the start of Python and the imports, which are nine tenths of a short command.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pkgutil
import selectors
import shutil
import signal
import socket
import sys
import time
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NoReturn, TextIO

from pydantic import BaseModel

import itsm_as_code
from itsm_as_code.cli.main import main


class Server:
    """Waits for requests, for the ends of commands, and for the end of the tests."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._asked: dict[int, socket.socket] = {}

    def serve(self) -> None:
        """Until standard input is closed, as it is when the tests end, however they end."""
        ended, wake = socket.socketpair()
        wake.setblocking(False)
        signal.set_wakeup_fd(wake.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        with selectors.DefaultSelector() as ready:
            for source in (0, self._listening, ended):
                ready.register(source, selectors.EVENT_READ)
            while True:
                sources = [key.fileobj for key, _ in ready.select()]
                if 0 in sources:
                    return
                if ended in sources:
                    ended.recv(4096)
                    self._answer()
                if self._listening in sources:
                    self._accept()

    def _accept(self) -> None:
        asking, _ = self._listening.accept()
        words, streams = _request(asking)
        if words:
            command = os.fork()
            if not command:
                _carry_out(words, streams)
            self._asked[command] = asking
        else:
            asking.close()
        for stream in streams:
            os.close(stream)

    def _answer(self) -> None:
        """Tells those who asked how their commands ended."""
        while self._asked:
            command, status = os.waitpid(-1, os.WNOHANG)
            if not command:
                return
            with self._asked.pop(command) as asking, contextlib.suppress(OSError):  # who asked may have been stopped
                code = os.waitstatus_to_exitcode(status)
                asking.sendall(str(code if code >= 0 else 128 - code).encode())


def _request(asking: socket.socket) -> tuple[list[bytes], list[int]]:
    """The words of a request and its streams; no words where whoever asked was stopped before the end of it."""
    streams: list[int] = []
    try:
        header, streams, _, _ = socket.recv_fds(asking, 8, 3)
        with asking.makefile("rb") as rest:
            request = rest.read(int.from_bytes(header, "big"))
    except OSError:
        return [], streams
    whole = len(header) == 8 and len(request) == int.from_bytes(header, "big")
    return request.split(b"\0") if whole else [], streams


def _carry_out(words: list[bytes], streams: list[int]) -> NoReturn:
    """`itsm` in the forked process, which never comes back from here."""
    try:
        _become(words, streams)
        main()
    except SystemExit as leaving:
        sys.stdout.flush()
        os._exit(leaving.code if isinstance(leaving.code, int) else 1)
    except BaseException:
        traceback.print_exc()
    os._exit(1)


def _become(words: list[bytes], streams: list[int]) -> None:
    """Takes over the streams, the folder, the environment and the arguments of whoever asked."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    sys.stdin, sys.stdout, sys.stderr = (_text(number) for number in range(3))
    folder, count, *rest = words
    arguments, environment = rest[: int(count)], rest[int(count) :]
    os.chdir(folder)
    os.environb.clear()
    for setting in environment:
        name, _, value = setting.partition(b"=")
        os.environb[name] = value
    time.tzset()
    sys.argv = ["itsm", *map(os.fsdecode, arguments)]


def _text(number: int) -> TextIO:
    """A standard stream as Python opens it; those of the server know where the server's could be sought."""
    handling = "backslashreplace" if number == 2 else "strict"
    return open(number, "r" if number == 0 else "w", encoding="utf-8", errors=handling, closefd=False)


_LATE = ("concurrent.futures.thread", "git", "jinja2", "pygments.lexers", "rich.table", "ruamel.yaml", "ryaml")
"""What our modules import when they use it first."""


def _models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        yield from _models(model)
        if model.__module__.startswith("itsm_as_code."):
            yield model


def _import_everything() -> None:
    """All of our modules, and the models, which pydantic builds when they are used first."""
    for name in _LATE:
        import_module(name)
    for module in pkgutil.walk_packages(itsm_as_code.__path__, "itsm_as_code."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for model in _models(BaseModel):
        model.model_rebuild()
    gc.collect()
    gc.freeze()  # what is not looked at by a collection is not copied after a fork


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the tests, and they end this
    _import_everything()
    sys.executable = sys.argv[2]  # so that a hook that `itsm generate server-hook` writes asks here too
    with socket.socket(fileno=int(sys.argv[1])) as given:
        Server(given).serve()
    shutil.rmtree(Path(sys.executable).parent)
