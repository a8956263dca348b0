"""An article's text cut into front matter and body, and put together again to the byte."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

_FENCED: Final = re.compile(r"(---[ \t]*\r?\n)(.*?)(^---[ \t]*(?:\r?\n|\Z))(.*)\Z", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parts:
    """`fields` is the YAML; `opening` and `closing` are its fences, empty for a record without a body."""

    opening: str
    fields: str
    closing: str
    body: str

    @property
    def is_article(self) -> bool:
        """Whether there is a body beside the fields."""
        return bool(self.closing)

    @property
    def text(self) -> str:
        """The whole text."""
        return self.opening + self.fields + self.closing + self.body

    def with_fields(self, fields: str) -> Parts:
        """The same body below other fields."""
        return replace(self, fields=fields)

    def with_body(self, body: str) -> Parts:
        """The same fields above another body."""
        closing = self.closing if self.closing.endswith("\n") else self.closing + "\n"
        return replace(self, closing=closing, body=body)


def split(text: str) -> Parts:
    """Front matter stands between two lines `---`, the first of them at the top; all else is a record."""
    match = _FENCED.match(text)
    return Parts(*match.groups()) if match else Parts("", text, "", "")
