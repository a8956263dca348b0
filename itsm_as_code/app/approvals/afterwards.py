"""What an approval of a record means that is past its gate on the protected branch already: its review, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.decide import Matter, has_expired, matter_at
from itsm_as_code.app.approvals.look_back import entry_of
from itsm_as_code.domain.approval.gates import EDITED, first_gate, gate_named, is_past
from itsm_as_code.domain.approval.question import POST_REVIEW, RATIFY
from itsm_as_code.domain.approval.standing import STRICT, taken_back
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.revision import state_in

if TYPE_CHECKING:
    from itsm_as_code.app.workspace import Workspace


def review_meant(matter: Matter) -> Matter | None:
    """The matter of accepting the review of an emergency, where that is written and not accepted yet; None where the
    own gate is meant."""
    subject = matter.subject
    if not _is_over(matter) or subject.head.get("type") != "emergency":
        return None
    if not subject.head.get("post_implementation_review"):
        return None
    gate = gate_named(subject.kind, POST_REVIEW, subject.base)
    found = matter_at(matter.court, matter.path, subject, gate, matter.stands_for)
    return None if found.verdict.passes else found


def nothing_to_approve(workspace: Workspace, matter: Matter) -> str | None:
    """Why an approval at the own gate would help nobody: it landed approved; None where it may help.

    Raises UsageFault where it landed without approval: that is ratified.
    """
    if not _is_over(matter):
        return None
    entry = entry_of(workspace, matter.path, matter.subject)
    if entry is None:
        return None
    subject, gate, commit = matter.verdict.question.subject, matter.gate.name, entry.commit[:12]
    if entry.base is None:
        return f"{subject} was in the first commit, which nobody judged: there is nothing to approve"
    if all(verdict.passes for verdict in entry.verdicts if verdict.question.gate == gate):
        return None if _has_lapsed(matter) else f"{subject} is approved at gate {gate} already, with which it landed"
    ratified = matter.court.verdict(matter.subject, gate_named(matter.subject.kind, RATIFY, matter.subject.base))
    if ratified.passes and ratified.filled:
        return f"{subject} went past gate {gate} without approval ({commit}), and is ratified already"
    raise UsageFault(
        f"{subject} went past gate {gate} without approval ({commit}), so an approval at {gate} comes too late",
        hint=f"to take over what is there: itsm approve {subject} --gate {RATIFY}",
    )


def _is_over(matter: Matter) -> bool:
    """Whether the record is past its own gate on base, nothing here passes one, and the person has nothing to take
    back there by approving."""
    subject, gate = matter.subject, matter.gate.name
    if subject.base is None or gate != first_gate(subject.kind):
        return False
    past = subject.kind in EDITED or is_past(subject.kind, gate, state_in(subject.kind, subject.base))
    against = any(act.decision in STRICT for act in matter.mine)
    return past and not against and not any(matter.court.gates(subject))


def _has_lapsed(matter: Matter) -> bool:
    """Whether what let it land holds no more: refused or taken back since, or expired. Then approving may help."""
    if matter.verdict.passes:
        return False
    acts = matter.court.acts(matter.verdict.question.subject)
    expired = any(act.gate == matter.gate.name and has_expired(matter, act) for act in acts)
    return bool(matter.verdict.blocking) or expired or taken_back(acts, matter.gate.name)
