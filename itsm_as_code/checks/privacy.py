"""Family PRV: finds secrets, card numbers and personal data in texts, and hidden records named in public texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.content import TOO_SHORT, content
from itsm_as_code.domain.finding import FieldPath, Spot
from itsm_as_code.domain.ids import kind_of_ticket
from itsm_as_code.domain.rule import Severity

SECRET = rule(
    "PRV001", "secret-in-text",
    why="Text in Git stays in every clone. Once a secret has been committed, treat it as known to others.",
    fix="Change the secret now. Then remove it from the text; after the record has landed, use `itsm redact`.",
)  # fmt: skip
PERSONAL_IN_PUBLIC = rule(
    "PRV002", "personal-data-in-public-text",
    severity=Severity.WARNING,
    why="Everybody can read public texts, so they must not show people's addresses and telephone numbers.",
    fix="Name a role or a team's contact instead, or lower the record's visibility.",
)  # fmt: skip
HIDDEN_IN_PUBLIC = rule(
    "PRV003", "hidden-record-named-in-public",
    severity=Severity.WARNING,
    why="Readers of the public site would learn about a record that they may not see.",
    fix="Remove the id from the public text, or make that record public too.",
)  # fmt: skip
CARD_NUMBER = rule(
    "PRV004", "payment-card-number",
    why="Payment card numbers may only be stored in systems that are made for them (PCI DSS).",
    fix="Remove the number and tell the security team.",
)  # fmt: skip

_IN_ADDRESS = r"://[^\s:/@<>${}*]{1,64}:(?![<$*{\[]|x+@)[^\s:/@<>]{4,128}@"
_LEAK = (
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{60}"
    r"|\bglpat-[A-Za-z0-9_-]{20}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10}"
    r"|\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10}"
    r"|\bBearer [A-Za-z0-9._~+/-]{24}"
    rf"|{_IN_ADDRESS}"
    r"|(?i:(?<![A-Za-z])(?:password|passwd|pwd|secret|api[_-]?key|(?:secret[_-]?)?access[_-]?key|access[_-]?token)"
    r"['\"]?[ \t]*[:=][ \t]*(?!['\"]?(?:[<$*{\[/]|https?:))['\"]?(?=[^\s\"'`<>]{0,64}\d)[^\s\"'`<>]{8})"
)
"""This pattern is long and seldom needed. It is kept as text so that `re` compiles it at its first use only."""
_MARKS = (
    ("K", "PRIVATE KEY-"), ("K", "AKIA"), ("I", "ASIA"), ("-", "glpat-"), ("x", "xox"), ("J", "eyJ"), ("B", "Bearer "),
)  # fmt: skip
"""Each mark comes with one rare character of it. The search for that character first is ten times as fast."""
_GITHUB = re.compile(r"g(?:h[pousr]|ithub_pat)_")
_ASSIGNED = tuple(
    (sign, re.compile(rf"{sign}(?<=[dtynDTYN '\"\t].)(?=[ \t]*['\"]?[^\s\"'`<>]{{8}})")) for sign in (":", "=")
)
_KEY_ENDS = ("word", "wd", "ecret", "key", "oken")
"""The names of assigned secrets end with one of these. To search for these first is 15 times as fast."""
_LONGEST_END = max(map(len, _KEY_ENDS))
_CARD = r"(?a)(?<![\dA-Za-z.,_-])[2-6](?:[ -]?\d){13,18}(?![\dA-Za-z_-])"
_CARD_LENGTHS = (14, 15, 16, 19)
_ISSUERS = re.compile(r"4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[04-8]|6(?:011|4[4-9]|5|2)")
_DIGITS = bytes(0x30 if 0x30 <= byte <= 0x39 else 0x78 for byte in range(256))
"""A translation table for bytes: it turns each digit into 0 and everything else into x."""
_MAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]{2,}\b"
_PERSONAL = rf"{_MAIL}|(?<![\w/-])\+\d{{1,3}}[ -]?\d(?:[ -]?\d){{6,12}}\b"
_TICKET = re.compile(r"(?:INC|CHG|PRB|REQ)-(?<=\b[A-Z]{3}-)\d{8}-[0-9A-HJKMNP-TV-Z]{5}\b")


def _texts(part: Any, path: FieldPath = ()) -> Iterator[tuple[FieldPath, str]]:
    """Yields every text of a record, at any depth, with its path, unless it is too short."""
    if isinstance(part, str):
        if len(part) > TOO_SHORT:
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


@record_check(SECRET)
def secret_in_text(record: BaseModel, _: Context) -> Iterator[Spot]:
    """Finds private keys, tokens and passwords by their form. The finding never repeats the secret."""
    if find_secret(content(record).texts) is None:
        return
    for path, text in _texts(record):
        if path[0] != "signature" and find_secret(text):
            yield Spot("this looks like a secret", path)


@record_check(CARD_NUMBER)
def payment_card_number(record: BaseModel, _: Context) -> Iterator[Spot]:
    """Finds numbers with the length and first digits of a card issuer that pass the Luhn test; skips `aliases`."""
    if b"0" * 14 not in content(record).texts.encode().translate(_DIGITS, b" -"):
        return
    for path, text in _texts(record):
        if path[0] not in ("aliases", "signature") and find_card_number(text):
            yield Spot("this looks like a payment card number", path)


def find_secret(text: str, start: int = 0) -> re.Match[str] | None:
    """Returns the first match from `start` on that looks like a secret. It may end before the secret ends."""
    return re.compile(_LEAK).search(text, start) if _may_hold_secret(text) else None


def find_secrets(text: str) -> Iterator[re.Match[str]]:
    """Yields all matches that look like a secret. Each may end before the secret ends."""
    return re.compile(_LEAK).finditer(text) if _may_hold_secret(text) else iter(())


def _may_hold_secret(text: str) -> bool:
    for letter, mark in _MARKS:
        if letter in text and mark in text:
            return True
    if "@" in text and "://" in text and re.search(_IN_ADDRESS, text):
        return True
    if "_" in text and _GITHUB.search(text):
        return True
    for sign, assigned in _ASSIGNED:
        for found in assigned.finditer(text) if sign in text else ():
            if _name_before(text, found.start()).endswith(_KEY_ENDS):
                return True
    return False


def _name_before(text: str, end: int) -> str:
    """Returns the last letters of a name that is assigned a value at `end`, in lower case. Only these are copied: a
    text of a megabyte may assign a hundred thousand values."""
    while end and text[end - 1] in " \t'\"":
        end -= 1
    return text[max(end - _LONGEST_END, 0) : end].lower()


def find_card_number(text: str, start: int = 0) -> re.Match[str] | None:
    """Returns the first match from `start` on that looks like a payment card number, or None."""
    for match in re.compile(_CARD).finditer(text, start):
        digits = [int(char) for char in match[0] if char in "0123456789"]
        known = _ISSUERS.match("".join(map(str, digits))) is not None and len(digits) in _CARD_LENGTHS
        if known and len(set(digits)) > 1 and _luhn(digits):
            return match
    return None


def _luhn(digits: list[int]) -> bool:
    """Checks the last digit with the Luhn formula (ISO/IEC 7812-1, annex B)."""
    doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _public_texts(record: Any) -> Iterator[tuple[FieldPath, str]]:
    """Yields the texts of a record that the public site shows, with their paths."""
    yield ("title",), record.title
    for index, entry in enumerate(getattr(record, "timeline", ())):
        if entry.public is not None:
            yield ("timeline", index, "public"), entry.public
    if record.KIND == "article":
        yield ("body",), record.body


@record_check(PERSONAL_IN_PUBLIC, "incident", "change")
def personal_data_in_public_text(record: Any, _: Context) -> Iterator[Spot]:
    """Finds mail addresses and telephone numbers in public texts of tickets. Articles may name contacts."""
    if record.visibility != "public":
        return
    for path, text in _public_texts(record):
        if ("@" in text or "+" in text) and re.search(_PERSONAL, text):
            yield Spot("a public text holds a mail address or telephone number", path)


@record_check(HIDDEN_IN_PUBLIC, "incident", "change", "article")
def hidden_record_named_in_public(record: Any, ctx: Context) -> Iterator[Spot]:
    """Finds ids of records that are not public in public texts."""
    if record.visibility != "public":
        return
    for path, text in _public_texts(record):
        for ticket_id in dict.fromkeys(_TICKET.findall(text)):
            other = ctx.snapshot.get(kind_of_ticket(ticket_id) or "incident", ticket_id)
            if other is not None and other.visibility != "public":
                yield Spot(f"{ticket_id} is not public", path)


RULES = (SECRET, PERSONAL_IN_PUBLIC, HIDDEN_IN_PUBLIC, CARD_NUMBER)
CHECKS = (secret_in_text, payment_card_number, personal_data_in_public_text, hidden_record_named_in_public)
