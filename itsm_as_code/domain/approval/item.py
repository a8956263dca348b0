"""The rule that a request item makes for the requests that name it: its seats, or nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.kinds.policy import PolicyRule

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.request_item import RequestItem
    from itsm_as_code.domain.snapshot import Snapshot

NOBODY = "the request item asks for nobody"


def item_rules(item_id: str, base: Snapshot) -> dict[str, PolicyRule]:
    """`item/<id>` to the rule of the item at base. No rule where base has no such item: then nothing is approved."""
    item: Any = base.get("request-item", item_id)
    return {f"item/{item_id}": item_rule(item)} if item is not None else {}


def item_faults(item_id: str, base: Snapshot) -> Iterator[str]:
    """Why nobody may have the item any more."""
    item: Any = base.get("request-item", item_id)
    if item is not None and item.state != "active":
        yield f"the request item {item_id} is retired: what it asks for is not offered any more"


def item_rule(item: RequestItem) -> PolicyRule:
    """The item's seats as a rule."""
    if item.seats:
        return PolicyRule(id=item.id, seats=item.seats)
    return PolicyRule(id=item.id, seats="none", because=NOBODY)
