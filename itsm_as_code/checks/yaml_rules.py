"""Family YAML: the rules for the text of a record. They make sure that every YAML reader reads the same record.

This module holds only the texts. `store.strict` and other modules of `store` apply the rules while they read a file.
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
    why="A byte order mark is invisible, and some readers treat it as part of the first key.",
    fix="Save the file as UTF-8 without a byte order mark (BOM).",
)
CONTROL_CHARACTER = _rule(
    3,
    "control-character",
    why="Control characters can change what a terminal shows, and end a line for some readers only.",
    fix="Remove the character. In a quoted text, write \\n for the end of a line and \\t for a tab.",
)
INVISIBLE_CHARACTER = _rule(
    4,
    "invisible-character",
    why="Zero-width and bidirectional characters can make a reviewer see a different text from the stored one "
    "(CVE-2021-42574, Trojan Source).",
    fix="Remove the character. Where a script or an emoji needs a joiner, write it as \\u200d or \\u200c in "
    "double quotes.",
)
CARRIAGE_RETURN = _rule(
    5,
    "carriage-return",
    why="With CRLF line ends the same record can be two different files, and a small edit can show up as a change "
    "of every line.",
    fix="Save the file with LF line ends; `itsm fmt` does it for you.",
)
TOO_LARGE = _rule(
    6,
    "too-large",
    why="People read records. Very large files slow down every check, and an attacker can use them to stop it.",
    fix="Keep a record below 1 MiB: store logs and dumps elsewhere and link to them.",
)
TOO_DEEP = _rule(
    7,
    "too-deep",
    why="No record needs 64 levels of nesting, and deeply nested files can crash YAML readers.",
    fix="Flatten the structure.",
)
BROKEN_SYNTAX = _rule(
    8,
    "broken-syntax",
    why="The file is not valid YAML, so nothing in it can be read or checked.",
    fix="Fix the place that is shown. The fault is often on the line before it.",
)
DUPLICATE_KEY = _rule(
    9,
    "duplicate-key",
    why="Most readers keep only the last of two equal keys, so the value that a reviewer reads first is ignored.",
    fix="Keep one of the two, or merge their values.",
)
NON_STRING_KEY = _rule(
    10,
    "non-string-key",
    why="Keys are names. Different readers treat a number, true, false or a list as a key in different ways.",
    fix='Put the key in quotes ("1": …), or use a name.',
)
ANCHOR_OR_ALIAS = _rule(
    11,
    "anchor-or-alias",
    why="Anchors (&x), aliases (*x) and merge keys (<<) make a value appear where nobody wrote it, so a diff does "
    "not show what changes. Nested ones can use up a reader's memory.",
    fix="Write the full value in each place. Put a text that begins with & or * in quotes.",
)
TAG = _rule(
    12,
    "tag",
    why="A tag (!x) changes the type of the value after it. Readers do this differently, and some run code for a tag.",
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
    why="One file is one record. If a file has several documents, readers differ in which one they show.",
    fix="Keep one document, and remove the line --- or ... that ends it. A record may have --- only in its first line.",
)
EMPTY_DOCUMENT = _rule(
    15,
    "empty-document",
    why="An empty file is not a record. It is usually a mistake in an editor.",
    fix="Restore the record from Git, or remove the file before it reaches the protected branch.",
)
NOT_A_MAP = _rule(
    16,
    "not-a-map",
    why="A record is a map of fields. A list or a single text can't have an id.",
    fix="Begin with `id: …`, and write one field per line.",
)
AMBIGUOUS_SCALAR = _rule(
    17,
    "ambiguous-scalar",
    why="YAML readers disagree about values such as no, 014, 1_000, 1:30 or 1.10 without quotes: false, 12, 1000, "
    "90 and 1.1 for some, text for others.",
    fix='Put the text in quotes ("1.10"). Write true or false for yes or no, and whole numbers like 15 or -3.',
)
NULL_VALUE = _rule(
    18,
    "null-value",
    why="A key without a value is unclear: it can mean no, unknown or not yet.",
    fix="Write a value, or remove the key.",
)
INTEGER_OUT_OF_RANGE = _rule(
    19,
    "integer-out-of-range",
    why="Many readers round whole numbers beyond ±(2^53 - 1), so two different records could look alike.",
    fix="Put the number in quotes. A number of that length is an identifier.",
)
TAB_OUTSIDE_TEXT = _rule(
    20,
    "tab-outside-text",
    why="Readers disagree about tabs that indent or separate. Tabs inside a text are allowed.",
    fix="Use spaces instead.",
)
UNREADABLE_FILE = _rule(
    21,
    "unreadable-file",
    why="A file that can't be read can't be checked, and itsm accepts nothing unchecked.",
    fix="Make sure that it is a plain file and that its permissions let you read it.",
)
NO_FRONT_MATTER = _rule(
    22,
    "missing-front-matter",
    why="The fields of an article are between two lines `---` at the top of the file. Without them it has no "
    "title, owner or state.",
    fix="Begin the file with a line ---, then write the fields, another line --- and the text.",
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
"""All rules of the family, in the order of their codes."""
