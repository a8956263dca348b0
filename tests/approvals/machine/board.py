"""The board on which the machine plays: one server, its clock, and every attempt held against the model."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from itsm_as_code.app.checking.audit import audit
from itsm_as_code.app.checking.landing import TRUSTED
from itsm_as_code.app.checking.push_gate import Update, judge_push
from itsm_as_code.app.checking.standing_faults import OF_GATES
from itsm_as_code.domain.approval.audit import Audit
from itsm_as_code.domain.errors import CouldNotCheck, Refused
from itsm_as_code.domain.rule import Severity
from itsm_as_code.git.repository import open_repository
from itsm_as_code.git.tree import GitTree
from itsm_as_code.store.snapshot import TreeSnapshot
from tests.approvals.machine.explained import explained
from tests.approvals.machine.hook import install, push
from tests.approvals.machine.model.gates import begins_work, gates_passed
from tests.approvals.machine.model.lane import lane_fault
from tests.approvals.machine.model.law import by_audit, by_both_clocks, dated_fault
from tests.approvals.machine.model.ratification import standing
from tests.approvals.machine.model.reading import GATED, state_of, subject_of
from tests.approvals.machine.model.standing import Step
from tests.approvals.machine.objects import MAIN, Server
from tests.approvals.machine.place import BEGIN, Files, Place, texts
from tests.approvals.records import Record
from tests.checkouts import checkout_at

NOTHING = "0" * 40
HOOKED, EXPLAINED = 6, 5
"""Of 256 pushes so many go through the hook on the server too. One in so many is explained."""


@dataclass(frozen=True)
class Said:
    """What the hook said to a push: whether it lands, and why not. `house` means that only checks of how well a record
    is written stopped it."""

    landed: bool
    words: str
    house: bool = False
    closed: frozenset[str] = frozenset()
    """The paths of what does not pass a gate."""
    torn: frozenset[str] = frozenset()
    """The paths of what can't be read as it should be."""


