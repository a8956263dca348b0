"""The verdict once more, slow and obvious: every way to give acts to places is tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product

from itsm_as_code.domain.approval.act import Act
from itsm_as_code.domain.approval.question import Question
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.kinds.policy import PolicyRule, Seat
from itsm_as_code.domain.kinds.team import Team


@dataclass(frozen=True)
class World:
    """All that a verdict rests on, as plain lists. `rules` all apply. `used_at` is when approvals are used."""

    question: Question
    rules: tuple[PolicyRule, ...]
    acts: tuple[Act, ...]
    people: tuple[Person, ...]
    teams: tuple[Team, ...]
    now: datetime
    used_at: datetime | None = None


def stands(world: World, later: Sequence[Act], used_at: datetime) -> bool:
    """Whether what was approved in this world still is, after later acts, of which only those that take back count."""
    if status(replace(world, question=replace(world.question, held_back=()))) != "approved":
        return False
    against = tuple(each for each in later if each.decision in ("refused", "withdrawn"))
    known = {each.id for each in world.acts}
    by_now = replace(world, acts=(*world.acts, *(each for each in against if each.id not in known)), used_at=used_at)
    places = [(r, s) for r in world.rules if r.seats != "none" for s in r.seats for _ in range(s.count)]
    if not places:
        return True
    proposed = any(a.decision == "proposed" and _fits(by_now, a) and _entitled(by_now, a) for a in _standing(by_now))
    return (proposed or world.question.gate == "ratify") and _can_be_seated(by_now, places)


def status(world: World) -> str:
    """approved, pending, refused or unknown."""
    places = [(r, s) for r in world.rules if r.seats != "none" for s in r.seats for _ in range(s.count)]
    if not world.rules or world.question.faults or not _satisfiable(world, places):
        return "unknown"
    if any(rule.veto for rule in world.rules) and any(a.decision == "refused" for a in _standing(world)):
        return "refused"
    if world.question.held_back:
        return "pending"
    if not places:
        return "approved"
    if world.question.gate in ("post-review", "ratify"):
        return "approved" if _can_be_seated(world, places) else "pending"
    proposed = any(a.decision == "proposed" and _fits(world, a) and _entitled(world, a) for a in _standing(world))
    return "approved" if proposed and _can_be_seated(world, places) else "pending"


def _person(world: World, name: str | None) -> Person | None:
    return next((each for each in world.people if each.id == name), None)


def _decides(world: World, name: str) -> bool:
    found = _person(world, name)
    return found is not None and found.state == "active" and found.type == "human"


def _belongs(world: World, name: str, team: str, above: frozenset[str] = frozenset()) -> bool:
    """Directly, or to a team that is part of it; a circle of teams ends where it began."""
    found = next((each for each in world.teams if each.id == team and each.state == "active"), None)
    if found is None or team in above:
        return False
    parts = [each.id for each in world.teams if team in each.parents]
    return name in found.members or any(_belongs(world, name, part, above | {team}) for part in parts)


def _eligible(world: World, name: str, seat: Seat) -> bool:
    found = _person(world, name)
    if found is None or not _decides(world, name):
        return False
    teams = [*seat.teams, world.question.owner_team] if seat.owner_team else list(seat.teams)
    in_team = any(team is not None and _belongs(world, name, team) for team in teams)
    return name in seat.people or in_team or bool(set(seat.roles) & set(found.roles))


def _sound(world: World) -> list[Act]:
    asked = world.question
    return [
        a
        for a in world.acts
        if (a.subject, a.workspace, a.gate, a.fault) == (asked.subject, asked.workspace, asked.gate, None)
        and a.at <= world.now + timedelta(minutes=5)
    ]


def _entitled(world: World, act: Act) -> bool:
    """A human at base, for themselves or for somebody who delegated to them now."""
    maker = _person(world, act.by)
    if maker is None or maker.type != "human":
        return False
    if act.on_behalf_of is None:
        return True
    other = _person(world, act.on_behalf_of)
    if other is None or other.delegate is None or not _decides(world, other.id) or not _decides(world, maker.id):
        return False
    return other.delegate.to == act.by and other.delegate.from_ <= world.now < other.delegate.until


def _ends(world: World, act: Act, earlier: Act) -> bool:
    """Whether `act` takes the place of `earlier`, which it names."""
    loosens = earlier.decision in ("refused", "withdrawn")
    if loosens and (not _entitled(world, act) or (earlier.proof == "signed" and act.proof == "review")):
        return False
    acting = [who for who in (act.by, act.on_behalf_of) if who in _involved(world)]
    if loosens and any((earlier.by, earlier.on_behalf_of) != (who, None) for who in acting):
        return False
    if (act.on_behalf_of or act.by) == (earlier.on_behalf_of or earlier.by):
        return True
    roles = {role for rule in world.rules for role in rule.withdraw_by}
    maker = _person(world, act.by)
    named = maker is not None and _decides(world, act.by) and bool(roles & set(maker.roles))
    return act.decision == "withdrawn" and earlier.decision == "refused" and named


def _involved(world: World) -> set[str]:
    """Who wrote or asked for it, or proposed it once, at whatever gate."""
    proposals = [a for a in world.acts if a.subject == world.question.subject and a.decision == "proposed"]
    makers = {name for a in proposals if a.fault is None for name in (a.by, a.on_behalf_of) if name is not None}
    return {*world.question.disqualified, *makers}


def _standing(world: World) -> list[Act]:
    sound = _sound(world)
    return [e for e in sound if not any(e.id in a.supersedes and a.id != e.id and _ends(world, a, e) for a in sound)]


def _fits(world: World, act: Act) -> bool:
    return (act.digest, act.replaces) == (world.question.digest, world.question.replaces)


def _barred(world: World) -> set[str]:
    proposals = [a for a in _standing(world) if a.decision == "proposed" and _fits(world, a)]
    return {*world.question.disqualified, *(name for a in proposals for name in (a.by, a.on_behalf_of) if name)}


def _satisfiable(world: World, places: Sequence[tuple[PolicyRule, Seat]]) -> bool:
    """Whether people could fill all places, were they all to approve."""
    barred = set(world.question.disqualified)
    may = [
        [p.id for p in world.people if _eligible(world, p.id, s) and (r.author_may_approve or p.id not in barred)]
        for r, s in places
    ]
    return any(_apart(places, [(name,) for name in chosen]) for chosen in product(*may))


def _can_be_seated(world: World, places: Sequence[tuple[PolicyRule, Seat]]) -> bool:
    approvals = [a for a in _standing(world) if a.decision == "approved" and _counts(world, a)]
    may = [[a for a in approvals if _may_fill(world, a, rule, seat)] for rule, seat in places]
    return any(
        _apart(places, [(a.by, a.on_behalf_of or a.by) for a in chosen]) for chosen in product(*may)
    )  # fmt: skip


def _counts(world: World, act: Act) -> bool:
    """Exactly this content, by somebody who may, who has no stricter act, and who did not also decide in person."""
    whose = act.on_behalf_of or act.by
    for other in _standing(world):
        theirs = [a for a in world.acts if a.id in other.supersedes and a.subject == world.question.subject]
        about_others = {(a.on_behalf_of or a.by) for a in theirs if len(theirs) == len(other.supersedes)} - {None}
        only_others = other.decision == "withdrawn" and about_others and whose not in about_others
        strict = other.decision in ("refused", "withdrawn") and not only_others
        if strict and (other.on_behalf_of or other.by) == whose:
            return False
        in_person = (other.decision, other.by, other.on_behalf_of) == ("approved", whose, None)
        if act.on_behalf_of and in_person and _fits(world, other) and _entitled(world, other):
            return False
    return _fits(world, act) and _entitled(world, act)


def _may_fill(world: World, act: Act, rule: PolicyRule, seat: Seat) -> bool:
    whose = act.on_behalf_of or act.by
    concerned = bool({act.by, whose} & _barred(world))
    if concerned and not (rule.author_may_approve and act.proof == "signed"):
        return False
    if concerned and world.question.reason_wanted and not act.comment:
        return False
    if rule.expires_after is not None and _age(world, act) >= timedelta(seconds=rule.expires_after.seconds):
        return False
    meant = act.seat is None or act.seat == rule.id
    return meant and seat.evidence in ("any", str(act.proof)) and _eligible(world, whose, seat)


def _age(world: World, act: Act) -> timedelta:
    return (world.used_at or world.now) - act.at


def _apart(places: Sequence[tuple[PolicyRule, Seat]], chosen: Sequence[tuple[str, ...]]) -> bool:
    """Whether nobody sits twice: never within one seat, and nowhere among rules that want distinct people."""
    for i, (rule, seat) in enumerate(places):
        for j in range(i):
            other_rule, other_seat = places[j]
            together = seat is other_seat or (rule.distinct_people and other_rule.distinct_people)
            if together and any(a == b for a, b in zip(chosen[i], chosen[j], strict=True)):
                return False
    return True
