"""Reads the bytes of a YAML file into plain values, or into all faults that keep it from being a record."""

from __future__ import annotations

from typing import NamedTuple

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.edit import Plain
from itsm_as_code.domain.finding import Position
from itsm_as_code.store import strict
from itsm_as_code.store.characters import decoded
from itsm_as_code.store.fault import Fault
from itsm_as_code.store.parser import Parser, Unparsable
from itsm_as_code.store.parsers import installed
from itsm_as_code.store.syntax import explained


class Read(NamedTuple):
    """The result of reading: the fields without faults, or None with the faults."""

    data: dict[str, Plain] | None
    faults: tuple[Fault, ...] = ()


def read_yaml(data: bytes, *, parser: Parser | None = None) -> Read:
    """Reads the fields from the bytes of one YAML file.

    It never raises for bad content, and is fast for hostile content. Tests set `parser` to compare parsers.
    """
    if fault := strict.too_large(data):
        return Read(None, (fault,))
    text, faults = decoded(data)
    if text is None or any(fault.rule is not rules.CARRIAGE_RETURN for fault in faults):
        return Read(None, faults)
    if faults:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return read_text(text, faults, parser=parser)


def read_text(text: str, faults: tuple[Fault, ...] = (), *, parser: Parser | None = None) -> Read:
    """Reads the fields from `text`, whose characters are all allowed. `faults` are the faults known already."""
    parser = parser or installed()
    try:
        if found := strict.refuse_hostile(text, parser):
            return Read(None, (*faults, *found))
        value = parser.parse(text)
    except Unparsable as error:
        return Read(None, (*faults, explained(text, error, parser.parse)))
    faults += strict.strict_faults(text, value, parser)
    if not isinstance(value, dict):
        faults += (_not_a_map(value),)
    if faults or not isinstance(value, dict):
        return Read(None, faults)
    return Read(value)


def _not_a_map(value: object) -> Fault:
    if value is None:
        return Fault(rules.EMPTY_DOCUMENT, "the file is empty", Position(1, 1))
    what = "a list" if isinstance(value, list) else "a single value"
    return Fault(rules.NOT_A_MAP, f"the file is {what}, not a map of fields", Position(1, 1))
