"""`itsm new` makes every kind with the fewest options, and what it makes passes its check."""

from __future__ import annotations

from datetime import timedelta

import pytest

from itsm_as_code.app.checkout.workspace import now
from itsm_as_code.domain.kinds import KINDS
from tests.cli.inside import Place

FEWEST = {
    "incident": (),
    "change": ("--service", "portal", "--type", "normal", "--set", "reason=It expires"),
    "problem": (),
    "request": ("--item", "badge"),
    "article": (),
    "service": ("--owner", "it", "--set", "tier=3"),
    "asset": ("--set", "class=server"),
    "sla": (),
    "calendar": (),
    "freeze": ("--set", "from=2190-12-20T00:00:00Z", "--set", "until=2191-01-02T00:00:00Z", "--set", "reason=Holidays"),
    "change-model": ("--set", "plan.implementation=Do it"),
    "request-item": ("--team", "it"),
    "policy": ("--set", "subject=change", "--set", "gate=scheduled"),
    "person": (),
    "team": (),
}


def test_every_kind_but_the_acts_can_be_made() -> None:
    assert set(FEWEST) == set(KINDS) - {"approval"}


@pytest.mark.parametrize("kind", FEWEST)
def test_the_fewest_options_make_a_record_that_passes_its_check(place: Place, kind: str) -> None:
    if kind == "request":
        place.must("new", "request-item", "--title", "Badge", *FEWEST["request-item"])
    if kind == "policy":  # what asks for somebody needs somebody beside whoever writes
        place.must("new", "person", "--name", "Ben Example", "--set", "emails=ben@example.org")
        place.must("set", "team/it", "members+=ben-example")
        place.commit("hired Ben")
    record_id = place.new(kind, *FEWEST[kind])
    place.must("check", "--fail-on", "warning")
    place.must("fmt", "--check")
    shown = place.must("show", f"{kind}/{record_id}" if KINDS[kind].is_ticket is False else record_id)
    assert f"A {kind}" in shown
    place.commit(f"made a {kind}")
    place.must("check", "--base", "HEAD~1")


@pytest.mark.parametrize("kind", [kind for kind, options in FEWEST.items() if options])
def test_what_is_missing_is_told_as_options_to_add(place: Place, kind: str) -> None:
    before = place.contents()
    done = place.itsm("new", kind, "--title", "Too little")
    assert done.code == 2
    assert done.err.startswith("error: a new ")
    wanted = [word for word in FEWEST[kind] if word.startswith("--") and word != "--set"]
    wanted += [word.split("=")[0] + "=" for word in FEWEST[kind] if "=" in word]
    for word in wanted:
        assert word in done.err
    assert place.contents() == before


def test_an_id_that_is_taken_is_refused_and_nothing_overwritten(place: Place) -> None:
    place.new("team", "--id", "network")
    before = place.contents()
    for arguments in (("team", "--name", "Network"), ("team", "--name", "X", "--id", "network")):
        done = place.itsm("new", *arguments)
        assert done.code == 2
        assert "already exists" in done.err
    assert place.contents() == before


@pytest.mark.parametrize("name", ["日本語", "…", "-"])
def test_a_name_without_ascii_letters_needs_an_id(place: Place, name: str) -> None:
    done = place.itsm("new", "team", "--name", name)
    assert done.code == 2
    assert "--id" in done.err
    place.must("new", "team", "--name", name, "--id", "tokyo")
    place.must("check")


@pytest.mark.parametrize(
    ("name", "record_id"),
    [("Größe & Co", "grosse-co"), ('He said "yes": #1', "he-said-yes-1"), ("- x: [y", "x-y"), ("yes", "yes"),
     ("x" * 200, "x" * 64), ("2026-01-01", "2026-01-01"), ("0x1F", "0x1f")],
)  # fmt: skip
def test_a_name_of_any_letters_is_kept_as_it_is(place: Place, name: str, record_id: str) -> None:
    place.must("new", "team", f"--name={name}")
    place.must("check")
    assert place.must("show", f"team/{record_id}").splitlines()[0].endswith(f"  {name}")


