"""Worlds with keys, and people who sit down at the checkout of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from itsm_as_code.app.checkout.checkout import Checkout
from tests.app.approvals.worlds import Local, keys, local, local_once, memory
from tests.approvals.records import Record, change

__all__ = ["keys", "local", "local_once", "memory"]

Sit = Callable[[str], Checkout]
"""Opens the checkout for a person, by name."""


@pytest.fixture
def sit(local: Local, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sit]:
    """Sits people down at the checkout: their Git identity, their keys. What was opened is closed after the test."""
    opened: list[Checkout] = []

    def sitting(name: str) -> Checkout:
        monkeypatch.setenv("GIT_AUTHOR_EMAIL", f"{name}@example.org")
        opened.append(local.seat(name))
        return opened[-1]

    yield sitting
    for each in opened:
        each.close()


@pytest.fixture
def record(local: Local) -> Record:
    """A change that ana has scheduled and proposed on her branch."""
    local.git("switch", "--quiet", "-c", "proposal")
    record = change()
    local.put(record)
    local.act("ana", "proposed", record)
    local.commit()
    return record
