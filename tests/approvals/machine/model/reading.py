"""How the model reads a record: its state, what of it people decide on, and the digest of that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

Record = Mapping[str, Any]
Files = Mapping[str, Record]

NOT_MATERIAL = {
    "timeline", "authors", "tags", "aliases", "links", "articles", "commits", "pull_requests", "pipelines", "outcome",
    "resolution", "fulfilment", "tasks", "post_implementation_review",
}  # fmt: skip
"""All fields are material but the timeline, the authors, tags, aliases, links, articles of tickets, and those that say
how the work went."""

GATED = {
    "settings", "workflows", "change", "policy", "person", "team", "service", "request-item", "freeze", "calendar",
    "sla", "change-model",
}  # fmt: skip
TICKETS = ("change", "incident")
EDITED = GATED - {"change"}
BEYOND = ("scheduled", "implementing", "evaluation", "closed")
"""A change is at or past its gate in these states."""
UNDER_WAY = BEYOND[1:]
FINAL = ("closed", "rejected", "cancelled")
STEPS = {
    ("draft", "submitted"), ("draft", "scheduled"), ("submitted", "scheduled"), ("scheduled", "implementing"),
    ("implementing", "evaluation"), ("evaluation", "closed"), ("implementing", "closed"), ("submitted", "rejected"),
    ("submitted", "draft"), ("rejected", "draft"), ("scheduled", "draft"), ("draft", "cancelled"),
    ("submitted", "cancelled"), ("scheduled", "cancelled"),
}  # fmt: skip
"""The steps that the table of the lifecycle has."""
STEPS_OF_INCIDENTS = {
    ("new", "in_progress"), ("new", "on_hold"), ("in_progress", "on_hold"), ("on_hold", "in_progress"),
    ("new", "resolved"), ("in_progress", "resolved"), ("on_hold", "resolved"), ("resolved", "closed"),
    ("resolved", "in_progress"), ("new", "cancelled"), ("in_progress", "cancelled"), ("on_hold", "cancelled"),
}  # fmt: skip

DAY, AHEAD = timedelta(days=1), timedelta(minutes=5)


def instant(text: str) -> datetime:
    """An instant as it is written."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, in UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def material(record: Record) -> dict[str, Any]:
    """What people decide on, as it is written, without the number that counts how often it changed."""
    if kind_of(record) == "workflows":
        return {"schema": record["schema"], "files": record["files"]}
    return {key: value for key, value in record.items() if key not in NOT_MATERIAL and key != "revision"}


def kind_of(record: Record) -> str:
    """The kind of a record; `itsm.yaml` does not say that it has one."""
    return str(record.get("kind", "settings"))


def workflows(files: Files) -> Record:
    """The files that forges and build servers run are decided on together, by their paths and hashes."""
    hashes = {
        where: hashlib.sha256(record["content"].encode()).hexdigest()
        for where, record in files.items() if kind_of(record) == "file"
    }  # fmt: skip
    return {"kind": "workflows", "schema": 1, "files": hashes}


def words_of_review(record: Record) -> dict[str, Any]:
    """How the work went and what was learnt from it, as written."""
    return {key: record[key] for key in ("outcome", "post_implementation_review") if key in record}


def digest(record: Record, *, review: bool = False) -> str:
    """`itsm1:` and the SHA-256 of the canonical form of kind, schema and material. Where people decide on a review,
    its words belong to it."""
    counted = {key: record[key] for key in ("revision", "since") if key in record}
    content = {"kind": kind_of(record), "schema": record["schema"], "material": material(record) | counted}
    words = words_of_review(record) if review else {}
    content |= {"review": words} if words else {}
    return "itsm1:" + hashlib.sha256(canonical(content)).hexdigest()


def subject_of(record: Record) -> str:
    """The subject is a ticket's id, or kind and slug; `workspace` for `itsm.yaml`, and `workflows`."""
    kind = kind_of(record)
    if kind in ("settings", "workflows"):
        return "workspace" if kind == "settings" else kind
    return str(record["id"]) if kind in TICKETS else f"{kind}/{record['id']}"


def void_entries(timeline: list[Record]) -> set[int]:
    """An entry takes back the newest entry of the same person and the instant that it names."""
    gone: set[int] = set()
    for number, entry in enumerate(timeline):
        if "void" in entry:
            named = [
                place for place in range(number)
                if place not in gone and instant(timeline[place]["at"]) == instant(entry["void"])
                and timeline[place]["by"] == entry["by"]
            ]  # fmt: skip
            gone.update(named[-1:])
    return gone


def state_of(record: Record | None) -> str | None:
    """The state is that of the newest entry that sets one and was not taken back."""
    if record is None:
        return None
    if "timeline" not in record:
        return str(record.get("state", "active"))
    gone = void_entries(record["timeline"])
    states = [
        entry["state"] for place, entry in enumerate(record["timeline"]) if "state" in entry and place not in gone
    ]
    return states[-1] if states else None


def began(record: Record) -> datetime | None:
    """When work began for the last time, by the timeline."""
    found, before, gone = None, False, void_entries(record["timeline"])
    for place, entry in enumerate(record["timeline"]):
        if "state" in entry and place not in gone:
            now = entry["state"] in UNDER_WAY
            found = instant(entry["at"]) if now and not before else found
            before = now
    return found if before else None


def of_kind(files: Files, kind: str) -> Iterator[Record]:
    """The records of a kind that are there."""
    return (record for record in files.values() if record.get("kind") == kind)


def acts_on(subject: str, base: Files, head: Files) -> dict[str, Record]:
    """Acts count in base and head alike, and a proposal can't change what has landed: id to act."""
    return {act["id"]: act for files in (head, base) for act in of_kind(files, "approval") if act["subject"] == subject}


def find(files: Files, kind: str, name: str) -> Record | None:
    """A record by its id."""
    return next((record for record in of_kind(files, kind) if record["id"] == name), None)
