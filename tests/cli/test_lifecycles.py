"""Every step of every lifecycle through the command line: what the tables allow works, and nothing else does."""

from __future__ import annotations

import pytest

from itsm_as_code.domain.lifecycle import LIFECYCLES, Lifecycle, Transition
from tests.cli.inside import Place
from tests.cli.test_new import FEWEST

PLAN = ("--set", "plan.implementation=1. Do it", "--set", "plan.backout=Undo it")
WINDOW = ("--set", "window.start=2026-11-01T08:00:00Z", "--set", "window.end=2026-11-01T10:00:00Z")
DEMANDED = {
    ("incident", "on_hold"): ("--reason", "Waiting"), ("incident", "cancelled"): ("--reason", "Opened twice"),
    ("incident", "resolved"): ("--code", "fixed", "--summary", "Restarted"),
    ("change", "rejected"): ("--reason", "Too risky"), ("change", "cancelled"): ("--reason", "Not needed"),
    ("change", "evaluation"): ("--code", "successful"), ("change", "closed"): ("--code", "successful"),
    ("problem", "fix_in_progress"): ("--set", "root_cause=A leak"), ("problem", "cancelled"): ("--reason", "No fault"),
    ("problem", "resolved"): ("--summary", "Fixed the leak"), ("problem", "closed"): ("--summary", "We live with it"),
    ("request", "on_hold"): ("--reason", "Waiting"), ("request", "rejected"): ("--reason", "Not for you"),
    ("request", "fulfilled"): ("--summary", "Handed over"), ("request", "cancelled"): ("--reason", "Not wanted"),
}  # fmt: skip
ALREADY_THERE = {("incident", "closed"), ("request", "closed")}
STEPS = [
    pytest.param(kind, origin, step, id=f"{kind}: {origin} {step.verb} {step.target}")
    for kind, table in LIFECYCLES.items()
    for step in table.transitions
    for origin in step.origins
]


def _born(place: Place, kind: str) -> str:
    if kind == "request":
        place.must("new", "request-item", "--title", "Badge", "--team", "it")
    extra = (*PLAN, *WINDOW) if kind == "change" else ()
    record_id = place.new(kind, *FEWEST[kind], *extra)
    if kind == "article":
        with place.record(record_id).open("a", encoding="utf-8") as article:
            article.write("Press the button.\n")
    return record_id if LIFECYCLES[kind].in_timeline else f"{kind}/{record_id}"


def _way_to(table: Lifecycle, state: str) -> list[Transition]:
    """The shortest way from the first state to another."""
    ways: dict[str, list[Transition]] = {table.initial: []}
    queue = [table.initial]
    while queue:
        origin = queue.pop(0)
        for step in table.from_state(origin):
            if step.target not in ways:
                ways[step.target] = [*ways[origin], step]
                queue.append(step.target)
    return ways[state]


def _options(kind: str, step: Transition) -> tuple[str, ...]:
    if kind == "problem" and step.verb == "close":
        return ()
    return DEMANDED.get((kind, step.target), ()) if (kind, step.target) not in ALREADY_THERE else ()


@pytest.mark.parametrize(("kind", "origin", "step"), STEPS)
def test_each_step_of_the_table_is_taken_and_the_record_passes_its_check(
    place: Place, kind: str, origin: str, step: Transition
) -> None:
    table = LIFECYCLES[kind]
    ref = _born(place, kind)
    for earlier in _way_to(table, origin):
        place.must(earlier.verb, ref, *_options(kind, earlier))
    said = place.must(step.verb, ref, *_options(kind, step))
    assert said.rstrip().endswith(f"is {step.target}")
    assert place.must("explain", ref).splitlines()[0].endswith(f"state {step.target}")
    place.must("check", str(place.record(ref.rpartition("/")[2])))


@pytest.mark.parametrize("kind", LIFECYCLES)
def test_verbs_that_do_not_lead_on_from_a_state_are_refused_with_those_that_do(place: Place, kind: str) -> None:
    table = LIFECYCLES[kind]
    ref = _born(place, kind)
    before = place.contents()
    for verb in table.verbs():
        if table.by_verb(verb, table.initial) is None:
            done = place.itsm(verb, ref, "--reason", "x") if table.in_timeline else place.itsm(verb, ref)
            assert done.code == 1, (verb, done)
            assert f"`{verb}` is no step from there" in done.err
            assert f"help: from {table.initial}: itsm " in done.err
    for verb in {"start", "implement", "publish", "restore"} - set(table.verbs()):
        done = place.itsm(verb, ref)
        assert done.code == 2, (verb, done)
        assert f"has no `{verb}`" in done.err
    assert place.contents() == before


@pytest.mark.parametrize(
    ("kind", "target"), [pair for pair in DEMANDED if pair[1] not in ("fix_in_progress", "closed")]
)
def test_what_a_state_demands_is_asked_for_as_an_option(place: Place, kind: str, target: str) -> None:
    table = LIFECYCLES[kind]
    step = next(step for step in table.transitions if step.target == target)
    ref = _born(place, kind)
    for earlier in _way_to(table, step.origins[0]):
        place.must(earlier.verb, ref, *_options(kind, earlier))
    before = place.contents()
    done = place.itsm(step.verb, ref)
    assert done.code == 2, done
    assert f"`{step.verb}` needs --" in done.err
    assert place.contents() == before


def test_several_records_take_a_step_together_or_not_at_all(place: Place) -> None:
    one, two = place.new("incident"), place.new("incident")
    place.must("start", two)
    before = place.contents()
    assert place.itsm("start", one, two).code == 1
    assert place.contents() == before
    assert place.must("resolve", one, two, "--summary", "Both", "--yes").count("is resolved") == 2


def test_a_change_cannot_be_scheduled_without_its_plan_and_window(place: Place) -> None:
    ref = place.new("change", *FEWEST["change"])
    before = place.contents()
    done = place.itsm("schedule", ref)
    assert done.code == 1
    for missing in ("plan.implementation", "plan.backout", "window"):
        assert missing in done.err
    assert "nothing was written" in done.err
    assert place.contents() == before
    place.must("schedule", ref, *PLAN, *WINDOW)