@dataclass
class Board:
    """One run. `line` are the steps after the first commit, as the model remembers them."""

    place: Place
    now: datetime = BEGIN
    line: list[Step] = field(default_factory=list)
    held: Files = field(default_factory=dict)
    tried: int = 0

    def __post_init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="itsm-machine-"))
        self.server = Server.made(self.folder / "srv.git", self.place.server)
        self.server.move(self.place.genesis)
        self.place.begin_anew()
        first = Step({}, self.place.files, frozenset(), BEGIN - timedelta(days=2), name=self.place.genesis)
        self.line.append(first)

    @property
    def tip(self) -> Files:
        """What the protected branch has."""
        return {where: dict(record) for where, record in self.line[-1].head.items()}

    def wrote(self, who: str) -> frozenset[str]:
        """Who has written, by the addresses of base."""
        person = self.tip[f"records/people/{who}.yaml"]
        return frozenset({who} if f"{who}@example.org" in person.get("emails", ()) else ())

    def attempt(self, files: Files, who: str, dated: timedelta = timedelta(), lane: str = "push") -> bool:
        """A push, or a step past the hook; whether it landed. The model must not object to what lands, and what must
        land lands."""
        tip = self.tip
        head = tip | self.held | files
        self.held = {}
        old = self.server.tip()
        step = Step(tip, head, self.wrote(who), (self.now + dated).replace(microsecond=0))
        new = self.server.commit(texts(head), (old,), who, step.dated)
        if lane == "force":
            self._lands(step, new, forced=True)
            return True
        if lane == "hold":
            self.held = {path: record for path, record in head.items() if tip.get(path) != record}
            return False
        updates = self._updates(lane, old, new, step, who, head)
        law = by_both_clocks(self.place.made, self.line, step, self.now)
        fault = lane_fault(
            [(each.old, each.new, each.ref) for each in updates], old, self._parents(new)
        ) or dated_fault(step, self.now)
        if fault is not None:
            law.no.append(fault)
        said = self.judge(updates)
        told = f"{lane} by {who} at {self.now}: {said.words}"
        self.tried += 1
        assert not (said.landed and law.no), f"it landed although {law.no}\n{told}"
        assert said.landed or said.house or not law.must, f"it was refused although the model knows no reason\n{told}"
        self._same_answers(step, new, updates, said, told)
        if said.landed:
            self._lands(step, new)
        return said.landed

    def _same_answers(self, step: Step, new: str, updates: list[Update], said: Said, told: str) -> None:
        """What explains a decision says what the hook does, and so does the hook itself; some of the time."""
        chance = int(new[:2], 16)
        alone = [(each.old, each.new) for each in updates] == [(self.server.tip(), new)]
        judged = step.dated <= self.now and dated_fault(step, self.now) is None
        if chance % EXPLAINED == 0 and alone and judged:
            passing = {
                subject_of(record): where for where, record in step.head.items()
                if step.base.get(where) != record and where not in said.torn and record.get("kind") in GATED
                and gates_passed(step.base.get(where), record, step.base, self.now)
                and not begins_work(step.base.get(where), record)
            }  # fmt: skip
            for name, is_open in explained(self.server, new, passing, self.now):
                closed = passing[name] in said.closed
                assert is_open is not closed, f"{name} is explained to be open: {is_open}\n{told}"
        if chance < HOOKED:
            install(self.server, self.place.genesis)
            answer = push(self.server, updates, self.now)
            assert answer.landed is said.landed, f"the hook on the server says {answer}\n{told}"

    def judge(self, updates: list[Update]) -> Said:
        """What the hook says, asked of what it runs, at the board's clock."""
        try:
            report = judge_push(self.server.folder, updates, MAIN, self.place.genesis, self.now, {})
        except (Refused, CouldNotCheck) as error:
            return Said(False, str(error))
        assert report is not None
        errors = [each for each in report.findings if each.severity is Severity.ERROR]
        words = "; ".join(f"{each.rule.code} {each.path}: {each.message}" for each in errors)
        house = bool(errors) and all(each.rule.family not in TRUSTED for each in errors)
        closed = frozenset(each.path for each in errors if each.rule in OF_GATES)
        return Said(
            not errors, words, house, closed, frozenset(e.path for e in errors if e.rule.family in ("SCH", "YAML"))
        )

    def _parents(self, new: str) -> dict[str, tuple[str, ...]]:
        return {new: (self.server.tip(),)} | self._others

    def _updates(self, lane: str, old: str, new: str, step: Step, who: str, head: Files) -> list[Update]:
        """The commands of a push. Git itself sends one; a client of one's own sends any."""
        ours, self._others = Update(old, new, MAIN), dict[str, tuple[str, ...]]()
        before = self.line[-2].name if len(self.line) > 1 else NOTHING
        match lane:
            case "twice":
                return [ours, Update(old, new, MAIN)]
            case "forth and back":
                return [ours, Update(new, old, MAIN)]
            case "from nothing":
                return [Update(NOTHING, new, MAIN)]
            case "another parent" if before != NOTHING:
                aside = self.server.commit(texts(head), (before,), who, step.dated)
                self._others = {aside: (before,)}
                return [Update(old, aside, MAIN)]
            case "from behind" if before != NOTHING:
                return [Update(before, new, MAIN)]
            case "replaces":
                return [ours, Update(NOTHING, new, f"refs/replace/{old}")]
            case "deletes":
                return [Update(old, NOTHING, MAIN)]
            case "beside":
                return [Update(NOTHING, new, f"refs/heads/{new[:12]}"), ours]
        return [ours]

    def _lands(self, step: Step, commit: str, *, forced: bool = False) -> None:
        self.server.move(commit)
        self.line.append(Step(step.base, step.head, step.wrote, step.dated, forced, commit))

    def bypassed(self) -> list[Record]:
        """The records of forced steps, as these left them; the oldest step first."""
        return [
            dict(record) for step in self.line if step.forced for where, record in step.head.items()
            if step.base.get(where) != record and record.get("kind") in GATED
        ]  # fmt: skip

    def look_back(self) -> None:
        """Nothing that landed is lost, everybody reads the same, and audits name exactly what went past the check."""
        self._same_files()
        for later in (timedelta(), timedelta(days=400)):
            found = self._audited(later)
            named = {each.commit for each in found.faulty}
            laws = [
                (step, by_audit(self.place.made, self.line[:number], step, self.now + later, self.tip))
                for number, step in enumerate(self.line) if number
            ]  # fmt: skip
            stand = {
                (each.commit, fault.finding.path, fault.finding.gate)
                for each in found.faulty for fault in each.faults
                if fault.finding.rule in OF_GATES and not fault.ratified_by
            }  # fmt: skip
            promised = standing(self.place.made, self.line, self.now + later)
            if not any(step.forced and law.unsure for step, law in laws):
                assert stand == promised, f"what stands unratified is {stand}, and by the model {promised}"
            for step, law in laws:
                if step.forced and law.unsure and not law.no:
                    continue
                told = [
                    fault.finding.message for each in found.faulty if each.commit == step.name for fault in each.faults
                ]
                assert (step.name in named) == bool(law.no), f"an audit says {told} of a step, the model {law.no}"
                assert step.forced or not law.no or _only_keys(law.no), f"what the hook let in is wrong later: {law.no}"

    def _same_files(self) -> None:
        repository = open_repository(self.server.folder)
        try:
            tip = TreeSnapshot(GitTree(repository, self.server.tip()), keep_data=True)
            for where, record in self.tip.items():
                loaded = tip.load(where) if where.startswith("records/") else None
                if where.startswith("records/"):
                    assert loaded is not None and loaded.data == record, f"{where} is not what was pushed"
                    read = getattr(loaded.record, "state", None)
                    assert read is None or str(read) == state_of(record), f"{where} is read in two ways"
        finally:
            repository.close()
        kept: set[str] = set()
        for step in self.line:
            kept = kept & {*step.head} if step.forced else kept
            assert kept <= {*step.head}, "something that landed is lost"
            kept |= {*step.head}

    def _audited(self, later: timedelta) -> Audit:
        checkout = checkout_at(self.server.folder, self.now + later)
        try:
            return audit(checkout, None, None, None)
        finally:
            checkout.close()

    def close(self) -> None:
        """Takes the server away."""
        shutil.rmtree(self.folder)


def _only_keys(reasons: list[str]) -> bool:
    """Whether all that is wrong with a step follows from a key that was revoked later."""
    return any("in other hands" in why or "places are not filled" in why or "nobody proposed" in why for why in reasons)
