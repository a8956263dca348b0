"""`itsm set`: values in their types, lists, removal, many records at once, and refusals with a way out."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from itsm_as_code.cli.main import run
from tests.cli.inside import Place


@pytest.fixture
def ref(place: Place) -> str:
    """An incident."""
    return place.new("incident", "--service", "portal", "--impact", "high", "--urgency", "low")


def _fields(place: Place, ref: str) -> str:
    return place.record(ref).read_text(encoding="utf-8")


def test_tracked_fields_become_one_entry_and_others_are_set_in_place(place: Place, ref: str) -> None:
    place.must("set", ref, "assignee=ana-example", "team=it", "category=Login", "--note", "Taken over")
    text = _fields(place, ref)
    assert text.count("- at: ") == 2
    assert text.endswith("  assignee: ana-example\n  team: it\n  note: Taken over\n")
    assert "\ncategory: Login\n" in text
    place.must("check")


def test_impact_and_urgency_write_the_priority(place: Place, ref: str) -> None:
    place.must("set", ref, "impact=low")
    assert _fields(place, ref).endswith("  impact: low\n  priority: P5\n")
    place.must("set", ref, "urgency=high")
    assert _fields(place, ref).endswith("  urgency: high\n  priority: P3\n")
    place.must("check")


def test_lists_are_set_added_to_once_and_removed(place: Place, ref: str) -> None:
    place.must("set", ref, "tags=vpn,wifi")
    place.must("set", ref, "tags+=desk")
    assert "tags:\n- vpn\n- wifi\n- desk\n" in _fields(place, ref)
    assert place.itsm("set", ref, "tags+=desk").err == "nothing to change\n"
    place.must("set", ref, "tags=")
    assert "tags" not in _fields(place, ref)


def test_values_are_written_in_the_types_of_their_fields(place: Place) -> None:
    place.must("set", "portal", "tier=1", "status_page.shown=false", "description=yes")
    text = _fields(place, "portal")
    assert "tier: 1\n" in text
    assert "shown: false\n" in text
    assert 'description: "yes"\n' in text
    place.must("check")


def test_comments_order_and_quotes_of_the_other_lines_stay(place: Place, ref: str) -> None:
    path = place.record(ref)
    odd = _fields(place, ref).replace("title: A incident", "title: 'Odd'  # by hand").replace("schema: 1", "schema:  1")
    path.write_text(f"# On top\n{odd}# At the end\n", encoding="utf-8")
    place.must("set", ref, "service=")
    assert _fields(place, ref) == f"# On top\n{odd}# At the end\n".replace("service: portal\n", "")


def test_what_is_there_already_is_not_written_again(place: Place, ref: str) -> None:
    place.must("set", ref, "assignee=ana-example")
    before = place.contents()
    assert place.itsm("set", ref, "assignee=ana-example").err == "nothing to change\n"
    assert place.contents() == before


def test_many_records_are_selected_by_a_condition(place: Place, ref: str) -> None:
    other = place.new("incident")
    place.must("start", other)
    said = place.must("set", "--where", "kind=incident state=in_progress", "tags+=late")
    assert said == f"set tags+=late on {other}\n"
    assert "late" not in _fields(place, ref)
    assert place.itsm("set", "--where", "state=closed", "tags+=x").code == 2


def test_a_dry_run_shows_the_lines_and_writes_nothing(place: Place, ref: str) -> None:
    before = place.contents()
    said = place.must("set", ref, "tags+=vpn", "--dry-run")
    assert "\n+tags:\n+- vpn\n" in said
    assert place.contents() == before


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("id=x",), 2, "never changes"),
        (("kind=change",), 2, "never changes"),
        (("timeline.0.note=x",), 2, "itsm note"),
        (("state=closed",), 2, "itsm start"),
        (("priority=P1",), 2, "impact"),
        (("revision=7",), 2, "counts it for you"),
        (("assigne=x",), 2, "did you mean `assignee`?"),
        (("servise=x",), 2, "did you mean `service`?"),
        (("impact=hgh",), 2, "did you mean `high`?"),
        (("title+=x",), 2, "write title=x"),
        (("title.x=y",), 2, "not a map"),
        (("title=",), 1, "`title` is missing"),
        (("service=portall",), 1, "there is no service `portall`"),
        (("assignee=nobody-there",), 1, "there is no person `nobody-there`"),
        (("=x",), 2, "field=value"),
        (("tags",), 2, "FIELD=VALUE"),
        (("title=one\ntwo",), 1, "title"),
    ],
    ids=str,
)
def test_a_refusal_names_the_way_out_and_changes_nothing(
    place: Place, ref: str, words: tuple[str, ...], code: int, hint: str
) -> None:
    before = place.contents()
    done = place.itsm("set", ref, *words)
    assert done.code == code, done
    assert hint in done.err
    assert place.contents() == before


def test_a_fault_of_one_record_keeps_all_others_from_being_written(place: Place, ref: str) -> None:
    before = place.contents()
    assert place.itsm("set", ref, "portal", "tier=1").code == 2
    assert place.itsm("set", ref, "--where", "", "tags+=x").code == 2
    assert place.contents() == before


def test_an_unknown_id_or_an_ambiguous_suffix_is_refused_with_candidates(place: Place) -> None:
    for tail in ("AAB7K", "BBB7K"):
        record_id = f"INC-20261101-{tail}"
        place.write(
            f"records/incidents/2026/11/{record_id}.yaml",
            f"id: {record_id}\nkind: incident\nschema: 1\ntitle: T\n"
            "timeline:\n- at: 2026-11-01T08:00:00Z\n  by: ana-example\n  state: new\n",
        )
    place.must("new", "team", "--name", "Portal")
    for word, named in (("B7K", "INC-20261101-AAB7K, INC-20261101-BBB7K"), ("portal", "service/portal, team/portal")):
        for command in (("show", word), ("set", word, "tags+=x"), ("log", word), ("start", word), ("note", word, "x")):
            done = place.itsm(*command)
            assert done.code == 2
            assert f"`{word}` could be {named}" in done.err
            assert "write more of the id" in done.err
    assert "INC-20261101-AAB7K" in place.must("show", "aab7k")
    assert "team/" not in place.must("show", "team/portal").splitlines()[0]
    done = place.itsm("show", "INC-20261101-AAB7L")
    assert done.code == 2
    assert "did you mean `INC-20261101-AAB7K`?" in done.err
    assert "did you mean `office-hours`?" in place.itsm("show", "ofice-hours").err


def test_several_named_records_need_a_yes_where_nobody_can_be_asked(place: Place, ref: str) -> None:
    other = place.new("incident")
    before = place.contents()
    done = place.itsm("set", ref, other, "tags+=vpn")
    assert done.code == 2
    assert done.err.startswith("this writes to 2 records:\n")
    assert all(record_id in done.err for record_id in (ref, other, "--yes", "--format id"))
    assert place.contents() == before

    assert place.itsm("start", ref, other).code == 2
    assert place.contents() == before
    assert place.must("set", ref, other, "tags+=vpn", "--yes").count("set tags+=vpn on ") == 2
    assert place.must("start", ref, other, "--yes").count("is in_progress") == 2


def test_one_record_that_changes_is_one_record(place: Place, ref: str) -> None:
    other = place.new("incident")
    place.must("set", other, "tags+=vpn")
    assert place.must("set", ref, other, "tags+=vpn") == f"set tags+=vpn on {ref}\n"
    assert place.must("set", ref, other, "tags+=wifi", "--dry-run").count("would write: ") == 2


def test_a_condition_means_many_and_says_which(place: Place, ref: str) -> None:
    place.new("incident")
    done = place.itsm("set", "--where", "kind=incident", "tags+=late")
    assert done.code == 0
    assert done.err.startswith("this writes to 2 records:\n  records/incidents/")


class _Screen(io.StringIO):
    """A stream that takes itself for a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1)])
def test_on_a_terminal_somebody_is_asked(
    place: Place, ref: str, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    other = place.new("incident")
    before = place.contents()
    screen = _Screen()
    monkeypatch.setattr("sys.stdin", _Screen(answer))
    with redirect_stderr(screen), redirect_stdout(screen):
        assert run(["-C", str(place.folder), "set", ref, other, "tags+=vpn"]) == code
    assert "Write to all of them? [y/N]: " in screen.getvalue()
    assert (place.contents() == before) is (code == 1)
