"""Does the last step of an import: it masks secrets, and keeps only drafts that their model accepts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.privacy import find_card_number, find_secret
from itsm_as_code.importers.draft import ImportedRecord

if TYPE_CHECKING:
    from itsm_as_code.importers.loss import Losses

MASK = "[masked]"
"""This replaces a secret. No secret that we recognise begins with a bracket, so the mask is never masked again."""

_KEYS = ("id", "kind", "aliases", "at", "by", "recorded", "url")
_REST = re.compile(r"[^\s\"'`<>@]*")
_KEY_BLOCK = re.compile(r".*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|\Z)", re.DOTALL)
_NAME = re.compile(r"Bearer |://|.*?[:=][ \t]*['\"]?", re.DOTALL)
_SHORTEST = 12


def valid_drafts(drafts: Iterable[ImportedRecord], losses: Losses) -> Iterator[ImportedRecord]:
    """Yields the drafts that their models accept. The others are reported and left out, never written in part."""
    from pydantic import ValidationError

    from itsm_as_code.domain.kinds import KINDS

    for found in drafts:
        draft = replace(found, data=_masked(found.data, "", losses), body=_masked(found.body, "body", losses))
        data: dict[str, Any] = draft.data if draft.body is None else {**draft.data, "body": draft.body}
        try:
            KINDS[draft.kind].model.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False)[0]
            where = ".".join(str(step) for step in first["loc"])
            losses.dropped(draft.kind, f"Left out: {where}: {first['msg']}.", draft.id)
            continue
        yield draft


def _masked(value: Any, field: str, losses: Losses) -> Any:
    """Returns the value with its texts masked. Values of keys that name something stay."""
    if isinstance(value, str):
        return without_secrets(value, field, losses) if len(value) > _SHORTEST else value
    if isinstance(value, dict):
        return {key: item if key in _KEYS else _masked(item, key, losses) for key, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, field, losses) for item in value]
    return value


def without_secrets(text: str, field: str, losses: Losses) -> str:
    """Returns `text` with keys, passwords, tokens and card numbers masked.

    What is once in Git stays in every clone.
    """
    start = 0
    while match := find_secret(text, start):
        name = _NAME.match(match[0]) if not match[0].startswith(("-----", "eyJ")) else None
        kept = name[0] if name else ""
        is_block = match[0].startswith("-----")
        end = (_KEY_BLOCK if is_block else _REST).match(text, match.end() - match[0].endswith("@"))
        assert end is not None  # Both patterns match an empty text.
        text = text[: match.start()] + kept + MASK + text[end.end() :]
        start = match.start() + len(kept) + len(MASK)
        losses.cleaned(field, f"What looks like a secret was replaced by {MASK}.")
    start = 0
    while match := find_card_number(text, start):
        text = text[: match.start()] + MASK + text[match.end() :]
        start = match.start() + len(MASK)
        losses.cleaned(field, f"What looks like a payment card number was replaced by {MASK}.")
    return text
