"""A record of each kind in which every field is set, and for each field another value."""

from __future__ import annotations

from typing import Any

Data = dict[str, Any]

INC, CHG, PRB, REQ, APR = (f"{prefix}-20261101-AAAA1" for prefix in ("INC", "CHG", "PRB", "REQ", "APR"))
EARLY, LATE = "2026-11-01T08:00:00Z", "2026-11-02T08:00:00Z"
LINK = [{"label": "Vendor", "url": "https://vendor.example/"}]


def _common(kind: str, record_id: str) -> Data:
    return {
        "id": record_id, "kind": kind, "schema": 1, "aliases": {"old": record_id.upper()}, "tags": ["marked"],
        "links": LINK, "visibility": "staff", "custom": {"cost-centre": "4711"},
    }  # fmt: skip


def _gated(kind: str, record_id: str) -> Data:
    return _common(kind, record_id) | {"revision": 3, "authors": ["ana"], "imported": {"system": "old", "at": EARLY}}


def _registered(kind: str, record_id: str) -> Data:
    return _gated(kind, record_id) | {"state": "active"}


def _entry(**fields: Any) -> Data:
    return {
        "at": EARLY, "by": "ana", "recorded": LATE, "recorded_by": "ben", "imported": True, "void": EARLY,
        "note": "Seen.", "public": "We work on it.", "redacted": {"by": "ana", "at": EARLY, "reason": "Private."},
    } | fields  # fmt: skip


def _timeline(state: str, **fields: Any) -> list[Data]:
    rest = {"impact": "high", "urgency": "high", "priority": "P1", "team": "crew", "response": True}
    return [{"at": EARLY, "by": "ben", "state": state}, _entry(reason="So.", assignee="ana", **rest | fields)]


SEAT = {"teams": ["crew"], "people": ["ana"], "roles": ["keeper"]}

