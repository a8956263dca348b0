"""Looks at the folders that a push brings, as Git's own commands will read them.

We read folders by ourselves and take their names in any order. Git's commands rely on the order: in a folder that is
out of order, `git grep` and `git log -- PATH` pass names over. Other folders can be read by every command, but no clone
can hold what is in them, so nobody could work any more.
"""

from __future__ import annotations

import re
import unicodedata

from itsm_as_code.git.objects import SYMLINK, TREE, is_malformed, raw_entries
from itsm_as_code.git.repository import Repository

LONGEST_NAME, LONGEST_PATH = 255, 1024
"""In bytes. Common disks hold no longer names, and common systems open no longer paths."""
_MODES = frozenset({b"40000", b"100644", b"100664", b"100755", b"120000", b"160000"})
_GITS_OWN = re.compile(r"(\.git|git~[0-9]+)[ .]*($|[:\\])")
_MODULES = re.compile(r"(\.gitmodules|gitmod~[0-9]+|gi7[0-9a-f]{3}~[0-9]+)[ .]*($|[:\\])")
_SHOWN = 60


def fault_of_new_folders(repository: Repository, base: str, head: str) -> str | None:
    """Returns what is wrong with the first folder that `head` has in its history and `base` lacks, or None."""
    listed = repository.read("rev-list", "--objects", "--no-object-names", "--filter=blob:none", head, f"^{base}", "--")
    oids = listed.decode().split()
    for oid, found in zip(oids, repository.objects.get_many(oids), strict=True):
        if found is None:
            return f"the object {oid[:12]} is not there"
        fault = _fault(found.data, repository.oid_bytes) if found.kind == "tree" else None
        if fault is not None:
            return f"the folder {oid[:12]} {fault}"
    return None


def too_long(path: str) -> bool:
    """Tells whether common systems can't open a path of this length."""
    return len(path.encode("utf-8", "surrogateescape")) > LONGEST_PATH


def _fault(data: bytes, oid_bytes: int) -> str | None:
    before, entries = b"", raw_entries(data, oid_bytes)
    if is_malformed(data, entries):
        return "is malformed: a name is doubled or not allowed"
    for mode, name, _ in entries:
        sorted_as = name + b"/" if int(mode, 8) == TREE else name
        if mode not in _MODES:
            return f"writes the mode {mode.decode()}, which Git does not write"
        if sorted_as <= before:
            return "is not in the order in which Git's commands read it"
        before = sorted_as
        fault = _fault_of_name(name, is_link=int(mode, 8) == SYMLINK)
        if fault is not None:
            return fault
    return None


def _fault_of_name(name: bytes, *, is_link: bool) -> str | None:
    if len(name) > LONGEST_NAME:
        return f"has a name of {len(name)} bytes, which no disk holds"
    text = name.decode("utf-8", "replace")
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf").casefold()
    if _GITS_OWN.match(seen) or (is_link and _MODULES.match(seen)):
        return f"has the name {text[:_SHOWN]!r}, which Git does not check out"
    return None
