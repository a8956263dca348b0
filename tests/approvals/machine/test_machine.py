"""Whatever lands, the model allows; and what the model says must land is not refused.

Here the machine plays for some seconds, always the same. `make fuzz` lets it play for minutes, each time anew.
"""

from __future__ import annotations

import os
import time
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.approvals.machine.machine import Machine
from tests.approvals.machine.place import Place
from tests.approvals.machine.players import Players
from tests.approvals.machine.sabotages import SABOTAGES, Sabotage, broken

MINUTES = float(os.environ.get("ITSM_FUZZ_MINUTES", "0"))
long = pytest.mark.skipif(not MINUTES, reason="it plays for minutes: make fuzz")
ALWAYS_THE_SAME = settings(
    derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True
)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The keys and the first commit."""
    return Place(tmp_path_factory.mktemp("machine"))


def playing(place: Place) -> type[Players]:
    """Everybody, in this place."""
    return type("Playing", (Machine,), {"place": place})


def narrowed(place: Place, sabotage: Sabotage) -> type[Players]:
    """Only the moves and twists in which a sabotage shows."""
    moves = {name: getattr(Machine, name) for name in sabotage.moves}
    return type("Narrowed", (Players,), {**moves, "place": place, "twists": sabotage.twists, "often": 1})


def finds(machine: type[Players], chosen: settings) -> bool:
    """Whether the machine sees something that the model does not allow."""
    try:
        run_state_machine_as_test(machine, settings=chosen)
    except AssertionError:
        return True
    return False


def test_the_model_imports_nothing_that_it_judges() -> None:
    for module in (Path(__file__).parent / "model").glob("*.py"):
        assert "itsm_as_code" not in module.read_text(encoding="utf-8"), module.name


def test_the_machine_and_the_model_agree(place: Place) -> None:
    chosen = settings(ALWAYS_THE_SAME, max_examples=4, stateful_step_count=12, phases=[Phase.generate])
    run_state_machine_as_test(playing(place), settings=chosen)


@pytest.mark.parametrize("name", [name for name, sabotage in SABOTAGES.items() if sabotage.soon])
def test_the_machine_finds_a_rule_that_is_broken(place: Place, name: str) -> None:
    chosen = settings(ALWAYS_THE_SAME, max_examples=40, stateful_step_count=6, phases=[Phase.generate])
    with broken(SABOTAGES[name]):
        assert finds(narrowed(place, SABOTAGES[name]), chosen), "the machine plays on and sees nothing"


def tells(place: Place, sabotage: Sabotage) -> None:
    """Plays the moves of a story to its end."""
    machine = narrowed(place, sabotage)()
    try:
        for move, how in sabotage.story:
            getattr(machine, move)(**how)
    finally:
        machine.teardown()


@pytest.mark.parametrize("name", [name for name, sabotage in SABOTAGES.items() if sabotage.story])
def test_the_machine_finds_a_broken_rule_in_these_moves_and_nothing_in_the_code_as_it_is(
    place: Place, name: str
) -> None:  # fmt: skip
    tells(place, SABOTAGES[name])
    with broken(SABOTAGES[name]), pytest.raises(AssertionError):
        tells(place, SABOTAGES[name])


@long
@pytest.mark.parametrize("name", [name for name, sabotage in SABOTAGES.items() if not sabotage.story])
def test_fuzz_finds_every_rule_that_is_broken(place: Place, name: str) -> None:
    chosen = settings(ALWAYS_THE_SAME, max_examples=400, stateful_step_count=12, phases=[Phase.generate])
    with broken(SABOTAGES[name]):
        assert finds(narrowed(place, SABOTAGES[name]), chosen), "the machine plays on and sees nothing"


@long
def test_fuzz_finds_nothing_in_the_code_as_it_is(place: Place) -> None:
    """Each round draws anew. The seed of a failure is printed, and the moves that lead to it."""
    chosen = settings(ALWAYS_THE_SAME, derandomize=False, max_examples=20, stateful_step_count=25)
    end = time.monotonic() + 60 * MINUTES
    for _ in count():
        run_state_machine_as_test(playing(place), settings=chosen)
        if time.monotonic() > end:
            return
