"""Who authored the commits of a step: addresses as written in the commits, never through a mailmap."""

from __future__ import annotations

from itsm_as_code.git.repository import Repository
from itsm_as_code.git.tree import GitTree


def author_emails(repository: Repository, base: str, head: str) -> frozenset[str]:
    """Author addresses of all commits that head has and base lacks, over all parents; commit ids, not names."""
    listed = repository.read("log", "-z", "--format=%ae", f"{base}..{head}", "--")
    return frozenset(listed.decode("utf-8", "surrogateescape").split("\0")) - {""}


def contributor_emails(repository: Repository, base: str, head: str, path: str) -> frozenset[str]:
    """Addresses, in lower case, of all who wrote on the workspace file `path` in commits that head has and base lacks:
    authors and co-authors, over all parents, also where a merge dropped their work again.

    Whoever merged is one of them only where the merge holds what none of its parents does.
    """
    listed = repository.read(
        "log", "-z", "--full-history", "--format=%H%n%P%n%ae%n%(trailers:key=Co-authored-by,valueonly)",
        f"{base}..{head}", "--", repository.prefix + path,
    )  # fmt: skip
    found: set[str] = set()
    for entry in filter(None, listed.decode("utf-8", "surrogateescape").split("\0")):
        commit, parents, *lines = entry.lstrip("\n").split("\n")
        if not _took_over(repository, commit, parents.split(), path):
            found |= {_address(line) for line in lines}
    return frozenset(found - {""})


def _took_over(repository: Repository, commit: str, parents: list[str], path: str) -> bool:
    """Whether a merge holds the file as one of its parents does."""
    if len(parents) < 2:
        return False
    merged, *before = (GitTree(repository, each).entry(path) for each in (commit, *parents))
    return merged in before


def _address(line: str) -> str:
    """The address of `Name <address>`, or of a line that is one, in lower case."""
    text = line.rpartition("<")[2].rstrip(">") if "<" in line else line
    return text.strip().lower()
