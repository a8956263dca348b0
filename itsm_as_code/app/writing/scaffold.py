"""What a new record starts from: a template for kinds with much structure, and a message on what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from itsm_as_code.domain.assignment import choices_of
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.calendar import Calendar
from itsm_as_code.domain.kinds.team import Team
from itsm_as_code.domain.wording import listed

if TYPE_CHECKING:
    from datetime import datetime

    from itsm_as_code.domain.snapshot import Snapshot

TEMPLATES = ("calendar", "sla", "policy")
"""Kinds that nobody can make from single words."""

_OPTIONS = ("service", "type", "item", "requester", "owner", "team")
"""Fields that `itsm new` has an option for."""


def scaffold(kind: str, record_id: str, label: str, snapshot: Snapshot, now: datetime) -> bytes | None:
    """Returns the text that a new record of this kind starts from, or None if it starts from nothing.

    Raises UsageFault if a policy has no team that could decide.
    """
    if kind not in TEMPLATES:
        return None
    from itsm_as_code.app.writing.templates import yaml_environment

    values = {
        "id": record_id,
        "label": label,
        "year": now.year,
        "time_zone": snapshot.settings.time_zone,
        "calendar": next((calendar.id for calendar in snapshot.all(Calendar)), None),
        "team": next((team.id for team in snapshot.all(Team)), None),
    }
    if kind == "policy" and values["team"] is None:
        raise UsageFault("a policy needs a team that decides", hint="itsm new team --name …")
    return yaml_environment("records").get_template(f"{kind}.yaml.j2").render(values).encode()


def require_all(kind: str, data: Mapping[str, Any]) -> None:
    """Raises UsageFault, with the options to add, if a required field is missing."""
    missing = list(_missing(KINDS[kind].model, data, ()))
    if not missing:
        return
    names = [f"`{'.'.join(path)}`" for path, _, _ in missing]
    options = [f"{_option(path)}{_word(annotation)}" for path, annotation, _ in missing]
    width = max(map(len, options))
    lines = [f"{option:<{width}}  {about}" for option, (_, _, about) in zip(options, missing, strict=True)]
    raise UsageFault(f"a new {kind} needs {listed(names)}", hint="\n    ".join(["add", *lines]))


def _missing(
    model: type[BaseModel], data: Mapping[str, Any], above: tuple[str, ...]
) -> list[tuple[tuple[str, ...], Any, str]]:
    """Yields (path, annotation, description) of required fields that are missing, in the model's order."""
    found = []
    for name, info in model.model_fields.items():
        key = info.alias or name
        inner = next((c for c in choices_of(info.annotation) if isinstance(c, type) and issubclass(c, BaseModel)), None)
        if key not in data and info.is_required():
            if inner is not None and (below := _missing(inner, {}, (*above, key))):
                found += below
            else:
                found.append(((*above, key), info.annotation, info.description or ""))
        elif inner is not None and isinstance(data.get(key), Mapping):
            found += _missing(inner, data[key], (*above, key))
    return found


def _option(path: tuple[str, ...]) -> str:
    return f"--{path[0]} " if len(path) == 1 and path[0] in _OPTIONS else f"--set {'.'.join(path)}="


def _word(annotation: Any) -> str:
    """Returns what to put there: the words to choose from, or dots."""
    enum = next((c for c in choices_of(annotation) if isinstance(c, type) and issubclass(c, Enum)), None)
    words = [str(member.value) for member in enum] if enum else []
    return "|".join(words) if 0 < len(words) <= 5 else "…"
