"""The check of named files: what the names mean, what is looked at, and that nothing looked at is no pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.app.checking.files import check_files, inside, nothing_among
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from tests.checkouts import checkout_at
from tests.checks.memory import article, as_files, incident
from tests.checks.workspace import NOW, codes, workspace

INCIDENT = "records/incidents/2026/11/INC-20261121-7K3Q9.yaml"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an incident that refers to nothing, a stray file, and files beside its records."""
    folder = tmp_path_factory.mktemp("files") / "ws"
    files = {
        **as_files(incident(service="soon"), article(slug="how", body="![a](/attachments/how/a.png)\n")),
        "records/services/mail.txt": "mail", "attachments/how/a.png": "x", "README.md": "Hello\n",
    }  # fmt: skip
    workspace(folder, files)
    return folder


def test_only_the_named_file_is_looked_at(root: Path) -> None:
    report = check_files(checkout_at(root, NOW), ["records/services/portal.yaml"])
    assert (codes(report), report.evaluated, report.scope) == ([], {"service": 1}, "files")


def test_what_a_named_file_refers_to_is_looked_up(root: Path) -> None:
    assert codes(check_files(checkout_at(root, NOW), [INCIDENT])) == ["REF001"]


def test_a_folder_means_every_file_of_ours_in_it(root: Path) -> None:
    report = check_files(checkout_at(root, NOW), ["records/services"])
    assert report.evaluated == {"service": 1}
    assert [finding.path for finding in report.findings] == ["records/services/mail.txt"]


def test_settings_and_attachments_can_be_named(root: Path) -> None:
    report = check_files(checkout_at(root, NOW), ["itsm.yaml", "attachments"])
    assert report.evaluated == {"settings": 1}


def test_a_file_named_twice_is_counted_once(root: Path) -> None:
    report = check_files(checkout_at(root, NOW), ["itsm.yaml", "./itsm.yaml"])
    assert report.evaluated == {"settings": 1}


def test_names_are_relative_to_where_the_user_stands(root: Path) -> None:
    here = checkout_at(root, NOW, start=root / "records" / "services")
    assert check_files(here, ["portal.yaml"]).evaluated == {"service": 1}
    assert list(inside(root, here.start, ["../../itsm.yaml"], here.files)) == ["itsm.yaml"]


def test_a_file_of_nothing_of_ours_is_no_pass(root: Path) -> None:
    with pytest.raises(CouldNotCheck, match=r"no record in README\.md"):
        check_files(checkout_at(root, NOW), ["README.md"])


@pytest.mark.parametrize(("name", "words"), [("../x", "outside the workspace"), ("gone.yaml", "there is no file")])
def test_a_name_outside_or_of_nothing_is_wrong_usage(root: Path, name: str, words: str) -> None:
    with pytest.raises(UsageFault, match=words):
        check_files(checkout_at(root, NOW), [name])


def test_of_many_names_the_error_tells_five(root: Path) -> None:
    fault = nothing_among(root, [f"f{number}" for number in range(7)])
    assert "f4 and 2 more" in str(fault)
    assert "f5" not in str(fault)
