"""Defines the answer to a question: approved, pending, refused or unknown, with its full explanation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.question import Question
    from itsm_as_code.domain.approval.rules import SkippedRule
    from itsm_as_code.domain.approval.seats import SeatPlace
    from itsm_as_code.domain.kinds.policy import Seat


class GateStatus(StrEnum):
    """The possible answers. Only APPROVED opens a gate; UNKNOWN is an error."""

    APPROVED = "approved"
    PENDING = "pending"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SeatStatus:
    """One place of a seat: who fills it with which act, or who could fill it if it is empty.

    `by` is the person whose decision it is. `made_by` is the deputy who signed, if there was one.
    """

    place: SeatPlace
    seat: Seat
    by: str | None
    act: str | None
    why: str | None
    could: tuple[str, ...]
    made_by: str | None = None


@dataclass(frozen=True, slots=True)
class DiscardedAct:
    """An act that does not count, and the reason."""

    act: Act
    why: str


@dataclass(frozen=True, slots=True)
class Lapse:
    """A reason why work may not begin although the change passed its gate, and what to do about it."""

    why: str
    way_out: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer with its full explanation.

    `blocking` are the active refusals. `rules` are the names of the rules that apply, and `because` are the reasons of
    those that need nobody. `faults` say why the answer is unknown. `absent` are makers of blocking refusals who may no
    longer decide. `could_withdraw` are people who may withdraw the refusals of others. `lapses` say why work may not
    begin although the gate was passed.
    """

    question: Question
    status: GateStatus
    filled: tuple[SeatStatus, ...] = ()
    blocking: tuple[Act, ...] = ()
    discarded: tuple[DiscardedAct, ...] = ()
    proposed_by: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    skipped_rules: tuple[SkippedRule, ...] = ()
    faults: tuple[str, ...] = ()
    missing_proposal: bool = False
    absent: tuple[str, ...] = ()
    could_withdraw: tuple[str, ...] = ()
    lapses: tuple[Lapse, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tells whether the gate is open."""
        return self.status is GateStatus.APPROVED

    @property
    def waits_for_people(self) -> bool:
        """Tells whether somebody still has to propose the content or fill a seat."""
        return self.missing_proposal or any(each.by is None for each in self.filled)

    @property
    def is_decided(self) -> bool:
        """Tells whether people have decided for it. An overdue review can keep the gate closed all the same."""
        return not (self.faults or self.blocking or self.waits_for_people)
