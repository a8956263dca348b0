"""Defines edits of a record's text as data. `store.editor` applies them and keeps the comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain]"
"""A value that a record may hold. Null, floats and dates are not allowed."""

Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SetValue:
    """Sets the value at `path` and adds missing maps on the way. A new key goes where `fmt` would put it."""

    path: Steps
    value: Plain


@dataclass(frozen=True, slots=True)
class AddItem:
    """Inserts `value` before `index` of the list at `path`; None means at the end. A missing list is added."""

    path: Steps
    value: Plain
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Removes the key or list item at `path`. A map or list that becomes empty is removed too."""

    path: Steps


@dataclass(frozen=True, slots=True)
class RenameKey:
    """Renames the last key of `path` to `key`. Its place, value and comments stay."""

    path: Steps
    key: str


@dataclass(frozen=True, slots=True)
class ReplaceBody:
    """Replaces the Markdown body of an article below its front matter."""

    text: str


Edit = SetValue | AddItem | Remove | RenameKey | ReplaceBody


@dataclass(frozen=True, slots=True)
class Fix:
    """A fix that itsm can apply to one file. `title` says what it does. A `safe` fix does not change the meaning."""

    title: str
    edits: tuple[Edit, ...] = ()
    safe: bool = True
