"""Describes in JSON Schema what `itsm show --format json --proof` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.verdict import GateStatus
from itsm_as_code.domain.kinds.approval import Approval
from itsm_as_code.domain.kinds.person import Delegation, Key
from itsm_as_code.domain.kinds.policy import PolicyRule
from itsm_as_code.render.json_schema import DIALECT, matching, schema_of
from itsm_as_code.render.proof import JSON_VERSION

if TYPE_CHECKING:
    from pydantic import BaseModel

_COMMIT = matching("^([0-9a-f]{40}|[0-9a-f]{64})$")
_DIGEST = matching("^itsm1:[0-9a-f]{64}$")
_BORROWED: dict[str, tuple[type[BaseModel], str]] = {
    "record": (Approval, "approval"),
    "rule": (PolicyRule, "rule"),
    "key": (Key, "key"),
}
"""These definitions are those of the records themselves."""


def proof_schema() -> dict[str, Any]:
    """Returns the schema of version 1 of the proof."""
    document = _map(
        "Proof",
        "`itsm show --format json --proof` prints this. It holds all that is needed to check an approval offline.",
        {
            "version": _field("integer", "Version", "This is the version of the format.", const=JSON_VERSION),
            "workspace": _text("Workspace", "This is the workspace's random id in itsm.yaml."),
            "genesis": _text("Genesis", "This commit is the root of trust.", **_COMMIT),
            "newest": _text("Newest", "This is the newest commit of the protected branch that was known.", **_COMMIT),
            "base": _text("Base", "The rules and people of this commit were used to judge.", **_COMMIT),
            "entered": _text(
                "Entered",
                "This is the commit by which the content landed. It is missing if it has not landed.",
                **_COMMIT,
            ),
            "judged_at": _text(
                "Judged at",
                "This instant was taken as now: the latest date of the commits that led here, or the command's.",
            ),
            "subject": _text("Subject", "This is what was decided on, as acts name it."),
            "path": _text("Path", "This is the path of the file, from the workspace's root."),
            "content": _content("This is the content that the digest covers, as it is written."),
            "digest": _text("Digest", "This is the digest of the content.", **_DIGEST),
            "fields": _strings("Fields", "For each material field, this is the short hash of its value."),
            "acts": _list("Acts", "These are all acts on the subject, whether they count or not.", _act()),
            "people": _each(
                "People", "For each person whom the acts name, this is what the workspace says about them.", _person()
            ),
            "teams": _each(
                "Teams", "These are the teams that the seats name, and the teams that are parts of them.", _team()
            ),
            "gates": _list("Gates", "These are the gates that the subject passes.", _gate()),
        },
        optional=("entered",),
    )
    head: dict[str, Any] = {"$schema": DIALECT, "$id": "proof.json"}
    return head | document | {"definitions": _definitions()}


def _definitions() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (model, title) in _BORROWED.items():
        schema = schema_of(model, title)
        found |= schema.pop("definitions", {})
        found[name] = {key: value for key, value in schema.items() if not key.startswith("$")}
    delegation = schema_of(Delegation, "delegation")
    found["delegation"] = {key: value for key, value in delegation.items() if not key.startswith("$")}
    return dict(sorted(found.items()))


def _field(kind: str, title: str, description: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "title": title, "description": description, **more}


def _text(title: str, description: str, **more: Any) -> dict[str, Any]:
    return _field("string", title, description, **more)


def _words(title: str, description: str) -> dict[str, Any]:
    return _field("array", title, description, items={"type": "string"})


def _strings(title: str, description: str) -> dict[str, Any]:
    return _field("object", title, description, additionalProperties={"type": "string"})


def _list(title: str, description: str, items: dict[str, Any]) -> dict[str, Any]:
    return _field("array", title, description, items=items)


def _each(title: str, description: str, value: dict[str, Any]) -> dict[str, Any]:
    return _field("object", title, description, additionalProperties=value)


def _map(title: str, description: str, properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    closed = {"additionalProperties": False, "required": required, "properties": properties}
    return _field("object", title, description, **closed)


def _content(description: str) -> dict[str, Any]:
    properties = {
        "kind": _text("Kind", "This is the kind of the record."),
        "schema": _field("integer", "Schema", "This is the number of the record format, as it is written."),
        "material": _field("object", "Material", "These are the material fields, as they are written."),
        "attachments": _strings("Attachments", "For the path of each attached file, this is sha256: and its hash."),
    }
    return _map("Content", description, properties, optional=("attachments",))


def _act() -> dict[str, Any]:
    seen = (
        "This says when the act was there: `base` (before the step), `step` (it came with it) or `later` (since then)."
    )
    properties = {
        "path": _text("Path", "This is the path of the file, from the workspace's root."),
        "seen": _text("Seen", seen, enum=["base", "step", "later"]),
        "record": {
            "title": "Record",
            "description": "This is the act as it is written.",
            "allOf": [{"$ref": "#/definitions/record"}],
        },
    }
    return _map("Act", "This is one act.", properties)


def _person() -> dict[str, Any]:
    keys = "These are all keys that the newest commit lists, because revocations come later."
    delegate = {"title": "Delegate", "description": "Base says that this person decides in their place."}
    properties = {
        "active": _field("boolean", "Active", "This is true if base says that the person is active."),
        "human": _field("boolean", "Human", "This is true if the person is a human and no bot."),
        "roles": _words("Roles", "These are the person's roles on base."),
        "keys": _list("Keys", keys, {"$ref": "#/definitions/key"}),
        "delegate": delegate | {"allOf": [{"$ref": "#/definitions/delegation"}]},
    }
    return _map("Person", "This is what the workspace says about a person.", properties, optional=("delegate",))


def _team() -> dict[str, Any]:
    members, parents = (
        _words("Members", "These are the team's members on base."),
        _words("Parents", "The team is a part of these teams."),
    )
    return _map("Team", "This is one team, as it is on base.", {"members": members, "parents": parents})


def _gate() -> dict[str, Any]:
    replaced = {
        "content": _content("This is the content that base had, as it is written."),
        "digest": _text("Digest", "This is the digest of that content.", **_DIGEST),
    }
    properties = {
        "gate": _text(
            "Gate", "This names the gate: the state to enter, edit, exception/<freeze>, post-review or ratify."
        ),
        "replaces": _map("Replaces", "For an edit, this is the content that is replaced.", replaced),
        "owner_team": _text("Owner team", "Base says that this team owns the service."),
        "barred": _strings(
            "Barred", "For each person who can fill no seat, this says why: they wrote it or asked for it."
        ),
        "rules": _each("Rules", "These rules applied, each under its name.", {"$ref": "#/definitions/rule"}),
        "verdict": _verdict(),
    }
    return _map("Gate", "This is one gate and its verdict.", properties, optional=("replaces", "owner_team"))


def _verdict() -> dict[str, Any]:
    ignored = {
        "act": _text("Act", "This is the id of the act."),
        "why": _text("Why", "This says why the act does not count."),
    }
    passed = {
        "rule": _text("Rule", "This is the name of the rule."),
        "why": _text("Why", "This says why the rule does not apply."),
    }
    properties = {
        "status": _text("Status", "This is the answer. Only approved opens the gate.", enum=[*GateStatus]),
        "proposed_by": _words("Proposed by", "These people proposed exactly this content."),
        "seats": _list("Seats", "These are all places of all rules.", _place()),
        "refused": _words("Refused", "These acts refuse the content."),
        "ignored": _list("Ignored", "These acts do not count.", _map("Ignored act", "This is one act.", ignored)),
        "nobody_because": _words("Nobody because", "This says why rules ask for nobody."),
        "rules_passed_over": _list(
            "Rules passed over", "These rules are not for the subject.", _map("Rule", "This is one rule.", passed)
        ),
        "held_back": _words("Held back", "This keeps the gate closed, whatever people decide."),
        "faults": _words("Faults", "This keeps the answer from being sure."),
    }
    return _map("Verdict", "This is the verdict of the program that wrote the proof.", properties)


def _place() -> dict[str, Any]:
    properties = {
        "rule": _text("Rule", "This is the name of the rule."),
        "seat": _field("integer", "Seat", "This is the number of the seat in the rule, from 0.", minimum=0),
        "number": _field("integer", "Number", "This is the number of the place in the seat, from 0.", minimum=0),
        "by": _text("By", "This person fills the place."),
        "act": _text("Act", "The person fills the place by this act."),
        "as": _text("As", "This says why the person may fill the place."),
        "could": _words("Could", "These people could fill the place."),
    }
    return _map("Place", "This is one place.", properties, optional=("by", "act", "as", "could"))
