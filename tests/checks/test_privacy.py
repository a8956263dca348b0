"""Secrets, card numbers and personal data: found by shape, never repeated."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checks.memory import article, as_files, codes, entry, incident, look, look_at, service

SECRETS = [
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----",
    "AKIA" + "IOSFODNN7EXAMPLE",
    "ghp_" + "a1B2" * 9,
    "github_pat_" + "a1B2" * 15,
    "glpat-" + "a1B2c" * 4,
    "xoxb-" + "1234567890-abcdef",
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N",
    "Authorization: Bearer " + "a1B2c3D4" * 4,
    "password: correct7horse",
    "Password=Tr0ub4dor&3",
    "DB_PASSWORD=hunter22x",
    "api-key: 'a1b2c3d4e5'",
    '"client_secret": "a1b2c3d4e5"',
    "aws_secret_access_key = wJalrXUtnFEMI7",
    "postgres://portal:s3cr3tpw@db.example.org/portal",
]
HARMLESS = [
    "The password is in the vault entry portal/db.",
    "Password: forgotten since Friday",
    "password: <from the vault>",
    "password: $DB_PASSWORD1",
    "password: ********",
    "pwd: /srv/portal/releases/2026",
    "secret: https://vault.example.org/portal/2026",
    "Reset the password: 3 tries are left.",
    "passwordless sign-in since 2026",
    "See postgres://portal:<password>@db.example.org",
    "https://example.org:8443/a@b",
    "key: value, token: none",
]


def noted(text: str) -> list[Any]:
    return look_at(incident(entry("08:00", state="new", note=text)))


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_found_and_its_text_is_never_repeated(secret: str) -> None:
    (finding,) = noted(f"Restarted it with {secret} as always.")
    assert (finding.code, finding.field) == ("PRV001", ("timeline", 0, "note"))
    words = " ".join((finding.message, finding.help or "", str(finding.fix)))
    assert not any(part in words for part in secret.split() if len(part) > 8)


@pytest.mark.parametrize("text", HARMLESS)
def test_talk_about_passwords_is_no_secret(text: str) -> None:
    assert noted(text) == []


@pytest.mark.parametrize(
    "record",
    [
        incident(title=f"Use {SECRETS[2]}"),
        incident(resolution={"code": "fixed", "summary": SECRETS[9]}),
        incident(links=[{"label": "log", "url": "https://ana:s3cr3tpw@example.org/"}]),
        service(description=SECRETS[0]),
        article(body=f"Run it with `{SECRETS[11]}`.\n"),
    ],
)
def test_secrets_are_looked_for_in_all_texts(record: dict[str, Any]) -> None:
    assert "PRV001" in codes(look_at(record))


CARDS = [
    "4012888888881881", "4012 8888 8888 1881", "4012-8888-8888-1881", "5555555555554444", "378282246310005",
    "6011111111111117", "30569309025904", "3530111333300000", "2223003122003222",
]  # fmt: skip


@pytest.mark.parametrize("number", CARDS)
def test_card_numbers_are_found_in_the_ways_people_write_them(number: str) -> None:
    (finding,) = noted(f"Paid with {number}, it says.")
    assert finding.code == "PRV004"
    assert number[-4:] not in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "4012888888881882", "4111111111111", "0000000000000000", "9012888888881886",
        "CHG4012888888881881", "4012888888881881-7", "build 20261121080000123", "+44 1225 555 0199",
        "0.4012888888881881", "4012 8888 8888",
    ],
)  # fmt: skip
def test_other_long_numbers_are_no_cards(text: str) -> None:
    assert noted(f"Seen in the log: {text} again.") == []


def test_keys_of_other_systems_are_no_cards() -> None:
    assert look_at(incident(aliases={"old": "4012888888881881"})) == []


@settings(deadline=None, max_examples=60)
@given(st.text("0123456789", min_size=14, max_size=14))
def test_of_ten_numbers_that_differ_in_the_last_digit_one_is_a_card(tail: str) -> None:
    head = f"4{tail}"
    check = next(d for d in "0123456789" if _sum(head + d) % 10 == 0)
    if len(set(head + check)) > 1:
        assert codes(noted(f"Paid with {head}{check}.")) == ["PRV004"]
    for other in set("0123456789") - {check}:
        assert noted(f"Paid with {head}{other}.") == []


def _sum(digits: str) -> int:
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (1 + place % 2)
        total += value // 10 + value % 10
    return total


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ask jane.miller@example.org.", ["PRV002"]),
        ("Call +44 1225 555 0199.", ["PRV002"]),
        ("Call the service desk.", []),
        ("Version 1.2+20261121 is out.", []),
        ("See user@host", []),
    ],
)
def test_addresses_and_telephone_numbers_stay_out_of_public_texts(text: str, expected: list[str]) -> None:
    public = entry("08:00", state="new", public=text)
    assert codes(look_at(incident(public, visibility="public"))) == expected
    assert look_at(incident(public)) == []
    assert look_at(incident(entry("08:00", state="new", note=text), visibility="public")) == []


def test_articles_may_name_contacts() -> None:
    assert look_at(article(body="Write to desk@example.org.\n", visibility="public")) == []


def test_a_hidden_record_is_not_named_in_public() -> None:
    hidden = incident(id="INC-20261121-8R2BC")
    text = "Caused by INC-20261121-8R2BC, as in INC-20261121-8R2BC and INC-20261121-ZZZZZ."
    public = incident(entry("08:00", state="new", public=text), visibility="public")
    found = look_at(public, hidden)
    assert [finding.message for finding in found] == ["INC-20261121-8R2BC is not public"]
    assert look_at(public, {**hidden, "visibility": "public"}) == []
    named = article(body="See INC-20261121-8R2BC.\n", visibility="public")
    assert codes(look_at(named, hidden)) == ["PRV003"]


def test_texts_made_to_keep_the_searches_busy_are_read_to_their_end() -> None:
    hostile = "a.b-" * 20_000 + "eyJaaaaaaaaaaa-" * 2_000 + "://a:" * 4_000 + "-----BEGIN " + "A " * 5_000
    public = incident(entry("08:00", state="new", public=hostile[:99_000]), visibility="public")
    assert look(as_files(public)) == []
