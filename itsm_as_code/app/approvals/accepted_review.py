"""Keeps an accepted post-implementation review as it was accepted: it changes only past its gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.active_acts import still_approved, taken_back
from itsm_as_code.domain.approval.gates import Gate, subject_of
from itsm_as_code.domain.approval.inquiry import Subject
from itsm_as_code.domain.approval.question import POST_REVIEW
from itsm_as_code.domain.digest import NotCanonical, digest, reviewed
from itsm_as_code.domain.ids import path_of
from itsm_as_code.domain.kinds.change import Change

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.review_debts import Accepted, GateEvaluator

KIND = Change.KIND


def review_asked_again(evaluator: GateEvaluator, subject: Subject, looked_up: Accepted | None) -> Iterator[Gate]:
    """Yields the gate of the review if the step changes what its acceptance on base covers.

    `looked_up` tells whether it was accepted when the acts landed; it is asked if the people of base can't say so.

    Without this, anybody could reopen a debt by an edit of the review, and stop the calendar of a team.
    """
    base, head = subject.base, subject.head
    if subject.kind != KIND or base is None or _covered(base) == _covered(head):
        return
    if _accepted(evaluator, subject.id, base, looked_up):
        yield Gate(POST_REVIEW)


def _covered(data: Mapping[str, Any]) -> str | None:
    """Returns the digest that an acceptance of the review has, or None if there is no review."""
    try:
        return digest(KIND, data, None, reviewed(data)) if "post_implementation_review" in data else None
    except NotCanonical:
        return ""


def _accepted(evaluator: GateEvaluator, change_id: str, base: Mapping[str, Any], looked_up: Accepted | None) -> bool:
    """Whether the review on base was accepted. A refusal that came later does not make it a draft again."""
    content = _covered(base)
    acts = evaluator.acts(subject_of(KIND, change_id))
    if not content or not still_approved(acts, POST_REVIEW, content):
        return False
    landed = Subject(KIND, change_id, base, base, evaluator.base.get(KIND, change_id), {})
    if evaluator.verdict(landed, Gate(POST_REVIEW)).is_open:
        return True
    back = taken_back(acts, POST_REVIEW)
    return looked_up is not None and looked_up(path_of(KIND, change_id), POST_REVIEW, content, back)
