"""Gives readers words for states, codes and kinds, and a tone that has a colour and a shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BadgeTone(StrEnum):
    """The look of a badge. Each tone except plain has its own shape, so that no meaning depends on colour alone."""

    OK = "ok"
    INFO = "info"
    WARN = "warn"
    BAD = "bad"
    HOLD = "hold"
    IDLE = "idle"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Badge:
    """A word with a tone."""

    text: str
    tone: BadgeTone


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the site. `href` is None if the page is not for this audience; then only the words are shown."""

    text: str
    href: str | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a record's facts. Its value is words, links or an instant."""

    name: str
    text: str = ""
    links: tuple[Link, ...] = ()
    at: datetime | None = None
    badge: Badge | None = None


_TONES = {
    "new": BadgeTone.INFO,
    "in_progress": BadgeTone.WARN,
    "on_hold": BadgeTone.HOLD,
    "resolved": BadgeTone.OK,
    "closed": BadgeTone.IDLE,
    "cancelled": BadgeTone.IDLE,
    "draft": BadgeTone.IDLE,
    "submitted": BadgeTone.INFO,
    "scheduled": BadgeTone.INFO,
    "implementing": BadgeTone.WARN,
    "evaluation": BadgeTone.WARN,
    "rejected": BadgeTone.BAD,
    "assess": BadgeTone.INFO,
    "root_cause_analysis": BadgeTone.WARN,
    "fix_in_progress": BadgeTone.WARN,
    "published": BadgeTone.OK,
    "retired": BadgeTone.IDLE,
    "successful": BadgeTone.OK,
    "successful_with_issues": BadgeTone.WARN,
    "rolled_back": BadgeTone.BAD,
    "failed": BadgeTone.BAD,
    "running": BadgeTone.INFO,
    "at_risk": BadgeTone.WARN,
    "breached": BadgeTone.BAD,
    "paused": BadgeTone.HOLD,
    "met": BadgeTone.OK,
    "P1": BadgeTone.BAD,
    "P2": BadgeTone.WARN,
    "P3": BadgeTone.INFO,
    "emergency": BadgeTone.BAD,
    "normal": BadgeTone.PLAIN,
    "standard": BadgeTone.PLAIN,
    "validated": BadgeTone.OK,
    "wip": BadgeTone.WARN,
    "unvalidated": BadgeTone.WARN,
}

_WORDS = {"wip": "Work in progress", "faq": "FAQ", "how_to": "How-to", "self_service": "Self-service"}


def words(value: object) -> str:
    """Returns a code of a record as words: `in_progress` → In progress."""
    code = str(value)
    text = _WORDS.get(code) or code.replace("_", " ")
    return text[:1].upper() + text[1:]


def badge(value: object) -> Badge:
    """Returns a state, priority, outcome or status as a badge."""
    return Badge(words(value), _TONES.get(str(value), BadgeTone.IDLE))


def duration(seconds: int) -> str:
    """Returns a length of time for people: `45 min`, `3 h 05 min`, `52 h 00 min`."""
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def count(number: int, one: str, many: str | None = None) -> str:
    """Returns a number with its noun: `1 incident`, `3 incidents`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
