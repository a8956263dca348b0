"""An importer is whole: its reader, a command of its own, a section of the document, and tests."""

from __future__ import annotations

import re

import pytest

from itsm_as_code.app.importing.import_records import READERS
from itsm_as_code.cli.commands import find
from itsm_as_code.cli.import_ import import_command
from tests.house.commands import about
from tests.house.imports import PACKAGE, ROOT


def test_every_source_has_a_command_and_every_command_a_source() -> None:
    assert set(import_command.commands) == set(READERS)


@pytest.mark.parametrize("system", READERS)
def test_the_command_and_the_overview_name_the_source(system: str) -> None:
    listed = find("import")
    assert listed is not None
    for words in (
        listed.summary,
        about(import_command),
    ):
        assert system in words.lower()


@pytest.mark.parametrize("system", READERS)
def test_the_document_has_a_section_on_the_source(system: str) -> None:
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {system}$", page, re.MULTILINE | re.IGNORECASE)


@pytest.mark.parametrize("system", READERS)
def test_the_source_has_a_module_and_tests_of_its_own(system: str) -> None:
    assert (PACKAGE / "importers" / f"{system}.py").is_file()
    assert (ROOT / "tests" / "importers" / f"test_{system}.py").is_file()
