"""Makes conditions usable as fields of records: parses them, writes them back, and describes them to editors."""

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
    Only,
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
        case Only(values):
            return {"only": list(values)}
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


_SCALARS: list[dict[str, Any]] = [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]
_SCALAR_SCHEMA = {"anyOf": _SCALARS}
_VALUES = {"type": "array", "items": _SCALAR_SCHEMA, "minItems": 1}
_TEST_SCHEMA = {
    "anyOf": [
        *_SCALARS,
        _VALUES,
        {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {
                "not": {
                    "description": "The field must be anything but this: a value, a list or operators. A list of the "
                    "record must have none of these values."
                },
                "only": {
                    "anyOf": [*_SCALARS, _VALUES],
                    "description": "All values of the record's list must be among these, and it must have one.",
                },
                "lt": {**_SCALAR_SCHEMA, "title": "Less than", "description": "The field must be less than this."},
                "lte": {
                    **_SCALAR_SCHEMA,
                    "title": "At most",
                    "description": "The field must be less than this, or equal.",
                },
                "gt": {**_SCALAR_SCHEMA, "title": "More than", "description": "The field must be greater than this."},
                "gte": {
                    **_SCALAR_SCHEMA,
                    "title": "At least",
                    "description": "The field must be greater than this, or equal.",
                },
                "glob": {
                    "type": "string",
                    "description": "The text must look like this: * stands for any characters, ? for one.",
                },
                "set": {
                    "type": "boolean",
                    "description": "Write true if the field must have a value, false if it must have none.",
                },
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
            "description": "List conditions. At least one of them must be met.",
        }
    },
    "additionalProperties": _TEST_SCHEMA,
}
"""The JSON Schema of a condition. It is the same for all fields."""

Condition = Annotated[Conjunction, PlainValidator(parse_condition), PlainSerializer(_data), WithJsonSchema(SCHEMA)]
"""The type of a field that holds a condition. `condition_faults` checks the fields that it names."""
