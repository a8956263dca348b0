"""Ids and paths: a record's path follows from its id, so finding and linking need no scan."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32 alphabet: no I, L, O, U."""

SLUG_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
TICKET_PREFIXES = {"incident": "INC", "change": "CHG", "problem": "PRB", "request": "REQ", "approval": "APR"}
_KIND_OF_PREFIX = {prefix: kind for kind, prefix in TICKET_PREFIXES.items()}
_TICKET = re.compile(rf"^(INC|CHG|PRB|REQ|APR)-([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})-[{CROCKFORD}]{{5}}$")
_SLUG = re.compile(SLUG_PATTERN)
_WINDOWS_NAMES = frozenset({"con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(1, 10))})

FOLDERS = {
    "incident": "incidents",
    "change": "changes",
    "problem": "problems",
    "request": "requests",
    "approval": "approvals",
    "article": "knowledge",
    "service": "services",
    "asset": "assets",
    "sla": "slas",
    "calendar": "calendars",
    "freeze": "freezes",
    "change-model": "change-models",
    "request-item": "request-items",
    "policy": "policies",
    "person": "people",
    "team": "teams",
}
"""Kind to folder under `records/`."""

KIND_OF_FOLDER = {folder: kind for kind, folder in FOLDERS.items()}
RECORDS = "records"
ATTACHMENTS = "attachments"
"""The folder of files that articles show, a folder per article, beside `records/`."""


def ticket_pattern(kind: str) -> str:
    """The regular expression that ids of this ticket kind match (for JSON Schema and models)."""
    return rf"^{TICKET_PREFIXES[kind]}-[0-9]{{8}}-[{CROCKFORD}]{{5}}$"


def kind_of_ticket(ticket_id: str) -> str | None:
    """The kind that a ticket id names, or None where it is no well-formed ticket id.

    The date in the id must exist in the calendar.
    """
    match = _TICKET.fullmatch(ticket_id)
    if match is None:
        return None
    try:
        datetime(int(match[2]), int(match[3]), int(match[4]), tzinfo=UTC)
    except ValueError:
        return None
    return _KIND_OF_PREFIX[match[1]]


def is_slug(text: str) -> bool:
    """Whether `text` may be the id of a record with a slug: ASCII, lower case, a name on every file system."""
    if _SLUG.fullmatch(text) is None or text[-1] == ".":
        return False
    return text.split(".", maxsplit=1)[0] not in _WINDOWS_NAMES


def is_id_of(kind: str, record_id: str) -> bool:
    """Whether `record_id` is well formed for `kind`."""
    if kind in TICKET_PREFIXES:
        return kind_of_ticket(record_id) == kind
    return is_slug(record_id)


def new_ticket_id(kind: str, now: datetime, random_bits: Callable[[int], int]) -> str:
    """A fresh ticket id: UTC date of `now` and five random Crockford digits, made offline."""
    return _ticket_id(kind, now, random_bits(25))


def derived_ticket_id(kind: str, system: str, key: str, opened_at: datetime, attempt: int = 0) -> str:
    """The ticket id of an imported record: the random part is a hash of its alias.

    Importing the same alias again meets the same id, so Git itself is the unique index. `attempt`
    moves on to another hash where two aliases of one day share the first (1 in 33 million a pair).
    """
    seed = f"{kind}\0{system}\0{key}" + (f"\0{attempt}" if attempt else "")
    bits = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big") >> 7
    return _ticket_id(kind, opened_at, bits)


def _ticket_id(kind: str, when: datetime, bits: int) -> str:
    day = when.astimezone(UTC).strftime("%Y%m%d")
    tail = "".join(CROCKFORD[(bits >> shift) & 31] for shift in (20, 15, 10, 5, 0))
    return f"{TICKET_PREFIXES[kind]}-{day}-{tail}"


def ticket_day(ticket_id: str) -> date | None:
    """The UTC date that a ticket id names; None where the calendar has no such day (then the path is no record's)."""
    try:
        return date(int(ticket_id[4:8]), int(ticket_id[8:10]), int(ticket_id[10:12]))
    except ValueError:
        return None


def path_of(kind: str, record_id: str) -> str:
    """Where the record of this kind and id lies, relative to the workspace root.

    An approval lies in a folder of its subject, which its id does not tell: see `approval_path`.
    Articles may also be `.yaml`; their path is the Markdown one.
    """
    folder = f"{RECORDS}/{FOLDERS[kind]}"
    if kind in TICKET_PREFIXES and kind != "approval":
        return f"{folder}/{record_id[4:8]}/{record_id[8:10]}/{record_id}.yaml"
    suffix = ".md" if kind == "article" else ".yaml"
    return f"{folder}/{record_id}{suffix}"


def approval_path(subject: str, approval_id: str) -> str:
    """Where an approval lies: `records/approvals/<ticket id or kind/slug>/<id>.yaml`."""
    return f"{RECORDS}/{FOLDERS['approval']}/{subject}/{approval_id}.yaml"


def parse_path(path: str) -> tuple[str, str] | None:
    """The (kind, id) that a path under `records/` stands for, or None where it stands for no record.

    Only canonical paths are recognised: `parse_path(path_of(k, i)) == (k, i)`, nothing else passes
    but the `.yaml` form of articles.
    """
    parts = path.split("/")
    if len(parts) < 3 or parts[0] != RECORDS:
        return None
    kind = KIND_OF_FOLDER.get(parts[1])
    stem, dot, suffix = parts[-1].rpartition(".")
    if kind is None or not dot or not is_id_of(kind, stem):
        return None
    if kind == "approval":
        subject = "/".join(parts[2:-1])
        return (kind, stem) if suffix == "yaml" and _is_subject(subject) else None
    if kind == "article" and suffix == "yaml":
        return (kind, stem) if len(parts) == 3 else None
    return (kind, stem) if path == path_of(kind, stem) else None


def _is_subject(subject: str) -> bool:
    """Whether a folder below `approvals/` names a subject: a ticket id, `kind/slug`, or the workspace."""
    if kind_of_ticket(subject) is not None or subject in ("workspace", "workflows"):
        return True
    kind, slash, slug = subject.partition("/")
    return bool(slash) and kind in FOLDERS and kind not in TICKET_PREFIXES and is_slug(slug)
