"""Reads the itsm.yaml of a tree: its data as written, the settings, and the findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.validation_errors import spots_of
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.settings import SETTINGS_PATH, Settings
from itsm_as_code.store.reader import read_yaml
from itsm_as_code.store.tree import Mode, Tree

if TYPE_CHECKING:
    from itsm_as_code.domain.finding import Finding


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """The content of itsm.yaml. `data` is None if it can't be read. `settings` are defaults if there are findings."""

    data: dict[str, Any] | None
    settings: Settings
    findings: tuple[Finding, ...]


def read_settings(tree: Tree) -> SettingsFile:
    """Reads the settings of a tree. Raises CouldNotCheck if there is no itsm.yaml."""
    from pydantic import ValidationError

    if not has_settings(tree):
        raise CouldNotCheck(
            f"{tree.label} has no {SETTINGS_PATH}",
            hint="`itsm init` makes a workspace; -C DIR names the folder of an existing one",
        )
    read = read_yaml(tree.read(SETTINGS_PATH))
    if read.faults or read.data is None:
        return SettingsFile(read.data, _defaults(), tuple(fault.finding(SETTINGS_PATH) for fault in read.faults))
    try:
        return SettingsFile(read.data, Settings.model_validate(read.data), ())
    except ValidationError as error:
        spots = spots_of(error, Settings, read.data)
        findings = tuple(spot.finding(rule, SETTINGS_PATH) for rule, spot in spots)
        return SettingsFile(read.data, _defaults(), findings)


def has_settings(tree: Tree) -> bool:
    """Tells whether the tree has an itsm.yaml that is a plain file."""
    entry = tree.entry(SETTINGS_PATH)
    return entry is not None and entry.mode is Mode.FILE


def _defaults() -> Settings:
    return Settings.model_validate({"name": "unreadable settings", "id": "0" * 8, "schema": 1})
