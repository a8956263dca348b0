"""What a check is: a pure function with the words of its rule. Families list theirs in one visible tuple."""

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
    """What a check may look at besides its record: the snapshot it belongs to, the clock, its path."""

    snapshot: Snapshot
    now: datetime


@dataclass(frozen=True, slots=True)
class StepContext:
    """What a check of a step may look at."""

    step: Step
    now: datetime


RecordCheckFunction = Callable[[Any, Context], Iterator[Spot]]
WorkspaceCheckFunction = Callable[[Context], Iterator[tuple[str, Spot]]]
AttachmentCheckFunction = Callable[["Attachment", Context], Iterator[Spot]]
ChangeCheckFunction = Callable[["RecordChange", StepContext], Iterator[Spot]]


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """Looks at one record of one of `kinds` (empty: of any)."""

    rule: Rule
    kinds: tuple[str, ...]
    run: RecordCheckFunction


@dataclass(frozen=True, slots=True)
class WorkspaceCheck:
    """Looks at the whole workspace; yields paths with its spots."""

    rule: Rule
    run: WorkspaceCheckFunction


@dataclass(frozen=True, slots=True)
class AttachmentCheck:
    """Looks at one file below `attachments/`: its name, kind and size, never its content."""

    rule: Rule
    run: AttachmentCheckFunction


@dataclass(frozen=True, slots=True)
class ChangeCheck:
    """Looks at one record that a step changes."""

    rule: Rule
    kinds: tuple[str, ...]
    run: ChangeCheckFunction


def rule(code: str, name: str, *, why: str, fix: str, severity: Severity = Severity.ERROR, since: str = "0.1") -> Rule:
    """A rule with all its words; the code comes first so that families read as a list."""
    return Rule(code, name, severity, since, why, fix)


def record_check(words: Rule, *kinds: str) -> Callable[[RecordCheckFunction], RecordCheck]:
    """Makes a check of single records from a function."""
    return lambda function: RecordCheck(words, kinds, function)


def workspace_check(words: Rule) -> Callable[[WorkspaceCheckFunction], WorkspaceCheck]:
    """Makes a check of the whole workspace from a function."""
    return lambda function: WorkspaceCheck(words, function)


def attachment_check(words: Rule) -> Callable[[AttachmentCheckFunction], AttachmentCheck]:
    """Makes a check of attachments from a function."""
    return lambda function: AttachmentCheck(words, function)


def change_check(words: Rule, *kinds: str) -> Callable[[ChangeCheckFunction], ChangeCheck]:
    """Makes a check of steps from a function."""
    return lambda function: ChangeCheck(words, kinds, function)
