"""Reads the front matter of other site generators: YAML between `---`, TOML between `+++`, or JSON."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from itsm_as_code.importers.decode import decoded

if TYPE_CHECKING:
    from itsm_as_code.importers.loss import Losses

_YAML = re.compile(r"\s*---[ \t]*\n(.*?)(?:^|\n)---[ \t]*(?:\n|\Z)(.*)\Z", re.DOTALL)
_TOML = re.compile(r"\s*\+\+\+[ \t]*\n(.*?)(?:^|\n)\+\+\+[ \t]*(?:\n|\Z)(.*)\Z", re.DOTALL)
_ALIAS = re.compile(r"(?:^|[\s\[{,:-])\*[^\s,\]}]", re.MULTILINE)
_MOST_YAML = 200_000
_MOST_ALIASES = 20
_MOST_BRACKETS = 2_000
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Page:
    """A file's front matter as plain values (keys in lower case, times as text), and the text below it."""

    path: str
    meta: dict[str, Any] = field(default_factory=dict)
    body: str = ""

    def text(self, *keys: str) -> str:
        """Returns as text the first of these keys that holds one value."""
        for key in keys:
            value = self.meta.get(key)
            if isinstance(value, bool):
                return "true" if value else "false"
            if isinstance(value, (str, int, float)) and str(value).strip():
                return str(value).strip()
        return ""

    def texts(self, *keys: str) -> list[str]:
        """Returns the texts under the first of these keys that is there: a list, or one text."""
        for key in keys:
            value = self.meta.get(key)
            items = value if isinstance(value, list) else [value]
            found = [str(item).strip() for item in items if isinstance(item, (str, int)) and str(item).strip()]
            if found:
                return found
        return []


def read_page(data: bytes, path: str, losses: Losses) -> Page:
    """Returns the page. Front matter that can't be read is reported and left out; the text is kept."""
    text = decoded(data, path, losses).replace("\r\n", "\n").replace("\r", "\n")
    for pattern, load in ((_YAML, load_yaml), (_TOML, tomllib.loads)):
        match = pattern.match(text)
        if match is not None:
            return Page(path, _loaded(load, match[1], path, losses), match[2])
    if text.lstrip().startswith("{") and not text.lstrip().startswith(("{{", "{%")):
        try:
            meta, end = json.JSONDecoder().raw_decode(text.lstrip())
        except (ValueError, RecursionError):
            return Page(path, {}, text)
        return Page(path, _folded(meta), text.lstrip()[end:].lstrip("\n"))
    return Page(path, {}, text)


def load_yaml(text: str) -> Any:
    """Returns plain values from YAML that other people wrote. Raises ValueError if it is not YAML."""
    from ryaml import loads  # type: ignore[attr-defined]  # its stub hides it

    if len(text) > _MOST_YAML:
        raise ValueError("too long")
    if len(_ALIAS.findall(text)) > _MOST_ALIASES:
        raise ValueError("too many aliases: a few of them can stand for gigabytes")
    if text.count("[") + text.count("{") > _MOST_BRACKETS:
        raise ValueError("too many brackets")
    return loads(text)


def _loaded(load: Any, text: str, path: str, losses: Losses) -> dict[str, Any]:
    try:
        return _folded(load(text))
    except (ValueError, RecursionError) as error:
        if "duplicate" in str(error) and (once := _without_repeats(text)) != text + "\n":
            losses.cleaned("front matter", "A key stands there twice: the last one counts, as with Hugo.", path)
            return _loaded(load, once, path, losses)
        first = str(error).split("\n", maxsplit=1)[0][:120]
        losses.dropped("front matter", "Can't be read: left out.", f"{path}: {first}")
        return {}


def _without_repeats(text: str) -> str:
    """Returns YAML in which each top-level key is there once: the last one, with the lines below it."""
    parts = re.split(r"^(?=[A-Za-z_][\w-]*[ \t]*:)", text + "\n", flags=re.MULTILINE)
    last = {part.split(":", 1)[0].strip(): part for part in parts[1:]}
    return parts[0] + "".join(last.values())


def _folded(meta: Any) -> dict[str, Any]:
    if not isinstance(meta, dict):
        return {}
    return {str(key).strip().lower(): _plain(value, 0) for key, value in meta.items()}


def _plain(value: Any, depth: int) -> Any:
    """Returns values as our records could hold them: times as text, and nothing deeper than we would ever read."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key).lower(): _plain(item, depth + 1) for key, item in value.items()} if depth < _DEEPEST else {}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value] if depth < _DEEPEST else []
    return value
