"""Turns the seats of a request item into the rule for requests of that item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.rule_names import ITEM, rule_of_record
from itsm_as_code.domain.kinds.policy import PolicyRule
from itsm_as_code.domain.kinds.request_item import RequestItem

if TYPE_CHECKING:
    from itsm_as_code.domain.snapshot import Snapshot

NOBODY = "the request item asks for nobody"


def item_rules(item_id: str, base: Snapshot) -> dict[str, PolicyRule]:
    """Returns the rule of the item on base as `item/<id>`. Without the item there is no rule; the gate stays closed."""
    item = base.find(RequestItem, item_id)
    return {rule_of_record(ITEM, item_id): item_rule(item)} if item is not None else {}


def item_faults(item_id: str, base: Snapshot) -> Iterator[str]:
    """Yields why the item can't be requested any more."""
    item = base.find(RequestItem, item_id)
    if item is not None and item.state != "active":
        yield f"the request item {item_id} is retired and no longer offered"


def item_rule(item: RequestItem) -> PolicyRule:
    """Returns a rule with the item's seats. An item without seats needs nobody."""
    if item.seats:
        return PolicyRule(id=item.id, seats=item.seats)
    return PolicyRule(id=item.id, seats="none", because=NOBODY)
