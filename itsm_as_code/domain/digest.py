"""Computes the digest of what people approve: sha256 over the canonical form of a record's material fields.

The canonical form is that of RFC 8785 for the values that records may hold: text, booleans, whole numbers within
±(2^53 - 1), lists, and maps with ASCII keys. For these, sorted `json.dumps` gives the same bytes (tested).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from itsm_as_code.domain.revision import material_part

PREFIX = "itsm1:"
"""Names the digest function of schema 1. The function of a schema number never changes."""
LARGEST = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly (RFC 8785, RFC 7493)."""
FIELD_HASH_LENGTH = 16
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
REVIEWED = ("outcome", "post_implementation_review")
"""The fields that the review of a change covers besides the material content (gate `post-review`)."""


class NotCanonical(ValueError):
    """A value has no canonical form: null, a fraction, a number that is too large, or a key that is not ASCII text."""


def canonical(value: Any) -> bytes:
    """Returns the canonical bytes of a value. Raises NotCanonical if there are none."""
    _refuse_what_has_none(value)
    return _ENCODER.encode(value).encode()


def _refuse_what_has_none(value: Any) -> None:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise NotCanonical("a text holds half of a surrogate pair") from None
    elif isinstance(value, bool):
        return
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            raise NotCanonical(f"a number is beyond ±(2^53 - 1): {value}")
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_what_has_none(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise NotCanonical(f"a key is not ASCII text: {key!r}")
            _refuse_what_has_none(item)
    else:
        raise NotCanonical(f"a value of type {type(value).__name__} has no canonical form")


def material(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the material fields as written, including `revision` if it is written. Adds no defaults."""
    part = material_part(kind, data)
    if "revision" in data:
        part["revision"] = data["revision"]
    return part


def reviewed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the fields, as written, that the review of a change covers besides its material content."""
    return {key: data[key] for key in REVIEWED if key in data}


def digest(
    kind: str, data: Mapping[str, Any], attachments: Mapping[str, str] | None = None,
    review: Mapping[str, Any] | None = None,
) -> str:  # fmt: skip
    """Returns the digest: `itsm1:` and 64 hex digits. Raises NotCanonical for content that no record may hold.

    `attachments` maps the paths of attached files to the sha256 of their bytes. `review` holds the additional fields
    of an act at gate `post-review`; see `reviewed`.
    """
    covered: dict[str, Any] = {"kind": kind, "schema": data.get("schema"), "material": material(kind, data)}
    if attachments:
        covered["attachments"] = dict(attachments)
    if review:
        covered["review"] = dict(review)
    return PREFIX + hashlib.sha256(canonical(covered)).hexdigest()


def field_hashes(
    kind: str, data: Mapping[str, Any], attachments: Mapping[str, str] | None = None,
    review: Mapping[str, Any] | None = None,
) -> dict[str, str]:  # fmt: skip
    """Maps each material field's path to the first 16 hex digits of its value's sha256. They show later what changed.

    Each key of a map has its own hash (`plan.backout`); a list has one hash (`affects`). The key of an attached file
    is its path.
    """
    parts = dict(_leaves(material(kind, data) | dict(review or {}), ()))
    parts |= attachments or {}
    return {path: hashlib.sha256(canonical(value)).hexdigest()[:FIELD_HASH_LENGTH] for path, value in parts.items()}


def _leaves(part: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for key, value in part.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, (*path, key))
        else:
            yield ".".join((*path, key)), value


def changed_fields(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the field paths whose hashes differ, sorted."""
    return tuple(sorted(path for path in {*before, *after} if before.get(path) != after.get(path)))
