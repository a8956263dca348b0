"""Checks a decision before it is signed: errors if it can never count, warnings otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from itsm_as_code.app.approvals.decision_context import DecisionContext
from itsm_as_code.app.deciding.request import DecisionRequest, rules_with_seats, superseded
from itsm_as_code.app.deciding.statements import statement_cautions
from itsm_as_code.domain.approval.act import Act
from itsm_as_code.domain.approval.active_acts import STRICT, may_end
from itsm_as_code.domain.approval.authorship import IS_AUTHOR
from itsm_as_code.domain.approval.question import AUTHORS, STATEMENTS
from itsm_as_code.domain.approval.rule_names import rules_meant, short_name
from itsm_as_code.domain.approval.verdict import GateStatus
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.finding import cut
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.revision import counts_revisions

DECIDED = (Decision.APPROVED, Decision.REFUSED)


def require_sensible(context: DecisionContext, request: DecisionRequest, person: str) -> None:
    """Raises UsageFault if the act could never do what its maker wants."""
    _require_one_rule(context, request.seat)
    if request.decision is not Decision.REFUSED:
        _require_no_part(context, request, person)
    if request.decision is Decision.APPROVED:
        _require_no_refusal_in_person(context, request)
        _require_it_could_count(context, request, person)
    elif request.withdraws:
        for ref in request.withdraws:
            _require_it_may_be_taken_back(context, ref, person)
    elif request.decision is Decision.WITHDRAWN and not any(act.decision in DECIDED for act in context.mine):
        raise UsageFault(
            f"{context.stands_for} has decided nothing on {_where(context)} that could be taken back",
            hint=_other_refusals(context) or "a proposal is not taken back: change the record, or cancel it",
        )


def require_decidable(context: DecisionContext) -> None:
    """Raises UsageFault if nobody can decide on the content as it is: corrected, it is other content, for which the act
    would not count."""
    faults = context.verdict.question.faults
    if context.verdict.status is GateStatus.UNKNOWN and faults and context.ratifies is None:
        raise UsageFault(
            f"{_where(context)} can't be decided as it is: {'; '.join(faults)}",
            hint="correct the record, then propose it; an act on what is here now would not count for what it becomes",
        )


def cautions(context: DecisionContext, request: DecisionRequest) -> Iterator[str]:
    """Yields what the maker of an act should know before signing it, one sentence each."""
    verdict = context.verdict
    if context.gate.name in STATEMENTS:
        yield from statement_cautions(context)
        return
    if context.ratifies is not None:
        yield from context.ratifies.cautions
    if request.decision is Decision.APPROVED:
        if not verdict.filled:
            yield "nobody has to decide here, so this approval changes nothing"
        elif not _places(context, context.stands_for or "", request.seat):
            could = _could(context)
            seats = "; every seat is filled" if verdict.is_open else f"; {could} could"
            yield f"{context.stands_for} may fill no seat here, so this approval will not count{seats}"
            yield from _as_deputy(context)
        elif verdict.missing_proposal:
            yield "nobody has proposed exactly this content yet: the approval counts once somebody has"
    if request.decision is Decision.REFUSED and context.rules and not any(rule.veto for rule in context.rules.values()):
        yield "no rule here gives refusals a veto, so this one blocks nothing"
    if request.withdraws and any(act.decision is Decision.APPROVED for act in context.mine):
        yield f"your own approval stops counting with this: approve again: {_command('approve', context)}"


def _require_one_rule(context: DecisionContext, seat: str | None) -> None:
    """Raises if a named seat is not that of exactly one rule."""
    rules = rules_with_seats(context)
    meant = rules_meant(seat, rules) if seat is not None else ()
    if len(meant) > 1:
        raise UsageFault(f"several rules are called {seat} here", hint=f"one of {', '.join(sorted(meant))}")
    if seat is not None and not meant:
        short = [short_name(rule) for rule in rules]
        names = (rule if short.count(short_name(rule)) > 1 else short_name(rule) for rule in rules)
        raise UsageFault(
            f"no rule {cut(seat)} asks for anybody here", hint=f"one of {', '.join(sorted(names)) or 'none'}"
        )


def _places(context: DecisionContext, person: str, seat: str | None) -> list[str]:
    """Returns the rules with a seat that a person may fill, no matter who proposed the content."""
    directory, owner_team = context.evaluator.directory, context.verdict.question.owner_team
    return [
        each.place.rule
        for each in context.verdict.filled
        if directory.eligible(person, each.seat, owner_team)
        and (seat is None or each.place.rule in rules_meant(seat, rules_with_seats(context)))
    ]


def _require_no_part(context: DecisionContext, request: DecisionRequest, person: str) -> None:
    """Raises if the act would end a refusal or a withdrawal that is not its maker's to end, because they have a part in
    the matter."""
    ended, whose = superseded(context, request), context.stands_for or person
    for act in context.evaluator.acts(context.verdict.question.subject):
        if act.id not in ended or act.decision not in STRICT or may_end(person, whose, act, context.involved):
            continue
        asked = context.verdict.question
        who = person if person in context.involved else whose
        raise UsageFault(
            f"{who} {asked.disqualified.get(who, 'proposed it')}, and {act.id} is not what {who} decided in person, so "
            f"{who} can't take it back",
            hint=_who_ends(context, act),
        )


def _who_ends(context: DecisionContext, act: Act) -> str:
    """Says who may end a refusal or a withdrawal: its maker in person, or a role."""
    apart = act.stands_for not in context.involved
    ways = [f"{act.stands_for} in person"] if apart else []
    roles = sorted({role for rule in context.rules.values() for role in rule.withdraw_by})
    if act.decision is Decision.REFUSED and roles:
        ways.append(f"somebody with the role {' or '.join(roles)} who has no part in it")
    return f"who can: {', or '.join(ways)}" if ways else "nobody can: cancel the record and make a new one"


def _require_no_refusal_in_person(context: DecisionContext, request: DecisionRequest) -> None:
    """Raises if a deputy would overrule a refusal in person without saying so."""
    refusals = (act for act in context.mine if act.decision is Decision.REFUSED and act.on_behalf_of is None)
    refusal = next(refusals, None)
    if request.on_behalf_of is not None and refusal is not None:
        raise UsageFault(
            f"{request.on_behalf_of} refused in person ({refusal.id})",
            hint=f"take that back first: {_command('withdraw', context)} --for {request.on_behalf_of}",
        )


def _require_it_could_count(context: DecisionContext, request: DecisionRequest, person: str) -> None:
    """Raises for an approval by a person who proposed, requested or wrote it and can fill no seat, unless a rule allows
    it. Where a rule does, the approval may need a reason."""
    asked = context.verdict.question
    barred = dict.fromkeys(context.verdict.proposed_by, "proposed it") | dict(asked.disqualified)
    who = next((each for each in (context.stands_for, person) if each in barred), None)
    if who is None or not context.verdict.filled:
        return
    allowing = (
        context.rules[name].author_may_approve for name in _places(context, context.stands_for or "", request.seat)
    )
    if not any(allowing):
        raise UsageFault(
            f"{who} {barred[who]}, so an approval of theirs would never count",
            hint=f"{_could(context)} could approve{_wrote_nothing(context, who)}",
        )
    if asked.reason_wanted and not (request.comment or "").strip():
        raise UsageFault(
            f"{who} {barred[who]}: an author's own approval of an emergency needs --comment",
            hint="say why it can't wait for somebody else; it is signed with the rest",
        )


def _require_it_may_be_taken_back(context: DecisionContext, ref: str, person: str) -> None:
    act = next((act for act in context.evaluator.acts(context.verdict.question.subject) if act.id == ref), None)
    if act is None:
        raise UsageFault(f"there is no act {ref} on {_where(context)}", hint=_other_refusals(context))
    if act.gate != context.gate.name:
        raise UsageFault(f"{ref} decides on gate {act.gate}", hint=f"add --gate {act.gate}")
    if act.decision is not Decision.REFUSED:
        raise UsageFault(
            f"{ref} of {act.by} is no refusal: it is {act.decision}", hint="only refusals are taken back for somebody"
        )
    gone = next((each.why for each in context.verdict.discarded if each.act.id == ref), None)
    if gone is not None:
        raise UsageFault(f"{ref} does not count any more: {gone}")
    if act.stands_for != context.stands_for:
        _require_role(context, act, person)


def _require_role(context: DecisionContext, act: Act, person: str) -> None:
    roles = sorted({role for rule in context.rules.values() for role in rule.withdraw_by})
    member = context.evaluator.directory.members.get(person)
    if member is None or member.roles.isdisjoint(roles):
        holder = f", or somebody with the role {' or '.join(roles)}" if roles else ""
        raise UsageFault(
            f"{person} may not take back what {act.stands_for} refused",
            hint=f"{act.stands_for} can{holder}: {_command('withdraw', context)}{f' --act {act.id}' if roles else ''}",
        )


def _other_refusals(context: DecisionContext) -> str | None:
    refusals = ", ".join(f"{act.id} of {act.stands_for}" for act in context.verdict.blocking)
    return f"active refusals: {refusals}; somebody with a named role takes one back with --act" if refusals else None


def _as_deputy(context: DecisionContext) -> Iterator[str]:
    """Yields how a person who fills no seat could decide for somebody who does."""
    people, me, now = context.evaluator.directory, context.stands_for or "", context.evaluator.now
    could = sorted({person for each in context.verdict.filled for person in each.could})
    for person in could:
        if people.delegation_fault(me, person, now) is None:
            yield f"{me} is the deputy of {person}: {_command('approve', context)} --for {person}"


def _wrote_nothing(context: DecisionContext, who: str) -> str:
    """Says how somebody whom others named as an author says that they wrote nothing; "" where that would not help."""
    asked = context.verdict.question
    named = asked.disqualified.get(who) == IS_AUTHOR and counts_revisions(asked.kind)
    if who in context.verdict.proposed_by or not named:
        return ""
    return f"; if {who} wrote none of it: itsm refuse {asked.subject} --gate {AUTHORS} --comment … --push"


def _could(context: DecisionContext) -> str:
    """Returns the people who could still fill a seat."""
    names = sorted({person for each in context.verdict.filled for person in each.could})
    return " or ".join(names[:8]) or "nobody"


def _where(context: DecisionContext) -> str:
    return f"{context.verdict.question.subject} at gate {context.gate.name}"


def _command(verb: str, context: DecisionContext) -> str:
    return f"itsm {verb} {context.verdict.question.subject} --gate {context.gate.name}"
