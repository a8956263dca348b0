"""Which acts an edit leaves behind."""

from __future__ import annotations

from itsm_as_code.app.deciding.stale_acts import stale_acts
from itsm_as_code.app.writing.draft import Draft
from itsm_as_code.domain.ids import approval_path
from tests.app.approvals.worlds import Local
from tests.app.deciding.conftest import Sit
from tests.approvals.records import Record, incident, path, text
from tests.approvals.world import act_id


def edit(record: Record, **fields: object) -> Draft:
    """A draft of a record with other fields."""
    return Draft(path(record), text(record), text(record | fields), "edited")


def stale(sit: Sit, *drafts: Draft) -> dict[str, int]:
    return dict(stale_acts(sit("ana"), drafts))


def test_a_material_edit_leaves_proposals_and_approvals_behind(local: Local, record: Record, sit: Sit) -> None:
    local.act("ben", "approved", record)
    assert stale(sit, edit(record, reason="It ends on Saturday.")) == {record["id"]: 2}


def test_an_edit_of_what_nobody_approves_leaves_none_behind(record: Record, sit: Sit) -> None:
    noted = [*record["timeline"], {"at": record["timeline"][0]["at"], "by": "ana", "note": "Hm."}]
    assert stale(sit, edit(record, timeline=noted)) == {}


def test_a_refusal_and_what_another_act_took_the_place_of_do_not_count(local: Local, record: Record, sit: Sit) -> None:
    first = local.act("ben", "approved", record)
    local.act("ben", "refused", record, comment="No", supersedes=[act_id(first)])
    assert stale(sit, edit(record, reason="It ends on Saturday.")) == {record["id"]: 1}


def test_acts_on_other_content_were_left_behind_before(local: Local, record: Record, sit: Sit) -> None:
    local.act("ben", "approved", record | {"reason": "It ends on Sunday."})
    assert stale(sit, edit(record, reason="It ends on Saturday.")) == {record["id"]: 1}


def test_acts_on_base_that_do_not_lie_here_count_too(local: Local, record: Record, sit: Sit) -> None:
    local.git("switch", "--quiet", "main")
    local.act("ben", "approved", record)
    local.land()
    local.git("switch", "--quiet", "proposal")
    assert stale(sit, edit(record, reason="It ends on Saturday.")) == {record["id"]: 2}


def test_an_act_that_comes_with_the_edit_proposes_it_anew(record: Record, sit: Sit) -> None:
    anew = Draft(approval_path(record["id"], "APR-20261121-00000"), None, b"", "proposed")
    assert stale(sit, edit(record, reason="It ends on Saturday."), anew) == {}


def test_new_records_and_kinds_without_revisions_have_none(local: Local, sit: Sit) -> None:
    fault = incident("1NC0N", "P1")
    new = Draft("records/teams/new.yaml", None, b"id: new\n", "new")
    assert stale(sit, new, edit(fault, title="Mail is slow"), Draft("itsm.yaml", b"a: 1\n", b"a: 2\n", "edited")) == {}
