"""What people type first: words of other programs, plurals, names in place of codes; each is told the way."""

from __future__ import annotations

import pytest

from tests.cli.inside import Place


@pytest.mark.parametrize(
    ("word", "way"),
    [
        ("status", "`itsm sla status`"),
        ("edit", "`itsm set`"),
        ("search", "`itsm list WORD`"),
        ("help", "`itsm --help`"),
        ("incident", "`itsm new incident`"),
        ("services", "`itsm list services`"),
        ("resolv", "`resolve`"),
    ],
)
def test_a_command_that_is_not_there_is_answered_with_the_one_that_is(place: Place, word: str, way: str) -> None:
    done = place.itsm(word)
    assert done.code == 2
    assert done.err.startswith(f"error: there is no command `{word}`. Did you mean ")
    assert way in done.err


def test_new_takes_the_plural_too_and_suggests_the_nearest_kind(place: Place) -> None:
    assert place.must("new", "teams", "--name", "Network") == "made records/teams/network.yaml\n"
    done = place.itsm("new", "incidnt", "--title", "x")
    assert (done.code, done.err) == (2, "error: there is no kind `incidnt` to make\n  help: did you mean `incident`?\n")


def test_checks_are_explained_by_name_as_by_code(place: Place) -> None:
    assert place.must("explain", "dangling-reference") == place.must("explain", "REF001")


def test_a_refused_edit_offers_no_fix_of_a_file_that_was_never_written(place: Place) -> None:
    done = place.itsm("new", "incident", "--title", "x", "--service", "portl")
    assert done.code == 1
    assert "help: did you mean `portal`?" in done.err
    assert "itsm fix" not in done.err


def test_an_article_without_a_text_can_not_be_published(place: Place) -> None:
    place.must("new", "article", "--title", "Sign in", "--owner", "team/it")
    assert "error[KNW004]" in place.itsm("publish", "sign-in").err
    article = place.folder / "records/knowledge/sign-in.md"
    article.write_text(article.read_text(encoding="utf-8") + "Open the portal.\n", encoding="utf-8")
    place.must("publish", "sign-in")
    place.must("check")


def test_the_calendar_of_a_service_that_is_not_there_is_no_empty_one(place: Place) -> None:
    done = place.itsm("calendar", "--service", "portl")
    assert (done.code, done.err) == (2, "error: there is no service `portl`\n  help: did you mean `portal`?\n")


def test_a_verb_shows_the_codes_of_the_kinds_that_it_ends_and_no_option_that_it_can_not_take(place: Place) -> None:
    resolve = " ".join(place.must("resolve", "--help").split())
    assert "For an incident: fixed, workaround," in resolve
    assert "for a problem: fixed, risk_accepted," in resolve
    assert "--code" not in place.must("start", "--help")
    assert "--code" not in place.must("fulfil", "--help")
    assert "--note" not in place.must("publish", "--help")


def test_a_field_that_no_commit_changed_is_named(place: Place) -> None:
    assert place.itsm("log", "portal", "--field", "nope").err == "no commit has changed its `nope`\n"


def test_a_broken_link_is_shown_in_its_own_line(place: Place) -> None:
    article = place.folder / "records/knowledge/how-we-work.md"
    text = article.read_text(encoding="utf-8") + "```\n[x](code.md)\n```\nSee [x](nowhere.md).\n"
    article.write_text(text, encoding="utf-8")
    done = place.itsm("check")
    assert f"how-we-work.md:{text.count(chr(10))}:1: error[KNW003]" in done.out
    assert "code.md" not in done.out.partition("help:")[0].splitlines()[0]
