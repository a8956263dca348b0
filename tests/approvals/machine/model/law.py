"""The law: what of a step may land, and what must. It is read from the promises, and from no code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.approvals.machine.model.debts import held_back, on_the_edge, renamed, review_was_accepted
from tests.approvals.machine.model.gates import REVIEW, Passing, gates_passed, question
from tests.approvals.machine.model.people import (
    Clock,
    Made,
    earliest,
    evidence_fault,
    is_human,
    landing_fault,
    revoked_keys,
)
from tests.approvals.machine.model.reading import (
    AHEAD,
    DAY,
    FINAL,
    GATED,
    Files,
    Record,
    acts_on,
    digest,
    instant,
    kind_of,
    material,
    of_kind,
    state_of,
    subject_of,
    workflows,
)
from tests.approvals.machine.model.standing import Step, granted_before, may_work_begin
from tests.approvals.machine.model.timelines import timeline_faults
from tests.approvals.machine.model.verdicts import Hearing

WORKFLOWS = ".github/workflows"


@dataclass
class Ruling:
    """`no` are the reasons why a step may not land. With any in `unsure`, the model does not say that it must."""

    no: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    gates: list[tuple[str, str]] = field(default_factory=list)
    """The paths of what did not pass a gate, with the gate. Only such faults can be ratified."""
    closed: int = 0
    """How many of the reasons are about gates."""

    @property
    def must(self) -> bool:
        return not self.no and not self.unsure


def ruling(made: Made, line: Sequence[Step], step: Step, clock: Clock) -> Ruling:
    """What the law says of a step after those of the line, at one clock. A key that a step revokes is revoked in that
    step."""
    found = Ruling()
    clock = replace(clock, known=earliest(clock.known, revoked_keys(step.head)))
    for where in sorted({*step.base, *step.head}):
        before, after = step.base.get(where), step.head.get(where)
        if before == after:
            continue
        if after is None:
            found.no.append(f"{where}: records are never deleted on the protected ref")
        elif after.get("kind") == "approval":
            found.no += _act(made, where, before, after, step, clock)
        elif kind_of(after) == "file":
            continue
        else:
            found.no += [f"{where}: {why}" for why in _record(made, line, before, after, step, clock)]
            closed = list(_gates(made, line, before, after, step, clock))
            found.no += [f"{where}: gate {gate}: {why}" for gate, why in closed]
            found.gates += [(where, gate) for gate in dict.fromkeys(gate for gate, _ in closed)]
            found.closed += len(closed)
            found.unsure += [f"{where}: {why}" for why in _doubts(made, line, before, after, step, clock)]
    closed = list(_gates(made, line, workflows_before(line, step), workflows(step.head), step, clock))
    found.no += [f"{WORKFLOWS}: {why}" for _, why in closed]
    found.gates += [(WORKFLOWS, gate) for gate in dict.fromkeys(gate for gate, _ in closed)]
    found.closed += len(closed)
    found.unsure += [f"{name} is left without people" for name in _unfillable(step.head)]
    return found


def workflows_before(line: Sequence[Step], step: Step) -> Record:
    """What an edit of the workflow files replaces. They have no revision, so the last step that changed one of them
    belongs to it: then no approval fits a second time."""
    changed = [each.name for each in line if workflows(each.base) != workflows(each.head)]
    return {**workflows(step.base), "since": changed[-1] if changed else ""}


def by_both_clocks(made: Made, line: Sequence[Step], step: Step, now: datetime) -> Ruling:
    """The hook judges a step at its own time and at the clock of audits, the latest date of a commit on the line, and
    refuses it if either says no."""
    first = ruling(made, line, step, Clock(now, now))
    first.no += [f"audits: {why}" for why in ruling(made, line, step, Clock(line_clock(line, step, now), now)).no]
    return first


def line_clock(line: Sequence[Step], step: Step, now: datetime) -> datetime:
    """The latest committer date on the line up to the step. A date in the future counts for nobody."""
    return max(each.dated for each in (*line, step) if each.dated <= now + AHEAD)


def by_audit(made: Made, line: Sequence[Step], step: Step, now: datetime, tip: Files) -> Ruling:
    """Audits judge each step by its first parent, at the clock of the line, and with what is known of keys by now: a
    key that is revoked voids what it signed in every step that landed at or after `since`. Since a step may have landed
    up to a day after its clock, an act in it may be dated up to a day after it."""
    clock = line_clock(line, step, now)
    return ruling(made, line, step, Clock(clock, min(now, clock + DAY), revoked_keys(tip)))


def dated_fault(step: Step, now: datetime) -> str | None:
    """A tip is dated at most five minutes ahead, and at most a day ago."""
    if step.dated > now + AHEAD:
        return "the tip is dated ahead"
    return "the tip is dated too long ago" if now - step.dated > DAY else None


def _act(made: Made, where: str, before: Record | None, act: Record, step: Step, clock: Clock) -> Iterator[str]:
    if before is not None:
        yield f"{where}: an act is what one person decided at one moment, and it does not change"
        return
    fault = landing_fault(made, act, step.base["itsm.yaml"]["id"], step.base, clock)
    if fault is not None:
        yield f"{where}: {fault}"


def _record(
    made: Made, line: Sequence[Step], before: Record | None, after: Record, step: Step, clock: Clock
) -> Iterator[str]:  # fmt: skip
    if kind_of(after) == "incident":
        yield from timeline_faults(line, before, after, step, clock)
    if kind_of(after) not in GATED:
        return
    changed = before is None or material(before) != material(after)
    if kind_of(after) == "settings" and before is not None and before["id"] != after["id"]:
        yield "the workspace has another id"
    yield from _revision(before, after)
    yield from _authors(made, before, after, step, clock, changed=changed)
    if kind_of(after) == "person" and before is not None:
        yield from _keys(before, after)
    if "timeline" in after:
        yield from timeline_faults(line, before, after, step, clock)
    if before is not None and renamed(before, after):
        yield "an emergency got another type"


def _revision(before: Record | None, after: Record) -> Iterator[str]:
    """`revision` is base + 1 when the record changes materially or goes back to draft, else equal; absent means 1.
    Whatever leaves a final state raises the revision too."""
    present = after.get("revision", 1)
    if before is None:
        wanted = 1
    else:
        old = before.get("revision", 1)
        states = state_of(before), state_of(after)
        back = states[0] != states[1] and (states[1] == "draft" or states[0] in FINAL)
        wanted = old + 1 if material(before) != material(after) or back else old
    if present != wanted:
        yield f"revision is {present}, not {wanted}"


def _authors(
    made: Made, before: Record | None, after: Record, step: Step, clock: Clock, *, changed: bool
) -> Iterator[str]:  # fmt: skip
    """`authors` grows only in a step that changes the record materially, and only by identities of that step's commits
    or the signer of its proposal. A name leaves only where the content passes a gate with seats. Authors of material
    changes who map to a person must be in it,
    if people decide at a gate that it passes or has still ahead."""
    old, new = ({*(side or {}).get("authors", ())} for side in (before, after))
    acts = acts_on(subject_of(after), step.base, step.head)
    landed = {act["id"] for act in of_kind(step.base, "approval")}
    proposers = {
        act["by"] for ref, act in acts.items() if act["decision"] == "proposed" and act["digest"] == digest(after)
        and evidence_fault(made, act, step.base, clock, landed=ref in landed) is None
    }  # fmt: skip
    for name in new - old:
        if not changed:
            yield f"{name} is named although nothing changed"
        elif name not in step.wrote | proposers:
            yield f"{name} is named by others"
    if old - new and not (changed and _has_seats(made, before, after, step, clock)):
        yield f"{old - new} were taken off"
    unnamed = _unnamed(after, step) - (proposers if kind_of(after) == "settings" else set())
    if changed and unnamed and state_of(after) not in FINAL and after.get("type") != "standard":
        yield f"{unnamed} wrote on it and are not named"


def _unnamed(after: Record, step: Step) -> set[str]:
    return {name for name in step.wrote - {*after.get("authors", ())} if is_human(step.base, name)}


def _has_seats(made: Made, before: Record | None, after: Record, step: Step, clock: Clock) -> bool:
    passed = [gate for gate in gates_passed(before, after, step.base, clock.now) if not gate.startswith("exception/")]
    acts = acts_on(subject_of(after), step.base, step.head)
    asked = [question(before, after, gate, step.base, acts, head=step.head) for gate in passed]
    return any(Hearing(made, each, step.base, {}, (), clock).answer().places for each in asked)


def _keys(before: Record, after: Record) -> Iterator[str]:
    """Keys that are no longer used stay listed, and a revocation is not taken back."""
    kept = {each["key"]: each for each in after.get("keys", ())}
    for key in before.get("keys", ()):
        if key["key"] not in kept:
            yield "a key was removed"
        elif "revoked" in key and kept[key["key"]].get("revoked") != key["revoked"]:
            yield "a revocation was changed"


def _gates(
    made: Made, line: Sequence[Step], before: Record | None, after: Record, step: Step, clock: Clock
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """Entering a gated state, an edit of what decides, a material edit past a gate, an exception from a freeze: each
    needs its people. Where work begins, it is asked whether all of that still stands."""
    acts = acts_on(subject_of(after), step.base, step.head)
    landed = {act["id"] for act in of_kind(step.base, "approval")}
    passing = Passing(made, line, step, clock, acts, landed)
    passed = gates_passed(before, after, step.base, clock.now)
    if before is not None and review_was_accepted(passing, before, after):
        passed.append(REVIEW)
    for gate in passed:
        asked = question(before, after, gate, step.base, acts, head=step.head)
        answer = Hearing(made, asked, step.base, acts, landed, clock).answer()
        if answer.open or (gate.startswith("exception/") and granted_before(passing, before, after, gate, answer)):
            continue
        yield gate, f"{answer.refused or answer.why}"
    if "scheduled" in passed:
        for why in held_back(passing, before, after):
            yield "scheduled", why
    if kind_of(after) == "change":
        for why in may_work_begin(passing, before, after, entered="scheduled" in passed):
            yield "scheduled", why


def _doubts(
    made: Made, line: Sequence[Step], before: Record | None, after: Record, step: Step, clock: Clock
) -> Iterator[str]:  # fmt: skip
    """What a check of well-written records may say, and the model does not."""
    if "timeline" in after:
        times = [instant(entry["at"]) for entry in after["timeline"]]
        if times != sorted(times) or times[-1] > clock.now:
            yield "the times of the timeline are odd"
    if kind_of(after) == "change" and "scheduled" in gates_passed(before, after, step.base, clock.now):
        passing = Passing(made, line, step, clock, acts_on(subject_of(after), step.base, step.head), set())
        if on_the_edge(passing, after):
            yield "a review is due at this instant"
    if after.get("type") == "standard" and _unnamed(after, step):
        yield "nobody decides on it but on exceptions from freezes"
    gate = "edit" if kind_of(after) != "change" else "scheduled"
    if kind_of(after) in GATED and after.get("authors"):
        asked = question(before, after, gate, step.base, {}, head=step.head)
        if Hearing(made, asked, step.base, {}, (), clock).left() is None:
            yield "nobody is left to decide on it"


def _unfillable(head: Files) -> Iterator[str]:
    """A step that makes a rule unsatisfiable is refused; how many are enough, the model does not say."""
    for policy in of_kind(head, "policy"):
        for rule in policy["rules"]:
            if rule["seats"] != "none" and not Hearing.enough(head, rule):
                yield f"{policy['id']}/{rule['id']}"
