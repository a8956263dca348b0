"""Decodes the bytes of a source: UTF-8 with or without byte order mark, UTF-16, or else Windows-1252 with a report."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.importers.loss import Losses


def decoded(data: bytes, name: str, losses: Losses) -> str:
    """Returns the text of `data`. It never fails: bytes that fit none of the encodings are read as Latin-1."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        losses.cleaned("encoding", "Read as UTF-16.", name)
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        losses.cleaned("encoding", "Not UTF-8: read as Windows-1252 (Western European).", name)
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")
