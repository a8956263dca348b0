"""Gives an evaluator its eyes for the past. History is read only when it is asked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.review_debts import Accepted
    from itsm_as_code.app.approvals.when_work_begins import EntryOf
    from itsm_as_code.domain.approval.standing import JudgedEntry
    from itsm_as_code.git.repository import Repository


def looking_back(repository: Repository, base: str, now: datetime) -> tuple[Accepted, EntryOf]:
    """Returns two functions over the history of `base`: one tells whether a gate was passed when the acts landed, the
    other how a ticket passed its gate."""

    def accepted(path: str, gate: str, digest: str, back: frozenset[str]) -> bool:
        from itsm_as_code.app.approvals.past_approval import accepted_when_landed

        return accepted_when_landed(repository, base, path, gate, digest, back, now)

    def entry_of(path: str, gate: str) -> JudgedEntry | None:
        from itsm_as_code.app.approvals.past_approval import entry_of

        return entry_of(repository, base, path, gate, now)

    return accepted, entry_of
