"""Reads the mapping file strictly. It maps a source's words to ours, because installations differ in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.finding import cut
from itsm_as_code.domain.ids import is_slug
from itsm_as_code.domain.suggest import did_you_mean
from itsm_as_code.importers.clean import folded

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain

DROP = "drop"
"""A mapping gives this for a value that is not to be imported."""

_CUSTOM = re.compile(r"custom\.[a-z0-9][a-z0-9._-]{0,63}")
_SLUG_SECTIONS = ("services", "teams", "people")


@dataclass(frozen=True, slots=True)
class Words:
    """What the mapping of a source may say.

    `choices` are our words by section; a section without choices takes any text. `defaults` map the source's words
    to ours. Columns may be mapped to `fields`, and to `custom.<name>`.
    """

    system: str
    choices: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, Mapping[str, str]]
    missing: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class WordMap:
    """One section, which maps their words to ours. Case and runs of blanks do not matter. It collects unmapped
    words."""

    given: dict[str, str]
    unmapped: dict[str, str] = field(default_factory=dict)
    _folded: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._folded = {folded(theirs): ours for theirs, ours in self.given.items()}

    def find(self, theirs: str, otherwise: str = DROP) -> str | None:
        """Returns our word, `drop`, or None if nothing maps theirs. Then theirs is listed as `otherwise`."""
        found = self.given.get(theirs) or self._folded.get(folded(theirs))
        if found is None and len(self.unmapped) < 500:
            self.unmapped.setdefault(theirs, otherwise)
        return found

    @property
    def by_folded_name(self) -> Mapping[str, str]:
        """Maps each of their words, folded, to ours."""
        return self._folded


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """The mapping in effect: the defaults of the source, with the file's words over them."""

    system: str
    sections: Mapping[str, WordMap]
    missing: frozenset[str]
    default_service: str | None = None

    def __getitem__(self, section: str) -> WordMap:
        return self.sections[section]

    @property
    def parties(self) -> dict[str, Mapping[str, str]]:
        """Names that the mapping file maps, by kind of record."""
        kinds = {"services": "service", "teams": "team", "people": "person"}
        return {kind: self[section].by_folded_name for section, kind in kinds.items()}

    def as_plain(self) -> dict[str, Plain]:
        """Returns the mapping as a file says it, with the unmapped words that were met."""
        missing: list[Plain] = [*sorted(self.missing)]
        plain: dict[str, Plain] = {"system": self.system, "missing": missing}
        if self.default_service:
            plain["default_service"] = self.default_service
        for name, words in self.sections.items():
            both = {**words.given, **words.unmapped}
            if both:
                plain[name] = {theirs: both[theirs] for theirs in sorted(both)}
        return plain


def source_mapping(raw: object, words: Words) -> SourceMapping:
    """Returns the mapping of a parsed file (None: no file). Raises UsageFault, which names what is wrong and where."""
    given = _map(raw, "the mapping file") if raw is not None else {}
    sections = (*words.choices, *_SLUG_SECTIONS)
    keys = ("system", "missing", "default_service", *sections)
    for key in given:
        if key not in keys:
            raise UsageFault(f"mapping: unknown key `{cut(key)}`", hint=did_you_mean(key, keys) or None)
    return SourceMapping(
        _slug(given.get("system", words.system), "system"),
        {name: _section(name, given.get(name), words) for name in sections},
        frozenset(_texts(given.get("missing", list(words.missing)), "missing")),
        _slug(given["default_service"], "default_service") if "default_service" in given else None,
    )


def _section(name: str, raw: object, words: Words) -> WordMap:
    merged = dict(words.defaults.get(name, {}))
    replaced = {folded(theirs): theirs for theirs in merged}
    for theirs, ours in _map(raw, f"mapping: `{name}`").items() if raw is not None else ():
        merged.pop(replaced.get(folded(theirs), theirs), None)
        merged[theirs] = _word(name, theirs, ours, words)
    return WordMap(merged)


def _word(section: str, theirs: str, ours: object, words: Words) -> str:
    if not isinstance(ours, str) or not ours.strip():
        raise UsageFault(
            f"mapping: {section}: `{cut(theirs)}` must be mapped to a word of ours", hint=f"or to `{DROP}`"
        )
    if section == "columns" and _CUSTOM.fullmatch(ours):
        return ours
    choices = words.fields if section == "columns" else words.choices.get(section, ())
    if choices and ours != DROP and ours not in choices:
        hint = did_you_mean(ours, choices) or "one of " + ", ".join(choices)
        raise UsageFault(f"mapping: {section}: `{cut(theirs)}`: there is no `{cut(ours)}`", hint=hint)
    return ours.strip()


def _map(raw: object, what: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise UsageFault(f"{what} must be a map, such as `key: value`")
    return {str(key): value for key, value in raw.items()}


def _texts(raw: object, what: str) -> Iterable[str]:
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        raise UsageFault(f"mapping: `{what}` must be a list of texts", hint="Put them in quotation marks.")
    return raw


def _slug(raw: object, what: str) -> str:
    if not isinstance(raw, str) or not is_slug(raw):
        raise UsageFault(f"mapping: `{what}` must be a short name of lower-case letters, digits and hyphens")
    return raw
