"""Finds who verified published articles. Only what a person signed counts; the field `verified` proves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.acts import act_files
from itsm_as_code.app.approvals.evaluator import attached_files
from itsm_as_code.domain.approval.act import Act, act_of
from itsm_as_code.domain.approval.active_acts import STRICT
from itsm_as_code.domain.approval.gates import first_gate, subject_of
from itsm_as_code.domain.approval.question import VERIFIED
from itsm_as_code.domain.digest import NotCanonical, digest
from itsm_as_code.domain.kinds.approval import Approval, Decision
from itsm_as_code.domain.kinds.article import Article, Verification
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.evidence.verification import Claim, fault
from itsm_as_code.store.snapshot import TreeSnapshot, read_data

if TYPE_CHECKING:
    from itsm_as_code.domain.snapshot import Snapshot

KIND = Article.KIND
GATES = (first_gate(KIND), VERIFIED)
"""Whoever approves an article at one of these gates has read exactly this content and answers for it."""


def signed_verifications(snapshot: Snapshot, at: datetime) -> dict[str, Verification]:
    """Maps published articles to the newest verification that a person signed, if there is one.

    The acts of a snapshot were verified when they landed, so here only their keys are looked at: a key that somebody
    else may have had proves nothing.
    """
    if not isinstance(snapshot, TreeSnapshot):
        return {}
    found = ((article.id, _newest(snapshot, article, at)) for article in snapshot.all(Article) if _published(article))
    return {article_id: newest for article_id, newest in found if newest is not None}


def _published(article: Article) -> bool:
    return article.state == first_gate(KIND)


def _newest(snapshot: TreeSnapshot, article: Article, at: datetime) -> Verification | None:
    acts = list(_acts(snapshot, subject_of(KIND, article.id), at))
    if not acts:
        return None
    path = snapshot.path(article)
    try:
        content = digest(
            KIND, read_data(path, snapshot.tree.read(path)).data or {}, dict(attached_files(snapshot.tree, article.id))
        )
    except NotCanonical:
        return None
    mine = [act for act in _standing(acts) if act.digest == content and act.on_behalf_of is None]
    last = max(mine, key=lambda act: (act.at, act.id), default=None)
    return Verification(date=last.at.astimezone(UTC).date(), by=last.by) if last is not None else None


def _acts(snapshot: TreeSnapshot, subject: str, at: datetime) -> Iterator[Act]:
    """Yields the valid acts at one of the gates."""
    for path, loaded in act_files(snapshot, subject):
        record = loaded.record if loaded is not None else None
        if isinstance(record, Approval) and record.subject == subject and record.gate in GATES:
            signer = snapshot.find(Person, record.witness or record.by)
            claim = Claim(read_data(path, snapshot.tree.read(path)).data or {}, signer, landed=True)
            act = act_of(record, fault(claim, at, _verified_when_it_landed))
            if act.fault is None and act.workspace == snapshot.settings.id:
                yield act


def _verified_when_it_landed(_words: bytes, _signature: str, _key: str) -> str | None:
    return None


def _standing(acts: list[Act]) -> Iterator[Act]:
    """Yields the approvals that nobody took back. Of two acts of one person, the stricter counts."""
    gone = {ref for act in acts for ref in act.supersedes}
    left = [act for act in acts if act.id not in gone]
    against = {act.stands_for for act in left if act.decision in STRICT}
    yield from (act for act in left if act.decision is Decision.APPROVED and act.stands_for not in against)
