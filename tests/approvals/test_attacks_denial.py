"""Nobody stops the work of others for ever. Beside each attack, the flow that is nearest to it and lands."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.approvals.records import DAY, NOW, Record, at, change, incident, path
from tests.approvals.test_audit import audit, codes
from tests.approvals.test_debts import landed, planned
from tests.approvals.world import MAIN, Push, World

OLD = NOW - timedelta(days=20)
EVE = "records/people/eve.yaml"


def since(minutes: float, **entry: Any) -> Record:
    """An entry of eve, so many minutes after a day of three weeks ago."""
    return {"at": at(days=20, minutes=-minutes), "by": "eve"} | entry


def void(minutes: float, of: float) -> Record:
    return since(minutes, void=since(of)["at"])


def draft(*entries: Record) -> Record:
    """An emergency that eve drafts, for a service of it."""
    about = {"type": "emergency", "incident": f"INC-{DAY}-1NC01", "authors": ["eve"], "timeline": list(entries)}
    return change() | about | {"id": f"CHG-{OLD:%Y%m%d}-7V01D"}


@pytest.mark.parametrize(
    "entries",
    [
        (since(0, state="draft"), since(1, state="scheduled"), void(2, 1)),
        (since(0, state="draft"), since(1, state="scheduled"), since(2, state="implementing"), void(3, 2), void(4, 1)),
        (since(0, state="draft"), since(1, state="scheduled"), void(2, 1), since(3, state="cancelled", reason="No.")),
    ],
    ids=["scheduled", "begun", "cancelled"],
)
def test_A270_a_draft_owes_no_review_for_work_that_it_takes_back(world: World, entries: tuple[Record, ...]) -> None:
    world.put(draft(*entries))
    push = world.step("eve")
    assert not push.landed and "LIF051" in push.said
    world.git("reset", "--quiet", "--hard", world.tip())
    world.put(draft(since(0, state="draft"), since(1, note="Wrong service."), void(2, 1)))
    world.land("eve")
    landed(planned(world))


def test_A270_nor_is_work_on_a_change_of_others_told_and_taken_back(world: World) -> None:
    record = change(type="emergency", incident=f"INC-{DAY}-1NC01")
    world.put(record)
    world.act("ana", "proposed", record)
    world.act("dora", "approved", record, comment="Mail is down.")
    world.land()
    begun = {"at": at(minutes=50), "by": "eve", "state": "implementing"}
    off = {"at": at(minutes=2), "by": "eve", "state": "cancelled", "reason": "It works again."}
    taken_back = {"at": at(minutes=3), "by": "eve", "void": begun["at"]}
    world.put(record | {"timeline": [*record["timeline"], begun, taken_back, off]})
    push = world.offer("eve")
    assert not push.landed and "LIF051" in push.said
    world.put(record | {"timeline": [*record["timeline"], off]})
    assert world.offer("eve").landed


def test_A270_a_change_of_another_type_takes_a_slip_back_and_becomes_no_emergency_with_it(world: World) -> None:
    """Whose slip it was may take it back before it lands, with nobody's decision; an emergency would owe for it."""
    slip = draft(since(0, state="draft"), since(1, state="scheduled"), void(2, 1)) | {"type": "normal"}
    world.put(slip)
    world.land("eve")
    world.put(slip | {"type": "emergency", "revision": 2})
    push = world.step("eve")
    assert not push.landed and "LIF051" in push.said and "Create a new change" in push.said, push.said


Entry = tuple[bytes, bytes, str]


def entries_of(world: World, rev: str) -> list[Entry]:
    """The entries of a folder: mode, name and object, as Git writes them."""
    listed = world.git("ls-tree", "-z", rev).split("\0")[:-1]
    rows = [(row.split("\t", 1), row.split()) for row in listed]
    return [(words[0].lstrip("0").encode(), name.encode(), words[2]) for (_, name), words in rows]


def object_of(world: World, sort: str, data: bytes) -> str:
    """A new object with exactly this content."""
    asked = ["git", "hash-object", "-t", sort, "-w", "--literally", "--stdin"]
    return subprocess.run(asked, cwd=world.ws, input=data, capture_output=True, check=True).stdout.decode().strip()


