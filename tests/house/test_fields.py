"""A field is shown: the sample has a record that uses it, so that people see what it is for and tests meet it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from itsm_as_code.domain.ids import RECORDS, parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.base import Registered
from itsm_as_code.store.frontmatter import split_article
from itsm_as_code.store.reader import read_text
from tests.house.imports import ROOT

COMMON = {info.alias or name for name, info in Registered.model_fields.items()} | {"body"}
"""Fields of many kinds; and the text of an article, which stands below its fields."""
NOT_SHOWN = {"approval.witness", "change.commits", "team.parents"}
"""Fields that no record of the sample uses. This set may only shrink."""


@cache
def _written() -> dict[str, set[str]]:
    """Kind to the fields that its records in the sample use."""
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for path in sorted((ROOT / RECORDS).rglob("*.*")):
        located = parse_path(path.relative_to(ROOT).as_posix())
        if located is not None:
            found[located[0]] |= set(read_text(_fields_of(path)).data or {})
    return found


def _fields_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    article = split_article(text)
    return article.fields if article is not None else text


def _known(kind: str) -> set[str]:
    return {info.alias or name for name, info in KINDS[kind].model.model_fields.items()}


def test_the_sample_uses_every_field() -> None:
    own = {f"{kind}.{name}" for kind in KINDS for name in _known(kind) - COMMON - _written()[kind]}
    assert own == NOT_SHOWN


def test_the_sample_uses_no_field_that_the_models_lack() -> None:
    assert {f"{kind}.{name}" for kind in KINDS for name in _written()[kind] - _known(kind)} == set()
