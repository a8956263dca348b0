"""The records of the workspace that approvals are tried in: who is there, which rules hold, what is to be decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from itsm_as_code.domain.ids import path_of
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.shape import key_order_at
from itsm_as_code.store.emit import emit

NOW = datetime.now(UTC).replace(microsecond=0)
"""The hook judges by the real clock, so records are dated by it."""
DAY = NOW.strftime("%Y%m%d")
WORKSPACE = "tr1a1g0und4pprova1s"
PEOPLE = ("ana", "ben", "cleo", "dora", "eve", "robo")
"""ana and ben are of it, ben and cleo of cab, cleo and dora keep the rules, dora decides at night; eve belongs
nowhere, robo is a bot of it."""
Record = dict[str, Any]


def at(**ago: float) -> str:
    """An instant so long ago."""
    return write_instant(NOW - timedelta(**ago))


def path(record: Record) -> str:
    """Where a record lies."""
    return path_of(record["kind"], record["id"])


def text(record: Record, where: str | None = None) -> bytes:
    """The file of a record."""
    return emit(record, key_order_at(where or path(record)))


def person(name: str, key: str, **fields: Any) -> Record:
    return {
        "id": name, "kind": "person", "schema": 1, "name": name.title(), "emails": [f"{name}@example.org"],
        "keys": [{"key": key}],
    } | fields  # fmt: skip


def team(name: str, *members: str, **fields: Any) -> Record:
    return {"id": name, "kind": "team", "schema": 1, "name": name.upper(), "members": list(members)} | fields


def service(name: str, tier: int) -> Record:
    about = {"description": "What people use.", "status_page": {"shown": False}}
    return {"id": name, "kind": "service", "schema": 1, "name": name.title(), "owner": "it", "tier": tier} | about


def policy(name: str, gate: str, subject: list[str], *rules: Record, **fields: Any) -> Record:
    return {
        "id": name, "kind": "policy", "schema": 1, "title": f"Who decides on {name}", "subject": subject,
        "gate": gate, "rules": list(rules),
    } | fields  # fmt: skip


NOBODY = {"seats": "none", "because": "It is looked at afterwards."}
CHANGES = policy(
    "changes", "scheduled", ["change"],
    {"id": "standard", "when": {"type": "standard"}} | NOBODY,
    {"id": "owner", "when": {"type": "normal"}, "seats": [{"teams": ["it"]}], "expires_after": "30d",
     "withdraw_by": ["keeper"]},
    {"id": "board", "when": {"type": "normal", "tier": 1}, "seats": [{"teams": ["cab"]}]},
    {"id": "night", "when": {"type": "emergency", "incident_priority": ["P1", "P2"]},
     "seats": [{"roles": ["emergency-approver"]}]},
)  # fmt: skip
KEPT = ["policy", "person", "team", "settings", "workflows"]
REGISTERS = ["service", "request-item", "freeze", "calendar", "sla", "change-model"]
EDITS = policy(
    "edits", "edit", KEPT + REGISTERS,
    {"id": "rules", "when": {"kind": KEPT}, "seats": [{"roles": ["keeper"]}]},
    {"id": "registers", "when": {"kind": REGISTERS}} | NOBODY,
)  # fmt: skip
REVIEWS = policy("reviews", "post-review", ["change"], {"id": "keepers", "seats": [{"roles": ["keeper"]}]})
ARTICLES = policy("articles", "published", ["article"], {"id": "all"} | NOBODY)
RESTART: Record = {
    "id": "restart", "kind": "change-model", "schema": 1, "title": "Restart a node", "services": ["mail"],
    "plan": {"implementation": "Restart it."}, "allows": {"risk_level": "low"},
}  # fmt: skip


def incident(number: str, priority: str) -> Record:
    levels = {"P1": ("high", "high"), "P5": ("low", "low")}[priority]
    first = {"at": at(hours=2), "by": "ana", "state": "new", "impact": levels[0], "urgency": levels[1]}
    return {
        "id": f"INC-{DAY}-{number}", "kind": "incident", "schema": 1, "title": "Mail is down", "service": "mail",
        "timeline": [first | {"priority": priority, "team": "it"}],
    }  # fmt: skip


def asset(name: str, **fields: Any) -> Record:
    return {"id": name, "kind": "asset", "schema": 1, "name": name.title(), "class": "database"} | fields


def item(name: str, **fields: Any) -> Record:
    return {"id": name, "kind": "request-item", "schema": 1, "title": f"A {name}", "team": "it"} | fields


def change(service_id: str = "mail", state: str = "scheduled", number: str = "4M2XT", **fields: Any) -> Record:
    """A change by ana, born in a state; a standard one has its model's plan."""
    window = {"start": write_instant(NOW + timedelta(days=2)), "end": write_instant(NOW + timedelta(days=2, hours=2))}
    own = {"plan": {"implementation": "Install it.", "backout": "Put the old one back."}}
    return {
        "id": f"CHG-{DAY}-{number}", "kind": "change", "schema": 1, "title": "Replace the certificate",
        "type": "normal", "reason": "It ends soon.", "service": service_id, "window": window,
        "authors": ["ana"], "timeline": [{"at": at(hours=1), "by": "ana", "state": state}],
    } | ({} if fields.get("type") == "standard" else own) | fields  # fmt: skip


def window(since: timedelta, until: timedelta) -> Record:
    """A window from so long before now to so long after it."""
    return {"start": write_instant(NOW - since), "end": write_instant(NOW + until)}


OPEN = window(timedelta(hours=1), timedelta(days=2))
"""A window in which work may begin now."""


def with_entry(record: Record, minutes: float = 2, **entry: Any) -> Record:
    """A record with another entry of ana at the end of its timeline, so many minutes ago."""
    return record | {"timeline": [*record["timeline"], {"at": at(minutes=minutes), "by": "ana"} | entry]}


def begun(record: Record, minutes: float = 2) -> Record:
    """A change whose work began so many minutes ago."""
    return with_entry(record, minutes, state="implementing")


def request(item_id: str, number: str = "9V3KC") -> Record:
    entries = [
        {"at": at(hours=2), "by": "ana", "state": "submitted", "impact": "low", "urgency": "low", "priority": "P5"},
        {"at": at(hours=1), "by": "ana", "state": "in_progress", "team": "it"},
    ]
    return {
        "id": f"REQ-{DAY}-{number}", "kind": "request", "schema": 1, "title": f"A {item_id} for Eve", "item": item_id,
        "requester": "eve", "authors": ["ana"], "timeline": entries,
    }  # fmt: skip


def founding(keys: dict[str, str]) -> dict[str, bytes]:
    """Path to text of the whole workspace."""
    extra = {"cleo": {"roles": ["keeper"]}, "dora": {"roles": ["keeper", "emergency-approver"]}}
    records = [
        *(person(name, keys[name], **extra.get(name, {})) for name in PEOPLE if name != "robo"),
        person("robo", keys["robo"], type="bot"),
        team("it", "ana", "ben", "dora", "robo"), team("cab", "ben", "cleo"),
        service("mail", 3), service("portal", 1),
        CHANGES, EDITS, REVIEWS, ARTICLES, RESTART, incident("1NC01", "P1"), incident("1NC05", "P5"),
        item("mouse"), item("laptop", seats=[{"roles": ["keeper"]}]),
    ]  # fmt: skip
    settings = f"id: {WORKSPACE}\nschema: 1\nname: Approvals\n".encode()
    return {"itsm.yaml": settings} | {path(record): text(record) for record in records}
