"""Cleans text from other systems: no control, zero-width or bidi characters, no half characters, no excess length."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.importers.loss import Losses

LINE_LENGTH = 300
TEXT_LENGTH = 100_000
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029\x0b\x0c]")
_BLANKS = re.compile(r"\s+")
_SLUG_GAP = re.compile(r"[^a-z0-9]+")


def text(value: str, field: str, losses: Losses, *, limit: int = TEXT_LENGTH) -> str:
    """Returns `value` with line feeds as line ends, without invisible characters, and at most `limit` long.

    It also removes blank lines around the text, and blanks at line ends except Markdown's hard breaks, without a
    report.
    """
    if value.isascii() and value.isprintable() and len(value) <= limit:
        return value.strip()
    unified = _LINE_ENDS.sub("\n", value)
    clean, unseen = _UNSEEN.subn("", unified)
    if unseen:
        losses.cleaned(field, "Control, zero-width or direction characters were taken out.", value)
    clean = clean.strip("\n").rstrip()
    if not clean.strip():
        return ""
    if len(clean) > limit:
        losses.cleaned(field, f"Longer than {limit:,} characters: the rest was cut off.", value)
        clean = clean[: limit - 1].rstrip() + "…"
    return clean


def line(value: str, field: str, losses: Losses, *, limit: int = LINE_LENGTH) -> str:
    """Returns `value` on one line, at most `limit` characters; it is empty if nothing in it is visible."""
    if value.isascii() and value.isprintable() and len(value) <= limit:
        return value.strip() if "  " not in value else _BLANKS.sub(" ", value).strip()
    spaced = _BLANKS.sub(" ", _LINE_ENDS.sub("\n", value))
    clean, unseen = _UNSEEN.subn("", spaced)
    if unseen:
        losses.cleaned(field, "Control, zero-width or direction characters were taken out.", value)
    clean = _BLANKS.sub(" ", clean).strip()  # A removed character may have been between two blanks.
    if len(clean) > limit:
        losses.cleaned(field, f"Longer than {limit} characters: the rest was cut off.", value)
        clean = clean[: limit - 1].rstrip() + "…"
    return clean


def slug(value: str, *, fallback: str, limit: int = 60) -> str:
    """Returns `value` as a record's id: lower-case ASCII words with hyphens, or `fallback` if none is left."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    found = _SLUG_GAP.sub("-", plain.lower()).strip("-")[:limit].rstrip("-")
    return found or fallback


def folded(value: str) -> str:
    """Returns `value` as names are compared: case and runs of blanks do not matter."""
    return _BLANKS.sub(" ", value).strip().casefold()
