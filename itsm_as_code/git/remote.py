"""Fetches the tip of a remote branch, pushes one commit to it, and interprets Git's answers."""

from __future__ import annotations

from dataclasses import dataclass

from itsm_as_code.domain.errors import CouldNotCheck, ItsmError, Refused
from itsm_as_code.git.repository import Repository

# Git or the server says this when somebody else was faster. Everything else is a refusal.
_OUTRUN = (
    "(fetch first)",
    "(non-fast-forward)",
    "(stale info)",
    "(failed to update ref)",
    "(failed to lock)",
    "(incorrect old value provided)",
    "(reference already exists)",
    "cannot lock ref",
)


HAS_MOVED = "has moved: it is at"
"""Our own hook says this of a branch when somebody else was faster."""


class BranchMoved(Exception):
    """Somebody else moved the branch first. Fetch and try again."""


@dataclass(frozen=True, slots=True)
class RemoteBranch:
    """A branch of a remote, as this clone sees it."""

    repository: Repository
    remote: str
    branch: str

    @property
    def ref(self) -> str:
        """Returns the full ref of the branch on the remote."""
        return f"refs/heads/{self.branch}"

    def fetch(self) -> str:
        """Fetches the branch and returns the id of its newest tip. Raises BranchMoved and CouldNotCheck."""
        here = f"refs/remotes/{self.remote}/{self.branch}"
        outcome = self.repository.as_user(
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--no-auto-maintenance",
            "--end-of-options",
            self.remote,
            f"+{self.ref}:{here}",
        )
        if outcome.status != 0:
            raise self._not_fetched(outcome.stderr)
        found = self.repository.objects.get(here)
        if found is None:
            raise CouldNotCheck(f"{self.remote} sent no {self.branch}", hint=f"git fetch {self.remote}")
        return found.oid

    def push(self, commit: str) -> None:
        """Moves the branch to `commit`, fast-forward only. Raises BranchMoved, Refused and CouldNotCheck."""
        outcome = self.repository.as_user(
            "push",
            "--porcelain",
            "--no-follow-tags",
            "--recurse-submodules=no",
            "--end-of-options",
            self.remote,
            f"{commit}:{self.ref}",
        )
        if outcome.status == 0:
            return
        lines = outcome.stdout.decode("utf-8", "replace").splitlines()
        refusal = next((line.split("\t")[-1] for line in lines if line.startswith("!")), None)
        if refusal is None:
            raise self._offline("push to", outcome.stderr)
        said = _said_there(outcome.stderr)
        moved = any(line.startswith(f"error: {self.ref} {HAS_MOVED}") for line in said)
        if moved or any(words in refusal for words in _OUTRUN):
            raise BranchMoved(refusal)
        raise self._refused(refusal, said)

    def holds(self, commit: str, tip: str) -> bool:
        """Returns whether `commit` is in the history of `tip`."""
        return self.repository.ask("merge-base", "--is-ancestor", commit, tip).status == 0

    def _not_fetched(self, complaint: str) -> Exception:
        if any(words in complaint for words in _OUTRUN):
            return BranchMoved(complaint)
        if "couldn't find remote ref" in complaint:
            return CouldNotCheck(
                f"{self.remote} has no branch {self.branch}",
                hint=f"the first commit is pushed by hand: git push {self.remote} {self.branch}",
            )
        return self._offline("fetch from", complaint)

    def _offline(self, doing: str, complaint: str) -> ItsmError:
        if self.repository.as_user("remote", "get-url", self.remote).status != 0:
            return CouldNotCheck(f"there is no remote {self.remote}", hint=f"git remote add {self.remote} <address>")
        return CouldNotCheck(
            f"could not {doing} {self.remote}: {complaint.strip() or 'no reason given'}",
            hint="nothing here has changed; try again when the network and your access are back",
        )

    def _refused(self, refusal: str, said: list[str]) -> Refused:
        detail = "".join(f"\n  {line}" for line in said)
        return Refused(
            f"{self.remote} refused the push to {self.branch}: {refusal}{detail}",
            hint="nothing has changed, here or there; fix what the remote names and push again",
        )


def _said_there(complaint: str) -> list[str]:
    """Returns what the remote, such as its hook, wrote for the user."""
    said = (line.removeprefix("remote:").strip() for line in complaint.splitlines() if "remote:" in line)
    return [line for line in said if line]
