"""Rewrites the text of a page for an article: links, images, shortcodes and call-outs. Code is not changed."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from itsm_as_code.importers.callouts import with_callouts
from itsm_as_code.importers.prose import blocks, plain

if TYPE_CHECKING:
    from itsm_as_code.importers.links import Links

_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_REF = re.compile(r"\{\{[<%]\s*(?:rel)?ref\s+(?:path=)?[\"'`]?([^\"'`\s>%}]+)[\"'`]?[^{}]*[>%]\}\}")
_PAIRED = re.compile(
    r"^\s*\{\{[<%]\s*/?(?:hint|notice|details|alert|callout|tabs?|columns|expand|admonition)\b[^{}]*[>%]\}\}\s*$"
)
_SHORTCODE = re.compile(r"\{\{[<%]\s*/?[\w./-]+[^{}]*[>%]\}\}")
_LINK = re.compile(
    r"(!?)\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"\(\s*(<[^<>\n]*>|[^()\s]+(?:\([^()\s]*\)[^()\s]*)*)(\s+[\"'(][^\n]*?[\"')])?\s*\)"
)
_DEFINITION = re.compile(r"^( {0,3}\[[^\]^][^\]]*\]:[ \t]*)(<[^<>\n]*>|\S+)(.*)$", re.MULTILINE)
_FIRST_HEADING = re.compile(r"\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)|\s*(\S.*)\n=+[ \t]*(?:\n|\Z)")
_OUTSIDE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|#)", re.IGNORECASE)


def rewritten(body: str, title: str, page: str, links: Links) -> str:
    """Returns the body with links to articles, call-outs in our form, and without the title as first heading."""
    lines = with_callouts(_without_title(body, title).split("\n"), links.losses)
    return "\n".join(block if is_code else _Prose(page, links).rewritten(block) for is_code, block in blocks(lines))


def _without_title(body: str, title: str) -> str:
    match = _FIRST_HEADING.match(body)
    heading = (match[1] or match[2]) if match else ""
    return body[match.end() :] if match and plain(heading).casefold() == title.casefold() else body


class _Prose:
    """One piece of prose of one page."""

    def __init__(self, page: str, links: Links) -> None:
        self._page, self._links, self._losses = page, links, links.losses
        self._spans: list[str] = []

    def rewritten(self, block: str) -> str:
        """Returns the piece with its links and shortcodes rewritten. Code spans are hidden meanwhile."""
        kept = [_CODE_SPAN.sub(self._hide, line) for line in block.split("\n") if not self._is_frame(line)]
        text = _REF.sub(lambda match: self._links.by_name(match[1], self._page) or match[0], "\n".join(kept))
        for match in _SHORTCODE.finditer(text):
            self._losses.noted("body", "A shortcode of Hugo: it is shown as it is written.", match[0])
        text = _DEFINITION.sub(self._definition, _LINK.sub(self._link, text))
        return re.sub("\0(\\d+)\0", lambda match: self._spans[int(match[1])], text)

    def _hide(self, match: re.Match[str]) -> str:
        self._spans.append(match[0])
        return f"\0{len(self._spans) - 1}\0"

    def _is_frame(self, line: str) -> bool:
        found = _PAIRED.match(line) is not None
        if found:
            self._losses.cleaned("body", "A shortcode of Hugo around a text was removed; the text stays.", line.strip())
        return found

    def _link(self, match: re.Match[str]) -> str:
        bang, target, title = match[1], match[3].strip("<>"), match[4] or ""
        label = _LINK.sub(self._link, match[2])
        if bang:
            return self._image(match[0], label, target)
        if _OUTSIDE.match(target) or "{{" in target or self._links.is_article(target):
            return f"[{label}]({match[3]}{title})"
        found = self._links.find(target, self._page)
        if found is None:
            self._losses.dropped("body", "A link to a file that is not an article: its text was kept.", target)
            return label
        return f"[{label}]({found}{title})"

    def _image(self, whole: str, label: str, target: str) -> str:
        if _OUTSIDE.match(target):
            self._losses.noted("body", "An image of another site, which is not shown.", target)
            return whole
        self._losses.dropped("body", "An image: its description stands in its place.", target)
        return f"*({label.strip() or posixpath.basename(target)})*"

    def _definition(self, match: re.Match[str]) -> str:
        target = match[2].strip("<>")
        if _OUTSIDE.match(target) or self._links.is_article(target):
            return match[0]
        found = self._links.find(target, self._page)
        if found is None:
            self._losses.dropped("body", "A link to a file that is not an article: its text was kept.", target)
            return ""
        return f"{match[1]}{found}{match[3]}"
