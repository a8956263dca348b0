"""A terminal for a command that runs in this process: a pseudo-terminal of a certain width."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
import threading
import tty
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from itsm_as_code.cli.main import run


@dataclass
class Terminal:
    """A pseudo-terminal. What is written to it is read by a thread, for its own memory is small."""

    columns: int
    _read: list[bytes] = field(default_factory=list)

    def run(self, words: list[str], folder: Path) -> tuple[int, str]:
        """Runs `itsm` with this terminal as both its streams; how it ended and what was on the screen."""
        master, slave = pty.openpty()
        tty.setraw(slave)  # else the terminal itself would turn line ends into two characters
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, self.columns, 0, 0))
        reader = threading.Thread(target=self._drain, args=(master,))
        reader.start()
        screen = os.fdopen(slave, "w", encoding="utf-8", newline="")
        with screen, chdir(folder), redirect_stdout(screen), redirect_stderr(screen):
            code = run(words)
        reader.join()
        os.close(master)
        said = b"".join(self._read).decode()
        self._read.clear()
        return code, said

    def _drain(self, master: int) -> None:
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # the other side is closed
                return
            if not piece:
                return
            self._read.append(piece)
