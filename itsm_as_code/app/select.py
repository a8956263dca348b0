"""Selecting records by a query: kinds first, then conditions in the one condition language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.condition import RecordSubject, compile_condition, fields_of_kind, parse_query
from itsm_as_code.domain.condition.compiled import ConditionError
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.lifecycle import LIFECYCLES
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
    terms = [word for word in words if _kind_named(word) is None]
    found: list[Record] = []
    faults: list[UsageFault] = []
    for kind in kinds or TICKETS:
        try:
            condition = parse_query(terms, fields_of_kind(KINDS[kind].model))
        except UsageFault as fault:
            faults.append(fault)  # of several kinds some may lack the field: those have no match
            continue
        matcher = compile_condition(condition, fields_of_kind(KINDS[kind].model))
        found += [record for record in snapshot.records(kind) if _matches(matcher, record)]
    if len(faults) == len(kinds or TICKETS):
        raise faults[0]
    if not everything and not any(term.startswith("state") for term in terms):
        found = [record for record in found if getattr(record, "state", None) not in _final(record.KIND)]
    unreadable = sum(1 for _, loaded in snapshot.loaded() if loaded.record is None)
    return Selection(tuple(found), unreadable)


def _kinds(words: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(kind for word in words if (kind := _kind_named(word)) is not None))


def _kind_named(word: str) -> str | None:
    if word in KINDS:
        return word
    return next((name for name, kind in KINDS.items() if word in (kind.plural.lower(), kind.folder)), None)


def _final(kind: str) -> tuple[str, ...]:
    table = LIFECYCLES.get(kind)
    return table.final if table else ()


def _matches(matcher: Any, record: Record) -> bool:
    try:
        return bool(matcher.matches(RecordSubject(record)))
    except ConditionError:
        return False
