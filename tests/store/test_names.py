"""Names that some disk takes for other names."""

from __future__ import annotations

import pytest

from itsm_as_code.store.names import misspelled

PLACES = ("theme", "records", "itsm.yaml", ".gitattributes", "docs/CODEOWNERS", "desk/theme", "ops/run.sh")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("Theme/base.html", "theme"), ("THEME", "theme"), ("theme./a", "theme"), ("theme /a", "theme"),
        ("the\u200bme/a", "theme"), ("Records/a.yaml", "records"), ("record\u017f/a.yaml", "records"),
        ("ITSM.yaml", "itsm.yaml"), (".GitAttributes", ".gitattributes"), ("docs/codeowners", "docs/CODEOWNERS"),
        ("Docs", "docs/CODEOWNERS"), ("DESK/theme/a", "desk/theme"), ("desk/Theme/a/b", "desk/theme"),
        ("Ops/Run.sh", "ops/run.sh"), ("ops/run.sh.", "ops/run.sh"),
    ],
)  # fmt: skip
def test_a_name_that_a_careless_disk_takes_for_a_place_is_told(path: str, place: str) -> None:
    assert misspelled(PLACES)(path) == place


@pytest.mark.parametrize(
    "path",
    ["theme/base.html", "theme/Static/A.css", "records/incidents/2026/11/INC-1.yaml", "themes/a", "docs/codeowners.md",
     "Docs/readme.md", "docs/readme.md", "Desk/readme.md", "docs", "desk", "ops", "README.md", "src/Theme/a", ""],
)  # fmt: skip
def test_a_place_itself_and_other_names_are_not(path: str) -> None:
    assert misspelled(PLACES)(path) is None
