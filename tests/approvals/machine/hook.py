"""The real way in: the hook as servers have it, asked by a client that speaks to `git receive-pack` by itself."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from itsm_as_code.app.checking.push_gate import Update
from itsm_as_code.app.publishing.generated_files import server_hook
from itsm_as_code.git.repository import open_repository
from itsm_as_code.git.tree import GitTree
from itsm_as_code.store.snapshot import TreeSnapshot
from tests.approvals.machine.objects import Server
from tests.approvals.machine.place import BEGIN
from tests.approvals.raw_client import Answer, RawClient
from tests.approvals.world import World
from tests.checkouts import checkout_at

_PYTHON = """\
#!/bin/sh
# Stands in for Python in the hook: it runs `itsm` on the clock of the board.
[ "$1 $2 $3" = "-I -m itsm_as_code" ] && shift 3 && exec {python} -I {clocked} {clock} "$@"
exec {python} "$@"
"""


@dataclass
class Way(World):
    """The world of a client: its objects are where the server has them too."""

    @property
    def ws(self) -> Path:
        return self.server


def install(server: Server, commit: str) -> None:
    """Puts the hook on a server, whose first commit is the root of trust."""
    clock = server.folder.parent / "clock"
    words = {"python": sys.executable, "clocked": Path(__file__).with_name("clocked.py"), "clock": clock}
    python = server.folder.parent / "python"
    python.write_text(_PYTHON.format(**{name: shlex.quote(str(word)) for name, word in words.items()}))
    python.chmod(0o755)
    with open_repository(server.folder) as repository:
        tree = GitTree(repository, commit)
        checkout = checkout_at(server.folder, BEGIN)._with(here=TreeSnapshot(tree), files=tree)
        hook = server.folder / "hooks" / "pre-receive"
        hook.write_text(server_hook(checkout, str(python)))
        checkout.close()
    hook.chmod(0o755)


def push(server: Server, updates: Sequence[Update], now: datetime) -> Answer:
    """What the server does with the commands of a push, by a clock."""
    way = Way(server.folder.parent)
    way.home("ana").mkdir(parents=True, exist_ok=True)
    (server.folder.parent / "clock").write_text(now.isoformat())
    return RawClient(way).send(*((each.old, each.new, each.ref) for each in updates))
