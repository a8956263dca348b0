"""PRV: what must not stand in Git for ever, or be published to the wrong readers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.finding import FieldPath, Spot
from itsm_as_code.domain.ids import kind_of_ticket
from itsm_as_code.domain.remember import for_the_last
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.shape import is_model

SECRET = rule(
    "PRV001", "secret-in-text",
    why="What is once in Git stays in every clone: a secret in a record is a secret lost.",
    fix="Change the secret now, then take it out of the text before the record lands (`itsm redact` afterwards).",
)  # fmt: skip
PERSONAL_IN_PUBLIC = rule(
    "PRV002", "personal-data-in-public-text",
    severity=Severity.WARNING,
    why="Everybody can read public texts; addresses and telephone numbers of people do not belong there.",
    fix="Name a role or a team's contact instead, or lower the record's visibility.",
)  # fmt: skip
HIDDEN_IN_PUBLIC = rule(
    "PRV003", "hidden-record-named-in-public",
    severity=Severity.WARNING,
    why="Readers of the public site would learn of a record that they may not see.",
    fix="Take the id out of the public text, or make that record public too.",
)  # fmt: skip
CARD_NUMBER = rule(
    "PRV004", "payment-card-number",
    why="Payment card numbers may not be stored outside systems made for them (PCI DSS).",
    fix="Take the number out and tell the security team.",
)  # fmt: skip

_LEAK = (
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{60}"
    r"|\bglpat-[A-Za-z0-9_-]{20}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10}"
    r"|\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10}"
    r"|\bBearer [A-Za-z0-9._~+/-]{24}"
    r"|://[^\s:/@<>${}*]{1,64}:(?![<$*{\[]|x+@)[^\s:/@<>]{4,128}@"
    r"|(?i:(?<![A-Za-z])(?:password|passwd|pwd|secret|api[_-]?key|(?:secret[_-]?)?access[_-]?key|access[_-]?token)"
    r"['\"]?[ \t]*[:=][ \t]*(?!['\"]?(?:[<$*{\[/]|https?:))['\"]?(?=[^\s\"'`<>]{0,64}\d)[^\s\"'`<>]{8})"
)
"""Patterns that are long and seldom needed are text: `re` compiles them when they are, once."""
_MARKS = ("PRIVATE KEY-", "AKIA", "ASIA", "glpat-", "xox", "eyJ", "Bearer ")
_GITHUB = re.compile(r"g(?:h[pousr]|ithub_pat)_")
_ASSIGNED = tuple(re.compile(rf"{sign}(?<=[dtynDTYN '\"\t].)(?=[ \t]*['\"]?[^\s\"'`<>]{{8}})") for sign in (":", "="))
_KEY_ENDS = ("word", "wd", "ecret", "key", "oken")
"""Every secret has one of these, or `://` and `@`. To search for them costs a fifteenth of searching for secrets."""
_CARD = r"(?a)(?<![\dA-Za-z.,_-])[2-6](?:[ -]?\d){13,18}(?![\dA-Za-z_-])"
_CARD_LENGTHS = (14, 15, 16, 19)
_ISSUERS = re.compile(r"4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[04-8]|6(?:011|4[4-9]|5|2)")
_DIGITS = bytes(0x30 if 0x30 <= byte <= 0x39 else 0x78 for byte in range(256))
"""Makes all digits of a text 0, and anything else an x."""
_MAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]{2,}\b"
_PERSONAL = rf"{_MAIL}|(?<![\w/-])\+\d{{1,3}}[ -]?\d(?:[ -]?\d){{6,12}}\b"
_TICKET = re.compile(r"\b(?:INC|CHG|PRB|REQ)-\d{8}-[0-9A-HJKMNP-TV-Z]{5}\b")


def _texts(part: Any, path: FieldPath = ()) -> Iterator[tuple[FieldPath, str]]:
    """All texts of a record with blanks in them, deep; ids and words can't hold what we look for."""
    if isinstance(part, str):
        if len(part) > 12:
            yield path, part
    elif isinstance(part, BaseModel):
        for name, value in part.__dict__.items():
            if value is not None and value != () and not name.startswith("_"):
                yield from _texts(value, (*path, name.removesuffix("_")))
    elif isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from _texts(item, (*path, index))
    elif isinstance(part, dict):
        for key, item in part.items():
            yield from _texts(item, (*path, str(key)))


