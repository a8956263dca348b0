"""People at desks of their own: checkouts of a server whose hook judges, with real keys."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.approvals.records import change
from tests.approvals.world import MAIN, World, identity
from tests.cli.harness import Done
from tests.cli.inside import Place


@dataclass(frozen=True, slots=True)
class Desk:
    """A person's checkout."""

    world: World
    name: str
    folder: Path

    def itsm(self, *arguments: str) -> Done:
        """Runs `itsm` as the person."""
        with _environment(identity(self.name, self.world.home(self.name))):
            return Place(self.folder).itsm(*arguments)

    def must(self, *arguments: str) -> str:
        """Runs `itsm`, which must end clean; what it said."""
        done = self.itsm(*arguments)
        assert done.code == 0, f"{arguments}: {done.out}{done.err}"
        return done.out + done.err

    def git(self, *arguments: str) -> str:
        return self.world.git(*arguments, who=self.name, folder=self.folder)

    def explain(self, ref: str, gate: str = "scheduled") -> str:
        """How a record stands, in a word."""
        said = self.must("explain", ref, "approval")
        found = re.search(rf"^{re.escape(ref)} at gate {gate}: (\w+)$", said, re.MULTILINE)
        assert found, said
        return found[1]

    def acts(self, ref: str) -> list[str]:
        """The names of the act files on a subject here."""
        return sorted(file.stem for file in (self.folder / "records/approvals" / ref).glob("*.yaml"))

    def landed(self, ref: str) -> list[str]:
        """The names of the acts on a subject that are on the protected branch."""
        folder = f"records/approvals/{ref}/"
        said = self.world.git("ls-tree", "-r", "--name-only", MAIN, folder, folder=self.world.server)
        return [Path(line).stem for line in said.splitlines()]


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def desk(world: World, name: str) -> Desk:
    """A checkout of the server; ana's is that of the world."""
    if name == "ana":
        folder = world.ws
        world.git("remote", "add", "origin", str(world.server))
    else:
        folder = world.folder / f"desk-{name}"
        world.git("clone", "--quiet", str(world.server), str(folder), who=name, folder=world.folder)
    return Desk(world, name, folder)


def submitted(world: World) -> str:
    """A submitted change of ana's, on a branch; its id."""
    record = change(state="submitted")
    world.put(record)
    world.git("switch", "--quiet", "-c", "proposal")
    world.commit()
    return str(record["id"])


def on_the_branch(author: Desk, name: str) -> Desk:
    """Another person's checkout of ana's branch, which she has pushed."""
    author.git("push", "--quiet", "--force", "origin", "HEAD:proposal")
    other = desk(author.world, name)
    other.git("switch", "--quiet", "proposal")
    return other


@pytest.fixture
def ana(world: World) -> Desk:
    return desk(world, "ana")


@pytest.fixture
def ref(ana: Desk) -> str:
    """A change that ana has scheduled on her branch, proposed by that; its id."""
    found = submitted(ana.world)
    ana.must("schedule", found)
    ana.world.commit()
    return found
