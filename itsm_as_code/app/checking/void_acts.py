"""Tells acts that a later revocation has made void from acts that should never have landed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.evaluator import Evaluator
from itsm_as_code.checks import approvals
from itsm_as_code.domain.approval.active_acts import landing_fault

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.opened_step import OpenedStep
    from itsm_as_code.domain.finding import Finding


def void_since(opened: OpenedStep, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Returns the findings of a step about acts that were sound when they landed, and are void since because somebody
    else may have had their key.

    Such an act is no fault that somebody could mend: it fills no seat any more, and what it let pass is a finding of
    its own. Whether it was sound is judged again without what is known of keys by now, signature included.
    """
    about_acts = [each for each in findings if each.rule is approvals.ACT_INVALID]
    if not about_acts:
        return ()
    judged = opened.evaluator
    then = Evaluator(judged.base, judged.head, judged.now, compromised={}, latest=judged.latest)
    acts = {change.path: change for change in opened.step.changes if change.kind == "approval"}

    def was_sound(path: str) -> bool:
        change = acts.get(path)
        record: Any = change.head.record if change is not None and change.head is not None else None
        act = then.act(record.subject, record.id) if record is not None else None
        return act is not None and not landing_fault(act, then.base.settings.id, then.directory, then.now, then.latest)

    return tuple(each for each in about_acts if was_sound(each.path))
