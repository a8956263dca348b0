"""A history to audit: a year of work on the sample, step by step, with real signatures.

Each round of steps has incidents from beginning to end, changes with their proposals and approvals that go through
their lifecycle, standard and emergency changes, requests, edits of people and of policies, and notes. Every fifth step
is a merge of a branch; the others are single commits.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from benchmarks.verdicts import make_key, public
from benchmarks.workspace import files
from itsm_as_code.domain.approval.act import statement
from itsm_as_code.domain.approval.gates import subject_of
from itsm_as_code.domain.digest import digest, field_hashes, reviewed
from itsm_as_code.domain.ids import CROCKFORD, approval_path, path_of
from itsm_as_code.domain.instants import write_utc
from itsm_as_code.domain.shape import key_order_at
from itsm_as_code.evidence.ssh_keygen import sign
from itsm_as_code.store.emit import emit
from itsm_as_code.store.reader import read_yaml

Data = dict[str, Any]
Files = dict[str, bytes]

START = datetime(2027, 1, 5, 8, tzinfo=UTC)
"""After the freeze at the end of the year: no change needs an exception from it."""
SPACING = timedelta(minutes=48)
"""Between two steps: five thousand of them end before the change model does."""
_PROPOSER, _OWNER, _BOARD = "chloe-nguyen", "elena-petrova", "ruth-abara"
_KEEPERS = ("tom-ellison", "priya-menon")
_EDITED = ("imani-clarke", "hugo-martens", "kavya-iyer", "liam-doyle", "noor-rahman", "oscar-silva")
_MERGED_EVERY = 5
_RISK = {"answers": {"impact_if_it_fails": "low", "tested_before": "tested-in-staging", "backout_proved": "proved",
                     "users_notice": "nobody"}}  # fmt: skip
_PLAN = {"implementation": "Install it.", "test": "Sign in.", "backout": "Put the old one back."}


def clock_after(steps: int) -> str:
    """The instant at which the history with so many steps is audited: soon after the last one."""
    return write_utc(START + SPACING * (steps + 1))


def write_history(root: Path, keys: Path, steps: int) -> None:
    """Makes `root` a repository whose protected branch has a first commit and `steps` steps after it.

    A shorter history is the beginning of a longer one, but for its keys. These are made in the folder `keys`.
    """
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    importing = ["git", "-C", str(root), "fast-import", "--quiet", "--done"]
    with subprocess.Popen(importing, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None, "its input is a pipe"
        process.stdin.writelines(_stream(keys, steps))
    if process.returncode != 0:
        raise RuntimeError(f"git fast-import ended with {process.returncode}")
    subprocess.run(["git", "-C", str(root), "checkout", "-q", "main", "--", "itsm.yaml"], check=True)


def _stream(keys: Path, steps: int) -> Iterator[bytes]:
    story = _Story(keys)
    marks = count(1)
    before = next(marks)
    yield from _commit("main", before, (), START, story.first())
    for number, changed in enumerate(islice(story.steps(), steps), start=1):
        at = START + SPACING * number
        after = next(marks)
        if number % _MERGED_EVERY:
            yield from _commit("main", after, (before,), at, changed)
        else:
            yield from _commit("work", after, (before,), at - SPACING / 2, changed)
            after, work = next(marks), after
            yield from _commit("main", after, (before, work), at, changed)
        before = after
    yield b"done\n"


def _commit(branch: str, mark: int, parents: tuple[int, ...], at: datetime, changed: Files) -> Iterator[bytes]:
    message = f"records: {', '.join(Path(path).stem for path in list(changed)[:2])}"
    yield f"commit refs/heads/{branch}\nmark :{mark}\n".encode()
    yield f"committer Chloe Nguyen <{_PROPOSER}@severnhealth.example> {int(at.timestamp())} +0000\n".encode()
    yield f"data {len(message)}\n{message}\n".encode()
    yield from (f"{word} :{parent}\n".encode() for word, parent in zip(("from", "merge"), parents, strict=False))
    for path, data in changed.items():
        yield f"M 100644 inline {path}\ndata {len(data)}\n".encode()
        yield data + b"\n"


class _Story:
    """Tells the steps in order. It keeps the records that it edits."""

    def __init__(self, keys: Path) -> None:
        keys.mkdir(parents=True, exist_ok=True)
        self._keys = {name: make_key(keys / name) for name in (_PROPOSER, _OWNER, _BOARD, *_KEEPERS)}
        self._records: dict[str, Data] = {}
        self._numbers = count(1)
        self._step = 0
        self._workspace = ""

    def first(self) -> Files:
        """The sample, in which those who decide have keys. Its emergencies are none, so that no review is overdue."""
        found = {path: data.replace(b"\ntype: emergency", b"\ntype: normal") for path, data in files(0)}
        self._workspace = str(_read(found["itsm.yaml"])["id"])
        for name, key in self._keys.items():
            person = _read(found[path_of("person", name)]) | {"keys": [{"key": public(key)}]}
            found[path_of("person", name)] = _emitted(path_of("person", name), person)
        edited = [*(path_of("person", name) for name in _EDITED), path_of("policy", "post-reviews")]
        self._records = {path: _read(found[path]) for path in edited}
        return found

    def steps(self) -> Iterator[Files]:
        """The files of each step after the first commit, without an end."""
        for changed in chain.from_iterable(map(self._round, count())):
            self._step += 1
            yield changed

    def _round(self, number: int) -> Iterator[Files]:
        """One round: about thirty steps."""
        incident = self._incident(number)
        yield self._put(incident)
        yield self._entry(incident, state="in_progress", assignee=_PROPOSER, response=True)
        change = self._change(number)
        yield self._acts(change, "scheduled", proposed=_PROPOSER)
        yield self._put(change) | self._acts(change, "scheduled", approved=(_OWNER, _BOARD))
        yield self._entry(incident, note="Asked the supplier; he looks into it.")
        request = self._request(number)
        yield self._put(request)
        yield self._entry(change, note="The new certificate is here.")
        standard = self._standard(number)
        yield self._put(standard)
        yield self._entry(request, state="in_progress", assignee="imani-clarke", response=True)
        yield self._worked(standard, "implementing")
        yield self._worked(change, "implementing")
        yield self._entry(change, note="Half of the nodes have it.")
        yield self._worked(standard, "closed")
        yield self._worked(change, "evaluation")
        if number % 2 == 0:
            yield from self._emergency(number, incident["id"])
        yield self._edited(path_of("person", _EDITED[number % len(_EDITED)]), title=f"Engineer on rota {number}")
        yield self._entry(request, state="fulfilled", fulfilment={"summary": "Done."})
        refused = self._change(number)
        yield self._put(refused | {"timeline": [self._now(state="submitted")]})
        yield self._acts(refused, "scheduled", refused=_BOARD)
        yield self._entry(incident, state="resolved", resolution={"code": "fixed", "summary": "It was replaced."})
        yield self._worked(change, "closed")
        if number % 4 == 0:
            yield self._edited(path_of("policy", "post-reviews"), title=f"Who looks at emergencies, form {number}")
        yield self._entry(incident, state="closed")
        yield self._entry(request, state="closed")

    def _emergency(self, number: int, incident: str) -> Iterator[Files]:
        change = self._change(number, type="emergency", incident=incident)
        change["timeline"] = [self._now(state="implementing")]
        change["window"] = {"start": self._at(), "end": self._at(8)}
        outcome = {"code": "successful", "started_at": self._at(), "ended_at": self._at(1)}
        keeper = _KEEPERS[1]
        yield self._put(change) | self._acts(change, "scheduled", proposed=_PROPOSER, approved=(keeper,))
        yield self._entry(change, state="evaluation", outcome=outcome)
        review = {"summary": "It was one, and it was done by the plan.", "lessons": ["Keep a spare part."]}
        yield self._entry(change, note="Looked at it together.", post_implementation_review=review)
        yield self._entry(change, state="closed") | self._acts(change, "post-review", approved=(_BOARD,))

    def _incident(self, number: int) -> Data:
        opened = self._now(state="new", impact="low", urgency="medium", priority="P4", team="service-desk")
        return self._ticket("incident", f"The portal is slow, once more ({number})") | {
            "category": "application", "channel": "phone", "requester": _OWNER, "timeline": [opened],
        }  # fmt: skip

    def _change(self, number: int, **fields: Any) -> Data:
        change = self._ticket("change", f"Replace certificate {number} of the portal") | {
            "type": "normal", "reason": "It ends soon.", "authors": [_PROPOSER], "risk": _RISK, "plan": _PLAN,
            "window": {"start": self._at(), "end": self._at(48)}, "timeline": [self._now(state="scheduled")],
        }  # fmt: skip
        return change | fields

    def _standard(self, number: int) -> Data:
        return self._ticket("change", f"Restart node {number % 4} of the portal") | {
            "type": "standard", "model": {"id": "restart-portal-node", "revision": 1}, "reason": "Its memory grows.",
            "authors": [_PROPOSER], "window": {"start": self._at(1.5), "end": self._at(2.5)},
            "timeline": [self._now(state="scheduled")],
        }  # fmt: skip

    def _request(self, number: int) -> Data:
        fields = {"address": f"box-{number}", "wish": "New mailbox", "people": "Five.", "owner": "clinical-apps"}
        opened = self._now(state="submitted", impact="low", urgency="medium", priority="P4", team="platform")
        return self._ticket("request", f"Mailbox {number}") | {
            "item": "shared-mailbox", "requester": _OWNER, "fields": fields, "service": "email",
            "channel": "self_service", "timeline": [opened],
        }  # fmt: skip

    def _ticket(self, kind: str, title: str) -> Data:
        prefix = {"incident": "INC", "change": "CHG", "request": "REQ"}[kind]
        record_id = f"{prefix}-{self._when():%Y%m%d}-{self._tail()}"
        return {"id": record_id, "kind": kind, "schema": 1, "title": title, "service": "patient-portal"}

    def _put(self, record: Data) -> Files:
        path = path_of(record["kind"], record["id"])
        return {path: _emitted(path, record)}

    def _entry(self, record: Data, **fields: Any) -> Files:
        """A new entry of the timeline, with fields of the record beside it."""
        own = {name: fields.pop(name) for name in list(fields) if name in _OF_RECORD}
        record |= own
        record["timeline"] = [*record["timeline"], self._now(**fields)]
        return self._put(record)

    def _worked(self, change: Data, state: str) -> Files:
        if state == "implementing":
            return self._entry(change, state=state)
        outcome = {"code": "successful", "started_at": self._at(-3), "ended_at": self._at(-2.6)}
        return self._entry(change, state=state, **({} if "outcome" in change else {"outcome": outcome}))

    def _edited(self, path: str, **fields: Any) -> Files:
        """An approved edit of a record that says who may decide."""
        before = self._records[path]
        record = before | fields | {"revision": before.get("revision", 1) + 1, "authors": [_PROPOSER]}
        self._records[path] = record
        replaced = digest(record["kind"], before)
        return self._put(record) | self._acts(record, "edit", _PROPOSER, _KEEPERS, replaces=replaced)

    def _acts(
        self, record: Data, gate: str, proposed: str | None = None, approved: Iterable[str] = (),
        refused: str | None = None, **fields: Any,
    ) -> Files:  # fmt: skip
        decided = [(proposed, "proposed"), *((name, "approved") for name in approved), (refused, "refused")]
        return dict(self._act(record, gate, by, decision, fields) for by, decision in decided if by is not None)

    def _act(self, record: Data, gate: str, by: str, decision: str, fields: Data) -> tuple[str, bytes]:
        kind, review = record["kind"], reviewed(record) if gate == "post-review" else None
        act = {
            "id": f"APR-{self._when():%Y%m%d}-{self._tail()}", "kind": "approval", "schema": 1,
            "workspace": self._workspace, "subject": subject_of(kind, record["id"]), "gate": gate,
            "digest": digest(kind, record, None, review), "fields": field_hashes(kind, record, None, review),
            "decision": decision, "by": by, "at": self._at(), **fields,
        }  # fmt: skip
        if decision == "refused":
            act["comment"] = "The plan does not say how it is tested."
        path = approval_path(act["subject"], act["id"])
        return path, _emitted(path, act | {"signature": sign(statement(act), self._keys[by])})

    def _when(self) -> datetime:
        return START + SPACING * (self._step + 1)

    def _at(self, steps_later: float = 0) -> str:
        return write_utc(self._when() + SPACING * steps_later)

    def _now(self, **fields: Any) -> Data:
        return {"at": self._at(), "by": _PROPOSER, **fields}

    def _tail(self) -> str:
        number = next(self._numbers)
        return "".join(CROCKFORD[(number * 7919 >> shift) & 31] for shift in (20, 15, 10, 5, 0))


_OF_RECORD = ("outcome", "resolution", "fulfilment", "post_implementation_review")


def _read(data: bytes) -> Data:
    found = read_yaml(data).data
    assert found is not None, "the sample's files can be read"
    return found


def _emitted(path: str, record: Data) -> bytes:
    return emit(record, key_order_at(path))
