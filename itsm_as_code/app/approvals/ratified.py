"""Ratification: people take over what went past the check, by acts on exactly the content that went past it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.gates import Gate
from itsm_as_code.domain.approval.question import RATIFY
from itsm_as_code.domain.kinds.approval import Decision

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.case import Case
    from itsm_as_code.app.approvals.hearing import Heard
    from itsm_as_code.domain.approval.inquiry import Subject


@dataclass(frozen=True)
class Bypassed:
    """A gate that a record went past without the acts it needed: at which commit, and with what content."""

    commit: str
    path: str
    name: str
    gate: str
    subject: Subject

    @staticmethod
    def of(commit: str, heard: Heard) -> Bypassed:
        """What was heard and did not pass."""
        asked = heard.verdict.question
        return Bypassed(commit, heard.path, asked.subject, asked.gate, heard.subject)


def ratifying(case: Case, bypassed: Iterable[Bypassed]) -> Iterator[tuple[Bypassed, tuple[str, ...]]]:
    """What the acts that a step brings ratify, each with the acts that count.

    The rules are those of the gate that was passed, on the base of the step that brings the acts: whoever may let
    a record through may also take it over afterwards. Where the rules ask for nobody, nobody can.
    """
    brought = set(_subjects(case))
    for each in list(bypassed):
        if each.name in brought:
            verdict = case.court.verdict(each.subject, Gate(RATIFY, rules_of=each.gate))
            acts = tuple(filled.act for filled in verdict.filled if filled.act is not None)
            if verdict.passes and acts:
                yield each, acts


def _subjects(case: Case) -> Iterator[str]:
    """What the step brings approvals at gate `ratify` on."""
    for change in case.step.changes:
        act: Any = change.head.record if change.head is not None and change.kind == "approval" else None
        if act is not None and act.gate == RATIFY and act.decision is Decision.APPROVED:
            yield act.subject
