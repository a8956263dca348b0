"""Defines a finding: a fault in a record, as data. Findings are collected and sorted, and shown elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from itsm_as_code.domain.edit import Fix
from itsm_as_code.domain.rule import Rule, Severity

FieldPath = tuple[str | int, ...]
"""The place of a field in a record: keys and list indexes from 0, e.g. ("timeline", 3, "state")."""

MOST_OF_A_KIND = 100
"""How many faults of one kind are told of one file. More help nobody, and a file can be made that has very many."""


def dotted(field: FieldPath) -> str:
    """Writes a path for people, e.g. `timeline.1.by`. Lists count from 1, as in `itsm show` and `itsm log`."""
    return ".".join(str(step + 1 if isinstance(step, int) else step) for step in field)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A line and a column in a file. Both count from 1; columns count characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault: what is wrong (`message`), where, how to fix it (`help`), and maybe a `fix` that itsm can apply.

    `path` is relative to the workspace root, with forward slashes. For faults of the text, `position` is known at
    once; for others it is found from `field` after the checks. With `at_key`, the position is that of the key and not
    of the value. `lines_below` moves it down by lines within a text. A finding about a closed gate has its name in
    `gate`, and in `subject` the name that acts use.
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
    gate: str | None = None
    subject: str | None = None

    @property
    def code(self) -> str:
        """The code of the rule."""
        return self.rule.code

    @property
    def severity(self) -> Severity:
        """The severity of the rule."""
        return self.rule.severity

    @property
    def sort_key(self) -> tuple[object, ...]:
        """The order in which findings are shown: by file, place, code, field and message."""
        place = self.position or Position(0, 0)
        return (self.path, place, self.code, tuple(str(step) for step in self.field), self.message)

    def placed(self, position: Position | None) -> Finding:
        """Returns this finding at `position`, moved down by `lines_below`."""
        if position is not None and self.lines_below:
            position = Position(position.line + self.lines_below, 1)
        return replace(self, position=position)


@dataclass(frozen=True, slots=True)
class Spot:
    """A fault at a place in one record, as checks yield it. The runner adds the rule and the path."""

    message: str
    field: FieldPath = ()
    help: str | None = None
    fix: Fix | None = None
    at_key: bool = False
    lines_below: int = 0
    gate: str | None = None
    subject: str | None = None

    def finding(self, rule: Rule, path: str) -> Finding:
        """Returns a finding of `rule` in the file `path`."""
        return Finding(
            rule, path, self.message, self.field, self.help, self.fix, None, self.at_key, self.lines_below,
            self.gate, self.subject,
        )  # fmt: skip


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorts findings in the order in which they are shown, and drops exact duplicates."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.sort_key))


def cut(text: str, limit: int = 40) -> str:
    """Shortens `text` to `limit` characters, so that a hostile value can't flood the screen."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
