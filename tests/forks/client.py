"""Asks a fork server to run `itsm` and waits for its end. Imports next to nothing: Git starts it at every push."""

from __future__ import annotations

import os
import sys
from _socket import AF_UNIX, SCM_RIGHTS, SOCK_STREAM, SOL_SOCKET, socket
from collections.abc import Mapping, Sequence

NO_ANSWER = 70
"""The exit code where the server went away: no command of ours ends with it, and a hook refuses with it."""


def ask(
    address: str, arguments: Sequence[str], folder: str, environment: Mapping[bytes, bytes], streams: Sequence[int]
) -> int:
    """The exit code of `itsm`, run in `folder` with this environment and these standard streams."""
    words = [folder, str(len(arguments)), *arguments]
    settings = [name + b"=" + value for name, value in environment.items()]
    request = b"\0".join([*map(os.fsencode, words), *settings])
    handed = b"".join(stream.to_bytes(4, sys.byteorder) for stream in streams)
    server = socket(AF_UNIX, SOCK_STREAM)
    try:
        server.connect(address)
        server.sendmsg([len(request).to_bytes(8, "big")], [(SOL_SOCKET, SCM_RIGHTS, handed)])
        server.sendall(request)
        return int(server.recv(16) or NO_ANSWER)
    finally:
        server.close()


if __name__ == "__main__":
    sys.exit(ask(sys.argv[1], sys.argv[2:], os.getcwd(), os.environb, (0, 1, 2)))  # noqa: PTH109 - pathlib is slow
