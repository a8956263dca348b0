"""Builds the question of a gate from a record in a step: its digest, its facts, and who may not decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.affected import affected_tiers
from itsm_as_code.domain.approval.authorship import IS_AUTHOR, names_in
from itsm_as_code.domain.approval.freezes import exception_faults, exception_rules
from itsm_as_code.domain.approval.gates import BEYOND, Gate, is_past, subject_of
from itsm_as_code.domain.approval.item import item_faults, item_rules
from itsm_as_code.domain.approval.question import AFTERWARDS, EDIT, EXCEPTION, POST_REVIEW, STATEMENTS, Question
from itsm_as_code.domain.approval.rules import STATE
from itsm_as_code.domain.approval.standard import model_faults
from itsm_as_code.domain.condition import RecordSubject
from itsm_as_code.domain.digest import NotCanonical, digest, field_hashes, reviewed
from itsm_as_code.domain.ids import ATTACHMENTS
from itsm_as_code.domain.kinds.policy import PolicyRule
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.domain.kinds.ticket import Ticket
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND, material_part, state_in
from itsm_as_code.domain.risk import assess

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.snapshot import Snapshot

ENDED = ("resolved", "fulfilled")
OWN_WORD = "people say this for themselves, and nobody has to agree"


@dataclass(frozen=True, slots=True)
class Subject:
    """A record in a step: its data on base and head as written, and head's parsed record (None if it has findings).
    `attachments` maps its files on head to their hashes; `files_changed` says that they differ from those of base."""

    kind: str
    id: str
    base: Mapping[str, Any] | None
    head: Mapping[str, Any]
    record: Record | None
    attachments: Mapping[str, str]
    files_changed: bool = False


def question(subject: Subject, gate: Gate, base: Snapshot, head: Snapshot) -> Question:
    """Returns the question of a gate. Digest and material fields come from head; everything else comes from base."""
    service = _service(subject.record, base)
    content = _content(subject, gate)
    facts = _facts(subject, base, head, _tier(subject, service, base), gate.rules_of or gate.name)
    return Question(
        workspace=base.settings.id,
        subject=subject_of(subject.kind, subject.id),
        kind=subject.kind,
        gate=gate.name,
        digest=content.digest,
        facts=facts,
        fields=content.fields,
        disqualified=dict(_disqualified(subject)),
        owner_team=_owner_team(subject, service),
        replaces=content.replaces,
        faults=(*content.faults, *_faults(subject, gate, facts, base, head)),
        own_rules=_own_rules(subject, gate, base),
        rules_of=gate.rules_of,
        reason_wanted=subject.kind == "change" and getattr(subject.record, "type", None) == "emergency",
        review_missing=_lacks_review(subject, gate),
    )


def facts_of(subject: Subject, base: Snapshot, head: Snapshot) -> Mapping[str, Any]:
    """Returns what conditions may read: the material fields of a subject, and values computed from base."""
    service = _service(subject.record, base)
    return _facts(subject, base, head, _tier(subject, service, base))


def _own_rules(subject: Subject, gate: Gate, base: Snapshot) -> Mapping[str, PolicyRule]:
    """Returns the rules of base for this subject alone: those of a request's item, or of a freeze."""
    record: Any = subject.record
    decides_on = gate.rules_of or gate.name
    if gate.name in STATEMENTS:
        return {f"statement/{gate.name}": PolicyRule(id=gate.name, seats="none", because=OWN_WORD)}
    if decides_on.startswith(EXCEPTION):
        return exception_rules(decides_on, base)
    return item_rules(record.item, base) if subject.kind == "request" and record is not None else {}


@dataclass(frozen=True, slots=True)
class _Content:
    """The digests of the content to decide on. Without a canonical form, the digest is empty and matches no act."""

    digest: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    replaces: str | None = None
    faults: tuple[str, ...] = ()


def _content(subject: Subject, gate: Gate) -> _Content:
    kind, attachments = subject.kind, subject.attachments
    replaced = gate.replaces if gate.name == EDIT else None
    review = reviewed(subject.head) if POST_REVIEW in (gate.name, gate.rules_of) else None
    try:
        return _Content(
            digest(kind, subject.head, attachments, review),
            field_hashes(kind, subject.head, attachments, review),
            digest(kind, replaced) if replaced is not None else None,
        )
    except NotCanonical as error:
        return _Content(faults=(f"the content has no canonical form: {error}",))


def content_digest(subject: Subject) -> str:
    """Returns the digest of the content by itself, without a review, or "" if it has none."""
    try:
        return digest(subject.kind, subject.head, subject.attachments)
    except NotCanonical:
        return ""


def _service(record: Record | None, base: Snapshot) -> Service | None:
    service = getattr(record, "service", None)
    return base.find(Service, service) if isinstance(service, str) else None


