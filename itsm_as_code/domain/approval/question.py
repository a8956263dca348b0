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

AFTERWARDS = (POST_REVIEW, RATIFY)
"""Gates of decisions on what has happened already: nobody proposes it, it is there."""


@dataclass(frozen=True, slots=True)
class Question:
    """May this subject, with exactly this content, pass this gate?

    `subject` is a ticket id, `kind/slug`, `workspace` (itsm.yaml) or `workflows`; `facts` are the material
    fields and values computed from base, for conditions; `fields` the hashes of the material fields.
    `disqualified` are people who wrote or asked for it, with the reason. `replaces` is the digest on base,
    for an edit of something that is there. `faults` keep the question from having a sure answer.
    `own_rules` (name to rule) are those that base has for just this subject, besides its policies.
    `rules_of` is the gate whose policies apply, where that is another one. `held_back` says what keeps the
    subject from passing whatever people decide. `reason_wanted`: an author's own approval needs a comment.
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
    rules_of: str | None = None
    held_back: tuple[str, ...] = ()
    reason_wanted: bool = False

    @property
    def needs_proposal(self) -> bool:
        """Whether somebody must have proposed exactly this content."""
        return self.gate not in AFTERWARDS
