"""`itsm check`: checks a whole workspace as it is, every file of it. Checking never writes."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from itsm_as_code.app.checking.report import Report, finish
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.checks.registry import Context
from itsm_as_code.checks.run import check_attachment, check_record, check_whole
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.ids import RECORDS, THEME
from itsm_as_code.store.names import not_plain_below
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.tree import Tree


def check_workspace(checkout: Checkout) -> Report:
    """Checks every file of the workspace, by itself and together with all others."""
    return check_snapshot(checkout.lean, checkout.now)


def check_tree(tree: Tree, at: datetime) -> Report:
    """Checks every file of a workspace's tree, by itself and together with all others."""
    return check_snapshot(TreeSnapshot(tree), at)


def check_snapshot(snapshot: TreeSnapshot, at: datetime) -> Report:
    """Checks every record of a snapshot that has not been read yet, by itself and together with all others."""
    tree = snapshot.tree
    with _without_pauses():
        findings = [*snapshot.settings_findings, *snapshot.load_all()]
        ctx = Context(snapshot, at)
        for path, loaded in snapshot.loaded():
            findings += loaded.findings
            if loaded.record is not None:
                findings += check_record(loaded.record, path, ctx)
        nothing = not findings and not any(True for _ in snapshot.loaded())
        findings += check_whole(ctx)
        for attachment in snapshot.attachments():
            findings += check_attachment(attachment, ctx)
        findings += not_plain_below(tree, THEME)
        evaluated = Counter(loaded.kind for _, loaded in snapshot.loaded())
    if nothing:
        raise CouldNotCheck(
            f"there are no records under {RECORDS}/ in {tree.label}",
            hint="`itsm new` makes one; -C DIR names another workspace",
        )
    return finish(findings, evaluated, snapshot.settings, tree, at)


@contextmanager
def _without_pauses() -> Iterator[None]:
    """Pauses garbage collection while records are read: they live until the end, and scanning them takes a third of the
    time.

    What exists by then is never scanned for cycles.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
