"""Defines the question to decide: a subject at a gate, with everything that the rules may read about it."""

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
AUTHORS = "authors"
"""At this gate, a refusal says that its maker did not write the content, although `authors` names them."""
VERIFIED = "verified"
"""At this gate, an approval says that its maker followed the article and found it correct."""

UNPUBLISHED = "unpublished"
"""The gate at which a published article leaves the site. Whoever decides on publishing decides on this too."""

STATEMENTS = (AUTHORS, VERIFIED)
"""The gates at which a person says something for themselves. Records pass them without anybody."""

AFTERWARDS = (POST_REVIEW, RATIFY)
"""The gates at which people decide on something that has happened already. It needs no proposal."""


@dataclass(frozen=True, slots=True)
class Question:
    """The question: may this subject, with exactly this content, pass this gate?

    `subject` is a ticket id, `kind/slug`, `workspace` (itsm.yaml) or `workflows`. `facts` are the values that
    conditions may read: material fields and values computed from base. `fields` maps each material field to its hash.
    `disqualified` maps authors and requesters to the reason. `replaces` is the digest of the content on base that an
    edit replaces. `faults` say why the question has no certain answer. `own_rules` are the rules of base for this
    subject alone, by name. `rules_of` names the gate whose policies apply, if that is another gate. `held_back` says
    what keeps the gate closed whatever people decide. With `reason_wanted`, an author's own approval needs a comment.
    With `review_missing`, the review that the gate decides on is not written yet. With `counting`, no other approvals
    than these fill a seat.
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
    review_missing: bool = False
    counting: frozenset[str] | None = None

    @property
    def needs_proposal(self) -> bool:
        """Tells whether somebody must have proposed exactly this content."""
        return self.gate not in AFTERWARDS
