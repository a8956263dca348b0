"""Code that runs while a site is made, and what a link publishes: nobody brings either in alone."""

from __future__ import annotations

import json

import pytest

from tests.approvals.test_attacks_found import workflows
from tests.approvals.test_subfolder import below, put
from tests.approvals.world import World

__all__ = ["below"]
SHOWN = "{% extends 'base.html' %}{% block main %}<h1>Ours</h1>{% endblock %}"
SPY = "{% extends 'base.html' %}{% block main %}{{ cycler.__init__.__globals__.os.environ }}{% endblock %}"


@pytest.mark.parametrize("who", ["ana", "eve"])
@pytest.mark.parametrize(
    "name",
    ["theme/about.html", "theme/static/site.js", "theme/static/site.css", "theme/deep/down/x", "theme/.gitattributes",
     "theme/README.md", "theme"],
)  # fmt: skip
def test_A177_a_file_of_the_theme_needs_a_keeper(world: World, name: str, who: str) -> None:
    world.write({name: SPY})
    push = world.step(who) if name == "theme/about.html" else world.offer(who)
    assert not push.landed
    assert "workflows at gate edit: pending" in push.said and f"it changes {name}" in push.said


def test_A177_a_theme_lands_with_the_keepers_approval_and_makes_the_site(world: World) -> None:
    world.write({"theme/about.html": SHOWN})
    assert "theme/about.html" in world.itsm("propose", "workflows").stdout
    approving = world.itsm("approve", "workflows", who="cleo")
    assert approving.returncode == 0 and "added theme/about.html" in approving.stdout
    world.land()
    built = world.itsm("site", "build", "--out", "public")
    assert built.returncode == 0, built.stderr
    assert "<h1>Ours</h1>" in (world.ws / "public" / "about" / "index.html").read_text()
    assert world.itsm("explain", "workflows", "approval").returncode == 0


@pytest.mark.parametrize("files", [{"theme/about.html": SPY}, {"theme/about.html": None}, {"theme/home.html": SPY}],
                         ids=["changed", "removed", "added"])  # fmt: skip
def test_A177_what_was_approved_is_no_approval_of_another_theme(world: World, files: dict[str, str | None]) -> None:
    workflows(world, {"theme/about.html": SHOWN}, "ana", "cleo")
    world.land()
    world.write(files)
    push = world.offer("eve")
    assert not push.landed and f"it changes {next(iter(files))}" in push.said


def test_A177_a_theme_that_was_approved_once_is_not_brought_back(world: World) -> None:
    old, new = {"theme/about.html": SPY}, {"theme/about.html": SHOWN}
    for files, proposer, by in ((old, "ana", "cleo"), (new, "ben", "dora")):
        workflows(world, files, proposer, by)
        world.land()
    world.write(dict(old))
    push = world.offer("eve")
    assert not push.landed and "workflows at gate edit: pending" in push.said


@pytest.mark.parametrize(
    ("where", "target"),
    [("theme", "/etc"), ("theme", "records"), ("theme/about.html", "../../secret"), ("theme/static", "../records"),
     ("theme/static/site.css", "/etc/passwd")],
)  # fmt: skip
def test_A179_a_link_in_the_theme_does_not_land_whoever_approves_it(world: World, where: str, target: str) -> None:
    workflows(world, {"theme/home.html": SHOWN}, "ana", "cleo")
    world.land()
    link = world.ws / where
    if where == "theme":
        world.git("rm", "--quiet", "-r", "theme")
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target)
    for name, command in (("ana", "propose"), ("dora", "approve")):
        world.itsm(command, "workflows", who=name)
    push = world.offer()
    assert not push.landed and f"{where}: error[APR003]" in push.said and "not a plain file" in push.said


@pytest.mark.parametrize("where", ["theme", "theme/static"])
def test_A179_another_repository_in_the_theme_does_not_land(world: World, where: str) -> None:
    world.git("update-index", "--add", "--cacheinfo", f"160000,{world.tip()},{where}")
    world.git("commit", "--quiet", "-m", "module")
    push = world.push()
    assert not push.landed and f"{where}: error[APR003]" in push.said


@pytest.mark.parametrize(
    "name", ["Theme/about.html", "THEME", "theme./about.html", "the\u200bme/about.html", ".GitAttributes", "Itsm.yaml"]
)
def test_A180_a_name_that_some_disk_takes_for_a_guarded_one_does_not_land(world: World, name: str) -> None:
    world.write({name: SPY})
    push = world.offer("eve")
    assert not push.landed and "ID004" in push.said and "some disks take it for" in push.said


def test_A177_the_theme_of_a_workspace_in_a_folder_is_in_that_folder(below: World) -> None:
    for name, words in (
        ("itsm/theme/about.html", "it changes itsm/theme/about.html"),
        ("Itsm/theme/about.html", "some disks take it for theme"),
    ):
        put(below, name, SPY.encode())
        push = below.step("eve")
        assert not push.landed and words in push.said
        below.git("reset", "--quiet", "--hard", below.tip())
    put(below, "theme/about.html", SPY.encode())
    below.land("eve")


def test_a_theme_in_a_folder_lands_with_approval_and_is_proved(below: World) -> None:
    put(below, "itsm/theme/about.html", SHOWN.encode())
    put(below, "Jenkinsfile", b"node {}\n")
    folder = below.ws / "itsm"
    for name, command in (("ana", "propose"), ("cleo", "approve")):
        done = below.itsm(command, "workflows", who=name, folder=folder)
        assert done.returncode == 0, done.stderr
    below.land()
    below.git("remote", "add", "origin", str(below.server))
    below.git("fetch", "--quiet", "origin")
    below.git("remote", "set-head", "origin", "--auto")
    shown = below.itsm("show", "workflows", "--format", "json", "--proof", folder=folder)
    assert shown.returncode == 0, shown.stderr
    document = json.loads(shown.stdout)
    assert list(document["content"]["material"]["files"]) == ["itsm/theme/about.html", "Jenkinsfile"]
    assert document["entered"] == below.tip() and document["gates"][0]["verdict"]["status"] == "approved"


def test_files_that_only_look_like_a_theme_are_free(world: World) -> None:
    world.write({"themes/about.html": SPY, "docs/theme/a.html": SPY, "theme.md": "x"})
    world.land("eve")


@pytest.mark.parametrize("where", [".gitattributes", "records/.gitattributes", "records/changes/.gitattributes",
                                   "attachments/.gitattributes", "attachments/vpn/.gitattributes"])  # fmt: skip
def test_A123_attributes_on_the_way_to_what_is_read_do_not_land_alone(world: World, where: str) -> None:
    world.write({where: "* filter=evil\n"})
    assert not world.offer("eve").landed
