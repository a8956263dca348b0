"""A rule is the words of one check: code, name, why it matters, how to mend it. Logic lives in `checks/`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave a finding is. `--fail-on` decides from which one on the exit code is 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a check is called and says of itself; `explain CODE` and docs/checks.md print it.

    Codes are a family prefix and three digits; they are never renumbered or reused.
    """

    code: str
    name: str
    severity: Severity
    since: str
    why: str
    fix: str

    @property
    def family(self) -> str:
        """The letters of the code: YAML, SCH, ID, REF, LIF, TIM, KNW, PRV, SCD."""
        return self.code.rstrip("0123456789")
