"""Defines an act as the verdict uses it: who decided what on which content, and whether the evidence is valid."""

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
"""The namespace of the SSH signature. With it, a signature that was made for another purpose does not verify."""


class ActProof(StrEnum):
    """The kind of evidence that proves an act."""

    SIGNED = "signed"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Act:
    """An approval record with the result of its verification.

    `fault` says why the evidence is not valid, and is None if it is valid. An act with a fault never counts.
    `proof` is the kind of evidence: the maker's own signature, or a review on a forge that a witness signed for.
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
    proof: ActProof = ActProof.SIGNED
    fault: str | None = None

    @property
    def stands_for(self) -> str:
        """Returns the person whose decision it is: the one the maker acted for, otherwise the maker."""
        return self.on_behalf_of or self.by


def act_of(record: Approval, fault: str | None) -> Act:
    """Returns the act of an approval record. `fault` is what the verification found, or None."""
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
        proof=ActProof.REVIEW if record.witness else ActProof.SIGNED,
        fault=fault,
    )


def statement(data: Mapping[str, Any]) -> bytes:
    """Returns the signed bytes: the canonical form of an approval record as written, without its signature.

    Raises NotCanonical if a value has no canonical form.
    """
    return canonical({key: value for key, value in data.items() if key != "signature"})
