"""Family APR: says in words why a gate is not open. `app.approvals.gate_findings` uses it to report verdicts."""

from __future__ import annotations

from collections.abc import Iterator

from itsm_as_code.checks.registry import rule
from itsm_as_code.domain.approval.question import POST_REVIEW
from itsm_as_code.domain.approval.verdict import GateStatus, Verdict
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.rule import Severity

MOST_IGNORED = 3

NOT_APPROVED = rule(
    "APR001", "not-yet-approved",
    why="The policies of the protected branch say who must decide before this lands. Somebody has not decided yet.",
    fix="Ask the people that the message names; `itsm explain REF approval` shows every seat.",
)  # fmt: skip
REFUSED = rule(
    "APR002", "refused",
    why="A refusal blocks until its maker or a role in `withdraw_by` takes it back, even if the content changes.",
    fix="Talk to the person who refused. They can withdraw the refusal with `itsm withdraw`.",
)  # fmt: skip
UNDECIDABLE = rule(
    "APR003", "approval-undecidable",
    why="A gate stays closed if no rule applies, if a rule can't be satisfied, or if something it needs is missing.",
    fix="Fix what the message names. Every subject needs a rule; `seats: none` with `because` lets it pass.",
)  # fmt: skip
ACT_INVALID = rule(
    "APR004", "act-does-not-verify",
    why="The signature proves who made an act. An act that does not verify, or is dated ahead, could be forged.",
    fix="Make a new act with `itsm approve` or `itsm refuse`, and sign it with a key that is registered on base.",
)  # fmt: skip
NOT_DURABLE = rule(
    "APR005", "refusal-not-durable",
    severity=Severity.WARNING,
    why="A refusal that is only on the branch of the proposal can be removed by the next person who pushes to it.",
    fix="Land the refusal by itself: `itsm refuse … --push`.",
)  # fmt: skip

AUTHOR_UNNAMED = rule(
    "APR006", "author-not-named",
    why="The people who wrote the content may not approve it. `authors` names them and survives squash and rebase.",
    fix="Add the person to `authors`. Who only squashed a branch keeps its author: `git commit --amend -C BRANCH`.",
)  # fmt: skip

DEBT_OVERDUE = rule(
    "APR007", "review-of-emergency-overdue",
    why="An emergency is approved faster and reviewed later. A team with an overdue review can't schedule changes.",
    fix="Write `post_implementation_review` in the emergency change and have it approved at gate `post-review`.",
)  # fmt: skip
PAST_THE_CHECK = rule(
    "APR008", "step-past-the-check",
    why="The protected branch can be trusted only if every step was checked before it landed. This one was not.",
    fix="Find out who moved the branch and why. `itsm check --history --since` starts after a step you examined.",
)  # fmt: skip
MAY_NOT_BEGIN = rule(
    "APR009", "work-may-not-begin",
    why="People agreed to this work in this window. Approvals can be taken back or expire, and windows end.",
    fix="Do what the message says: get another approval, agree on another window, or correct a wrong time.",
)  # fmt: skip


def message(verdict: Verdict) -> str:
    """Returns one sentence with the verdict of a gate and its reasons."""
    asked = verdict.question
    head = f"{asked.subject} at gate {asked.gate}: {verdict.status}"
    match verdict.status:
        case GateStatus.UNKNOWN:
            return f"{head}: {'; '.join(verdict.faults)}"
        case GateStatus.REFUSED:
            return f"{head} by {', '.join(f'{act.stands_for} ({act.id})' for act in verdict.blocking)}"
    unproposed = ["nobody has proposed exactly this content"] if verdict.missing_proposal else []
    return f"{head}: {'; '.join([*unproposed, *_empty(verdict), *_ignored(verdict)])}"


def _empty(verdict: Verdict) -> Iterator[str]:
    """Yields who is still needed. Empty places that the same people can fill share one text."""
    groups: dict[tuple[str, tuple[str, ...]], int] = {}
    for each in verdict.filled:
        if each.by is None:
            key = (str(each.place), each.could)
            groups[key] = groups.get(key, 0) + 1
    for (place, could), places in groups.items():
        wanted = "one" if places == 1 else str(places)
        among = could[0] if len(could) == places == 1 else f"{wanted} of {', '.join(could) or 'nobody'}"
        yield f"{place} by {among}"


def _ignored(verdict: Verdict) -> Iterator[str]:
    """Yields the approvals at this gate that do not count, with the reason. An approval that a newer one replaces is
    left out."""
    here = [each for each in verdict.discarded if each.act.gate == verdict.question.gate]
    approvals = [each for each in here if each.act.decision is Decision.APPROVED]
    anew = {ref for each in approvals for ref in each.act.supersedes}
    made = [each for each in approvals if each.act.id not in anew]
    yield from (f"the approval of {each.act.stands_for} does not count: {each.why}" for each in made[:MOST_IGNORED])
    if len(made) > MOST_IGNORED:
        yield f"{len(made) - MOST_IGNORED} more do not count either"


def way_out(verdict: Verdict) -> str:
    """Returns what to do next, with the command to type where there is one."""
    asked = verdict.question
    if verdict.status is GateStatus.REFUSED:
        return _taking_back(verdict)
    if asked.review_missing:
        return f"write `post_implementation_review`, then: itsm approve {asked.subject} --gate {POST_REVIEW}"
    if verdict.status is GateStatus.UNKNOWN:
        return UNDECIDABLE.fix
    if verdict.lapses and not verdict.waits_for_people:
        return verdict.lapses[0].way_out
    if verdict.missing_proposal:
        return f"itsm propose {asked.subject} --gate {asked.gate}"
    return f"itsm approve {asked.subject} --gate {asked.gate}"


def _taking_back(verdict: Verdict) -> str:
    """Returns who can take back the first blocking refusal, and with which command."""
    asked, act = verdict.question, verdict.blocking[0]
    command = f"itsm withdraw {asked.subject} --gate {asked.gate}"
    ways = [] if act.by in verdict.absent else [f"{act.stands_for} takes it back with: {command} --push"]
    if verdict.could_withdraw:
        ways.append(f"{', '.join(verdict.could_withdraw)} may withdraw it with: {command} --act {act.id} --push")
    if not ways:
        return f"{act.by} may no longer decide, and no rule names in `withdraw_by` a role that somebody holds"
    return "; or ".join(ways)


RULES = (
    NOT_APPROVED, REFUSED, UNDECIDABLE, ACT_INVALID, NOT_DURABLE, AUTHOR_UNNAMED, DEBT_OVERDUE, PAST_THE_CHECK,
    MAY_NOT_BEGIN,
)  # fmt: skip
