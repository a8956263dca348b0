"""Who authored the commits of a step: addresses as written in the commits, never through a mailmap."""

from __future__ import annotations

from itsm_as_code.git.repository import Repository


def author_emails(repository: Repository, base: str, head: str) -> frozenset[str]:
    """Author addresses of all commits that head has and base lacks, over all parents; commit ids, not names."""
    listed = repository.read("log", "-z", "--format=%ae", f"{base}..{head}", "--")
    return frozenset(listed.decode("utf-8", "surrogateescape").split("\0")) - {""}
