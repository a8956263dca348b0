"""Rewrites call-outs of MkDocs (`!!! note`), Docusaurus (`:::note`) and docsify (`?> …`) to the form that GitHub
shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.importers.loss import Losses

_MKDOCS = re.compile(r"^([ \t]*)(?:!!!|\?\?\?\+?)[ \t]+([\w-]+)(?:[ \t]+\"([^\"]*)\")?[ \t]*$")
_COLONS = re.compile(r"^:::+[ \t]*([a-z]+)(?:\[([^\]]*)\]|[ \t]+(.*?))?[ \t]*$")
_DOCSIFY = re.compile(r"^(\?>|!>)[ \t]+(.*)$")
_ALERTS = {
    "note": "NOTE", "info": "NOTE", "abstract": "NOTE", "example": "NOTE", "quote": "NOTE", "question": "NOTE",
    "tip": "TIP", "hint": "TIP", "success": "TIP", "important": "IMPORTANT", "attention": "WARNING",
    "warning": "WARNING", "failure": "WARNING", "bug": "WARNING", "caution": "CAUTION", "danger": "CAUTION",
    "error": "CAUTION",
}  # fmt: skip
_WHY = "A call-out of a site generator, written as a quotation."


def with_callouts(lines: list[str], losses: Losses) -> list[str]:
    """Returns the lines with call-outs as quotations that begin with `[!NOTE]` or the like. Code is not changed."""
    out: list[str] = []
    index, fence = 0, ""
    while index < len(lines):
        line = lines[index]
        mark = re.match(r"^[ \t]*(```+|~~~+)", line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        taken, quoted = (0, []) if fence or mark else _callout(lines, index)
        if taken:
            losses.cleaned("body", _WHY, line.strip())
            out += quoted
            index += taken
        else:
            out.append(line)
            index += 1
    return out


def _callout(lines: list[str], index: int) -> tuple[int, list[str]]:
    """Returns how many lines the call-out at `index` has, and what to write for them; 0 if there is none."""
    line = lines[index]
    if match := _MKDOCS.match(line):
        return _indented(lines, index, match)
    if (match := _COLONS.match(line)) and match[1] in _ALERTS:
        end = next((i for i in range(index + 1, len(lines)) if lines[i].strip() == ":::"), None)
        if end is not None:
            return end - index + 1, _quoted(match[1], match[2] or match[3] or "", lines[index + 1 : end])
    if match := _DOCSIFY.match(line):
        return 1, _quoted("tip" if match[1] == "?>" else "important", "", [match[2]])
    return 0, []


def _indented(lines: list[str], index: int, match: re.Match[str]) -> tuple[int, list[str]]:
    indent = match[1] + "    "
    end = index + 1
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith((indent, match[1] + "\t"))):
        end += 1
    inner = [line.removeprefix(indent).removeprefix(match[1] + "\t") for line in lines[index + 1 : end]]
    while inner and not inner[-1].strip():
        inner.pop()
    quoted = [match[1] + line for line in _quoted(match[2].lower(), match[3] or "", inner)]
    return end - index, [*quoted, ""]


def _quoted(word: str, title: str, inner: list[str]) -> list[str]:
    head = [f"> [!{_ALERTS.get(word, 'NOTE')}]", *([f"> **{title.strip()}**", ">"] if title.strip() else [])]
    return [*head, *(f"> {line}".rstrip() for line in inner)]
