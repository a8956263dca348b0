"""Checks the ids that a query names. An id that no record has, and to which none refers, is a typing error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.condition import RecordSubject
from itsm_as_code.domain.condition.glob import compile_glob
from itsm_as_code.domain.condition.terms import Conjunction, Every, Glob, Not, OneOf, Term, Test
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.finding import cut
from itsm_as_code.domain.ids import FOLDERS, TICKET_PREFIXES
from itsm_as_code.domain.kinds.types import NOBODY
from itsm_as_code.domain.suggest import did_you_mean

if TYPE_CHECKING:
    from itsm_as_code.domain.condition.fields import Fields, ValueType
    from itsm_as_code.store.snapshot import TreeSnapshot


def require_known(snapshot: TreeSnapshot, kind: str, condition: Conjunction, fields: Fields) -> None:
    """Raises UsageFault if a field that refers to records is compared with an id that does not exist.

    An id is also known if some record of `kind` has it in that field. It may name a person without a record, or a
    missing record whose users somebody looks for.
    """
    for term, test in _tests(condition):
        field = fields[term.field]
        for value in test.values if isinstance(test, OneOf) and field.refers else ():
            if not _exists(snapshot, field, str(value)) and not _in_use(snapshot, kind, term.field, value):
                raise _unknown(snapshot, field, str(value))


def idle_patterns(snapshot: TreeSnapshot, condition: Conjunction, fields: Fields) -> Iterator[str]:
    """Returns, in words, the patterns that fit no id and no choice that their field may have."""
    for term, test in _tests(condition):
        field = fields[term.field]
        if isinstance(test, Glob) and (field.refers or field.choices):
            fits = compile_glob(test.pattern)
            if not any(fits(word) for word in (*field.choices, *_ids(snapshot, field))):
                yield f"no {' or '.join(field.refers) or term.field} fits the pattern {cut(test.pattern)}"


def _tests(condition: Conjunction) -> Iterator[tuple[Term, Test]]:
    for term in condition.terms:
        if isinstance(term, Term):
            yield from ((term, test) for test in _parts(term.test))


def _parts(test: Test) -> Iterator[Test]:
    match test:
        case Not(inner):
            yield from _parts(inner)
        case Every(tests):
            for each in tests:
                yield from _parts(each)
        case _:
            yield test


def _exists(snapshot: TreeSnapshot, field: ValueType, value: str) -> bool:
    if len(field.refers) == 1:
        return snapshot.exists(field.refers[0], value) or (field.or_nobody and value == NOBODY)
    kind, _, record_id = value.partition("/")
    return kind in field.refers and snapshot.exists(kind, record_id)


def _in_use(snapshot: TreeSnapshot, kind: str, name: str, value: object) -> bool:
    held: Any
    for record in snapshot.records(kind):
        held = RecordSubject(record)[name]
        if held == value or (isinstance(held, tuple) and value in held):
            return True
    return False


def _unknown(snapshot: TreeSnapshot, field: ValueType, value: str) -> UsageFault:
    what = " or ".join(field.refers)
    shows = " or ".join(f"`itsm list {FOLDERS[kind]}`" for kind in field.refers)
    near = did_you_mean(value, _ids(snapshot, field)) if not set(field.refers) & set(TICKET_PREFIXES) else ""
    hint = near or f"{shows} shows what there is"  # a ticket's id is random, so the nearest one is another ticket
    return UsageFault(f"there is no {what} `{cut(value)}`", hint=hint)


def _ids(snapshot: TreeSnapshot, field: ValueType) -> list[str]:
    """Returns the ids that the field may have, as it writes them."""
    several = len(field.refers) > 1
    return [f"{kind}/{each.id}" if several else each.id for kind in field.refers for each in snapshot.records(kind)]
