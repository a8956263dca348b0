"""Finds records by what people type: an id, an unambiguous end of a ticket id, a slug, or kind/slug."""

from __future__ import annotations

from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.ids import CROCKFORD, FOLDERS, RECORDS, TICKET_PREFIXES, kind_of_ticket, parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.suggest import did_you_mean, nearest
from itsm_as_code.store.known import Loaded
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.tree import Tree

SHOWN = 8
_SLUG_KINDS = tuple(kind for kind in KINDS if kind not in TICKET_PREFIXES)
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def find(snapshot: TreeSnapshot, word: str) -> tuple[str, str]:
    """Returns the (kind, id) that a word means. Raises UsageFault if it means nothing, or several records."""
    kind = kind_of_ticket(word.upper())
    if kind is not None and snapshot.exists(kind, word.upper()):
        return kind, word.upper()
    named, slash, slug = word.partition("/")
    if slash and named in KINDS and snapshot.exists(named, slug):
        return named, slug
    found = [(k, word) for k in _SLUG_KINDS if snapshot.exists(k, word)] or _by_suffix(snapshot.tree, word)
    if len(found) == 1:
        return found[0]
    if found:
        names = [f"{k}/{i}" if k in _SLUG_KINDS else i for k, i in found[:SHOWN]]
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise UsageFault(f"`{word}` could be {', '.join(names)}{more}", hint="write more of the id")
    raise UsageFault(f"there is no record `{word}`", hint=_hint(snapshot.tree, word))


def require(snapshot: TreeSnapshot, kind: str, record_id: str) -> None:
    """Raises UsageFault if there is no record of this kind and id."""
    if not snapshot.exists(kind, record_id):
        known = (other.id for other in snapshot.records(kind))
        hint = did_you_mean(record_id, known) or f"`itsm list {FOLDERS[kind]}` shows what there is"
        raise UsageFault(f"there is no {kind} `{record_id}`", hint=hint)


def load(snapshot: TreeSnapshot, kind: str, record_id: str) -> tuple[str, Loaded]:
    """Returns the (path, file) of a record that exists. Raises UsageFault if it can't be read."""
    for path in snapshot.paths(kind, record_id):
        loaded = snapshot.load(path)
        if loaded is not None:
            if loaded.record is None or loaded.data is None:
                raise UsageFault(f"{path} has findings and can't be used", hint=f"itsm check {path}")
            return path, loaded
    raise UsageFault(f"there is no record `{record_id}`")


def _ticket_ids(tree: Tree) -> list[tuple[str, str]]:
    folders = (f"{RECORDS}/{FOLDERS[kind]}" for kind in TICKET_PREFIXES)
    located = (parse_path(entry.path) for folder in folders for entry in tree.entries(folder))
    return [each for each in located if each is not None]


def _by_suffix(tree: Tree, word: str) -> list[tuple[str, str]]:
    tail = word.upper().rsplit("-", 1)[-1].translate(_READ_AS)
    suffix = word.upper()[: len(word) - len(tail)] + tail
    if not 2 <= len(tail) <= 5 or set(tail) - set(CROCKFORD):
        return []
    return [(kind, record_id) for kind, record_id in _ticket_ids(tree) if record_id.endswith(suffix)]


def _hint(tree: Tree, word: str) -> str:
    if kind_of_ticket(word.upper()) is not None:  # its end is random, so the nearest one is another ticket
        return "it may be on another branch: git fetch, git switch; or `itsm list --awaiting me --with 'origin/*'`"
    folders = (f"{RECORDS}/{FOLDERS[kind]}" for kind in KINDS)
    ids = [located[1] for f in folders for e in tree.entries(f) if (located := parse_path(e.path))]
    found = nearest(word.upper() if "-20" in word else word, ids, cutoff=0.7)
    return f"did you mean `{found}`?" if found else "`itsm list` shows what there is"
