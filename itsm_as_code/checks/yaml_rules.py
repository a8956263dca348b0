"""The family YAML: what the text of a record may not hold, so that every reader reads the same record.

Only words. `store.strict` and its neighbours apply them while a file is read.
"""

from __future__ import annotations

from itsm_as_code.domain.rule import Rule, Severity


def _rule(number: int, name: str, *, why: str, fix: str) -> Rule:
    return Rule(f"YAML{number:03}", name, Severity.ERROR, since="0.1", why=why, fix=fix)


NOT_UTF8 = _rule(
    1,
    "not-utf8",
    why="Bytes that are not UTF-8 look different in every editor and on every forge, so reviewers can't agree "
    "on what they read.",
    fix="Save the file as UTF-8, or convert it: iconv -f latin1 -t utf-8 FILE.",
)
BYTE_ORDER_MARK = _rule(
    2,
    "byte-order-mark",
    why="A byte order mark is invisible, and some readers take it for a part of the first key.",
    fix="Save the file as UTF-8 without a byte order mark (BOM).",
)
CONTROL_CHARACTER = _rule(
    3,
    "control-character",
    why="Control characters can repaint a terminal or end a line in one reader and not in another.",
    fix="Remove the character; line ends and tabs in a quoted text are written \\n and \\t.",
)
INVISIBLE_CHARACTER = _rule(
    4,
    "invisible-character",
    why="Zero-width and bidirectional characters make a reviewer see another text than the one that is stored "
    "(CVE-2021-42574, Trojan Source).",
    fix="Remove the character. Where a script or an emoji needs a joiner, write it as \\u200d or \\u200c in "
    "double quotes.",
)
CARRIAGE_RETURN = _rule(
    5,
    "carriage-return",
    why="With CRLF line ends the same record has two different files, and every edit shows up as a change of "
    "each line.",
    fix="Save the file with LF line ends; `itsm fmt` does it for you.",
)
TOO_LARGE = _rule(
    6,
    "too-large",
    why="A record is read by people. Very large files slow every check down, and are a way to stop it.",
    fix="Keep a record below 1 MiB: put logs and dumps where they belong and link to them.",
)
TOO_DEEP = _rule(
    7,
    "too-deep",
    why="No record needs 64 levels of nesting; deeply nested files are a way to crash YAML readers.",
    fix="Flatten the structure.",
)
BROKEN_SYNTAX = _rule(
    8,
    "broken-syntax",
    why="A file that is no YAML can't be read, so nothing in it could be checked.",
    fix="Mend the place that is shown; the fault is often on the line before it.",
)
DUPLICATE_KEY = _rule(
    9,
    "duplicate-key",
    why="Of two equal keys most readers silently keep the last: what a reviewer reads first is not what counts.",
    fix="Keep one of the two, or merge their values.",
)
NON_STRING_KEY = _rule(
    10,
    "non-string-key",
    why="Keys are names. A number, a truth value or a list as a key is read differently by different readers.",
    fix='Put the key in quotes ("1": …), or use a name.',
)
ANCHOR_OR_ALIAS = _rule(
    11,
    "anchor-or-alias",
    why="Anchors (&x), aliases (*x) and merge keys (<<) make a value appear where nobody wrote it, so a diff no "
    "longer shows what changes; nested, they are a way to exhaust a reader.",
    fix="Write the value out where it is needed. Put a text that begins with & or * in quotes.",
)
TAG = _rule(
    12,
    "tag",
    why="A tag (!x) changes the type of the value behind it, differently in each reader, and can run code in some.",
    fix="Remove the tag. Put a text that begins with ! in quotes.",
)
DIRECTIVE = _rule(
    13,
    "directive",
    why="A directive such as %YAML 1.1 changes how the rest of the file is read.",
    fix="Remove the line.",
)
SEVERAL_DOCUMENTS = _rule(
    14,
    "several-documents",
    why="One file is one record. Readers differ in which of several documents they show.",
    fix="Keep one document; remove the line --- or ... that ends it. A record's own --- belongs only in the "
    "first line.",
)
EMPTY_DOCUMENT = _rule(
    15,
    "empty-document",
    why="A file without content is no record, and usually an editor's accident.",
    fix="Restore the record from Git, or remove the file before it reaches the protected branch.",
)
NOT_A_MAP = _rule(
    16,
    "not-a-map",
    why="A record is a map of fields; a list or a single text has no id.",
    fix="Begin with `id: …`, one field a line.",
)
AMBIGUOUS_SCALAR = _rule(
    17,
    "ambiguous-scalar",
    why="YAML readers disagree about values such as no, 014, 1_000, 1:30 or 1.10 without quotes: false, 12, 1000, "
    "90 and 1.1 for some, text for others.",
    fix='Put the text in quotes ("1.10"). A truth value is true or false, a whole number is written 15 or -3.',
)
NULL_VALUE = _rule(
    18,
    "null-value",
    why="A key without a value says neither that something is so nor that it is not.",
    fix="Give the value, or remove the key.",
)
INTEGER_OUT_OF_RANGE = _rule(
    19,
    "integer-out-of-range",
    why="Whole numbers beyond ±(2^53 - 1) are rounded by many readers, so that two different records would look alike.",
    fix="Put it in quotes: a number that long is an identifier.",
)
TAB_OUTSIDE_TEXT = _rule(
    20,
    "tab-outside-text",
    why="Readers disagree about tabs that indent or separate; inside a text they are fine.",
    fix="Use spaces.",
)
UNREADABLE_FILE = _rule(
    21,
    "unreadable-file",
    why="What can't be read can't be checked, and what was not checked does not pass.",
    fix="Check the permissions of the file, and that it is a plain file.",
)
NO_FRONT_MATTER = _rule(
    22,
    "missing-front-matter",
    why="The fields of an article stand between two lines `---` at the top of the file; without them it has no "
    "title, owner or state.",
    fix="Begin the file with a line ---, then the fields, then a line --- and the text.",
)

RULES: tuple[Rule, ...] = (
    NOT_UTF8,
    BYTE_ORDER_MARK,
    CONTROL_CHARACTER,
    INVISIBLE_CHARACTER,
    CARRIAGE_RETURN,
    TOO_LARGE,
    TOO_DEEP,
    BROKEN_SYNTAX,
    DUPLICATE_KEY,
    NON_STRING_KEY,
    ANCHOR_OR_ALIAS,
    TAG,
    DIRECTIVE,
    SEVERAL_DOCUMENTS,
    EMPTY_DOCUMENT,
    NOT_A_MAP,
    AMBIGUOUS_SCALAR,
    NULL_VALUE,
    INTEGER_OUT_OF_RANGE,
    TAB_OUTSIDE_TEXT,
    UNREADABLE_FILE,
    NO_FRONT_MATTER,
)
"""Every rule of the family, in the order of their codes."""
