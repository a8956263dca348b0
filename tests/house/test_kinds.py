"""A kind is whole: one row says what it is called and whether its edits need approval, and all else is there for it.

Each table below asks for a decision: a kind that is new must be put on one side or the other.
"""

from __future__ import annotations

import json
import pkgutil
import re
import runpy
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from itsm_as_code.app.importing import import_records
from itsm_as_code.app.reading.sla import KINDS_WITH_CLOCKS
from itsm_as_code.app.writing import lifecycle_verb, scaffold
from itsm_as_code.checks.references import DIRECTED
from itsm_as_code.cli.elsewhere import meant_by
from itsm_as_code.cli.new import new_command
from itsm_as_code.domain import kinds
from itsm_as_code.domain.approval.gates import BEYOND, EDITED
from itsm_as_code.domain.ids import FOLDERS, RECORDS, TICKET_PREFIXES, parse_path
from itsm_as_code.domain.kind_rows import KIND_ROWS, TICKETS, KindRow
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.sla import SlaVersion
from itsm_as_code.domain.kinds.types import ActiveState, Ref
from itsm_as_code.domain.lifecycle import LIFECYCLES, REGISTERED_KINDS
from itsm_as_code.domain.revision import SETTINGS_KIND, WORKFLOWS_KIND
from itsm_as_code.site.address import SECTIONS
from tests.house.commands import about

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
BY_DECIDING = {"approval"}
"""Kinds that `itsm new` doesn't make, and that have no states: an act is written once."""
FREELY_EDITED = {"incident", "change", "problem", "request", "approval", "article", "asset"}
"""Kinds whose edits need no approval of their own. Changes, requests and articles are decided on in a state."""
WITHOUT_PAGE = {"request", "approval", "asset", "calendar", "freeze", "change-model", "policy", "person", "team"}
"""Kinds whose records have no page of their own on the site: private, or shown on other records' pages."""
NOT_NAMED_IN_IMPORTS = {
    "request", "approval", "sla", "calendar", "freeze", "change-model", "request-item", "policy",
}  # fmt: skip
"""Kinds that no source names in what is imported, so that their aliases are not looked up."""
UNDIRECTED = {
    "approval": {"supersedes"}, "article": {"related"}, "service": {"depends_on"}, "asset": {"depends_on"},
    "person": {"authors"},
}  # fmt: skip
"""Kind to fields that name records of the same kind and may lead back: things need each other, or time orders them."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_model_and_a_folder(kind: str) -> None:
    assert kind == KINDS[kind].model.KIND
    assert FOLDERS[kind] == KINDS[kind].folder
    assert list(FOLDERS.values()).count(KINDS[kind].folder) == 1


def test_every_model_of_a_record_has_a_row() -> None:
    modules = [import_module(f"{kinds.__name__}.{found.name}") for found in pkgutil.iter_modules(kinds.__path__)]
    models = [value for module in modules for value in vars(module).values() if isinstance(value, type)]
    assert {model.__dict__["KIND"] for model in models if "KIND" in model.__dict__} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_schema_that_takes_no_other(kind: str) -> None:
    schema = json.loads((ROOT / "schemas" / f"{kind}.json").read_text(encoding="utf-8"))
    assert schema["properties"]["kind"]["const"] == kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_lifecycle_unless_it_is_an_act(kind: str) -> None:
    assert (kind in LIFECYCLES) is (kind not in BY_DECIDING)
    states = {state.value for state in ActiveState}
    assert (kind in REGISTERED_KINDS) is (kind in LIFECYCLES and set(LIFECYCLES[kind].states) == states)


@pytest.mark.parametrize("kind", KINDS)
def test_the_help_names_a_kind_that_can_be_made(kind: str) -> None:
    said = " ".join(about(new_command).split())
    named = re.findall(r"[a-z-]+", re.findall(r"KIND is (.+?)\.", said)[0])
    assert (kind in named) is (kind not in BY_DECIDING)
    for word in (kind, KINDS[kind].folder):
        hint = f"`itsm new {kind}` or `itsm list {KINDS[kind].folder}`"
        assert (meant_by(word, ()) == hint) is (kind not in BY_DECIDING)


@pytest.mark.parametrize("kind", KINDS)
def test_the_glossary_says_what_a_kind_is(kind: str) -> None:
    assert re.search(rf"^- \*\*{kind}\*\*: kind of record\b.*[,;] .+\.$", GLOSSARY, re.MULTILINE | re.IGNORECASE)


def test_the_glossary_counts_the_kinds() -> None:
    assert re.findall(r"^- \*\*kind\*\*: .*there are (\d+)\.$", GLOSSARY, re.MULTILINE) == [str(len(KINDS))]


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_shows_a_record_of_the_kind(kind: str) -> None:
    files = (path.relative_to(ROOT).as_posix() for path in (ROOT / RECORDS / KINDS[kind].folder).rglob("*.*"))
    assert any(parse_path(path) for path in files)


@pytest.mark.parametrize("kind", KINDS)
def test_whether_edits_need_approval_is_decided(kind: str) -> None:
    assert KINDS[kind].edits_need_approval is (kind not in FREELY_EDITED)
    assert (kind in EDITED) is KINDS[kind].edits_need_approval


def test_a_kind_without_a_decision_on_its_edits_cant_be_made() -> None:
    row = {"name": "risk", "plural": "risks", "model_name": "Risk", "folder": "risks", "registered": True}
    assert KindRow(**row, edits_need_approval=True).edits_need_approval  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="edits_need_approval"):
        KindRow(**row)  # type: ignore[arg-type]


def test_besides_kinds_the_settings_and_the_workflow_files_are_edited_through_a_gate() -> None:
    assert set(EDITED) - set(KINDS) == {SETTINGS_KIND, WORKFLOWS_KIND}


def test_a_new_workspace_decides_on_every_edit_that_needs_approval() -> None:
    template = (ROOT / "templates" / "init" / "policy-edits.yaml.j2").read_text(encoding="utf-8")
    assert re.findall(r"^- (\S+)$", template.split("subject:")[1].split("gate:")[0], re.MULTILINE) == list(EDITED)


def test_no_kind_is_decided_on_both_in_a_state_and_at_every_edit() -> None:
    assert not set(BEYOND) & set(EDITED)


def test_kinds_with_a_page_are_those_that_are_said_to() -> None:
    assert set(SECTIONS) == set(KINDS) - WITHOUT_PAGE


def test_an_import_looks_up_aliases_of_the_kinds_that_sources_name() -> None:
    assert set(import_records.KINDS_NAMED) == set(KINDS) - NOT_NAMED_IN_IMPORTS
    assert len(import_records.KINDS_NAMED) == len(set(import_records.KINDS_NAMED))


def test_kinds_that_can_not_be_made_of_options_have_a_template() -> None:
    """A list of maps has no place in `--set`; the timeline is begun by `itsm new` itself."""
    needed = {
        kind
        for kind, row in KINDS.items()
        for name, field in row.model.model_fields.items()
        if field.is_required() and name != "timeline" and _is_list_of_maps(field.annotation)
    }
    templates = {path.name.removesuffix(".yaml.j2") for path in (ROOT / "templates" / "records").iterdir()}
    assert set(scaffold.TEMPLATES) == templates == needed


def _is_list_of_maps(annotation: Any) -> bool:
    of = get_args(annotation)
    if get_origin(annotation) is dict:
        return True
    if get_origin(annotation) is tuple:
        return any(isinstance(each, type) and issubclass(each, BaseModel) for each in (*of, *map(_bare, of)))
    return any(map(_is_list_of_maps, of))


def _bare(annotation: Any) -> Any:
    """The type in `Annotated[type, …]`."""
    return get_args(annotation)[0] if get_args(annotation) else annotation


def test_tickets_are_the_same_everywhere() -> None:
    assert tuple(row.name for row in KIND_ROWS if row.prefix and row.name not in BY_DECIDING) == TICKETS
    assert {*TICKETS, *BY_DECIDING} == set(TICKET_PREFIXES)
    assert set(TICKETS) == set(lifecycle_verb.ENDS), "how each kind of ticket ends is said by a map of its own"
    assert runpy.run_path(str(ROOT / "docs" / "verify_approval.py"))["TICKETS"] == TICKETS
    concepts = (ROOT / "docs" / "concepts.md").read_text(encoding="utf-8")
    assert f"| {', '.join(TICKETS)} | `{TICKET_PREFIXES[TICKETS[0]]}-" in concepts


def test_clocks_run_for_the_kinds_that_an_agreement_can_name() -> None:
    choices = SlaVersion.model_json_schema()["properties"]["kinds"]["items"]["enum"]
    assert set(choices) == set(KINDS_WITH_CLOCKS) == set(TICKETS) - {"change"}


@pytest.mark.parametrize("kind", KINDS)
def test_references_to_the_own_kind_are_looked_at_for_circles_or_said_to_need_no_direction(kind: str) -> None:
    fields = KINDS[kind].model.model_fields
    own = {name for name, field in fields.items() if kind in {*_kinds_in(field.metadata), *_kinds_in(field.annotation)}}
    assert set(DIRECTED.get(kind, ())) == own - UNDIRECTED.get(kind, set())


def _kinds_in(annotation: Any) -> Iterator[str]:
    """The kinds that an annotation, or one inside it, refers to."""
    parts = annotation if isinstance(annotation, list) else get_args(annotation)
    for part in parts:
        yield from part.kinds if isinstance(part, Ref) else _kinds_in(part)
