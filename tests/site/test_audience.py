"""What an audience may not see is in no byte of its site."""

from __future__ import annotations

import pytest

from itsm_as_code.domain.kinds.types import Visibility
from itsm_as_code.resources import template_loader
from itsm_as_code.site.build import SiteOptions, build
from tests.site.conftest import Builder
from tests.site.memory import MemorySnapshot, article, change, entry, incident, make, problem, service

Sites = dict[str, dict[str, bytes]]


def everything(site: dict[str, bytes]) -> str:
    """All paths and all content."""
    return "\n".join([*site, *(content.decode() for content in site.values())])


@pytest.mark.parametrize("audience", ["public", "staff"])
@pytest.mark.parametrize(
    "hidden",
    [
        "SECRET",
        "CALLER",
        "INC-20261103-CCCC3",
        "inc-20261103-cccc3",
        "CHG-20261107-CCCC3",
        "PRB-20261102-BBBB2",
        "vault",
    ],
)
def test_no_string_of_a_hidden_record_gets_out(sites: Sites, audience: str, hidden: str) -> None:
    assert hidden not in everything(sites[audience])
    assert hidden not in ("SECRET", "vault") or hidden in everything(sites["it"])


@pytest.mark.parametrize("private", ["INTERNAL", "Ana Ortiz", "ana@test.example", "P2 gets 1h", "call.example"])
def test_the_public_reads_public_texts_alone(sites: Sites, private: str) -> None:
    assert private not in everything(sites["public"])


def test_the_public_reads_what_was_said_to_it(sites: Sites) -> None:
    told = everything(sites["public"])
    for words in ("We are looking into it.", "Half of it is back.", "All is well.", "Expect an interruption"):
        assert words in told


def test_staff_read_notes_and_names_but_not_callers(sites: Sites) -> None:
    told = everything(sites["staff"])
    for words in ("INTERNAL start", "INTERNAL review", "INTERNAL steps", "INTERNAL way round", "Ana Ortiz"):
        assert words in told


def test_it_reads_everything_but_drafts(sites: Sites) -> None:
    told = everything(sites["it"])
    assert "SECRET-RUNBOOK" in told
    assert "CALLER Jones" in told
    assert "SECRET-DRAFT" not in told


def test_a_hidden_ticket_that_a_visible_text_names_is_not_named(build_site: Builder) -> None:
    hidden = "INC-20261103-CCCC3"
    link = f"[it](../incidents/2026/11/{hidden}.yaml)"
    body = f"# About {hidden}\n\nSee {hidden}, `{hidden}`, {link} and {hidden.lower()}.\n"
    site = build_site(
        article("told", body, title=f"After {hidden}", visibility="public"),
        incident(hidden, visibility="staff"),
        audience="public",
    )
    page = site["knowledge/told/index.html"].decode()
    assert hidden.lower() not in everything(site).lower()
    assert "After [restricted]" in page


def test_a_ticket_that_nobody_knows_may_be_named(build_site: Builder) -> None:
    site = build_site(article("told", "Such as INC-20200101-ZZZZZ.\n"))
    assert b"INC-20200101-ZZZZZ" in site["knowledge/told/index.html"]


def test_a_ticket_that_can_not_be_read_counts_as_hidden() -> None:
    snapshot = MemorySnapshot(article("told", "See INC-20261103-CCCC3.\n"), unreadable=("INC-20261103-CCCC3",))
    site = build(snapshot, template_loader("site"), SiteOptions(Visibility.IT))
    assert "INC-20261103-CCCC3" not in everything(site)


def test_links_to_hidden_records_become_words(build_site: Builder) -> None:
    site = build_site(
        article("seen", "Look at [the runbook](hush-slug.md).\n", visibility="public", related=["hush-slug"],
                services=["hush-service"], owner="team/hush-team", problem="PRB-20261101-AAAA1"),
        article("gone", visibility="public", state="retired", replaced_by="hush-slug"),
        article("hush-slug", visibility="it"),
        service("hush-service", visibility="it"),
        make("team", "hush-team", name="Hush", visibility="it"),
        problem(visibility="it", title="Hush"),
        audience="public",
    )  # fmt: skip
    assert "hush" not in everything(site).lower()
    assert b"the runbook" in site["knowledge/seen/index.html"]


def test_ticket_links_to_hidden_tickets_are_left_out(build_site: Builder) -> None:
    seen = incident("INC-20261101-AAAA1", visibility="public", service="hush", caused_by="CHG-20261101-AAAA1",
                    problem="PRB-20261101-AAAA1", parent="INC-20261103-CCCC3")  # fmt: skip
    hidden = (change(visibility="it"), problem(visibility="it"), incident("INC-20261103-CCCC3", visibility="it"))
    told = everything(build_site(seen, *hidden, service("hush", visibility="it", name="Hush"), audience="public"))
    for word in ("CHG-20261101", "PRB-20261101", "INC-20261103", "Hush"):
        assert word not in told


def test_what_was_taken_back_is_not_told_to_the_public(build_site: Builder) -> None:
    ticket = incident(
        "INC-20261101-AAAA1",
        entry("2026-11-01T08:00:00Z", state="new"),
        entry("2026-11-01T08:01:00Z", public="The wrong words."),
        entry("2026-11-01T08:02:00Z", void="2026-11-01T08:01:00Z"),
        visibility="public",
    )
    assert "The wrong words." not in everything(build_site(ticket, audience="public"))
    assert "taken back" in everything(build_site(ticket, audience="staff"))
