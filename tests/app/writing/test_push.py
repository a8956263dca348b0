"""Drafts are replayed on the newest tip and pushed; copies of acts that have landed are removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.app.writing.draft import Blocked, Delivery, Draft
from itsm_as_code.app.writing.push import folders_of_acts, landed_beside, push_drafts, remove_landed_acts
from tests.checkouts import checkout_at
from tests.checks.memory import MemoryTree, as_files, entry, incident
from tests.checks.workspace import BACKGROUND, NOW
from tests.git.builder import AUTHOR, RepoBuilder

PATH = "records/incidents/2026/11/INC-20261121-7K3Q9.yaml"
ACTS = "records/approvals/CHG-20261121-4M2XT"
DELIVERY = Delivery(NOW, "incident: a note", "ana", push=True)
FIRST = entry("08:00", state="new")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[RepoBuilder, RepoBuilder]:
    """Ana's clone, and that of somebody who pushes meanwhile, of one server."""
    for name, value in (AUTHOR | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}).items():
        monkeypatch.setenv(name, value)
    start = RepoBuilder(tmp_path / "start")
    start.commit({**BACKGROUND, **as_files(incident(FIRST))})
    RepoBuilder(tmp_path / "srv.git", "--bare", clone_of=start.path)
    ours, theirs = (RepoBuilder(tmp_path / name, clone_of=tmp_path / "srv.git") for name in ("ours", "theirs"))
    return ours, theirs


def draft(*entries: dict[str, object], **fields: object) -> Draft:
    before = as_files(incident(FIRST))[PATH].encode()
    return Draft(PATH, before, as_files(incident(FIRST, *entries, **fields))[PATH].encode(), "noted")


def pushed(repo: RepoBuilder, one: Draft) -> str:
    repo.write({one.path: one.after})
    checkout = checkout_at(repo.path, NOW)
    try:
        return push_drafts(checkout.require_clone(), (one,), DELIVERY).commit
    finally:
        checkout.close()


def test_an_edit_lands_beside_what_others_have_pushed_meanwhile(here: tuple[RepoBuilder, RepoBuilder]) -> None:
    ours, theirs = here
    theirs.commit(as_files(incident(FIRST, entry("08:30", note="theirs"))))
    theirs.git("push", "--quiet", "origin", "HEAD:main")
    commit = pushed(ours, draft(entry("09:00", note="ours")))
    assert theirs.git("ls-remote", "origin", "refs/heads/main").split()[0] == commit
    text = ours.git("show", f"{commit}:{PATH}")
    assert "theirs" in text
    assert "ours" in text
    assert ours.git("log", "-1", "--format=%s", commit) == "incident: a note"


def test_what_would_have_errors_on_the_newest_tip_does_not_land(here: tuple[RepoBuilder, RepoBuilder]) -> None:
    ours, theirs = here
    theirs.commit({"records/services/portal.yaml": None})
    theirs.git("push", "--quiet", "origin", "HEAD:main")
    with pytest.raises(Blocked):
        pushed(ours, draft(service="portal"))
    assert theirs.git("ls-remote", "origin", "refs/heads/main").split()[0] == theirs.head()


def test_only_copies_of_acts_that_landed_are_removed(here: tuple[RepoBuilder, RepoBuilder]) -> None:
    ours, theirs = here
    acts = {f"{ACTS}/APR-20261121-{name}.yaml": f"id: {name}\n" for name in ("AAAAA", "BBBBB", "CCCCC")}
    same, other, only = acts
    landed = theirs.commit({same: acts[same], other: "id: else\n"})
    theirs.git("push", "--quiet", "origin", "HEAD:main")
    ours.git("fetch", "--quiet", "origin")
    ours.write(acts)
    checkout = checkout_at(ours.path, NOW)
    remove_landed_acts(checkout, (Draft(same, None, b"", ""),), landed)
    checkout.close()
    assert {path for path in acts if (ours.path / path).exists()} == {other, only}


def test_an_act_that_git_tracks_since_the_push_stays(here: tuple[RepoBuilder, RepoBuilder]) -> None:
    ours, theirs = here
    act = f"{ACTS}/APR-20261121-AAAAA.yaml"
    landed = theirs.commit({act: "id: AAAAA\n"})
    theirs.git("push", "--quiet", "origin", "HEAD:main")
    checkout = checkout_at(ours.path, NOW)
    assert checkout.require_clone().state.head != landed, "what was known before the push"
    ours.git("pull", "--quiet", "--ff-only")
    remove_landed_acts(checkout, (Draft(act, None, b"", ""),), landed)
    checkout.close()
    assert ours.git("status", "--porcelain") == ""


def test_where_git_does_not_say_what_it_tracks_every_file_stays(here: tuple[RepoBuilder, RepoBuilder]) -> None:
    ours, theirs = here
    act = f"{ACTS}/APR-20261121-AAAAA.yaml"
    landed = theirs.commit({act: "id: AAAAA\n"})
    theirs.git("push", "--quiet", "origin", "HEAD:main")
    ours.git("fetch", "--quiet", "origin")
    ours.write({act: "id: AAAAA\n"})
    checkout = checkout_at(ours.path, NOW)
    (ours.path / ".git" / "index").write_bytes(b"broken")
    remove_landed_acts(checkout, (Draft(act, None, b"", ""),), landed)
    checkout.close()
    assert (ours.path / act).exists()


def test_the_landed_acts_of_a_drafted_act_are_those_of_its_folder() -> None:
    base = MemoryTree({f"{ACTS}/APR-20261121-AAAAA.yaml": "1", "records/approvals/other/APR-20261121-BBBBB.yaml": "2"})
    act = Draft(f"{ACTS}/APR-20261121-CCCCC.yaml", None, b"3", "approved")
    assert folders_of_acts((act, draft())) == [ACTS]
    assert landed_beside(base, (act, draft())) == {f"{ACTS}/APR-20261121-AAAAA.yaml": b"1"}
    assert landed_beside(None, (act,)) == {}
    assert landed_beside(base, (draft(),)) == {}
