"""A client that speaks to `git receive-pack` by itself: it can send what no client of Git's would send."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from tests.approvals.world import World, identity

NOTHING = "0" * 40
FLUSH = b"0000"
Name = str | bytes
Command = tuple[str, str, Name]
"""`old new ref`, as they are sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server did with each ref (`ok`, or why not), and what its hook said."""

    refs: Mapping[str, str]
    said: str

    @property
    def landed(self) -> bool:
        """Whether every command was carried out."""
        return bool(self.refs) and set(self.refs.values()) == {"ok"}


class RawClient:
    """One conversation. The server has said where its refs are when it begins; `send` ends it."""

    def __init__(self, world: World, who: str = "ana", extra: Mapping[str, str] | None = None) -> None:
        self._world = world
        program = subprocess.check_output(["git", "--exec-path"], text=True).strip()
        self._process = subprocess.Popen(
            [f"{program}/git-receive-pack", str(world.server)], env=identity(who, world.home(who)) | dict(extra or {}),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout is not None
        first, *rest = _packets(self._process.stdout)
        told, _, capabilities = first.partition(b"\0")
        self.capabilities = capabilities.decode().split()
        words = (line.decode("utf-8", "surrogateescape").split() for line in (told, *rest))
        self.refs = {name: oid for oid, name in words if oid != "shallow"}

    def send(
        self, *commands: Command, atomic: bool = False, before: Iterable[bytes] = (), options: Sequence[str] = (),
        pack: bytes | None = None,
    ) -> Answer:  # fmt: skip
        """Sends commands with a pack of all that they need. `before` are lines that go before them."""
        wanted = ["report-status", *(["atomic"] if atomic else []), *(["push-options"] if options else [])]
        lines = [_line(command) for command in commands]
        if lines:
            lines[0] += b"\0" + " ".join(wanted).encode()
        asked = b"".join(map(packet, [*before, *lines])) + FLUSH
        if options:
            asked += b"".join(packet(option.encode()) for option in options) + FLUSH
        return self.send_bytes(asked + (self.pack_for(*commands) if pack is None else pack))

    def send_bytes(self, asked: bytes) -> Answer:
        """Sends exactly this, and reads the answer."""
        out, err = self._process.communicate(asked)
        return Answer(dict(_statuses(out)), err.decode("utf-8", "replace"))

    def pack_for(self, *commands: Command) -> bytes:
        """The objects of the checkout that the commands name and the server lacks; nothing if all are deletions."""
        news = {new for _, new, _ in commands if new.strip("0")}
        if not news:
            return b""
        have = [f"^{oid}" for oid in self.refs.values() if oid != NOTHING]
        return subprocess.run(
            ["git", "pack-objects", "--revs", "--stdout", "--quiet"], cwd=self._world.ws, check=True,
            env=identity("ana", self._world.home("ana")) | {"PATH": os.environ["PATH"]},
            input="\n".join([*news, *have, ""]).encode(), capture_output=True,
        ).stdout  # fmt: skip


def packet(line: bytes) -> bytes:
    """A line as it is sent: its length in four hex digits goes before it."""
    return f"{len(line) + 4:04x}".encode() + line


def _line(command: Command) -> bytes:
    old, new, ref = command
    return f"{old} {new} ".encode() + (ref if isinstance(ref, bytes) else ref.encode())


def _packets(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines up to the flush, without their line breaks."""
    while length := int(stream.read(4) or b"0", 16):
        yield stream.read(length - 4).removesuffix(b"\n")


def _statuses(out: bytes) -> Iterator[tuple[str, str]]:
    while out and (length := int(out[:4], 16)):
        line, out = out[4:length].decode("utf-8", "replace").rstrip("\n"), out[length:]
        word, _, rest = line.partition(" ")
        if word in ("ok", "ng"):
            ref, _, why = rest.partition(" ")
            yield ref, "ok" if word == "ok" else why
