"""Computes the verdict: a pure function of question, rules, acts, people and time, with its explanation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.act import Act, ActProof
from itsm_as_code.domain.approval.active_acts import STRICT, sift
from itsm_as_code.domain.approval.rule_names import seat_fault
from itsm_as_code.domain.approval.rules import SelectedRules, select
from itsm_as_code.domain.approval.seats import SeatPlace, exchangeable, fill, places
from itsm_as_code.domain.approval.verdict import DiscardedAct, GateStatus, SeatStatus, Verdict
from itsm_as_code.domain.digest import changed_fields
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.approval import Decision

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.directory import Directory
    from itsm_as_code.domain.approval.question import Question
    from itsm_as_code.domain.kinds.policy import Policy, PolicyRule, Seat


def judge(
    question: Question, policies: Iterable[Policy], acts: Iterable[Act], people: Directory, now: datetime,
    latest: datetime | None = None, used_at: datetime | None = None,
) -> Verdict:  # fmt: skip
    """Returns the verdict on a question by the rules and people of base. The order of acts and people does not matter.

    `now` is the time of the decision. Acts dated after `latest` do not count; without `latest`, that is `now`. The
    two differ if `now` is only the earliest time at which a step can have landed. `used_at` is when the approvals are
    used, if that is later than the decision: approvals that have expired by then do not count.
    """
    selected = select(policies, question)
    ours = sorted((act for act in acts if act.subject == question.subject), key=lambda act: act.id)
    weighing = _Weighing(question, selected, people, now, latest or now, used_at or now)
    return weighing.verdict(ours)


class _Weighing:
    """Computes one verdict: sorts the acts into discarded, refusing, proposing and approving ones, then fills seats."""

    def __init__(
        self, question: Question, selected: SelectedRules, people: Directory, now: datetime, latest: datetime,
        used_at: datetime,
    ) -> None:  # fmt: skip
        self.question = question
        self.selected = selected
        self.people = people
        self.now = now
        self.latest = latest
        self.used_at = used_at
        self.discarded: list[DiscardedAct] = []

    def verdict(self, acts: list[Act]) -> Verdict:
        """Runs all steps in order."""
        rules = tuple(self.selected.rules.values())
        sifted = sift(acts, self.question, rules, self.people, self.now, self.latest)
        self.discarded += sifted.discarded
        active, entitled = sifted.active, sifted.entitled
        blocking = self._blocking(active)
        proposing = self._proposing(active, entitled)
        proposers = tuple(sorted({act.stands_for for act in proposing if act.id in entitled}))
        barred = self._barred(proposing)
        against = {act.stands_for for act in active if act.decision in STRICT and not _about_others(act, acts)}
        approving = self._approving([act for act in active if act.id in entitled], against)
        filled = self._filled(approving, barred)
        self._discard_the_rest(approving, filled, barred)
        could_withdraw = self._could_withdraw(sifted.involved) if blocking else ()
        return self._answer(filled, blocking, proposers, could_withdraw)

    def _answer(
        self, filled: tuple[SeatStatus, ...], blocking: tuple[Act, ...], proposers: tuple[str, ...],
        could_withdraw: tuple[str, ...],
    ) -> Verdict:  # fmt: skip
        rules = self.selected.rules
        faults = self._faults(filled)
        unproposed = bool(filled) and not proposers and self.question.needs_proposal
        if faults:
            status = GateStatus.UNKNOWN
        elif blocking:
            status = GateStatus.REFUSED
        elif unproposed or self.question.held_back or any(each.by is None for each in filled):
            status = GateStatus.PENDING
        else:
            status = GateStatus.APPROVED
        because = tuple(f"{n}: {r.because}" for n, r in rules.items() if r.seats == "none" and r.because)
        return Verdict(
            question=self.question, status=status, filled=filled, blocking=blocking,
            discarded=tuple(self.discarded), proposed_by=proposers, rules=tuple(rules), because=because,
            skipped_rules=self.selected.skipped_rules, faults=faults, missing_proposal=unproposed,
            absent=tuple(sorted({act.by for act in blocking if not self._may_decide(act.by)})),
            could_withdraw=could_withdraw,
        )  # fmt: skip

    def _may_decide(self, person: str) -> bool:
        member = self.people.members.get(person)
        return member is not None and member.may_decide

    def _could_withdraw(self, involved: Set[str]) -> tuple[str, ...]:
        """Returns who may withdraw others' refusals: people with a role for it who have no part in the matter."""
        roles = {role for rule in self.selected.rules.values() for role in rule.withdraw_by}
        apart = (p for p in self.people.members if p not in involved)
        return tuple(sorted(p for p in apart if self._may_decide(p) and roles & self.people.members[p].roles))

    def _faults(self, filled: tuple[SeatStatus, ...]) -> tuple[str, ...]:
        """Returns what makes the answer unknown: no rule, an undecidable rule, or a seat that nobody can fill."""
        found = [*self.question.faults, *self.selected.faults]
        if not self.selected.rules:
            found.append(f"no policy rule on base applies to {self.question.subject} at {self.question.gate}")
        wanted = {each.place: self._could_ever(each.place, each.seat) for each in filled}
        possible = fill(wanted, self._groups(tuple(wanted)))
        for place, candidates in wanted.items():
            if place not in possible:
                who = ", ".join(candidates) or "nobody"
                found.append(f"{place} can't be filled (eligible and not barred: {who})")
        return tuple(found)

    # What the active acts say.

    def _blocking(self, acts: Sequence[Act]) -> tuple[Act, ...]:
        """Returns the active refusals, whatever their digest, and even if their maker has left."""
        refusals = tuple(act for act in acts if act.decision is Decision.REFUSED)
        rules = self.selected.rules.values()
        if rules and not any(rule.veto for rule in rules):
            self.discarded += [
                DiscardedAct(act, "no rule that applies has `veto`, so a refusal blocks nothing") for act in refusals
            ]
            return ()
        return refusals

    # Who fills the places.

    def _fits(self, act: Act) -> bool:
        return act.digest == self.question.digest and act.replaces == self.question.replaces

    def _proposing(self, acts: Sequence[Act], entitled: frozenset[str]) -> list[Act]:
        """Returns the proposals of exactly this content."""
        found = []
        for act in acts:
            if act.decision is Decision.PROPOSED and self._fits(act):
                found.append(act)
            elif act.decision is Decision.PROPOSED and act.id in entitled:
                self.discarded.append(DiscardedAct(act, self._stale(act)))
        return found

    def _approving(self, acts: list[Act], against: set[str]) -> dict[str, list[Act]]:
        """Maps people to their approvals of exactly this content.

        If somebody made two acts that do not name each other, the stricter one counts.
        """
        approvals = [act for act in acts if act.decision is Decision.APPROVED]
        in_person = {act.by for act in approvals if act.on_behalf_of is None and self._fits(act)}
        found: dict[str, list[Act]] = {}
        for act in approvals:
            if not self._fits(act):
                self.discarded.append(DiscardedAct(act, self._stale(act)))
            elif act.stands_for in against:
                self.discarded.append(
                    DiscardedAct(act, f"{act.stands_for} also refused or withdrew, and the stricter act counts")
                )
            elif act.on_behalf_of in in_person:
                self.discarded.append(DiscardedAct(act, f"{act.on_behalf_of} decided in person"))
            else:
                found.setdefault(act.stands_for, []).append(act)
        return found

    def _stale(self, act: Act) -> str:
        changed = changed_fields(dict(act.fields), self.question.fields)
        if act.digest != self.question.digest:
            return f"stale: {', '.join(changed)} changed since" if changed else "stale: the content changed since"
        return "it approves an edit of other content than base has now"

    def _filled(self, approving: Mapping[str, list[Act]], barred: Mapping[str, str]) -> tuple[SeatStatus, ...]:
        """Returns who fills which place.

        It seats the makers of acts, so that a deputy's own act and a delegated act together fill one place only.
        """
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
                found.append(SeatStatus(place, seat, by, acts[place].id, why, (), deputy))
            else:
                open_to = {p for each in exchangeable(place, wanted, seated, groups) for p in could[each]}
                free = tuple(sorted(p for p in open_to if (groups[place], p) not in taken))
                found.append(SeatStatus(place, seat, None, None, None, free))
        return tuple(found)

    def _fitting(
        self,
        place: SeatPlace,
        rule: PolicyRule,
        seat: Seat,
        approving: Mapping[str, list[Act]],
        barred: Mapping[str, str],
    ) -> dict[str, Act]:
        """Maps each maker to the act with which they may fill the place."""
        found: dict[str, Act] = {}
        for acts in approving.values():
            for act in acts:
                if self._act_fault(act, rule, seat, place, barred) is None:
                    found.setdefault(act.by, act)
        return found

    def _could(self, rule: PolicyRule, seat: Seat, barred: Mapping[str, str]) -> tuple[str, ...]:
        """Returns who may fill a seat. People in `barred` are included only if the rule lets authors approve."""
        candidates = self.people.candidates(seat, self.question.owner_team)
        return tuple(p for p in candidates if rule.author_may_approve or p not in barred)

    def _could_ever(self, place: SeatPlace, seat: Seat) -> tuple[str, ...]:
        rule = self.selected.rules[place.rule]
        return self._could(rule, seat, self.question.disqualified)

    def _act_fault(
        self, act: Act, rule: PolicyRule, seat: Seat, place: SeatPlace, barred: Mapping[str, str]
    ) -> str | None:
        """Returns why an approval may not fill the place, or None."""
        if self.question.counting is not None and act.id not in self.question.counting:
            return "only who may decide by both bases, after the step, ratifies it"
        for person in (act.stands_for, act.by):
            if person in barred and not rule.author_may_approve:
                return f"{person} {barred[person]}"
        if seat.evidence.value not in ("any", act.proof.value):
            return f"{place} needs evidence of type {seat.evidence.value}, but this is a {act.proof.value} act"
        if (act.stands_for in barred or act.by in barred) and act.proof is not ActProof.SIGNED:
            return "an author may approve by a signed act only"
        if (act.stands_for in barred or act.by in barred) and self.question.reason_wanted and not act.comment:
            return "an author's own approval of an emergency needs a reason"
        meant_otherwise = seat_fault(act.seat, place.rule, self.selected.rules)
        if meant_otherwise is not None:
            return meant_otherwise
        if rule.expires_after is not None and self.used_at - act.at >= rule.expires_after.as_timedelta():
            return f"it has expired: it was valid for {rule.expires_after} from {write_instant(act.at)}"
        return None

    def _barred(self, proposing: list[Act]) -> dict[str, str]:
        """Maps authors, requesters and proposers to the reason why they fill no seat unless the rule allows it."""
        proposers = [person for act in proposing for person in (act.by, act.stands_for)]
        return dict.fromkeys(proposers, "proposed it") | dict(self.question.disqualified)

    def _groups(self, asked: tuple[SeatPlace, ...]) -> dict[SeatPlace, str]:
        """Names the group of each place. Places that need different people share one; else each seat has its own."""
        return {
            place: "all" if self.selected.rules[place.rule].distinct_people else f"{place.rule}#{place.seat}"
            for place in asked
        }

    def _discard_the_rest(
        self, approving: Mapping[str, list[Act]], filled: tuple[SeatStatus, ...], barred: Mapping[str, str]
    ) -> None:
        """Discards every approval of this content that fills no place, with the reason."""
        counted = {each.act for each in filled}
        for person, acts in approving.items():
            for act in acts:
                if act.id not in counted:
                    self.discarded.append(DiscardedAct(act, self._why_not_counted(person, act, filled, barred)))

    def _why_not_counted(self, person: str, act: Act, filled: tuple[SeatStatus, ...], barred: Mapping[str, str]) -> str:
        left = self.people.why_not(person)
        if left is not None:
            return left
        eligible = [f for f in filled if self.people.eligible(person, f.seat, self.question.owner_team)]
        if not eligible:
            return f"{person} may fill no seat of {', '.join(self.selected.rules) or 'any rule'} at base"
        faults = [self._act_fault(act, self.selected.rules[f.place.rule], f.seat, f.place, barred) for f in eligible]
        return next((fault for fault in faults if fault is not None), "all places that it could fill are taken")


def _about_others(act: Act, acts: Sequence[Act]) -> bool:
    """Tells whether an act only withdraws acts of others. Then its maker's own approval still counts."""
    named = [each for each in acts if each.id in act.supersedes]
    whole = len(named) == len(act.supersedes) > 0
    return act.decision is Decision.WITHDRAWN and whole and all(e.stands_for != act.stands_for for e in named)
