"""Reads a workspace's theme: templates and static files that take the place of ours. It follows no links.

A theme is code of the workspace. Its templates run in a sandbox, and a fault in them is the theme's, not ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.finding import cut
from itsm_as_code.domain.ids import THEME
from itsm_as_code.store.names import not_plain_below
from itsm_as_code.store.strict import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from jinja2 import BaseLoader

    from itsm_as_code.store.tree import Tree


def theme_loader(files: Tree) -> BaseLoader | None:
    """Returns a loader of the files below `theme/`, or None if there are none.

    Raises CouldNotCheck if something there is not a plain file: a site made without it would not be the theme's, and
    what a link leads to is not part of the workspace.
    """
    from jinja2 import FunctionLoader

    for fault in not_plain_below(files, THEME):
        hint = "put the file itself there, or remove it"
        raise CouldNotCheck(f"{fault.path} is not part of the site: {fault.message}", hint=hint)
    paths = {entry.path for entry in files.entries(THEME)}

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        path = f"{THEME}/{name}"
        return (_text(files, path), path, lambda: True) if path in paths else None

    return FunctionLoader(load) if paths else None


def _text(files: Tree, path: str) -> str:
    data = files.read(path)
    if len(data) > MAX_BYTES:
        raise CouldNotCheck(f"{path} has more than {MAX_BYTES:,} bytes", hint="make it smaller")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise CouldNotCheck(f"{path} is no text in UTF-8", hint="save it in UTF-8") from None


def theme_fault(error: Exception) -> CouldNotCheck | None:
    """Returns what is wrong with the theme, or None if the error does not come from one of its templates."""
    place = _place(error.__traceback__)
    if place is None:
        return None
    words = str(error).splitlines()[0] if str(error) else type(error).__name__
    return CouldNotCheck(f"{place}: {cut(words, 200)}", hint="correct the template, or remove it to use ours")


def _place(trace: TracebackType | None) -> str | None:
    """Returns the innermost place in a template of the theme. Jinja gives frames the names and lines of templates."""
    found = None
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        found = f"{name}:{trace.tb_lineno}" if name.startswith(f"{THEME}/") else found
        trace = trace.tb_next
    return found
