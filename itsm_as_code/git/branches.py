"""Finds branches by name or by pattern, such as `origin/*`."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.repository import Repository
from itsm_as_code.git.revision import resolve

_PLACES = ("refs/heads/", "refs/remotes/")
_WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Branch:
    """A revision that somebody asked for, with its commit.

    `meant` is true if it was named itself and not only matched by a pattern. `local` is true if `git switch NAME`
    works.
    """

    name: str
    commit: str
    meant: bool
    local: bool


def branches(repository: Repository, wanted: tuple[str, ...]) -> list[Branch]:
    """Returns the branches that the names and patterns stand for, in the order asked, each commit once.

    A pattern is compared with short names and with full ones; in `origin/*` the star matches slashes too. Symbolic
    refs such as origin/HEAD are skipped. Raises CouldNotCheck for a name that can't be resolved and for a pattern
    that matches nothing.
    """
    found: dict[str, Branch] = {}
    here = {name.removeprefix("refs/heads/") for name in _all(repository) if name.startswith("refs/heads/")}
    for word in wanted:
        names = _matching(repository, word) if _WILD & set(word) else [word]
        for name in names:
            commit = resolve(repository, name)
            found.setdefault(commit, Branch(name, commit, name == word, name in here))
    return list(found.values())


def _matching(repository: Repository, pattern: str) -> list[str]:
    names = [name for name in _all(repository) if _fits(name, pattern)]
    if not names:
        raise CouldNotCheck(f"no branch here matches {pattern}", hint="git fetch, then `git branch --all`")
    short = [(name, name.split("/", 2)[2]) for name in names]
    known = [brief for _, brief in short]
    return [brief if known.count(brief) == 1 else name for name, brief in short]


def _all(repository: Repository) -> list[str]:
    listed = repository.read("for-each-ref", "--format=%(refname)%00%(symref)", *_PLACES)
    refs = (line.split("\0") for line in listed.decode("utf-8", "surrogateescape").splitlines())
    return [name for name, symbolic in refs if not symbolic]


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) or fnmatchcase(name.split("/", 2)[2], pattern)
