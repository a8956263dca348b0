"""Finds who wrote the commits of a step. Addresses are taken as the commits have them, never through a mailmap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from itsm_as_code.git.repository import Repository
from itsm_as_code.git.tree import GitTree

CO_AUTHORS = "%(trailers:key=Co-authored-by,valueonly)"
"""Git's words for the co-authors of a commit, a line each."""


@dataclass(frozen=True, slots=True)
class StepAuthors:
    """The addresses in the commits of a step. `authors` are as written, "" for an author without an address; `all`
    includes co-authors and is in lower case."""

    authors: frozenset[str]
    all: frozenset[str]


def step_authors(repository: Repository, base: str, head: str) -> StepAuthors:
    """Returns the authors of the commits that `head` has and `base` lacks, over all parents. Both are commit ids."""
    if base == head:
        return StepAuthors(frozenset(), frozenset())
    listed = repository.read("log", "-z", f"--format=%ae%n{CO_AUTHORS}", f"{base}..{head}", "--")
    entries = filter(None, listed.decode("utf-8", "surrogateescape").split("\0"))
    return authors_of(entry.split("\n") for entry in entries)


def authors_of(commits: Iterable[Sequence[str]]) -> StepAuthors:
    """Returns the authors of commits, each given by lines: the author's address, then the co-authors."""
    entries = list(commits)
    everybody = {_address(line) for entry in entries for line in entry}
    return StepAuthors(frozenset(entry[0] for entry in entries), frozenset(everybody) - {""})


def contributor_emails(repository: Repository, base: str, head: str, path: str) -> frozenset[str]:
    """Returns the addresses, in lower case, of everybody who wrote to the workspace file `path` in this step.

    The step is the commits that `head` has and `base` lacks, over all parents. Authors and co-authors count, even
    if a merge dropped their work again. The person who merged counts only if the merge differs from all of its
    parents in this file.
    """
    listed = repository.read(
        "log", "-z", "--full-history", f"--format=%H%n%P%n%ae%n{CO_AUTHORS}",
        f"{base}..{head}", "--", repository.prefix + path,
    )  # fmt: skip
    found: set[str] = set()
    for entry in filter(None, listed.decode("utf-8", "surrogateescape").split("\0")):
        commit, parents, *lines = entry.lstrip("\n").split("\n")
        if not _took_over(repository, commit, parents.split(), path):
            found |= {_address(line) for line in lines}
    return frozenset(found - {""})


def _took_over(repository: Repository, commit: str, parents: list[str], path: str) -> bool:
    """Returns whether a merge has the file exactly as one of its parents has it."""
    if len(parents) < 2:
        return False
    merged, *before = (GitTree(repository, each).entry(path) for each in (commit, *parents))
    return merged in before


def _address(line: str) -> str:
    """Returns the address in `Name <address>`, or the whole line if it is only an address, in lower case."""
    text = line.rpartition("<")[2].rstrip(">") if "<" in line else line
    return text.strip().lower()
