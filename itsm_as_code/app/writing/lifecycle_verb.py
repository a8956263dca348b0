"""The lifecycle verbs: each takes a record one step along its table, with what the new state demands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from itsm_as_code.app.records.lookup import find, load
from itsm_as_code.app.writing.draft import Draft, Intent
from itsm_as_code.app.writing.set_fields import parted
from itsm_as_code.app.writing.timeline_entry import appended, entry, with_priority
from itsm_as_code.domain.approval.gates import BEYOND
from itsm_as_code.domain.assignment import assignment
from itsm_as_code.domain.edit import Edit, Plain, SetValue
from itsm_as_code.domain.errors import Refused, UsageFault
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.lifecycle import LIFECYCLES, Transition, kinds_of_verb
from itsm_as_code.domain.shape import key_order_at
from itsm_as_code.domain.wording import with_article
from itsm_as_code.store.editor import apply
from itsm_as_code.store.known import Loaded
from itsm_as_code.store.snapshot import TreeSnapshot

ENDS = {"incident": "resolution", "problem": "resolution", "request": "fulfilment", "change": "outcome"}
"""Kind to the map that says how a record of it ended."""
_SUMMARY = {"change": "notes"}
_WITHOUT_CODE = ("request",)
_USUAL_CODE = {"resolve": "fixed", "accept-risk": "risk_accepted"}


@dataclass(frozen=True, slots=True)
class VerbRequest:
    """A verb, the records that it is for, and its other words."""

    verb: str
    refs: tuple[str, ...]
    reason: str | None = None
    code: str | None = None
    summary: str | None = None
    note: str | None = None
    public: str | None = None
    words: tuple[str, ...] = field(default=())


def transition(step: VerbRequest, by: str, now: datetime, when: datetime | None) -> Intent:
    """Applies the verb to every record. Raises Refused if the record's state has no such step."""

    def intent(snapshot: TreeSnapshot) -> tuple[Draft, ...]:
        return tuple(_draft(snapshot, step, *find(snapshot, ref), by, now, when) for ref in step.refs)

    return intent


def may_pass_a_gate(snapshot: TreeSnapshot, step: VerbRequest) -> bool:
    """Whether people may have to decide on one of the records. It looks nothing up if no kind of the verb has gates."""
    if not set(kinds_of_verb(step.verb)) & set(BEYOND):
        return False
    try:
        return any(find(snapshot, ref)[0] in BEYOND for ref in step.refs)
    except UsageFault:
        return False  # the step itself will report it


def _draft(
    snapshot: TreeSnapshot, step: VerbRequest, kind: str, record_id: str, by: str, now: datetime, when: datetime | None
) -> Draft:
    path, loaded = load(snapshot, kind, record_id)
    way = _way(step.verb, kind, loaded.record)
    words = f"{record_id} is {way.target}"
    set_too, others = parted(step.words, loaded)
    edits = [*_ending(step, kind, way), *others]
    if not LIFECYCLES[kind].in_timeline:
        _refuse_entry_words(step, kind)
        before = snapshot.tree.read(path)
        edits.append(SetValue(("state",), way.target))
        return Draft(path, before, apply(before, edits, order=key_order_at(path)), words)
    _meet_demands(step, way, loaded)
    if kind != "change":
        set_too = with_priority(set_too, loaded.record, snapshot.settings)
    fields: dict[str, Plain] = {"state": way.target} | set_too
    fields |= {k: v for k, v in (("reason", step.reason), ("note", step.note), ("public", step.public)) if v}
    return appended(snapshot.tree, path, loaded, entry(path, by, now, when, fields), words, *edits)


def _way(verb: str, kind: str, record: Any) -> Transition:
    table = LIFECYCLES.get(kind)
    if table is None:
        raise UsageFault(f"{kind} records never change")
    way = table.by_verb(verb, record.state)
    if way is not None:
        return way
    ways = ", ".join(f"itsm {step.verb} ({step.target})" for step in table.from_state(record.state))
    if verb not in table.verbs():
        raise UsageFault(f"{with_article(kind)} has no `{verb}`", hint=f"from {record.state}: {ways}" if ways else None)
    raise Refused(
        f"{record.id} is {record.state}, and `{verb}` is no step from there",
        hint=f"from {record.state}: {ways}" if ways else f"{record.state} is final; itsm new {kind} makes another one",
    )


def _ending(step: VerbRequest, kind: str, way: Transition) -> list[Edit]:
    """Returns the edits for `--code` and `--summary`, in the map where this kind says how it ended."""
    key = ENDS.get(kind)
    if step.code is None and step.summary is None:
        return []
    if key is None:
        raise UsageFault(f"{with_article(kind)} takes no --code and no --summary")
    edits: list[Edit] = []
    code = step.code or _USUAL_CODE.get(step.verb)
    if kind in _WITHOUT_CODE and step.code is not None:
        raise UsageFault(f"{with_article(kind)} takes no --code")
    if code is not None and kind not in _WITHOUT_CODE:
        edits.append(SetValue((key, "code"), assignment(KINDS[kind].model, f"{key}.code", code, adds=False).value))
    if step.summary is not None:
        edits.append(SetValue((key, _SUMMARY.get(kind, "summary")), step.summary))
    return edits


def _meet_demands(step: VerbRequest, way: Transition, loaded: Loaded) -> None:
    """Raises UsageFault if something is missing that an option could give. The checks would say it in terms of the
    file."""
    demands = LIFECYCLES[loaded.kind].demands.get(way.target, ())
    if step.reason is None and any(demand.where == "entry" for demand in demands):
        raise UsageFault(f"`{step.verb}` needs --reason: say why, for those who read it later")
    key = ENDS.get(loaded.kind)
    if key is None or not any(demand.path == key for demand in demands):
        return
    option, part = ("--code", "code") if loaded.kind == "change" else ("--summary", "summary")
    there = part in (loaded.data or {}).get(key, {}) or any(word.startswith(f"{key}.{part}=") for word in step.words)
    if not there and getattr(step, part) is None:
        raise UsageFault(f"`{step.verb}` needs {option}: how did it end?")


def _refuse_entry_words(step: VerbRequest, kind: str) -> None:
    given = [name for name in ("reason", "note", "public") if getattr(step, name)]
    if given:
        raise UsageFault(f"{with_article(kind)} has no timeline for --{given[0]}", hint="say it in the commit message")
