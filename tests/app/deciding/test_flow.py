"""Decisions in their order, through a view of the test's own and without the command line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from itsm_as_code.app.approvals.decision_context import DecisionContext
from itsm_as_code.app.deciding.flow import DecisionResult, decide
from itsm_as_code.app.deciding.request import DecisionRequest
from itsm_as_code.app.deciding.sign import act_draft
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.store.reader import read_yaml
from tests.app.approvals.worlds import Local
from tests.app.deciding.conftest import Sit
from tests.approvals.records import Record, change
from tests.approvals.test_freezes import GATE, REASON, freeze
from tests.approvals.world import identity
from tests.cli.desks import Desk
from tests.conftest import ROOT

OWN = ("id", "at", "signature")
"""What no two acts have in common."""


@dataclass
class Watching:
    """A view that notes what happens, and agrees or does not."""

    agrees: bool = True
    events: list[str] = field(default_factory=list)

    def show(self, context: DecisionContext, *, first: bool) -> None:
        self.events.append(f"show {context.gate.name}{' first' if first else ''}")

    def say(self, sentence: str) -> None:
        self.events.append(f"say {sentence}")

    def confirm(self, context: DecisionContext) -> bool:
        self.events.append(f"confirm {context.gate.name}")
        return self.agrees

    @property
    def said(self) -> list[str]:
        return [each.removeprefix("say ") for each in self.events if each.startswith("say ")]


@pytest.fixture
def view() -> Watching:
    return Watching()


@pytest.fixture
def signing(view: Watching, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Notes when something is signed."""

    def noting(*arguments: Any) -> Any:
        view.events.append("sign")
        return act_draft(*arguments)

    monkeypatch.setattr("itsm_as_code.app.deciding.flow.act_draft", noting)
    yield


def ask(record: Record, decision: Decision, **fields: Any) -> DecisionRequest:
    return DecisionRequest(record["id"], decision, **fields)


def acts(local: Local, record: Record) -> dict[str, Record]:
    """The acts on a change as they lie here, by their ids."""
    files = sorted((local.ws / "records/approvals" / record["id"]).glob("*.yaml"))
    return {file.stem: read_yaml(file.read_bytes()).data or {} for file in files}


def bare(act: Record) -> Record:
    """What of an act does not depend on who made it when."""
    return {key: value for key, value in act.items() if key not in OWN}


def new_act(local: Local, record: Record, before: dict[str, Record]) -> Record:
    """The act that came."""
    (new,) = acts(local, record).keys() - before.keys()
    return acts(local, record)[new]


def is_open(result: DecisionResult) -> bool:
    """Whether the record's own gate is open with what was decided."""
    assert result.status is not None
    return result.status.verdicts[0].is_open


# Each decision.


def test_an_approval_is_signed_written_and_opens_the_gate(
    local: Local, record: Record, sit: Sit, view: Watching
) -> None:
    before = acts(local, record)
    result = decide(sit("ben"), ask(record, Decision.APPROVED, comment="Tested on Friday"), view)
    act = new_act(local, record, before)
    assert (act["decision"], act["by"], act["comment"]) == ("approved", "ben", "Tested on Friday")
    assert is_open(result) and result.written is not None and result.written.pushed is None


def test_a_refusal_and_its_withdrawal_name_each_other(local: Local, record: Record, sit: Sit, view: Watching) -> None:
    before = acts(local, record)
    decide(sit("ben"), ask(record, Decision.REFUSED, comment="No backout"), view)
    refused, between = new_act(local, record, before), acts(local, record)
    result = decide(sit("ben"), ask(record, Decision.WITHDRAWN), view)
    withdrawn = new_act(local, record, between)
    assert (refused["decision"], withdrawn["decision"]) == ("refused", "withdrawn")
    assert withdrawn["supersedes"] == [refused["id"]]
    assert result.status is not None and not result.status.verdicts[0].blocking


