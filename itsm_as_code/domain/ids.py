"""Defines ids and paths. The path of a record follows from its id, so that it can be found without a search."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kind_rows import KIND_ROWS

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32 alphabet, which has no I, L, O and U."""

SLUG_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
TICKET_PREFIXES = {row.name: row.prefix for row in KIND_ROWS if row.prefix is not None}
"""Maps each kind with generated ids to the letters that begin its ids."""
_KIND_OF_PREFIX = {prefix: kind for kind, prefix in TICKET_PREFIXES.items()}
_TICKET = re.compile(rf"^({'|'.join(_KIND_OF_PREFIX)})-([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})-[{CROCKFORD}]{{5}}$")
_SLUG = re.compile(SLUG_PATTERN)
_WINDOWS_NAMES = frozenset({"con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(1, 10))})

FOLDERS = {row.name: row.folder for row in KIND_ROWS}
"""Maps each kind to its folder under `records/`."""

KIND_OF_FOLDER = {folder: kind for kind, folder in FOLDERS.items()}
RECORDS = "records"
ATTACHMENTS = "attachments"
"""The folder of the files that articles show. It is next to `records/` and has a folder for each article."""
THEME = "theme"
"""The folder of a workspace whose templates and static files replace those of the site."""


def ticket_pattern(kind: str) -> str:
    """Returns the regular expression for ids of this ticket kind. Models and JSON Schemas use it."""
    return rf"^{TICKET_PREFIXES[kind]}-[0-9]{{8}}-[{CROCKFORD}]{{5}}$"


def kind_of_ticket(ticket_id: str) -> str | None:
    """Returns the kind of a ticket id, or None if it is not a well-formed ticket id.

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
    """Tells whether `text` is a valid slug: lower-case ASCII, and a valid file name on every file system."""
    if _SLUG.fullmatch(text) is None or text[-1] == ".":
        return False
    return text.split(".", maxsplit=1)[0] not in _WINDOWS_NAMES


def slug_of(words: str) -> str:
    """Makes a slug from a name: its ASCII letters and digits, joined by `-`. Raises UsageFault if nothing is left."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", words.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-")
    if not is_slug(slug):
        raise UsageFault(f"no id can be made from {words!r}", hint="use a name with ASCII letters, or --id")
    return slug


def is_id_of(kind: str, record_id: str) -> bool:
    """Tells whether `record_id` is well formed for `kind`."""
    if kind in TICKET_PREFIXES:
        return kind_of_ticket(record_id) == kind
    return is_slug(record_id)


def new_ticket_id(kind: str, now: datetime, random_bits: Callable[[int], int]) -> str:
    """Makes a new ticket id from the UTC date of `now` and five random Crockford digits. It needs no server."""
    return _ticket_id(kind, now, random_bits(25))


def derived_ticket_id(kind: str, system: str, key: str, opened_at: datetime, attempt: int = 0) -> str:
    """Makes the ticket id of an imported record. Its last part is a hash of the alias instead of random digits.

    A second import of the same alias therefore finds the same id. If two aliases of one day have the same hash (1 in
    33 million per pair), a higher `attempt` gives another one.
    """
    seed = f"{kind}\0{system}\0{key}" + (f"\0{attempt}" if attempt else "")
    bits = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big") >> 7
    return _ticket_id(kind, opened_at, bits)


def _ticket_id(kind: str, when: datetime, bits: int) -> str:
    day = when.astimezone(UTC).strftime("%Y%m%d")
    tail = "".join(CROCKFORD[(bits >> shift) & 31] for shift in (20, 15, 10, 5, 0))
    return f"{TICKET_PREFIXES[kind]}-{day}-{tail}"


def ticket_day(ticket_id: str) -> date | None:
    """Returns the UTC date in a ticket id, or None if there is no such day (then it is not a valid id)."""
    try:
        return date(int(ticket_id[4:8]), int(ticket_id[8:10]), int(ticket_id[10:12]))
    except ValueError:
        return None


def path_of(kind: str, record_id: str) -> str:
    """Returns the path of the record with this kind and id, relative to the workspace root.

    For an approval, use `approval_path`, because its folder depends on its subject. An article may also be a `.yaml`
    file; this returns the Markdown path.
    """
    folder = f"{RECORDS}/{FOLDERS[kind]}"
    if kind in TICKET_PREFIXES and kind != "approval":
        return f"{folder}/{record_id[4:8]}/{record_id[8:10]}/{record_id}.yaml"
    suffix = ".md" if kind == "article" else ".yaml"
    return f"{folder}/{record_id}{suffix}"


def approval_path(subject: str, approval_id: str) -> str:
    """Returns the path of an approval: `records/approvals/<ticket id or kind/slug>/<id>.yaml`."""
    return f"{RECORDS}/{FOLDERS['approval']}/{subject}/{approval_id}.yaml"


def is_act(path: str) -> bool:
    """Tells whether a path is the path of an act, i.e. of a record of kind approval."""
    located = parse_path(path)
    return located is not None and located[0] == "approval"


def parse_path(path: str) -> tuple[str, str] | None:
    """Returns the (kind, id) of the record at a path under `records/`, or None if it is not the path of a record.

    Only the paths that `path_of` and `approval_path` return are accepted, and the `.yaml` form of articles.
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
    """Tells whether a folder below `approvals/` names a subject: a ticket id, `kind/slug`, workspace or workflows."""
    if kind_of_ticket(subject) is not None or subject in ("workspace", "workflows"):
        return True
    kind, slash, slug = subject.partition("/")
    return bool(slash) and kind in FOLDERS and kind not in TICKET_PREFIXES and is_slug(slug)
