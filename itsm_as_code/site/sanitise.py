"""Passes the HTML of the Markdown renderer through an allow-list of tags, attributes and schemes, as a second
defence."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import nh3

SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_TAGS = frozenset(
    {"a", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p"}
    | {"pre", "section", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"}
)
_ATTRIBUTES = {
    "a": {"href", "title", "class", "id", "aria-label"},
    "img": {"src", "alt", "loading"},
    "ol": {"start"},
    "li": {"id", "class"},
    "div": {"class", "aria-label"},
    **{tag: {"id"} for tag in ("h2", "h3", "h4", "h5", "h6")},
    **{tag: {"class"} for tag in ("p", "span", "code", "section", "sup", "th", "td")},
}
_VALUES = {
    "pre": {"tabindex": {"0"}},
    "div": {"tabindex": {"0"}, "role": {"group", "note"}},
    "span": {"aria-hidden": {"true"}},
}


@cache
def _cleaner() -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags={"script", "style"},
        attributes=_ATTRIBUTES,
        tag_attribute_values=_VALUES,
        url_schemes=set(SCHEMES),
        link_rel="noopener",
    )


def sanitise(html: str) -> str:
    """Returns `html` with everything outside the allow-list removed. Links get `rel=noopener`."""
    return _cleaner().clean(html)
