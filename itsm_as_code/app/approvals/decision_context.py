"""The context of a decision: a subject at a gate, its verdict there, and the person's earlier decisions on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.guarded_files import WORKFLOWS
from itsm_as_code.app.records.lookup import find, load
from itsm_as_code.domain.approval.active_acts import sift
from itsm_as_code.domain.approval.gates import Gate, first_gate, gate_named, names_of_gates, subject_of
from itsm_as_code.domain.approval.question import AUTHORS, EXCEPTION, VERIFIED
from itsm_as_code.domain.approval.rules import select
from itsm_as_code.domain.digest import changed_fields
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.finding import cut
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.kinds.article import Article
from itsm_as_code.domain.kinds.policy import Policy
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND, counts_revisions
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.domain.suggest import did_you_mean

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.evaluator import Evaluator
    from itsm_as_code.app.approvals.ratification import Ratifiable
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.inquiry import Subject
    from itsm_as_code.domain.approval.verdict import Verdict
    from itsm_as_code.domain.kinds.policy import PolicyRule


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """The context of a decision: the subject as head has it, the gate, the verdict, and what changed since the last act
    (None if there was none). `mine` are the active acts of the person for whom is decided; `rules` are those that
    apply; `involved` are the people who have a part in the matter. `ratifies` is what went past the check, if the
    decision is about that."""

    subject: Subject
    gate: Gate
    verdict: Verdict
    evaluator: Evaluator
    path: str
    rules: Mapping[str, PolicyRule]
    stands_for: str | None
    mine: tuple[Act, ...]
    changed: tuple[str, ...] | None
    involved: frozenset[str]
    ratifies: Ratifiable | None = None


def context_for(evaluator: Evaluator, ref: str, gate: str | None, person: str | None) -> DecisionContext:
    """Returns the context of a decision on the record that `ref` means, at the gate named or, without one, at its next
    gate."""
    path, subject = subject_meant(evaluator, ref)
    return context_at(evaluator, path, subject, gate_meant(evaluator, subject, gate), person)


def subject_meant(evaluator: Evaluator, ref: str) -> tuple[str, Subject]:
    """Returns the subject that `ref` means, with its path: a record, itsm.yaml (`workspace`), or the workflow files
    (`workflows`)."""
    if ref == subject_of(SETTINGS_KIND, ""):
        base, head = (snapshot.settings_data or {} for snapshot in (evaluator.base, evaluator.head))
        return SETTINGS_PATH, evaluator.subject(SETTINGS_KIND, SETTINGS_PATH, base, head)
    if ref == WORKFLOWS_KIND:
        base, head = evaluator.workflows
        return WORKFLOWS, evaluator.subject(WORKFLOWS_KIND, WORKFLOWS_KIND, base, head)
    kind, record_id = find(evaluator.head, ref)
    path, loaded = load(evaluator.head, kind, record_id)
    on_base = evaluator.base.load(path)
    return path, evaluator.subject(kind, record_id, on_base.data if on_base else None, loaded.data or {})


def context_at(evaluator: Evaluator, path: str, subject: Subject, gate: Gate, person: str | None) -> DecisionContext:
    """Returns the context of a subject at a gate, for the person for whom is decided."""
    verdict = evaluator.verdict(subject, gate)
    asked = verdict.question
    rules = select(evaluator.base.all(Policy), asked).rules
    acts = evaluator.acts(asked.subject)
    sifted = sift(acts, asked, tuple(rules.values()), evaluator.directory, evaluator.now, evaluator.latest)
    mine = tuple(act for act in sifted.active if act.stands_for == person)
    last = max(mine, key=lambda act: (act.at, act.id), default=None)
    changed = changed_fields(dict(last.fields), asked.fields) if last is not None else None
    return DecisionContext(subject, gate, verdict, evaluator, path, rules, person, mine, changed, sifted.involved)


def contexts_to_propose(
    evaluator: Evaluator, path: str, subject: Subject, gate: str | None, person: str
) -> tuple[DecisionContext, ...]:
    """Returns the contexts of a proposal: at every gate that the record passes and that needs somebody, or at the named
    one.

    If the record passes no gate yet, the context is that of the gate which it would pass.
    """
    results = [each for each in evaluator.evaluate_gates(path, subject) if each.passes] if gate is None else []
    if not results:
        return (context_at(evaluator, path, subject, gate_meant(evaluator, subject, gate), person),)
    asked = (each.verdict for each in results if each.verdict.filled or not each.verdict.is_open)
    names = [verdict.question.gate for verdict in asked if verdict.question.needs_proposal]
    gates = {each.name: each for each in evaluator.gates(subject)}
    return tuple(context_at(evaluator, path, subject, gates[name], person) for name in names)


def gate_meant(evaluator: Evaluator, subject: Subject, named: str | None) -> Gate:
    """Returns the gate that is meant: the named one, or the one that the record would pass, or the first of its kind.

    Raises UsageFault if the kind needs no decision, or if there is no gate of that name.
    """
    passed = {gate.name: gate for gate in evaluator.own_gates(subject)}
    if named is None and len(passed) == 1:
        return next(iter(passed.values()))
    name = named if named is not None else first_gate(subject.kind)
    if name is None:
        raise UsageFault(
            f"{subject.kind} {subject.id} needs no decision", hint="changes, requests, articles and edits of rules do"
        )
    if name not in passed:
        _require_gate(evaluator, subject, name)
    return passed.get(name) or gate_named(subject.kind, name, subject.base)


def _require_gate(evaluator: Evaluator, subject: Subject, name: str) -> None:
    """Raises UsageFault if nobody ever decides at a gate of this name on such a record."""
    if (name == AUTHORS and counts_revisions(subject.kind)) or (name == VERIFIED and subject.kind == Article.KIND):
        return
    known = list(names_of_gates(subject.kind))
    if subject.kind == "change":
        snapshots = (evaluator.base, evaluator.head)
        freezes: set[str] = {freeze.id for snapshot in snapshots for freeze in snapshot.records("freeze")}
        known += [EXCEPTION + freeze_id for freeze_id in sorted(freezes)]
    if name not in known:
        hint = did_you_mean(name, known) or f"its gates are {', '.join(known)}"
        raise UsageFault(f"{subject_of(subject.kind, subject.id)} has no gate `{cut(name)}`", hint=hint)


def proposal_of(context: DecisionContext) -> Act | None:
    """Returns the active proposal of exactly this content by the person for whom is decided, or None."""
    asked = context.verdict.question
    fitting = (a for a in context.mine if a.decision is Decision.PROPOSED and a.digest == asked.digest)
    return next((act for act in fitting if act.replaces == asked.replaces), None)


def has_expired(context: DecisionContext, act: Act) -> bool:
    """Whether an act has expired by one of the rules that apply."""
    limits = (rule.expires_after for rule in context.rules.values())
    return any(limit is not None and context.evaluator.now - act.at >= limit.as_timedelta() for limit in limits)


def also_waiting(context: DecisionContext) -> tuple[str, ...]:
    """Returns other gates that the subject passes, where the person for whom is decided could fill an empty seat."""
    verdicts = (result.verdict for result in context.evaluator.evaluate_gates(context.path, context.subject))
    open_to = (v for v in verdicts if any(context.stands_for in each.could for each in v.filled))
    return tuple(v.question.gate for v in open_to if v.question.gate != context.gate.name)
