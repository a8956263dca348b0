"""Resolves a revision that the user wrote to a commit id, or refuses it if it has two meanings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.repository import Repository

_PARTS = re.compile(r"(?P<name>[^\s~^:?*\[\\\x00-\x1f\x7f]+?)(?P<walk>(?:[~^][0-9]*)*)")
_PSEUDO = frozenset({"HEAD", "FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD"})
_FULL_OID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT_OID = re.compile(r"[0-9a-f]{4,63}")
_KINDS = {"refs/heads/": "branch", "refs/tags/": "tag", "refs/remotes/": "remote branch"}


def resolve(repository: Repository, rev: str) -> str:
    """Returns the id of the commit that `rev` names: a branch, tag, `origin/main`, full ref, id, or `HEAD~2`.

    Git prefers a tag over a branch of the same name and only warns; this function refuses such a name. Forty hex
    digits are always an id, never a branch. Raises CouldNotCheck.
    """
    match = _PARTS.fullmatch(rev)
    if match is None or rev.startswith("-") or "@{" in rev:
        raise CouldNotCheck(f"{rev!r} is not a revision", hint="a branch, a tag, a commit id, or HEAD~1")
    name = "HEAD" if match["name"] == "@" else match["name"]
    start = _start(repository, name)
    found = repository.objects.get(f"{start}{match['walk']}^{{commit}}")
    if found is None:
        raise CouldNotCheck(f"{rev} is not a commit in this clone", hint="git fetch, then try again")
    return found.oid


def current_branch(repository: Repository) -> str | None:
    """Returns the full ref of HEAD's branch, even if it has no commit yet, or None if HEAD is detached."""
    outcome = repository.ask("symbolic-ref", "--quiet", "HEAD")
    return outcome.stdout.decode("utf-8", "surrogateescape").strip() or None


def parents(repository: Repository, commit: str) -> tuple[str, ...]:
    """Returns the ids of the parents of a commit, the first parent first."""
    found = repository.objects.get(commit)
    if found is None or found.kind != "commit":
        raise CouldNotCheck(f"{commit} is not a commit in this clone")
    header = found.data.split(b"\n\n", 1)[0]
    return tuple(line[7:].decode() for line in header.split(b"\n") if line.startswith(b"parent "))


def _start(repository: Repository, name: str) -> str:
    """Returns the id of the object that `name` stands for, before any `~` or `^`."""
    if _FULL_OID.fullmatch(name):
        return name
    if name in _PSEUDO:
        return _pseudo(repository, name)
    refs = dict(_refs(repository, name))
    short = None
    if _SHORT_OID.fullmatch(name) and not name.startswith("refs/"):
        short = _short(repository, name)
    if len(refs) + (short is not None) > 1:
        meanings = [_describe(ref) for ref in refs] + ([f"commit {short[:12]}"] if short else [])
        full = min(refs)
        raise CouldNotCheck(f"{name} is ambiguous: {' and '.join(meanings)}", hint=f"write {full}")
    if refs:
        return next(iter(refs.values()))
    if short:
        return short
    raise _unknown(repository, name)


def _pseudo(repository: Repository, name: str) -> str:
    found = repository.objects.get(name)
    if found is not None:
        return found.oid
    branch = current_branch(repository) if name == "HEAD" else None
    if branch:
        raise CouldNotCheck(f"there is no commit yet on {_describe(branch)}", hint="git add, then git commit")
    raise CouldNotCheck(f"there is no {name} in this clone")


def _refs(repository: Repository, name: str) -> Iterator[tuple[str, str]]:
    """Yields each ref that `name` may stand for, with its object id. Only exact names count."""
    full = [name] if name.startswith("refs/") else [f"{kind}{name}" for kind in _KINDS]
    if not name.startswith("refs/"):
        full.append(f"refs/remotes/{name}/HEAD")
    answer = repository.read("for-each-ref", "--format=%(refname)%00%(objectname)", *full)
    for line in answer.decode("utf-8", "surrogateescape").splitlines():
        ref, oid = line.split("\0")
        if ref in full:
            yield ref, oid


def _short(repository: Repository, name: str) -> str | None:
    outcome = repository.ask("rev-parse", f"--disambiguate={name}")
    oids = outcome.stdout.decode().split()
    commits = [oid for oid in oids if _is_commitish(repository, oid)]
    if len(commits) > 1:
        raise CouldNotCheck(f"{name} is ambiguous: {len(commits)} commits begin with it", hint="write more digits")
    return commits[0] if commits else None


def _is_commitish(repository: Repository, oid: str) -> bool:
    found = repository.objects.get(oid)
    return found is not None and found.kind in {"commit", "tag"}


def _unknown(repository: Repository, name: str) -> CouldNotCheck:
    from difflib import get_close_matches

    listed = repository.ask("for-each-ref", "--format=%(refname)", *_KINDS).stdout
    names = [_short_name(ref) for ref in listed.decode("utf-8", "surrogateescape").split()]
    near = [each for each in names if each.endswith(f"/{name}")] or get_close_matches(name, names, n=3)
    if near:
        hint = f"did you mean {' or '.join(near[:3])}?"
    elif "/" in name and not name.startswith("refs/"):
        hint = f"git fetch {' '.join(name.split('/', 1))}"
    else:
        hint = "git branch --all names the branches"
    return CouldNotCheck(f"there is no revision {name}", hint=hint)


def _short_name(ref: str) -> str:
    return ref.split("/", 2)[2]


def _describe(ref: str) -> str:
    kind = next((word for prefix, word in _KINDS.items() if ref.startswith(prefix)), "ref")
    return f"{kind} {_short_name(ref) if ref.startswith('refs/') and ref.count('/') > 1 else ref}"
