"""No format of `itsm check`, and no command that is stopped by findings, repeats what looks like a secret."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from itsm_as_code.checks.hidden import HIDDEN
from itsm_as_code.cli.check import FORMATS
from tests.checks.test_hidden import BODY, END, KEY, value_of
from tests.checks.test_privacy import SECRETS
from tests.checks.workspace import BACKGROUND
from tests.cli.inside import Place
from tests.git.builder import RepoBuilder

SHAPES = {
    "on the line": "id: [{}\n",
    "on the line before": "name: {}\nmembers: [\n",
    "as an unknown value": "id: night\nkind: team\nschema: 1\nname: Night\nmembers:\n- >-\n  {}\n",
    "as an unknown field": "id: night\nkind: team\nschema: 1\nname: Night\n? >-\n  {}\n: x\n",
    "as the id": "id: |-\n  {}\nkind: team\nschema: 1\nname: Night\n",
    "in quotes": 'id: night\nkind: team\nschema: 1\nname: Night\nstate: "a\\n{}"\n',
    "in a comment": "# {}\nid: night\nkind: team\n",
}
"""Files that can't be read, or hold what does not fit."""
BYTES = {
    "in another encoding": ("id: night\nname: {}\n", "utf-16"),
    "in another encoding without a mark": ("id: night\nname: {}\n", "utf-16-be"),
    "in Latin letters": ("id: n\u00e4cht\nname: {}\n", "latin-1"),
}


def files() -> Mapping[str, bytes]:
    """One file for each secret in each shape."""
    found = {}
    for number, secret in enumerate((*SECRETS, "\n  ".join((KEY, *BODY, END)))):
        for shape, text in SHAPES.items():
            found[f"records/teams/{shape.replace(' ', '-')}-{number}.yaml"] = text.format(secret).encode()
        for shape, (text, encoding) in BYTES.items():
            found[f"records/teams/{shape.replace(' ', '-')}-{number}.yaml"] = text.format(secret).encode(encoding)
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A workspace with these files in its last step."""
    made = RepoBuilder(tmp_path_factory.mktemp("secrets") / "workspace")
    made.commit(BACKGROUND, "found")
    made.commit(dict(files()), "secrets")
    return Place(Path(made.path))


def told(text: str) -> list[str]:
    """The secrets that a text tells, or a part of."""
    escapes = ("\\u0000", "\\ufffd", "\x00", "\ufffd", "\\\\u0000")
    for each in escapes:
        text = text.replace(each, "")
    return [each for each in (*map(value_of, SECRETS[2:]), *BODY) if each in text]


@pytest.mark.parametrize("arguments", [(), ("--base", "HEAD~1"), ("--history",), ("records/teams",)], ids=str)
@pytest.mark.parametrize("output", FORMATS)
def test_A226_no_format_repeats_a_secret(place: Place, output: str, arguments: tuple[str, ...]) -> None:
    done = place.itsm("check", *arguments, "--format", output)
    assert done.code == 1
    assert told(done.out + done.err) == []
    if output == "text" and "--history" not in arguments:
        assert done.out.count(HIDDEN) >= len(SECRETS) * 4


def test_A226_what_a_command_is_stopped_by_repeats_no_secret_either(place: Place) -> None:
    said = ""
    for number, secret in enumerate(SECRETS):
        done = place.itsm("new", "team", "--name", f"Team {number}", "--set", f"description={secret}")
        said += done.out + done.err if done.code else ""
    assert "PRV001" in said and told(said) == []


def test_A226_a_summary_for_a_forge_repeats_no_secret(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert place.itsm("check", "--format", "github").code == 1
    text = summary.read_text()
    assert "records/teams/on-the-line-0.yaml" in text and told(text) == []
