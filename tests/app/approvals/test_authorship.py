"""Who may be named as an author in a step, as findings with what a machine can mend."""

from __future__ import annotations

from dataclasses import replace

import pytest

from itsm_as_code.app.approvals.authorship import decided_removals, findings_of_authors, is_material, writers
from itsm_as_code.app.approvals.opened_step import OpenedStep, open_step
from itsm_as_code.checks.steps_record import AUTHORS_REMOVED
from itsm_as_code.domain.edit import Remove
from itsm_as_code.domain.finding import Finding, Spot
from itsm_as_code.domain.step import RecordChange, Side
from itsm_as_code.git.repository import open_repository
from tests.app.approvals.worlds import Local
from tests.approvals.records import CHANGES, NOW, Record, change, path, service
from tests.approvals.test_freezes import freeze

MAIL = service("mail", 3)


def findings(local: Local) -> list[Finding]:
    with open_repository(local.ws) as repository:
        return list(findings_of_authors(open_step(repository, "main", "HEAD", NOW)))


@pytest.fixture
def proposal(local: Local) -> Local:
    local.git("switch", "--quiet", "-c", "proposal")
    return local


def put(local: Local, record: Record, who: str = "ana") -> None:
    local.put(record)
    local.commit(who)


def test_a_name_without_a_change_is_taken_out_by_a_fix(proposal: Local) -> None:
    put(proposal, MAIL | {"authors": ["ana", "dora"]})
    first, second = findings(proposal)
    assert (first.code, first.path, first.field) == ("LIF047", path(MAIL), ("authors",))
    assert first.fix is not None and first.fix == second.fix
    assert first.fix.edits == (Remove(("authors", 1)), Remove(("authors", 0)))
    assert first.fix.title == "take out who may not be named"
    assert first.message == "author ana was added, but nothing in the record that people approve has changed"


def test_a_strangers_name_is_taken_out_by_a_fix(proposal: Local) -> None:
    put(proposal, MAIL | {"tier": 2, "revision": 2, "authors": ["ana", "dora"]})
    (found,) = findings(proposal)
    assert (found.code, found.field) == ("LIF048", ("authors",))
    assert found.message.startswith("author dora is named, but wrote nothing on it")
    assert found.fix is not None and found.fix.edits == (Remove(("authors", 1)),)


def test_a_name_twice_is_one_name(proposal: Local) -> None:
    put(proposal, MAIL | {"tier": 2, "revision": 2, "authors": ["dora", "dora"]})
    assert [each.code for each in findings(proposal)] == ["LIF048"]


def test_whoever_wrote_on_something_else_in_the_step_wrote_nothing_on_this(proposal: Local) -> None:
    put(proposal, MAIL | {"tier": 2, "revision": 2, "authors": ["ana", "dora"]})
    put(proposal, service("portal", 2) | {"revision": 2, "authors": ["dora"]}, "dora")
    assert [(each.code, each.path) for each in findings(proposal)] == [("LIF048", path(MAIL))]


def test_nobody_is_left_where_all_who_could_decide_wrote_it(proposal: Local) -> None:
    record = change(state="draft", authors=["ana", "ben", "dora"])
    for name in record["authors"]:
        put(proposal, record | {"title": f"Words of {name}"}, name)
    (found,) = findings(proposal)
    assert (found.code, found.gate, found.subject) == ("LIF049", "scheduled", record["id"])
    assert (found.path, found.field) == (path(record), ("authors",))
    assert found.message == (
        "after this step nobody could fill changes/owner at gate scheduled: ana, ben, dora wrote it or asked for it"
    )


def test_what_was_so_on_base_is_not_this_steps_doing(local: Local) -> None:
    record = change(state="draft", authors=["ana", "ben", "dora"])
    put(local, record)
    local.git("switch", "--quiet", "-c", "proposal")
    put(local, record | {"reason": "Another.", "revision": 2}, "ana")
    assert findings(local) == []


def test_the_people_after_the_step_count(proposal: Local) -> None:
    """The step itself takes the last one who could decide out of the team."""
    put(proposal, change(state="draft", authors=["ana"]))
    assert findings(proposal) == []
    put(proposal, proposal.edited("records/teams/it.yaml", members=["ana"]))
    assert [each.code for each in findings(proposal)] == ["LIF049"]


def opened(local: Local) -> OpenedStep:
    with open_repository(local.ws) as repository:
        step = open_step(repository, "main", "HEAD", NOW)
        _ = step.gate_results
        return step


def test_a_removal_is_left_to_the_people_who_decide_on_the_step(proposal: Local) -> None:
    put(proposal, CHANGES | {"title": "Other words", "revision": 2})
    put(proposal, MAIL | {"tags": ["mail"]})
    removed = [
        Spot("author dora was removed", ("authors",)).finding(AUTHORS_REMOVED, path(each)) for each in (CHANGES, MAIL)
    ]
    other = Spot("else").finding(AUTHORS_REMOVED, path(MAIL))
    assert list(decided_removals(opened(proposal), [*removed, other])) == [removed[1], other]


