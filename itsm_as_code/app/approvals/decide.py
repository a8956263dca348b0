"""`propose`, `approve`, `refuse`, `withdraw`: one signed act on exactly the content that was shown."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.hearing import Court
from itsm_as_code.app.approvals.signing_key import signing_key
from itsm_as_code.app.approvals.top import top_here
from itsm_as_code.app.approvals.workflows import WORKFLOWS
from itsm_as_code.app.lookup import find, load
from itsm_as_code.app.mend import order_of
from itsm_as_code.app.protected import base_tree
from itsm_as_code.app.workspace import Workspace
from itsm_as_code.app.write import Draft
from itsm_as_code.domain.approval.act import Act, Proof, statement
from itsm_as_code.domain.approval.answer import Verdict
from itsm_as_code.domain.approval.gates import Gate, first_gate, gate_named, subject_of
from itsm_as_code.domain.approval.inquiry import Subject
from itsm_as_code.domain.approval.rules import select
from itsm_as_code.domain.approval.standing import landing_fault, sift
from itsm_as_code.domain.approval.verdict import length
from itsm_as_code.domain.digest import NotCanonical, changed_fields
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.ids import approval_path, new_ticket_id
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.kinds.base import SCHEMA
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.evidence import ssh_keygen
from itsm_as_code.evidence.verification import Claim, fault
from itsm_as_code.store.emit import emit
from itsm_as_code.store.overlay import WrittenOver
from itsm_as_code.store.settings import settings_data
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain
    from itsm_as_code.domain.kinds.policy import PolicyRule

_DID = {decision: decision.value for decision in Decision} | {Decision.WITHDRAWN: "withdrew"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to decide."""

    ref: str
    decision: Decision
    gate: str | None = None
    comment: str | None = None
    on_behalf_of: str | None = None
    seat: str | None = None
    key: Path | None = None
    withdraws: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """What is being decided: the subject as it lies here, the gate, how it stands, and what changed since the last act
    (None: there was none). `mine` are the standing acts of the person decided for, `rules` those that apply."""

    subject: Subject
    gate: Gate
    verdict: Verdict
    court: Court
    path: str
    rules: Mapping[str, PolicyRule]
    stands_for: str | None
    mine: tuple[Act, ...]
    changed: tuple[str, ...] | None


def matter(workspace: Workspace, ref: str, gate: str | None, person: str | None, now: datetime) -> Matter:
    """The matter of a decision, on the files as they lie here and the rules of base."""
    court = court_here(workspace, now)
    path, subject = subject_here(court, ref)
    return matter_at(court, path, subject, _gate(court, subject, gate), person)


def court_here(workspace: Workspace, now: datetime, written: Mapping[str, bytes] | None = None) -> Court:
    """The court over the files as they lie here, with some `written` over them. Raises CouldNotCheck where there is no
    base."""
    base = base_tree(workspace)
    if base is None:
        raise CouldNotCheck("there is no commit yet to take the rules from", hint="commit the workspace first")
    here = TreeSnapshot(WrittenOver(workspace.tree(), written or {}), keep_data=True)
    known = TreeSnapshot(base, keep_data=True)
    return Court(known, here, now, top=top_here(workspace, base, known.settings))


def subject_here(court: Court, ref: str) -> tuple[str, Subject]:
    """The record meant, or as `workspace` itsm.yaml, as `workflows` the workflow files; with its path."""
    if ref == subject_of(SETTINGS_KIND, ""):
        base, head = (settings_data(snapshot.tree) or {} for snapshot in (court.base, court.head))
        return SETTINGS_PATH, court.subject(SETTINGS_KIND, SETTINGS_PATH, base, head)
    if ref == WORKFLOWS_KIND:
        base, head = court.workflows
        return WORKFLOWS, court.subject(WORKFLOWS_KIND, WORKFLOWS_KIND, base, head)
    kind, record_id = find(court.head, ref)
    path, loaded = load(court.head, kind, record_id)
    on_base = court.base.load(path)
    return path, court.subject(kind, record_id, on_base.data if on_base else None, loaded.data or {})


def matter_at(court: Court, path: str, subject: Subject, gate: Gate, person: str | None) -> Matter:
    """How a subject stands at a gate, and with the person for whom is decided."""
    verdict = court.verdict(subject, gate)
    asked = verdict.question
    policies: Any = court.base.records("policy")
    rules = select(policies, asked).rules
    acts = court.acts(asked.subject)
    standing = sift(acts, asked, tuple(rules.values()), court.registry, court.now, court.latest).standing
    mine = tuple(act for act in standing if act.stands_for == person)
    last = max(mine, key=lambda act: (act.at, act.id), default=None)
    changed = changed_fields(dict(last.fields), asked.fields) if last is not None else None
    return Matter(subject, gate, verdict, court, path, rules, person, mine, changed)


def to_propose(court: Court, path: str, subject: Subject, gate: str | None, person: str) -> tuple[Matter, ...]:
    """The matters of a proposal: at every gate that the record passes and that needs somebody, or at the named one.

    Where it passes none yet, the one that it would pass.
    """
    heard = list(court.hear(path, subject)) if gate is None else []
    if not heard:
        return (matter_at(court, path, subject, _gate(court, subject, gate), person),)
    names = [each.verdict.question.gate for each in heard if each.verdict.filled or not each.verdict.passes]
    gates = {each.name: each for each in court.gates(subject)}
    return tuple(matter_at(court, path, subject, gates[name], person) for name in names)


