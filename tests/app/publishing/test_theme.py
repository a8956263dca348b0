"""A theme makes pages and nothing else: what it may not reach, which faults are its own, and no link is followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.app.publishing.site import PublishRequest, links_left_out, publish
from itsm_as_code.app.publishing.theme import theme_fault, theme_loader
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.kinds.types import Visibility
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.worktree import WorkTree
from tests.app.publishing.test_sla_lines import AT
from tests.checks.memory import MemoryTree
from tests.checks.workspace import BACKGROUND
from tests.site.memory import MemorySnapshot, article

SECRET = "what lies outside"
STAFF = PublishRequest(Visibility.STAFF, AT)
PAGE = "{{% extends 'base.html' %}}{{% block main %}}<h1>{}</h1>{{% endblock %}}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace's folder, with a file outside it."""
    (tmp_path / "secret.css").write_text(SECRET)
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "site.css").write_text(SECRET)
    (tmp_path / "workspace" / "theme" / "static").mkdir(parents=True)
    return tmp_path / "workspace"


def made(folder: Path, template: str, name: str = "about.html") -> str:
    """The page that a theme with this template makes."""
    (folder / "theme" / name).write_text(template)
    return publish(MemorySnapshot(), WorkTree(folder), STAFF)["about/index.html"].decode()


def fault(folder: Path, template: str, name: str = "about.html") -> str:
    """Why a theme makes no site."""
    with pytest.raises(CouldNotCheck) as raised:
        made(folder, template, name)
    assert raised.value.hint
    return str(raised.value.message)


# what a template may not do


@pytest.mark.parametrize(
    "expression",
    [
        "''.__class__.__mro__[1].__subclasses__()",
        "self.__init__.__globals__",
        "cycler.__init__.__globals__.os.popen('id').read()",
        "lipsum.__globals__['os'].environ",
        "joiner.__init__.__globals__",
        "page.view.__class__.__init__.__globals__",
        "between.__func__.__globals__",
        "count.__globals__",
        "count.__code__",
        "''|attr('__class__')",
        "''['__class__']",
        "''['__cla' ~ 'ss__'].__mro__",
        "'{0.__class__.__mro__}'.format(1)",
        "'{0.__class__.__mro__}'.format_map({'0': 1})",
        "(('{0.__class__}'|safe).format(1)).x",
        "[1]|map(attribute='__class__')|list|first|attr('__mro__')",
        "site.update(name='x')",
        "site.assets.clear()",
        "site.sections.__add__",
        "[].append(1) or [1, 2].pop()",
        "range(1000000000)|list",
        "(page.view|pprint).__class__",
        "page.__dict__",
        "joiner().__class__",
    ],
)
def test_A178_a_template_reaches_nothing_but_its_view(folder: Path, expression: str) -> None:
    assert fault(folder, PAGE.format("{{ " + expression + " }}")).startswith("theme/about.html:1: ")


@pytest.mark.parametrize(
    "template",
    ["{% include '../../secret.css' %}", "{% include '/etc/passwd' %}", "{% import '../secret.css' as x %}",
     "{% extends '../../secret.css' %}", "{% include '../records/teams/it.yaml' %}", "{% include 'static/../../x' %}"],
)  # fmt: skip
def test_A178_a_template_includes_files_of_the_theme_and_ours_alone(folder: Path, template: str) -> None:
    assert SECRET not in fault(folder, template)


