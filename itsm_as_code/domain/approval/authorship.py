"""Says what `authors` means for a decision: who is barred by it, and who has objected to being named there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from itsm_as_code.domain.approval.act import Act, ActProof
from itsm_as_code.domain.approval.question import AUTHORS
from itsm_as_code.domain.kinds.approval import Decision

IS_AUTHOR = "is one of its authors"
"""The reason why an author fills no seat."""


def names_in(data: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Returns the people whom a record names as its authors, as written."""
    authors = (data or {}).get("authors")
    return tuple(name for name in authors if isinstance(name, str)) if isinstance(authors, list) else ()


def objectors(acts: Iterable[Act], content: str) -> frozenset[str]:
    """Returns the people who signed that they did not write this content, although they may be named as authors.

    Anybody can write any name into a record and any address into a commit, so the person has the last word. They have
    it in person, about exactly this content. Whoever has ever signed a proposal of the subject is not believed.
    """
    sound = [act for act in acts if act.fault is None]
    proposed = {person for act in sound if act.decision is Decision.PROPOSED for person in (act.by, act.stands_for)}
    said = [act for act in sound if act.gate == AUTHORS and act.on_behalf_of is None and act.proof is ActProof.SIGNED]
    gone = {(ref, act.by) for act in said for ref in act.supersedes}
    objecting = (act for act in said if act.decision is Decision.REFUSED and content and act.digest == content)
    return frozenset(act.by for act in objecting if (act.id, act.by) not in gone) - proposed


def without_objectors(barred: Mapping[str, str], objecting: frozenset[str]) -> dict[str, str]:
    """Returns the people who are barred, without those who only are so because a record names them as authors."""
    return {person: why for person, why in barred.items() if why != IS_AUTHOR or person not in objecting}
