"""Reads how a file changed and how a branch moved. Names and addresses are as written; merge commits are included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.instants import is_in_future
from itsm_as_code.git.repository import Repository
from itsm_as_code.git.revision import resolve
from itsm_as_code.git.tree import GitTree

FIELDS = ("%H", "%P", "%an", "%ae", "%ad", "%cn", "%ce", "%cd", "%s")
"""What `commit_in` needs of a commit, in its order."""
_LAST_INSTANT = 253402300799  # 9999-12-31T23:59:59Z, the last that datetime knows


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit with what it claims: names and addresses as written, and instants with the offset written in it."""

    commit: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    authored_at: datetime
    committer_name: str
    committer_email: str
    committed_at: datetime
    subject: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit that touched a file. `oid` is the file's blob in it, or None if the file is gone.

    `parent_oids` has the blob in each parent, in the order of the parents. If `oid` of a merge is among them, the
    merge only took the file over; if not, the merge itself changed the file.
    """

    commit: Commit
    oid: str | None
    parent_oids: tuple[str | None, ...]


def history(repository: Repository, path: str, rev: str = "HEAD", *, since: str | None = None) -> Iterator[Revision]:
    """Yields all commits up to `rev` (and not in `since`) that touch the workspace file `path`, newest first.

    The history is full: it includes changes that a merge dropped again. Renames are not followed, because a record
    never moves. Raises CouldNotCheck for an unknown revision or a shallow clone.
    """
    repository.require_whole_history()
    args = ("--full-history", *_range(repository, rev, since), "--", repository.prefix + path)
    for commit in _log(repository, *args):
        blobs = [_blob(repository, oid, path) for oid in (commit.commit, *commit.parents)]
        yield Revision(commit, blobs[0], tuple(blobs[1:]))


def first_parent_steps(
    repository: Repository, ref: str, since: str | None = None, paths: Iterable[str] = (), places: Iterable[str] = ()
) -> Iterator[Commit]:
    """Yields the commits by which `ref` moved, newest first, back to `since` but without it.

    With `paths`, yields only those that differ from their first parent in one of these files or folders of the
    workspace, and with `places` in one of these from the repository's top. Each commit is one step of the branch if
    each push made one commit. The caller must refuse more than two parents, and a first parent that is not the former
    tip.
    """
    repository.require_whole_history()
    named = [*(repository.prefix + path for path in paths), *places]
    yield from _log(repository, "--first-parent", *_range(repository, ref, since), "--", *named)


def commit_of(repository: Repository, rev: str) -> Commit:
    """Returns the commit that a revision names."""
    return next(_log(repository, "--max-count=1", resolve(repository, rev), "--"))


def last_change(repository: Repository, commit: str, places: Iterable[str]) -> str:
    """Returns the newest first-parent commit up to `commit` that changed one of these files or folders, or "".

    `places` are repository paths from its top.
    """
    repository.require_whole_history()
    found = repository.read("log", "--first-parent", "--max-count=1", "--format=%H", commit, "--", *places)
    return found.decode().strip()


class LineClock:
    """The clock of each step of a branch: the latest committer date on its first-parent line so far.

    A committer can set a date back, but can't change the dates of earlier commits any more. A date that is in the
    future by the clock of whoever asks, `now`, proves only that it is wrong, so it does not count.
    """

    def __init__(self, repository: Repository, tip: str, now: datetime) -> None:
        self.repository = repository
        self.tip = tip
        self._now = now

    def of(self, commit: str) -> datetime:
        """Returns the clock of the step that made a commit of the line, in UTC."""
        return self._clocks[commit] or self._now

    @cached_property
    def _clocks(self) -> dict[str, datetime | None]:
        """Reads nothing of history but the dates, once."""
        self.repository.require_whole_history()
        tip = resolve(self.repository, self.tip)
        listed = self.repository.read("rev-list", "--first-parent", "--reverse", "--timestamp", tip, "--")
        clock: datetime | None = None
        found: dict[str, datetime | None] = {}
        for line in listed.decode().splitlines():
            seconds, _, commit = line.partition(" ")
            clock = found[commit] = moved_on(clock, _at(int(seconds or 0)), self._now)
        return found


def moved_on(clock: datetime | None, dated: datetime, now: datetime) -> datetime | None:
    """Returns the clock of a step that is dated so. `clock` is that of the step before, or None if no date counts."""
    if is_in_future(dated, now):
        return clock
    return dated if clock is None else max(clock, dated)


def _range(repository: Repository, rev: str, since: str | None) -> tuple[str, ...]:
    newest = resolve(repository, rev)
    return (newest,) if since is None else (newest, f"^{resolve(repository, since)}")


def _log(repository: Repository, *args: str) -> Iterator[Commit]:
    return map(commit_in, rows(repository, FIELDS, *args))


def rows(repository: Repository, fields: Sequence[str], *args: str) -> Iterator[list[str]]:
    """Yields what `git log` with these arguments says of each commit: the fields asked, which hold no NUL."""
    shape = "%x00".join(fields)
    answer = repository.read(
        "log", "-z", "--no-mailmap", "--no-show-signature", "--no-notes", "--date=raw", "--encoding=UTF-8",
        f"--format=tformat:{shape}", *args,
    )  # fmt: skip
    values = answer.decode("utf-8", "surrogateescape").split("\0")[:-1]
    if len(values) % len(fields):
        raise CouldNotCheck("git log gave an answer in an unexpected form")
    for start in range(0, len(values), len(fields)):
        yield values[start : start + len(fields)]


def commit_in(row: Sequence[str]) -> Commit:
    """Returns the commit of a row with `FIELDS`."""
    oid, parents, name, email, authored, committer, address, committed, subject = row
    return Commit(
        commit=oid,
        parents=tuple(parents.split()),
        author_name=name,
        author_email=email,
        authored_at=_instant(authored),
        committer_name=committer,
        committer_email=address,
        committed_at=_instant(committed),
        subject=subject,
    )


def _instant(raw: str) -> datetime:
    """Returns `<seconds> <+hhmm>` as a datetime. An impossible offset becomes UTC, an impossible year the nearest
    one."""
    seconds, _, offset = raw.partition(" ")
    try:
        instant = _at(int(seconds))
        minutes = int(offset[0] + offset[1:3]) * 60 + int(offset[0] + offset[3:5])
        return instant.astimezone(timezone(timedelta(minutes=minutes)))
    except (ValueError, IndexError, OverflowError):
        return _at(int(seconds or 0))


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(max(seconds, 0), _LAST_INSTANT), UTC)


def _blob(repository: Repository, commit: str, path: str) -> str | None:
    entry = GitTree(repository, commit).entry(path)
    return entry.oid if entry else None


def genesis(repository: Repository, path: str, rev: str = "HEAD") -> str:
    """Returns the id of the first commit on the first-parent line of `rev` that holds the workspace file `path`.

    Raises CouldNotCheck if no commit does.
    """
    listed = repository.read(
        "log", "--first-parent", "--reverse", "--diff-filter=A", "--no-renames", "--format=%H",
        resolve(repository, rev), "--", repository.prefix + path,
    )  # fmt: skip
    first = listed.decode().split("\n", maxsplit=1)[0]
    if not first:
        raise CouldNotCheck(f"no commit holds {path}", hint="commit the workspace first")
    return first
