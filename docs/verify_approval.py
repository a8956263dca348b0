"""Checks what `itsm show REF --format json --proof` printed, from docs/approval-format.md alone.

    python3 verify_approval.py [FILE]      (standard input without FILE)

Needs Python 3.11 and `ssh-keygen` (OpenSSH 8.2 or newer), nothing else, and no network. Exit codes:
0 all holds and the approval is whole · 1 something does not hold, or it is not approved · 2 it could not be checked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

NAMESPACE = "itsm-approval"
TICKETS = ("incident", "change", "problem", "request")
NOT_PROPOSED = ("post-review", "ratify")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "bd": timedelta(days=1)}
instant = datetime.fromisoformat
UNPROVED = (
    "that the rules, seats, people, teams and keys shown are those of the base commit (a clone with it can tell)",
    "that the root of trust is the one you know: compare the genesis commit by another way",
    "that every rule which applied is shown, and that those `barred` are all who wrote or asked for it",
    "that no act was left out, above all no refusal or withdrawal",
    "when acts were made and landed: `at` is the maker's claim, `judged_at` the committer's or the command's",
    "that the content is what was carried out afterwards",
)


class CouldNotCheck(Exception):
    """The document or a tool is not what it has to be."""


class Forged(Exception):
    """An act that could never have landed as it is shown."""

    mark = "forged"


class Void(Forged):
    """An act that is genuine and does not count."""

    mark = "void"


# The canonical form, the digest, the hashes of fields.


def canonical(value: Any) -> bytes:
    """RFC 8785 for what records may hold."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(content: dict[str, Any]) -> str:
    """`itsm1:` and the SHA-256 of {kind, schema, material, attachments}."""
    return "itsm1:" + hashlib.sha256(canonical(content)).hexdigest()


def field_hashes(content: dict[str, Any]) -> dict[str, str]:
    """Material field to the first 16 hex digits of the SHA-256 of its value; maps are looked into, lists not."""
    parts = dict(_leaves(content["material"], ""))
    parts |= content.get("attachments", {})
    return {path: hashlib.sha256(canonical(value)).hexdigest()[:16] for path, value in parts.items()}


