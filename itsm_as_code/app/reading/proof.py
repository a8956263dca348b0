"""Collects everything that is needed to check an approval offline, years later: the content, and its acts, keys and
rules.

Content that has landed is judged by the base of the step by which it entered, other content as it is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.acts import act_files
from itsm_as_code.app.approvals.decision_context import context_for
from itsm_as_code.app.approvals.entry_step import entry_step
from itsm_as_code.app.approvals.evaluator import Evaluator
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.checkout.evaluator_here import evaluator_here
from itsm_as_code.domain.approval.proof import Plain, Proof, ProvenGate
from itsm_as_code.domain.approval.question import POST_REVIEW
from itsm_as_code.domain.approval.rules import select
from itsm_as_code.domain.digest import material
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.ids import path_of
from itsm_as_code.domain.kinds.policy import Policy
from itsm_as_code.domain.kinds.team import Team
from itsm_as_code.domain.revision import WORKFLOWS_KIND
from itsm_as_code.domain.settings import SETTINGS_PATH

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.inquiry import Subject
    from itsm_as_code.domain.approval.verdict import Verdict
    from itsm_as_code.git.history import LineClock
    from itsm_as_code.store.snapshot import TreeSnapshot


@dataclass(frozen=True, slots=True)
class _Step:
    """The step to prove: an evaluator over its two sides, the subject, the verdicts of the gates that it passes."""

    evaluator: Evaluator
    subject: Subject
    verdicts: tuple[Verdict, ...]
    base: str
    entered: str | None


def proof(checkout: Checkout, ref: str) -> Proof:
    """Returns the proof for the record that `ref` means. Raises UsageFault if it needs no decision, CouldNotCheck if
    there is nothing to prove it from."""
    from itsm_as_code.git.history import genesis

    here = context_for(evaluator_here(checkout), ref, None, None)
    clone = checkout.require_clone()
    known, newest = clone.require_base(), clone.require_base_tree()
    step = _entered(clone.line(checkout.now), known, here.path, here.subject)
    if step is None:
        verdicts = tuple(
            each.verdict
            for each in here.evaluator.evaluate_gates(here.path, here.subject)
            if each.verdict.question.gate != POST_REVIEW
        )
        step = _Step(here.evaluator, here.subject, verdicts or (here.verdict,), newest.commit, None)
    acts = tuple(_acts(step.evaluator, known, step.verdicts[0].question.subject))
    return Proof(
        workspace=step.evaluator.base.settings.id,
        genesis=genesis(clone.repository, SETTINGS_PATH, newest.commit),
        newest=newest.commit,
        base=step.base,
        entered=step.entered,
        judged_at=step.evaluator.now,
        kind=step.subject.kind,
        path=here.path,
        content=_content(step.subject),
        gates=tuple(_decided(step, verdict) for verdict in step.verdicts),
        acts=acts,
        people=dict(_people(step.evaluator, known, [record for _, _, record in acts])),
        teams=_teams(step),
    )


def _entered(line: LineClock, known: TreeSnapshot, path: str, subject: Subject) -> _Step | None:
    """Returns the step by which exactly this content passed its gate, or None if it has not passed it."""
    found = entry_step(line, known, path, subject)
    if found is None:
        return None
    if found.evaluator is None or found.base is None:
        raise CouldNotCheck(
            f"{path} came with the first commit of the workspace, which nobody judged",
            hint="that commit is the root of trust; compare its id",
        )
    verdicts = tuple(verdict for verdict in found.verdicts if verdict.question.gate != POST_REVIEW)
    return _Step(found.evaluator, found.subject, verdicts, found.base, found.commit)


def _content(subject: Subject) -> Plain:
    """Returns what the digest covers, as written."""
    covered: Plain = {"kind": subject.kind, "schema": subject.head.get("schema")}
    covered["material"] = material(subject.kind, subject.head)
    return covered | ({"attachments": dict(subject.attachments)} if subject.attachments else {})


def _decided(step: _Step, verdict: Verdict) -> ProvenGate:
    asked, before = verdict.question, step.subject.base
    if not asked.digest:
        raise CouldNotCheck(f"{asked.subject}: {'; '.join(asked.faults)}")
    replaced = None
    if asked.kind == WORKFLOWS_KIND and before is not None:
        before = {**before, "since": step.evaluator.roots.since()}
    if asked.replaces is not None and before is not None:
        replaced = {
            "kind": asked.kind, "schema": before.get("schema"), "material": material(asked.kind, before),
        }  # fmt: skip
    return ProvenGate(verdict, select(step.evaluator.base.all(Policy), asked).rules, replaced)


def _acts(evaluator: Evaluator, known: TreeSnapshot, subject: str) -> Iterator[tuple[str, str, Plain]]:
    """Returns every act on the subject as written: what base had, what the step brought, and what has landed since."""
    seen: set[str] = set()
    for where, snapshot in (("base", evaluator.base), ("step", evaluator.head), ("later", known)):
        for path, loaded in act_files(snapshot, subject):
            if loaded is not None and loaded.data is not None and path not in seen:
                seen.add(path)
                yield path, where, loaded.data


def _people(evaluator: Evaluator, known: TreeSnapshot, acts: Iterable[Plain]) -> Iterator[tuple[str, Plain]]:
    """Returns the people whom the acts name: their roles and rights on base, and their keys as the registry lists them
    now."""
    named = {act.get(role) for act in acts for role in ("by", "on_behalf_of", "witness")}
    for name in sorted(each for each in named if isinstance(each, str)):
        path = path_of("person", name)
        loaded = [snapshot.load(path) for snapshot in (evaluator.base, known)]
        then, now = ((each.data if each is not None else None) for each in loaded)
        member = evaluator.directory.members.get(name)
        if then is None and now is None:
            continue
        told: Plain = {"active": False, "human": False, "roles": []}
        if member is not None:
            told = {"active": member.active, "human": member.human, "roles": sorted(member.roles)}
        delegate = (then or {}).get("delegate")
        yield name, told | {"keys": (now or then or {}).get("keys", [])} | ({"delegate": delegate} if delegate else {})


def _teams(step: _Step) -> dict[str, Plain]:
    """Returns the teams that seats name, and the teams that are part of them, as base has them."""
    active = {team.id: team for team in step.evaluator.base.all(Team) if team.state == "active"}
    seats = [(filled.seat, verdict.question) for verdict in step.verdicts for filled in verdict.filled]
    wanted = {team for seat, _ in seats for team in seat.teams}
    wanted |= {asked.owner_team for seat, asked in seats if seat.owner_team and asked.owner_team}
    ahead = list(wanted)
    while ahead:
        name = ahead.pop()
        for child in (team.id for team in active.values() if name in team.parents and team.id not in wanted):
            wanted.add(child)
            ahead.append(child)
    return {
        name: {"members": list(active[name].members), "parents": list(active[name].parents)}
        for name in sorted(wanted & active.keys())
    }
