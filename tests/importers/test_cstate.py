"""Status pages of cState with every sort of dirt."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.errors import CouldNotCheck, ItsmError, UsageFault
from itsm_as_code.domain.loss import LossSort
from tests.importers.samples import from_cstate, known, losses, of_kind, only

CONFIG = """
title: Example Status
params:
  categories:
    - name: Web
  systems:
    - name: API
      description: Where programs ask.
      category: Web
    - name: Media Proxy
"""
ISSUE = """---
title: US East connection issues
date: 2018-05-25T04:13:00Z
resolved: true
resolvedWhen: 2018-05-25T05:54:00Z
severity: disrupted
affected:
  - API
  - Media Proxy
section: issue
---
Users can't connect.
"""


def site(issue: str = ISSUE, **more: str) -> dict[str, str]:
    return {"config.yml": CONFIG, "content/issues/2018-05-25-us-east.md": issue, **more}


def states(incident: Any) -> list[str]:
    return [entry["state"] for entry in incident["timeline"] if "state" in entry]


def test_an_issue_becomes_a_public_incident() -> None:
    incident = only(from_cstate(site(), create=True))
    assert incident["aliases"] == {"cstate": "2018-05-25-us-east"}
    assert (incident["visibility"], incident["service"], incident["affects"]) == (
        "public",
        "api",
        ["service/media-proxy"],
    )
    opened, resolved = incident["timeline"]
    assert opened == {
        "at": "2018-05-25T04:13:00Z", "by": {"name": "Example Status"}, "imported": True, "state": "in_progress",
        "impact": "medium", "urgency": "medium", "priority": "P3", "public": "Users can't connect.",
    }  # fmt: skip
    assert (resolved["state"], resolved["at"]) == ("resolved", "2018-05-25T05:54:00Z")
    assert incident["resolution"]["code"] == "unknown"


def test_systems_become_services_of_a_team_that_says_that_the_owner_is_not_known() -> None:
    harvest = from_cstate(site(), create=True)
    api, proxy = (draft.data for draft in of_kind(harvest, "service"))
    assert api["status_page"] == {"shown": True, "group": "Web"}
    assert api["description"] == "Where programs ask."
    assert (api["owner"], api["tier"], proxy["id"]) == ("imported", 3, "media-proxy")
    assert of_kind(harvest, "team")[0].id == "imported"
    assert losses(harvest, LossSort.GUESSED, "owner")[0].count == 2


def test_services_get_the_owner_that_is_named_if_there_is_one() -> None:
    harvest = from_cstate(site(), create=True, owner="web", known=known(("team", "web", "")))
    assert of_kind(harvest, "service")[0].data["owner"] == "web"
    with pytest.raises(UsageFault):
        from_cstate(site(), create=True, owner="wbe")


def test_systems_are_matched_by_alias_or_by_the_mapping_or_reported() -> None:
    here = known(("service", "public-api", "API"), ("service", "proxy", ""))
    harvest = from_cstate(site(), {"services": {"media proxy": "proxy"}}, known=here)
    assert only(harvest)["service"] == "public-api"
    assert only(harvest)["affects"] == ["service/proxy"]
    assert losses(from_cstate(site(), known=here), LossSort.DROPPED, "affected")[0].examples == ("Media Proxy",)


def test_names_that_the_mapping_drops_are_not_created() -> None:
    harvest = from_cstate(site(), {"services": {"Media Proxy": "drop"}}, create=True)
    assert [draft.id for draft in of_kind(harvest, "service")] == ["api"]


def test_updates_with_a_time_become_entries_in_the_order_of_time() -> None:
    body = (
        "*Resolved* - It works. {{< track \"2018-05-25 05:54:00\" >}}\n\n"
        "*Monitoring* - We look. {{< track \"2018-05-25 04:40:00\" >}}\n\n"
        "*Investigating* - We know. {{< track \"2018-05-25 04:13:00\" >}}\n"
    )  # fmt: skip
    incident = only(from_cstate(site(ISSUE.replace("Users can't connect.\n", body))))
    assert [entry.get("public") for entry in incident["timeline"]] == [
        "*Investigating* - We know.", "*Monitoring* - We look.", "*Resolved* - It works.", None,
    ]  # fmt: skip
    assert states(incident) == ["in_progress", "resolved"]


def test_an_issue_that_is_not_resolved_stays_open_whatever_its_time_of_resolution() -> None:
    harvest = from_cstate(site(ISSUE.replace("resolved: true", "resolved: false")))
    assert states(only(harvest)) == ["in_progress"]
    assert "resolution" not in only(harvest)
    assert losses(harvest, LossSort.DROPPED, "resolvedWhen")


def test_a_resolution_before_the_beginning_keeps_the_order_with_a_note() -> None:
    incident = only(from_cstate(site(ISSUE.replace("2018-05-25T05:54:00Z", "2018-04-25T05:54:00Z"))))
    assert incident["timeline"][-1]["at"] == "2018-05-25T04:13:00Z"
    assert "2018-04-25T05:54:00Z" in incident["timeline"][-1]["note"]


def test_a_resolution_without_time_is_that_of_the_beginning_and_told() -> None:
    harvest = from_cstate(site(ISSUE.replace("resolvedWhen: 2018-05-25T05:54:00Z", "resolvedWhen:")))
    assert only(harvest)["timeline"][-1]["at"] == "2018-05-25T04:13:00Z"
    assert losses(harvest, LossSort.GUESSED, "resolvedWhen")
    assert losses(harvest, LossSort.NOTED, "resolvedwhen")


@pytest.mark.parametrize("line", ["severity: notice", "informational: true"])
def test_notices_are_tagged_as_maintenance(line: str) -> None:
    incident = only(from_cstate(site(ISSUE.replace("severity: disrupted", line))))
    assert incident["tags"] == ["maintenance"]
    assert incident["timeline"][0]["impact"] == "low"


def test_a_severity_that_nobody_knows_is_not_guessed() -> None:
    harvest = from_cstate(site(ISSUE.replace("disrupted", "meltdown")))
    assert "priority" not in only(harvest)["timeline"][0]
    assert losses(harvest, LossSort.DROPPED, "severity")
    mapped = from_cstate(site(ISSUE.replace("disrupted", "meltdown")), {"severities": {"meltdown": "high"}})
    assert only(mapped)["timeline"][0]["priority"] == "P1"


def test_front_matter_in_toml_is_read_alike() -> None:
    toml = (
        '+++\ntitle = "Down"\ndate = 2018-05-25T04:13:00Z\nresolved = true\nresolvedWhen = 2018-05-25T05:54:00\n'
        'severity = "down"\naffected = ["API"]\n+++\nText\n'
    )
    incident = only(
        from_cstate({"config.toml": 'title = "S"\n[[params.systems]]\nname = "API"\n', "content/issues/a.md": toml})
    )
    assert incident["title"] == "Down"
    assert incident["timeline"][-1]["at"] == "2018-05-25T05:54:00Z"


@pytest.mark.parametrize(
    ("issue", "why"),
    [
        ("---\ntitle: x\n---\n", "no time"),
        ("no front matter", "no time"),
        ("---\ntitle: [\n---\n", "no time"),
        (ISSUE.replace("2018-05-25T04:13:00Z", "2099-05-25T04:13:00Z"), "no time"),
        (ISSUE.replace("section: issue", "draft: true"), "draft"),
    ],
)
def test_what_has_no_time_or_was_never_published_is_left_out_and_told(issue: str, why: str) -> None:
    harvest = from_cstate(site(issue))
    assert not of_kind(harvest, "incident")
    assert why in losses(harvest, LossSort.DROPPED, "incident")[0].why


def test_a_missing_title_is_the_name_of_the_file() -> None:
    assert only(from_cstate(site(ISSUE.replace("US East connection issues", ""))))["title"] == "2018-05-25-us-east"


def test_pages_of_services_tell_more_about_them() -> None:
    page = (
        "---\ntitle: API\nservice:\n  url: https://api.example.org\n  links:\n    - {name: Code, url: 'ftp://x'}\n---\n"
    )
    harvest = from_cstate(site(**{"content/services/api.adoc": page}), create=True)
    assert of_kind(harvest, "service")[0].data["links"] == [
        {"label": "https://api.example.org", "url": "https://api.example.org"}
    ]
    assert losses(harvest, LossSort.DROPPED, "links")


def test_section_pages_are_no_issues() -> None:
    assert len(of_kind(from_cstate(site(**{"content/issues/_index.md": ISSUE})), "incident")) == 1


def test_a_folder_without_anything_of_cstate_is_an_error() -> None:
    with pytest.raises(CouldNotCheck):
        from_cstate({"notes.md": "hello"})


def test_a_time_without_zone_asks_for_one() -> None:
    with pytest.raises(UsageFault):
        from_cstate(site(ISSUE.replace("04:13:00Z", "04:13:00")), zone=None)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=40))
def test_whatever_the_files_hold_nothing_but_our_errors_is_raised(issue: str, config: str) -> None:
    texts = {"config.yml": config.encode("utf-8", "replace").decode()}
    for fence in ("---", "+++"):
        texts["content/issues/a.md"] = f"{fence}\ndate: 2018-05-25\n{issue}\n{fence}\n{issue}".encode(
            "utf-8", "replace"
        ).decode()
        try:
            from_cstate(texts, create=True)
        except ItsmError:
            continue
