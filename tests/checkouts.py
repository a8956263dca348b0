"""Checkouts for tests: a folder, and a clock that stands still."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.store.snapshot import TreeSnapshot


def checkout_at(root: Path, now: datetime, start: Path | None = None) -> Checkout:
    """The checkout of the workspace in `root`, with nobody's keys at hand."""
    return Checkout.of(root, start or root, now, root / "no-home")


def anew(checkout: Checkout) -> Checkout:
    """The same checkout, of which nothing is read yet: as the next command opens it."""
    return checkout_at(checkout.root, checkout.now, checkout.start)


def checkout_over(snapshot: TreeSnapshot, now: datetime) -> Checkout:
    """A checkout of records in memory: there is neither a folder nor a clone behind it."""
    return checkout_at(Path("/nowhere/at/all"), now)._with(here=snapshot, files=snapshot.tree)