WHOLE: dict[str, Data] = {
    "incident": _common("incident", INC) | {
        "title": "It is down", "service": "web", "affects": ["service/db"], "category": "software",
        "subcategory": "browser", "channel": "phone", "requester": "ana", "started_at": EARLY, "detected_at": EARLY,
        "major": {"commander": "ana"}, "parent": "INC-20261101-PARNT", "duplicate_of": "INC-20261101-PARNT",
        "problem": PRB, "caused_by": CHG, "description": "Nothing works.", "workaround": "Wait.",
        "resolution": {"code": "fixed", "summary": "Restarted."}, "articles": ["how-to"],
        "post_incident_review": {"summary": "We learnt."},
        "timeline": [{"at": EARLY, "by": "ben", "state": "new"}, _entry(
            state="resolved", reason="So.", impact="high", urgency="high", priority="P1", assignee="ana", team="crew",
            response=True)],
    },
    "change": _gated("change", CHG) | {
        "title": "Renew it", "type": "normal", "model": {"id": "restart", "revision": 1}, "reason": "It ends.",
        "service": "web", "affects": ["service/db"], "requester": "ana", "implementer": "ana", "team": "crew",
        "risk": {"answers": {"reach": "many"}}, "plan": {"implementation": "Do it."},
        "window": {"start": "2026-11-21T08:00:00Z", "end": "2026-11-21T10:00:00Z"}, "outage": {"expected": True},
        "depends_on": ["CHG-20261101-F1RST"], "scope": {"commits": ["abcdef0"]},
        "freeze_exception": {"reason": "It can't wait."}, "incident": INC, "problem": PRB,
        "retrospective": {"reason": "It was night."}, "tasks": [{"title": "Tell them"}], "commits": ["abcdef0"],
        "pull_requests": ["https://forge.example/1"], "pipelines": ["https://forge.example/2"],
        "outcome": {"code": "successful", "notes": "All went well."},
        "post_implementation_review": {"summary": "It helped."},
        "timeline": [{"at": EARLY, "by": "ben", "state": "draft"},
                     _entry(state="closed", reason="So.", assignee="ana")],
    },
    "problem": _common("problem", PRB) | {
        "title": "It breaks", "service": "web", "affects": ["service/db"], "category": "software",
        "description": "It leaks.", "workaround": "Restart it.", "root_cause": "A leak.", "incidents": [INC],
        "changes": [CHG], "resolution": {"code": "fixed", "summary": "Mended."}, "articles": ["how-to"],
        "timeline": [{"at": EARLY, "by": "ben", "state": "new"}, _entry(
            state="assess", reason="So.", impact="high", urgency="high", priority="P1", assignee="ana", team="crew",
            response=True)],
    },
    "request": _gated("request", REQ) | {
        "title": "A mouse", "item": "mouse", "requester": "ana", "fields": {"colour": "black"}, "service": "web",
        "channel": "phone", "description": "Mine is broken.", "tasks": [{"title": "Order it"}],
        "fulfilment": {"summary": "Here it is."}, "articles": ["how-to"],
        "timeline": [{"at": EARLY, "by": "ben", "state": "submitted"}, _entry(
            state="in_progress", reason="So.", impact="high", urgency="high", priority="P1", assignee="ana",
            team="crew", response=True)],
    },
    "article": _gated("article", "how-to") | {
        "title": "How do I?", "state": "published", "type": "how_to", "summary": "Like this.", "owner": "team/crew",
        "services": ["web"], "symptoms": ["It hangs"], "environment": ["Windows"], "error_codes": ["E1"],
        "cause": "Because.", "confidence": "validated", "verified": [{"date": "2026-11-01", "by": "ana"}],
        "review_by": "2026-12-24", "review_every": "30d", "related": ["other"], "replaced_by": "other",
        "problem": PRB, "body": "Do this.\n",
    },
    "service": _registered("service", "web") | {
        "name": "Web", "description": "The site.", "owner": "crew", "tier": 1,
        "status_page": {"shown": True, "group": "Front"}, "depends_on": ["service/db", "asset/node"],
        "slas": ["gold"], "hours": "office", "repositories": [{"repository": "o/n"}], "runbooks": ["other"],
        "support": {"email": "help@example.org"},
    },
    "asset": _registered("asset", "node") | {
        "name": "Node 1", "class": "server", "description": "It serves.", "owner": "team/crew", "custodian": "ana",
        "location": "Cellar", "serial": "S1", "lifecycle": "in_use", "acquired": "2026-01-01",
        "expires_on": "2027-01-01", "depends_on": ["service/db"], "service": "web",
    },
    "sla": _registered("sla", "gold") | {
        "name": "Gold", "description": "Fast.", "agreement": "sla", "versions": [
            {"effective_from": "2026-01-01", "targets": {"response": {"duration": {"any": "1h"}}}}],
    },
    "calendar": _registered("calendar", "office") | {
        "name": "Office hours",
        "versions": [{"effective_from": "2026-01-01", "time_zone": "UTC", "weekly": {"mon": ["08:00-18:00"]}}],
    },
    "freeze": _registered("freeze", "year-end") | {
        "title": "Year end", "scope": {}, "from": "2026-12-20T00:00:00Z", "until": "2027-01-02T00:00:00Z",
        "reason": "Few are there.", "exceptions": [SEAT],
    },
    "change-model": _registered("change-model", "restart") | {
        "title": "Restart", "description": "One node.", "services": ["web"], "allows": {"service": "web"},
        "plan": {"implementation": "Restart it."}, "risk": "low", "success_record": {"successful_changes": 9},
        "window": {"longest": "4h", "hours": "office"}, "teams": ["crew"], "scope": {"repositories": ["example/web"]},
        "outage": {"minutes": 5}, "valid_until": "2027-01-01",
    },
    "request-item": _registered("request-item", "mouse") | {
        "title": "A mouse", "description": "It clicks.", "category": "Things", "service": "web",
        "fields": [{"name": "colour", "label": "Which colour?"}], "team": "crew", "sla": "gold", "seats": [SEAT],
        "fulfilment_steps": ["Order it"], "articles": ["other"],
    },
    "policy": _registered("policy", "changes") | {
        "title": "Who decides", "subject": ["change"], "gate": "scheduled", "rules": [{"id": "all", "seats": [SEAT]}],
    },
    "person": _registered("person", "ana") | {
        "name": "Ana Ortiz", "type": "human", "title": "Lead", "emails": ["ana@example.org"],
        "forge": {"github": {"login": "ana", "id": 7}},
        "keys": [{"key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDNab0YTLJKDji8jS+RPoJBw7HDBXSpKIOAhxyuQgHXS"}],
        "delegate": {"to": "ben", "from": EARLY, "until": LATE}, "roles": ["keeper"],
    },
    "team": _registered("team", "crew") | {
        "name": "The crew", "description": "Helps.", "members": ["ana"], "parents": ["all"],
        "on_call": {"shifts": [{"person": "ana", "from": EARLY, "until": LATE}]},
        "contact": {"email": "crew@example.org"},
    },
}  # fmt: skip
"""Kind to a record. It need not make sense; every field of the kind has a value."""

