"""Group output: what is not there can't be injected into."""

from __future__ import annotations

import re

from tests.attacks.document import ROOT


def test_A149_nothing_writes_the_variables_of_a_build_server() -> None:
    for file in (ROOT / "itsm_as_code").rglob("*.py"):
        assert not re.search(r"GITHUB_(OUTPUT|ENV|PATH)\b", file.read_text(encoding="utf-8")), file


def test_A155_no_page_has_a_script_of_its_own_that_data_could_end() -> None:
    pages = list((ROOT / "templates" / "site").glob("*.html"))
    scripts = [tag for file in pages for tag in re.findall(r"<script\b[^>]*>", file.read_text(encoding="utf-8"))]
    assert scripts
    assert all(" src=" in tag for tag in scripts), scripts
