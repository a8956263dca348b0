"""`itsm fix`: the fixes of what a check finds, in all files or in those that are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.app.writing.fix import fix
from itsm_as_code.domain.errors import UsageFault
from tests.checks.memory import as_files, incident
from tests.checks.workspace import workspace

MAIL = "id: mial\nkind: service\nschema: 1\nname: Mail\nowner: it\ntier: 2\ndescription: Mail.\n"
PATH = "records/services/mail.yaml"


def test_a_fix_that_changes_a_meaning_is_made_only_when_asked_for(tmp_path: Path) -> None:
    checkout = workspace(tmp_path, {PATH: MAIL})
    rewritten, left = fix(checkout, (), unsafe=False)
    assert rewritten == ()
    assert left >= 1
    ((one,), _) = fix(checkout, (), unsafe=True)
    assert (one.path, one.after) == (PATH, MAIL.replace("mial", "mail").encode())
    assert (tmp_path / PATH).read_text() == MAIL, "it shows before it writes"


def test_only_named_files_are_fixed(tmp_path: Path) -> None:
    checkout = workspace(tmp_path, {PATH: MAIL, **as_files(incident(service="soon"))})
    assert fix(checkout, ["records/teams"], unsafe=True) == ((), 0)
    assert [each.path for each in fix(checkout, ["records/services"], unsafe=True)[0]] == [PATH]


def test_a_step_is_fixed_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="as a whole"):
        fix(workspace(tmp_path), [PATH], unsafe=False, base="main")
