"""Turns Markdown into safe HTML: cmark-gfm without raw HTML, our links and headings, then the allow-list.

docs/adr/2026-11-21-markdown-renderer.md says why cmark-gfm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING

from itsm_as_code.domain.ids import ATTACHMENTS
from itsm_as_code.site.address import href
from itsm_as_code.site.headings import Heading, Headings
from itsm_as_code.site.highlight import highlight
from itsm_as_code.site.references import TICKET_ID
from itsm_as_code.site.sanitise import sanitise

if TYPE_CHECKING:
    from itsm_as_code.site.references import References

DEEPEST = 80
"""A text with more nested elements is shown as it was written, because sanitising is quadratic in the depth."""

_CODE = re.compile(r'<pre><code(?: class="language-([^"]*)")?>(.*?)</code></pre>', re.DOTALL)
_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)([^<>]*)>|([^<]+|<)")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_ALERT = re.compile(r"^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(\n|$)")
_OWN_ANCHOR = re.compile(r' href="#(h-[^"]*)"')
_ATTACHED = href(f"{ATTACHMENTS}/")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_VOID = frozenset({"br", "hr", "img", "input"})


@dataclass(frozen=True, slots=True)
class Text:
    """A rendered text: safe HTML, and its headings in order."""

    html: str
    headings: tuple[Heading, ...] = ()


class Markdown:
    """Renders the Markdown of one site, each different text once."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._seen: dict[tuple[str, str, bool], Text] = {}

    def article(self, source: str, folder: str) -> Text:
        """Renders the body of an article: headings become anchors, footnotes are allowed."""
        return self._render(source, folder, whole=True)

    def note(self, source: str, folder: str) -> Text:
        """Renders a short text. A page may show many of them, so headings become bold lines and ids stay unique."""
        return self._render(source, folder, whole=False)

    def _render(self, source: str, folder: str, *, whole: bool) -> Text:
        key = (source, folder, whole)
        if key not in self._seen:
            self._seen[key] = _Pass(self._references, folder, whole).run(source)
        return self._seen[key]


def _to_html(source: str, *, footnotes: bool) -> str:
    import cmarkgfm  # type: ignore[import-untyped]  # it ships no stubs

    options = cmarkgfm.Options.CMARK_OPT_FOOTNOTES if footnotes else 0
    html: str = cmarkgfm.markdown_to_html_with_extensions(
        source, options=options, extensions=["table", "strikethrough", "autolink", "tasklist"]
    )
    return html


