"""What looks like a secret is hidden in the lines of files and in messages, wherever it is and however it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.checks.hidden import (
    HIDDEN,
    HIDDEN_CARD,
    KNOWN_BY,
    MOST_KNOWN,
    hide_line,
    hide_lines,
    hide_words,
    made_of,
)
from itsm_as_code.checks.privacy import find_secret
from itsm_as_code.domain.finding import cut
from tests.checks.test_privacy import CARDS, HARMLESS, SECRETS

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----"
BODY = ["b3BlbnNzaC1rZXktdjEAAAAABG5vbmU=", "AAAAB3NzaC1yc2EAAAADAQABAAABgQ", "QyNTUxOQAAACB"]
END = "-----END OPENSSH PRIVATE KEY-----"


def value_of(secret: str) -> str:
    """The end of a secret: what nobody may read."""
    return secret.strip("'\"").split("@")[0][-KNOWN_BY:].strip("'\"")


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "line", ["{}", "note: Use {} today", "- {}", "key: [a, '{}'", "\t{} #", "\ufeff{}", "{}\r", "\x00{}\x07"]
)
def test_a_line_with_a_secret_is_hidden_whole(secret: str, line: str) -> None:
    text = f"id: a\n{line.format(secret)}\nname: b\n"
    shown, _ = hide_lines(text)
    assert shown.split("\n")[0::2] == ["id: a", "name: b"]
    assert shown.split("\n")[1].strip() == HIDDEN


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("unseen", ["\u200b", "\x00", "\xad", "\ufffd", "\u202e"])
def test_characters_that_nobody_sees_do_not_help(secret: str, unseen: str) -> None:
    """As in a file of another encoding, where a byte of nothing is between all letters."""
    for text in (unseen.join(secret), secret[:6] + unseen + secret[6:]):
        assert hide_lines(f"a\n{text}\nb: c")[0] == f"a\n{HIDDEN}\nb: c"
        assert value_of(secret) not in hide_words(f"`{text}` is no team").replace(unseen, "")


@pytest.mark.parametrize("ends", [True, False])
@pytest.mark.parametrize("begins", ["", "    ", "  - ", "> ", "| "])
@pytest.mark.parametrize("header", [[], ["Proc-Type: 4,ENCRYPTED", ""]])
def test_a_private_key_is_hidden_to_its_end(ends: bool, begins: str, header: list[str]) -> None:
    rows = [KEY, *header, *BODY, *([END] if ends else [])]
    text = "\n".join(["id: a", *(begins + row for row in rows), "name: A team", "kind: team"])
    shown, said = hide_lines(text)
    assert [row.strip() for row in shown.split("\n")] == ["id: a", *[HIDDEN] * len(rows), "name: A team", "kind: team"]
    for row in BODY:
        assert hide_words(f"`{cut(row)}` is no mapping", said) == f"`{HIDDEN}` is no mapping"


def test_talk_of_a_key_hides_no_more_than_itself() -> None:
    text = f"summary: A file that begins with {KEY} is one.\nbody: Never send it.\nowner: team/it\n"
    assert hide_lines(text)[0].split("\n")[1:] == ["body: Never send it.", "owner: team/it", ""]


@pytest.mark.parametrize(
    "text", ["password:\n  hunter22x", "password: |\n    hunter22x", "secret: >-\n  hunter22x\nb: c",
             "api_key:\n- hunter22x", "api_key:\n\n  hunter22x", 'token: x\naccess_token:\n  "hunter22x"'],
)  # fmt: skip
def test_a_value_on_the_line_below_its_name_is_hidden_too(text: str) -> None:
    shown, said = hide_lines(text)
    assert "hunter22x" not in shown
    assert "hunter22x" not in hide_words("`hunter22x` is no team", said)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_quotes_is_hidden_however_it_is_escaped(secret: str) -> None:
    escaped = secret.replace("\\", "\\\\").replace('"', '\\"')
    coded = "".join(f"\\x{ord(char):02x}" for char in secret)
    single = secret.replace("'", "''")
    for row in (f'"As it is\\n{escaped}"', f'"\\t{escaped}"', f'"{coded}"', f"'{single}'"):
        assert hide_lines(f"note: {row}\nid: a\n")[0] == f"{HIDDEN}\nid: a\n"


@pytest.mark.parametrize("text", HARMLESS)
def test_talk_about_passwords_is_shown(text: str) -> None:
    assert hide_lines(f"note: {text}\n") == (f"note: {text}\n", ())
    assert hide_words(text) == text


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("limit", [*range(8, 45), 300])
def test_a_message_says_nothing_of_a_secret_that_its_file_holds(secret: str, limit: int) -> None:
    """Also where it quotes the value alone, or the beginning of it."""
    _, said = hide_lines(f"token: {secret}\n")
    alone = next((secret.partition(sign)[2].strip() for sign in (": ", "=") if sign in secret), secret).strip("'\" ")
    for quoted in (secret, alone):
        shown = hide_words(f"`{cut(quoted, limit)}` is not allowed here", said)
        assert value_of(secret) not in shown or ("…" in shown and secret.startswith("-----"))
        assert all(each[:3] + "…" not in shown and each[:4] not in shown for each in said)
        assert find_secret(shown) is None and (HIDDEN in shown or cut(quoted, limit) != quoted)


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        (KEY, ()), ("AKIA" + "IOSFODNN7EXAMPLE", ("AKIAIOSF",)), ("ghp_" + "a1B2" * 9, ("ghp_a1B2",)),
        ("glpat-" + "a1B2c" * 4, ("glpat-a1",)), ("xoxb-" + "1234567890-abcdef", ("xoxb-123",)),
        ("Authorization: Bearer " + "a1B2c3D4" * 4, ("a1B2c3D4",)), ("DB_PASSWORD=hunter22x", ("hunter22",)),
        ("password: correct7horse", ("correct7",)), ("postgres://portal:s3cr3tpw@db.example.org/x", ("portal:s",)),
    ],
)  # fmt: skip
def test_a_secret_is_known_by_its_own_first_characters(secret: str, said: tuple[str, ...]) -> None:
    assert hide_lines(f"note: {secret}\n")[1] == said


@pytest.mark.parametrize(
    "row",
    [
        'note: "pass\\x77ord: hunter22x"', 'note: "pass\\u0077ord: hunter22x"', 'note: "pass\\U00000077ord: hunter22x"',
        'note: "AKIAIOSFODNN7E\\XAMPLE"', 'note: "postgres:\\/\\/portal:s3cr3tpw@db.example.org/x"',
    ],
)  # fmt: skip
def test_a_secret_behind_an_escape_is_hidden_and_known(row: str) -> None:
    shown, said = hide_lines(f"id: a\n{row}\n")
    assert shown == f"id: a\n{HIDDEN}\n"
    (known,) = said
    assert hide_words(f"`{known}` is no team", said) == f"`{HIDDEN}` is no team"


def test_an_escape_of_no_character_hides_nothing() -> None:
    assert hide_lines('a: "\\U7fffffff \\"') == ('a: "\\U7fffffff \\"', ())


@pytest.mark.parametrize("quoted", ['"{}\\n",', '"{}"\\n', '"{} \\n"', "- '{}'"])
def test_a_private_key_in_quotes_is_hidden_line_by_line(quoted: str) -> None:
    rows = [KEY, *BODY, END]
    text = "\n".join(["lines:", *(quoted.format(row) for row in rows), "id: a"])
    shown, said = hide_lines(text)
    assert shown.split("\n") == ["lines:", *[HIDDEN] * len(rows), "id: a"]
    assert {row[:KNOWN_BY] for row in BODY} <= set(said)


def test_a_certificate_is_no_secret() -> None:
    text = "\n".join(["-----BEGIN CERTIFICATE-----", *BODY, "-----END CERTIFICATE-----"])
    assert hide_lines(text) == (text, ())


def test_of_a_message_no_more_is_hidden_than_the_secret_and_the_rest_of_its_word() -> None:
    assert hide_words("Set `password: hunter22xyz` and no other one") == f"Set `{HIDDEN}` and no other one"
    assert hide_words(f"It holds {KEY} and more") == f"It holds {HIDDEN}"
    assert hide_words('"AKIA' + 'IOSFODNN7EXAMPLE"x') == f'"{HIDDEN}"x'
    assert hide_words("It ends here…", ("hunter22",)) == "It ends here…"
    assert hide_words("It\u200b is plain") == "It\u200b is plain"


def test_a_file_of_many_secrets_is_told_nothing_of() -> None:
    many = tuple(f"hunter{number:03}" for number in range(MOST_KNOWN + 1))
    assert hide_words("All is well.", many[1:]) == "All is well."
    assert hide_words("All is well.", many) == HIDDEN
    assert not made_of("all is well", many[1:])
    assert made_of("all is well", many)


def test_a_name_is_known_by_five_letters_of_a_secret() -> None:
    assert made_of("name it `ABCDE-f`", ("ab-c.de",))
    assert not made_of("name it `abcd`", ("ab-cd",))


def test_a_card_number_is_found_behind_characters_that_nobody_sees() -> None:
    assert hide_lines("a: 4012\u200b888888881881\n")[0] == f"{HIDDEN_CARD}\n"


def test_a_line_that_a_check_points_at_is_hidden_too() -> None:
    assert hide_line("a: b\n  c: d\n", 2) == f"a: b\n  {HIDDEN}\n"
    assert hide_line(f"{HIDDEN_CARD}\n", 1) == f"{HIDDEN_CARD}\n"
    assert hide_line("a: b", 7) == hide_line("a: b", 0) == "a: b"
    assert hide_line("a: b\nc: d", 1) == f"{HIDDEN}\nc: d"
    assert hide_line("a: b\nc: d", 2) == f"a: b\n{HIDDEN}"


@pytest.mark.parametrize("number", CARDS)
def test_card_numbers_are_hidden_as_well(number: str) -> None:
    assert hide_lines(f"a: b\n  note: Paid with {number}\n")[0] == f"a: b\n  {HIDDEN_CARD}\n"
    assert hide_words(f"{number} and {number} are no teams") == f"{HIDDEN_CARD} and {HIDDEN_CARD} are no teams"


@pytest.mark.parametrize("secret", SECRETS[2:])
def test_a_name_that_was_made_of_a_secret_is_known_for_it(secret: str) -> None:
    _, said = hide_lines(f"id: {secret}\n")
    slug = "-".join("".join(char if char.isalnum() else " " for char in secret.lower()).split())
    assert made_of(f"name it `{slug}`", said)
    assert not made_of("use lower-case letters", said)


def test_hostile_files_take_no_time() -> None:
    many = "\n".join(f"password: hunter22x{number}" for number in range(20_000))
    for text in (
        many,
        KEY + "\n" + " " * 500_000 + "!",
        KEY + "\n" + "n" * 500_000 + "!",
        "| " * 200_000,
        "''\\" * 90_000,
    ):
        shown, said = hide_lines(text)
        assert shown.count("\n") == text.count("\n")
        assert len(said) <= MOST_KNOWN or hide_words("x", said) == HIDDEN


PIECES = st.sampled_from([*SECRETS, *BODY, KEY, END, "id: a", "  note: |", "\n", " ", "\u200b", "- ", "x"])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_line_that_is_shown_looks_like_a_secret(text: str) -> None:
    shown, said = hide_lines(text)
    assert shown.count("\n") == text.count("\n")
    assert not any(find_secret(row) for row in shown.split("\n"))
    assert find_secret(hide_words(text, said).replace("\n", " ")) is None or "\n" in text
    assert all(said), "an empty beginning would hide every word"
