"""Defines the kinds of checks. A check is a pure function with its rule; each family lists its checks in a tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.finding import Spot
from itsm_as_code.domain.rule import Rule, Severity

if TYPE_CHECKING:
    from itsm_as_code.domain.snapshot import Attachment, Snapshot
    from itsm_as_code.domain.step import RecordChange, Step


@dataclass(frozen=True, slots=True)
class Context:
    """What a check may use besides its record: the snapshot that holds the record, and the present time."""

    snapshot: Snapshot
    now: datetime


@dataclass(frozen=True, slots=True)
class StepContext:
    """What a check of a step may use: the step from base to head, and the present time."""

    step: Step
    now: datetime


RecordCheckFunction = Callable[[Any, Context], Iterator[Spot]]
WorkspaceCheckFunction = Callable[[Context], Iterator[tuple[str, Spot]]]
AttachmentCheckFunction = Callable[["Attachment", Context], Iterator[Spot]]
ChangeCheckFunction = Callable[["RecordChange", StepContext], Iterator[Spot]]


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """Checks one record at a time. `kinds` says of which kinds; empty means all."""

    rule: Rule
    kinds: tuple[str, ...]
    run: RecordCheckFunction


@dataclass(frozen=True, slots=True)
class WorkspaceCheck:
    """Checks the whole workspace at once. Its function yields each spot with the path of its file."""

    rule: Rule
    run: WorkspaceCheckFunction


@dataclass(frozen=True, slots=True)
class AttachmentCheck:
    """Checks one file below `attachments/`: its name, type and size, never its content."""

    rule: Rule
    run: AttachmentCheckFunction


@dataclass(frozen=True, slots=True)
class ChangeCheck:
    """Checks one record that a step changes. `kinds` says of which kinds; empty means all."""

    rule: Rule
    kinds: tuple[str, ...]
    run: ChangeCheckFunction


def rule(code: str, name: str, *, why: str, fix: str, severity: Severity = Severity.ERROR, since: str = "0.1") -> Rule:
    """Returns a rule with its texts. The code comes first so that the rules of a family read as a list."""
    return Rule(code, name, severity, since, why, fix)


def record_check(words: Rule, *kinds: str) -> Callable[[RecordCheckFunction], RecordCheck]:
    """Turns a function into a check of single records."""
    return lambda function: RecordCheck(words, kinds, function)


def workspace_check(words: Rule) -> Callable[[WorkspaceCheckFunction], WorkspaceCheck]:
    """Turns a function into a check of the whole workspace."""
    return lambda function: WorkspaceCheck(words, function)


def attachment_check(words: Rule) -> Callable[[AttachmentCheckFunction], AttachmentCheck]:
    """Turns a function into a check of attachments."""
    return lambda function: AttachmentCheck(words, function)


def change_check(words: Rule, *kinds: str) -> Callable[[ChangeCheckFunction], ChangeCheck]:
    """Turns a function into a check of steps."""
    return lambda function: ChangeCheck(words, kinds, function)
