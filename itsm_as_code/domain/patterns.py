"""Holds the patterns of text fields, in a form that Rust (pydantic), Python and ECMA-262 (JSON Schema) read alike.

The patterns do not use `\\s`, `\\d`, `\\S` and `.`, because these match different characters in each language. They do
not use lookarounds, which Rust does not have, or escapes that are not needed. All of them begin with `^` and end with
`$`, and none matches a line break.
"""

from __future__ import annotations

_BLANKS = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""The white space of Unicode, for use in a character class."""

LINE_PATTERN = rf"^[^{_BLANKS}]([^\n]*[^{_BLANKS}])?$"
"""Matches one line of text without blanks at its ends."""
URL_PATTERN = rf'^(https?://|mailto:|tel:)[^{_BLANKS}<>"]+$'
EMAIL_PATTERN = rf"^[^@{_BLANKS}<>]+@[^@{_BLANKS}<>]+$"
BRANCH_PATTERN = rf"^refs/heads/[^{_BLANKS}~^:?*\[\\]+$"
"""Matches the full name of a branch, such as refs/heads/main."""
