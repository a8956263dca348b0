"""Drafts of files, how they are delivered, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.domain.errors import ItsmError, Refused
from itsm_as_code.domain.finding import Finding
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.verdict import Verdict
    from itsm_as_code.git.push_replay import Pushed


MESSAGE_LENGTH = 70


@dataclass(frozen=True, slots=True)
class Draft:
    """One file as it will be. `before` is None for a new one; `words` say what was done."""

    path: str
    before: bytes | None
    after: bytes
    words: str


Intent = Callable[[TreeSnapshot], tuple[Draft, ...]]
"""Makes drafts from a snapshot that keeps its data. Raises UsageFault or Refused."""


class Blocked(Refused):
    """The record would have findings, so nothing was written."""

    def __init__(self, findings: tuple[Finding, ...], sources: dict[str, str]) -> None:
        super().__init__("the record would have findings, so nothing was written", hint="correct it as they say")
        self.findings = findings
        self.sources = sources


class NotPushed(ItsmError):
    """The files are written here, but the push failed. If somebody repeated the edit, it would be made twice."""

    def __init__(self, drafts: tuple[Draft, ...], cause: ItsmError) -> None:
        kept = "do not repeat the edit: the next --push of this record takes it along"
        super().__init__(
            f"{', '.join(draft.words for draft in drafts)}, here only; it was not pushed: {cause.message}",
            hint=f"{cause.hint}; {kept}" if cause.hint else kept,
        )
        self.exit_code = cause.exit_code


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an intent is carried out. `message` is the commit's, for a push. `agreed` is called with the records before
    anything is written; it raises unless somebody agrees."""

    at: datetime
    message: str
    actor: str
    push: bool = False
    dry_run: bool = False
    agreed: Callable[[Sequence[Draft]], None] | None = None


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A draft that can't land before people have decided: its path, the verdict at the gate, why no proposal could be
    signed (None: there is one), and the files that approvers also need."""

    path: str
    verdict: Verdict
    unproposed: ItsmError | None = None
    besides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BroughtAlong:
    """What comes with drafts: further files, which land by themselves, and the drafts that must wait.

    `after` holds the records with these files over them, if somebody has had to read them already.
    """

    drafts: tuple[Draft, ...] = ()
    waiting: tuple[WaitingDraft, ...] = ()
    after: TreeSnapshot | None = None


Along = Callable[[TreeSnapshot, TreeSnapshot, tuple[Draft, ...]], BroughtAlong]
"""Gets base, the records with the drafts over them, and the drafts; returns what comes with them."""


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What was written, the notes of the checks, what waits for people, and the result of the push."""

    drafts: tuple[Draft, ...]
    notes: tuple[Finding, ...]
    waiting: tuple[WaitingDraft, ...] = ()
    pushed: Pushed | None = None