SETTINGS: Data = {
    "name": "Test Network", "id": "testtest", "schema": 1, "revision": 2, "authors": ["ana"],
    "time_zone": "Europe/London", "priorities": {
        each: dict.fromkeys(("high", "medium", "low"), "P2") for each in ("high", "medium", "low")},
    "forge": {"type": "github"}, "site": {"audiences": ["it"], "status_promise": "15m"},
    "auto_close": {"resolved_after": "7d"}, "deadlines": {"post_review": "5d"},
    "custom_fields": {"service": {"cost-centre": {"label": "Cost centre"}}}, "guarded": ["ops"],
    "suppress": [{"code": "KNW002", "reason": "So.", "until": "2027-01-01"}],
}  # fmt: skip

BESIDE: tuple[Data, ...] = (
    {"id": "db", "kind": "service", "schema": 1, "name": "Database", "owner": "crew", "tier": 2},
    {"id": "ben", "kind": "person", "schema": 1, "name": "Ben Bell"},
    {"id": "all", "kind": "team", "schema": 1, "name": "Everybody"},
    {"id": "other", "kind": "article", "schema": 1, "title": "The other", "state": "published", "type": "faq",
     "summary": "Else.", "body": "Else.\n"},
    {"id": "INC-20261101-PARNT", "kind": "incident", "schema": 1, "title": "Before",
     "timeline": [{"at": EARLY, "by": "ben", "state": "new"}]},
    {"id": "CHG-20261101-F1RST", "kind": "change", "schema": 1, "title": "First", "type": "normal", "reason": "So.",
     "service": "db", "timeline": [{"at": EARLY, "by": "ben", "state": "draft"}]},
)  # fmt: skip
"""What the records above refer to."""

OTHER: dict[str, Any] = {
    "title": "Other words", "name": "Other words", "summary": "Other words.", "reason": "Other reasons.",
    "visibility": "it", "state": "retired", "body": "Other words.\n", "service": "db", "item": "keyboard",
    "requester": "ben", "owner": "team/all", "tier": 3, "class": "printer",
    "from": "2026-12-21T00:00:00Z", "until": "2027-01-03T00:00:00Z", "team": "all", "subject": ["article"],
    "gate": "edit", "rules": [{"id": "one", "seats": [SEAT]}], "plan": {"implementation": "Do something else."},
    "time_zone": "Asia/Tokyo", "schema": 1, "kind": None, "id": None,
}  # fmt: skip
"""Field to another value, where the field can't be left out, or its absence means the same as its value."""

OTHER_OF: dict[str, Any] = {
    "service.owner": "all", "freeze.scope": {"service": "db"},
    "change.type": "emergency", "article.type": "faq", "article.state": "draft",
    "sla.versions": [{"effective_from": "2026-01-01", "targets": {"response": {"duration": {"any": "2h"}}}}],
    "calendar.versions": [
        {"effective_from": "2026-01-01", "time_zone": "UTC", "weekly": {"tue": ["08:00-18:00"]}}],
    "sla.agreement": "uc", "asset.lifecycle": "ordered", "change-model.risk": "high", "person.type": "bot",
    **{f"{kind}.timeline": [{"at": EARLY, "by": "ben", "state": "cancelled", "note": "No."}]
       for kind in ("incident", "change", "problem", "request")},
}  # fmt: skip
"""The same for single fields."""


BESIDES: dict[str, Data] = {"article.review_every": {"review_by": None}, "article.replaced_by": {"state": "retired"}}
"""What else must be so for a field to have an effect."""


def whole(kind: str, field: str) -> Data:
    """The record of a kind, for the edit of a field."""
    record = WHOLE[kind] | BESIDES.get(f"{kind}.{field}", {})
    return {key: value for key, value in record.items() if value is not None}


def edited(kind: str, field: str) -> Data:
    """The record of a kind with another value of one field, or without it."""
    record = whole(kind, field)
    other = OTHER_OF.get(f"{kind}.{field}", OTHER.get(field) if field in OTHER else None)
    without = {key: value for key, value in record.items() if key != field}
    return without if other is None else record | {field: other}
