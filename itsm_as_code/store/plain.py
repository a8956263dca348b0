"""Parses a record's text into plain data with the same parser as all commands, to compare data without positions."""

from __future__ import annotations

from typing import Any

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.store.parser import Unparsable
from itsm_as_code.store.parsers import installed
from itsm_as_code.store.strict import refuse_hostile

_HINT = "Run `itsm check` and fix the file first."


class Unproven(RuntimeError):
    """A text that itsm made does not parse to the data that it should. This is a bug in itsm; nothing was written."""


def decoded(content: bytes) -> str:
    """Decodes the bytes of a file. Raises CouldNotCheck if they are not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CouldNotCheck("The file is not UTF-8.", hint="Convert it, then try again.") from error


def parsed(text: str) -> dict[str, Any]:
    """Parses the fields of a record. Raises CouldNotCheck if the text is not a YAML map."""
    parser = installed()
    try:
        if faults := refuse_hostile(text, parser):
            raise CouldNotCheck(f"The file can't be read: {faults[0].message}.", hint=_HINT)
        data = parser.parse(text)
    except Unparsable as error:
        raise CouldNotCheck(f"The file is not valid YAML: {error.words}.", hint=_HINT) from error
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise CouldNotCheck("The file is not a map of fields.", hint=_HINT)
    return data
