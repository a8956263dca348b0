"""What a command costs: how often it opens the repository, resolves base, reads settings, and which Git processes it
starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from itsm_as_code.app.checkout import clone
from itsm_as_code.git import command, repository
from itsm_as_code.store import settings, snapshot


@dataclass
class Costs:
    """What was counted. `parsed` is by tree, `git` what Git was asked, `running` the processes that have not ended."""

    opened: int = 0
    bases: int = 0
    snapshots: int = 0
    parsed: Counter[int] = field(default_factory=Counter)
    git: list[str] = field(default_factory=list)
    running: int = 0
    _trees: list[Any] = field(default_factory=list)

    @property
    def parsed_most(self) -> int:
        """How often the settings of one tree were parsed, at the most."""
        return max(self.parsed.values(), default=0)


@contextmanager
def counted() -> Iterator[Costs]:
    """Counts all that happens inside."""
    costs = Costs()
    with pytest.MonkeyPatch.context() as patch:
        _count_calls(costs, patch)
        _count_processes(costs, patch)
        yield costs


def _count_calls(costs: Costs, patch: pytest.MonkeyPatch) -> None:
    open_repository, find_base = repository.open_repository, clone.find_base
    read_settings, made = settings.read_settings, snapshot.TreeSnapshot.__init__

    def opening(*args: Any, **more: Any) -> Any:
        costs.opened += 1
        return open_repository(*args, **more)

    def finding(*args: Any) -> Any:
        costs.bases += 1
        return find_base(*args)

    def reading(tree: Any) -> Any:
        costs._trees.append(tree)  # kept, so that no other tree gets its identity
        costs.parsed[id(tree)] += 1
        return read_settings(tree)

    def making(self: Any, *args: Any, **more: Any) -> None:
        costs.snapshots += 1
        made(self, *args, **more)

    patch.setattr(repository, "open_repository", opening)
    patch.setattr(clone, "find_base", finding)
    patch.setattr(snapshot, "read_settings", reading)
    patch.setattr(snapshot.TreeSnapshot, "__init__", making)


def _count_processes(costs: Costs, patch: pytest.MonkeyPatch) -> None:
    execute, batch, end = command._execute, command.batch, command.Batch.end

    def executing(asked: list[str], *args: Any) -> Any:
        costs.git.append(" ".join(asked))
        return execute(asked, *args)

    def starting(asked: Any, **more: Any) -> Any:
        costs.git.append(" ".join(asked))
        costs.running += 1
        return batch(asked, **more)

    def ending(self: command.Batch) -> None:
        costs.running -= 1
        end(self)

    patch.setattr(command, "_execute", executing)
    patch.setattr("itsm_as_code.git.objects.batch", starting)
    patch.setattr(command.Batch, "end", ending)
