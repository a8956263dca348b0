"""Writes the messages for syntax that no record may hold. All parsers use them."""

from __future__ import annotations

import re

from itsm_as_code.checks import yaml_rules as rules
from itsm_as_code.domain.finding import FieldPath, Position
from itsm_as_code.domain.rule import Rule
from itsm_as_code.store.fault import Fault, shown

_WORD = re.compile(r"[^\s,\[\]{}]{0,80}")
_TRUTH = {
    **dict.fromkeys(("y", "yes", "on", "true"), "true"),
    **dict.fromkeys(("n", "no", "off", "false"), "false"),
}


def forbidden(rule: Rule, text: str, start: int, place: Position, field: FieldPath = ()) -> Fault:
    """Returns the fault for the syntax that begins at `start` in `text`, which is `place` in its file.

    `field` is the field at that place, if it is known.
    """
    found = _WORD.match(text, start)
    word = shown(found.group().rstrip(":") if found else "")
    message, help_words = _MESSAGES.get(rule, ("`{}` is not allowed here", None))
    if rule is rules.AMBIGUOUS_SCALAR:
        help_words = _quoting(word)
    elif rule is rules.ANCHOR_OR_ALIAS:
        what = {"&": "anchor", "*": "alias"}.get(word[:1], "merge key")
        message = f"the {what} `{{}}` is not allowed"
    return Fault(rule, message.format(word), place, field=field, help=help_words and help_words.format(word))


_MESSAGES: dict[Rule, tuple[str, str | None]] = {
    rules.AMBIGUOUS_SCALAR: ("YAML readers disagree about `{}` without quotes", None),
    rules.INTEGER_OUT_OF_RANGE: ("the number {} is beyond ±(2^53 - 1)", 'Write "{}".'),
    rules.TAG: ("the tag `{}` is not allowed", None),
    rules.DIRECTIVE: ("the directive `{}` is not allowed", None),
    rules.TAB_OUTSIDE_TEXT: ("there is a tab outside of quotes and blocks of text", None),
    rules.NON_STRING_KEY: ("a list, a map or a tagged value is used as a key", None),
    rules.TOO_DEEP: ("the record is nested more than 64 levels deep", None),
    rules.BROKEN_SYNTAX: (
        "readers disagree about where the text after this `{}` begins",
        "Remove the blanks in the empty line below it. Before #, write a blank.",
    ),
}


def _quoting(scalar: str) -> str:
    """Says how to write what `scalar` probably means."""
    if truth := _TRUTH.get(scalar.lower()):
        return f'Write {truth} for the truth value, or "{scalar}" for the text.'
    return f'Write "{scalar}" for the text; whole numbers are written like 15 or -3.'
