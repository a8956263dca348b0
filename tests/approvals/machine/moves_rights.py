"""Moves that change who decides: people, keys, deputies, teams, policies, freezes."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.approvals.machine.drafts import HOUR, edited, stamp, there
from tests.approvals.machine.players import Players, numbers, people, writers
from tests.approvals.records import Record


class Rights(Players):
    """People who keep the rules, and those who would like to."""

    @rule(
        name=people, writer=writers, luck=numbers, number=numbers,
        what=st.sampled_from((
            "role", "no role", "leaves", "returns", "new key", "key ends", "key begins", "revoked", "delegates",
            "delegates",
        )),
        to=st.sampled_from(("finn", "ana", "ben", "cleo", "eve")), hours=st.sampled_from((-30, -1, 0, 1, 30)),
    )  # fmt: skip
    def edit_person(self, name: str, writer: str, what: str, to: str, hours: int, number: int, luck: int) -> None:
        """Somebody's record is edited: rights, keys, deputies."""
        board, record, twist = self.board, there(self.board, "person", name), self._twist(number)
        since, until, keys = stamp(board, -hours * HOUR), stamp(board, -(hours + 20) * HOUR), record["keys"]
        ways: dict[str, Record] = {
            "role": {"roles": sorted({*record.get("roles", ()), "keeper"})},
            "no role": {"roles": [each for each in record.get("roles", ()) if each != "keeper"] or None},
            "leaves": {"state": "retired"},
            "returns": {"state": None},
            "new key": {"keys": [*keys, {"key": self.place.keys["spare"]}] if self._spare() else keys},
            "key ends": {"keys": [keys[0] | {"valid_until": since}, *keys[1:]]},
            "key begins": {"keys": [*keys[:-1], keys[-1] | {"valid_from": since}]},
            "revoked": {"keys": [keys[0] | {"revoked": {"since": since, "reason": "Lost."}}, *keys[1:]]},
            "delegates": {"delegate": {"to": to, "from": since, "until": until} if to != name else None},
        }  # fmt: skip
        self._propose(edited(record, writer, twist, **ways[what]), writer, twist, luck)

    @rule(name=st.sampled_from(("it", "cab")), who=people, writer=writers, number=numbers, luck=numbers)
    def edit_team(self, name: str, who: str, writer: str, number: int, luck: int) -> None:
        """Somebody joins a team or leaves it."""
        record, twist = there(self.board, "team", name), self._twist(number)
        members = [each for each in record["members"] if each != who]
        members = members if len(members) < len(record["members"]) else [*members, who]
        self._propose(edited(record, writer, twist, members=members), writer, twist, luck)

    @rule(
        writer=writers, number=numbers, luck=numbers,
        what=st.sampled_from(("two", "one", "short", "no veto", "authors may", "nobody withdraws", "eve decides")),
    )  # fmt: skip
    def edit_policy(self, writer: str, what: str, number: int, luck: int) -> None:
        """The rule for changes is edited."""
        record, twist = there(self.board, "policy", "changes"), self._twist(number)
        ways: dict[str, Record] = {
            "two": {"seats": [{"teams": ["it"], "count": 2}]}, "one": {"seats": [{"teams": ["it"]}]},
            "short": {"expires_after": "1d"}, "no veto": {"veto": False}, "authors may": {"author_may_approve": True},
            "nobody withdraws": {"withdraw_by": None}, "eve decides": {"seats": [{"teams": ["it"], "people": ["eve"]}]},
        }  # fmt: skip
        first, *rest = record["rules"]
        rules = [{key: value for key, value in (first | ways[what]).items() if value is not None}, *rest]
        self._propose(edited(record, writer, twist, rules=rules), writer, twist, luck)

    @rule(
        writer=writers,
        name=st.sampled_from(("autumn", "audit")),
        hours=st.sampled_from((-2, 0, 20)),
        shut=st.booleans(),
        number=numbers,
        luck=numbers,
    )
    def freeze(self, writer: str, name: str, hours: int, shut: bool, number: int, luck: int) -> None:
        """A freeze is made, moved, or taken away."""
        board, twist = self.board, self._twist(number)
        start, end = stamp(board, -hours * HOUR), stamp(board, -(hours + 40) * HOUR)
        where = f"records/freezes/{name}.yaml"
        if where in board.tip:
            before = there(board, "freeze", name)
            fields: Record = (
                {"state": "retired" if before.get("state") != "retired" else None}
                if shut
                else {"from": start, "until": end}
            )
            record = edited(before, writer, twist, **fields)
        else:
            record = {
                "id": name, "kind": "freeze", "schema": 1, "title": "Quiet days", "scope": {}, "from": start,
                "until": end, "reason": "Nobody is here.", "authors": [writer],
            } | ({} if shut else {"exceptions": [{"roles": ["keeper"]}]})  # fmt: skip
        self._propose(record, writer, twist, luck)
