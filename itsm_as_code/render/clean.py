"""Makes text from records harmless for terminals, annotations and tables. Every output for people uses it."""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 without tab and newline
    "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # zero width and bidi controls
    "\ud800-\udfff]"  # bytes of names that are not UTF-8
)


def clean(text: str) -> str:
    """Returns `text` with control, bidi and zero-width characters shown as escapes. Tab and newline stay."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def one_line(text: str) -> str:
    """Returns `text` cleaned, with an arrow for each line break. Use it for names, titles and messages."""
    return clean(text).replace("\r", "").replace("\n", "⏎").replace("\t", " ")
