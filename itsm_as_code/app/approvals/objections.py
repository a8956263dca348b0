"""What speaks against a decision before it is signed: why it would never count, and what its maker should know."""

from __future__ import annotations

from collections.abc import Iterator

from itsm_as_code.app.approvals.decide import Matter, Wish
from itsm_as_code.domain.approval.act import Act
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds.approval import Decision

DECIDED = (Decision.APPROVED, Decision.REFUSED)


def require_sensible(matter: Matter, wish: Wish, person: str) -> None:
    """Raises UsageFault where the act could never do what its maker wants."""
    if wish.seat is not None and wish.seat not in _seats(matter):
        raise UsageFault(
            f"no rule {wish.seat} asks for anybody here", hint=f"one of {', '.join(_seats(matter)) or 'none'}"
        )
    if wish.decision is Decision.APPROVED:
        _require_no_refusal_in_person(matter, wish)
        _require_it_could_count(matter, wish, person)
    elif wish.withdraws:
        for ref in wish.withdraws:
            _require_it_may_be_taken_back(matter, ref, person)
    elif wish.decision is Decision.WITHDRAWN and not any(act.decision in DECIDED for act in matter.mine):
        raise UsageFault(
            f"{matter.stands_for} has decided nothing on {_where(matter)} that could be taken back",
            hint=_other_refusals(matter) or "a proposal is not taken back: change the record, or cancel it",
        )


def cautions(matter: Matter, wish: Wish) -> Iterator[str]:
    """What the maker of an act should know before signing it, one sentence each."""
    verdict = matter.verdict
    if wish.decision is Decision.APPROVED:
        if not verdict.filled:
            yield "nobody has to decide here, so this approval changes nothing"
        elif not _places(matter, matter.stands_for or "", wish.seat):
            could = _could(matter)
            yield f"{matter.stands_for} may fill no seat here, so this approval will not count; {could} could"
        elif verdict.missing_proposal:
            yield "nobody has proposed exactly this content yet: the approval counts once somebody has"
    if wish.decision is Decision.REFUSED and matter.rules and not any(rule.veto for rule in matter.rules.values()):
        yield "no rule here gives a refusal a veto, so this one blocks nothing"
    if wish.withdraws and any(act.decision is Decision.APPROVED for act in matter.mine):
        yield f"your own approval stops counting with this: approve again: {_command('approve', matter)}"


def _seats(matter: Matter) -> list[str]:
    return sorted({each.place.rule.split("/", 1)[-1] for each in matter.verdict.filled})


def _places(matter: Matter, person: str, seat: str | None) -> list[str]:
    """The rules with a seat that a person may fill, whoever proposed."""
    registry, owner_team = matter.court.registry, matter.verdict.question.owner_team
    return [
        each.place.rule
        for each in matter.verdict.filled
        if registry.eligible(person, each.seat, owner_team)
        and seat in (None, each.place.rule, each.place.rule.split("/", 1)[-1])
    ]


def _require_no_refusal_in_person(matter: Matter, wish: Wish) -> None:
    """A deputy overrules what somebody refused in person only by saying so."""
    refusals = (act for act in matter.mine if act.decision is Decision.REFUSED and act.on_behalf_of is None)
    refusal = next(refusals, None)
    if wish.on_behalf_of is not None and refusal is not None:
        raise UsageFault(
            f"{wish.on_behalf_of} refused in person ({refusal.id})",
            hint=f"take that back first: {_command('withdraw', matter)} --for {wish.on_behalf_of}",
        )


def _require_it_could_count(matter: Matter, wish: Wish, person: str) -> None:
    """Whoever proposed, asked for or wrote it fills no seat, unless a rule lets them; then it may need a reason."""
    asked = matter.verdict.question
    barred = dict.fromkeys(matter.verdict.proposed_by, "proposed it") | dict(asked.disqualified)
    who = next((each for each in (matter.stands_for, person) if each in barred), None)
    if who is None or not matter.verdict.filled:
        return
    allowing = (matter.rules[name].author_may_approve for name in _places(matter, matter.stands_for or "", wish.seat))
    if not any(allowing):
        raise UsageFault(
            f"{who} {barred[who]}, so an approval of theirs would never count", hint=f"{_could(matter)} could approve"
        )
    if asked.reason_wanted and not (wish.comment or "").strip():
        raise UsageFault(
            f"{who} {barred[who]}: an author's own approval of an emergency needs --comment",
            hint="say why it can't wait for somebody else; it is signed with the rest",
        )


def _require_it_may_be_taken_back(matter: Matter, ref: str, person: str) -> None:
    act = next((act for act in matter.court.acts(matter.verdict.question.subject) if act.id == ref), None)
    if act is None:
        raise UsageFault(f"there is no act {ref} on {_where(matter)}", hint=_other_refusals(matter))
    if act.gate != matter.gate.name:
        raise UsageFault(f"{ref} decides on gate {act.gate}", hint=f"add --gate {act.gate}")
    if act.decision is not Decision.REFUSED:
        raise UsageFault(
            f"{ref} of {act.by} is no refusal: it is {act.decision}", hint="only refusals are taken back for somebody"
        )
    gone = next((each.why for each in matter.verdict.discarded if each.act.id == ref), None)
    if gone is not None:
        raise UsageFault(f"{ref} does not count any more: {gone}")
    if act.stands_for != matter.stands_for:
        _require_role(matter, act, person)


def _require_role(matter: Matter, act: Act, person: str) -> None:
    roles = sorted({role for rule in matter.rules.values() for role in rule.withdraw_by})
    member = matter.court.registry.people.get(person)
    if member is None or member.roles.isdisjoint(roles):
        holder = f", or whoever has the role {' or '.join(roles)}" if roles else ""
        raise UsageFault(
            f"{person} may not take back what {act.stands_for} refused",
            hint=f"{act.stands_for} can{holder}: {_command('withdraw', matter)}{f' --act {act.id}' if roles else ''}",
        )


def _other_refusals(matter: Matter) -> str | None:
    standing = ", ".join(f"{act.id} of {act.stands_for}" for act in matter.verdict.blocking)
    return f"refusals that stand: {standing}; a named role takes one back with --act" if standing else None


def _could(matter: Matter) -> str:
    """Those who could still fill a seat."""
    names = sorted({person for each in matter.verdict.filled for person in each.could})
    return " or ".join(names[:8]) or "nobody"


def _where(matter: Matter) -> str:
    return f"{matter.verdict.question.subject} at gate {matter.gate.name}"


def _command(verb: str, matter: Matter) -> str:
    return f"itsm {verb} {matter.verdict.question.subject} --gate {matter.gate.name}"
