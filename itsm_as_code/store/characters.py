"""Decodes bytes to text and finds characters that a record may not hold. It knows nothing of YAML's structure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import Position
from itsm_as_code.domain.rule import Rule
from itsm_as_code.store.fault import Fault, position_at

_PLAIN_BYTES = b"\t\n" + bytes(range(0x20, 0x7F))
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff"
_BIDI = "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # with the line separators U+2028 and U+2029
_UNSEEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f\U000e0100-\U000e01ef"
)
_REFUSED = re.compile(f"[{_CONTROL}{_BIDI}{_UNSEEN}]")
_REFUSED_ESCAPED = re.compile(f"[{_CONTROL}{_BIDI}\ufeff\ud800-\udfff]")
_SHOWN_PLACES = 10
_LOOKED_AT = 1000


def decoded(data: bytes) -> tuple[str | None, tuple[Fault, ...]]:
    """Returns the text of `data` and its faults. The text is None if `data` is not UTF-8.

    It reports the first ten places per rule, and looks only at the first thousand refused characters.
    CRLF is one fault, however often it occurs.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return None, (_not_utf8(data, error.start),)
    foreign = data.translate(None, _PLAIN_BYTES)
    if foreign and _REFUSED.search(foreign.decode()):
        return text, tuple(_refused(text))
    return text, ()


def escaped_fault(value: str) -> str | None:
    """Returns the name of the first character in `value` that is refused even as an escape, or None.

    A zero-width character may be written as an escape, because a reviewer sees the escape. Control and bidi
    characters may not, because they would still change what a terminal or the site shows.
    """
    found = _REFUSED_ESCAPED.search(value)
    return _name(found.group()) if found else None


def _refused(text: str) -> Iterator[Fault]:
    counts: dict[Rule, int] = {}
    for found in islice(_REFUSED.finditer(text.replace("\r", " ")), _LOOKED_AT):
        rule = _rule(found.group(), found.start())
        counts[rule] = counts.get(rule, 0) + 1
        if counts[rule] <= _SHOWN_PLACES:
            where = "the file begins with" if rule is rules.BYTE_ORDER_MARK else "the text holds"
            yield Fault(rule, f"{where} {_name(found.group())}", position_at(text, found.start()))
    if number := text.count("\r"):
        lines = "1 line ends" if number == 1 else f"{number} lines end"
        message = f"{lines} with a carriage return (CRLF)"
        yield Fault(rules.CARRIAGE_RETURN, message, position_at(text, text.index("\r")))


def _rule(char: str, offset: int) -> Rule:
    if char == "\ufeff" and offset == 0:
        return rules.BYTE_ORDER_MARK
    return rules.CONTROL_CHARACTER if re.match(f"[{_CONTROL}]", char) else rules.INVISIBLE_CHARACTER


def _name(char: str) -> str:
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X} {name}".rstrip()


def _not_utf8(data: bytes, start: int) -> Fault:
    before = data[:start].decode()
    message = f"byte 0x{data[start]:02X} is not UTF-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Fault(rules.NOT_UTF8, f"{message}; the file looks like UTF-16", Position(1, 1))
    return Fault(rules.NOT_UTF8, message, position_at(before, len(before)))
