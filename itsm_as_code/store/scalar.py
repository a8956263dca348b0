"""Writes a string in YAML: plain if every reader reads it as that string, otherwise in double quotes.

It never folds. Strings of several lines become literal blocks. It does not know maps, lists or positions.
"""

from __future__ import annotations

import re
from typing import Final

from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.store.characters import escaped_fault

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
"""The characters that `characters` refuses in a text: control, zero-width and bidi ones, and other line ends."""

_OTHER_TYPE: Final = re.compile(
    r"""
      ~ | = | << | y(es)? | no? | on | off | true | false | null
    | [-+]? \. ( inf | nan )
    | [-+]? [\d_,]+ ( : \d+ )* \.? [\d_]* ( e [-+]? \d* )?   # 7, 014, 1_000, 1,000, 1.10, 1e3, 1:30
    | [-+]? \. [\d_]+ ( e [-+]? \d* )?             # .5
    | [-+]? 0 [box] [\da-f_]+                      # 0x1F, 0o17, 0b1
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
"""Matches plain scalars that some YAML reader reads as a number, a truth value or null.

Dates do not match, because our parsers keep them as strings.
"""

_NEVER_FIRST: Final = frozenset("-?:,[]{}#&*!|>'\"%@` ")
_NEVER_INSIDE: Final = re.compile(r": |:$| #|[\t\n\r]")
_FLOW_SAFE: Final = re.compile(r"[^\W_][\w ./@+-]*|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}


def is_plain(text: str, *, in_flow: bool = False) -> bool:
    """Tells whether every reader reads `text` without quotes, on one line, as this string."""
    if not text or text[0] in _NEVER_FIRST or text[-1].isspace() or text[0].isspace():
        return False
    if _NEVER_INSIDE.search(text) or _UNSEEN.search(text) or _OTHER_TYPE.fullmatch(text):
        return False
    if text.startswith("..."):
        return False
    return not in_flow or _FLOW_SAFE.fullmatch(text) is not None


def double_quoted(text: str) -> str:
    """Writes `text` in double quotes with the escapes of JSON. Visible characters stay as they are."""
    escaped = "".join(_ESCAPES.get(char, char) for char in text)
    return '"' + _UNSEEN.sub(_escape, escaped) + '"'


def single_quoted(text: str) -> str | None:
    """Writes `text` in single quotes, or returns None if it needs an escape, which single quotes do not have."""
    if "\n" in text or "\t" in text or _UNSEEN.search(text):
        return None
    return "'" + text.replace("'", "''") + "'"


def inline(text: str, *, in_flow: bool = False) -> str:
    """Writes `text` on one line. Raises UsageFault for characters that no record may hold."""
    writable(text)
    return text if is_plain(text, in_flow=in_flow) else double_quoted(text)


def literal(text: str, indent: int) -> tuple[str, tuple[str, ...]] | None:
    """Returns the header and lines of `text` as a literal block, indented by `indent` columns.

    Returns None if a block would be hard to read or to keep: for a single line, several newlines at the end, a first
    or last line of blanks, or characters that need an escape. Empty lines get no indentation.
    """
    if "\n" not in text.rstrip("\n") or text.endswith("\n\n") or _UNSEEN.search(text):
        return None
    lines = text.removesuffix("\n").split("\n")
    if not lines[0].strip() or not lines[-1].strip():
        return None
    marker = str(indent) if lines[0][0] in " \t" else ""
    chomp = "" if text.endswith("\n") else "-"
    return f"|{marker}{chomp}", tuple(" " * indent + line if line else "" for line in lines)


def writable(text: str) -> None:
    """Raises UsageFault for characters that no record may hold, not even as escapes."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise UsageFault("The text contains bytes that are not UTF-8.", hint="Write it in UTF-8.")
    if _UNSEEN.search(text) and (name := escaped_fault(text)):
        raise UsageFault(f"The text contains the character {name}.", hint="Remove the character.")


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
