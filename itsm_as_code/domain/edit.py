"""Edits: what to change in one record's text, as data. `store.editor` carries them out, keeping comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain]"
"""A value as a record may hold it: no null, no float, no date."""

Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SetValue:
    """Set the value at `path`; missing maps on the way are made. A new key goes where `fmt` would put it."""

    path: Steps
    value: Plain


@dataclass(frozen=True, slots=True)
class AddItem:
    """Insert `value` into the list at `path` (made if missing); `index` None means at the end."""

    path: Steps
    value: Plain
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove the key or list item at `path`. A map or list that becomes empty is removed with it."""

    path: Steps


@dataclass(frozen=True, slots=True)
class RenameKey:
    """Rename the last key of `path` to `key`, keeping its place, value and comments."""

    path: Steps
    key: str


@dataclass(frozen=True, slots=True)
class ReplaceBody:
    """Replace the Markdown body of an article below its front matter."""

    text: str


Edit = SetValue | AddItem | Remove | RenameKey | ReplaceBody


@dataclass(frozen=True, slots=True)
class Fix:
    """A machine fix of one file: `title` says what it does; `safe` ones change no meaning."""

    title: str
    edits: tuple[Edit, ...] = ()
    safe: bool = True
