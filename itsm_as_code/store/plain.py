"""A record's text as plain data, by the reader that every command uses; for proofs, not for positions."""

from __future__ import annotations

from typing import Any

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.store.parser import Unparsable, installed
from itsm_as_code.store.strict import hostile

_HINT = "Run `itsm check` and mend the file first."


class Unproven(RuntimeError):
    """Our bug: a text that we made does not read as it should. Nothing was written."""


def decoded(content: bytes) -> str:
    """The text of a file. Raises CouldNotCheck where it is not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CouldNotCheck("The file is not UTF-8.", hint="Convert it, then try again.") from error


def parsed(text: str) -> dict[str, Any]:
    """The fields of a record. Raises CouldNotCheck for text that is no YAML map."""
    parser = installed()
    try:
        if faults := hostile(text, parser):
            raise CouldNotCheck(f"The file can't be read: {faults[0].message}.", hint=_HINT)
        data = parser.parse(text)
    except Unparsable as error:
        raise CouldNotCheck(f"The file is not valid YAML: {error.words}.", hint=_HINT) from error
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise CouldNotCheck("The file is not a map of fields.", hint=_HINT)
    return data
