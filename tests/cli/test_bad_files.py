"""What may lie under `records/` that is no good record: each is a finding; nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from itsm_as_code.domain.ids import path_of
from tests.cli.inside import Place

SERVICE = "id: {id}\nkind: service\nschema: 1\nname: {name}\nowner: it\ntier: 3\n"


def _service(place: Place, name: str = "Mail", *, record_id: str = "mail", file: str | None = None) -> str:
    path = file or f"records/services/{record_id}.yaml"
    place.write(path, SERVICE.format(id=record_id, name=name))
    return path


def _found(place: Place, *arguments: str) -> list[str]:
    """The first lines of all findings of a check, which must end with 1 and change nothing."""
    before = place.contents()
    done = place.itsm("check", *arguments)
    assert done.code == 1, done.out + done.err
    assert place.contents() == before
    assert done.out.count("  help: ") >= 1
    return [line for line in done.out.splitlines() if ": error[" in line]


# What research found in real repositories: reference/records-in-git.md, section 10.
TRAPS = {
    "an impossible date": ("valid_until", "2025-30-01", "SCH"),
    "a date where text is meant": ("title", "2026-01-01", None),
    "NO for Norway": ("title", "NO", "YAML017"),
    "a number with a leading zero": ("title", "012", "YAML017"),
    "a sexagesimal number": ("title", "12:30:00", "YAML017"),
    "a version that is a float": ("title", "1.10", "YAML017"),
    "a key twice": ("title", "one\ntitle: two", "YAML009"),
    "an anchor": ("title", "&a one", "YAML011"),
    "an alias": ("title", "*a", "YAML011"),
    "a tag": ("title", "!!str one", "YAML012"),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_each_trap_of_yaml_readers_is_told_with_its_line(place: Place, trap: str) -> None:
    key, value, code = TRAPS[trap]
    lines = ["id: cm", "kind: change-model", "schema: 1", "plan:", "  implementation: do it", f"{key}: {value}"]
    if key != "title":
        lines.append("title: One")
    path = "records/change-models/cm.yaml"
    place.write(path, "\n".join(lines) + "\n")
    if code is None:
        assert place.itsm("check", path).code == 0  # text stays text, whatever it looks like
        assert '"title": "2026-01-01"' in place.must("show", "cm", "--format", "json")
        return
    (finding,) = _found(place, path)
    assert finding.startswith((f"{path}:6:", f"{path}:7:"))
    assert f"error[{code}" in finding


NAMES = {
    "a blank": "records/services/two words.yaml",
    "a line break": "records/services/two\nlines.yaml",
    "letters beyond ASCII": "records/services/größe.yaml",
    "capitals": "records/services/Mail.yaml",
    "the other suffix": "records/services/mail.yml",
    "no suffix": "records/services/mail",
    "a folder too deep": "records/services/eu/mail.yaml",
    "a folder that is none": "records/servers/mail.yaml",
    "an editor's leftover": "records/services/.mail.yaml.swp",
    "a ticket in the wrong month": "records/incidents/2026/12/INC-20261101-ABCDE.yaml",
    "a name that Windows keeps for itself": "records/services/con.yaml",
    "bytes that are not UTF-8": os.fsdecode(b"records/services/bad\xff.yaml"),
}


@pytest.mark.parametrize("name", NAMES)
def test_names_that_are_no_record_are_told_and_never_skipped(place: Place, name: str) -> None:
    _service(place, file=NAMES[name])
    findings = _found(place)
    assert len(findings) == 1
    assert "error[ID002]" in findings[0]
    github = place.itsm("check", "--format", "github").out.splitlines()
    assert len(github) == 2, "a name with a line break is one annotation, and one line"


def test_names_that_differ_only_by_case_are_told(place: Place) -> None:
    _service(place)
    place.write("records/services/MAIL.yaml", "")
    assert any("error[ID004]" in line and "mail.yaml" in line for line in _found(place))


def test_links_submodules_and_pipes_are_told_and_not_followed(place: Place, tmp_path: Path) -> None:
    services = place.folder / "records" / "services"
    (tmp_path / "secret.yaml").write_text(SERVICE.format(id="secret", name="Secret"), encoding="utf-8")
    (services / "secret.yaml").symlink_to(tmp_path / "secret.yaml")
    (services / "nowhere.yaml").symlink_to("nothing")
    (services / "folder").symlink_to("../teams")
    os.mkfifo(services / "pipe.yaml")
    place.git("init", "-q", "records/assets/inner")
    told = {line.split(": ")[0].rpartition("/")[2]: line for line in _found(place)}
    codes = {"secret.yaml": "ID005", "nowhere.yaml": "ID005", "folder": "ID005", "pipe.yaml": "ID007", "inner": "ID006"}
    assert {name: code for name, line in told.items() for code in codes.values() if f"[{code}]" in line} == codes
    assert "Secret" not in place.itsm("check").out
    assert "Secret" not in place.itsm("list", "services").out
    assert place.itsm("show", "secret").code == 2


def test_writing_through_a_link_is_refused(place: Place, tmp_path: Path) -> None:
    path = place.record(place.new("incident"))
    outside = tmp_path / "outside.yaml"
    path.rename(outside)
    path.symlink_to(outside)
    before = outside.read_bytes()
    assert place.itsm("note", path.stem, "x").code in (1, 2, 3)
    assert outside.read_bytes() == before
    months = path.parent
    path.unlink()
    months.rmdir()
    (tmp_path / "month").mkdir()
    months.symlink_to(tmp_path / "month")
    done = place.itsm("new", "incident", "--title", "x")
    assert done.code == 3
    assert "symbolic link" in done.err
    assert not list((tmp_path / "month").iterdir())


def test_a_file_of_50_megabytes_is_a_finding_and_not_swallowed(place: Place) -> None:
    big = place.write("records/services/big.yaml", b"")
    with big.open("wb") as hole:
        hole.truncate(50_000_000)
    place.write("records/services/long.yaml", SERVICE.format(id="long", name="Long") + "# " + "x" * 1_048_576)
    findings = [line for line in _found(place) if "[YAML006]" in line]
    assert [line.split(":")[0].rpartition("/")[2] for line in findings] == ["big.yaml", "long.yaml"]
    assert place.itsm("show", "big").code == 2


def test_latin_1_and_crlf_are_told_with_their_place_and_crlf_is_fixed_by_fmt(place: Place) -> None:
    latin = place.write("records/services/latin.yaml", SERVICE.format(id="latin", name="Größe").encode("latin-1"))
    crlf = place.write("records/services/crlf.yaml", SERVICE.format(id="crlf", name="Mail").replace("\n", "\r\n"))
    findings = "\n".join(_found(place))
    assert "latin.yaml:4:9: error[YAML001]" in findings
    assert "crlf.yaml:1:9: error[YAML005]" in findings
    before = latin.read_bytes()
    done = place.itsm("fmt")
    assert done.code == 3
    assert "left alone: records/services/latin.yaml" in done.err
    assert latin.read_bytes() == before
    assert b"\r" not in crlf.read_bytes()
    latin.unlink()
    place.must("check")


def test_a_record_that_may_not_be_read_is_a_finding(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    _service(place)
    real = os.open

    def forbidden(name: str, *rest: int, **more: int) -> int:
        if str(name).endswith("mail.yaml"):
            raise PermissionError(13, "Permission denied", str(name))
        return real(name, *rest, **more)

    monkeypatch.setattr("itsm_as_code.store.worktree.os.open", forbidden)
    (finding,) = _found(place)
    assert "mail.yaml" in finding
    assert "no permission to read it" in finding
    listed = place.itsm("list", "services")
    assert listed.code == 3
    assert "warning: 1 record can't be read and may be missing here" in listed.err


@pytest.mark.parametrize("lost", ["incident", "sla"])
def test_where_a_clock_may_be_missing_the_status_of_clocks_is_no_pass(place: Place, lost: str) -> None:
    incident = place.record(place.new("incident", "--service", "portal"))
    place.must("sla", "status", "--fail")
    path = incident if lost == "incident" else place.one(f"records/{lost}s/*.yaml")
    path.write_text("id: [", encoding="utf-8")
    done = place.itsm("sla", "status", "--fail", "--format", "json")
    assert done.code == 3
    assert "1 record can't be read, so clocks may be missing" in done.err


def test_a_condition_that_may_mean_a_record_nobody_can_read_sets_nothing(place: Place) -> None:
    fine = place.record(place.new("incident"))
    place.record(place.new("incident")).write_text("id: [", encoding="utf-8")
    before = fine.read_bytes()
    done = place.itsm("set", "--where", "kind=incident", "tags+=x")
    assert (done.code, fine.read_bytes()) == (3, before)
    assert "1 record can't be read" in done.err


def test_records_that_cannot_be_read_are_not_overwritten_by_any_command(place: Place) -> None:
    path = place.record(place.new("incident"))
    for content in (b"id: [", b"\xff", b"", b"id: &a x\n"):
        path.write_bytes(content)
        for arguments in (
            ("note", path.stem, "x"), ("set", path.stem, "tags+=x"), ("start", path.stem), ("show", path.stem),
            ("redact", path.stem, "--entry", "1", "--reason", "x"), ("fix", "--unsafe"), ("sla", "status", path.stem),
            ("explain", path.stem),
        ):  # fmt: skip
            done = place.itsm(*arguments)
            assert done.code in (0, 2) if arguments[0] == "fix" else done.code == 2, (arguments, done)
            assert path.read_bytes() == content


def test_a_timeline_of_a_thousand_entries_is_read_checked_shown_and_extended(place: Place) -> None:
    record_id = "INC-20261101-ABCDE"
    entries = "".join(
        f"- at: 2026-11-{1 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00Z\n"
        f"  by: ana-example\n  {'state: new' if minute == 0 else f'note: Step {minute}'}\n"
        for minute in range(1000)
    )
    path = place.write(
        path_of("incident", record_id), f"id: {record_id}\nkind: incident\nschema: 1\ntitle: Long\ntimeline:\n{entries}"
    )
    place.must("check")
    assert "1000. 2026-11-01T16:39:00Z" in place.must("show", record_id)
    place.must("note", record_id, "One more")
    assert path.read_text(encoding="utf-8").startswith(f"id: {record_id}\nkind: incident\n")
    assert path.read_text(encoding="utf-8").endswith("  note: One more\n")
    place.must("check")


ESCAPES = ("\x1b]0;owned\x07", "\x1b[2J\x1b[1;1Happroved", "\x9b31m", "\u202egnp.exe")


@pytest.mark.parametrize("escape", ESCAPES, ids=ascii)
def test_A150_no_escape_of_a_record_reaches_the_terminal(place: Place, escape: str) -> None:
    quoted = escape.encode("unicode_escape").decode("ascii").replace("\\x", "\\u00")
    ref = place.new("incident")
    path = place.record(ref)
    text = path.read_text(encoding="utf-8").replace("title: A incident", f'title: "Evil {quoted} title"')
    path.write_text(text, encoding="utf-8")
    place.write(f"records/services/{escape.replace('/', '')}.yaml", SERVICE.format(id="x", name=f'"{quoted}"'))
    for arguments in (
        ("check",), ("check", "--format", "github"), ("show", ref), ("list", "--all"), ("explain", ref),
        ("list", "--all", "--format", "csv"), ("show", ref, "--format", "json"), ("set", ref, f"title={escape}"),
    ):  # fmt: skip
        done = place.itsm(*arguments)
        for character in set(escape) - set("]0;owned[2J1Happroved31mgnp.exe"):
            assert character not in done.out + done.err, arguments


def test_A148_nothing_in_a_record_or_a_name_becomes_a_workflow_command(place: Place) -> None:
    attack = "x\n::error::all is lost\n::stop-commands::now\r%0A::warning::"
    place.write(f"records/services/{attack.replace('/', '')}.yaml", "id: x\n")
    place.write(
        "records/services/mail.yaml",
        'id: mail\nkind: service\nschema: 1\nname: Mail\nowner: "x\\n::error::y"\ntier: "::set-output name=a::b"\n',
    )
    done = place.itsm("check", "--format", "github")
    assert done.code == 1
    commands = [line for line in done.out.splitlines() if line.startswith("::")]
    assert all(line.startswith("::error file=records/services/") for line in commands)
    assert len(done.out.splitlines()) == len(commands) + 1
    for line in commands:
        properties, _, message = line[2:].partition("::")
        assert "\r" not in message
        assert all(":" not in value for value in properties.split(" ", 1)[1].split(","))


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)"])
def test_A154_no_cell_of_a_csv_export_is_a_formula(place: Place, title: str) -> None:
    place.must("new", "incident", f"--title={title}")
    header, row = place.must("list", "incidents", "--format", "csv").splitlines()
    assert header.endswith(",title")
    assert f",'{title}" in row or f",\"'{title}" in row
