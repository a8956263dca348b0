"""Turns the validation errors of pydantic into findings: one per fault, with its place and a hint."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.schema import (
    MALFORMED_VALUE,
    MISSING_FIELD,
    NEWER_SCHEMA,
    NOT_COHERENT,
    UNKNOWN_FIELD,
    VALUE_NOT_ALLOWED,
    WRONG_TYPE,
)
from itsm_as_code.domain.edit import Fix, RenameKey, SetValue
from itsm_as_code.domain.finding import MOST_OF_A_KIND, FieldPath, Spot, cut, dotted
from itsm_as_code.domain.ids import FOLDERS
from itsm_as_code.domain.patterns import BRANCH_PATTERN, EMAIL_PATTERN, LINE_PATTERN, URL_PATTERN
from itsm_as_code.domain.rule import Rule
from itsm_as_code.domain.shape import inner_model, key_order
from itsm_as_code.domain.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

_ADVICE = {
    "string_type": "write text; quote it if it looks like a number",
    "int_type": "write a whole number without quotes",
    "int_parsing": "write a whole number without quotes",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "tuple_type": "write a list: one `- item` a line",
    "list_type": "write a list: one `- item` a line",
    "dict_type": "write a map: one `key: value` a line",
    "model_type": "write a map: one `key: value` a line",
    "model_attributes_type": "write a map: one `key: value` a line",
    "too_short": "write at least one item",
}
_BOUNDS = {
    "less_than_equal": ("le", "write a number of at most {}"),
    "greater_than_equal": ("ge", "write a number of at least {}"),
    "less_than": ("lt", "write a number below {}"),
    "greater_than": ("gt", "write a number above {}"),
    "string_too_long": ("max_length", "write at most {} characters"),
    "too_long": ("max_length", "write at most {} items"),
}
_FORMS = {
    "INC-": "an incident id such as INC-20261121-7K3Q9",
    "CHG-": "a change id such as CHG-20261121-7K3Q9",
    "PRB-": "a problem id such as PRB-20261121-7K3Q9",
    "REQ-": "a request id such as REQ-20261121-7K3Q9",
    "APR-": "an approval id such as APR-20261121-7K3Q9",
}
_FORM_OF_PATTERN = {
    LINE_PATTERN: "write one line without blanks at its ends",
    URL_PATTERN: "write an address that begins with https://, http://, mailto: or tel:",
    EMAIL_PATTERN: "write an e-mail address such as help@example.org",
    BRANCH_PATTERN: "write the full name of a branch such as refs/heads/main",
}


def spots_of(error: ValidationError, model: type[BaseModel], data: Any) -> Iterator[tuple[Rule, Spot]]:
    """Yields the findings about one invalid record or settings file, each with its rule, in the order of the error."""
    found: dict[FieldPath, tuple[Rule, Spot]] = {}
    told: Counter[str] = Counter()
    for detail in error.errors(include_url=False, include_context=True):
        if told[detail["type"]] == MOST_OF_A_KIND:
            continue
        field = _plain_path(detail["loc"], data, missing=detail["type"] == "missing")
        context = dict(detail.get("ctx") or {})
        if field in found or _counts_faulty_items(detail["type"], context, _value_at(data, field)):
            continue  # a union reports one fault once per alternative
        told[detail["type"]] += 1
        found[field] = _spot_of(detail["type"], detail["msg"], context, field, model, data)
    misspelt = {
        (*edit.path[:-1], edit.key)
        for _, spot in found.values()
        if spot.fix
        for edit in spot.fix.edits
        if isinstance(edit, RenameKey)
    }
    entered = {field[:end] for field in found for end in range(len(field))}
    for field, (words, spot) in found.items():
        another_form = (
            words is WRONG_TYPE and field in entered
        )  # a union that accepts a map: the map has its own faults
        if not another_form and (words is not MISSING_FIELD or field not in misspelt):
            yield words, spot


def _counts_faulty_items(kind: str, context: dict[str, Any], value: Any) -> bool:
    """Tells whether a list is too short only because its faulty items do not count. Each has its own finding."""
    return kind == "too_short" and isinstance(value, list) and len(value) >= context.get("min_length", 0)


def _spot_of(
    kind: str, message: str, context: dict[str, Any], field: FieldPath, model: type[BaseModel], data: Any
) -> tuple[Rule, Spot]:
    name = dotted(field) or "the record"
    value = _value_at(data, field)
    if kind == "extra_forbidden":
        return UNKNOWN_FIELD, _unknown(field, model, data)
    if kind == "missing":
        return MISSING_FIELD, Spot(f"`{name}` is missing", field, help=_what_it_holds(field, model))
    if kind == "enum":
        return VALUE_NOT_ALLOWED, _not_allowed(field, name, value, context)
    if field == ("schema",) and kind == "less_than_equal":
        return NEWER_SCHEMA, Spot(f"schema {value} is newer than this version of itsm reads", field)
    if kind in _ADVICE:
        return WRONG_TYPE, Spot(f"`{name}`: {_shown(value)} does not fit", field, help=_ADVICE[kind])
    if kind == "value_error" and (not field or isinstance(value, dict)):
        return NOT_COHERENT, Spot(_own_words(message), field)
    if kind == "string_pattern_mismatch":
        form = _form(str(context.get("pattern", "")), value)
        return MALFORMED_VALUE, Spot(f"`{name}`: {_shown(value)} is malformed", field, help=form)
    key, advice = _BOUNDS.get(kind, ("", ""))
    words = advice.format(context[key]) if key in context else _own_words(message)
    return MALFORMED_VALUE, Spot(f"`{name}`: {_shown(value)} is malformed", field, help=words)


def _what_it_holds(field: FieldPath, model: type[BaseModel]) -> str | None:
    parent = inner_model(model, field[:-1]) if field else None
    fields = parent.model_fields.items() if parent is not None else ()
    about = next((info.description for name, info in fields if (info.alias or name) == field[-1]), None)
    return f"add `{field[-1]}`: {about}" if about else None


def _unknown(field: FieldPath, model: type[BaseModel], data: Any) -> Spot:
    key, parent = str(field[-1]), field[:-1]
    known = key_order(model, parent)
    present = _value_at(data, parent)
    free = [k for k in known if not (isinstance(present, dict) and k in present)]
    found = nearest(key, free, cutoff=0.75)
    fix = Fix(f"rename `{cut(key)}` to `{found}`", (RenameKey(field, found),), safe=False) if found else None
    hint = f"did you mean `{found}`?" if found else did_you_mean(key, known)
    return Spot(f"unknown field `{cut(key)}`", field, help=hint or None, fix=fix, at_key=True)


def _not_allowed(field: FieldPath, name: str, value: Any, context: dict[str, Any]) -> Spot:
    allowed = [word.strip("' ") for word in str(context.get("expected", "")).replace(" or ", ", ").split(",")]
    found = nearest(str(value), allowed)
    fix = Fix(f"write {found}", (SetValue(field, found),), safe=False) if found else None
    words = "one of " + ", ".join(f"`{word}`" for word in allowed)
    hint = f"did you mean `{found}`? ({words})" if found else words
    return Spot(f"`{name}` does not take {_shown(value)}", field, help=hint, fix=fix)


def _plain_path(location: tuple[int | str, ...], data: Any, *, missing: bool) -> FieldPath:
    """Returns the path in the written data, without the names of union members that pydantic adds.

    Only the last key may be absent from the data, and only if the error is that it is `missing`.
    """
    path: list[str | int] = []
    current = data
    for index, step in enumerate(location):
        if isinstance(current, dict) and isinstance(step, str):
            if step in current or (missing and index == len(location) - 1):
                path.append(step)
                current = current.get(step)
        elif isinstance(current, list) and isinstance(step, int) and step < len(current):
            path.append(step)
            current = current[step]
    return tuple(path)


def _value_at(data: Any, field: FieldPath) -> Any:
    for step in field:
        if (isinstance(data, dict) and step in data) or (isinstance(data, list) and isinstance(step, int)):
            data = data[step]  # type: ignore[index]
        else:
            return None
    return data


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    return f"`{cut(str(value))}`"


def _own_words(message: str) -> str:
    return message.removeprefix("Value error, ")


def _form(pattern: str, value: Any) -> str:
    for prefix, form in _FORMS.items():
        if prefix in pattern:
            return f"write {form}"
    if "service|asset" in pattern or "person|team" in pattern:
        kinds = pattern[2 : pattern.index(")")].split("|")
        return "write " + " or ".join(f"{kind}/<id>" for kind in kinds)
    if pattern.startswith("^[a-z0-9][a-z0-9._-]"):
        return _slug_form(str(value))
    return _FORM_OF_PATTERN.get(pattern, f"it must match {pattern}")


def _slug_form(written: str) -> str:
    """Suggests an id. The usual mistakes are to write the kind too (`team/it`) or a name with capitals."""
    kind, slash, alone = written.partition("/")
    if slash and kind in FOLDERS:
        return f"write the id alone: `{cut(alone)}`"
    likely = "-".join(re.findall(r"[a-z0-9]+", written.lower()))[:64]
    return "use lower-case letters, digits, `.`, `_` and `-`, at most 64" + (f", e.g. `{likely}`" if likely else "")