def test_what_people_approve_and_its_files_are_material(proposal: Local) -> None:
    put(proposal, MAIL | {"tags": ["mail"]})
    put(proposal, service("portal", 2) | {"revision": 2})
    put(proposal, service("wiki", 2))
    found = {each.id: is_material(each) for each in opened(proposal).step.changes}
    assert found == {"mail": False, "portal": True, "wiki": True}


def test_writers_are_those_of_the_record_and_of_its_files(proposal: Local) -> None:
    where = "records/knowledge/how-to.md"
    proposal.write(
        {where: "---\nid: how-to\nkind: article\nschema: 1\ntitle: A\nstate: draft\ntype: faq\nsummary: B.\n---\nC.\n"}
    )
    proposal.commit("ana")
    proposal.write({"attachments/how-to/a.txt": "x"})
    proposal.commit("ben")
    proposal.write({"attachments/other/a.txt": "x"})
    proposal.commit("dora")
    with open_repository(proposal.ws) as repository:
        step = open_step(repository, "main", "HEAD", NOW)
        (changed,) = step.step.changes
        assert writers(step, changed) == {"ana@example.org", "ben@example.org"}
        alone = replace(changed, files_changed=False)
        assert writers(step, alone) == {"ana@example.org"}


def test_a_record_that_names_no_authors_hides_none_behind_it(proposal: Local) -> None:
    """An incident and a record that can't be read come first by their paths."""
    proposal.write({"records/calendars/odd.yaml": "id: [\n"})
    put(proposal, MAIL | {"tier": 2, "revision": 2, "authors": ["dora"]})
    taken_out = "records/incidents/2026/11/INC-20261121-7K3Q9.yaml"
    proposal.write({taken_out: "id: INC-20261121-7K3Q9\nkind: incident\nschema: 1\nauthors: [dora]\n"})
    proposal.commit("ana")
    assert [(each.code, each.path) for each in findings(proposal)] == [("LIF048", path(MAIL))]


def test_a_record_that_is_gone_names_nobody(proposal: Local) -> None:
    proposal.write({path(MAIL): None})
    proposal.commit("ana")
    assert findings(proposal) == []


def test_files_that_change_are_material_though_the_record_is_the_same(proposal: Local) -> None:
    side = Side({"id": "how-to", "title": "A"}, None)
    for files_changed in (True, False):
        changed = RecordChange("records/knowledge/how-to.md", "article", "how-to", side, side, files_changed)
        assert is_material(changed) is files_changed
    for base, head in ((None, side), (side, None), (Side(None, None), side), (side, Side(None, None))):
        assert is_material(RecordChange("records/knowledge/how-to.md", "article", "how-to", base, head))


def test_whoever_signed_a_proposal_of_this_content_may_be_named(proposal: Local) -> None:
    record = MAIL | {"tier": 2, "revision": 2, "authors": ["dora"]}
    proposal.act("dora", "proposed", MAIL | {"tier": 1, "revision": 2, "authors": ["dora"]})
    proposal.act("dora", "approved", record)
    put(proposal, record)
    assert [each.code for each in findings(proposal)] == ["LIF048"], "neither is a proposal of this"
    proposal.act("dora", "proposed", record, workspace="an0ther0ne0fthe1r0wn")
    proposal.act("dora", "proposed", record, key=proposal.key("eve"))
    proposal.commit("ana")
    assert [each.code for each in findings(proposal)] == ["LIF048"], "nor do these prove anything"
    proposal.act("dora", "proposed", record)
    proposal.commit("ana")
    assert findings(proposal) == []


def test_an_address_is_compared_in_any_case(proposal: Local) -> None:
    """The registry has `Dora@Example.org`; her Git says it in small letters."""
    proposal.git("switch", "--quiet", "main")
    put(proposal, proposal.edited("records/people/dora.yaml", emails=["Dora@Example.org"]))
    proposal.git("switch", "--quiet", "-C", "proposal")
    put(proposal, MAIL | {"tier": 2, "revision": 2, "authors": ["dora"]}, "dora")
    assert findings(proposal) == []


def test_a_name_that_nobody_has_is_a_strangers(proposal: Local) -> None:
    put(proposal, MAIL | {"tier": 2, "revision": 2, "authors": ["nobody"]})
    (found,) = findings(proposal)
    assert found.message == "author nobody is named, but wrote nothing on it in this step and did not propose it"


def test_who_asked_for_it_decides_as_little_as_who_wrote_it(proposal: Local) -> None:
    put(proposal, change(state="draft", authors=["ana", "ben"], requester="dora"), "ben")
    found = [each for each in findings(proposal) if each.code == "LIF049"]
    assert [each.field for each in found] == [("authors",)]
    assert "ana, ben, dora wrote it or asked for it" in found[0].message


def test_a_freeze_over_a_change_that_is_yet_to_be_decided_asks_for_people_too(local: Local) -> None:
    """dora alone may grant the exception."""
    put(local, freeze(exceptions=[{"people": ["dora"]}]))
    local.git("switch", "--quiet", "-c", "proposal")
    put(local, change(state="draft", authors=["dora"]), "dora")
    assert [each.gate for each in findings(local)] == ["exception/year-end"]


