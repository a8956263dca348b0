"""The condition language of records: a map of fields to values, compiled against typed fields. It runs no code."""

from __future__ import annotations

from itsm_as_code.domain.condition.compiled import (
    ConditionError,
    Explanation,
    Matcher,
    TermResult,
    compile_condition,
)
from itsm_as_code.domain.condition.faults import ConditionFault, condition_faults
from itsm_as_code.domain.condition.fields import Fields, Sort, Value, ValueType, choice, ordered
from itsm_as_code.domain.condition.model import Condition
from itsm_as_code.domain.condition.of_kind import RecordSubject, fields_of_kind
from itsm_as_code.domain.condition.parse import parse_condition
from itsm_as_code.domain.condition.query import parse_query

__all__ = [
    "Condition",
    "ConditionError",
    "ConditionFault",
    "Explanation",
    "Fields",
    "Matcher",
    "RecordSubject",
    "Sort",
    "TermResult",
    "Value",
    "ValueType",
    "choice",
    "compile_condition",
    "condition_faults",
    "fields_of_kind",
    "ordered",
    "parse_condition",
    "parse_query",
]
