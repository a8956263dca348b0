"""Fetching the tip of a remote branch and pushing one commit onto it, with Git's answers understood."""

from __future__ import annotations

from dataclasses import dataclass

from itsm_as_code.domain.errors import CouldNotCheck, ItsmError, Refused
from itsm_as_code.git.repository import Repository

# What Git, or the server, says when somebody else was faster. Everything else is a refusal.
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


class Outrun(Exception):
    """Somebody else moved the branch first; fetch and try again."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A branch of a remote, as this clone sees it."""

    repository: Repository
    remote: str
    branch: str

    @property
    def ref(self) -> str:
        """The branch on the remote."""
        return f"refs/heads/{self.branch}"

    def fetch(self) -> str:
        """The id of the newest tip, fetched. Raises Outrun and CouldNotCheck."""
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
        """Move the branch to `commit`, fast-forward only. Raises Outrun, Refused and CouldNotCheck."""
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
        if any(words in refusal for words in _OUTRUN):
            raise Outrun(refusal)
        raise self._refused(refusal, outcome.stderr)

    def holds(self, commit: str, tip: str) -> bool:
        """Whether `commit` is in the history of `tip`."""
        return self.repository.ask("merge-base", "--is-ancestor", commit, tip).status == 0

    def _not_fetched(self, complaint: str) -> Exception:
        if any(words in complaint for words in _OUTRUN):
            return Outrun(complaint)
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

    def _refused(self, refusal: str, complaint: str) -> Refused:
        said = [line.removeprefix("remote:").strip() for line in complaint.splitlines() if "remote:" in line]
        detail = "".join(f"\n  {line}" for line in said if line)
        return Refused(
            f"{self.remote} refused the push to {self.branch}: {refusal}{detail}",
            hint="nothing has changed, here or there; mend what the remote names and push again",
        )
