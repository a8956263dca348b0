"""`itsm init` makes a workspace that passes its own check, whatever things are called, and overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.inside import Place


@pytest.mark.parametrize(
    ("name", "service", "person"),
    [
        ('He said "hi": yes # no', "Größe & Co", "Ünï Cöde"),
        ("- x: [y", "yes", "O'Neill, Shaquille"),
        ("日本語", "日本語", "田中"),
        ("x" * 300, "y" * 300, "z" * 300),
        ("null", "012", "True"),
        ("{{ name }}", "{% raw %}", "<b>&amp;</b>"),
        ("\\", "a\\", "'"),
    ],
)
def test_what_init_makes_passes_its_own_check(tmp_path: Path, name: str, service: str, person: str) -> None:
    place = Place(tmp_path)
    place.must("init", f"--name={name}", f"--service={service}", f"--person={person}", "--email", "ana@example.org")
    place.must("check", "--fail-on", "notice")
    place.must("fmt", "--check")
    place.must("generate", "schemas", "--check")
    place.commit("found the workspace")
    place.new("incident")
    shown = place.must("list", "services", "--format", "json")
    assert (service in shown) or not service.isascii()


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--time-zone", "Mars/Phobos"), "IANA time zone"),
        (("--time-zone", "UTC\nx"), "IANA time zone"),
        (("--email", "nobody"), "emails"),
        (("--name", "two\nlines"), "one line"),
        (("--service", "x" * 301), "300"),
        (("--person", "a\x1b[31mb"), "U+001B"),
    ],
)
def test_a_name_that_would_make_a_bad_file_is_refused_before_anything_is_made(
    tmp_path: Path, options: tuple[str, ...], hint: str
) -> None:
    folder = tmp_path / "new"
    done = Place(tmp_path).itsm("init", "new", *options)
    assert done.code == 2, done
    assert hint in done.err
    assert not folder.exists()


def test_a_second_init_overwrites_nothing(place: Place) -> None:
    before = place.contents()
    done = place.itsm("init")
    assert done.code == 2
    assert "already exists" in done.err
    assert place.contents() == before


def test_init_in_an_existing_repository_keeps_its_files_and_makes_no_second_repository(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.git("init", "-q", "-b", "trunk")
    place.write(".gitignore", "mine\n")
    place.write(".editorconfig", "mine\n")
    place.commit("before")
    said = place.must("init", "--name", "Late")
    assert "made a Git repository" not in said
    assert place.contents()[".gitignore"] == b"mine\n"
    assert place.contents()[".editorconfig"] == b"mine\n"
    assert place.git("branch", "--show-current").strip() == "trunk"
    place.must("check")


def test_one_file_in_the_way_stops_it_and_nothing_else_is_made(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write("records/teams/it.yaml", "mine\n")
    done = place.itsm("init")
    assert done.code == 2
    assert "records/teams/it.yaml already exists" in done.err
    assert place.contents() == {"records/teams/it.yaml": b"mine\n"}


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for folder in ("file", "file/below"):
        done = Place(tmp_path).itsm("init", folder)
        assert done.code == 3
        assert "could not be made" in done.err