def _gate(court: Court, subject: Subject, named: str | None) -> Gate:
    """The gate meant: the named one, else the one that the record would pass, else its kind's first."""
    passed = {gate.name: gate for gate in court.own_gates(subject)}
    if named is None and len(passed) == 1:
        return next(iter(passed.values()))
    name = named or first_gate(subject.kind)
    if name is None:
        raise UsageFault(
            f"a {subject.kind} needs no decision", hint="changes, requests, articles and edits of rules do"
        )
    return passed.get(name) or gate_named(subject.kind, name, subject.base)


def proposal_of(matter: Matter) -> Act | None:
    """The standing proposal of exactly this content by the person decided for, or None."""
    asked = matter.verdict.question
    fitting = (a for a in matter.mine if a.decision is Decision.PROPOSED and a.digest == asked.digest)
    return next((act for act in fitting if act.replaces == asked.replaces), None)


def decision_of(matter: Matter, wish: Wish, person: str) -> Act | None:
    """The standing decision by which `person` has signed all of the wish on exactly this content, or None: then a new
    one would say more, or hold for longer."""
    if wish.withdraws or wish.decision not in (Decision.APPROVED, Decision.REFUSED):
        return None
    stand, asked = superseded(matter, wish), matter.verdict.question
    act = next((act for act in matter.mine if stand == (act.id,)), None)
    if act is None or act.proof is not Proof.SIGNED or has_expired(matter, act):
        return None
    same = (act.decision, act.digest, act.replaces) == (wish.decision, asked.digest, asked.replaces)
    whose = (act.by, act.on_behalf_of, act.seat) == (person, wish.on_behalf_of, wish.seat)
    return act if same and whose and wish.comment in (None, act.comment) else None


def has_expired(matter: Matter, act: Act) -> bool:
    """Whether an act has expired by one of the rules that apply."""
    limits = (rule.expires_after for rule in matter.rules.values())
    return any(limit is not None and matter.court.now - act.at >= length(limit) for limit in limits)


def act_draft(matter: Matter, wish: Wish, person: str, home: Path, now: datetime) -> Draft:
    """The signed approval record as a new file. Raises UsageFault where it could not land or would not verify."""
    asked = matter.verdict.question
    data = _data(matter, wish, person, now)
    signer: Any = matter.court.base.get("person", person)
    if signer is None:
        raise UsageFault(f"{person} is nobody on the protected branch", hint="let your person record land first")
    _require_it_may_land(matter, wish, person, now)
    try:
        words = statement(data)
    except NotCanonical as error:
        raise UsageFault(f"this can't be signed: {error}") from error
    with signing_key(signer, wish.key, home, now) as key:
        data["signature"] = ssh_keygen.sign(words, key)
    wrong = fault(Claim(data, signer), now)
    if wrong is not None:
        raise UsageFault(f"the act would count for nothing: {wrong}", hint="--key takes one of your registered keys")
    path = approval_path(asked.subject, str(data["id"]))
    told = f"{person} {_DID[wish.decision]} {asked.subject} at gate {asked.gate} ({data['id']})"
    return Draft(path, None, emit(data, order_of(path)), told)


def _require_it_may_land(matter: Matter, wish: Wish, person: str, now: datetime) -> None:
    asked = matter.verdict.question
    act = Act(
        id="", workspace=asked.workspace, subject=asked.subject, gate=asked.gate, digest=asked.digest,
        decision=wish.decision, by=person, at=now, on_behalf_of=wish.on_behalf_of,
    )  # fmt: skip
    wrong = landing_fault(act, asked.workspace, matter.court.registry, now)
    if wrong is not None:
        raise UsageFault(f"the act would not land: {wrong}")


def _data(matter: Matter, wish: Wish, person: str, now: datetime) -> dict[str, Plain]:
    asked = matter.verdict.question
    optional: dict[str, Plain | None] = {
        "replaces": asked.replaces,
        "on_behalf_of": wish.on_behalf_of,
        "seat": wish.seat,
        "comment": wish.comment,
        "supersedes": list(superseded(matter, wish)) or None,
    }
    data: dict[str, Plain] = {
        "id": new_ticket_id("approval", now, secrets.randbits),
        "kind": "approval",
        "schema": SCHEMA,
        "workspace": asked.workspace,
        "subject": asked.subject,
        "gate": asked.gate,
        "digest": asked.digest,
        "fields": dict(asked.fields),
        "decision": wish.decision.value,
        "by": person,
        "at": write_instant(now),
    }
    return data | {key: value for key, value in optional.items() if value is not None}


def superseded(matter: Matter, wish: Wish) -> tuple[str, ...]:
    """The acts that a new one takes the place of: the person's own that stand, or the refusals named to be taken back.

    A proposal and a decision of one person do not take each other's place: they are two things said, and whoever
    proposed fills no seat.
    """
    if wish.withdraws:
        return tuple(sorted(set(wish.withdraws)))
    proposing = wish.decision is Decision.PROPOSED
    return tuple(sorted(act.id for act in matter.mine if (act.decision is Decision.PROPOSED) is proposing))


def also_waiting(matter: Matter) -> tuple[str, ...]:
    """Other gates that the subject passes, at which a seat is empty that the person decided for could fill."""
    verdicts = (heard.verdict for heard in matter.court.hear(matter.path, matter.subject))
    open_to = (v for v in verdicts if any(matter.stands_for in each.could for each in v.filled))
    return tuple(v.question.gate for v in open_to if v.question.gate != matter.gate.name)


def not_landed(court: Court, subject: str) -> Iterator[Draft]:
    """Sound acts on a subject that lie here and not on base. An act's signature is its credential, so whoever pushes
    takes them along."""
    for act in court.acts(subject):
        path = approval_path(subject, act.id)
        sound = landing_fault(act, court.base.settings.id, court.registry, court.now) is None
        if sound and court.base.tree.entry(path) is None:
            data = court.head.tree.read(path)
            yield Draft(path, data, data, f"{act.id} of {act.by} goes along")
