"""Updates the local branch after a push, but only if that can lose nobody's work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.repository import Repository
from itsm_as_code.git.revision import current_branch
from itsm_as_code.git.tree import GitTree, find_leaf


@dataclass(frozen=True, slots=True)
class Follow:
    """Says whether the local branch now stands on the pushed commit; if not, `why_not` tells the user what to run."""

    moved: bool
    why_not: str | None = None


def follow(
    repository: Repository, branch: str, commit: str, paths: Iterable[str], ours: Mapping[str, bytes] | None = None
) -> Follow:
    """Fast-forwards the local `branch` to `commit`. `paths` are the repository paths that were pushed.

    A file in the checkout is changed only if it has no edits, or if it holds exactly the pushed bytes or the bytes
    in `ours`. What `ours` holds has landed already, perhaps beside changes that others pushed to the same file.
    """
    ref = f"refs/heads/{branch}"
    old = repository.ask("rev-parse", "--verify", "--quiet", ref)
    if old.status != 0:
        return Follow(False, f"there is no local branch {branch}")
    if repository.ask("merge-base", "--is-ancestor", old.stdout.decode().strip(), commit).status != 0:
        return Follow(False, f"your {branch} has commits of its own; git pull --rebase brings them together")
    if current_branch(repository) != ref or repository.work_tree is None:
        return _move_ref(repository, ref, commit)
    _adopt(repository, commit, paths, ours or {})
    outcome = repository.as_user("merge", "--ff-only", "--quiet", "--no-stat", "--no-autostash", commit)
    if outcome.status == 0:
        return Follow(True)
    return Follow(False, "your checkout has other changes in the way; commit or stash them, then git pull")


def stage(repository: Repository, commit: str, paths: Iterable[str]) -> None:
    """Puts these files, as `commit` has them, into the index and leaves every other entry alone."""
    if repository.work_tree is None:
        return
    root = GitTree(repository, commit, "").root_oid
    lines = []
    for path in paths:
        leaf = find_leaf(repository.objects, root, path)
        if leaf is not None:
            lines.append(f"{leaf.mode:o} {leaf.oid} 0\t{path}\0")
    outcome = repository.as_user(
        "update-index", "-z", "--index-info", stdin="".join(lines).encode("utf-8", "surrogateescape")
    )
    if outcome.status != 0:
        raise CouldNotCheck(
            f"the index could not be written: {outcome.stderr.strip()}",
            hint="is another Git command running here?",
        )


def _move_ref(repository: Repository, ref: str, commit: str) -> Follow:
    # A fetch from our own repository allows only a fast-forward, and refuses a branch that another checkout uses.
    outcome = repository.as_user("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", ".", f"{commit}:{ref}")
    if outcome.status == 0:
        return Follow(True)
    return Follow(False, f"{ref.removeprefix('refs/heads/')} is checked out elsewhere; git pull there")


def _adopt(repository: Repository, commit: str, paths: Iterable[str], ours: Mapping[str, bytes]) -> None:
    """Stages the files whose edits have landed, so that they do not block a fast-forward."""
    tree = GitTree(repository, commit, "")
    top = repository.work_tree
    landed, behind = [], []
    for path in paths:
        if top is None or not (top / path).is_file() or (top / path).is_symlink():
            continue
        untouched = repository.as_user("--literal-pathspecs", "diff-index", "--cached", "--quiet", "HEAD", "--", path)
        present = (top / path).read_bytes()
        if untouched.status != 0 or present not in (tree.read(path), ours.get(path)):
            continue
        landed.append(path)
        if present != tree.read(path):
            behind.append(path)
    if landed:
        stage(repository, commit, landed)
    if behind:
        names = "".join(f"{path}\0" for path in behind)
        repository.as_user("checkout-index", "--force", "-z", "--stdin", stdin=names.encode("utf-8", "surrogateescape"))
