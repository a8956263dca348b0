"""The machine: its rules are the moves of people. The board holds what happens against the model."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.approvals.machine.moves_changes import Changes
from tests.approvals.machine.moves_emergencies import Emergencies
from tests.approvals.machine.moves_guarded import Guarded
from tests.approvals.machine.moves_rights import Rights


class Machine(Changes, Emergencies, Guarded, Rights):
    """Everybody, and time."""

    @rule(hours=st.sampled_from((0.1, 0.2, 1, 5, 12, 24, 30, 73)))
    def wait(self, hours: float) -> None:
        """Time goes by."""
        self.board.now += timedelta(hours=hours)
