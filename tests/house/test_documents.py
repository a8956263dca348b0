"""What the documents say of the house is so: packages in the picture, nouns in the glossary (invariant 13)."""

from __future__ import annotations

import ast
import re

from tests.house.imports import PACKAGE, ROOT, sources


def test_the_picture_shows_the_packages_that_there_are() -> None:
    picture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("```")[1]
    shown = set(re.findall(r"\b([a-z]+)/", picture))
    assert shown == {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def test_the_glossary_explains_the_nouns_of_approvals_and_use_cases() -> None:
    assert {name for name in _nouns() if _in_words(name) not in _explained()} == set()


def test_the_glossary_explains_no_class_that_is_gone() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").split("## Words of the code\n")[1]
    terms = set(re.findall(r"^- \*\*(.+?)\*\*", page, re.MULTILINE))
    assert terms - {_in_words(name) for name in _nouns()} == set()


def _nouns() -> set[str]:
    """The public classes at the top of the modules of `domain/approval` and `app/`."""
    rooms = ("itsm_as_code.domain.approval.", "itsm_as_code.app.")
    bodies = (tree.body for name, tree in sources().items() if name.startswith(rooms))
    classes = (node.name for body in bodies for node in body if isinstance(node, ast.ClassDef))
    return {name for name in classes if not name.startswith("_")}


def _in_words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _explained() -> set[str]:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return {re.sub(r"[-_]", " ", term).lower() for term in re.findall(r"^- \*\*(.+?)\*\*", page, re.MULTILINE)}
