"""Checks that nobody verifies an article in somebody else's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.authorship import writers
from itsm_as_code.checks.knowledge import VERIFIED_BY_OTHERS
from itsm_as_code.domain.approval.gates import first_gate, subject_of
from itsm_as_code.domain.approval.inquiry import content_digest
from itsm_as_code.domain.approval.question import VERIFIED
from itsm_as_code.domain.finding import Finding, Spot, cut
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.kinds.article import Article
from itsm_as_code.domain.kinds.person import Person

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.opened_step import OpenedStep
    from itsm_as_code.domain.step import RecordChange

KIND = Article.KIND


def findings_of_verifications(opened: OpenedStep) -> Iterator[Finding]:
    """Yields new items of `verified` that name somebody who neither wrote in the step nor signed this content.

    In uncommitted files they may name anybody: the commit will say who wrote them.
    """
    for change in opened.step.changes:
        if change.kind == KIND and change.path not in opened.uncommitted:
            yield from _of_others(opened, change)


def _of_others(opened: OpenedStep, change: RecordChange) -> Iterator[Finding]:
    before, after = (_items(side.data if side is not None else None) for side in (change.base, change.head))
    new = [(index, item) for index, item in enumerate(after) if item not in before]
    if not new:
        return
    wrote, signed = writers(opened, change), _signers(opened, change)
    for index, item in new:
        name = item.get("by") if isinstance(item, dict) else None
        # What is no name is a finding of its own (SCH), and nobody's word.
        if not isinstance(name, str) or (name not in signed and wrote.isdisjoint(_emails(opened, name))):
            words = f"{cut(str(name))} neither wrote this in the step nor signed exactly this content"
            yield Spot(words, ("verified", index, "by")).finding(VERIFIED_BY_OTHERS, change.path)


def _emails(opened: OpenedStep, name: str) -> frozenset[str]:
    """Returns the addresses of a person of base in lower case; none of somebody unknown."""
    person = opened.evaluator.base.find(Person, name)
    return frozenset(email.lower() for email in person.emails) if person is not None else frozenset()


def _items(data: Mapping[str, Any] | None) -> list[Any]:
    items = (data or {}).get("verified")
    return items if isinstance(items, list) else []


def _signers(opened: OpenedStep, change: RecordChange) -> frozenset[str]:
    """Returns the people who approved exactly this content, or said that they verified it."""
    data = change.head.data if change.head is not None and change.head.data is not None else {}
    content = content_digest(opened.evaluator.subject(KIND, change.id, data, data, change.path))
    acts = opened.evaluator.acts(subject_of(KIND, change.id))
    sound = (act for act in acts if act.fault is None and act.decision is Decision.APPROVED and content)
    gates = (first_gate(KIND), VERIFIED)
    return frozenset(act.by for act in sound if act.gate in gates and act.digest == content and not act.on_behalf_of)
