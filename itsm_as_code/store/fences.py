"""Splits the text of an article into front matter and body, and joins them again without changing a byte."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

_FENCED: Final = re.compile(r"(---[ \t]*\r?\n)(.*?)(^---[ \t]*(?:\r?\n|\Z))(.*)\Z", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a text. `fields` is the YAML; `opening` and `closing` are the `---` lines, or "" without a body."""

    opening: str
    fields: str
    closing: str
    body: str

    @property
    def is_article(self) -> bool:
        """Tells whether the text has a body below the fields."""
        return bool(self.closing)

    @property
    def text(self) -> str:
        """Joins the parts to the whole text."""
        return self.opening + self.fields + self.closing + self.body

    def with_fields(self, fields: str) -> Parts:
        """Returns the same parts with other fields."""
        return replace(self, fields=fields)

    def with_body(self, body: str) -> Parts:
        """Returns the same parts with another body."""
        closing = self.closing if self.closing.endswith("\n") else self.closing + "\n"
        return replace(self, closing=closing, body=body)


def split(text: str) -> Parts:
    """Splits off the front matter between two lines `---`, the first at the top. Any other text is all fields."""
    match = _FENCED.match(text)
    return Parts(*match.groups()) if match else Parts("", text, "", "")
