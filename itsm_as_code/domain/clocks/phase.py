"""Defines the phases of a clock: what it does while time passes."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """What a clock does while time passes."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


ENDED = (Phase.STOPPED, Phase.CANCELLED)
