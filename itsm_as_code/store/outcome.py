"""Applies an edit to the data of a record. `editor` compares the edited text with the result.

All functions are pure. `narrowed` splits the change of a map or list into changes of the parts that differ.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from itsm_as_code.domain.edit import AddItem, Edit, Plain, Remove, RenameKey, SetValue, Steps
from itsm_as_code.domain.errors import UsageFault


class Misfit(UsageFault):
    """An edit does not fit the record: the field or item does not exist, or has another type."""


def outcome(data: dict[str, Any], edit: Edit) -> dict[str, Any]:
    """Returns a copy of `data` with the edit applied. Raises Misfit if the edit does not fit."""
    result: dict[str, Any] = copy.deepcopy(data)
    match edit:
        case SetValue(path, value):
            holder = _holder(result, path, make=True)
            _demand(holder, path, may_lack=True)
            holder[path[-1]] = copy.deepcopy(value)
        case AddItem(path, value, index):
            holder = _holder(result, path, make=True)
            _demand(holder, path, may_lack=True)
            items = _list_at(holder, path)
            if index is not None and not 0 <= index <= len(items):
                raise Misfit(f"{_shown(path)} has no index {index}.", hint=f"It has {len(items)} items.")
            items.insert(len(items) if index is None else index, copy.deepcopy(value))
        case Remove():
            path = removed_with(result, edit.path)
            del _holder(result, path)[path[-1]]
        case RenameKey(path, key):
            _rename(_holder(result, path), path, key)
        case _:
            raise Misfit("This record has fields only, and no body.", hint="Only a Markdown article has a body.")
    return result


def removed_with(data: Any, path: Steps) -> Steps:
    """Returns the path to remove so that no empty map or list stays: `path` or one of its parents. Raises Misfit."""
    _demand(_holder(data, path), path)
    while len(path) > 1 and len(_holder(data, path)) == 1:
        path = path[:-1]
    if len(path) == 1 and len(data) == 1:
        raise Misfit(f"{_shown(path)} is the only field of the record.", hint="Remove the file instead.")
    return path


def narrowed(old: Any, new: Plain, path: Steps) -> Iterator[Edit]:
    """Yields the edits that turn `old` at `path` into `new`. Each changes as little as possible."""
    if same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() & new.keys():
        for key, value in new.items():
            yield from (narrowed(old[key], value, (*path, key)) if key in old else [SetValue((*path, key), value)])
        yield from (Remove((*path, key)) for key in old if key not in new)
    elif isinstance(old, list) and isinstance(new, list) and old and new:
        yield from _narrowed_list(old, new, path)
    else:
        yield SetValue(path, new)


def same(one: Any, other: Any) -> bool:
    """Compares record data. Unlike `==`, it does not treat `true` and `1` as equal."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def _narrowed_list(old: list[Any], new: list[Plain], path: Steps) -> Iterator[Edit]:
    """Keeps the equal items at the start and the end. In the middle it changes items, then adds or removes some."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if not same(old[at], new[at])), shorter)
    tail = next((at for at in range(shorter - head) if not same(old[-1 - at], new[-1 - at])), shorter - head)
    for index in range(head, shorter - tail):
        yield from narrowed(old[index], new[index], (*path, index))
    for index in range(shorter - tail, len(new) - tail):
        yield AddItem(path, new[index], index)
    for index in reversed(range(shorter - tail, len(old) - tail)):
        yield Remove((*path, index))


def _holder(data: Any, path: Steps, *, make: bool = False) -> Any:
    """Returns the map or list that holds the last step of `path`. With `make`, it adds missing maps to `data`."""
    if not path:
        raise Misfit("The edit names no field.")
    node = data
    for at, step in enumerate(path[:-1]):
        if make and isinstance(node, dict) and isinstance(step, str) and node.get(step) is None:
            node[step] = {}
        _demand(node, path[: at + 1])
        node = node[step]
    return node


def _demand(node: Any, path: Steps, *, may_lack: bool = False) -> None:
    """Raises Misfit unless `node` has the last step of `path`. With `may_lack`, a map need not have the key yet."""
    step = path[-1]
    if isinstance(node, dict) and isinstance(step, str) and (may_lack or step in node):
        return
    if isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node):
        return
    raise Misfit(f"The record has no {_shown(path)}.", hint="`itsm show` shows what it has.")


def _list_at(holder: Any, path: Steps) -> list[Any]:
    """Returns the list at `path`. If there is no value yet, it adds an empty list to `holder`."""
    step = path[-1]
    if isinstance(holder, dict):
        holder.setdefault(step, None)
    if holder[step] is None:
        holder[step] = []
    items = holder[step]
    if not isinstance(items, list):
        raise Misfit(f"{_shown(path)} is not a list.", hint="Set its value instead.")
    return items


def _rename(holder: Any, path: Steps, key: str) -> None:
    if not isinstance(holder, dict):
        raise Misfit(f"{_shown(path)} is an item of a list, so it has no name.")
    _demand(holder, path)
    if key in holder:
        raise Misfit(f"There is already a field {key} next to {_shown(path)}.", hint="Remove one of them.")
    renamed = {(key if name == path[-1] else name): value for name, value in holder.items()}
    holder.clear()
    holder.update(renamed)


def _shown(path: Steps) -> str:
    """Returns a path in the form that messages use, e.g. `timeline[0].note`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or "the record"
