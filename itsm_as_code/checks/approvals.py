"""APR: the words of what approvals can lack; `app.approvals.judge` makes findings of verdicts with them."""

from __future__ import annotations

from collections.abc import Iterator

from itsm_as_code.checks.registry import rule
from itsm_as_code.domain.approval.answer import Status, Verdict
from itsm_as_code.domain.approval.question import POST_REVIEW
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.rule import Severity

MOST_IGNORED = 3

NOT_APPROVED = rule(
    "APR001", "not-yet-approved",
    why="The policies of the protected branch say who must decide before this lands, and somebody has not.",
    fix="Ask the people that the message names; `itsm explain REF approval` shows every seat.",
)  # fmt: skip
REFUSED = rule(
    "APR002", "refused",
    why="Somebody refused, and a refusal stands until its maker or a named role takes it back, whatever changes.",
    fix="Talk to whoever refused; they withdraw it with `itsm withdraw`.",
)  # fmt: skip
UNDECIDABLE = rule(
    "APR003", "approval-undecidable",
    why="What can't be decided is not approved: no rule applies, a rule can't be satisfied, or something is missing.",
    fix="Mend what the message names; a policy must cover every subject, if only by `seats: none` with `because`.",
)  # fmt: skip
ACT_INVALID = rule(
    "APR004", "act-does-not-verify",
    why="An act's signature is its credential; one that does not verify, or is dated ahead, could be anybody's.",
    fix="Make the act anew with `itsm approve` or `itsm refuse`, with a key that is registered on base.",
)  # fmt: skip
NOT_DURABLE = rule(
    "APR005", "refusal-not-durable",
    severity=Severity.WARNING,
    why="A refusal that is only in the proposal can be taken out of it by whoever pushes next.",
    fix="Land the refusal by itself: `itsm refuse … --push`.",
)  # fmt: skip

AUTHOR_UNNAMED = rule(
    "APR006", "author-not-named",
    why="Whoever wrote the content may not approve it; `authors` says who that is, and survives squash and rebase.",
    fix="Add the person to `authors` of the record. Who only squashes keeps its author: `git commit -C BRANCH`.",
)  # fmt: skip

DEBT_OVERDUE = rule(
    "APR007", "review-of-emergency-overdue",
    why="An emergency is approved faster and looked at afterwards; a team that does not look makes no new plans.",
    fix="Write `post_implementation_review` of the emergency change, and let it be approved at gate `post-review`.",
)  # fmt: skip
PAST_THE_CHECK = rule(
    "APR008", "step-past-the-check",
    why="The protected branch is trusted because every step of it was judged; this one can't have been.",
    fix="Find out who moved the branch and why; `itsm check --history --since` begins after a step you looked into.",
)  # fmt: skip


def message(verdict: Verdict) -> str:
    """One sentence: the answer and what it rests on."""
    asked = verdict.question
    head = f"{asked.subject} at gate {asked.gate}: {verdict.status}"
    match verdict.status:
        case Status.UNKNOWN:
            return f"{head}: {'; '.join(verdict.faults)}"
        case Status.REFUSED:
            return f"{head} by {', '.join(f'{act.stands_for} ({act.id})' for act in verdict.blocking)}"
    unproposed = ["nobody has proposed exactly this content"] if verdict.missing_proposal else []
    return f"{head}: {'; '.join([*unproposed, *_empty(verdict), *_ignored(verdict)])}"


def _empty(verdict: Verdict) -> Iterator[str]:
    """The seats that nobody fills, those of one sort together."""
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
    """Approvals that were made and do not count: who made them should hear it, once for what they approved anew."""
    approvals = [each for each in verdict.discarded if each.act.decision is Decision.APPROVED]
    anew = {ref for each in approvals for ref in each.act.supersedes}
    made = [each for each in approvals if each.act.id not in anew]
    yield from (f"the approval of {each.act.stands_for} does not count: {each.why}" for each in made[:MOST_IGNORED])
    if len(made) > MOST_IGNORED:
        yield f"nor do {len(made) - MOST_IGNORED} more"


def way_out(verdict: Verdict) -> str:
    """The exact command to run next."""
    asked = verdict.question
    if verdict.status is Status.REFUSED:
        return _taking_back(verdict)
    if asked.gate == POST_REVIEW and any("post_implementation_review" in fault for fault in verdict.faults):
        return f"write `post_implementation_review`, then: itsm approve {asked.subject} --gate {POST_REVIEW}"
    if verdict.status is Status.UNKNOWN:
        return UNDECIDABLE.fix
    if verdict.missing_proposal:
        return f"itsm propose {asked.subject} --gate {asked.gate}"
    return f"itsm approve {asked.subject} --gate {asked.gate}"


def _taking_back(verdict: Verdict) -> str:
    """Who takes the first refusal that stands back, and how."""
    asked, act = verdict.question, verdict.blocking[0]
    command = f"itsm withdraw {asked.subject} --gate {asked.gate}"
    ways = [] if act.by in verdict.absent else [f"{act.stands_for} takes it back with: {command}"]
    if verdict.could_withdraw:
        ways.append(f"{', '.join(verdict.could_withdraw)} may withdraw it with: {command} --act {act.id}")
    if not ways:
        return f"{act.by} may not decide any more, and no rule names under `withdraw_by` a role that somebody holds"
    return "; or ".join(ways)


RULES = (NOT_APPROVED, REFUSED, UNDECIDABLE, ACT_INVALID, NOT_DURABLE, AUTHOR_UNNAMED, DEBT_OVERDUE, PAST_THE_CHECK)
