"""Colour for terminals, decided per stream; plain text where there is none."""

from __future__ import annotations

from dataclasses import dataclass

from itsm_as_code.domain.rule import Severity

_LEVELS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTICE: "1;36"}


@dataclass(frozen=True, slots=True)
class Style:
    """Wraps text in SGR codes, or not."""

    colour: bool = False

    def _wrap(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def level(self, severity: Severity, text: str) -> str:
        """In the colour of a severity."""
        return self._wrap(_LEVELS[severity], text)

    def strong(self, text: str) -> str:
        """What the eye should find first."""
        return self._wrap("1", text)

    def faint(self, text: str) -> str:
        """What only gives context."""
        return self._wrap("2", text)

    def hint(self, text: str) -> str:
        """The way out."""
        return self._wrap("32", text)

    def bad(self, text: str) -> str:
        """Something that went wrong."""
        return self._wrap("1;31", text)

    def warm(self, text: str) -> str:
        """Something that needs attention soon."""
        return self._wrap("1;33", text)
