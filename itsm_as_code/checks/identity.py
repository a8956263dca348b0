"""Family ID: checks that each record has one path, one id, and aliases and keys that no other record has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.registry import Context, StepContext, change_check, record_check, rule, workspace_check
from itsm_as_code.domain.edit import Fix, SetValue
from itsm_as_code.domain.finding import Spot, cut
from itsm_as_code.domain.ids import approval_path, parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.person import Person

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.snapshot import Snapshot
    from itsm_as_code.domain.step import RecordChange

ID_DIFFERS = rule(
    "ID001", "id-does-not-match-path",
    why="References find a record by its path. If its id says something else, they miss it.",
    fix="Correct `id`, or rename the file after its id before it lands.",
)  # fmt: skip
UNKNOWN_FILE = rule(
    "ID002", "file-is-no-record",
    why="No rule checks such a file. If it is a record with a misspelt name, itsm ignores it and reports nothing else.",
    fix="Name it like a record, e.g. records/services/<id>.yaml, records/incidents/2026/11/<id>.yaml; or move it away.",
)  # fmt: skip
TWO_FILES = rule(
    "ID003", "two-files-for-one-id",
    why="If one record has two files, nobody knows which of them is right.",
    fix="Keep one of them, and delete the other before it lands.",
)  # fmt: skip
CASE_CLASH = rule(
    "ID004", "names-differ-only-by-case",
    why="On macOS and Windows, one of the two files hides the other.",
    fix="Rename one of them. Each id has one spelling: lower case, or upper case for the ids of tickets and acts.",
)  # fmt: skip
SYMLINK = rule(
    "ID005", "symbolic-link",
    why="A link can point outside the repository or at another record, and a review does not show its target.",
    fix="Replace the link with a real file.",
)  # fmt: skip
SUBMODULE = rule(
    "ID006", "submodule-under-records",
    why="The content of another repository is reviewed by other rules than yours.",
    fix="Remove the submodule and keep its files here.",
)  # fmt: skip
NOT_PLAIN = rule(
    "ID007", "not-a-plain-file",
    why="Pipes, devices and unreadable folders can't be checked, and itsm accepts nothing unchecked.",
    fix="Remove it, or make it readable.",
)  # fmt: skip
DUPLICATE_ALIAS = rule(
    "ID008", "alias-used-twice",
    why="An alias identifies one record. With two, an import does not know which one to update.",
    fix="Remove the alias from all records but one.",
)  # fmt: skip
RESERVED_ID = rule(
    "ID009", "reserved-id",
    why="`nobody` means that a ticket is assigned to no one.",
    fix="Choose another id.",
)  # fmt: skip


SHARED_IDENTITY = rule(
    "ID010", "identity-of-two-people",
    why="An address says who acts, and a key proves it. If two people share one, it proves nothing.",
    fix="Leave the address or key with the person it belongs to. Retired people keep their keys for the audit.",
)  # fmt: skip

KEY_TWICE = rule(
    "ID011", "key-listed-twice",
    why="A key that is listed twice can be revoked in one place and still look valid in the other.",
    fix="Keep one of the two, with the revocation if either has one.",
)  # fmt: skip


@record_check(ID_DIFFERS)
def id_matches_path(record: Record, ctx: Context) -> Iterator[Spot]:
    """Compares `id` with the name of the file."""
    path = ctx.snapshot.path(record)
    if path.rpartition("/")[2].rpartition(".")[0] == record.id:
        return
    expected = parse_path(path)
    if expected is not None and expected[1] != record.id:
        fix = Fix(f"set id to {expected[1]}", (SetValue(("id",), expected[1]),), safe=False)
        yield Spot(f"id is `{cut(record.id)}`, but the file is named {expected[1]}", ("id",), fix=fix)


@record_check(ID_DIFFERS, "approval")
def act_lies_with_its_subject(act: Any, ctx: Context) -> Iterator[Spot]:
    """Compares `subject` of an act with its folder."""
    if ctx.snapshot.path(act).rpartition("/")[0] != approval_path(act.subject, act.id).rpartition("/")[0]:
        yield Spot(f"an act on {cut(act.subject)} is in the folder of another subject", ("subject",))


@record_check(RESERVED_ID, "person")
def reserved_id(record: Record, _: Context) -> Iterator[Spot]:
    """Finds people whose id is a reserved word."""
    if record.id == "nobody":
        yield Spot("`nobody` can't be the id of a person", ("id",))


@record_check(KEY_TWICE, "person")
def key_listed_twice(person: Any, _: Context) -> Iterator[Spot]:
    """Finds keys that one person lists more than once."""
    seen: dict[str, int] = {}
    for index, each in enumerate(person.keys):
        first = seen.setdefault(each.key, index)
        if first != index:
            yield Spot(f"this is the same key as number {first + 1} of the list", ("keys", index, "key"))


@workspace_check(DUPLICATE_ALIAS)
def alias_used_twice(ctx: Context) -> Iterator[tuple[str, Spot]]:
    """Finds aliases that two records of one kind share."""
    holders: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for kind in KINDS:
        for record in ctx.snapshot.records(kind):
            for system, key in record.aliases.items():
                holders[kind, system, key].append(record)
    for (_, system, key), records in holders.items():
        for record in records[1:]:
            message = f"alias {cut(system)}: {cut(key)} belongs to {records[0].id} too"
            yield ctx.snapshot.path(record), Spot(message, ("aliases", system))


@workspace_check(SHARED_IDENTITY)
def identity_of_two_people(ctx: Context) -> Iterator[tuple[str, Spot]]:
    """Finds addresses, keys and forge accounts that two people share. Addresses are compared without case."""
    holders: dict[tuple[str, str], Record] = {}
    for person in ctx.snapshot.all(Person):
        keys = [(("keys", index, "key"), each.key) for index, each in enumerate(person.keys)]
        addresses = [(("emails", index), each.lower()) for index, each in enumerate(person.emails)]
        accounts = [(("forge", name, "id"), f"{name} {each.id}") for name, each in person.forge.items()]
        for place, value in (*addresses, *keys, *accounts):
            holder = holders.setdefault((str(place[0]), value), person)
            if holder is not person:
                yield ctx.snapshot.path(person), Spot(f"{holder.id} has it too", place)


@change_check(SHARED_IDENTITY, "person")
def identity_taken_over(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """Finds what a changed person shares with others: addresses and accounts on head, keys on base or head.

    A key belongs to one person for ever, so nobody can take it over in the step that removes it from its owner.
    """
    head: Any = change.head.record if change.head is not None else None
    if head is None:
        return
    before, after = (_others(side, head.id) for side in (ctx.step.base, ctx.step.head))
    keys = {each.key: person.id for person in (*before, *after) for each in person.keys}
    addresses = {each.lower(): person.id for person in after for each in person.emails}
    for index, each in enumerate(head.keys):
        if each.key in keys:
            yield Spot(f"{keys[each.key]} has it too, or had it", ("keys", index, "key"))
    for index, address in enumerate(head.emails):
        if address.lower() in addresses:
            yield Spot(f"{addresses[address.lower()]} has it too", ("emails", index))
    accounts = {(name, each.id): person.id for person in after for name, each in person.forge.items()}
    for name, account in head.forge.items():
        if (name, account.id) in accounts:
            yield Spot(f"{accounts[name, account.id]} has it too", ("forge", name, "id"))


def _others(snapshot: Snapshot, person_id: str) -> list[Person]:
    return [person for person in snapshot.all(Person) if person.id != person_id]


RULES = (
    ID_DIFFERS, UNKNOWN_FILE, TWO_FILES, CASE_CLASH, SYMLINK, SUBMODULE, NOT_PLAIN, DUPLICATE_ALIAS, RESERVED_ID,
    SHARED_IDENTITY, KEY_TWICE,
)  # fmt: skip
