"""A finding: one fault in a record, as data. It is collected and sorted, never raised or printed here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from itsm_as_code.domain.edit import Fix
from itsm_as_code.domain.rule import Rule, Severity

FieldPath = tuple[str | int, ...]
"""Where in a record: keys and zero-based list indexes, e.g. ("timeline", 3, "state")."""


def dotted(field: FieldPath) -> str:
    """A path for people: `timeline.1.by`. Lists count from 1, as `itsm show` and `itsm log` do."""
    return ".".join(str(step + 1 if isinstance(step, int) else step) for step in field)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """One-based line and column (counted in characters) in a file."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong (`message`), where, and how to mend it (`help`); maybe a machine `fix`.

    `path` is relative to the workspace root with forward slashes. `position` is known at once for
    faults of the text; for others it is looked up from `field` after the checks. `at_key` asks for
    the position of the key instead of the value, `lines_below` for a line further down in a text.
    """

    rule: Rule
    path: str
    message: str
    field: FieldPath = ()
    help: str | None = None
    fix: Fix | None = None
    position: Position | None = None
    at_key: bool = False
    lines_below: int = 0

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code

    @property
    def severity(self) -> Severity:
        """The rule's severity."""
        return self.rule.severity

    @property
    def sort_key(self) -> tuple[object, ...]:
        """File, place, code, then words: the one order in which findings are shown."""
        place = self.position or Position(0, 0)
        return (self.path, place, self.code, tuple(str(step) for step in self.field), self.message)

    def placed(self, position: Position | None) -> Finding:
        """The same finding at `position`, or so many lines below it."""
        if position is not None and self.lines_below:
            position = Position(position.line + self.lines_below, 1)
        return replace(self, position=position)


@dataclass(frozen=True, slots=True)
class Spot:
    """What a check yields: a fault at a place in one record; the runner adds rule and path."""

    message: str
    field: FieldPath = ()
    help: str | None = None
    fix: Fix | None = None
    at_key: bool = False
    lines_below: int = 0

    def finding(self, rule: Rule, path: str) -> Finding:
        """The finding of `rule` in the file `path`."""
        return Finding(rule, path, self.message, self.field, self.help, self.fix, None, self.at_key, self.lines_below)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings sorted for showing, exact duplicates dropped."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.sort_key))


def cut(text: str, limit: int = 40) -> str:
    """`text` cut to `limit` characters for a message, so that a hostile scalar can't flood the screen."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
