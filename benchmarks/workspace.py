"""Workspaces of any size for measuring: the sample, and closed copies of its tickets day by day into the past.

Everything follows from the size alone, so that two runs measure the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from itsm_as_code.domain.ids import CROCKFORD, parse_path, path_of
from itsm_as_code.domain.kind_rows import TICKETS

SAMPLE = Path(__file__).resolve().parent.parent
CLOCK = "2026-11-21T12:00:00Z"
"""The sample tells of the days before this one; measurements are taken at it."""

_ARTICLES_EVERY = 10
"""How many days of tickets come with one more set of articles."""
_OPEN = re.compile(r"state: (?:new|in_progress|on_hold|assess|root_cause_analysis|fix_in_progress|submitted|scheduled|"
                   r"implementing|evaluation|draft|resolved|fulfilled)$", re.MULTILINE)  # fmt: skip
_STATE = re.compile(r"^(?:- |  )state: \w+$", re.MULTILINE)
_ID = re.compile(r"\b(INC|CHG|PRB|REQ)-(\d{4})(\d{2})(\d{2})-([0-9A-Z]{5})\b")
_DAY = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)(?=\b|T)")
_REVIEW = re.compile(r"^review_(?:every|by): .*\n", re.MULTILINE)

Files = Iterator[tuple[str, bytes]]
"""Paths relative to the workspace root, with what the files hold."""


def files(size: int) -> Files:
    """itsm.yaml and the files of `size` records, at least those of the sample."""
    originals = _sample()
    yield "itsm.yaml", (SAMPLE / "itsm.yaml").read_bytes()
    yield from originals.items()
    tickets, articles = _closed_tickets(originals), _articles(originals)
    missing, days = size - len(originals), 0
    while missing > 0:
        days += 1
        chosen = dict(islice(tickets.items(), missing))
        yield from (_ticket(record_id, text, chosen, days) for record_id, text in chosen.items())
        missing -= len(chosen)
        if days % _ARTICLES_EVERY == 0:
            more = dict(islice(articles.items(), missing))
            yield from (_article(record_id, text, days) for record_id, text in more.items())
            missing -= len(more)


def write(root: Path, size: int) -> None:
    """Writes the workspace of `size` records into the folder `root`."""
    for path, data in files(size):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _sample() -> dict[str, bytes]:
    found = sorted(path for path in (SAMPLE / "records").rglob("*") if path.is_file())
    return {path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in found}


def _closed_tickets(originals: dict[str, bytes]) -> dict[str, str]:
    found = {}
    for path, data in originals.items():
        located, text = parse_path(path), data.decode()
        if located is not None and located[0] in TICKETS and not _OPEN.search(_STATE.findall(text)[-1]):
            found[located[1]] = text
    return found


def _articles(originals: dict[str, bytes]) -> dict[str, str]:
    located = ((parse_path(path), data) for path, data in originals.items())
    return {where[1]: data.decode() for where, data in located if where is not None and where[0] == "article"}


def _ticket(record_id: str, text: str, copied: Container[str], days: int) -> tuple[str, bytes]:
    """A ticket `days` days earlier. References to tickets that are copied too lead to their copies."""

    def renamed(match: re.Match[str]) -> str:
        return _earlier_id(match, days) if match[0] in copied else match[0]

    moved = _ID.sub(renamed, _DAY.sub(lambda match: _earlier(match, days).isoformat(), text))
    new_id = _ID.sub(renamed, record_id)
    kind = next(kind for kind in TICKETS if path_of(kind, record_id) and f"kind: {kind}\n" in text)
    return path_of(kind, new_id), moved.encode()


def _earlier(match: re.Match[str], days: int, first: int = 1) -> date:
    year, month, day = (int(match[first + index]) for index in range(3))
    return date(year, month, day) - timedelta(days=days)


def _earlier_id(match: re.Match[str], days: int) -> str:
    bits = int.from_bytes(hashlib.sha256(f"{match[0]} {days}".encode()).digest()[:4], "big") >> 7
    tail = "".join(CROCKFORD[(bits >> shift) & 31] for shift in (20, 15, 10, 5, 0))
    return f"{match[1]}-{_earlier(match, days, first=2):%Y%m%d}-{tail}"


def _article(record_id: str, text: str, days: int) -> tuple[str, bytes]:
    """An article under another slug, never due for review."""
    slug = f"{record_id}-{days:05}"
    copied = _REVIEW.sub("", text).replace(f"id: {record_id}\n", f"id: {slug}\n", 1)
    return path_of("article", slug), copied.encode()
