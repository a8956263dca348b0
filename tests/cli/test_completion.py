"""What the shell is told: commands, ids, states, services; and never an error."""

from __future__ import annotations

import subprocess

import pytest

from tests.cli.harness import Desk
from tests.cli.inside import Place


def _offered(place: Place, monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """What bash would be offered for the last word."""
    from click.shell_completion import ShellComplete

    from itsm_as_code.cli.commands import COMPLETION_VARIABLE
    from itsm_as_code.cli.main import itsm

    monkeypatch.chdir(place.folder)
    complete = ShellComplete(itsm, {}, "itsm", COMPLETION_VARIABLE)
    return [item.value for item in complete.get_completions(list(words[:-1]), words[-1])]


@pytest.fixture
def ref(place: Place) -> str:
    """An incident."""
    return place.new("incident")


@pytest.mark.parametrize(
    "command", [("show",), ("log",), ("note",), ("start",), ("redact",), ("explain",), ("set",), ("sla", "status")]
)
def test_ids_are_offered_by_their_beginning_and_by_their_last_five(
    place: Place, ref: str, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    assert ref in _offered(place, monkeypatch, *command, "INC")
    assert ref[-5:] in _offered(place, monkeypatch, *command, ref[-5:-3].lower())


def test_slugs_are_offered_where_any_record_is_meant(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _offered(place, monkeypatch, "show", "por") == ["portal"]
    assert _offered(place, monkeypatch, "sla", "status", "por") == []


def test_states_and_ids_are_offered_as_values_of_fields(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "state=on_hold" in _offered(place, monkeypatch, "list", "state=on")
    assert _offered(place, monkeypatch, "list", "service=") == ["service=portal"]
    assert _offered(place, monkeypatch, "set", "X", "assignee=a") == ["assignee=ana-example"]
    assert "incident" in _offered(place, monkeypatch, "list", "inc")
    assert "incident" not in _offered(place, monkeypatch, "set", "inc")


def test_options_offer_ids_of_their_kind_alone(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _offered(place, monkeypatch, "new", "incident", "--service", "") == ["portal"]
    assert _offered(place, monkeypatch, "new", "incident", "--assignee", "") == ["ana-example"]
    assert _offered(place, monkeypatch, "calendar", "--service", "p") == ["portal"]
    assert "incident" in _offered(place, monkeypatch, "new", "inc")


def test_commands_and_verbs_are_offered(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"resolve", "redact", "reopen"} <= set(_offered(place, monkeypatch, "re"))


def test_people_are_offered_however_many_tickets_there_are(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(60):
        place.write(f"records/incidents/2026/11/INC-202611{number % 28 + 1:02}-AAA{number:02}.yaml", "")
    assert _offered(place, monkeypatch, "list", "assignee=a") == ["assignee=ana-example"]


def test_outside_a_workspace_nothing_is_offered_and_nothing_fails(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _offered(Place(place.folder.parent), monkeypatch, "show", "x") == []
    place.write("itsm.yaml", "x: [")
    assert _offered(place, monkeypatch, "show", "por") == ["portal"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script(place: Place, shell: str) -> None:
    script = place.must("completion", shell)
    assert "_ITSM_COMPLETE" in script
    if shell == "bash":
        assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


def test_the_process_that_the_shell_starts_answers(place: Place) -> None:
    done = Desk(place.folder).itsm(
        _ITSM_COMPLETE="bash_complete", COMP_WORDS="itsm show por", COMP_CWORD="2"
    )  # fmt: skip
    assert (done.code, done.out.split()) == (0, ["plain,portal"])


def test_an_unknown_shell_is_refused_with_those_that_are_known(place: Place) -> None:
    done = place.itsm("completion", "cmd")
    assert done.code == 2
    assert "bash" in done.err
