"""Secrets never get from an export into Git."""

from __future__ import annotations

import pytest

from itsm_as_code.checks.privacy import find_card_number, find_secret
from itsm_as_code.domain.loss import LossSort
from itsm_as_code.importers.loss import Losses
from itsm_as_code.importers.valid_drafts import without_secrets
from tests.importers.samples import from_markdown, losses, of_kind


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Set password: hunter22extra now", "Set password: [masked] now"),
        ('export API_KEY="abc123def456ghi"; go', 'export API_KEY="[masked]"; go'),
        ("psql postgres://user:s3cretpw1@db/x", "psql postgres://[masked]@db/x"),
        ("Authorization: Bearer abcdefghijklmnopqrstuvwxyz", "Authorization: Bearer [masked]"),
        ("id AKIA" + "ABCDEFGHIJKLMNOP" + " here", "id [masked] here"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nend", "[masked]\nend"),
        ("-----BEGIN PRIVATE KEY-----\nabc", "[masked]"),
        ("card 5500 0055 5555 5559.", "card [masked]."),
        ("password: <ask> and password: $PASS", "password: <ask> and password: $PASS"),
    ],
)
def test_what_looks_like_a_secret_is_masked_and_the_rest_is_kept(text: str, masked: str) -> None:
    found = without_secrets(text, "body", Losses())
    assert found == masked
    assert find_secret(found) is None
    assert find_card_number(found) is None


def test_masked_secrets_are_reported_without_repeating_them() -> None:
    harvest = from_markdown({"a.md": "Run with password=hunter22extra and password=hunter33extra.\n"})
    assert "hunter" not in str(of_kind(harvest, "article"))
    (loss,) = losses(harvest, LossSort.CLEANED, "body")
    assert (loss.count, loss.examples) == (2, ())
