"""Notes, taking back, redaction: a timeline only grows, and `check --base` agrees with what the commands wrote."""

from __future__ import annotations

from datetime import timedelta

from itsm_as_code.app.checkout.workspace import now
from itsm_as_code.domain.instants import write_instant
from tests.cli.inside import Place


def _text(place: Place, ref: str) -> str:
    return place.record(ref).read_text(encoding="utf-8")


def test_a_note_is_added_as_it_was_typed(place: Place) -> None:
    ref = place.new("incident")
    typed = "Line one: # no comment\n- a list?\n\n  indented\ttab “quotes” 'and' \"more\""
    place.must("note", ref, typed)
    place.must("check")
    shown = place.must("show", ref)
    for line in typed.splitlines():
        assert line.strip().replace("\t", " ") in shown, "a tab is shown as a blank: a terminal would jump"


def test_a_note_from_standard_input_is_read_to_its_end(place: Place) -> None:
    from tests.cli.harness import Desk

    ref = place.new("incident")
    done = Desk(place.folder).itsm("note", ref, "-", stdin="From a pipe\nwith two lines\n")
    assert done.code == 0
    assert "with two lines" in place.must("show", ref)
    assert Desk(place.folder).itsm("note", ref, "-", stdin="").code == 2


def test_notes_that_say_nothing_or_go_nowhere_are_refused(place: Place) -> None:
    ref, change = place.new("incident"), place.new("change", "--service", "portal", "--type", "normal",
                                                   "--set", "reason=It expires")  # fmt: skip
    before = place.contents()
    for arguments, hint in (
        ((ref,), "nothing to note"), ((ref, ""), "nothing to note"), ((ref, "  "), "nothing to note"),
        ((ref, "--public", ""), "nothing to note"), (("portal", "x"), "has no timeline"),
        ((change, "x", "--response"), "a change has no response"), (("ZZZZZ", "x"), "there is no record `ZZZZZ`"),
        ((ref, "x", "--when", "2020-01-01T00:00:00Z"), "begins at"),
        ((ref, "x\x1b[2J"), "U+001B"),
    ):  # fmt: skip
        done = place.itsm("note", *arguments)
        assert done.code == 2, (arguments, done)
        assert hint in done.err
    assert place.contents() == before


def test_what_happened_earlier_is_put_in_its_place_and_says_when_it_was_written(place: Place) -> None:
    clock = now()
    ref = place.new("incident", "--when", write_instant(clock - timedelta(hours=3)))
    place.must("start", ref)
    place.must("note", ref, "Seen long before", "--when", write_instant(clock - timedelta(hours=2)))
    text = _text(place, ref)
    assert text.index("Seen long before") < text.index("state: in_progress")
    assert text.count("recorded: ") == 2
    place.must("check")


def test_an_entry_is_taken_back_by_its_maker_and_only_where_it_is(place: Place) -> None:
    ref = place.new("incident", "--when", write_instant(now() - timedelta(hours=3)))
    at = write_instant(now() - timedelta(hours=1))
    place.must("set", ref, "team=it", "--when", at)
    place.must("note", ref, "--void", at)
    place.must("check")
    assert "team" not in place.must("list", "incidents")
    before = place.contents()
    done = place.itsm("note", ref, "--void", "2020-01-01T00:00:00Z")
    assert done.code == 1
    assert "LIF005" in done.err
    assert place.contents() == before


def test_redaction_leaves_a_tombstone_and_passes_the_check_of_the_step(place: Place) -> None:
    ref = place.new("incident")
    place.must("note", ref, "The patient is called Jane Roe", "--public", "Jane Roe waits")
    place.commit("noted")
    place.must("redact", ref, "--entry", "2", "--reason", "Contained a name")
    text = _text(place, ref)
    assert "Jane Roe" not in text
    assert "reason: Contained a name" in text
    place.must("check")
    place.commit("redacted")
    place.must("check", "--base", "HEAD~1")
    assert "Jane Roe" not in place.must("show", ref)
    assert "redacted by ana-example: Contained a name" in place.must("show", ref)
    for number in ("0", "-1", "99", "1"):
        assert place.itsm("redact", ref, "--entry", number, "--reason", "x").code == 2
    assert place.itsm("redact", ref, "--entry", "2", "--reason", "x").code == 2


def test_a_note_that_is_rewritten_by_hand_fails_the_check_of_the_step(place: Place) -> None:
    ref = place.new("incident")
    place.must("note", ref, "As it was")
    place.commit("noted")
    path = place.record(ref)
    path.write_text(_text(place, ref).replace("As it was", "As I wish"), encoding="utf-8")
    place.commit("rewritten")
    done = place.itsm("check", "--base", "HEAD~1")
    assert done.code == 1
    assert "error[LIF" in done.out
