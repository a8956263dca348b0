"""Parses `field=value` and `field+=value` from the command line. The model decides the type of the value."""

from __future__ import annotations

import types
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from itsm_as_code.domain.edit import Plain, Steps
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment. `path` lists the keys to the field. With `adds`, the value is added to a list."""

    path: Steps
    value: Plain
    adds: bool = False


def split(words: Iterable[str]) -> list[tuple[str, str, bool]]:
    """Splits words such as `assignee=ana` and `tags+=vpn` into (field, text, adds). Raises UsageFault."""
    found = []
    for word in words:
        field, sign, text = word.partition("=")
        if not sign or not field.strip("+"):
            raise UsageFault(
                f"`{word}` is not an assignment", hint="write field=value, or field+=value to add to a list"
            )
        found.append((field.removesuffix("+"), text, field.endswith("+")))
    return found


def assignment(model: type[BaseModel], field: str, text: str, *, adds: bool) -> Assignment:
    """Returns the assignment with its value in the type of the field.

    Raises UsageFault if the field is unknown, or if a value is added to a field that is not a list.
    """
    path = tuple(field.split("."))
    annotation = _annotation(model, path)
    many = _is_list(annotation)
    if adds and not many:
        raise UsageFault(f"`{field}` is not a list", hint=f"write {field}={text}")
    if many and not adds:
        items = [part for part in text.split(",") if part]
        return Assignment(path, [_value(_item_of(annotation), part) for part in items])
    return Assignment(path, _value(_item_of(annotation) if many else annotation, text), adds)


def _annotation(model: type[BaseModel], path: tuple[str, ...]) -> Any:
    current: Any = model
    for step in path:
        inner = _model_in(current)
        if inner is None:
            value_type = _values_of_map(current)
            if value_type is None:
                raise UsageFault(f"`{'.'.join(path)}`: `{step}` is below a field that is not a map")
            current = value_type
            continue
        fields = {info.alias or name: info for name, info in inner.model_fields.items()}
        if step not in fields:
            raise UsageFault(f"there is no field `{'.'.join(path)}`", hint=did_you_mean(step, fields) or None)
        current = fields[step].annotation
    return current


def choices_of(annotation: Any) -> list[Any]:
    """Returns the alternative types of an annotation, without Annotated and None."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return choices_of(args[0])
    if origin in (Union, types.UnionType):
        return [each for arg in args if arg is not type(None) for each in choices_of(arg)]
    return [annotation]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    return next((c for c in choices_of(annotation) if isinstance(c, type) and issubclass(c, BaseModel)), None)


def _values_of_map(annotation: Any) -> Any:
    found = next((c for c in choices_of(annotation) if get_origin(c) is dict), None)
    return get_args(found)[1] if found is not None else None


def _is_list(annotation: Any) -> bool:
    return any(get_origin(c) in (tuple, list) for c in choices_of(annotation))


def _item_of(annotation: Any) -> Any:
    return next(get_args(c)[0] for c in choices_of(annotation) if get_origin(c) in (tuple, list))


def _value(annotation: Any, text: str) -> Plain:
    """Converts text to the annotation's type, the narrowest one if several fit. The model checks the value later."""
    choices = choices_of(annotation)
    if bool in choices and text in ("true", "false"):
        return text == "true"
    if int in choices and text.lstrip("-").isdigit() and len(text) < 17:
        return int(text)
    for choice in choices:
        if isinstance(choice, type) and issubclass(choice, Enum):
            allowed = [str(member.value) for member in choice]
            if text not in allowed:
                raise UsageFault(f"`{text}` is not allowed here", hint=did_you_mean(text, allowed) or None)
    return text
