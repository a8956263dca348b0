"""What is to be decided: a subject at a gate, with everything about it that the rules may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.policy import PolicyRule

EDIT = "edit"
POST_REVIEW = "post-review"
RATIFY = "ratify"
EXCEPTION = "exception/"


@dataclass(frozen=True, slots=True)
class Question:
    """May this subject, with exactly this content, pass this gate?

    `subject` is a ticket id, `kind/slug`, `workspace` (itsm.yaml) or `workflows`; `facts` are the material
    fields and values computed from base, for conditions; `fields` the hashes of the material fields.
    `disqualified` are people who wrote or asked for it, with the reason. `replaces` is the digest on base,
    for an edit of something that is there. `faults` keep the question from having a sure answer.
    `own_rules` (name to rule) are those that base has for just this subject, besides its policies.
    """

    workspace: str
    subject: str
    kind: str
    gate: str
    digest: str
    facts: Mapping[str, Any]
    fields: Mapping[str, str] = field(default_factory=dict)
    disqualified: Mapping[str, str] = field(default_factory=dict)
    owner_team: str | None = None
    replaces: str | None = None
    faults: tuple[str, ...] = ()
    own_rules: Mapping[str, PolicyRule] = field(default_factory=dict)
