"""Defines the errors that stop a command before it has an answer. Faults in records are findings, not errors."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of all commands (docs/exit-codes.md). Only CLEAN means success."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    COULD_NOT_CHECK = 3
    BUG = 4
    INTERRUPTED = 130


class ItsmError(Exception):
    """A command could not do what the user asked for.

    `message` is a sentence for the user. `hint` says how to go on, or is None. `exit_code` is the exit code of the
    process.
    """

    exit_code: Exit = Exit.COULD_NOT_CHECK

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageFault(ItsmError):
    """The user asked for something impossible: a wrong id, field, value or option."""

    exit_code = Exit.USAGE


class CouldNotCheck(ItsmError):
    """The input could not be read: no workspace, no repository, an unknown revision, or an I/O error."""

    exit_code = Exit.COULD_NOT_CHECK


class Refused(ItsmError):
    """The request is well formed but not allowed, e.g. an illegal transition or a record with findings."""

    exit_code = Exit.FINDINGS