def test_a_proposal_is_signed_at_every_gate_that_needs_somebody(local: Local, sit: Sit, view: Watching) -> None:
    local.put(freeze())
    local.land()
    local.git("switch", "--quiet", "-c", "proposal")
    record = change(freeze_exception=REASON)
    local.put(record)
    local.commit()
    decide(sit("ana"), ask(record, Decision.PROPOSED), view)
    assert sorted(act["gate"] for act in acts(local, record).values()) == [GATE, "scheduled"]
    assert view.events == ["show scheduled first", f"show {GATE}"]
    decide(sit("ana"), ask(record, Decision.PROPOSED), view)
    assert len(acts(local, record)) == 2
    assert [words.split("(")[0] for words in view.said] == [
        "ana has proposed exactly this at gate scheduled already ",
        f"ana has proposed exactly this at gate {GATE} already ",
    ]


def test_the_act_is_the_one_that_the_command_line_makes(
    local: Local, record: Record, sit: Sit, view: Watching, tmp_path: Path
) -> None:
    shutil.copytree(local.folder, tmp_path / "other", symlinks=True)
    other, before = Local(tmp_path / "other"), acts(local, record)
    decide(sit("ben"), ask(record, Decision.APPROVED, comment="Tested on Friday"), view)
    Desk(other, "ben", other.ws).must("approve", record["id"], "--comment", "Tested on Friday")
    ours, theirs = new_act(local, record, before), new_act(other, record, before)
    assert ours.keys() == theirs.keys() and list(ours) == list(theirs)
    assert bare(ours) == bare(theirs)


_ALONE = """
import sys
from datetime import datetime
from pathlib import Path
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.deciding.flow import decide
from itsm_as_code.app.deciding.request import DecisionRequest
from itsm_as_code.app.deciding.sign import act_draft
from itsm_as_code.domain.kinds.approval import Decision

class View:
    def show(self, context, *, first): pass
    def say(self, sentence): pass
    def confirm(self, context): return True

root, home, at, ref, decision = sys.argv[1:]
checkout = Checkout.of(Path(root), Path(root), datetime.fromisoformat(at), Path(home))
decide(checkout, DecisionRequest(ref, Decision(decision), comment="Because."), View())
checkout.close()
used = sorted(name for name in sys.modules if name.split(".")[:2] == ["itsm_as_code", "cli"] or name == "click")
sys.exit(f"the command line was used: {used}" if used else 0)
"""