class _Pass:
    """One pass over cmark's HTML. That HTML is regular: attributes are quoted, text is escaped, there is no raw
    HTML."""

    def __init__(self, references: References, folder: str, whole: bool) -> None:
        self.references, self.folder, self.whole = references, folder, whole
        self.out: list[str] = []
        self.open: list[str] = []
        self.headings = Headings()
        self.heading_at = self.quote_at = 0
        self.tables = 0
        self.pending_alert = False

    def run(self, source: str) -> Text:
        html = _to_html(source, footnotes=self.whole)
        pieces = _CODE.split(html)
        for index in range(0, len(pieces), 3):
            for match in _TOKEN.finditer(pieces[index]):
                self._token(match)
                if len(self.open) > DEEPEST:
                    return Text(f"<pre>{escape(source, quote=False)}</pre>")
            if index + 2 < len(pieces):
                self.out.append(_listing(unescape(pieces[index + 2]), unescape(pieces[index + 1] or "")))
        return Text(
            self._without_dead_anchors(sanitise("".join(self.out).replace("<p></p>\n", ""))), tuple(self.headings.found)
        )

    def _token(self, match: re.Match[str]) -> None:
        closing, tag, rest, text = match.groups()
        if text is not None:
            self._text(text)
        elif closing:
            self._close(tag)
        else:
            self._open(tag, dict(_ATTRIBUTE.findall(rest)))

    def _text(self, text: str) -> None:
        if self.pending_alert and text.strip():
            text = self._alert(text)
        if "-" in text and "a" not in self.open and "code" not in self.open:
            text = TICKET_ID.sub(self._mention, text)
        self.out.append(text)

    def _mention(self, match: re.Match[str]) -> str:
        target = self.references.mention(match[0])
        return f'<a class="id" href="{target}">{match[0]}</a>' if target is not None else match[0]

    def _alert(self, text: str) -> str:
        """Turns the block quote that was just opened into an alert, if its text starts with `[!NOTE]` or the like."""
        self.pending_alert = False
        kind = _ALERT.match(text)
        if kind is None:
            return text
        quote = len(self.open) - 2 if self.open[-1] == "p" else -1
        self.open[quote] = "alert"
        name = kind[1].lower()
        self.out[self.quote_at :] = [
            f'<div class="alert alert-{name}" role="note"><p class="alert-title">{name.capitalize()}</p>', "<p>"
        ]  # fmt: skip
        return text[kind.end() :]

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "blockquote":
            self.quote_at = len(self.out)
        self.pending_alert = tag == "blockquote" or (tag == "p" and self.pending_alert)
        if tag[0] == "h" and tag[1:].isdigit():
            self.heading_at = len(self.out)
        else:
            self.out.append(self._tag(tag, attributes))

    def _tag(self, tag: str, attributes: dict[str, str]) -> str:
        if tag == "a" and not {"id", "class"} & attributes.keys():  # cmark writes these for footnotes only.
            return self._link(attributes)
        if tag == "img":
            return self._image(attributes)
        if tag == "input":
            box, words = ("☑", "Done:") if "checked" in attributes else ("☐", "To do:")
            return f'<span class="task" aria-hidden="true">{box}</span><span class="unseen">{words}</span>'
        if tag == "table":
            self.tables += 1
            return f'<div class="scroll" tabindex="0" role="group" aria-label="Table {self.tables}"><table>'
        if "align" in attributes:
            return f'<{tag} class="{attributes["align"]}">'
        return f"<{tag}{''.join(f' {name}={chr(34)}{value}{chr(34)}' for name, value in attributes.items())}>"

    def _link(self, attributes: dict[str, str]) -> str:
        target = self.references.target(unescape(attributes.get("href", "")), self.folder)
        title = f' title="{attributes["title"]}"' if "title" in attributes else ""
        return f'<a href="{escape(target)}"{title}>' if target is not None else "<a>"

    def _image(self, attributes: dict[str, str]) -> str:
        """Shows attached pictures. A picture from another host would be a third-party request, so it becomes a link."""
        alt = attributes.get("alt") or "picture"
        target = self.references.target(unescape(attributes.get("src", "")), self.folder)
        if target is not None and target.startswith(_ATTACHED) and target.endswith(_PICTURES):
            return f'<img src="{escape(target)}" alt="{attributes.get("alt", "")}" loading="lazy">'
        if target is None or target.startswith(("#", "@/")) or "a" in self.open:
            return f'<span class="picture">[{alt}]</span>'
        return f'<a class="picture" href="{escape(target)}">[{alt}]</a>'

    def _close(self, tag: str) -> None:
        opened = self.open.pop() if self.open else tag
        if tag[0] == "h" and tag[1:].isdigit():
            self._heading(int(tag[1:]))
        elif tag == "table":
            self.out.append("</table></div>")
        else:
            self.out.append("</div>" if opened == "alert" else f"</{tag}>")

    def _heading(self, level: int) -> None:
        inner = "".join(self.out[self.heading_at :])
        del self.out[self.heading_at :]
        if not self.whole:
            self.out.append(f'<p class="heading"><strong>{inner}</strong></p>')
            return
        shown = self.headings.add(level, unescape(_TAG.sub("", inner)).strip())
        self.out.append(f'<h{shown.level} id="{escape(shown.anchor)}">{inner}</h{shown.level}>')

    def _without_dead_anchors(self, html: str) -> str:
        anchors = {heading.anchor for heading in self.headings.found}
        return _OWN_ANCHOR.sub(lambda match: match[0] if unescape(match[1]) in anchors else "", html)


def _listing(code: str, info: str) -> str:
    language = info.split(maxsplit=1)[0] if info.strip() else ""
    wide = max(map(len, code.splitlines()), default=0) > 30
    label = f'<span class="language">{escape(language)}</span>' if language else ""
    return (
        f'<div class="code">{label}<pre{" tabindex=0" if wide else ""}><code>'
        f"{highlight(code, language)}</code></pre></div>"
    )