def folder_of(world: World, *entries: Entry) -> str:
    return object_of(world, "tree", b"".join(m + b" " + n + b"\0" + bytes.fromhex(oid) for m, n, oid in entries))


def with_name(name: bytes, mode: bytes = b"40000") -> Callable[[World], list[Entry]]:
    """The top with one more name: a folder with a file, or a link."""

    def made(world: World) -> list[Entry]:
        blob = object_of(world, "blob", b"itsm.yaml")
        more = (mode, name, folder_of(world, (b"100644", b"config", blob)) if mode == b"40000" else blob)
        return sorted([*entries_of(world, "HEAD"), more], key=lambda e: e[1] + (b"/" if e[0] == b"40000" else b""))

    return made


def push_folder(world: World, *entries: Entry) -> Push:
    """A step of eve whose top is a folder with these entries."""
    commit = world.git("commit-tree", folder_of(world, *entries), "-p", "HEAD", "-m", "step", who="eve")
    return world.push("eve", f"{commit}:{MAIN}")


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (with_name(b".GIT"), "does not check out"), (with_name(b".git. "), "does not check out"),
        (with_name(b"git~1"), "does not check out"), (with_name(".g\u200cit".encode()), "does not check out"),
        (with_name(b".gitmodules", b"120000"), "does not check out"), (with_name(b"z" * 256), "no disk holds"),
    ],
    ids=["upper case", "dots", "short name", "unseen character", "link", "long"],
)  # fmt: skip
def test_A271_a_name_that_no_clone_can_hold_does_not_land(
    world: World, made: Callable[[World], list[Entry]], why: str
) -> None:
    push = push_folder(world, *made(world))
    assert not push.landed and why in push.said


@pytest.mark.parametrize("name", [b".gitx", b".github2", b"gitmodules", b"z" * 255], ids=["x", "2", "plain", "long"])
def test_A271_a_name_that_only_looks_like_one_lands(world: World, name: bytes) -> None:
    assert push_folder(world, *with_name(name)(world)).landed


def test_A271_a_path_that_is_too_long_for_clones_does_not_land(world: World) -> None:
    blob = object_of(world, "blob", b"x")
    below = folder_of(world, (b"100644", b"f", blob))
    for _ in range(5):
        below = folder_of(world, (b"40000", b"d" * 250, below))
    push = push_folder(world, *entries_of(world, "HEAD"), (b"40000", b"z", below))
    assert not push.landed and "longer than 1024 bytes" in push.said


def test_A271_a_folder_in_another_order_hides_no_debt_from_git(world: World) -> None:
    top = entries_of(world, "HEAD")
    records = folder_of(world, *entries_of(world, "HEAD:records")[::-1])
    push = push_folder(world, *(e if e[1] != b"records" else (e[0], e[1], records) for e in top))
    assert not push.landed and "is not in the order" in push.said


def test_A271_nor_does_one_behind_a_second_parent(world: World) -> None:
    """What the branch did is read from there, although the merge has it in order."""
    aside = folder_of(world, *entries_of(world, "HEAD")[::-1])
    inner = world.git("commit-tree", aside, "-p", "HEAD", "-m", "aside", who="eve")
    tip = world.git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-p", inner, "-m", "merge", who="eve")
    push = world.push("eve", f"{tip}:{MAIN}")
    assert not push.landed and "is not in the order" in push.said


def test_A271_a_mode_that_git_does_not_write_does_not_land(world: World) -> None:
    top = [(b"040000" if mode == b"40000" else mode, name, oid) for mode, name, oid in entries_of(world, "HEAD")]
    push = push_folder(world, *top)
    assert not push.landed and "which Git does not write" in push.said


ODD = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")


@pytest.mark.parametrize("odd", ODD)
def test_A272_one_instant_does_not_stop_all_pages(world: World, odd: str) -> None:
    for number, fields in enumerate(({"started_at": odd}, {"detected_at": odd})):
        record = incident(f"1NC1{number}", "P5") | fields
        world.put(record | {"timeline": [entry | {"by": "eve"} for entry in record["timeline"]]})
    window = {"start": min(ODD[0], odd), "end": odd if odd != ODD[0] else at(hours=1)}
    world.put(change(state="draft", window=window) | {"authors": ["eve"]})
    push = world.offer("eve")
    assert not push.landed and push.said.count("SCH005") >= 3


