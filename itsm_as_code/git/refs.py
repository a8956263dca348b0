"""Says where the refs of a repository lead, and which names of refs move the same ref."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from itsm_as_code.git.repository import Repository

_REPLACE = "refs/replace/"
_REPLACED = re.compile(f"{_REPLACE}([0-9a-f]{{40}}|[0-9a-f]{{64}})")

# What `git check-ref-format` refuses. A server's hook is asked before Git looks at the names of a push.
_MALFORMED = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock/|(?:/|\.|\.lock)\Z")


@dataclass(frozen=True, slots=True)
class Refs:
    """The refs of a repository at one moment: the object that each leads to, and the ref that a symbolic one stands
    for."""

    tips: Mapping[str, str]
    symbolic: Mapping[str, str]

    @property
    def replaced(self) -> tuple[str, ...]:
        """Returns the ids of the objects in whose place Git shows others."""
        return tuple(match[1] for match in map(_REPLACED.fullmatch, self.tips) if match)

    def moved_by(self, name: str) -> str:
        """Returns the ref that moves when somebody pushes to `name`."""
        return self.symbolic.get(name, name)


def read_refs(repository: Repository, folder: str = "refs/") -> Refs:
    """Returns all refs in a folder that lead to an object."""
    tips: dict[str, str] = {}
    symbolic: dict[str, str] = {}
    listed = repository.read("for-each-ref", "--format=%(refname)%00%(objectname)%00%(symref)", folder)
    for line in listed.decode("utf-8", "surrogateescape").split("\n")[:-1]:
        name, oid, target = line.split("\0")
        tips[name] = oid
        if target:
            symbolic[name] = target
    return Refs(tips, symbolic)


def with_unborn(repository: Repository, refs: Refs, names: Iterable[str]) -> Refs:
    """Returns `refs` with the symbolic ones among `names` that lead to a ref which does not exist yet.

    Git does not list them, although a push to one makes the ref. Each name costs a process.
    """
    found = dict(refs.symbolic)
    for name in {name for name in names if name not in refs.tips and is_ref(name)}:
        outcome = repository.ask("symbolic-ref", "--quiet", name)
        if outcome.status == 0:
            found[name] = outcome.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")
    return Refs(refs.tips, found)


def is_ref(name: str) -> bool:
    """Returns whether Git could make a ref of this full name."""
    return name.startswith("refs/") and name.count("/") > 1 and _MALFORMED.search(name) is None


def alike(name: str) -> str:
    """Returns what is equal for all names that some file system takes for the same file.

    Such systems ignore case, how a letter is composed, and characters that nobody sees.
    """
    plain = unicodedata.normalize("NFKD", name).upper().casefold()
    return "".join(each for each in unicodedata.normalize("NFKD", plain) if unicodedata.category(each) != "Cf")


def replaced_objects(repository: Repository) -> tuple[str, ...]:
    """Returns the ids of the objects in whose place Git shows others."""
    return read_refs(repository, _REPLACE).replaced
