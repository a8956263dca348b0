"""What happened to a file, and how a branch moved: commits as values, identities raw, merges kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.repository import Repository
from itsm_as_code.git.revision import resolve
from itsm_as_code.git.tree import GitTree

_FIELDS = ("%H", "%P", "%an", "%ae", "%ad", "%cn", "%ce", "%cd", "%s")
_LAST_INSTANT = 253402300799  # 9999-12-31T23:59:59Z, the last that datetime knows


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as it claims to be: names and addresses raw, instants with the offset written in it."""

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
    """A commit that touched a file. `oid` is the file's blob in it, None where it is gone.

    `parent_oids` has the blob in each parent, in their order: a merge whose `oid` is among them only
    brought the file along, one whose `oid` is not has written something itself.
    """

    commit: Commit
    oid: str | None
    parent_oids: tuple[str | None, ...]


def history(repository: Repository, path: str, rev: str = "HEAD", *, since: str | None = None) -> Iterator[Revision]:
    """All commits up to `rev` (and not in `since`) that touch the workspace file `path`, newest first.

    Full history: also what a merge has dropped again. Renames are not followed: a record never moves.
    Raises CouldNotCheck for an unknown revision or a shallow clone.
    """
    repository.require_whole_history()
    args = ("--full-history", *_range(repository, rev, since), "--", repository.prefix + path)
    for commit in _log(repository, *args):
        blobs = [_blob(repository, oid, path) for oid in (commit.commit, *commit.parents)]
        yield Revision(commit, blobs[0], tuple(blobs[1:]))


def first_parent_steps(
    repository: Repository, ref: str, since: str | None = None, paths: Iterable[str] = ()
) -> Iterator[Commit]:
    """The commits by which `ref` moved, newest first, down to and without `since`; with `paths` those that differ
    from their first parent in one of these files or folders of the workspace.

    Each is one step of the branch where its pushes were; more than two parents, or a first parent that
    is not the former tip, are for the caller to refuse.
    """
    repository.require_whole_history()
    named = [repository.prefix + path for path in paths]
    yield from _log(repository, "--first-parent", *_range(repository, ref, since), "--", *named)


def commit_of(repository: Repository, rev: str) -> Commit:
    """The commit that a revision names."""
    return next(_log(repository, "--max-count=1", resolve(repository, rev), "--"))


def last_change(repository: Repository, commit: str, places: Iterable[str]) -> str:
    """The newest first-parent commit up to `commit` that changed one of these files or folders of the repository, by
    their paths from its top; "" where none did."""
    repository.require_whole_history()
    found = repository.read("log", "--first-parent", "--max-count=1", "--format=%H", commit, "--", *places)
    return found.decode().strip()


def clocks(repository: Repository, tip: str) -> dict[str, datetime]:
    """Each first-parent commit up to `tip` to the latest committer date so far: dates can be set back, those of the
    commits before can't be changed any more."""
    latest: datetime | None = None
    found: dict[str, datetime] = {}
    for step in reversed(list(first_parent_steps(repository, tip))):
        latest = step.committed_at if latest is None else max(latest, step.committed_at)
        found[step.commit] = latest
    return found


def _range(repository: Repository, rev: str, since: str | None) -> tuple[str, ...]:
    newest = resolve(repository, rev)
    return (newest,) if since is None else (newest, f"^{resolve(repository, since)}")


def _log(repository: Repository, *args: str) -> Iterator[Commit]:
    shape = "%x00".join(_FIELDS)
    answer = repository.read(
        "log", "-z", "--no-mailmap", "--no-show-signature", "--no-notes", "--date=raw", "--encoding=UTF-8",
        f"--format=tformat:{shape}", *args,
    )  # fmt: skip
    fields = answer.decode("utf-8", "surrogateescape").split("\0")[:-1]
    if len(fields) % len(_FIELDS):
        raise CouldNotCheck("git log gave an answer of another shape than asked")
    for start in range(0, len(fields), len(_FIELDS)):
        oid, parents, name, email, authored, committer, address, committed, subject = fields[start : start + 9]
        yield Commit(
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
    """`<seconds> <+hhmm>` as a datetime; an impossible offset becomes UTC, an impossible year the nearest."""
    seconds, _, offset = raw.partition(" ")
    try:
        instant = datetime.fromtimestamp(min(max(int(seconds), 0), _LAST_INSTANT), UTC)
        minutes = int(offset[0] + offset[1:3]) * 60 + int(offset[0] + offset[3:5])
        return instant.astimezone(timezone(timedelta(minutes=minutes)))
    except (ValueError, IndexError, OverflowError):
        return datetime.fromtimestamp(min(max(int(seconds or 0), 0), _LAST_INSTANT), UTC)


def _blob(repository: Repository, commit: str, path: str) -> str | None:
    entry = GitTree(repository, commit).entry(path)
    return entry.oid if entry else None


def genesis(repository: Repository, path: str, rev: str = "HEAD") -> str:
    """The id of the first commit on the first-parent line of `rev` that holds the workspace file `path`.

    Raises CouldNotCheck where no commit does.
    """
    listed = repository.read(
        "log", "--first-parent", "--reverse", "--diff-filter=A", "--no-renames", "--format=%H",
        resolve(repository, rev), "--", repository.prefix + path,
    )  # fmt: skip
    first = listed.decode().split("\n", maxsplit=1)[0]
    if not first:
        raise CouldNotCheck(f"no commit holds {path}", hint="commit the workspace first")
    return first
