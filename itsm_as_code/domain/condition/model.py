"""A condition as a field of a record: parsed, written back, and described to editors."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from itsm_as_code.domain.condition.parse import parse_condition
from itsm_as_code.domain.condition.terms import (
    AnyOf,
    Bound,
    Conjunction,
    Every,
    Glob,
    IsSet,
    Not,
    OneOf,
    Term,
    Test,
)


def _data(condition: Conjunction) -> dict[str, Any]:
    return {"any" if isinstance(term, AnyOf) else term.field: _term_data(term) for term in condition.terms}


def _term_data(term: Term | AnyOf) -> Any:
    return [_data(branch) for branch in term.branches] if isinstance(term, AnyOf) else _test_data(term.test)


def _test_data(test: Test) -> Any:
    match test:
        case OneOf(values):
            return values[0] if len(values) == 1 else list(values)
        case Every(tests):
            return {name: value for each in tests for name, value in _test_data(each).items()}
        case Not(inner):
            return {"not": _test_data(inner)}
        case Bound(order, value):
            return {order.value: value}
        case Glob(pattern):
            return {"glob": pattern}
        case IsSet(wanted):
            return {"set": wanted}


_SCALAR_SCHEMA = {"type": ["string", "integer", "boolean"]}
_VALUE_SCHEMA = {"anyOf": [_SCALAR_SCHEMA, {"type": "array", "items": _SCALAR_SCHEMA, "minItems": 1}]}
_TEST_SCHEMA = {
    "anyOf": [
        *_VALUE_SCHEMA["anyOf"],
        {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {
                "not": {"description": "The field is anything but this: a value, a list or operators."},
                "lt": {**_SCALAR_SCHEMA, "description": "Less than."},
                "lte": {**_SCALAR_SCHEMA, "description": "Less than or equal to."},
                "gt": {**_SCALAR_SCHEMA, "description": "Greater than."},
                "gte": {**_SCALAR_SCHEMA, "description": "Greater than or equal to."},
                "glob": {"type": "string", "description": "A pattern: * is any run of characters, ? is one."},
                "set": {"type": "boolean", "description": "Whether the field has a value."},
            },
        },
    ]
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "any": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "minProperties": 1},
            "description": "A list of conditions, at least one of which must hold.",
        }
    },
    "additionalProperties": _TEST_SCHEMA,
}
"""JSON Schema of a condition, whatever its fields."""

Condition = Annotated[Conjunction, PlainValidator(parse_condition), PlainSerializer(_data), WithJsonSchema(SCHEMA)]
"""A condition as a field of a record. Its fields are checked where they are known: `condition_faults`."""
