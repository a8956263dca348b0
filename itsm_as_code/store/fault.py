"""A fault: what is wrong in the text of one file, before it is known what the file is called."""

from __future__ import annotations

from dataclasses import dataclass, replace

from itsm_as_code.domain.finding import FieldPath, Finding, Position, cut
from itsm_as_code.domain.rule import Rule


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding without a path. `position` is None where only the field is known (`store.locate` finds it)."""

    rule: Rule
    message: str
    position: Position | None = None
    field: FieldPath = ()
    help: str | None = None
    at_key: bool = False

    def finding(self, path: str) -> Finding:
        """The same fault as a finding in the file `path`."""
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
        """The same fault `lines` further down: for text that was cut out of a file."""
        if self.position is None:
            return self
        return replace(self, position=Position(self.position.line + lines, self.position.column))


def position_at(text: str, offset: int) -> Position:
    """The one-based line and column of the character at `offset` in `text`; lines end with LF alone."""
    return Position(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def shown(text: str) -> str:
    """`text` for a message: on one line, cut, and nothing in it that a terminal would act on."""
    return cut("".join(char if char.isprintable() else ascii(char)[1:-1] for char in text[:80]))
