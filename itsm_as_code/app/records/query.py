"""Selects records by a query: kinds first, then conditions in the one condition language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.records.known_values import idle_patterns, require_known
from itsm_as_code.domain.condition import RecordSubject, compile_condition, fields_of_kind, parse_query
from itsm_as_code.domain.condition.compiled import ConditionError
from itsm_as_code.domain.condition.fields import INSTANT, Fields
from itsm_as_code.domain.condition.query import names_in
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kind_rows import TICKETS
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.ticket import Ticket
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.suggest import did_you_mean, nearest
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record


@dataclass(frozen=True, slots=True)
class Selection:
    """The records that match, by id; how many records of the kinds could not be read; and which patterns fit
    nothing."""

    records: tuple[Record, ...]
    unreadable: int
    notes: tuple[str, ...] = ()


def select(snapshot: TreeSnapshot, words: Sequence[str], *, everything: bool = True) -> Selection:
    """Returns the records that match all words. A kind's name (`incident` or `incidents`) selects the kind; without
    one, all tickets are selected from. Unless `everything`, records in a final state are left out if the query does not
    name `state`.

    Raises UsageFault for words that none of the kinds understands: fields that they lack, and values that they never
    have.
    """
    kinds = _kinds(words)
    terms = [word for word in words if not _kinds_named(word)]
    found: list[Record] = []
    faults: list[tuple[bool, UsageFault]] = []
    notes: list[list[str]] = []
    for kind in kinds or TICKETS:
        fields = _fields(kind)
        try:
            condition = parse_query(terms, fields)
            require_known(snapshot, kind, condition, fields)
        except UsageFault as fault:  # Some of several kinds may lack the field or value: they have no match.
            faults.append((not names_in(terms) <= fields.keys(), fault))
            continue
        notes.append(list(idle_patterns(snapshot, condition, fields)))
        matcher = compile_condition(condition, fields)
        found += [record for record in snapshot.records(kind) if _matches(matcher, record)]
    if not notes:
        raise min(faults, key=lambda fault: fault[0])[1]  # a wrong value says more than a field that does not exist
    if not everything and not any(term.startswith("state") for term in terms):
        found = [record for record in found if getattr(record, "state", None) not in _final(record.KIND)]
    unreadable = sum(1 for _, loaded in snapshot.loaded() if loaded.record is None)
    idle = [note for note in notes[0] if all(note in others for others in notes)]
    return Selection(tuple(found), unreadable, tuple(idle))


def meant_kind(words: Sequence[str]) -> str | None:
    """Returns the kind that a word nearly names, such as `sevices`. The query searched for the word in titles."""
    names = [kind.plural.lower() for kind in KINDS.values()]
    plain = (word for word in words if word.isalpha() and not _kinds_named(word))
    return next((found for word in plain if (found := nearest(word, names, cutoff=0.8))), None)


def _kinds(words: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(kind for word in words for kind in _kinds_named(word)))


def _kinds_named(word: str) -> tuple[str, ...]:
    """Returns the kinds that a word names: `incident`, `incidents`, `kind=incident,problem`; none for a condition."""
    names = word.removeprefix("kind=").split(",") if word.startswith("kind=") else [word]
    found = tuple(name for name, kind in KINDS.items() if {name, kind.plural.lower(), kind.folder} & set(names))
    if word.startswith("kind=") and len(found) != len(names):
        wrong = next(name for name in names if not _kinds_named(name))
        raise UsageFault(f"there is no kind `{wrong}`", hint=did_you_mean(wrong, KINDS) or None)
    return found


def _fields(kind: str) -> Fields:
    """Returns what a query may name: the fields of the kind, and for tickets the column `opened`."""
    model = KINDS[kind].model
    return {**fields_of_kind(model), "opened": INSTANT} if issubclass(model, Ticket) else fields_of_kind(model)


def _final(kind: str) -> tuple[str, ...]:
    table = LIFECYCLES.get(kind)
    return table.final if table else ()


def _matches(matcher: Any, record: Record) -> bool:
    try:
        more = {"opened": record.opened_at} if isinstance(record, Ticket) else None
        return bool(matcher.matches(RecordSubject(record, more)))
    except ConditionError:
        return False
