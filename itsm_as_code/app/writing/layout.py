"""`itsm fmt`: gives files the canonical layout. It shows the changes before it writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from itsm_as_code.app.checking.files import inside, nothing_among
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.writing.rewritten import RewrittenFile
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.ids import RECORDS, parse_path
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.domain.shape import key_order_at
from itsm_as_code.store.tree import Mode, Tree


def layout(checkout: Checkout, files: Sequence[str]) -> tuple[tuple[RewrittenFile, ...], tuple[str, ...]]:
    """Returns the files that `fmt` would write, and those that it leaves alone because they can't be read."""
    from itsm_as_code.store.layout import canonical

    tree = checkout.files
    changed, left = [], []
    for path in _files(checkout.root, checkout.start, files, tree):
        before = tree.read(path)
        try:
            after = canonical(before, order=key_order_at(path))
        except CouldNotCheck as fault:
            left.append(f"{path}: {fault.message}")
            continue
        if after != before:
            changed.append(RewrittenFile(path, before, after))
    return tuple(changed), tuple(left)


def _files(root: Path, start: Path, files: Sequence[str], tree: Tree) -> list[str]:
    if files:
        named = dict.fromkeys(inside(root, start, files, tree))
        found = [path for path in named if path == SETTINGS_PATH or parse_path(path)]
        if not found:
            raise nothing_among(root, files)
        return found
    return [SETTINGS_PATH, *(e.path for e in tree.entries(RECORDS) if e.mode is Mode.FILE and parse_path(e.path))]
