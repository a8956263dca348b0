"""Defines a rule: the texts of a check, i.e. its code, its name, why it matters and how to fix it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How serious a finding is. `--fail-on` sets the lowest severity that makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def rank(self) -> int:
        """The rank of the severity. The most serious has rank 0."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Rule:
    """The texts of a check, which `explain CODE` and docs/checks.md print.

    A code is a family prefix with three digits. It is never renumbered or reused.
    """

    code: str
    name: str
    severity: Severity
    since: str
    why: str
    fix: str

    @property
    def family(self) -> str:
        """The letters of the code, such as YAML or LIF."""
        return self.code.rstrip("0123456789")