@pytest.mark.parametrize("record_id", ["Network", "../up", "a/b", "con", "", "x" * 65, "-x", "a b", "x."])
def test_an_id_that_is_none_is_refused(place: Place, record_id: str) -> None:
    before = place.contents()
    assert place.itsm("new", "team", "--name", "!", f"--id={record_id}").code == 2
    assert place.contents() == before


def test_an_unknown_kind_field_value_or_reference_is_refused_with_a_hint(place: Place) -> None:
    before = place.contents()
    for options, code, hint in (
        (("incidnt", "--title", "x"), 2, "incident"),
        (("incident", "--title", "x", "--set", "servise=portal"), 2, "did you mean `service`?"),
        (("incident", "--title", "x", "--service", "portall"), 1, "portal"),
        (("incident", "--title", "x", "--impact", "huge"), 2, "high"),
        (("incident", "--title", "x", "--impact", "high"), 2, "add urgency="),
        (("incident", "--title", "x", "--set", "nonsense"), 2, "field=value"),
        (("incident", "--title", "x", "--id", "INC-20261121-7K3Q9"), 2, "leave out --id"),
        (("change", "--title", "x", "--major"), 2, "--major is for incidents"),
        (("incident", "--title", "x", "--service", "a", "--set", "service=b"), 2, "set twice"),
    ):
        done = place.itsm("new", *options)
        assert done.code == code, (options, done)
        assert hint in done.err, (options, done.err)
    assert place.contents() == before


def test_when_in_the_past_is_kept_with_the_time_of_writing_and_the_future_is_refused(place: Place) -> None:
    earlier = (now() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    ref = place.new("incident", "--when", earlier)
    text = place.record(ref).read_text(encoding="utf-8")
    assert f"- at: {earlier}\n" in text
    assert "  recorded: " in text
    place.must("check")
    before = place.contents()
    later = (now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    done = place.itsm("new", "incident", "--title", "x", "--when", later)
    assert done.code == 2
    assert "is in the future" in done.err
    assert place.contents() == before


@pytest.mark.parametrize("at", ["bad", "2026-01-01", "2026-11-20 10:00", "2026-13-01T00:00:00Z", "now", ""])
def test_an_instant_that_is_none_is_refused_with_an_example(place: Place, at: str) -> None:
    for arguments in (("check", f"--at={at}"), ("new", "incident", "--title", "x", f"--when={at}")):
        done = place.itsm(*arguments)
        assert done.code == 2
        assert done.err.startswith("error: invalid value for ")
        assert "itsm " in done.err.splitlines()[-1]


@pytest.mark.parametrize("at", ["2199-12-31T23:59:59Z", "1970-01-01T00:00:00Z"])
def test_any_clock_of_two_centuries_judges(place: Place, at: str) -> None:
    place.new("incident")
    for arguments in (("check",), ("sla", "status"), ("calendar",), ("explain", "portal")):
        assert place.itsm(*arguments, "--at", at).code in (0, 1), arguments


@pytest.mark.parametrize("at", ["2999-12-31T23:59:59Z", "1900-06-01T00:00:00Z", "2200-01-01T00:00:00Z"])
def test_a_clock_beyond_is_refused(place: Place, at: str) -> None:
    done = place.itsm("check", "--at", at)
    assert done.code == 2
    assert "is not between 1970 and 2200" in done.err


def test_a_dry_run_shows_the_file_and_writes_nothing(place: Place) -> None:
    before = place.contents()
    said = place.must("new", "incident", "--title", "x", "--dry-run")
    assert said.startswith("would write: ")
    assert "+kind: incident" in said
    assert place.contents() == before


def test_a_script_gets_the_id_alone(place: Place) -> None:
    for kind in ("incident", "article"):
        done = place.itsm("new", kind, "--title", f"An {kind}", "--format", "id", "--set", "tags+=vpn")
        assert done.code == 0, done.err
        record_id = done.out.removesuffix("\n")
        assert place.record(record_id).name in done.err
    assert place.itsm("new", "incident", "--title", "A", "--dry-run", "--format", "id").code == 2
