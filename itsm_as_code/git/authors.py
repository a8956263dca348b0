"""Who authored the commits of a step: addresses as written in the commits, never through a mailmap."""

from __future__ import annotations

from itsm_as_code.git.repository import Repository


def author_emails(repository: Repository, base: str, head: str) -> frozenset[str]:
    """Author addresses of all commits that head has and base lacks, over all parents; commit ids, not names."""
    listed = repository.read("log", "-z", "--format=%ae", f"{base}..{head}", "--")
    return frozenset(listed.decode("utf-8", "surrogateescape").split("\0")) - {""}


def contributor_emails(repository: Repository, base: str, head: str, path: str) -> frozenset[str]:
    """Addresses of all who wrote on the workspace file `path` in commits that head has and base lacks: authors and
    co-authors, over all parents, also where a merge dropped their work again."""
    listed = repository.read(
        "log", "-z", "--full-history", "--format=%ae%n%(trailers:key=Co-authored-by,valueonly)",
        f"{base}..{head}", "--", repository.prefix + path,
    )  # fmt: skip
    lines = listed.decode("utf-8", "surrogateescape").replace("\0", "\n").splitlines()
    found = (line.rpartition("<")[2].rstrip(">").strip() if "<" in line else line.strip() for line in lines)
    return frozenset(email for email in found if email)