def test_A272_the_ends_of_what_is_allowed_are_shown_in_every_zone(world: World) -> None:
    record = incident("1NC11", "P5") | {"started_at": "1900-01-01T00:00:00Z"}
    first = record["timeline"][0] | {"by": "eve", "at": "1900-01-01T00:00:00+14:00"}
    world.put(record | {"timeline": [first]})
    world.put(
        change(state="draft", window={"start": "1900-01-01T00:00:00Z", "end": at(hours=1)}) | {"authors": ["eve"]}
    )
    world.land("eve")
    for zone in ("Pacific/Kiritimati", "America/New_York"):
        settings = (world.ws / "itsm.yaml").read_text().split("time_zone")[0]
        world.write({"itsm.yaml": f"{settings}time_zone: {zone}\n"})
        for command in (("site", "build"), ("calendar",), ("sla", "status"), ("list",)):
            done = world.itsm(*command)
            assert done.returncode == 0, (zone, command, done.stderr)


def revoked(world: World, **fields: Any) -> Record:
    """The record of eve with her key revoked, since an hour ago."""
    lost = {"key": world.public("eve"), "revoked": {"since": at(hours=1), "reason": "The laptop was stolen."}}
    return world.edited(EVE, keys=[lost]) | fields


def test_A273_a_stolen_key_does_not_refuse_its_own_revocation(world: World) -> None:
    there = world.on_base(EVE)
    assert there is not None
    world.act("eve", "refused", there)
    world.land("eve")
    renamed = world.edited(EVE, title="Clerk")
    world.put(renamed)
    world.approved(renamed, "cleo")
    push = world.offer()
    assert not push.landed and "APR002" in push.said  # any other edit is refused
    world.git("reset", "--quiet", "--hard", world.tip())
    world.git("clean", "--quiet", "-fd")
    record = revoked(world)
    world.put(record)
    world.approved(record, "cleo")
    world.land()
    assert audit(world)[0] == 0


def test_A273_nor_does_it_propose_it_so_that_audits_call_the_step_wrong(world: World) -> None:
    record = revoked(world) | {"authors": ["eve"]}
    world.put(record)
    world.approved(record, "cleo", proposer="eve")
    push = world.offer("eve")
    assert not push.landed and "somebody else may have had the key" in push.said


def test_A273_acts_of_a_stolen_key_that_opened_no_gate_are_no_fault_for_ever(world: World) -> None:
    """They landed rightly by what was known. What they opened is a fault, which people can ratify."""
    world.act("eve", "refused", change("mail"))
    world.land("eve")
    record = revoked(world)
    world.put(record)
    world.approved(record, "cleo")
    world.land()
    code, found = audit(world)
    assert (code, codes(found)) == (0, [])


MANY = 12_000
BULKY = {
    "illegal steps": "timeline:\n" + "- at: 2026-11-30T00:00:00Z\n  by: eve\n  state: new\n" * MANY,
    "references": "articles:\n" + "".join(f"- t{n}\n" for n in range(MANY)),
    "unknown keys": "".join(f"k{n}: 1\n" for n in range(MANY)),
}


@pytest.mark.parametrize("body", BULKY.values(), ids=BULKY)
def test_A274_of_very_many_faults_in_one_file_the_first_are_told(world: World, body: str) -> None:
    head = f"id: INC-{DAY}-1NC11\nkind: incident\nschema: 1\ntitle: x\nservice: mail\n"
    timeline = "" if body.startswith("timeline") else f"timeline:\n- at: {at(hours=1)}\n  by: eve\n  state: new\n"
    world.write({path(incident("1NC11", "P5")): head + body + timeline})
    push = world.offer("eve")
    assert not push.landed
    assert 100 <= push.said.count("error[") <= 310


def test_A274_no_other_fault_is_lost_behind_very_many(world: World) -> None:
    record = incident("1NC11", "P5") | {"service": "nowhere"}
    record["timeline"] += [{"at": at(hours=1), "by": "ana", "state": "new"} for _ in range(300)]
    world.put(record)
    push = world.offer()
    assert not push.landed and "REF001" in push.said and "more than 100 faults of this kind" in push.said
