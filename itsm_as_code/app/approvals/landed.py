"""Whether a gate was passed when its acts landed: asked where the people of today could no longer let it pass."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.hearing import Court
from itsm_as_code.domain.approval.gates import Gate
from itsm_as_code.domain.approval.inquiry import Subject
from itsm_as_code.domain.ids import approval_path, parse_path
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.evidence.verification import revoked_keys
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.answer import Verdict
    from itsm_as_code.git.history import Commit
    from itsm_as_code.git.repository import Repository


def accepted_when_landed(repository: Repository, tip: str, path: str, gate: str, digest: str) -> bool:
    """Whether a ticket passed a gate, with content of this digest, at one of the steps by which its acts landed.

    Only steps that brought acts on it, or the ticket itself, can have let it pass.
    """
    from itsm_as_code.git.history import clocks, first_parent_steps

    located = parse_path(path)
    if located is None:
        return False
    acts = approval_path(located[1], "x").rpartition("/")[0]
    steps = [step for step in first_parent_steps(repository, tip, paths=(path, acts)) if step.parents]
    at = clocks(repository, tip)
    compromised = _revoked(repository, tip)
    verdicts = (_verdict(repository, step, at[step.commit], path, located, gate, compromised) for step in steps)
    return any(each is not None and each.passes and each.question.digest == digest for each in verdicts)


def _revoked(repository: Repository, tip: str) -> dict[str, datetime]:
    """Keys of which it is known by now that they were in other hands: what they let pass is not passed."""
    from itsm_as_code.git.tree import GitTree

    people: Any = TreeSnapshot(GitTree(repository, tip)).records("person")
    return revoked_keys(people)


def _verdict(
    repository: Repository, step: Commit, at: datetime, path: str, located: tuple[str, str], gate: str,
    compromised: dict[str, datetime],
) -> Verdict | None:  # fmt: skip
    """The verdict on what a step left at the path, by its base."""
    from itsm_as_code.git.tree import GitTree

    base, head = (TreeSnapshot(GitTree(repository, oid), keep_data=True) for oid in (step.parents[0], step.commit))
    loaded = head.load(path)
    if base.tree.entry(SETTINGS_PATH) is None or loaded is None or loaded.record is None or loaded.data is None:
        return None
    subject = Subject(*located, loaded.data, loaded.data, loaded.record, {})
    return Court(base, head, at, compromised=compromised).verdict(subject, Gate(gate))
