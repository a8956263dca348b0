"""Computes what people approve in a record, and which revision it must have (see `docs/records.md`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.base import Gated
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.settings import Settings
from itsm_as_code.domain.shape import material_keys

SETTINGS_KIND = "settings"
"""The name that is used for itsm.yaml where a kind is expected."""


WORKFLOWS_KIND = "workflows"
"""The name that is used for all workflow files of the repository where a kind is expected."""


def counts_revisions(kind: str) -> bool:
    """Tells whether records of this kind have `revision` and `authors`."""
    return kind == SETTINGS_KIND or (kind in KINDS and issubclass(KINDS[kind].model, Gated))


def material_part(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the material fields as written, without the revision. For workflow files, everything is material."""
    if kind == WORKFLOWS_KIND:
        return dict(data)
    keys = material_keys(Settings if kind == SETTINGS_KIND else KINDS[kind].model) - {"revision"}
    return {key: value for key, value in data.items() if key in keys}


def state_in(kind: str, data: Mapping[str, Any]) -> str | None:
    """Returns the state as the model of the kind reads it; None if it has none, or if the data do not fit the model.

    There is no second reader of the state: what gates are asked is what lists, pages and clocks show.
    """
    if kind not in KINDS:
        return None
    try:
        record: Any = KINDS[kind].model.model_validate(data)
    except ValidationError:
        return None
    state = getattr(record, "state", None)
    return str(state) if state is not None else None


def is_readable(kind: str, data: Mapping[str, Any]) -> bool:
    """Tells whether the data fit the model of the kind, so that they have one meaning."""
    if kind not in KINDS:
        return True
    try:
        KINDS[kind].model.model_validate(data)
    except ValidationError:
        return False
    return True


def revision_wanted(
    kind: str, base: Mapping[str, Any] | None, head: Mapping[str, Any], *, files_changed: bool = False
) -> int | None:
    """Returns the revision that `head` must have, or None if the revision on base can't be read.

    It is 1 for a new record. It is one more than on base if material content or attached files change, if the record
    goes back to draft, or if it leaves a final state. Otherwise it is the same as on base.
    """
    if base is None:
        return 1
    before = base.get("revision", 1)
    if not isinstance(before, int):
        return None
    changed = files_changed or material_part(kind, base) != material_part(kind, head)
    return before + 1 if changed or _begins_anew(kind, base, head) else before


def _begins_anew(kind: str, base: Mapping[str, Any], head: Mapping[str, Any]) -> bool:
    """Tells whether the record goes back to draft or leaves a final state. Then no earlier act may fit it again."""
    was, now = state_in(kind, base), state_in(kind, head)
    final = LIFECYCLES[kind].final if kind in LIFECYCLES else ()
    return (now == "draft" and was not in (None, "draft")) or (was in final and now not in (None, *final))
