"""Cleans, wraps and colours lines for a terminal or a pipe. No other module does this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from itsm_as_code.render.clean import clean, one_line
from itsm_as_code.render.line import Line, Span, Tone
from itsm_as_code.render.wrap import rows


@dataclass(frozen=True, slots=True)
class Screen:
    """What lines are shown on, with or without colours, and its width. Without a `width`, lines are not wrapped."""

    colour: bool = False
    width: int | None = None

    def shown(self, line: Line) -> str:
        """Returns the line as it is printed, in several rows if it is wider than the screen."""
        spans = [Span((clean if line.fixed else one_line)(span.text), span.tone) for span in line.spans]
        text = "".join(span.text for span in spans)
        if self.width is None or line.fixed:
            return self._painted(spans, 0, len(text))
        told = [
            " " * row.indent + self._painted(spans, row.start, row.end) + row.joint
            for row in rows(text, self.width, line.hang)
        ]
        return "\n".join(told)

    def text(self, lines: Iterable[Line]) -> str:
        """Returns several lines as one text."""
        return "\n".join(self.shown(line) for line in lines)

    def _painted(self, spans: Iterable[Span], start: int, end: int) -> str:
        return "".join(self._coloured(span) for span in _cut_out(spans, start, end))

    def _coloured(self, span: Span) -> str:
        if not self.colour or span.tone is Tone.PLAIN:
            return span.text
        return f"\x1b[{span.tone.value}m{span.text}\x1b[0m"


def _cut_out(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    """Yields the pieces of the spans that are between two places of their common text."""
    place = 0
    for span in spans:
        piece = span.text[max(start - place, 0) : max(end - place, 0)]
        place += len(span.text)
        if piece:
            yield Span(piece, span.tone)
