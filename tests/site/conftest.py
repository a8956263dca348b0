"""A small organisation with something of every kind, and its sites."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import pytest

from itsm_as_code.domain.kinds.types import Visibility
from itsm_as_code.resources import template_loader
from itsm_as_code.site.build import SiteOptions, build
from itsm_as_code.site.sla_line import SlaLine, SlaLineStatus
from tests.site.memory import MemorySnapshot, article, change, entry, incident, make, problem, service

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record

AT = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
PUBLIC, STAFF, IT = "public", "staff", "it"

BODY = """\
Read [the other one](other.md), [its end](other.md#the-end) or [nothing](gone.md); see INC-20261101-AAAA1.

## First *step*

```python
def answer(): return "42"  # of forty characters or so, to be wide
```

### Detail

> [!WARNING]
> Mind the gap.

- [x] done
- [ ] to do

| Name | Value |
|:-----|------:|
| a    | 1     |

A note.[^1]

[^1]: At the foot.
"""


def records() -> list[Record]:
    """The small organisation. What is for IT only or for nobody has SECRET in every text."""
    return [
        make("team", "crew", name="The crew", members=["ana", "ben"], visibility=PUBLIC,
             description="Helps *everyone*.", contact={"email": "crew@test.example", "phone": "+44 20 7946 0000"}),
        make("person", "ana", name="Ana Ortiz", title="Lead", emails=["ana@test.example"]),
        make("person", "ben", name="Ben SECRET-PERSON", visibility=IT),
        service("web", visibility=PUBLIC, depends_on=["service/db"], slas=["gold"], description="The **web** site.",
                status_page={"shown": True, "group": "Front"}, runbooks=["runbook"], hours="office",
                support={"email": "help@test.example", "phone": "+44 20", "url": "https://help.example/"}),
        service("db", visibility=STAFF),
        service("vault", visibility=IT, name="SECRET-SERVICE"),
        make("calendar", "office", name="Office hours", versions=[{"effective_from": "2026-01-01",
             "time_zone": "Europe/London", "weekly": {day: ["08:00-18:00"] for day in ("mon", "tue", "wed")}}]),
        make("sla", "gold", name="Gold", description="Fast.", versions=[{"effective_from": "2026-01-01",
             "calendar": "office", "targets": {"response": {"duration": {"P1": "15m", "P2": "1h"}}}}]),
        article("how-to", BODY, visibility=PUBLIC, services=["web"], owner="team/crew", problem="PRB-20261101-AAAA1",
                symptoms=["It hangs"], error_codes=["E<1>"], verified=[{"date": "2026-01-10", "by": "ana"}],
                review_every="180d", related=["other"], confidence="validated", environment=["Windows"],
                links=[{"label": "Vendor", "url": "https://vendor.example/"}], cause="Because."),
        article("other", "# The end\n\nText.\n", visibility=PUBLIC, type="faq", review_by="2026-12-24"),
        article("runbook", "SECRET-RUNBOOK\n", visibility=IT, title="SECRET-TITLE", summary="SECRET-SUMMARY"),
        article("draft", "SECRET-DRAFT\n", visibility=PUBLIC, state="draft", title="SECRET-DRAFT-TITLE"),
        article("old", "Out of date.\n", visibility=PUBLIC, state="retired", replaced_by="how-to"),
        incident(service="web", visibility=PUBLIC, articles=["how-to"], problem="PRB-20261101-AAAA1",
                 description="INTERNAL description", workaround="INTERNAL workaround",
                 caused_by="CHG-20261101-AAAA1"),
        incident("INC-20261102-BBBB2", entry("2026-11-02T08:00:00Z", state="new", impact="high", urgency="high",
                 priority="P1", note="INTERNAL note about INC-20261103-CCCC3", team="crew",
                       public="We are looking into it."),
                 entry("2026-11-02T08:05:00Z", state="in_progress", assignee="ana", response=True,
                       note="INTERNAL start"),
                 entry("2026-11-02T09:00:00Z", state="on_hold", reason="INTERNAL reason"),
                 {"at": "2026-11-02T09:30:00Z", "by": {"name": "CALLER Smith"}, "note": "INTERNAL call"},
                 entry("2026-11-02T10:00:00Z", state="in_progress", public="Half of it is back."),
                 entry("2026-11-02T12:00:00Z", state="resolved", public="All is well."),
                 service="web", visibility=PUBLIC, major={"commander": "ana", "bridge": "https://call.example/"},
                 requester={"name": "CALLER Jones"}, affects=["service/db"],
                 resolution={"code": "fixed", "summary": "INTERNAL resolution"},
                 post_incident_review={"summary": "INTERNAL review", "contributing_factors": ["INTERNAL factor"],
                     "went_well": ["INTERNAL luck"], "actions": [{"title": "INTERNAL action", "owner": "team/crew",
                     "due": "2026-11-10"}]}),
        incident("INC-20261103-CCCC3", title="SECRET-INCIDENT", visibility=IT, service="web"),
        change(visibility=PUBLIC, outage={"expected": True, "minutes": 10}, reason="INTERNAL why",
               plan={"implementation": "INTERNAL steps", "test": "INTERNAL test", "backout": "INTERNAL undo"},
               tasks=[{"title": "INTERNAL task", "assignee": "ana"}], team="crew", implementer="ana"),
        change("CHG-20261005-BBBB2", entry("2026-10-05T08:00:00Z", state="scheduled"),
               entry("2026-10-06T08:00:00Z", state="implementing"), entry("2026-10-06T09:00:00Z", state="closed"),
               type="emergency", window={"start": "2026-10-06T08:00:00Z", "end": "2026-10-07T09:00:00Z"},
               outcome={"code": "rolled_back", "notes": "INTERNAL outcome"}, incident="INC-20261102-BBBB2",
               visibility=PUBLIC),
        change("CHG-20261107-CCCC3", title="SECRET-CHANGE", visibility=IT),
        problem(service="web", workaround="INTERNAL way round", incidents=["INC-20261101-AAAA1"], visibility=PUBLIC,
                root_cause="INTERNAL cause"),
        problem("PRB-20261102-BBBB2", title="SECRET-PROBLEM", workaround="SECRET-WORKAROUND", visibility=IT,
                service="web"),
        make("freeze", "rest", title="Rest", scope={}, reason="Quiet, please.",
             **{"from": "2026-12-20T00:00:00Z", "until": "2027-01-03T00:00:00Z"}),
        make("request-item", "laptop", title="A laptop", description="For *work*.", category="Things", service="web",
             team="crew", sla="gold", fulfilment_steps=["Order it"], articles=["how-to"], visibility=PUBLIC,
             fields=[{"name": "size", "label": "How large?", "type": "choice", "choices": ["13", "15"],
                      "required": True}]),
    ]  # fmt: skip


LINES = {
    "INC-20261101-AAAA1": [SlaLine("gold", "response", SlaLineStatus.AT_RISK, AT, 3000, 3600, "P2 gets 1h")],
    "INC-20261102-BBBB2": [SlaLine("gold", "response", SlaLineStatus.MET, AT, 300, 900)],
}


class Builder(Protocol):
    """Builds a site of records."""

    def __call__(self, *records: Record, audience: str = "staff", at: datetime | None = AT) -> dict[str, bytes]: ...


@pytest.fixture(scope="session")
def build_site() -> Builder:
    """Builds a site from records with our own templates."""

    def build_it(*found: Record, audience: str = "staff", at: datetime | None = AT) -> dict[str, bytes]:
        return build(
            MemorySnapshot(*found), template_loader("site"), SiteOptions(Visibility(audience), at, sla_lines=LINES)
        )

    return build_it


@pytest.fixture(scope="session")
def sites(build_site: Builder) -> dict[str, dict[str, bytes]]:
    """The small organisation's site for each audience."""
    return {audience: build_site(*records(), audience=audience) for audience in ("public", "staff", "it")}
