"""An intent becomes files: checked before they are written, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.writing.carry_out import carry_out
from itsm_as_code.app.writing.draft import Blocked, BroughtAlong, Delivery, Draft, Intent
from itsm_as_code.app.writing.note import Note, note
from itsm_as_code.domain.errors import CouldNotCheck, ItsmError, UsageFault
from itsm_as_code.store.snapshot import TreeSnapshot
from tests.checkouts import anew, checkout_at
from tests.checks.memory import as_files, change, incident
from tests.checks.workspace import BACKGROUND, NOW, workspace
from tests.git.builder import RepoBuilder

DELIVERY = Delivery(NOW, "a note", "ana")
PATH = "records/incidents/2026/11/INC-20261121-7K3Q9.yaml"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return workspace(tmp_path / "ws", as_files(incident()))


def drafted(*drafts: Draft) -> Intent:
    return lambda snapshot: drafts


def contents(checkout: Checkout) -> dict[str, bytes]:
    return {path.as_posix(): path.read_bytes() for path in checkout.root.rglob("*") if path.is_file()}


def test_what_is_wanted_is_written_and_told(checkout: Checkout) -> None:
    written = carry_out(checkout, note(Note("7K3Q9", "Seen"), "ana", NOW, None), DELIVERY)
    assert [(draft.path, draft.words) for draft in written.drafts] == [(PATH, "noted on INC-20261121-7K3Q9")]
    assert (checkout.root / PATH).read_bytes() == written.drafts[0].after
    assert b"Seen" in written.drafts[0].after
    assert (written.pushed, written.waiting) == (None, ())


def test_a_dry_run_tells_the_same_and_writes_nothing(checkout: Checkout) -> None:
    intent, before = note(Note("7K3Q9", "Seen"), "ana", NOW, None), contents(checkout)
    tried = carry_out(checkout, intent, replace(DELIVERY, dry_run=True))
    assert contents(checkout) == before
    assert carry_out(anew(checkout), intent, DELIVERY).drafts == tried.drafts


def test_one_record_with_errors_blocks_all(checkout: Checkout) -> None:
    before = contents(checkout)
    good = Draft("records/teams/cab.yaml", None, b"id: cab\nkind: team\nschema: 1\nname: CAB\n", "made cab")
    bad = Draft("records/teams/x.yaml", None, b"id: other\nkind: team\nschema: 1\nname: X\n", "made x")
    with pytest.raises(Blocked):
        carry_out(checkout, drafted(good, bad), DELIVERY)
    assert contents(checkout) == before


def test_records_of_one_intent_may_refer_to_each_other(checkout: Checkout) -> None:
    team = Draft(
        "records/teams/pay.yaml", None, b"id: pay\nkind: team\nschema: 1\nname: Pay\nmembers:\n- ana\n", "team"
    )
    text = b"id: wages\nkind: service\nschema: 1\nname: Wages\nowner: pay\ntier: 2\ndescription: Pays.\n"
    service = Draft("records/services/wages.yaml", None, text, "service")
    assert len(carry_out(checkout, drafted(service, team), DELIVERY).drafts) == 2


def test_a_draft_that_changes_nothing_is_not_written(checkout: Checkout) -> None:
    same = (checkout.root / PATH).read_bytes()
    assert carry_out(checkout, drafted(Draft(PATH, same, same, "nothing")), DELIVERY).drafts == ()


def test_a_file_that_changed_since_it_was_read_is_not_overwritten(checkout: Checkout) -> None:
    intent = note(Note("7K3Q9", "Seen"), "ana", NOW, None)

    def meanwhile(snapshot: TreeSnapshot) -> tuple[Draft, ...]:
        drafts = intent(snapshot)
        (checkout.root / PATH).write_text(as_files(incident(title="Else"))[PATH])
        return drafts

    with pytest.raises(ItsmError):
        carry_out(checkout, meanwhile, DELIVERY)
    assert "Else" in (checkout.root / PATH).read_text()


def test_what_the_intent_raises_is_raised(checkout: Checkout) -> None:
    with pytest.raises(UsageFault):
        carry_out(checkout, note(Note("nothing", "x"), "ana", NOW, None), DELIVERY)


def test_nothing_is_written_where_there_is_nothing_to_push_to(tmp_path: Path) -> None:
    repo = RepoBuilder(tmp_path / "ws")
    repo.commit({**BACKGROUND, **as_files(incident())})
    checkout = checkout_at(repo.path, NOW)
    with pytest.raises(CouldNotCheck, match="no remote"):
        carry_out(checkout, note(Note("7K3Q9", "x"), "ana", NOW, None), replace(DELIVERY, push=True))
    checkout.close()
    assert repo.git("status", "--porcelain") == ""


def test_revision_and_authors_are_kept_and_what_goes_along_is_asked_for_with_base(tmp_path: Path) -> None:
    repo = RepoBuilder(tmp_path / "ws")
    repo.commit({**BACKGROUND, **as_files(change(authors=["ana"]))})
    path = "records/changes/2026/11/CHG-20261121-4M2XT.yaml"
    edited = as_files(change(authors=["ana"], reason="Else"))[path].encode()
    extra = Draft(
        "records/teams/cab.yaml", None, b"id: cab\nkind: team\nschema: 1\nname: CAB\nmembers:\n- ana\n", "cab"
    )
    asked: list[tuple[bool, bool]] = []

    def along(base: TreeSnapshot, after: TreeSnapshot, drafts: tuple[Draft, ...]) -> BroughtAlong:
        asked.append((b"Else" in base.tree.read(path), b"Else" in after.tree.read(path)))
        return BroughtAlong((extra,))

    checkout = checkout_at(repo.path, NOW)
    draft = Draft(path, checkout.files.read(path), edited, "edited")
    written = carry_out(checkout, drafted(draft), replace(DELIVERY, actor="ben"), along)
    checkout.close()
    assert asked == [(False, True)]
    assert [each.path for each in written.drafts] == [path, extra.path]
    assert (repo.path / extra.path).is_file()
    assert b'"revision": 2' in written.drafts[0].after or b"revision: 2" in written.drafts[0].after
    assert b"ben" in written.drafts[0].after
