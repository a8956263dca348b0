"""Records of every kind at random, from the models' own JSON Schemas: valid ones, however odd."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from pydantic import ValidationError

from itsm_as_code.domain.calendars.hours import HOURS_PATTERN
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.base import Record

INSTANTS = (
    "1900-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-11-20T23:59:59.5-11:00", "2026-11-21T08:00:00Z",
    "2026-11-21T08:05:00+05:30", "2026-11-21T09:00:00Z", "2026-12-24T00:00:00+14:00", "2999-12-31T23:59:59Z",
)  # fmt: skip
DAYS = ("1900-01-01", "2026-11-20", "2026-11-21", "2027-06-30", "2999-12-31")
SPANS = ("1m", "4h", "30d", "5bd", "999999d", "999999bd")
WORDS = ("ana", "ben", "nobody", "it", "portal", "sign-in", "a", "con.x", "z.9_-")
LINES = ("x", "Portal is down", "password: hunter22x", "4012888888881881", "ü🙂", "a" * 300)
TEXTS = (*LINES, "two\nlines", "[x](sing-in.md)", "![x](../../attachments/a/b.png)", "```\nopen", "INC-20261121-7K3Q9")
TICKETS = tuple(f"-2026{day}-{tail}" for day in ("1121", "1399", "0000") for tail in ("7K3Q9", "00000"))
CONDITIONS: tuple[dict[str, Any], ...] = ({}, {"state": "closed"}, {"servce": "x"}, {"any": [{"service": "portal"}]})
HOURS = ("08:00-12:00", "13:00-17:00", "22:00-06:00")


def records(kind: str) -> st.SearchStrategy[Record]:
    """Records that the model of the kind accepts."""
    model = KINDS[kind].model

    @st.composite
    def draw_record(draw: st.DrawFn) -> Record:
        data = draw(_drawn(kind))
        try:
            return model.model_validate(data)
        except ValidationError:
            assume(False)
            raise

    return draw_record()


@cache
def _drawn(kind: str) -> st.SearchStrategy[Any]:
    schema = KINDS[kind].model.model_json_schema(by_alias=True)
    return _object(schema, schema.get("$defs", {}))


def _object(schema: dict[str, Any], defs: dict[str, Any]) -> st.SearchStrategy[Any]:
    required = schema.get("required", [])
    fields = {name: _field(name, each, defs) for name, each in schema.get("properties", {}).items()}
    return st.fixed_dictionaries(
        {name: fields[name] for name in required},
        optional={name: each for name, each in fields.items() if name not in required},
    )


def _field(name: str, schema: dict[str, Any], defs: dict[str, Any]) -> st.SearchStrategy[Any]:
    if name == "schema":
        return st.just(1)
    if name == "kind":
        return st.sampled_from(("incident", "change", "article", "whatever"))
    if name in ("when", "scope", "allows", "applies_to", "start", "stop") and "format" not in schema:
        return st.sampled_from(CONDITIONS)
    if name == "time_zone":
        return st.sampled_from(("UTC", "Europe/London"))
    if name == "country":
        return st.sampled_from(("GB", "DE", "XX"))
    return _value(schema, defs)


def _value(schema: dict[str, Any], defs: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        found = defs[schema["$ref"].rsplit("/", 1)[1]]
        return st.deferred(lambda: _value(found, defs))
    if "anyOf" in schema:
        some = [each for each in schema["anyOf"] if each.get("type") != "null"]
        return st.one_of([_value(each, defs) for each in some])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    match schema.get("type"):
        case "object" if "properties" in schema:
            return _object(schema, defs)
        case "object":
            return _map(schema, defs)
        case "array":
            least = schema.get("minItems", 0)
            return st.lists(_value(schema["items"], defs), min_size=least, max_size=least + 3)
        case "integer":
            return st.integers(schema.get("minimum", 0), min(schema.get("maximum", 9), 9))
        case "boolean":
            return st.booleans()
    return _text(schema)


def _map(schema: dict[str, Any], defs: dict[str, Any]) -> st.SearchStrategy[Any]:
    inner = schema.get("additionalProperties")
    if not isinstance(inner, dict):
        return st.sampled_from(CONDITIONS)
    return st.dictionaries(st.sampled_from(WORDS), _value(inner, defs), max_size=2)


def _text(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    pattern = schema.get("pattern", "")
    if schema.get("format") == "date-time":
        return st.sampled_from(INSTANTS)
    if schema.get("format") == "date":
        return st.sampled_from(DAYS)
    if "(m|h|d|bd)" in pattern:
        return st.sampled_from(SPANS)
    for prefix in ("INC", "CHG", "PRB", "REQ", "APR"):
        if pattern.startswith(f"^{prefix}-"):
            return st.sampled_from([prefix + tail for tail in TICKETS])
    if "[0-9a-f]{" in pattern:
        return st.sampled_from((f"itsm1:{'5d1c' * 16}", "5d1c" * 4, "5d1c" * 10))
    if pattern == HOURS_PATTERN:
        return st.sampled_from(HOURS)
    if pattern.startswith("^("):
        return _either(pattern)
    if pattern.startswith("^[a-z0-9][a-z0-9._-]"):
        return st.sampled_from(WORDS)
    if pattern.startswith(r"^\S("):
        return st.sampled_from(LINES)
    if pattern:
        return st.from_regex(pattern, fullmatch=True)
    return st.sampled_from(TEXTS)


def _either(pattern: str) -> st.SearchStrategy[str]:
    if ")/[a-z0-9]" in pattern:
        kinds = pattern[2 : pattern.index(")")].split("|")
        return st.sampled_from([f"{kind}/{word}" for kind in kinds for word in WORDS])
    if pattern.startswith("^(https?"):
        return st.sampled_from(("https://example.org/", "mailto:ana@example.org", "tel:+4412255550199"))
    return st.from_regex(pattern, fullmatch=True)