@for_the_last
def _all_texts(record: BaseModel) -> str:
    """The texts of a record in any order, a line or more each; no pattern reaches from one into the next."""
    found: list[str] = []
    ahead: list[Iterable[Any]] = [record.__dict__.values()]
    for values in ahead:
        for value in values:
            if not value:
                continue
            kind = type(value)
            if kind is str:
                if len(value) > 12:
                    found.append(value)
            elif kind is tuple:
                ahead.append(value)
            elif is_model(kind):
                ahead.append(value.__dict__.values())
            elif kind is dict:
                ahead.append(value.values())
    return "\n".join(found)


@record_check(SECRET)
def secret_in_text(record: BaseModel, _: Context) -> Iterator[Spot]:
    """Private keys, tokens and passwords, by shape. The secret itself is never repeated in the finding."""
    if find_secret(_all_texts(record)) is None:
        return
    for path, text in _texts(record):
        if path[0] != "signature" and find_secret(text):
            yield Spot("this looks like a secret", path)


@record_check(CARD_NUMBER)
def payment_card_number(record: BaseModel, _: Context) -> Iterator[Spot]:
    """Numbers of an issuer's length and first digits that pass the Luhn test; keys of other systems are none."""
    if b"0" * 14 not in _all_texts(record).encode().translate(_DIGITS, b" -"):
        return
    for path, text in _texts(record):
        if path[0] not in ("aliases", "signature") and find_card_number(text):
            yield Spot("this looks like a payment card number", path)


def find_secret(text: str, start: int = 0) -> re.Match[str] | None:
    """The first thing at or after `start` that looks like a secret; the match may end inside it."""
    return re.compile(_LEAK).search(text, start) if _may_hold_secret(text) else None


def _may_hold_secret(text: str) -> bool:
    for mark in _MARKS:
        if mark in text:
            return True
    if ("://" in text and "@" in text) or ("_" in text and _GITHUB.search(text) is not None):
        return True
    for sign in _ASSIGNED:
        for found in sign.finditer(text):
            if text[: found.start()].rstrip(" \t'\"").lower().endswith(_KEY_ENDS):
                return True
    return False


def find_card_number(text: str, start: int = 0) -> re.Match[str] | None:
    """The first thing at or after `start` that looks like the number of a payment card."""
    for match in re.compile(_CARD).finditer(text, start):
        digits = [int(char) for char in match[0] if char in "0123456789"]
        known = _ISSUERS.match("".join(map(str, digits))) is not None and len(digits) in _CARD_LENGTHS
        if known and len(set(digits)) > 1 and _luhn(digits):
            return match
    return None


def _luhn(digits: list[int]) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _public_texts(record: Any) -> Iterator[tuple[FieldPath, str]]:
    """What the public site shows of a record."""
    yield ("title",), record.title
    for index, entry in enumerate(getattr(record, "timeline", ())):
        if entry.public is not None:
            yield ("timeline", index, "public"), entry.public
    if record.KIND == "article":
        yield ("body",), record.body


@record_check(PERSONAL_IN_PUBLIC, "incident", "change")
def personal_data_in_public_text(record: Any, _: Context) -> Iterator[Spot]:
    """Mail addresses and telephone numbers in public texts of tickets; articles may name contacts."""
    if record.visibility != "public":
        return
    for path, text in _public_texts(record):
        if re.search(_PERSONAL, text):
            yield Spot("a mail address or telephone number in a public text", path)


@record_check(HIDDEN_IN_PUBLIC, "incident", "change", "article")
def hidden_record_named_in_public(record: Any, ctx: Context) -> Iterator[Spot]:
    """Ids of records that the public may not see, in public texts."""
    if record.visibility != "public":
        return
    for path, text in _public_texts(record):
        for ticket_id in dict.fromkeys(_TICKET.findall(text)):
            other = ctx.snapshot.get(kind_of_ticket(ticket_id) or "incident", ticket_id)
            if other is not None and other.visibility != "public":
                yield Spot(f"{ticket_id} is not public", path)


RULES = (SECRET, PERSONAL_IN_PUBLIC, HIDDEN_IN_PUBLIC, CARD_NUMBER)
CHECKS = (secret_in_text, payment_card_number, personal_data_in_public_text, hidden_record_named_in_public)
