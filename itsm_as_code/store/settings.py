"""itsm.yaml as written: what a step changes in it and what people approve of it."""

from __future__ import annotations

from typing import Any

from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.store.reader import read_yaml
from itsm_as_code.store.tree import Mode, Tree


def settings_data(tree: Tree) -> dict[str, Any] | None:
    """The data of itsm.yaml, or None where it is missing or can't be read."""
    entry = tree.entry(SETTINGS_PATH)
    return read_yaml(tree.read(SETTINGS_PATH)).data if entry is not None and entry.mode is Mode.FILE else None
