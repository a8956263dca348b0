"""`revision` and `authors` as a record must carry them (design section 3): commands see to both, people need not."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.mend import order_of
from itsm_as_code.domain.edit import AddItem, Edit, SetValue
from itsm_as_code.domain.errors import Refused
from itsm_as_code.domain.ids import ATTACHMENTS, parse_path
from itsm_as_code.domain.revision import SETTINGS_KIND, counts_revisions, revision_wanted
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.store.editor import apply

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.person import Person
    from itsm_as_code.git.repository import Repository
    from itsm_as_code.store.tree import Tree


def keep(path: str, text: bytes, base: Tree | None, here: Tree, author: str | None) -> bytes:
    """The text of the record at `path` with its revision and, where it changed materially, `author` among its authors
    (None: they stay). `here` holds an article's files. Raises Refused where the text can't be read."""
    return apply(text, edits_to_keep(path, text, base, here, author), order=order_of(path))


def edits_to_keep(path: str, text: bytes, base: Tree | None, here: Tree, author: str | None) -> tuple[Edit, ...]:
    """What `keep` would do, none where all is as it must be."""
    located = parse_path(path)
    kind = located[0] if located else SETTINGS_KIND
    if path != SETTINGS_PATH and (located is None or not counts_revisions(kind)):
        return ()
    head, before = data_of(path, text), data_in(base, path)
    wanted = head.get("revision", 1)
    if base is not None:
        files_changed = (
            kind == "article" and located is not None and _files(base, located[1]) != _files(here, located[1])
        )
        wanted = revision_wanted(kind, before, head, files_changed=files_changed)
    edits: list[Edit] = []
    if wanted is not None and wanted != head.get("revision", 1):
        edits.append(SetValue(("revision",), wanted))
    raised = wanted is not None and wanted != (before or {}).get("revision", 0 if before is None else 1)
    if kind != SETTINGS_KIND and raised and author is not None and author not in head.get("authors", []):
        edits.append(AddItem(("authors",), author))
    return tuple(edits)


def wrote(repository: Repository, base: str, path: str, person: Person, dirty: Container[str]) -> bool:
    """Whether somebody wrote on the file since `base`, by their addresses; what is not committed yet (`dirty`), whoever
    sits here did."""
    from itsm_as_code.git.authors import contributor_emails

    emails = {email.lower() for email in person.emails}
    return path in dirty or not emails.isdisjoint(contributor_emails(repository, base, "HEAD", path))


def bytes_in(tree: Tree | None, path: str) -> bytes | None:
    """The file, or None where the tree has none."""
    return tree.read(path) if tree is not None and tree.entry(path) is not None else None


def data_in(tree: Tree | None, path: str) -> dict[str, Any] | None:
    """The record as written, or None where the tree has none. Raises Refused where it can't be read."""
    found = bytes_in(tree, path)
    return None if found is None else data_of(path, found)


def data_of(path: str, content: bytes) -> dict[str, Any]:
    """A record as written. Raises Refused where it can't be read."""
    from itsm_as_code.store.snapshot import read_data

    data = read_data(path, content).data
    if data is None:
        raise Refused(f"{path} can't be read", hint=f"itsm check {path}")
    return data


def _files(tree: Tree, article_id: str) -> dict[str, bytes]:
    """The files attached to an article."""
    entries = tree.entries(f"{ATTACHMENTS}/{article_id}")
    return {entry.path: tree.read(entry.path) for entry in entries if entry.mode == "file"}
