"""Every field has a decision: whether approvals cover it, what depends on it, and whether pages show it.

The tables below are written by hand: what goes from the models must go from here too, and what is new is decided on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from itsm_as_code.domain.approval.gates import first_gate
from itsm_as_code.domain.field_decisions import GUARDED, all_decisions, decisions_of, entry_model, undecided
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.types import Visibility
from itsm_as_code.domain.settings import Settings
from itsm_as_code.domain.shape import material_keys
from itsm_as_code.resources import template_loader
from itsm_as_code.site.build import SiteOptions, build
from tests.house.every_field import BESIDE, BESIDES, OTHER, SETTINGS, WHOLE, Data, edited, whole
from tests.house.imports import ROOT
from tests.site.memory import MemorySnapshot

AT = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
NOT_MATERIAL: dict[str, set[str]] = {
    "incident": {"links", "timeline", "resolution", "articles", "post_incident_review"},
    "change": {
        "links", "timeline", "authors", "tasks", "commits", "pull_requests", "pipelines", "outcome",
        "post_implementation_review",
    },
    "problem": {"links", "timeline", "resolution", "articles"},
    "request": {"links", "timeline", "authors", "tasks", "fulfilment", "articles"},
    "approval": {"links"},
    "article": {"authors", "state", "verified"},
    "service": {"authors"},
}  # fmt: skip
"""Kind to the fields that approvals do not cover, besides `aliases` and `tags`, which they never do. Other kinds have
`links` and `authors`."""


def _free(kind: str) -> set[str]:
    return NOT_MATERIAL.get(kind, {"links", "authors"}) | {"aliases", "tags"}


TICKETS = ("incident", "change", "problem", "request")
POWER = {
    *(f"{kind}.{field}" for kind in KINDS for field in _free(kind) & {"aliases", "tags", "authors"}),
    *(f"{kind}.timeline" for kind in TICKETS),
    *(f"{kind}.visibility" for kind in KINDS if first_gate(kind) is None and kind != "approval"),
    "change.outcome", "change.post_implementation_review", "article.state", "asset.service",
    "itsm.yaml.authors",
}  # fmt: skip
"""Fields on which something depends although no gate covers them. What guards each is said in the model."""
OF_ENTRIES = {
    "at", "state", "void", "imported", "priority", "impact", "urgency", "reason", "assignee", "team", "response",
}  # fmt: skip


def _models() -> Iterator[tuple[str, Any]]:
    for name, kind in KINDS.items():
        yield name, kind.model
        entry = entry_model(kind.model)
        if entry is not None:
            yield entry.__name__, entry
    yield "itsm.yaml", Settings


@pytest.mark.parametrize(("name", "model"), [pytest.param(*each, id=each[0]) for each in _models()])
def test_every_field_has_a_decision(name: str, model: Any) -> None:
    assert undecided(model) == ()
    keys = {info.alias or field for field, info in model.model_fields.items()}
    assert all_decisions()[name].keys() == keys


@pytest.mark.parametrize("kind", KINDS)
def test_what_approvals_do_not_cover_is_decided(kind: str) -> None:
    decided = decisions_of(KINDS[kind].model, kind)
    assert {key for key, each in decided.items() if not each.material} == _free(kind)
    assert {key for key, each in decided.items() if each.material} == material_keys(KINDS[kind].model)


def test_of_the_settings_the_authors_alone_are_not_covered() -> None:
    assert {key for key, each in all_decisions()["itsm.yaml"].items() if not each.material} == {"authors"}


def test_whatever_has_power_without_a_gate_is_named_here_and_guarded_by_something() -> None:
    kinds = {name: fields for name, fields in all_decisions().items() if name in (*KINDS, "itsm.yaml")}
    ungated = {f"{name}.{key}": each for name, fields in kinds.items() for key, each in fields.items() if not each.gate}
    assert {name for name, each in ungated.items() if each.power} == POWER
    gated = (each for fields in kinds.values() for each in fields.values() if each.gate)
    assert {each.power for each in gated} == {GUARDED}


def test_what_depends_on_fields_of_entries_is_named_here() -> None:
    entries = {name: fields for name, fields in all_decisions().items() if name.endswith("Entry")}
    found = {key for fields in entries.values() for key, each in fields.items() if each.power}
    assert (len(entries), found) == (len(TICKETS), OF_ENTRIES)


def test_the_page_says_it_of_every_field() -> None:
    page = (ROOT / "docs" / "fields.md").read_text(encoding="utf-8")
    for name in (*KINDS, "itsm.yaml"):
        own = page.partition(f"\n## {name}\n")[2].partition("\n**")[0]
        for key, each in all_decisions()[name].items():
            (row,) = (line for line in own.splitlines() if line.startswith(f"| `{key}`"))
            said = [cell.strip() for cell in row.split(" | ")]
            assert said[2:6] == [
                "yes" if each.material else "no", each.gate or "–", each.power or "none", "yes" if each.shown else "no",
            ], row  # fmt: skip


# What pages show: a site is built with another value of the field, and compared.


@pytest.mark.parametrize("kind", WHOLE)
def test_the_record_of_a_kind_sets_every_field(kind: str) -> None:
    assert whole(kind, "").keys() == {info.alias or name for name, info in KINDS[kind].model.model_fields.items()}
    assert KINDS[kind].model.model_validate(WHOLE[kind])


def test_only_acts_are_not_looked_at() -> None:
    """Their makers and instants are shown on pages of articles: tests/approvals/test_attacks_pages.py."""
    assert set(KINDS) - set(WHOLE) == {"approval"}
    assert {key for key, each in all_decisions()["approval"].items() if each.shown} == {"by", "at", "visibility"}
    assert SETTINGS.keys() == {info.alias or name for name, info in Settings.model_fields.items()}


def _pages(changed: Data | None, settings: Data = SETTINGS) -> dict[str, bytes]:
    """Everything that readers in IT get, with one record changed, and what the public gets of it."""
    records = {(each["kind"], each["id"]): each for each in (*WHOLE.values(), *BESIDE)}
    if changed is not None:
        records[changed["kind"], changed["id"]] = changed
    snapshot = MemorySnapshot(
        *(KINDS[kind].model.model_validate(each) for (kind, _), each in records.items()), settings=settings
    )
    widest = Visibility.STAFF if changed is not None and changed["visibility"] == "it" else Visibility.IT
    return build(snapshot, template_loader("site"), SiteOptions(widest, AT, live=True))


@cache
def _before(kind: str, field: str) -> dict[str, bytes]:
    return _pages(whole(kind, field))


def _fields(*, shown: bool) -> Iterator[tuple[str, str]]:
    for kind in WHOLE:
        for key, each in decisions_of(KINDS[kind].model, kind).items():
            if each.shown is shown and OTHER.get(key, "") is not None:  # by its id and kind a record is found
                yield kind, key


@pytest.mark.parametrize(("kind", "field"), list(_fields(shown=True)), ids=".".join)
def test_pages_show_the_fields_that_are_said_to_be_shown(kind: str, field: str) -> None:
    assert _pages(edited(kind, field)) != _before(kind, field if f"{kind}.{field}" in BESIDES else "")


@pytest.mark.parametrize("kind", WHOLE)
def test_pages_show_no_other_field(kind: str) -> None:
    record = dict(WHOLE[kind])
    for each, field in _fields(shown=False):
        if each == kind and field != "visibility":
            other = edited(kind, field)
            record = {key: other.get(key) if key == field else value for key, value in record.items()}
    assert _pages({key: value for key, value in record.items() if value is not None}) == _before(kind, "")


@pytest.mark.parametrize("field", [key for key in SETTINGS if key not in ("id", "schema")])
def test_pages_show_what_the_decision_on_a_setting_says(field: str) -> None:
    others = {"name": "Else", "time_zone": "Asia/Tokyo"}
    without = {key: value for key, value in SETTINGS.items() if key != field}
    changed = _pages(None, without | ({field: others[field]} if field in others else {}))
    assert (changed != _before("team", "")) is all_decisions()["itsm.yaml"][field].shown
