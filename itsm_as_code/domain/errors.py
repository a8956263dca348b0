"""Errors: what stops a command before it has an answer. Faults in records are findings, not errors."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command (docs/exit-codes.md). Only CLEAN is a pass."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    COULD_NOT_CHECK = 3
    BUG = 4
    INTERRUPTED = 130


class ItsmError(Exception):
    """We could not do what was asked, and say why and how to go on.

    `message` is one sentence for the user; `hint` is the way out, if there is one;
    `exit_code` is what the process ends with.
    """

    exit_code: Exit = Exit.COULD_NOT_CHECK

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageFault(ItsmError):
    """The command was asked for something that makes no sense: wrong id, field, value or option."""

    exit_code = Exit.USAGE


class CouldNotCheck(ItsmError):
    """The input could not be read as a whole: no workspace, no repository, unknown revision, I/O."""

    exit_code = Exit.COULD_NOT_CHECK


class Refused(ItsmError):
    """What was asked is well formed but not allowed: an illegal transition, a record with findings."""

    exit_code = Exit.FINDINGS
