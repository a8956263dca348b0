"""What a person says for themselves: that they did not write something, or that they verified an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.authorship import names_in
from itsm_as_code.domain.approval.question import AUTHORS, STATEMENTS, VERIFIED
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds.approval import Decision

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decision_context import DecisionContext
    from itsm_as_code.app.deciding.request import DecisionRequest

_SAID = {
    AUTHORS: (Decision.REFUSED, "itsm refuse {} --gate authors --comment '…' says that you did not write it"),
    VERIFIED: (Decision.APPROVED, "itsm approve {} --gate verified says that you followed the article"),
}


def require_statement(request: DecisionRequest) -> None:
    """Raises UsageFault if somebody wants to say at one of these gates what nobody says there."""
    if request.gate not in STATEMENTS:
        return
    said, hint = _SAID[request.gate]
    if request.on_behalf_of is not None:
        raise UsageFault(f"at gate {request.gate} people speak for themselves", hint="leave out --for")
    if request.decision not in (said, Decision.WITHDRAWN):
        raise UsageFault(f"nothing is {request.decision} at gate {request.gate}", hint=hint.format(request.ref))


def statement_cautions(context: DecisionContext) -> Iterator[str]:
    """Yields what the person should know before they sign the statement."""
    if context.gate.name == AUTHORS and context.stands_for not in names_in(context.subject.head):
        yield f"`authors` does not name {context.stands_for}, so there is nothing to object to"
    if context.gate.name == AUTHORS and _proposed(context):
        yield f"{context.stands_for} proposed it, so this will not be believed"


def _proposed(context: DecisionContext) -> bool:
    acts = context.evaluator.acts(context.verdict.question.subject)
    return any(act.decision is Decision.PROPOSED and context.stands_for in (act.by, act.stands_for) for act in acts)
