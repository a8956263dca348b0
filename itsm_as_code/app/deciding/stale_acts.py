"""Counts the acts that an edit makes stale, because they name the content that the record had before. It does not
verify signatures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.acts import acts_on, folder_of_acts
from itsm_as_code.app.writing.revision_and_authors import data_of
from itsm_as_code.domain.approval.gates import subject_of
from itsm_as_code.domain.digest import NotCanonical, field_hashes
from itsm_as_code.domain.ids import parse_path
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.revision import counts_revisions
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.app.checkout.checkout import Checkout
    from itsm_as_code.app.writing.draft import Draft


def stale_acts(checkout: Checkout, drafts: tuple[Draft, ...]) -> Iterator[tuple[str, int]]:
    """Yields subjects that the drafts change materially, with the number of proposals and approvals, here or on base,
    of the old content. A draft with an act of its own is left out, because it is proposed again already."""
    base = checkout.clone.base if checkout.clone is not None else None
    snapshots = [each for each in (checkout.here, base) if each is not None]
    for draft in drafts:
        located = parse_path(draft.path)
        if draft.before is None or located is None or not counts_revisions(located[0]):
            continue
        kind, subject = located[0], subject_of(*located)
        if any(other.path.startswith(f"{folder_of_acts(subject)}/") for other in drafts):
            continue
        try:
            before, after = (field_hashes(kind, data_of(draft.path, text)) for text in (draft.before, draft.after))
        except NotCanonical:
            continue
        number = _fitting(snapshots, subject, before) if before != after else 0
        if number:
            yield subject, number


def _fitting(snapshots: Sequence[TreeSnapshot], subject: str, fields: dict[str, str]) -> int:
    """Returns the number of proposals and approvals of content with these fields, without those that others replace."""
    acts = {path: act for snapshot in snapshots for path, act, _ in acts_on(snapshot, subject)}
    gone = {ref for act in acts.values() for ref in act.supersedes}
    yes = (a for a in acts.values() if a.decision in (Decision.PROPOSED, Decision.APPROVED) and a.id not in gone)
    return sum(fields.items() <= dict(act.fields).items() for act in yes)
