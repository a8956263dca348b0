"""Finds names under `records/` that are not records, and suggests the right name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from itsm_as_code.checks import identity
from itsm_as_code.domain.finding import Finding, Spot, cut
from itsm_as_code.domain.ids import TICKET_PREFIXES, parse_path, path_of
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.store.tree import Mode, Tree, TreeEntry


def misplaced(entry: TreeEntry) -> Finding | None:
    """Returns a finding if an entry under `records/` is not a plain file with the path of a record, otherwise None."""
    fault, path = not_plain(entry), entry.path
    if fault is None and parse_path(path) is None:
        return Spot("this is not the path of a record", help=_better_path(path)).finding(identity.UNKNOWN_FILE, path)
    return fault


def not_plain(entry: TreeEntry) -> Finding | None:
    """Returns a finding if an entry is not a plain file, otherwise None."""
    match entry.mode:
        case Mode.SYMLINK:
            return Spot("this is a symbolic link").finding(identity.SYMLINK, entry.path)
        case Mode.SUBMODULE:
            return Spot("this is a submodule or nested repository").finding(identity.SUBMODULE, entry.path)
        case Mode.OTHER:
            return Spot("this is neither a plain file nor a readable folder").finding(identity.NOT_PLAIN, entry.path)
    return None


def not_plain_below(tree: Tree, folder: str) -> Iterator[Finding]:
    """Yields findings on what is not a plain file below a folder, or in its place."""
    itself = tree.entry(folder)
    entries = (itself,) if itself is not None else tree.entries(folder)
    return (fault for entry in entries if (fault := not_plain(entry)) is not None)


def case_clash(path: str, folded: dict[str, str]) -> Finding | None:
    """Returns a finding if `folded`, which maps lower-case paths to paths, has a path that differs only by case."""
    twin = folded.get(path.lower())
    return (
        Spot(f"the name differs from {cut(twin, 80)} only by case").finding(identity.CASE_CLASH, path) if twin else None
    )


def misspelled(places: Iterable[str]) -> Callable[[str], str | None]:
    """Returns a function that says for which of these places some disk may take a path that is spelled differently. A
    path may also be taken for a folder on the way to the place.

    Some disks ignore case, characters that nobody sees, or dots and blanks at the end of names.
    """
    known: dict[str, list[tuple[list[str], str]]] = {}
    for place in places:
        known.setdefault(_on_disk(place.split("/", 1)[0]), []).append((place.split("/"), place))

    def taken_for(path: str) -> str | None:
        parts = path.split("/")
        for names, place in known.get(_on_disk(parts[0]), ()):
            pairs = list(zip(parts, names, strict=False))
            if any(part != name for part, name in pairs) and all(_on_disk(a) == _on_disk(b) for a, b in pairs):
                return place
        return None

    return taken_for


@cache
def _on_disk(name: str) -> str:
    """Returns a name as the least careful disk compares it."""
    seen = "".join(char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFC", seen.casefold()).rstrip(". ")


def other_form(path: str) -> str | None:
    """Returns the other path of an article (`.yaml` for `.md` and the reverse), or None for other kinds."""
    located = parse_path(path)
    if located is None or located[0] != "article":
        return None
    stem, _, suffix = path.rpartition(".")
    return f"{stem}.{'yaml' if suffix == 'md' else 'md'}"


def _better_path(path: str) -> str | None:
    """Suggests the path that was probably meant."""
    for wrong, right in (
        (".yml", ".yaml"),
        (".YAML", ".yaml"),
        (".YML", ".yaml"),
        (".MD", ".md"),
        (".markdown", ".md"),
    ):
        if path.endswith(wrong) and parse_path(candidate := path.removesuffix(wrong) + right):
            return f"name it {candidate}"
    stem = path.rsplit("/", 1)[-1].split(".", maxsplit=1)[0]
    for kind in KINDS:
        if kind != "approval" and kind in TICKET_PREFIXES and parse_path(path_of(kind, stem)):
            return f"it belongs at {path_of(kind, stem)}"
    return None