def _tier(subject: Subject, service: Service | None, base: Snapshot) -> int | None:
    """Returns the tier of the record's service on base. A service itself has two, on base and on head: the one that
    matters more counts, so that nobody chooses by an edit of `tier` who decides on it."""
    if not isinstance(subject.record, Service):
        return service.tier if service is not None else None
    before = base.find(Service, subject.id)
    if before is None:  # what can't be read on base is as critical as can be
        return 1 if base.exists("service", subject.id) else subject.record.tier
    return min(subject.record.tier, before.tier)


def _changes(subject: Subject, gate: str | None) -> set[str]:
    """Returns what a step changes, as rules may ask it. To enter the gate's state is a change too, and so is another
    file of an article: a rule for steps that change nothing but the title is for none of these."""
    kind, base = subject.kind, subject.base
    before, after = (material_part(kind, side) if side is not None else {} for side in (base, subject.head))
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    if gate in BEYOND.get(kind, {}) and (base is None or not is_past(kind, gate, state_in(kind, base))):
        changed.add(STATE)
    return changed | ({ATTACHMENTS} if subject.files_changed else set())


def _facts(
    subject: Subject, base: Snapshot, head: Snapshot, tier: int | None, gate: str | None = None
) -> Mapping[str, Any]:
    computed: dict[str, Any] = {
        "tier": tier,
        "risk_level": None,
        "incident_priority": None,
        "changes": tuple(sorted(_changes(subject, gate))),
        "before": state_in(subject.kind, subject.base) if subject.base is not None else None,
    }
    if subject.kind == "change" and subject.record is not None:
        change: Any = subject.record
        computed["risk_level"] = assess(change, tier, affected_tiers(change, base)).level.value
        computed["incident_priority"] = _priority_behind(change, base, head)
    if subject.record is None:
        return {**subject.head, **computed, "kind": subject.kind}
    return RecordSubject(subject.record, computed)


def _priority_behind(change: Any, base: Snapshot, head: Snapshot) -> str | None:
    """Returns the priority of the open incident or problem that a change names, on head or base, or None."""
    for kind, ref in (("incident", change.incident), ("problem", change.problem)):
        ticket = (head.get(kind, ref) or base.get(kind, ref)) if ref else None
        if isinstance(ticket, Ticket) and ticket.state not in (*LIFECYCLES[kind].final, *ENDED):
            priority = ticket.current("priority")
            if priority is not None:
                return str(priority.value)
    return None


def _missing_behind(change: Any, base: Snapshot, head: Snapshot) -> list[str]:
    """Returns the ids of the incident and problem that a change names but that are neither on base nor on head."""
    named = (("incident", change.incident), ("problem", change.problem))
    return [ref for kind, ref in named if ref and not head.exists(kind, ref) and not base.exists(kind, ref)]


def _disqualified(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yields the people who may fill a seat only if the rule lets authors approve, each with the reason.

    The last reason counts. A requester who is an author too comes last as a requester, which nobody can object to.
    """
    sides = (subject.base or {}, subject.head)
    for author in (name for side in sides for name in names_in(side)):
        yield author, IS_AUTHOR
    for requester in (side.get("requester") for side in sides):
        if isinstance(requester, str):
            yield requester, "asked for it"


def _owner_team(subject: Subject, service: Service | None) -> str | None:
    """Returns the team that owns the record's service on base. For a service, returns its own owner on base."""
    if subject.kind == "service":
        owner = (subject.base or {}).get("owner")
        return owner if isinstance(owner, str) else None
    return service.owner if service is not None else None


def _faults(subject: Subject, gate: Gate, facts: Mapping[str, Any], base: Snapshot, head: Snapshot) -> Iterator[str]:
    """Yields the reasons why the question has no certain answer."""
    if subject.kind in (SETTINGS_KIND, WORKFLOWS_KIND) or gate.name in STATEMENTS:
        return
    record: Any = subject.record
    if record is None:
        yield "the record has findings, so nobody can decide on it"
    elif _lacks_review(subject, gate):
        yield "there is no review to decide on yet: write `post_implementation_review`"
    elif gate.name.startswith(EXCEPTION):
        yield from exception_faults(record, gate.name, facts, base)
    elif subject.kind == "request":
        yield from item_faults(record.item, base)
    elif subject.kind == "change" and gate.name not in AFTERWARDS:
        yield from _change_faults(record, base, head, facts["tier"])


def _lacks_review(subject: Subject, gate: Gate) -> bool:
    record: Any = subject.record
    return gate.name == POST_REVIEW and record is not None and record.post_implementation_review is None


def _change_faults(change: Any, base: Snapshot, head: Snapshot, tier: int | None) -> Iterator[str]:
    if not base.exists("service", change.service):
        yield f"service {change.service} is not on base yet, so its tier is unknown: land the service first"
    if change.type == "emergency" and _priority_behind(change, base, head) is None:
        missing = _missing_behind(change, base, head)
        where = f": {' and '.join(missing)} is neither on base nor in the proposal" if missing else ""
        way = where or ": name one, or reopen what was resolved (itsm reopen) until the change has landed"
        yield f"an emergency change needs an open incident or problem with a priority{way}"
    if change.type == "standard":
        yield from model_faults(change, base, tier)
