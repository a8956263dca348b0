"""Hides what looks like a secret in what is shown of a file: its lines, and messages that quote its values."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator

from itsm_as_code.checks.privacy import find_card_number, find_secret, find_secrets

HIDDEN = "[hidden: looks like a secret]"
HIDDEN_CARD = "[hidden: looks like a payment card number]"
KNOWN_BY = 8
"""The number of characters by which a secret is recognised in a message. No secret is shorter."""
MOST_KNOWN = 100
"""The highest number of secrets that are looked for in a message. If a file has more, its messages are hidden whole."""
_SHORTEST_PART = 3
"""The number of characters by which a secret is recognised where a message is cut off in it."""
_FEWEST_LETTERS = 5
"""The number of letters and digits by which a secret is recognised in words that were made of it."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd\ud800-\udfff]"
)
"""Characters that people do not see, and those that stand for bytes that are no text. They may cut a secret in two."""
_BETWEEN = re.compile(r"[|>][+-]?[0-9]?[+-]?(?=[ \t]*\n)|(?<=\n)[ \t]*-(?= )|\n")
"""What YAML can have between a key and a value on the next line."""
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_REST = re.compile(r"[^\s\"'`<>…]*")
"""The rest of a word."""
_BEGINS = "-----BEGIN "
_BEFORE = ("Bearer ", "://")
"""What stands before a secret and is no part of it, besides a name with its sign."""
_ASSIGNED = re.compile(r"[A-Za-z].*[:=]", re.DOTALL)
"""A name with its sign. Of all that looks like a secret, nothing else begins with a letter and has such a sign."""
_AROUND = " \t>|\"'-,\\"
"""What may stand around a line of a private key in YAML or Markdown."""
_OF_A_KEY = re.compile(r"[A-Za-z0-9+/=]*|[A-Z][A-Za-z-]*: .*")
"""A line of a private key in its text form: base64, nothing, or a header."""


def hide_lines(text: str) -> tuple[str, tuple[str, ...]]:
    """Returns a file's text, each line hidden that looks like a secret or like a part of one, and how these secrets
    begin, for `hide_words`."""
    begin: dict[str, None] = {}
    hidden = dict.fromkeys(_with_cards(text), HIDDEN_CARD) | dict.fromkeys(_with_secrets(text, begin), HIDDEN)
    if not hidden:
        return text, ()
    lines = text.split("\n")
    for number, words in hidden.items():
        lines[number] = _instead(lines[number], words)
    return "\n".join(lines), tuple(begin)


def hide_words(words: str, begin: Collection[str] = ()) -> str:
    """Returns a message without what looks like a secret, and without words that begin like the secrets of its file."""
    if len(begin) > MOST_KNOWN:
        return HIDDEN
    plain = _UNSEEN.sub("", words)
    if plain != words and _hidden(plain, begin) != plain:
        return _hidden(plain, begin)
    return _hidden(words, begin)


def hide_line(shown: str, number: int) -> str:
    """Returns what `hide_lines` returned with one more line hidden, counted from 1."""
    lines = shown.split("\n")
    if 1 <= number <= len(lines) and lines[number - 1].strip() not in (HIDDEN, HIDDEN_CARD):
        lines[number - 1] = _instead(lines[number - 1], HIDDEN)
    return "\n".join(lines)


def _instead(line: str, words: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))] + words


def made_of(words: str, begin: Collection[str]) -> bool:
    """Tells whether words were made of one of the secrets that begin so, whatever became of its signs and its case."""
    letters = _letters(words)
    return len(begin) > MOST_KNOWN or any(
        len(known := _letters(each)) >= _FEWEST_LETTERS and known in letters for each in begin
    )


def _letters(words: str) -> str:
    return re.sub(r"[^a-z0-9]", "", words.lower())


def _hidden(words: str, begin: Iterable[str]) -> str:
    for beginning in begin:
        parts = (re.escape(beginning[:size]) + "…" for size in range(_SHORTEST_PART, len(beginning)))
        words = re.sub("|".join((re.escape(beginning) + _REST.pattern, *parts)), HIDDEN, words)
    while (found := find_secret(words)) is not None:
        rest = words[found.end() :]
        after = "" if found[0].startswith(_BEGINS) else _REST.sub("", rest, count=1)
        words = words[: found.start()] + HIDDEN + after
    while (card := find_card_number(words)) is not None:
        words = words[: card.start()] + HIDDEN_CARD + words[card.end() :]
    return words


def _with_secrets(text: str, begin: dict[str, None]) -> Iterator[int]:
    """Yields the numbers, from 0, of the lines that a secret covers at least in part. Adds to `begin` how it begins."""
    plain = _UNSEEN.sub("", text)
    joined = _BETWEEN.sub(lambda found: " " * len(found[0]), plain)
    for whole, lines in ((text, text), (plain, plain), (joined, plain)):
        breaks: list[int] = []
        for found in find_secrets(whole):
            breaks = breaks or [each.start() for each in re.finditer("\n", lines)]
            begin.setdefault(_beginning(found[0]))
            yield from range(bisect_right(breaks, found.start()), bisect_right(breaks, found.end() - 1) + 1)
    rows = plain.split("\n")
    for number, row in enumerate(map(_unescaped, rows)):
        for found in find_secrets(row) if row != rows[number] else ():
            begin.setdefault(_beginning(found[0]))
            yield number
        if _BEGINS in row and any(found[0].startswith(_BEGINS) for found in find_secrets(row)):
            for below in _rest_of_key(rows, number):
                begin.setdefault(_bare(rows[below])[:KNOWN_BY])
                yield below
    begin.pop("", None)


def _unescaped(row: str) -> str:
    """Returns a line of YAML as if it were in quotes, without the escapes that may stand in a name or a value."""
    row = row.replace("''", "'")
    return _ESCAPE.sub(_meant, row) if "\\" in row else row


def _meant(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code is not None:
        return chr(min(int(code, 16), 0x10FFFF))
    return " " if found[4] in "ntr" else found[4]


def _beginning(found: str) -> str:
    """Returns the first characters of the secret itself. The first line of a private key holds none."""
    if found.startswith(_BEGINS):
        return ""
    if _ASSIGNED.match(found):
        return found[-KNOWN_BY:]
    before = next((each for each in _BEFORE if found.startswith(each)), "")
    return found.removeprefix(before)[:KNOWN_BY]


def _rest_of_key(rows: list[str], first: int) -> Iterator[int]:
    """Yields the lines of a private key below its first one: to its end, or as far as they look like one."""
    for number in range(first + 1, len(rows)):
        ends = "-----END" in rows[number]
        if not ends and not _OF_A_KEY.fullmatch(_bare(rows[number])):
            return
        yield number
        if ends:
            return


def _bare(row: str) -> str:
    return row.strip(_AROUND).removesuffix("\\n").strip(_AROUND)


def _with_cards(text: str) -> Iterator[int]:
    return (number for number, row in enumerate(_UNSEEN.sub("", text).split("\n")) if find_card_number(row))
