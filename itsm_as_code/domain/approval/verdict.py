"""The verdict: one pure function from question, rules, acts, people and clock to an answer with its explanation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.act import Act, Proof
from itsm_as_code.domain.approval.answer import Discarded, Filled, Status, Verdict
from itsm_as_code.domain.approval.rules import Selected, select
from itsm_as_code.domain.approval.seats import Place, exchangeable, fill, places
from itsm_as_code.domain.approval.standing import STRICT, sift
from itsm_as_code.domain.digest import changed_fields
from itsm_as_code.domain.instants import Duration, Unit, write_instant
from itsm_as_code.domain.kinds.approval import Decision

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.question import Question
    from itsm_as_code.domain.approval.registry import Registry
    from itsm_as_code.domain.kinds.policy import Policy, PolicyRule, Seat


def judge(
    question: Question, policies: Iterable[Policy], acts: Iterable[Act], people: Registry, now: datetime,
    latest: datetime | None = None,
) -> Verdict:  # fmt: skip
    """The verdict on a question by the rules and people of base. Order of acts and people does not matter.

    `now` is the clock; no act may be dated after `latest`, which is the clock too unless that is only known to be the
    earliest time at which a step can have landed.
    """
    selected = select(policies, question)
    ours = sorted((act for act in acts if act.subject == question.subject), key=lambda act: act.id)
    hearing = _Hearing(question, selected, people, now, latest or now)
    return hearing.verdict(ours)


class _Hearing:
    """The steps of one verdict. Acts are sorted into discarded, refusing, proposing and approving ones."""

    def __init__(
        self, question: Question, selected: Selected, people: Registry, now: datetime, latest: datetime
    ) -> None:
        self.question = question
        self.selected = selected
        self.people = people
        self.now = now
        self.latest = latest
        self.discarded: list[Discarded] = []

    def verdict(self, acts: list[Act]) -> Verdict:
        """All steps in order."""
        rules = tuple(self.selected.rules.values())
        sifted = sift(acts, self.question, rules, self.people, self.now, self.latest)
        self.discarded += sifted.discarded
        standing, entitled = sifted.standing, sifted.entitled
        blocking = self._blocking(standing)
        proposing = self._proposing(standing, entitled)
        proposers = tuple(sorted({act.stands_for for act in proposing if act.id in entitled}))
        barred = self._barred(proposing)
        against = {act.stands_for for act in standing if act.decision in STRICT and not _about_others(act, acts)}
        approving = self._approving([act for act in standing if act.id in entitled], against)
        filled = self._filled(approving, barred)
        self._discard_the_rest(approving, filled, barred)
        return self._answer(filled, blocking, proposers)

    def _answer(self, filled: tuple[Filled, ...], blocking: tuple[Act, ...], proposers: tuple[str, ...]) -> Verdict:
        rules = self.selected.rules
        faults = self._faults(filled)
        unproposed = bool(filled) and not proposers and self.question.needs_proposal
        if faults:
            status = Status.UNKNOWN
        elif blocking:
            status = Status.REFUSED
        elif unproposed or self.question.held_back or any(each.by is None for each in filled):
            status = Status.PENDING
        else:
            status = Status.APPROVED
        because = tuple(f"{n}: {r.because}" for n, r in rules.items() if r.seats == "none" and r.because)
        return Verdict(
            question=self.question, status=status, filled=filled, blocking=blocking,
            discarded=tuple(self.discarded), proposed_by=proposers, rules=tuple(rules), because=because,
            passed=self.selected.passed, faults=faults, missing_proposal=unproposed,
            absent=tuple(sorted({act.by for act in blocking if not self._may_decide(act.by)})),
            could_withdraw=self._could_withdraw(proposers) if blocking else (),
        )  # fmt: skip

    def _may_decide(self, person: str) -> bool:
        member = self.people.people.get(person)
        return member is not None and member.may_decide

    def _could_withdraw(self, proposers: tuple[str, ...]) -> tuple[str, ...]:
        """People who may take a refusal of others back: they hold a role for that and have no part in the matter."""
        roles = {role for rule in self.selected.rules.values() for role in rule.withdraw_by}
        apart = (p for p in self.people.people if p not in self.question.disqualified and p not in proposers)
        return tuple(sorted(p for p in apart if self._may_decide(p) and roles & self.people.people[p].roles))

    def _faults(self, filled: tuple[Filled, ...]) -> tuple[str, ...]:
        """What makes the answer unknown: no rule, an undecided one, a seat that nobody could ever fill."""
        found = [*self.question.faults, *self.selected.faults]
        if not self.selected.rules:
            found.append(f"no rule of the policies at base applies to {self.question.subject} at {self.question.gate}")
        wanted = {each.place: self._could_ever(each.place, each.seat) for each in filled}
        possible = fill(wanted, self._groups(tuple(wanted)))
        for place, candidates in wanted.items():
            if place not in possible:
                who = ", ".join(candidates) or "nobody"
                found.append(f"{place} can't be filled: eligible and not disqualified: {who}")
        return tuple(found)

    # What the acts that stand say.

    def _blocking(self, acts: Sequence[Act]) -> tuple[Act, ...]:
        """Refusals that stand, whatever their digest and whether or not their maker is still there."""
        refusals = tuple(act for act in acts if act.decision is Decision.REFUSED)
        rules = self.selected.rules.values()
        if rules and not any(rule.veto for rule in rules):
            self.discarded += [Discarded(act, "no rule that applies gives a refusal a veto") for act in refusals]
            return ()
        return refusals

    # Who fills which place.

    def _fits(self, act: Act) -> bool:
        return act.digest == self.question.digest and act.replaces == self.question.replaces

    def _proposing(self, acts: Sequence[Act], entitled: frozenset[str]) -> list[Act]:
        """Proposals of exactly this content."""
        found = []
        for act in acts:
            if act.decision is Decision.PROPOSED and self._fits(act):
                found.append(act)
            elif act.decision is Decision.PROPOSED and act.id in entitled:
                self.discarded.append(Discarded(act, self._stale(act)))
        return found

    def _approving(self, acts: list[Act], against: set[str]) -> dict[str, list[Act]]:
        """Person to approvals of exactly this content. Of two acts that don't name each other the stricter counts."""
        approvals = [act for act in acts if act.decision is Decision.APPROVED]
        in_person = {act.by for act in approvals if act.on_behalf_of is None and self._fits(act)}
        found: dict[str, list[Act]] = {}
        for act in approvals:
            if not self._fits(act):
                self.discarded.append(Discarded(act, self._stale(act)))
            elif act.stands_for in against:
                self.discarded.append(Discarded(act, f"{act.stands_for} also refused or withdrew, and that counts"))
            elif act.on_behalf_of in in_person:
                self.discarded.append(Discarded(act, f"{act.on_behalf_of} decided in person"))
            else:
                found.setdefault(act.stands_for, []).append(act)
        return found

    def _stale(self, act: Act) -> str:
        changed = changed_fields(dict(act.fields), self.question.fields)
        if act.digest != self.question.digest:
            return f"stale: {', '.join(changed)} changed since" if changed else "stale: the content changed since"
        return "approves replacing other content than base has"

    def _filled(self, approving: Mapping[str, list[Act]], barred: Mapping[str, str]) -> tuple[Filled, ...]:
        """Who fills which place. Makers are seated, so that a deputy's own act and a delegated one fill one place."""
        asked = places(dict(self.selected.rules))
        groups = self._groups(tuple(asked))
        could = {place: self._could(rule, seat, barred) for place, (rule, seat) in asked.items()}
        fitting = {
            place: self._fitting(place, rule, seat, {p: approving[p] for p in could[place] if p in approving}, barred)
            for place, (rule, seat) in asked.items()
        }
        wanted = {place: tuple(sorted(acts)) for place, acts in fitting.items()}
        seated = fill(wanted, groups)
        acts = {place: fitting[place][maker] for place, maker in seated.items()}
        taken = {(groups[place], person) for place, act in acts.items() for person in (act.by, act.stands_for)}
        found = []
        for place, (_, seat) in asked.items():
            if place in acts:
                by, owner_team = acts[place].stands_for, self.question.owner_team
                why = self.people.eligible(by, seat, owner_team)
                deputy = acts[place].by if acts[place].by != by else None
                found.append(Filled(place, seat, by, acts[place].id, why, (), deputy))
            else:
                open_to = {p for each in exchangeable(place, wanted, seated, groups) for p in could[each]}
                free = tuple(sorted(p for p in open_to if (groups[place], p) not in taken))
                found.append(Filled(place, seat, None, None, None, free))
        return tuple(found)

    def _fitting(
        self, place: Place, rule: PolicyRule, seat: Seat, approving: Mapping[str, list[Act]], barred: Mapping[str, str]
    ) -> dict[str, Act]:
        """Maker to the act by which they may fill the place."""
        found: dict[str, Act] = {}
        for acts in approving.values():
            for act in acts:
                if self._act_fault(act, rule, seat, place, barred) is None:
                    found.setdefault(act.by, act)
        return found

    def _could(self, rule: PolicyRule, seat: Seat, barred: Mapping[str, str]) -> tuple[str, ...]:
        """Who may fill a seat: eligible, and not barred unless the rule says that authors may."""
        candidates = self.people.candidates(seat, self.question.owner_team)
        return tuple(p for p in candidates if rule.author_may_approve or p not in barred)

    def _could_ever(self, place: Place, seat: Seat) -> tuple[str, ...]:
        rule = self.selected.rules[place.rule]
        return self._could(rule, seat, self.question.disqualified)

    def _act_fault(self, act: Act, rule: PolicyRule, seat: Seat, place: Place, barred: Mapping[str, str]) -> str | None:
        """Why an approval may not fill the place, or None."""
        for person in (act.stands_for, act.by):
            if person in barred and not rule.author_may_approve:
                return f"{person} {barred[person]}"
        if seat.evidence.value not in ("any", act.proof.value):
            return f"{place} takes evidence of sort {seat.evidence.value}, this is a {act.proof.value} act"
        if (act.stands_for in barred or act.by in barred) and act.proof is not Proof.SIGNED:
            return "an author may approve by a signed act only"
        if (act.stands_for in barred or act.by in barred) and self.question.reason_wanted and not act.comment:
            return "an author's own approval of an emergency needs a reason"
        if act.seat is not None and act.seat not in (place.rule, place.rule.split("/", 1)[-1]):
            return f"meant for seat {act.seat}"
        if rule.expires_after is not None and self.now - act.at >= length(rule.expires_after):
            return f"expired: it held for {rule.expires_after} from {write_instant(act.at)}"
        return None

    def _barred(self, proposing: list[Act]) -> dict[str, str]:
        """People who fill no seat unless the rule says so: whoever wrote, asked for or proposed it, with the reason."""
        proposers = [person for act in proposing for person in (act.by, act.stands_for)]
        return dict.fromkeys(proposers, "proposed it") | dict(self.question.disqualified)

    def _groups(self, asked: tuple[Place, ...]) -> dict[Place, str]:
        """Places that need different people share a group; a rule that does not ask for that has one per seat."""
        return {
            place: "all" if self.selected.rules[place.rule].distinct_people else f"{place.rule}#{place.seat}"
            for place in asked
        }

    def _discard_the_rest(
        self, approving: Mapping[str, list[Act]], filled: tuple[Filled, ...], barred: Mapping[str, str]
    ) -> None:
        """Says of every approval of this content that fills no place why it does not."""
        counted = {each.act for each in filled}
        for person, acts in approving.items():
            for act in acts:
                if act.id not in counted:
                    self.discarded.append(Discarded(act, self._why_not_counted(person, act, filled, barred)))

    def _why_not_counted(self, person: str, act: Act, filled: tuple[Filled, ...], barred: Mapping[str, str]) -> str:
        left = self.people.why_not(person)
        if left is not None:
            return left
        eligible = [f for f in filled if self.people.eligible(person, f.seat, self.question.owner_team)]
        if not eligible:
            return f"{person} may fill no seat of {', '.join(self.selected.rules) or 'any rule'} at base"
        faults = [self._act_fault(act, self.selected.rules[f.place.rule], f.seat, f.place, barred) for f in eligible]
        return next((fault for fault in faults if fault is not None), "no place is left for it")


def _about_others(act: Act, acts: Sequence[Act]) -> bool:
    """Whether an act only takes back what others said: its maker's own approval stands beside it."""
    named = [each for each in acts if each.id in act.supersedes]
    whole = len(named) == len(act.supersedes) > 0
    return act.decision is Decision.WITHDRAWN and whole and all(e.stands_for != act.stands_for for e in named)


def length(duration: Duration) -> timedelta:
    """How long an approval holds. A business day counts as a day: a shorter life is the stricter reading."""
    if duration.unit is Unit.BUSINESS_DAYS:
        return timedelta(days=duration.amount)
    return timedelta(seconds=duration.seconds)
