"""`propose`, `approve`, `refuse`, `withdraw`: one signed act on exactly the content that was shown."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.hearing import WORKFLOWS, Court, workflow_files
from itsm_as_code.app.lookup import find, load
from itsm_as_code.app.mend import order_of
from itsm_as_code.app.signing_key import signing_key
from itsm_as_code.app.workspace import Workspace
from itsm_as_code.app.write import Draft, base_tree, verified
from itsm_as_code.domain.approval.act import Act, statement
from itsm_as_code.domain.approval.answer import Verdict
from itsm_as_code.domain.approval.gates import EDITED, Gate, gates_of, subject_of
from itsm_as_code.domain.approval.inquiry import Subject
from itsm_as_code.domain.approval.question import EDIT
from itsm_as_code.domain.digest import changed_fields
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.ids import approval_path, new_ticket_id
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.kinds.base import SCHEMA
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.evidence import ssh_keygen
from itsm_as_code.store.emit import emit
from itsm_as_code.store.settings import settings_data
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain

FIRST_GATE = {"change": "scheduled", "request": "in_progress", "article": "published"}


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
    """What is being decided: the subject as it lies here, the gate, how it stands, and what changed since the
    person's last act (None: there was none)."""

    subject: Subject
    gate: Gate
    verdict: Verdict
    court: Court
    path: str
    earlier: tuple[Act, ...]
    changed: tuple[str, ...] | None


def matter(workspace: Workspace, ref: str, gate: str | None, person: str | None, now: datetime) -> Matter:
    """The matter of a decision, on the files as they lie here and the rules of base."""
    base = base_tree(workspace)
    if base is None:
        raise CouldNotCheck("there is no commit yet to take the rules from", hint="commit the workspace first")
    court = Court(TreeSnapshot(base, keep_data=True), TreeSnapshot(workspace.tree(), keep_data=True), now)
    path, subject = _subject(court, ref)
    chosen = _gate(subject, gate)
    verdict = court.verdict(subject, chosen)
    acts = court.acts(verdict.question.subject)
    earlier = tuple(a for a in acts if a.stands_for == person and a.gate == chosen.name and a.fault is None)
    last = max(earlier, key=lambda act: act.at, default=None)
    changed = changed_fields(dict(last.fields), verdict.question.fields) if last is not None else None
    return Matter(subject, chosen, verdict, court, path, earlier, changed)


def _subject(court: Court, ref: str) -> tuple[str, Subject]:
    """The record meant, or as `workspace` itsm.yaml, as `workflows` the workflow files; with its path."""
    if ref == subject_of(SETTINGS_KIND, ""):
        base, head = (settings_data(snapshot.tree) or {} for snapshot in (court.base, court.head))
        return SETTINGS_PATH, court.subject(SETTINGS_KIND, SETTINGS_PATH, base, head)
    if ref == WORKFLOWS_KIND:
        base, head = (workflow_files(snapshot.tree) for snapshot in (court.base, court.head))
        return WORKFLOWS, court.subject(WORKFLOWS_KIND, WORKFLOWS_KIND, base, head)
    kind, record_id = find(court.head, ref)
    path, loaded = load(court.head, kind, record_id)
    on_base = court.base.load(path)
    return path, court.subject(kind, record_id, on_base.data if on_base else None, loaded.data or {})


def _gate(subject: Subject, named: str | None) -> Gate:
    """The gate meant: the named one, else the one that the record would pass, else its kind's first."""
    passed = {gate.name: gate for gate in gates_of(subject.kind, subject.base, subject.head)}
    if named is not None:
        return passed.get(named) or Gate(named, subject.base if named == EDIT else None)
    if len(passed) == 1:
        return next(iter(passed.values()))
    name = FIRST_GATE.get(subject.kind) or (EDIT if subject.kind in EDITED else None)
    if name is None:
        raise UsageFault(
            f"a {subject.kind} needs no decision", hint="changes, requests, articles and edits of rules do"
        )
    return passed.get(name) or Gate(name, subject.base if name == EDIT else None)


def require_sound(matter: Matter, wish: Wish) -> None:
    """Raises Blocked where an approval is wanted of a record that has errors: nobody should sign what can't land."""
    if wish.decision is Decision.APPROVED and matter.path != WORKFLOWS:
        data = matter.court.head.tree.read(matter.path)
        verified(matter.court.head.tree, (Draft(matter.path, data, data, ""),), matter.court.now)


def act_draft(matter: Matter, wish: Wish, person: str, home: Path, now: datetime) -> Draft:
    """The signed approval record as a new file."""
    asked = matter.verdict.question
    data = _data(matter, wish, person, now)
    signer: Any = matter.court.base.get("person", person)
    if signer is None:
        raise UsageFault(f"{person} is nobody on the protected branch", hint="let your person record land first")
    with signing_key(signer, wish.key, home) as key:
        data["signature"] = ssh_keygen.sign(statement(data), key)
    path = approval_path(asked.subject, str(data["id"]))
    words = f"{person} {wish.decision.value} {asked.subject} at gate {asked.gate} ({data['id']})"
    return Draft(path, None, emit(data, order_of(path)), words)


def _data(matter: Matter, wish: Wish, person: str, now: datetime) -> dict[str, Plain]:
    asked = matter.verdict.question
    optional: dict[str, Plain | None] = {
        "replaces": asked.replaces,
        "on_behalf_of": wish.on_behalf_of,
        "seat": wish.seat,
        "comment": wish.comment,
        "supersedes": _superseded(matter, wish) or None,
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


def _superseded(matter: Matter, wish: Wish) -> list[Plain]:
    """The maker's own earlier acts on the subject, and the refusals of others that a named role withdraws.

    A proposal and an approval of one person do not take each other's place: they are two things said.
    """
    proposing = wish.decision is Decision.PROPOSED
    own = [act for act in matter.earlier if (act.decision is Decision.PROPOSED) is proposing]
    gone = {ref for act in matter.earlier for ref in act.supersedes}
    return sorted({*(act.id for act in own if act.id not in gone), *wish.withdraws})  # type: ignore[return-value]


def awaiting(court: Court, person: str, subjects: Sequence[tuple[str, Subject]]) -> list[tuple[str, Verdict]]:
    """Path and verdict of subjects on which a seat is empty that this person could fill."""
    found = []
    for path, subject in subjects:
        for heard in court.hear(path, subject):
            if any(person in each.could for each in heard.verdict.filled):
                found.append((path, heard.verdict))
    return found
