"""Shows a proof as one JSON document (schemas/proof.json), which docs/verify_approval.py reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.instants import write_utc

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.proof import Plain, Proof, ProvenGate
    from itsm_as_code.domain.approval.verdict import SeatStatus, Verdict

JSON_VERSION = 1


def as_json(proof: Proof) -> str:
    """Returns the document. What is unknown or does not apply is left out; nothing is null."""
    asked = proof.gates[0].verdict.question
    data = {
        "version": JSON_VERSION,
        "workspace": proof.workspace,
        "genesis": proof.genesis,
        "newest": proof.newest,
        "base": proof.base,
        **({"entered": proof.entered} if proof.entered is not None else {}),
        "judged_at": write_utc(proof.judged_at),
        "subject": asked.subject,
        "path": proof.path,
        "content": proof.content,
        "digest": asked.digest,
        "fields": dict(asked.fields),
        "acts": [{"path": path, "seen": seen, "record": record} for path, seen, record in proof.acts],
        "people": dict(proof.people),
        "teams": dict(proof.teams),
        "gates": [_gate(decided) for decided in proof.gates],
    }
    return json.dumps(data, indent=2, ensure_ascii=True)


def _gate(decided: ProvenGate) -> Plain:
    asked = decided.verdict.question
    rules = {
        name: rule.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
        for name, rule in decided.rules.items()
    }
    replaced = {"content": decided.replaced, "digest": asked.replaces}
    return {
        "gate": asked.gate,
        **({"replaces": replaced} if decided.replaced is not None else {}),
        **({"owner_team": asked.owner_team} if asked.owner_team is not None else {}),
        "barred": dict(asked.disqualified),
        "rules": rules,
        "verdict": _verdict(decided.verdict),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "status": verdict.status.value,
        "proposed_by": list(verdict.proposed_by),
        "seats": [_seat(each) for each in verdict.filled],
        "refused": [act.id for act in verdict.blocking],
        "ignored": [{"act": gone.act.id, "why": gone.why} for gone in verdict.discarded],
        "nobody_because": list(verdict.because),
        "rules_passed_over": [{"rule": passed.rule, "why": passed.why} for passed in verdict.skipped_rules],
        "held_back": list(verdict.question.held_back),
        "faults": list(verdict.faults),
    }


def _seat(filled: SeatStatus) -> dict[str, Any]:
    """Returns one place, counted from 0: who fills it, by which act and why, or who could fill it."""
    place: dict[str, Any] = {"rule": filled.place.rule, "seat": filled.place.seat, "number": filled.place.number}
    if filled.by is None:
        return place | {"could": list(filled.could)}
    return place | {"by": filled.by, "act": filled.act, "as": filled.why or ""}
