"""From a record in a step to the question that its gate asks: digest, facts, people who may not decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.affected import affected_tiers
from itsm_as_code.domain.approval.freezes import exception_faults, exception_rules
from itsm_as_code.domain.approval.gates import Gate, subject_of
from itsm_as_code.domain.approval.item import item_faults, item_rules
from itsm_as_code.domain.approval.question import AFTERWARDS, EDIT, EXCEPTION, POST_REVIEW, Question
from itsm_as_code.domain.approval.standard import model_faults
from itsm_as_code.domain.condition import RecordSubject
from itsm_as_code.domain.digest import NotCanonical, digest, field_hashes, reviewed
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND, material_part, state_in
from itsm_as_code.domain.risk import assess

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.kinds.policy import PolicyRule
    from itsm_as_code.domain.snapshot import Snapshot

ENDED = ("resolved", "fulfilled")


@dataclass(frozen=True, slots=True)
class Subject:
    """A record on both sides of a step: as written, and head's as understood."""

    kind: str
    id: str
    base: Mapping[str, Any] | None
    head: Mapping[str, Any]
    record: Record | None
    attachments: Mapping[str, str]


def question(subject: Subject, gate: Gate, base: Snapshot, head: Snapshot) -> Question:
    """What the gate asks. Only the digest and the material fields come from head, all else from base."""
    service: Any = _service(subject.record, base)
    tier = service.tier if service is not None else None
    content = _content(subject, gate)
    facts = _facts(subject, base, head, tier)
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
    )


def facts_of(subject: Subject, base: Snapshot, head: Snapshot) -> Mapping[str, Any]:
    """What conditions may read of a subject: its material fields, and values computed from base."""
    service = _service(subject.record, base)
    return _facts(subject, base, head, service.tier if service is not None else None)


def _own_rules(subject: Subject, gate: Gate, base: Snapshot) -> Mapping[str, PolicyRule]:
    """The rules that base has for just this subject: of the request's item, of the freeze over the change."""
    record: Any = subject.record
    decides_on = gate.rules_of or gate.name
    if decides_on.startswith(EXCEPTION):
        return exception_rules(decides_on, base)
    return item_rules(record.item, base) if subject.kind == "request" and record is not None else {}


@dataclass(frozen=True, slots=True)
class _Content:
    """What is decided on, in digests. Content that has none matches no act: its digest is empty."""

    digest: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    replaces: str | None = None
    faults: tuple[str, ...] = ()


def _content(subject: Subject, gate: Gate) -> _Content:
    kind, attachments = subject.kind, subject.attachments
    replaced = gate.replaces if gate.name == EDIT else None
    review = reviewed(subject.head) if gate.name == POST_REVIEW else None
    try:
        return _Content(
            digest(kind, subject.head, attachments, review),
            field_hashes(kind, subject.head, attachments, review),
            digest(kind, replaced) if replaced is not None else None,
        )
    except NotCanonical as error:
        return _Content(faults=(f"the content has no canonical form: {error}",))


def _service(record: Any, base: Snapshot) -> Any:
    service = getattr(record, "service", None)
    return base.get("service", service) if isinstance(service, str) else None


def _facts(subject: Subject, base: Snapshot, head: Snapshot, tier: int | None) -> Mapping[str, Any]:
    before = material_part(subject.kind, subject.base) if subject.base is not None else {}
    after = material_part(subject.kind, subject.head)
    changes = tuple(sorted(key for key in {*before, *after} if before.get(key) != after.get(key)))
    computed: dict[str, Any] = {
        "tier": tier,
        "risk_level": None,
        "incident_priority": None,
        "changes": changes,
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
    """The priority of the open incident or problem behind a change, in base or head; None where there is none."""
    for kind, ref in (("incident", change.incident), ("problem", change.problem)):
        ticket: Any = ref and (head.get(kind, ref) or base.get(kind, ref))
        if ticket is not None and ticket.state not in (*LIFECYCLES[kind].final, *ENDED):
            priority = ticket.current("priority")
            if priority is not None:
                return str(priority.value)
    return None


def _missing_behind(change: Any, base: Snapshot, head: Snapshot) -> list[str]:
    """The incident and the problem that a change names and that are nowhere to be found."""
    named = (("incident", change.incident), ("problem", change.problem))
    return [ref for kind, ref in named if ref and not head.exists(kind, ref) and not base.exists(kind, ref)]


def _disqualified(subject: Subject) -> Iterator[tuple[str, str]]:
    """People who may fill no seat unless the rule says so, with the reason."""
    for side in (subject.base or {}, subject.head):
        requester = side.get("requester")
        if isinstance(requester, str):
            yield requester, "asked for it"
        authors = side.get("authors")
        for author in authors if isinstance(authors, list) else ():
            if isinstance(author, str):
                yield author, "is one of its authors"


def _owner_team(subject: Subject, service: Any) -> str | None:
    """The team that answers for the service at base; for a service itself its owner on base."""
    if subject.kind == "service":
        owner = (subject.base or {}).get("owner")
        return owner if isinstance(owner, str) else None
    return service.owner if service is not None else None


def _faults(subject: Subject, gate: Gate, facts: Mapping[str, Any], base: Snapshot, head: Snapshot) -> Iterator[str]:
    """What keeps the question from having a sure answer."""
    if subject.kind in (SETTINGS_KIND, WORKFLOWS_KIND):
        return
    record: Any = subject.record
    if record is None:
        yield "the record has findings, so it can't be judged"
    elif gate.name == POST_REVIEW and record.post_implementation_review is None:
        yield "there is no review to decide on yet: write `post_implementation_review`"
    elif gate.name.startswith(EXCEPTION):
        yield from exception_faults(record, gate.name, facts, base)
    elif subject.kind == "request":
        yield from item_faults(record.item, base)
    elif subject.kind == "change" and gate.name not in AFTERWARDS:
        yield from _change_faults(record, base, head, facts["tier"])


def _change_faults(change: Any, base: Snapshot, head: Snapshot, tier: int | None) -> Iterator[str]:
    if not base.exists("service", change.service):
        yield f"service {change.service} is not on base yet, so it has no tier to trust: let it land first"
    if change.type == "emergency" and _priority_behind(change, base, head) is None:
        missing = _missing_behind(change, base, head)
        where = f": {' and '.join(missing)} is neither on base nor in the proposal" if missing else ""
        yield f"an emergency change needs an open incident or problem with a priority{where}"
    if change.type == "standard":
        yield from model_faults(change, base, tier)
