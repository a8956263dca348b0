"""JSON Schemas: every field says what it is, valid draft-07, and the sample's records fit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from itsm_as_code.domain.ids import RECORDS, parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.settings import CustomField, Settings
from itsm_as_code.render.json_schema import schema_of
from itsm_as_code.render.proof_schema import proof_schema
from itsm_as_code.render.report_schema import report_schema
from itsm_as_code.store.snapshot import read_data

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMAS = {name: schema_of(kind.model, name, {}) for name, kind in KINDS.items()} | {
    "itsm": schema_of(Settings, "itsm"),
    "report": report_schema(),
    "proof": proof_schema(),
}


def _fields(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for name, field in (node.get("properties") or {}).items():
            yield f"{path}/{name}", field
        for key, value in node.items():
            yield from _fields(value, f"{path}/{key}")
    elif isinstance(node, list):
        for item in node:
            yield from _fields(item, path)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_has_a_title_and_a_description(name: str) -> None:
    without = [path for path, field in _fields(SCHEMAS[name]) if not {"title", "description"} <= set(field)]
    assert not without


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_is_valid_draft_07(name: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[name])
    assert "$defs" not in json.dumps(SCHEMAS[name])
    assert '"null"' not in json.dumps({**SCHEMAS[name], "definitions": {}}) or name == "report"


def test_what_passes_the_check_fits_its_schema() -> None:
    """The whole sample workspace, by an independent validator."""
    kinds = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "schemas").glob("*.json")}
    validators = {name: Draft7Validator(schema) for name, schema in kinds.items()}
    seen = 0
    for path in sorted((ROOT / RECORDS).rglob("*")):
        located = parse_path(path.relative_to(ROOT).as_posix())
        if located is not None and path.is_file():
            data = read_data(path.name, path.read_bytes()).data
            assert data is not None
            errors = [error.message for error in validators[located[0]].iter_errors(data)]
            assert not errors, f"{path.name}: {errors}"
            seen += 1
    assert seen > 150


def test_custom_fields_are_in_the_schema_and_no_others() -> None:
    field = CustomField.model_validate({"label": "Floor", "type": "choice", "choices": ["1", "2"], "required": True})
    schema = schema_of(KINDS["team"].model, "team", {"floor": field})
    team = {"id": "it", "kind": "team", "schema": 1, "name": "IT"}
    validator = Draft7Validator(schema)
    assert validator.is_valid(team | {"custom": {"floor": "1"}})
    assert not validator.is_valid(team | {"custom": {"floor": "3"}})
    assert not validator.is_valid(team | {"custom": {"flor": "1"}})


@pytest.mark.parametrize(("change", "fits"), [({}, True), ({"nmae": "x"}, False), ({"kind": "service"}, False)])
def test_an_editor_finds_the_plain_mistakes(change: dict[str, str], fits: bool) -> None:
    team = {"id": "it", "kind": "team", "schema": 1, "name": "IT"} | change
    assert Draft7Validator(SCHEMAS["team"]).is_valid(team) is fits