def test_a_removal_is_not_decided_where_the_gate_asks_for_nobody_or_none_is_passed(proposal: Local) -> None:
    draft = change(state="draft")
    put(proposal, MAIL | {"tier": 2, "revision": 2})
    put(proposal, draft)
    removed = [
        Spot("author dora was removed", ("authors",)).finding(AUTHORS_REMOVED, path(each)) for each in (MAIL, draft)
    ]
    assert list(decided_removals(opened(proposal), removed)) == removed


def test_a_removal_without_a_material_change_is_not_decided(proposal: Local) -> None:
    """The people of the gate are asked because of what the record was before."""
    put(proposal, CHANGES | {"title": "Other words", "revision": 2})
    step = opened(proposal)
    (changed,) = step.step.changes
    idle = replace(step, step=replace(step.step, changes=(replace(changed, base=changed.head),)))
    vars(idle)["gate_results"] = step.gate_results
    removed = Spot("author dora was removed", ("authors",)).finding(AUTHORS_REMOVED, path(CHANGES))
    assert list(decided_removals(step, [removed])) == []
    assert list(decided_removals(idle, [removed])) == [removed]


@pytest.mark.parametrize(("committed", "codes"), [(["ana"], []), (["ana", "dora"], ["LIF048"])])
def test_names_that_no_commit_brings_yet_may_be_those_of_whoever_commits_them(
    proposal: Local, committed: list[str], codes: list[str]
) -> None:
    put(proposal, MAIL | {"tier": 2, "revision": 2, "authors": committed})
    first = proposal.git("rev-parse", "HEAD").strip()
    put(proposal, MAIL | {"tier": 2, "revision": 2, "authors": ["ana", "dora"]})
    with open_repository(proposal.ws) as repository:
        step = open_step(repository, "main", "HEAD", NOW)
        trees = replace(step.trees, head_commit=first)
        edited = replace(step, trees=trees, uncommitted=frozenset({path(MAIL)}))
        assert [each.code for each in findings_of_authors(edited)] == codes


def test_names_in_a_file_that_no_commit_has_are_not_asked_about(proposal: Local) -> None:
    with open_repository(proposal.ws) as repository:
        put(proposal, service("wiki", 2) | {"authors": ["dora"]})
        step = open_step(repository, "main", "HEAD", NOW)
        trees = replace(step.trees, head_commit=step.trees.base.commit)
        edited = replace(step, trees=trees, uncommitted=frozenset({path(service("wiki", 2))}))
        assert [each.code for each in findings_of_authors(step)] == ["LIF048"]
        assert list(findings_of_authors(edited)) == []


def test_whoever_wrote_on_a_file_that_is_not_committed_is_not_whoever_made_the_one_commit(proposal: Local) -> None:
    put(proposal, MAIL | {"tier": 2, "revision": 2})
    with open_repository(proposal.ws) as repository:
        step = open_step(repository, "main", "HEAD", NOW)
        (changed,) = step.step.changes
        assert writers(step, changed) == {"ana@example.org"}
        elsewhere = replace(changed, path="records/services/other.yaml")
        assert writers(replace(step, uncommitted=frozenset({elsewhere.path})), elsewhere) == frozenset()
        assert writers(step, elsewhere) == frozenset()


def test_authors_who_object_are_left_to_decide(proposal: Local) -> None:
    record = change(state="draft", authors=["ana", "ben", "dora"])
    for name in record["authors"]:
        put(proposal, record | {"title": f"Words of {name}"}, name)
    proposal.act("ben", "refused", record | {"title": "Words of dora"}, gate="authors")
    proposal.commit("ben")
    assert [each.code for each in findings(proposal)] == []


def test_who_asks_for_a_change_that_names_no_author_is_barred_too(proposal: Local) -> None:
    """dora alone could grant the exception from the freeze."""
    proposal.git("switch", "--quiet", "main")
    put(proposal, freeze(exceptions=[{"people": ["dora"]}]))
    proposal.git("switch", "--quiet", "-C", "proposal")
    record = change(state="draft", requester="dora")
    put(proposal, {key: value for key, value in record.items() if key != "authors"})
    assert [each.gate for each in findings(proposal)] == ["exception/year-end"]


@pytest.mark.parametrize(("state", "scope"), [("scheduled", {}), ("draft", {"service": "portal"})])
def test_a_freeze_asks_for_nobody_for_a_change_past_its_gate_or_out_of_its_scope(
    local: Local, state: str, scope: dict[str, str]
) -> None:
    put(local, freeze(exceptions=[{"people": ["dora"]}], scope=scope))
    local.git("switch", "--quiet", "-c", "proposal")
    put(local, change(state=state, authors=["dora"]), "dora")
    assert [each.gate for each in findings(local)] == []


def test_of_settings_that_change_the_authors_are_looked_at_too(proposal: Local) -> None:
    text = (proposal.ws / "itsm.yaml").read_text()
    proposal.write({"itsm.yaml": f"{text}revision: 2\nauthors:\n- dora\n".replace("Approvals", "Approvals 2")})
    proposal.commit("ana")
    assert [(each.code, each.path) for each in findings(proposal)] == [("LIF048", "itsm.yaml")]
