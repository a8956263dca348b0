"""Moves that change what everybody works by: the settings, and the files that forges and build servers run."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.approvals.machine.drafts import edited, signed
from tests.approvals.machine.model.reading import workflows
from tests.approvals.machine.place import Files
from tests.approvals.machine.players import Players, numbers, writers
from tests.approvals.records import Record


class Guarded(Players):
    """People who keep the place in order, and those who would like to."""

    @rule(
        writer=writers, what=st.sampled_from(("soon", "late", "late", "name", "another id")), number=numbers,
        luck=numbers,
    )  # fmt: skip
    def edit_settings(self, writer: str, what: str, number: int, luck: int) -> None:
        """The deadlines of reviews are set, or the name of the workspace, or its id."""
        record, twist = self.board.tip["itsm.yaml"], self._twist(number)
        ways: dict[str, Record] = {
            "soon": {"deadlines": {"post_review": "12h", "post_review_self_approved": "6h"}},
            "late": {"deadlines": {"post_review": "9d", "post_review_self_approved": "8d"}},
            "name": {"name": f"Machine {self.board.tried}"},
            "another id": {"id": "an0therw0rkspace"},
        }
        self._propose(edited(record, writer, twist, **ways[what]), writer, twist, luck)

    @rule(
        writer=writers, name=st.sampled_from((".github/workflows/check.yml", "Jenkinsfile", "CODEOWNERS")),
        words=st.sampled_from(("steps: []\n", "steps: [run]\n")), number=numbers, luck=numbers,
    )  # fmt: skip
    def edit_workflow(self, writer: str, name: str, words: str, number: int, luck: int) -> None:
        """A file that is run is written; sometimes it is what it was some time ago."""
        files: Files = {name: {"kind": "file", "content": words}}
        twist = self._twist(number)
        together = dict(workflows(self.board.tip | self.board.held | files))
        self._push(files | signed(self.board, together, writer, twist, luck), writer, twist)