def test_a_decision_needs_nothing_of_the_command_line(local: Local, record: Record) -> None:
    before = acts(local, record)
    checkout = local.seat("ben")
    words = (str(local.ws), str(checkout.home), checkout.now.isoformat(), record["id"], "approved")
    done = subprocess.run(
        [sys.executable, "-c", _ALONE, *words], cwd=ROOT, env=identity("ben", checkout.home),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert new_act(local, record, before)["comment"] == "Because."


# The order.


@pytest.mark.usefixtures("signing")
def test_it_is_shown_then_said_then_confirmed_then_signed(record: Record, sit: Sit, view: Watching) -> None:
    decide(sit("eve"), ask(record, Decision.APPROVED), view)
    kinds = [each.split()[0] for each in view.events]
    assert kinds == ["show", "say", "confirm", "sign"]
    assert view.said[0].startswith("note: eve may fill no seat here")


@pytest.mark.usefixtures("signing")
@pytest.mark.parametrize("decision", [Decision.APPROVED, Decision.REFUSED])
def test_whoever_says_no_signs_and_writes_nothing(
    local: Local, record: Record, sit: Sit, view: Watching, decision: Decision
) -> None:
    before = acts(local, record)
    view.agrees = False
    result = decide(sit("ben"), ask(record, decision, comment="Hm."), view)
    assert result == DecisionResult(declined=True)
    assert view.events == ["show scheduled first", "confirm scheduled"]
    assert acts(local, record) == before


@pytest.mark.parametrize("decision", [Decision.APPROVED, Decision.REFUSED])
def test_a_dry_run_asks_nothing_and_writes_nothing(
    local: Local, record: Record, sit: Sit, view: Watching, decision: Decision
) -> None:
    before = acts(local, record)
    result = decide(sit("ben"), ask(record, decision, comment="Hm."), view, dry_run=True)
    assert view.events == ["show scheduled first"]
    assert acts(local, record) == before
    assert result.written is not None and len(result.written.drafts) == 1


def test_neither_a_proposal_nor_a_withdrawal_is_asked_about(record: Record, sit: Sit, view: Watching) -> None:
    decide(sit("ben"), ask(record, Decision.APPROVED), Watching())
    decide(sit("ben"), ask(record, Decision.WITHDRAWN), view)
    decide(sit("ana"), ask(record, Decision.PROPOSED), view)
    assert not any(each.startswith("confirm") for each in view.events)


@pytest.mark.usefixtures("signing")
def test_what_can_never_count_is_shown_and_neither_asked_nor_signed(record: Record, sit: Sit, view: Watching) -> None:
    with pytest.raises(UsageFault, match="ana is one of its authors"):
        decide(sit("ana"), ask(record, Decision.APPROVED), view)
    assert view.events == ["show scheduled first"]


# What is needless.


@pytest.mark.usefixtures("signing")
def test_a_decision_that_is_made_already_is_said_and_not_made_again(
    local: Local, record: Record, sit: Sit, view: Watching
) -> None:
    decide(sit("ben"), ask(record, Decision.APPROVED), Watching())
    before = acts(local, record)
    view.events.clear()
    result = decide(sit("ben"), ask(record, Decision.APPROVED), view)
    assert result == DecisionResult() and acts(local, record) == before
    (words,) = view.said
    assert words.startswith(f"ben has approved exactly this at gate scheduled of {record['id']} already")
    assert words.endswith("it is not on the protected branch yet; --push lands it")


def test_what_is_on_base_approved_needs_no_approval(local: Local, record: Record, sit: Sit, view: Watching) -> None:
    local.act("ben", "approved", record)
    local.commit()
    local.git("switch", "--quiet", "main")
    local.git("merge", "--quiet", "--no-ff", "--no-edit", "proposal")
    result = decide(sit("dora"), ask(record, Decision.APPROVED), view)
    assert result == DecisionResult()
    assert view.said == [f"{record['id']} was already approved at gate scheduled when it landed; nothing was signed"]


def test_where_nobody_has_to_decide_nothing_is_proposed(local: Local, sit: Sit, view: Watching) -> None:
    local.put(local.edited("records/services/mail.yaml", tier=2))
    result = decide(sit("ana"), DecisionRequest("service/mail", Decision.PROPOSED), view)
    assert result == DecisionResult()
    assert view.said == ["nobody has to decide on service/mail, so there is nothing to propose"]


def test_another_gate_that_waits_for_the_person_is_named(local: Local, sit: Sit, view: Watching) -> None:
    local.put(freeze())
    local.land()
    local.git("switch", "--quiet", "-c", "proposal")
    record = change(freeze_exception=REASON)
    local.put(record)
    local.act("ana", "proposed", record)
    decide(sit("dora"), ask(record, Decision.APPROVED), view)
    assert view.said == [f"note: gate {GATE} also waits for you: itsm approve {record['id']} --gate {GATE}"]


# What is pushed.


def test_somebody_unknown_is_refused_before_anything_is_fetched(record: Record, sit: Sit, view: Watching) -> None:
    with pytest.raises(UsageFault, match="nobody in records/people"):
        decide(sit("nobody"), ask(record, Decision.APPROVED), view, push=True)


def test_without_a_remote_nothing_is_shown_and_nothing_signed(record: Record, sit: Sit, view: Watching) -> None:
    with pytest.raises(CouldNotCheck, match="there is no remote origin"):
        decide(sit("ben"), ask(record, Decision.APPROVED), view, push=True)
    assert view.events == []


def test_a_push_lands_the_act_and_those_that_lie_here(local: Local, record: Record, sit: Sit, view: Watching) -> None:
    origin = local.folder / "origin.git"
    local.git("init", "--quiet", "--template=", "--bare", "--initial-branch=main", str(origin))
    local.git("remote", "add", "origin", str(origin))
    local.git("push", "--quiet", "origin", "main")
    result = decide(sit("ben"), ask(record, Decision.APPROVED), view, push=True)
    assert result.written is not None and result.written.pushed is not None
    landed = local.git("ls-tree", "-r", "--name-only", "main", f"records/approvals/{record['id']}/", folder=origin)
    assert len(landed.splitlines()) == 2
    assert local.git("show", "--no-patch", "--format=%s", "main", folder=origin).startswith("ben approved")
