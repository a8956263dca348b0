"""Defines faults: errors in the text of a file whose path is not known yet."""

from __future__ import annotations

from dataclasses import dataclass, replace

from itsm_as_code.domain.finding import FieldPath, Finding, Position, cut
from itsm_as_code.domain.rule import Rule


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding without a path. `position` is None if only the field is known; `store.locate` finds it later."""

    rule: Rule
    message: str
    position: Position | None = None
    field: FieldPath = ()
    help: str | None = None
    at_key: bool = False

    def finding(self, path: str) -> Finding:
        """Returns this fault as a finding in the file `path`."""
        return Finding(
            rule=self.rule,
            path=path,
            message=self.message,
            field=self.field,
            help=self.help or self.rule.fix,
            position=self.position,
            at_key=self.at_key,
        )

    def moved(self, lines: int) -> Fault:
        """Returns this fault, moved down by `lines`. It is used for text that is a part of a file."""
        if self.position is None:
            return self
        return replace(self, position=Position(self.position.line + lines, self.position.column))


def position_at(text: str, offset: int) -> Position:
    """Returns the line and column (from 1) of the character at `offset` in `text`. Only LF ends a line."""
    return Position(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def shown(text: str) -> str:
    """Returns `text` for a message: on one line, shortened, and without characters that control a terminal."""
    return cut("".join(char if char.isprintable() else ascii(char)[1:-1] for char in text[:80]))
