"""Titles and descriptions of the schemas, which editors show: whole sentences for people, no names from the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.schemas.sample import generated

FRAGMENT = re.compile(r"(By|From|How|That|Until|What|When(?![^.]*,)|Where|Whether|Which|Who|Whom|Whose|Why)\b")
"""Openings of a fragment such as "Who carries it out." They leave open what `it` is. `When …, …` is a sentence."""

FROM_THE_CODE = re.compile(r"\b(str|int|bool|dict|tuple|datetime|enum|Enum|pydantic|model_\w+)\b")


def _words(node: Any, at: str = "") -> Iterator[tuple[str, str, str]]:
    """(place, title or description, its text); fields that are called so are no words."""
    if isinstance(node, list):
        for item in node:
            yield from _words(item, at)
    elif isinstance(node, dict):
        for key, value in node.items():
            named = at.endswith(("/properties", "/definitions")) and isinstance(value, dict)
            if key in ("title", "description") and not named:
                yield at, key, value
            yield from _words(value, f"{at}/{key}")


def _all(what: str) -> list[tuple[str, str]]:
    return [(at, text) for at, key, text in _words(generated()) if key == what]


def test_no_title_or_description_is_empty() -> None:
    assert [(at, text) for at, _, text in _words(generated()) if not text.strip()] == []
    assert len(_all("description")) > 500


def test_none_names_a_class() -> None:
    names = {name for schema in generated().values() for name in schema.get("definitions", {})}
    classes = {name for name in names if re.search("[a-z][A-Z]", name)}
    assert {"ForgeAccount", "PolicyRule"} <= classes
    told = re.compile(rf"\b({'|'.join(sorted(classes))}|ChangeModel|RequestItem)\b")
    assert [(at, text) for at, _, text in _words(generated()) if told.search(text)] == []


def test_none_names_a_type_of_the_program() -> None:
    assert [(at, text) for at, text in _all("description") if FROM_THE_CODE.search(text)] == []


def test_every_description_is_a_sentence() -> None:
    def is_sentence(text: str) -> bool:
        begins = text[0].isupper() or text.startswith(("`", "itsm.yaml "))
        return begins and not FRAGMENT.match(text) and text.endswith((".", "?")) and len(text.split()) >= 3

    assert [(at, text) for at, text in _all("description") if not is_sentence(text)] == []


def test_every_title_is_a_few_words() -> None:
    assert [(at, text) for at, text in _all("title") if "_" in text or not 1 <= len(text.split()) <= 5] == []
