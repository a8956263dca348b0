"""What readers see for states, codes and kinds: words, and a tone that has a colour and a shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Tone(StrEnum):
    """How a badge looks. Each tone has a shape of its own, so that no meaning hangs on colour; plain has neither."""

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
    tone: Tone


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the site. `href` is None where the page is not for this audience: then only the words."""

    text: str
    href: str | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a record's facts: its value is words, links or an instant."""

    name: str
    text: str = ""
    links: tuple[Link, ...] = ()
    at: datetime | None = None
    badge: Badge | None = None


_TONES = {
    "new": Tone.INFO,
    "in_progress": Tone.WARN,
    "on_hold": Tone.HOLD,
    "resolved": Tone.OK,
    "closed": Tone.IDLE,
    "cancelled": Tone.IDLE,
    "draft": Tone.IDLE,
    "submitted": Tone.INFO,
    "scheduled": Tone.INFO,
    "implementing": Tone.WARN,
    "evaluation": Tone.WARN,
    "rejected": Tone.BAD,
    "assess": Tone.INFO,
    "root_cause_analysis": Tone.WARN,
    "fix_in_progress": Tone.WARN,
    "published": Tone.OK,
    "retired": Tone.IDLE,
    "successful": Tone.OK,
    "successful_with_issues": Tone.WARN,
    "rolled_back": Tone.BAD,
    "failed": Tone.BAD,
    "running": Tone.INFO,
    "at_risk": Tone.WARN,
    "breached": Tone.BAD,
    "paused": Tone.HOLD,
    "met": Tone.OK,
    "P1": Tone.BAD,
    "P2": Tone.WARN,
    "P3": Tone.INFO,
    "emergency": Tone.BAD,
    "normal": Tone.PLAIN,
    "standard": Tone.PLAIN,
    "validated": Tone.OK,
    "wip": Tone.WARN,
    "unvalidated": Tone.WARN,
}

_WORDS = {"wip": "Work in progress", "faq": "FAQ", "how_to": "How-to", "self_service": "Self-service"}


def words(value: object) -> str:
    """A code of a record as words: `in_progress` → In progress."""
    code = str(value)
    text = _WORDS.get(code) or code.replace("_", " ")
    return text[:1].upper() + text[1:]


def badge(value: object) -> Badge:
    """A state, priority, outcome or status as a badge."""
    return Badge(words(value), _TONES.get(str(value), Tone.IDLE))


def duration(seconds: int) -> str:
    """A length of time for people: `45 min`, `3 h 05 min`, `52 h 00 min`."""
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 incident`, `3 incidents`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
