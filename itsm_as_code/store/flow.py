"""Edits entries between brackets or braces (flow style), on one line or on several."""

from __future__ import annotations

import re
from dataclasses import dataclass

from itsm_as_code.domain.edit import Plain
from itsm_as_code.store import scalar
from itsm_as_code.store.emit import flow
from itsm_as_code.store.nodes import Node, NodeEntry
from itsm_as_code.store.source import Source, Splice

_COMMA = re.compile(r"(?:[ \t\r\n]|#[^\n]*\n)*,")
_REST_OF_LINE = re.compile(r",?[ \t]*(?:#[^\n]*)?\r?\n")


@dataclass(frozen=True, slots=True)
class FlowEdits:
    """Makes the splices for edits of one text."""

    source: Source

    def insert(self, parent: Node, index: int, item: str) -> list[Splice]:
        """Inserts an item or pair, written in flow style, before the one at `index`."""
        if parent.implicit:
            braces = [Splice(parent.start, parent.start, "{"), Splice(parent.end, parent.end, f", {item}}}")]
            if index == 0:
                braces = [
                    Splice(parent.start, parent.start, f"{{{item}, "),
                    Splice(parent.end, parent.end, "}"),
                ]
            return braces
        if not parent.entries:
            return [Splice(parent.start + 1, parent.end - 1, item)]
        if index < len(parent.entries):
            at = parent.entries[index].start
            return [Splice(at, at, item + self._separator(at))]
        return self._append(parent, item)

    def remove(self, parent: Node, index: int) -> list[Splice]:
        """Removes an item or pair that is not the only one of its collection."""
        entry = parent.entries[index]
        start, end = entry.start, entry.value.end
        rest = _REST_OF_LINE.match(self.source.text, self._behind_comma(end, parent.end))
        if self.source.begins_line(start) and rest:
            return [Splice(self.source.line_start(self.source.line_of(start)), rest.end())]
        if index + 1 < len(parent.entries):
            return [Splice(start, parent.entries[index + 1].start)]
        before = parent.entries[index - 1].value.end
        if "\n" in self.source.text[before:start]:
            return [Splice(start, self._behind_comma(end, parent.end))]
        return [Splice(before, end)]

    def replace(self, entry: NodeEntry, value: Plain) -> list[Splice]:
        """Replaces the value of an item or pair."""
        old = entry.value
        text = flow(value)
        if isinstance(value, str) and old.style in ('"', "'"):
            text = (scalar.single_quoted(value) if old.style == "'" else None) or scalar.double_quoted(value)
        if old.is_empty and entry.key is not None:
            colon = ": " if entry.mark == entry.key.end else " "
            return [Splice(entry.mark, old.end, colon + text)]
        return [Splice(old.start, old.end, text)]

    def _append(self, parent: Node, item: str) -> list[Splice]:
        """Appends an item. It gets its own line if the last item has one."""
        last = parent.entries[-1]
        end = last.value.end
        behind = self._behind_comma(end, parent.end)
        comma = "" if behind > end else ","
        separator = self._separator(last.start).removeprefix(",")
        line = self.source.line_of(behind)
        if separator == " " or line == self.source.line_of(parent.end):
            return [Splice(end, end, f",{separator}{item}")]
        at = self.source.line_stop(line)
        own = separator + item + ("" if comma else ",")
        return [Splice(end, end, comma), Splice(at, at, own)]

    def _separator(self, start: int) -> str:
        """Returns the text between items. The layout of the item at `start` decides."""
        if self.source.begins_line(start):
            return "," + self.source.line_end + " " * self.source.column(start)
        return ", "

    def _behind_comma(self, end: int, limit: int) -> int:
        """Returns the offset after the comma that follows an item, or `end` if no comma follows."""
        comma = _COMMA.match(self.source.text, end, limit)
        return comma.end() if comma else end