def _leaves(part: dict[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for key, value in part.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{before}{key}.")
        else:
            yield before + key, value


# One act: its signature, its key, its place.


def key_in(armour: str) -> str:
    """`type base64` of the key that an armoured SSH signature was made with."""
    lines = armour.rstrip("\n").split("\n")
    if lines[0] != "-----BEGIN SSH SIGNATURE-----" or lines[-1] != "-----END SSH SIGNATURE-----":
        raise Forged("the armour is not that of an SSH signature")
    try:
        blob = base64.b64decode("".join(lines[1:-1]), validate=True)
    except binascii.Error:
        raise Forged("the armour is not base64") from None
    if blob[:10] != b"SSHSIG\0\0\0\1":
        raise Forged("it is no SSH signature of version 1")
    (key, rest) = _string(blob[10:])
    (namespace, _) = _string(rest)
    if namespace != NAMESPACE.encode():
        raise Forged(f"signed for another purpose: {namespace.decode('ascii', 'replace')}")
    (kind, numbers) = _string(key)
    if kind == b"ssh-rsa" and int.from_bytes(_string(_string(numbers)[1])[0], "big").bit_length() < 3072:
        raise Forged("an RSA key of fewer than 3072 bits")
    return f"{kind.decode('ascii', 'replace')} {base64.b64encode(key).decode()}"


def _string(blob: bytes) -> tuple[bytes, bytes]:
    length = int.from_bytes(blob[:4], "big")
    if len(blob) < 4 + length:
        raise Forged("the signature is cut off")
    return blob[4 : 4 + length], blob[4 + length :]


def check_signature(statement: bytes, armour: str, key: str) -> None:
    """One allowed-signers line for the one key; ssh-keygen does the cryptography."""
    with tempfile.TemporaryDirectory() as folder:
        signers, signature = Path(folder, "signers"), Path(folder, "signature")
        signers.write_text(f'signer namespaces="{NAMESPACE}" {key}\n', encoding="ascii")
        signature.write_text(armour, encoding="ascii", errors="replace")
        command = ["ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-I", "signer", "-f", str(signers)]
        try:
            done = subprocess.run([*command, "-s", str(signature)], input=statement, capture_output=True, check=False)
        except FileNotFoundError:
            raise CouldNotCheck("ssh-keygen was not found: install OpenSSH") from None
    if done.returncode != 0 or not done.stdout.startswith(f'Good "{NAMESPACE}" signature'.encode()):
        raise Forged("the signature does not fit the words or the key")


FLAGS = ("mandatory", "author_may_approve", "distinct_people", "veto", "owner_team")
LISTS = ("withdraw_by", "people", "teams", "roles")


def check_rule(name: str, rule: dict[str, Any]) -> None:
    """A rule that no policy can hold would ask for less than it seems to. Raises CouldNotCheck."""
    seats = rule["seats"]
    if seats != "none" and not (isinstance(seats, list) and seats):
        raise CouldNotCheck(f"rule {name} has no seats")
    for part in (rule, *(seats if isinstance(seats, list) else ())):
        count = part.get("count", 1)
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise CouldNotCheck(f"rule {name} has a seat for {count} people")
        for key, value in part.items():
            if (key in FLAGS and not isinstance(value, bool)) or (key in LISTS and not isinstance(value, list)):
                raise CouldNotCheck(f"rule {name} has an odd {key}: {value}")


def rules_meant(seat: str, rules: dict[str, Any]) -> list[str]:
    """The rules with seats that the `seat` of an act names: in full, or by their own id."""
    asking = [name for name, rule in rules.items() if rule["seats"] != "none"]
    own = [name for name in asking if name.rsplit("/", 1)[-1].split("#", 1)[0] == seat]
    return [seat] if seat in asking else own


def stands_for(act: dict[str, Any]) -> str:
    """Whose decision an act is."""
    return str(act.get("on_behalf_of") or act["by"])


class Proof:
    """The document, and which of its acts hold. `now` is `judged_at`."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.now = instant(data["judged_at"])
        self.faults: list[str] = []
        self.sound: list[dict[str, Any]] = []
        self.later: set[str] = set()
        self.lines: list[str] = []

    def run(self) -> None:
        """Content, acts, gates."""
        self._content()
        for each in self.data["acts"]:
            self._act(each)
        for gate in self.data["gates"]:
            self._gate(gate)
        if not self.data["gates"]:
            self.faults.append("no gate is shown")

    def _content(self) -> None:
        content, found = self.data["content"], digest(self.data["content"])
        kind, name = content["kind"], content["material"].get("id")
        special = {"settings": "workspace", "workflows": "workflows"}
        subject = special.get(kind, name if kind in TICKETS else f"{kind}/{name}")
        if subject != self.data["subject"]:
            self.faults.append(f"the content is that of {subject}, not of {self.data['subject']}")
        if found != self.data["digest"]:
            self.faults.append(f"the content has the digest {found}, not {self.data['digest']}")
        hashes = field_hashes(content)
        wrong = sorted(f for f in {*hashes, *self.data["fields"]} if hashes.get(f) != self.data["fields"].get(f))
        if wrong:
            self.faults.append(f"the hashes of these fields are others: {', '.join(wrong)}")
        owners = [(key["key"], name) for name, one in self.data["people"].items() for key in one["keys"]]
        if len(dict(owners)) != len(dict.fromkeys(owners)):
            self.faults.append("a key is registered for two people")

    def _act(self, shown: dict[str, Any]) -> None:
        act = shown["record"]
        head = f"{act.get('id')}: {stands_for(act)} {act.get('decision')} at gate {act.get('gate')}, {act.get('at')}"
        try:
            mark, why = "holds", self._hold(shown["path"], shown["seen"], act)
        except Forged as fault:
            mark, why = fault.mark, f": {fault}"
        self.lines.append(f"  {mark:<7} {head}{why}")
        if mark == "holds":
            self.sound.append(act)
            self.later |= {act["id"]} if shown["seen"] == "later" else set()
        elif mark == "forged":
            self.faults.append(f"{act.get('id')}{why}")

    def _hold(self, path: str, seen: str, act: dict[str, Any]) -> str:
        """Whether an act holds, with what is worth knowing. Raises Forged or Void."""
        if act["workspace"] != self.data["workspace"] or act["subject"] != self.data["subject"]:
            raise Forged("made in another workspace or on another subject")
        if path != f"records/approvals/{act['subject']}/{act['id']}.yaml":
            raise Forged(f"it lies in another place: {path}")
        signer = str(act.get("witness") or act["by"])
        registered = self.data["people"].get(signer, {"keys": [], "roles": []})
        if not isinstance(act.get("signature"), str):
            raise Forged("unsigned")
        used = key_in(act["signature"])
        listed = [key for key in registered["keys"] if key["key"] == used]
        if not listed:
            raise Forged(f"signed with a key that is not {signer}'s")
        check_signature(canonical({k: v for k, v in act.items() if k != "signature"}), act["signature"], used)
        if act.get("witness") and "witness" not in registered["roles"]:
            raise Void(f"{signer} is not a registered witness")
        return "".join({self._in_force(key, act, seen): None for key in listed})

    def _in_force(self, key: dict[str, Any], act: dict[str, Any], seen: str) -> str:
        """Revocation and window. Raises Void."""
        made, remark = instant(act["at"]), ""
        if "revoked" in key:
            since = instant(key["revoked"]["since"])
            if since <= (made if seen == "later" else self.now):
                raise Void(f"the key is revoked from {key['revoked']['since']} on: {key['revoked']['reason']}")
            remark = f" (its key was revoked later, since {key['revoked']['since']})"
        when = [made] if seen != "step" else [made, self.now]
        if "valid_from" in key and min(when) < instant(key["valid_from"]):
            raise Void(f"the key is valid from {key['valid_from']} on")
        if "valid_until" in key and max(when) >= instant(key["valid_until"]):
            raise Void(f"the key was valid until {key['valid_until']}")
        # Content that has landed did so at most a day after the date of its commit.
        latest = self.now + timedelta(days="entered" in self.data, minutes=5)
        if seen != "later" and made > latest:
            raise Void("it is dated ahead")
        return remark

    # One gate: its seats, and what stands against it.

    def _gate(self, gate: dict[str, Any]) -> None:
        faults = list(self._gate_faults(gate))
        self.faults += [f"gate {gate['gate']}: {fault}" for fault in faults]
        self.lines.append(f"  gate    {gate['gate']}: {'does not hold' if faults else 'holds'}")
        for rule, each in gate["rules"].items():
            if each["seats"] == "none":
                self.lines.append(f"  rule    {rule} asks for nobody: {each.get('because')}")

    def _gate_faults(self, gate: dict[str, Any]) -> Iterator[str]:
        verdict, rules = gate["verdict"], gate["rules"]
        for name, rule in rules.items():
            check_rule(name, rule)
        if verdict["status"] != "approved" or verdict["faults"] or verdict["held_back"]:
            yield f"itsm itself says {'; '.join([verdict['status'], *verdict['faults'], *verdict['held_back']])}"
        if not rules:
            yield "no rule applied, so nothing is approved"
        replaced = gate.get("replaces")
        if replaced is not None and digest(replaced["content"]) != replaced["digest"]:
            yield "the content that it replaces has another digest"
        wanted = {
            (name, index, number)
            for name, rule in rules.items() if rule["seats"] != "none"
            for index, seat in enumerate(rule["seats"]) for number in range(seat.get("count", 1))
        }  # fmt: skip
        places = {(place["rule"], place["seat"], place["number"]): place for place in verdict["seats"]}
        if set(places) != wanted or len(places) != len(verdict["seats"]):
            yield "the seats shown are not those that the rules ask for"
            return
        acts = [act for act in self.sound if act["gate"] == gate["gate"]]
        proposed = [act for act in acts if act["decision"] == "proposed" and act["id"] not in self.later]
        proposals = [act for act in proposed if self._fits(act, gate)]
        if wanted and not proposals and gate["gate"] not in NOT_PROPOSED:
            yield "nobody proposed exactly this content"
        barred = set(gate["barred"]) | {person for act in proposals for person in (act["by"], stands_for(act))}
        yield from self._against(acts, gate, {place.get("by") for place in places.values()})
        yield from self._distinct(places, rules)
        for place in places.values():
            fault = self._place_fault(place, gate, barred)
            told = f"{place['rule']}: {place.get('by', 'empty')}" + (f": {fault}" if fault else "")
            self.lines.append(f"  seat    {told}")
            yield from [told] if fault else []

    def _fits(self, act: dict[str, Any], gate: dict[str, Any]) -> bool:
        replaces = gate["replaces"]["digest"] if "replaces" in gate else None
        return bool(act["digest"] == self.data["digest"] and act.get("replaces") == replaces)

    def _against(self, acts: list[dict[str, Any]], gate: dict[str, Any], seated: set[Any]) -> Iterator[str]:
        """Refusals that stand, and those in a seat who took their word back: at entry, and by now."""
        rules = gate["rules"].values()
        keepers = {role for rule in rules for role in rule.get("withdraw_by", [])}
        veto = any(rule.get("veto", True) for rule in rules)
        for late in (self.later, set[str]()):
            known = [act for act in acts if act["id"] not in late]
            proposals = [act for act in self.sound if act["decision"] == "proposed" and act["id"] not in late]
            involved = set(gate["barred"]) | {person for act in proposals for person in (act["by"], stands_for(act))}
            for act in (act for act in known if act["decision"] in ("refused", "withdrawn")):
                naming = [each for each in known if each["id"] != act["id"] and act["id"] in each.get("supersedes", [])]
                lifted = any(self._may_lift(other, act, keepers, involved) for other in naming)
                if not lifted and act["decision"] == "refused" and veto:
                    yield f"refused by {stands_for(act)} ({act['id']})"
                elif not lifted and stands_for(act) in seated:
                    yield f"{stands_for(act)} took it back ({act['id']})"

    def _may_lift(
        self, act: dict[str, Any], earlier: dict[str, Any], keepers: set[str], involved: set[str]
    ) -> bool:  # fmt: skip
        """Whether an act ends an earlier one. Who wrote, asked or proposed ends nothing but what they did in person."""
        maker = self.data["people"].get(act["by"], {})
        if not maker.get("human") or self._delegation_fault(act) is not None:
            return False
        apart = {act["by"], stands_for(act)} & involved
        if apart and ("on_behalf_of" in earlier or apart != {earlier["by"]}):
            return False
        if act.get("witness") and not earlier.get("witness"):
            return False
        by_role = earlier["decision"] == "refused" and act["decision"] == "withdrawn" and maker["active"]
        return stands_for(act) == stands_for(earlier) or (by_role and not keepers.isdisjoint(maker["roles"]))

    def _distinct(self, places: dict[Any, dict[str, Any]], rules: dict[str, Any]) -> Iterator[str]:
        held: set[tuple[Any, str]] = set()
        for (name, seat, _), place in places.items():
            group: Any = "all" if rules[name].get("distinct_people", True) else (name, seat)
            act = next((act for act in self.sound if act["id"] == place.get("act")), None)
            for person in {act["by"], stands_for(act)} if act is not None else ():
                if (group, person) in held:
                    yield f"{person} fills more than one seat"
                held.add((group, person))

    def _place_fault(self, place: dict[str, Any], gate: dict[str, Any], barred: set[str]) -> str | None:
        """Why a place is not filled by the act that is named for it, or None."""
        rule = gate["rules"][place["rule"]]
        act = next((a for a in self.sound if a["id"] == place.get("act") and a["id"] not in self.later), None)
        if act is None:
            return "nobody fills it by an act that holds"
        if act["gate"] != gate["gate"] or act["decision"] != "approved" or stands_for(act) != place["by"]:
            return f"{act['id']} does not approve this gate for {place['by']}"
        if not self._fits(act, gate):
            now, then = self.data["fields"], act.get("fields", {})
            changed = sorted(field for field in {*now, *then} if now.get(field) != then.get(field))
            return f"{act['id']} is stale: {', '.join(changed) or 'other content'} changed"
        seat = rule["seats"][place["seat"]]
        if barred & {act["by"], place["by"]}:
            own_word = rule.get("author_may_approve") and not act.get("witness")
            emergency = self.data["content"]["material"].get("type") == "emergency" and not act.get("comment")
            if not own_word or emergency:
                return f"{place['by']} wrote, asked for or proposed it"
        if seat.get("evidence", "signed") not in ("any", "review" if act.get("witness") else "signed"):
            return "the seat takes other evidence"
        if "seat" in act and rules_meant(act["seat"], gate["rules"]) != [place["rule"]]:
            return f"{act['id']} is meant for another seat, or for more than one"
        if "expires_after" in rule and self.now - instant(act["at"]) >= _length(rule["expires_after"]):
            return f"{act['id']} had expired"
        return self._delegation_fault(act) or self._stranger(place["by"], seat, gate.get("owner_team"))

    def _delegation_fault(self, act: dict[str, Any]) -> str | None:
        if "on_behalf_of" not in act:
            return None
        people = self.data["people"]
        delegate = people.get(act["on_behalf_of"], {}).get("delegate")
        maker = people.get(act["by"], {})
        if not delegate or delegate["to"] != act["by"] or not (maker.get("active") and maker.get("human")):
            return f"{act['on_behalf_of']} has not delegated to {act['by']}"
        in_force = instant(delegate["from"]) <= self.now < instant(delegate["until"])
        return None if in_force else "the delegation was not in force"

    def _stranger(self, person: str, seat: dict[str, Any], owner_team: str | None) -> str | None:
        """Why a person may not fill a seat: named, in a team of it or in a part of that, or with a role."""
        one = self.data["people"].get(person, {})
        if not (one.get("active") and one.get("human")):
            return f"{person} may not decide"
        teams = [*seat.get("teams", []), *([owner_team] if seat.get("owner_team") and owner_team else [])]
        for team in teams:  # the list grows by the teams that are part of it
            teams += [n for n, t in self.data["teams"].items() if team in t["parents"] and n not in teams]
        member = any(person in self.data["teams"].get(team, {"members": ()})["members"] for team in teams)
        if member or person in seat.get("people", []) or set(seat.get("roles", [])) & set(one["roles"]):
            return None
        return f"{person} is not among those whom the seat names"


def _length(text: str) -> timedelta:
    unit = text.lstrip("0123456789")
    return int(text[: len(text) - len(unit)]) * UNITS[unit]


# Reading, running, telling.


def read(text: str) -> dict[str, Any]:
    """The document. No key twice, no null, no fraction: those have no canonical form."""
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise CouldNotCheck(f"this is no proof: {error}") from None
    if not isinstance(data, dict) or data.get("version") != 1 or data["version"] is True:
        raise CouldNotCheck("this is no proof of version 1")
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs) or any(value is None for value in found.values()):
        raise ValueError("a key that is there twice, or null")
    return found


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is no whole number")


def _say(line: str) -> None:
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    sys.stdout.write(shown + "\n")


def main(arguments: list[str]) -> int:
    """Checks the file named, or standard input."""
    try:
        text = Path(arguments[0]).read_bytes() if arguments else sys.stdin.buffer.read()
        proof = Proof(read(text.decode()))
        proof.run()
    except (CouldNotCheck, OSError, UnicodeError, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        sys.stderr.write(f"could not check: {type(error).__name__}: {error}\n")
        return 2
    _say(f"{proof.data['subject']}  {proof.data['digest']}")
    for name in ("workspace", "genesis", "base", "entered", "newest", "judged_at"):
        _say(f"  {name:<9} {proof.data.get(name, 'not yet')}")
    for line in (*proof.lines, *(f"  FAULT   {fault}" for fault in proof.faults)):
        _say(line)
    _say("DOES NOT HOLD" if proof.faults else "HOLDS: exactly this content was approved as the rules shown ask")
    _say("What this leaves unproved:")
    for words in UNPROVED:
        _say(f"  - {words}")
    return 1 if proof.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
