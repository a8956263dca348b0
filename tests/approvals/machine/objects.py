"""A bare repository whose objects are written by hand: a step costs no process."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

MAIN = "refs/heads/main"
Tree = dict[str, Any]


@dataclass(frozen=True)
class Server:
    """A bare repository. Its older objects may lie in another one, which it borrows them from."""

    folder: Path

    @staticmethod
    def made(folder: Path, borrows: Server | None = None) -> Server:
        """A new repository."""
        for name in ("objects/info", "objects/pack", "refs/heads", "hooks"):
            (folder / name).mkdir(parents=True)
        (folder / "HEAD").write_text(f"ref: {MAIN}\n")
        (folder / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
        if borrows is not None:
            (folder / "objects/info/alternates").write_text(f"{borrows.folder}/objects\n")
        return Server(folder)

    def tip(self) -> str:
        """The commit to which the protected branch points."""
        return (self.folder / MAIN).read_text().strip()

    def move(self, commit: str) -> None:
        """Moves the protected branch, as nobody but Git itself or an administrator does."""
        (self.folder / MAIN).write_text(f"{commit}\n")

    def commit(self, files: Mapping[str, bytes], parents: tuple[str, ...], name: str, dated: datetime) -> str:
        """A commit of these files by a person, dated as the person likes."""
        lines = [f"tree {self._tree(_nested(files))}", *(f"parent {parent}" for parent in parents)]
        who = f"{name.title()} <{name}@example.org> {int(dated.timestamp())} +0000"
        return self._write("commit", "\n".join([*lines, f"author {who}", f"committer {who}", "", "step", ""]).encode())

    def _tree(self, tree: Tree) -> str:
        found = []
        for name, content in tree.items():
            below = isinstance(content, dict)
            oid = self._tree(content) if below else self._write("blob", content)
            # Git sorts a folder as if its name ended with a slash.
            found.append((f"{name}/" if below else name, "40000" if below else "100644", name, bytes.fromhex(oid)))
        return self._write(
            "tree", b"".join(f"{mode} {name}".encode() + b"\0" + oid for _, mode, name, oid in sorted(found))
        )

    def _write(self, sort: str, content: bytes) -> str:
        data = f"{sort} {len(content)}".encode() + b"\0" + content
        oid = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        target = self.folder / "objects" / oid[:2] / oid[2:]
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(zlib.compress(data, 1))
        return oid


def _nested(files: Mapping[str, bytes]) -> Tree:
    found: Tree = {}
    for path, content in files.items():
        *folders, name = path.split("/")
        here = found
        for folder in folders:
            here = here.setdefault(folder, {})
        here[name] = content
    return found
