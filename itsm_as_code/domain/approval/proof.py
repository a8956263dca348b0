"""A proof: all that is needed to check an approval offline, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.answer import Verdict
    from itsm_as_code.domain.kinds.policy import PolicyRule

Plain = dict[str, Any]
"""What JSON can hold, as records write it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One gate: the verdict, the rules that applied, and for an edit the content that it replaced."""

    verdict: Verdict
    rules: Mapping[str, PolicyRule]
    replaced: Plain | None


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything as plain values. Commits are ids; `entered` is None for what has not landed.

    `acts` are (path, `base`, `step` or `later`, record as written); `people` and `teams` are those that the acts and
    the seats name, as the base of the step has them, with the keys and revocations that are known by now.
    """

    workspace: str
    genesis: str
    newest: str
    base: str
    entered: str | None
    judged_at: datetime
    kind: str
    path: str
    content: Plain
    gates: tuple[Decided, ...]
    acts: tuple[tuple[str, str, Plain], ...]
    people: Mapping[str, Plain]
    teams: Mapping[str, Plain]
