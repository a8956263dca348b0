"""Makes an act as a signed file, and finds acts here that have not landed yet."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from itsm_as_code.app.deciding.request import seat_in_full, superseded
from itsm_as_code.app.deciding.signing_key import signing_key
from itsm_as_code.app.writing.draft import Draft
from itsm_as_code.domain.approval.act import Act, statement
from itsm_as_code.domain.approval.active_acts import landing_fault
from itsm_as_code.domain.digest import NotCanonical
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.ids import approval_path, new_ticket_id
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.kinds.base import SCHEMA
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.shape import key_order_at
from itsm_as_code.evidence import ssh_keygen
from itsm_as_code.evidence.verification import Claim, fault
from itsm_as_code.store.emit import emit

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decision_context import DecisionContext
    from itsm_as_code.app.approvals.evaluator import Evaluator
    from itsm_as_code.app.deciding.request import DecisionRequest
    from itsm_as_code.domain.edit import Plain

_DID = {decision: decision.value for decision in Decision} | {Decision.WITHDRAWN: "withdrew"}


def act_draft(context: DecisionContext, request: DecisionRequest, person: str, home: Path, now: datetime) -> Draft:
    """Returns the signed approval record as a new file. Raises UsageFault if it could not land or would not verify."""
    asked = context.verdict.question
    data = _data(context, request, person, now)
    signer = context.evaluator.base.find(Person, person)
    if signer is None:
        raise UsageFault(f"{person} is not on the protected branch", hint="your record as a person must land first")
    _require_it_may_land(context, request, person, now)
    try:
        words = statement(data)
    except NotCanonical as error:
        raise UsageFault(f"this can't be signed: {error}") from error
    with signing_key(signer, request.key, home, now) as key:
        data["signature"] = ssh_keygen.sign(words, key)
    _require_it_verifies(context, data, person, now)
    path = approval_path(asked.subject, str(data["id"]))
    told = f"{person} {_DID[request.decision]} {asked.subject} at gate {asked.gate} ({data['id']})"
    return Draft(path, None, emit(data, key_order_at(path)), told)


def _require_it_verifies(context: DecisionContext, data: Mapping[str, Plain], person: str, now: datetime) -> None:
    """Raises UsageFault for a signature that would not count by base, or by no base from before a step that is
    ratified."""
    before = (context.ratifies.base, context.ratifies.before) if context.ratifies is not None else ()
    wrong, *earlier = (fault(Claim(data, base.find(Person, person)), now) for base in (context.evaluator.base, *before))
    if wrong is not None:
        raise UsageFault(f"the act would not count: {wrong}", hint="--key takes one of your registered keys")
    if earlier and None not in earlier:
        raise UsageFault(
            f"the act would not count before the step that it ratifies: {earlier[0]}",
            hint="--key takes one of your keys that was registered then",
        )


def _require_it_may_land(context: DecisionContext, request: DecisionRequest, person: str, now: datetime) -> None:
    asked = context.verdict.question
    act = Act(
        id="", workspace=asked.workspace, subject=asked.subject, gate=asked.gate, digest=asked.digest,
        decision=request.decision, by=person, at=now, on_behalf_of=request.on_behalf_of,
    )  # fmt: skip
    wrong = landing_fault(act, asked.workspace, context.evaluator.directory, now)
    if wrong is not None:
        raise UsageFault(f"the act would not land: {wrong}")


def _data(context: DecisionContext, request: DecisionRequest, person: str, now: datetime) -> dict[str, Plain]:
    asked = context.verdict.question
    optional: dict[str, Plain | None] = {
        "replaces": asked.replaces,
        "on_behalf_of": request.on_behalf_of,
        "seat": seat_in_full(context, request),
        "comment": request.comment,
        "supersedes": list(superseded(context, request)) or None,
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
        "decision": request.decision.value,
        "by": person,
        "at": write_instant(now),
    }
    return data | {key: value for key, value in optional.items() if value is not None}


def not_landed(evaluator: Evaluator, subject: str) -> Iterator[Draft]:
    """Returns valid acts on a subject that are here and not on base. An act is proved by its signature, so anybody
    who pushes can include it."""
    for act in evaluator.acts(subject):
        path = approval_path(subject, act.id)
        sound = landing_fault(act, evaluator.base.settings.id, evaluator.directory, evaluator.now) is None
        if sound and evaluator.base.tree.entry(path) is None:
            data = evaluator.head.tree.read(path)
            yield Draft(path, data, data, f"{act.id} of {act.by} is included")
