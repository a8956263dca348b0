"""Makes a JSON Schema of each kind and of itsm.yaml, in draft-07: the newest that YAML editors understand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.settings import CustomField, CustomType

if TYPE_CHECKING:
    from pydantic import BaseModel

_SPELLING = {"Sla": "SLA", "Slas": "SLAs", "Url": "URL", "url": "URL", "sla": "SLA", "Id": "ID"}
_SPELT = re.compile(rf"\b({'|'.join(_SPELLING)})\b")
DIALECT = "http://json-schema.org/draft-07/schema#"


def matching(pattern: str) -> dict[str, Any]:
    """Returns a schema that accepts text that matches `pattern` and has no line break.

    In Python `$` also matches before a line break at the end; in ECMA-262 it does not. With `not`, all validators
    agree. We use no lookahead: several engines have none, and JSON Schema advises against it.
    """
    return {"pattern": pattern, "not": {"pattern": "\\n"}}


def schema_of(model: type[BaseModel], name: str, custom: dict[str, CustomField] | None = None) -> dict[str, Any]:
    """Returns the schema of one kind. `custom` are the fields that the workspace declares for it."""
    raw = model.model_json_schema(by_alias=True, mode="validation", ref_template="#/definitions/{model}")
    definitions = raw.pop("$defs", {})
    raw["title"] = _spoken(raw["title"])
    schema: dict[str, Any] = {"$schema": DIALECT, "$id": f"{name}.json", **_draft_07(raw)}
    if name in KINDS:
        schema["properties"]["kind"]["const"] = name
    if custom is not None and "custom" in schema["properties"]:
        schema["properties"]["custom"] = _custom(schema["properties"]["custom"], custom)
    if "body" in schema["properties"]:
        schema["required"] = [key for key in schema["required"] if key != "body"]
    if definitions:
        schema["definitions"] = {
            key: {**_draft_07(value), "title": _spoken(key)} for key, value in sorted(definitions.items())
        }
    return schema


def _spoken(class_name: str) -> str:
    """Returns a class name as words for a title: `Forge account` for `ForgeAccount`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", class_name).capitalize()
    return _SPELT.sub(lambda word: _SPELLING[word.group()], words)


def _draft_07(node: Any) -> Any:
    """Returns the same schema without what draft-07 lacks or our records refuse: null, and other keys beside `$ref`."""
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
    if isinstance(node.get("patternProperties"), dict) and node.get("type") == "object":
        node |= _map_of(node.pop("patternProperties"))
    if isinstance(node.get("pattern"), str):
        node |= matching(node["pattern"])
    if "$ref" in node and len(node) > 1:
        node = {"allOf": [{"$ref": node.pop("$ref")}], **node}
    return node


def _titled(name: str, field: Any) -> Any:
    """Returns the field with a title. An editor shows it above the description."""
    if not isinstance(field, dict):
        return field
    words = name.rstrip("_").replace("_", " ")
    title = str(field.get("title", words[:1].upper() + words[1:]))
    return {**field, "title": _SPELT.sub(lambda word: _SPELLING[word.group()], title)}


def _map_of(values: dict[str, Any]) -> dict[str, Any]:
    """Returns a map whose keys must all match the pattern. `patternProperties` alone would allow any other key."""
    ((pattern, value),) = values.items()
    return {"propertyNames": matching(pattern), "additionalProperties": value}


def _without_null(key: str, choices: list[Any]) -> dict[str, Any]:
    kept = [choice for choice in choices if choice != {"type": "null"}]
    if len(kept) > 1:
        return {key: kept}
    only = kept[0]
    return {"allOf": [only]} if "$ref" in only else only


def _custom(general: dict[str, Any], fields: dict[str, CustomField]) -> dict[str, Any]:
    """Returns the schema of `custom`, with the declared fields and no others."""
    words = {key: value for key, value in general.items() if key not in ("propertyNames", "additionalProperties")}
    properties = {name: _custom_field(field) for name, field in sorted(fields.items())}
    required = sorted(name for name, field in fields.items() if field.required)
    closed = {"properties": properties, "additionalProperties": False}
    return words | closed | ({"required": required} if required else {})


def _custom_field(field: CustomField) -> dict[str, Any]:
    words = {"title": field.label, "description": f"This workspace declares the field “{field.label}” in itsm.yaml."}
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
