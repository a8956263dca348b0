"""An act as the verdict sees it: who decided what on which content, and whether its evidence holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.digest import canonical
from itsm_as_code.domain.kinds.approval import Decision

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.approval import Approval

NAMESPACE = "itsm-approval"
"""The namespace of the SSH signature: a signature made for another purpose does not verify."""


class Proof(StrEnum):
    """What stands behind an act."""

    SIGNED = "signed"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Act:
    """One approval record with the outcome of its verification.

    `fault` says why the evidence does not hold (None: it holds); such an act counts for nothing.
    `proof` is what stands behind it: the maker's own signature, or a review that a witness saw.
    """

    id: str
    workspace: str
    subject: str
    gate: str
    digest: str
    decision: Decision
    by: str
    at: datetime
    supersedes: frozenset[str] = frozenset()
    on_behalf_of: str | None = None
    witness: str | None = None
    seat: str | None = None
    comment: str | None = None
    replaces: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    proof: Proof = Proof.SIGNED
    fault: str | None = None

    @property
    def stands_for(self) -> str:
        """Whose decision it is: the delegator's where the maker acted for somebody."""
        return self.on_behalf_of or self.by


def act_of(record: Approval, fault: str | None) -> Act:
    """The act of an approval record; `fault` is what verification found."""
    return Act(
        id=record.id,
        workspace=record.workspace,
        subject=record.subject,
        gate=record.gate,
        digest=record.digest,
        decision=record.decision,
        by=record.by,
        at=record.at,
        supersedes=frozenset(record.supersedes),
        on_behalf_of=record.on_behalf_of,
        witness=record.witness,
        seat=record.seat,
        comment=record.comment,
        replaces=record.replaces,
        fields=tuple(sorted(record.fields.items())),
        proof=Proof.REVIEW if record.witness else Proof.SIGNED,
        fault=fault,
    )


def statement(data: Mapping[str, Any]) -> bytes:
    """What is signed: the canonical form of an approval record as written, without its signature.

    Raises NotCanonical.
    """
    return canonical({key: value for key, value in data.items() if key != "signature"})
