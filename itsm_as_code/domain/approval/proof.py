"""Defines a proof: all values that are needed to check an approval offline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.verdict import Verdict
    from itsm_as_code.domain.kinds.policy import PolicyRule

Plain = dict[str, Any]
"""A map that JSON can hold, as records write it."""


@dataclass(frozen=True, slots=True)
class ProvenGate:
    """One gate of a proof: the verdict, the rules that applied, and for an edit the replaced content."""

    verdict: Verdict
    rules: Mapping[str, PolicyRule]
    replaced: Plain | None


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof as plain values. Commits are ids. `entered` is None if the record has not landed.

    Each of `acts` is (path, `base` or `step` or `later`, record as written). `people` and `teams` are those that the
    acts and seats name, as on the base of the step, but with the keys and revocations that are known today.
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
    gates: tuple[ProvenGate, ...]
    acts: tuple[tuple[str, str, Plain], ...]
    people: Mapping[str, Plain]
    teams: Mapping[str, Plain]
