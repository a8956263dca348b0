"""Colours code: tokens of Pygments become spans with a few classes, never inline styles."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pygments.lexer import Lexer

LONGEST = 20_000
"""Code with more characters is not coloured."""

_CLASSES = {
    "Comment": "c",
    "Keyword": "k",
    "Literal.String": "s",
    "Literal.Number": "m",
    "Name.Function": "nf",
    "Name.Class": "nf",
    "Name.Builtin": "nb",
    "Name.Tag": "nt",
    "Name.Attribute": "na",
    "Name.Variable": "nv",
    "Generic.Prompt": "gp",
    "Generic.Output": "go",
    "Generic.Inserted": "gi",
    "Generic.Deleted": "gd",
    "Generic.Heading": "nf",
}


def highlight(code: str, language: str) -> str:
    """Returns `code` as HTML: escaped, and coloured if Pygments knows the language. Cached by language and content."""
    lexer = _lexer(language) if language and len(code) <= LONGEST else None
    return _coloured(code, language) if lexer is not None else escape(code, quote=False)


@lru_cache(maxsize=4096)
def _coloured(code: str, language: str) -> str:
    lexer = _lexer(language)
    assert lexer is not None
    parts: list[str] = []
    pending, css = "", ""
    for kind, text in lexer.get_tokens(code):
        own = _class(kind)
        if own != css:
            parts.append(_span(pending, css))
            pending, css = "", own
        pending += text
    parts.append(_span(pending, css))
    return "".join(parts)


def _span(text: str, css: str) -> str:
    words = escape(text, quote=False)
    return f'<span class="{css}">{words}</span>' if css and text.strip() else words


@lru_cache(maxsize=1024)
def _class(kind: Any) -> str:
    names = list(kind)
    while names:
        css = _CLASSES.get(".".join(names))
        if css is not None:
            return css
        names.pop()
    return ""


@lru_cache(maxsize=256)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
