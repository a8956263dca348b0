"""Selecting records by a query: kinds first, then conditions in the one condition language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.condition import RecordSubject, compile_condition, fields_of_kind, parse_query
from itsm_as_code.domain.condition.compiled import ConditionError
from itsm_as_code.domain.condition.fields import INSTANT, Fields
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.ticket import Ticket
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.suggest import did_you_mean, nearest
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record

TICKETS = ("incident", "change", "problem", "request")


@dataclass(frozen=True, slots=True)
class Selection:
    """Records that match, by id, and how many of the asked kinds could not be read."""

    records: tuple[Record, ...]
    unreadable: int


def select(snapshot: TreeSnapshot, words: Sequence[str], *, everything: bool = True) -> Selection:
    """Records that match all words. A kind's name (`incident` or `incidents`) narrows; without one all
    tickets are meant. `everything` false leaves out records in a final state unless `state` is asked for.

    Raises UsageFault for words that no asked kind understands.
    """
    kinds = _kinds(words)
    terms = [word for word in words if not _kinds_named(word)]
    found: list[Record] = []
    faults: list[UsageFault] = []
    for kind in kinds or TICKETS:
        try:
            condition = parse_query(terms, _fields(kind))
        except UsageFault as fault:
            faults.append(fault)  # of several kinds some may lack the field: those have no match
            continue
        matcher = compile_condition(condition, _fields(kind))
        found += [record for record in snapshot.records(kind) if _matches(matcher, record)]
    if len(faults) == len(kinds or TICKETS):
        raise faults[0]
    if not everything and not any(term.startswith("state") for term in terms):
        found = [record for record in found if getattr(record, "state", None) not in _final(record.KIND)]
    unreadable = sum(1 for _, loaded in snapshot.loaded() if loaded.record is None)
    return Selection(tuple(found), unreadable)


def meant_kind(words: Sequence[str]) -> str | None:
    """The kind that a word nearly names, which as it stands was looked for in titles: `sevices`."""
    names = [kind.plural.lower() for kind in KINDS.values()]
    plain = (word for word in words if word.isalpha() and not _kinds_named(word))
    return next((found for word in plain if (found := nearest(word, names, cutoff=0.8))), None)


def _kinds(words: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(kind for word in words for kind in _kinds_named(word)))


def _kinds_named(word: str) -> tuple[str, ...]:
    """The kinds that a word names: `incident`, `incidents`, `kind=incident,problem`; none for a condition."""
    names = word.removeprefix("kind=").split(",") if word.startswith("kind=") else [word]
    found = tuple(name for name, kind in KINDS.items() if {name, kind.plural.lower(), kind.folder} & set(names))
    if word.startswith("kind=") and len(found) != len(names):
        wrong = next(name for name in names if not _kinds_named(name))
        raise UsageFault(f"there is no kind `{wrong}`", hint=did_you_mean(wrong, KINDS) or None)
    return found


def _fields(kind: str) -> Fields:
    """What a query may name: the fields of the kind, and of tickets the column `opened`."""
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
