"""Names rules, so that no two rules share a name, and finds the rules that the `seat` of an act means.

A rule of a policy is called `policy/rule`. The rule of one record is called by what it is for: `item/laptop` has the
seats of a request item, `freeze/year-end` those of a freeze.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.policy import PolicyRule

ITEM = "item"
FREEZE = "freeze"
_OF_RECORDS = (ITEM, FREEZE)


def rule_of_record(what: str, record_id: str) -> str:
    """Returns the name of the rule that a request item (`ITEM`) or a freeze (`FREEZE`) holds itself."""
    return f"{what}/{record_id}"


def rule_of_policy(policy_id: str, rule_id: str, taken: Collection[str]) -> str:
    """Returns a name for the rule of a policy that none of the rules in `taken` has.

    A policy that is called `item` or `freeze` gets `policy/` before its name. Of several rules with one id, the later
    ones get a number.
    """
    name = f"{policy_id}/{rule_id}"
    name = f"policy/{name}" if policy_id in _OF_RECORDS else name
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}#{number}"
    return free


def short_name(rule: str) -> str:
    """Returns the rule's own id, without what comes before it and without a number."""
    return rule.rpartition("/")[2].partition("#")[0]


def rules_meant(seat: str, rules: Collection[str]) -> tuple[str, ...]:
    """Returns the rules that the `seat` of an act means: the rule with this name, or else all rules with this id."""
    return (seat,) if seat in rules else tuple(rule for rule in rules if short_name(rule) == seat)


def seat_fault(seat: str | None, rule: str, applying: Mapping[str, PolicyRule]) -> str | None:
    """Returns why an act that names this `seat` may not fill a seat of the rule, or None.

    An id that several of the applying rules have means none of them: its maker had one of them in mind.
    """
    if seat is None:
        return None
    meant = rules_meant(seat, [name for name, each in applying.items() if each.seats != "none"])
    if meant == (rule,):
        return None
    return f"it is meant for seat {seat}" + (f", which could be {' or '.join(meant)}" if len(meant) > 1 else "")