def test_a_template_of_the_theme_escapes_like_ours(folder: Path) -> None:
    page = made(
        folder, PAGE.format("{{ '<script>alert(1)</script>' }} {% if site.name %}{{ count(2, 'page') }}{% endif %}")
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 2 pages" in page
    assert "<script>alert" not in page


def test_a_theme_can_do_what_our_templates_do(folder: Path) -> None:
    """Every template of ours works as a theme, byte for byte."""
    ours = Path(__file__).resolve().parents[3] / "templates" / "site"
    plain = publish(MemorySnapshot(article("a")), WorkTree(folder), STAFF)
    for template in ours.rglob("*"):
        if template.is_file():
            target = folder / "theme" / template.relative_to(ours)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(template.read_bytes())
    assert publish(MemorySnapshot(article("a")), WorkTree(folder), STAFF) == plain


# whose fault it is


@pytest.mark.parametrize(
    ("template", "line", "words"),
    [
        ("{% if %}", 1, "Expected an expression"),
        ("\n{{ nobody }}", 2, "'nobody' is undefined"),
        ("\n\n{{ 1 / 0 }}", 3, "division by zero"),
        ("{{ 'a' + 1 }}", 1, ""),
        ("{{ page.nothing }}", 1, "no attribute 'nothing'"),
        ("{% include 'gone.html' %}", 1, "gone.html"),
        ("{{ [][5] }}", 1, ""),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 1, "recursion"),
    ],
)
def test_a_fault_of_a_template_is_told_with_its_line(folder: Path, template: str, line: int, words: str) -> None:
    told = fault(folder, template)
    assert told.startswith(f"theme/about.html:{line}: ") and words in told


def test_an_error_that_no_template_of_the_theme_made_is_not_its_fault() -> None:
    assert theme_fault(ValueError("ours")) is None


@pytest.mark.parametrize(
    ("content", "words"), [(b"\xff\xfe", "no text in UTF-8"), (b"x" * ((1 << 20) + 1), "more than 1,048,576 bytes")]
)
def test_a_file_that_is_no_text_or_too_large_makes_no_site(folder: Path, content: bytes, words: str) -> None:
    (folder / "theme" / "static" / "site.css").write_bytes(content)
    assert words in fault(folder, PAGE.format("x"))


# links


@pytest.mark.parametrize(
    ("where", "target"),
    [
        ("theme/static/site.css", "../../../secret.css"),
        ("theme/static/site.css", "../about.html"),
        ("theme/about.html", "/etc/passwd"),
        ("theme/static", "../../static"),
        ("theme", "../"),
        ("theme/gone.css", "nowhere"),
    ],
)
def test_A179_nothing_is_published_through_a_link_in_a_theme(folder: Path, where: str, target: str) -> None:
    made(folder, PAGE.format("Ours"))
    link = folder / where
    if link.is_dir():
        link.rename(folder.parent / "moved")
    link.unlink(missing_ok=True)
    link.symlink_to(target)
    with pytest.raises(CouldNotCheck) as raised:
        publish(MemorySnapshot(), WorkTree(folder), STAFF)
    assert raised.value.message == f"{where} is not part of the site: this is a symbolic link"


def test_A179_another_repository_in_the_place_of_a_theme_is_no_theme(folder: Path) -> None:
    (folder / "theme" / ".git").mkdir()
    assert "submodule or nested repository" in fault(folder, PAGE.format("x"))


@pytest.mark.parametrize("where", ["attachments/sign-in/a.png", "attachments/sign-in", "attachments"])
def test_A179_nothing_is_published_through_a_link_among_the_attachments(tmp_path: Path, where: str) -> None:
    outside = tmp_path / "outside" / "sign-in"
    outside.mkdir(parents=True)
    (outside / "a.png").write_text(SECRET)
    root = tmp_path / "workspace"
    files = dict(BACKGROUND)
    files["records/knowledge/sign-in.md"] += "![a](../../attachments/sign-in/a.png)\n"
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    link = root / where
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(tmp_path / "outside" / where.removeprefix("attachments").strip("/"))
    snapshot = TreeSnapshot(WorkTree(root))
    snapshot.load_all()
    made = publish(snapshot, snapshot.tree, STAFF, snapshot.tree.read)
    assert "knowledge/sign-in/index.html" in made
    assert not any(SECRET.encode() in content for content in made.values())
    assert links_left_out(snapshot) == (where,)


def test_without_files_there_is_no_theme() -> None:
    assert theme_loader(MemoryTree({"records/theme": "x", "themes/a": "x"})) is None
