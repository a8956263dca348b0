"""Maps ServiceNow's words to ours: columns of its exports, states, priorities, channels, close codes."""

from __future__ import annotations

from itsm_as_code.importers.mapping import DROP, Words

FIELDS: dict[str, tuple[str, ...]] = {
    "number": ("number",),
    "sys_id": ("sys_id",),
    "title": ("short_description", "title", "summary"),
    "description": ("description",),
    "state": ("incident_state", "state"),
    "active": ("active",),
    "opened_at": ("opened_at", "opened"),
    "opened_by": ("opened_by",),
    "created_at": ("sys_created_on", "sys_created_at", "created", "created_on"),
    "created_by": ("sys_created_by", "created_by"),
    "updated_at": ("sys_updated_on", "sys_updated_at", "updated", "updated_on"),
    "updated_by": ("sys_updated_by", "updated_by"),
    "update_count": ("sys_mod_count", "updates"),
    "channel": ("contact_type", "channel"),
    "category": ("category",),
    "subcategory": ("subcategory",),
    "symptom": ("u_symptom", "symptom"),
    "service": ("business_service", "service", "u_service"),
    "affects": ("cmdb_ci", "configuration_item"),
    "impact": ("impact",),
    "urgency": ("urgency",),
    "priority": ("priority",),
    "team": ("assignment_group",),
    "assignee": ("assigned_to",),
    "requester": ("caller_id", "caller", "u_requested_for"),
    "resolved_at": ("resolved_at", "resolved", "u_resolved_at"),
    "resolved_by": ("resolved_by",),
    "closed_at": ("closed_at", "closed"),
    "closed_by": ("closed_by",),
    "close_code": ("close_code", "closed_code", "resolution_code", "u_close_code"),
    "close_notes": ("close_notes", "resolution_notes"),
    "reason": ("hold_reason", "on_hold_reason"),
    "parent": ("parent_incident", "parent"),
    "problem": ("problem_id", "problem"),
    "caused_by": ("caused_by", "caused_by_change"),
    "made_sla": ("made_sla",),
    "reassignment_count": ("reassignment_count",),
    "reopen_count": ("reopen_count",),
    "duration": ("calendar_stc",),
    "comments": ("comments", "additional_comments"),
    "work_notes": ("work_notes", "comments_and_work_notes"),
}
"""Maps our field to the columns that it is read from. If two of them are there, the first is read."""

ON_HOLD_REASONS = {
    "awaiting user info": "Awaiting user info",
    "awaiting problem": "Awaiting problem",
    "awaiting vendor": "Awaiting vendor",
    "awaiting evidence": "Awaiting evidence",
    "awaiting caller": "Awaiting caller",
    "awaiting change": "Awaiting change",
    "pending": "Pending",
    "4": "Awaiting user info",
    "5": "Awaiting evidence",
}
"""States of theirs that say what the ticket waits for. 4 and 5 belong to the older, longer list of states."""

SERVICENOW = Words(
    system="servicenow",
    missing=("?", "NULL", "null", "N/A", "(empty)"),
    fields=(*FIELDS, DROP),
    choices={
        "columns": (),
        "states": ("new", "in_progress", "on_hold", "resolved", "closed", "cancelled"),
        "hold_reasons": (),
        "priorities": ("P1", "P2", "P3", "P4", "P5"),
        "impacts": ("high", "medium", "low"),
        "urgencies": ("high", "medium", "low"),
        "channels": ("phone", "email", "self_service", "monitoring", "chat"),
        "close_codes": (
            "fixed", "workaround", "self_recovered", "duplicate", "not_reproducible", "no_fault_found", "unknown",
        ),
        "categories": (),
    },
    defaults={
        "columns": {theirs: ours for ours, columns in FIELDS.items() for theirs in columns},
        "states": {
            "New": "new", "Active": "in_progress", "In Progress": "in_progress", "Work in Progress": "in_progress",
            "On Hold": "on_hold", "Awaiting User Info": "on_hold", "Awaiting Problem": "on_hold",
            "Awaiting Vendor": "on_hold", "Awaiting Evidence": "on_hold", "Awaiting Caller": "on_hold",
            "Awaiting Change": "on_hold", "Pending": "on_hold",
            "Resolved": "resolved", "Closed": "closed", "Canceled": "cancelled", "Cancelled": "cancelled",
            "1": "new", "2": "in_progress", "3": "on_hold", "4": "on_hold", "5": "on_hold", "6": "resolved",
            "7": "closed", "8": "cancelled", "-100": DROP,
        },
        "hold_reasons": {
            "1": "Awaiting caller", "3": "Awaiting problem", "4": "Awaiting vendor", "5": "Awaiting change",
        },
        "priorities": {
            "1 - Critical": "P1", "2 - High": "P2", "3 - Moderate": "P3", "4 - Low": "P4", "5 - Planning": "P5",
            "1": "P1", "2": "P2", "3": "P3", "4": "P4", "5": "P5",
        },
        "impacts": {
            "1 - High": "high", "2 - Medium": "medium", "3 - Low": "low",
            "High": "high", "Medium": "medium", "Low": "low", "1": "high", "2": "medium", "3": "low",
        },
        "urgencies": {
            "1 - High": "high", "2 - Medium": "medium", "3 - Low": "low",
            "High": "high", "Medium": "medium", "Low": "low", "1": "high", "2": "medium", "3": "low",
        },
        "channels": {
            "Phone": "phone", "IVR": "phone", "Email": "email", "E-mail": "email", "Self-service": "self_service",
            "Self service": "self_service", "Web": "self_service", "Portal": "self_service", "Chat": "chat",
            "Virtual Agent": "chat", "Monitoring": "monitoring", "Event Management": "monitoring",
            "Monitoring system": "monitoring",
        },
        "close_codes": {
            "Solved (Permanently)": "fixed", "Solved Remotely (Permanently)": "fixed", "Solution provided": "fixed",
            "Solved (Work Around)": "workaround", "Solved Remotely (Work Around)": "workaround",
            "Workaround provided": "workaround", "Not Solved (Not Reproducible)": "not_reproducible",
            "Not Solved (Too Costly)": "unknown", "Closed/Resolved by Caller": "unknown",
            "Resolved by caller": "unknown", "Duplicate": "duplicate", "No resolution provided": "unknown",
        },
    },
)  # fmt: skip
