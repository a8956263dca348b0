"""JSON Schema (draft-07 dialect, the newest that YAML editors understand) of each kind and of itsm.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.settings import CustomField, CustomType

if TYPE_CHECKING:
    from pydantic import BaseModel

DIALECT = "http://json-schema.org/draft-07/schema#"


def schema_of(model: type[BaseModel], name: str, custom: dict[str, CustomField] | None = None) -> dict[str, Any]:
    """The schema of one kind. `custom` are the fields that the workspace declares for it."""
    raw = model.model_json_schema(by_alias=True, mode="validation", ref_template="#/definitions/{model}")
    definitions = raw.pop("$defs", {})
    schema: dict[str, Any] = {"$schema": DIALECT, "$id": f"{name}.json", **_draft_07(raw)}
    if name in _NAMED_KINDS:
        schema["properties"]["kind"]["const"] = name
    if custom is not None and "custom" in schema["properties"]:
        schema["properties"]["custom"] |= _custom(custom)
    if "body" in schema["properties"]:
        schema["required"] = [key for key in schema["required"] if key != "body"]
    if definitions:
        schema["definitions"] = {key: _draft_07(value) for key, value in sorted(definitions.items())}
    return schema


def _draft_07(node: Any) -> Any:
    """The same schema without what draft-07 lacks or our records refuse: null, and words beside `$ref`."""
    if isinstance(node, list):
        return [_draft_07(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _draft_07(value) for key, value in node.items() if not (key == "default" and value is None)}
    if isinstance(node.get("properties"), dict):
        node["properties"] = {name: _titled(name, field) for name, field in node["properties"].items()}
    for key in ("anyOf", "oneOf"):
        if key in node:
            node |= _without_null(key, node.pop(key))
    if "$ref" in node and len(node) > 1:
        node = {"allOf": [{"$ref": node.pop("$ref")}], **node}
    return node


def _titled(name: str, field: Any) -> Any:
    """The field with a title: an editor shows it above the description."""
    words = name.rstrip("_").replace("_", " ")
    if not isinstance(field, dict) or "title" in field:
        return field
    return {"title": words[:1].upper() + words[1:], **field}


def _without_null(key: str, choices: list[Any]) -> dict[str, Any]:
    kept = [choice for choice in choices if choice != {"type": "null"}]
    if len(kept) > 1:
        return {key: kept}
    only = kept[0]
    return {"allOf": [only]} if "$ref" in only else only


_NAMED_KINDS = frozenset(
    {"incident", "change", "problem", "request", "approval", "article", "service", "asset", "sla", "calendar",
     "freeze", "change-model", "request-item", "policy", "person", "team"}
)  # fmt: skip


def _custom(fields: dict[str, CustomField]) -> dict[str, Any]:
    """The schema of `custom`, with the declared fields and no others."""
    properties = {name: _custom_field(field) for name, field in sorted(fields.items())}
    required = sorted(name for name, field in fields.items() if field.required)
    return {"properties": properties, "additionalProperties": False, **({"required": required} if required else {})}


def _custom_field(field: CustomField) -> dict[str, Any]:
    words = {"title": field.label, "description": f"{field.label} (declared in itsm.yaml)."}
    match field.type:
        case CustomType.YES_NO:
            return {"type": "boolean", **words}
        case CustomType.NUMBER:
            return {"type": "integer", **words}
        case CustomType.LIST:
            items = {"type": "string", **({"enum": list(field.choices)} if field.choices else {})}
            return {"type": "array", "items": items, **words}
    choices = {"enum": list(field.choices)} if field.choices else {}
    return {"type": "string", **choices, **words}
