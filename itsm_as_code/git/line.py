"""Reads the steps of a branch in the order in which it moved, each with everybody who wrote in it.

One Git process answers for many steps, and no more of them than that are kept in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from itsm_as_code.git.authors import CO_AUTHORS, StepAuthors, authors_of
from itsm_as_code.git.history import FIELDS, Commit, commit_in, rows
from itsm_as_code.git.repository import Repository
from itsm_as_code.git.revision import resolve

_AT_ONCE = 256


class LineStep(NamedTuple):
    """A first-parent step of a branch: the commit that made it, and who wrote the commits that it brought."""

    commit: Commit
    authors: StepAuthors


class _Written(NamedTuple):
    commit: Commit
    lines: tuple[str, ...]


def line_steps(repository: Repository, tip: str, since: str) -> Iterator[LineStep]:
    """Yields the commits by which the branch moved from `since`, without it, to `tip`, the oldest first.

    The authors of a step are those of the commits that it has and its first parent lacks, as in `step_authors`.
    """
    repository.require_whole_history()
    tip, before = resolve(repository, tip), resolve(repository, since)
    listed = repository.read("rev-list", "--first-parent", "--reverse", tip, f"^{before}", "--").decode().split()
    waiting = iter(listed)
    while some := list(islice(waiting, _AT_ONCE)):
        brought = dict(_brought(repository, some[-1], before))
        yield from (LineStep(brought[oid].commit, authors_of(_taken(brought, oid))) for oid in some)
        before = some[-1]


def _brought(repository: Repository, tip: str, before: str) -> Iterator[tuple[str, _Written]]:
    """Yields all commits that `tip` has and `before` lacks, with the lines that name their authors."""
    for *fields, co_authors in rows(repository, (*FIELDS, CO_AUTHORS), tip, f"^{before}", "--"):
        commit = commit_in(fields)
        yield commit.commit, _Written(commit, (commit.author_email, *co_authors.split("\n")))


def _taken(brought: dict[str, _Written], oid: str) -> Iterator[tuple[str, ...]]:
    """Takes out of `brought` what this commit has and no earlier step had, and yields the lines of each.

    Steps come in order, so what is left on the way from the commit is its own: what lies behind a commit that an
    earlier step had, the earlier step had too.
    """
    waiting = [oid]
    while waiting:
        written = brought.pop(waiting.pop(), None)
        if written is not None:
            waiting += written.commit.parents
            yield written.lines
