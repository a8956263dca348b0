"""`itsm fmt`: which files get another layout, and which are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.app.writing.layout import layout
from itsm_as_code.domain.errors import CouldNotCheck
from tests.checkouts import anew
from tests.checks.workspace import workspace

MAIL = "records/services/mail.yaml"
ELSE = {"records/services/portal.yaml": None}
"""What of the background has another layout is left out."""
LOOSE = "kind:   service\nid: mail\nschema: 1\nname: 'Mail'\nowner: it\ntier: 2\n"


def test_files_get_their_one_layout_and_those_that_have_it_are_not_touched(tmp_path: Path) -> None:
    checkout = workspace(tmp_path, {**ELSE, MAIL: LOOSE})
    changed, left = layout(checkout, ())
    assert ([each.path for each in changed], left) == ([MAIL], ())
    assert changed[0].after.startswith(b"id: mail\nkind: service\nschema: 1\nname: 'Mail'\n")
    assert (tmp_path / MAIL).read_text() == LOOSE, "it shows before it writes"
    (tmp_path / MAIL).write_bytes(changed[0].after)
    assert layout(anew(checkout), ()) == ((), ())


def test_what_can_not_be_read_is_left_alone_and_named(tmp_path: Path) -> None:
    changed, (left,) = layout(workspace(tmp_path, {**ELSE, MAIL: "id: [\n"}), ())
    assert changed == ()
    assert left.startswith(f"{MAIL}: ")


def test_only_named_files_are_looked_at_and_files_beside_the_records_are_none(tmp_path: Path) -> None:
    checkout = workspace(tmp_path, {**ELSE, MAIL: LOOSE, "README.md": "# Hello\n"})
    assert layout(checkout, ["records/people"]) == ((), ())
    assert [each.path for each in layout(checkout, ["records/services"])[0]] == [MAIL]
    with pytest.raises(CouldNotCheck, match="no record in README"):
        layout(checkout, ["README.md"])
