"""JSON Schema of what `itsm show --format json --proof` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.answer import Status
from itsm_as_code.domain.kinds.approval import Approval
from itsm_as_code.domain.kinds.person import Delegation, Key
from itsm_as_code.domain.kinds.policy import PolicyRule
from itsm_as_code.render.json_schema import DIALECT, schema_of
from itsm_as_code.render.proof import JSON_VERSION

if TYPE_CHECKING:
    from pydantic import BaseModel

_COMMIT = {"pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$"}
_DIGEST = {"pattern": "^itsm1:[0-9a-f]{64}$"}
_BORROWED: dict[str, tuple[type[BaseModel], str]] = {
    "record": (Approval, "approval"),
    "rule": (PolicyRule, "rule"),
    "key": (Key, "key"),
}
"""Definitions that are those of the records themselves."""


def proof_schema() -> dict[str, Any]:
    """The schema of version 1 of the proof."""
    document = _map(
        "Proof",
        "What `itsm show --format json --proof` prints: all that is needed to check an approval offline.",
        {
            "version": _field("integer", "Version", "Version of this format.", const=JSON_VERSION),
            "workspace": _text("Workspace", "The random id in itsm.yaml."),
            "genesis": _text("Genesis", "The commit that is the root of trust.", **_COMMIT),
            "newest": _text("Newest", "The newest commit of the protected branch that was known.", **_COMMIT),
            "base": _text("Base", "The commit whose rules and people judged.", **_COMMIT),
            "entered": _text("Entered", "The commit by which it landed; missing where it has not.", **_COMMIT),
            "judged_at": _text("Judged at", "The clock: of the commit that landed, as it claims, or of the command."),
            "subject": _text("Subject", "What was decided on, as acts name it."),
            "path": _text("Path", "The file, relative to the workspace root."),
            "content": _content("What the digest covers, as written."),
            "digest": _text("Digest", "The digest of the content.", **_DIGEST),
            "fields": _strings("Fields", "Material field to the short hash of its value."),
            "acts": _list("Acts", "Every act on the subject, whether or not it counts.", _act()),
            "people": _each("People", "Those whom the acts name: id to what the registry says.", _person()),
            "teams": _each("Teams", "Those that the seats name, and teams that are part of them.", _team()),
            "gates": _list("Gates", "The gates that it passes.", _gate()),
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
        "kind": _text("Kind", "The record's kind."),
        "schema": _field("integer", "Schema", "Number of the record format, as written."),
        "material": _field("object", "Material", "The material fields, as written."),
        "attachments": _strings("Attachments", "Path of each attached file to sha256: and its hash."),
    }
    return _map("Content", description, properties, optional=("attachments",))


def _act() -> dict[str, Any]:
    seen = "`base`: there before the step; `step`: came with it; `later`: landed since."
    properties = {
        "path": _text("Path", "The file, relative to the workspace root."),
        "seen": _text("Seen", seen, enum=["base", "step", "later"]),
        "record": {"title": "Record", "description": "As written.", "allOf": [{"$ref": "#/definitions/record"}]},
    }
    return _map("Act", "One act.", properties)


def _person() -> dict[str, Any]:
    keys = "All keys as the newest registry lists them: they stay for ever, and revocations come later."
    delegate = {"title": "Delegate", "description": "Who decides in their place, on base."}
    properties = {
        "active": _field("boolean", "Active", "Whether they had not left, on base."),
        "human": _field("boolean", "Human", "Whether they are no bot."),
        "roles": _words("Roles", "Roles on base."),
        "keys": _list("Keys", keys, {"$ref": "#/definitions/key"}),
        "delegate": delegate | {"allOf": [{"$ref": "#/definitions/delegation"}]},
    }
    return _map("Person", "What the registry says of a person.", properties, optional=("delegate",))


def _team() -> dict[str, Any]:
    members, parents = _words("Members", "Its members on base."), _words("Parents", "The teams that it is part of.")
    return _map("Team", "One team on base.", {"members": members, "parents": parents})


def _gate() -> dict[str, Any]:
    replaced = {"content": _content("What base had, as written."), "digest": _text("Digest", "Its digest.", **_DIGEST)}
    properties = {
        "gate": _text("Gate", "The state entered, edit, exception/<freeze>, post-review or ratify."),
        "replaces": _map("Replaces", "For an edit: what it replaces.", replaced),
        "owner_team": _text("Owner team", "The team that owns the service, on base."),
        "barred": _strings("Barred", "Who wrote or asked for it, and why they fill no seat."),
        "rules": _each("Rules", "The rules that applied: name to rule.", {"$ref": "#/definitions/rule"}),
        "verdict": _verdict(),
    }
    return _map("Gate", "One gate and its verdict.", properties, optional=("replaces", "owner_team"))


def _verdict() -> dict[str, Any]:
    ignored = {"act": _text("Act", "Its id."), "why": _text("Why", "Why it does not count.")}
    passed = {"rule": _text("Rule", "Its name."), "why": _text("Why", "Why it does not apply.")}
    properties = {
        "status": _text("Status", "The answer; only approved is a pass.", enum=[*Status]),
        "proposed_by": _words("Proposed by", "Who proposed exactly this content."),
        "seats": _list("Seats", "Every place of every rule.", _place()),
        "refused": _words("Refused", "Acts that refuse it."),
        "ignored": _list("Ignored", "Acts that do not count.", _map("Ignored act", "One act.", ignored)),
        "nobody_because": _words("Nobody because", "Why rules ask for nobody."),
        "rules_passed_over": _list("Rules passed over", "Rules not for it.", _map("Rule", "One rule.", passed)),
        "held_back": _words("Held back", "What keeps it from passing whatever people decide."),
        "faults": _words("Faults", "What keeps the answer from being sure."),
    }
    return _map("Verdict", "What the program that wrote this made of it.", properties)


def _place() -> dict[str, Any]:
    properties = {
        "rule": _text("Rule", "The rule's name."),
        "seat": _field("integer", "Seat", "Which seat of the rule, from 0.", minimum=0),
        "number": _field("integer", "Number", "Which place of the seat, from 0.", minimum=0),
        "by": _text("By", "Who fills it."),
        "act": _text("Act", "The act by which they do."),
        "as": _text("As", "What makes them eligible."),
        "could": _words("Could", "Who could fill it."),
    }
    return _map("Place", "One place.", properties, optional=("by", "act", "as", "could"))
