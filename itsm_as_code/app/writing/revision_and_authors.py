"""Keeps `revision` and `authors` up to date, so that people don't have to."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.edit import AddItem, Edit, SetValue
from itsm_as_code.domain.errors import Refused
from itsm_as_code.domain.ids import ATTACHMENTS, parse_path, path_of
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.revision import SETTINGS_KIND, counts_revisions, material_part, revision_wanted
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.domain.shape import key_order_at
from itsm_as_code.store.editor import apply

if TYPE_CHECKING:
    from itsm_as_code.app.writing.draft import Draft
    from itsm_as_code.git.repository import Repository
    from itsm_as_code.store.tree import Tree


def with_revision_and_authors(path: str, text: bytes, base: Tree | None, here: Tree, author: str | None) -> bytes:
    """Returns the text of the record at `path` with its revision. If the record has changed materially, `author`
    becomes one of its authors (None: they stay). `here` holds an article's files. Raises Refused if the text can't be
    read."""
    return apply(text, bookkeeping_edits(path, text, base, here, author), order=key_order_at(path))


def bookkeeping_edits(path: str, text: bytes, base: Tree | None, here: Tree, author: str | None) -> tuple[Edit, ...]:
    """Returns the edits that bring revision and authors up to date, or none if they are."""
    located = parse_path(path)
    kind = located[0] if located else SETTINGS_KIND
    if path != SETTINGS_PATH and (located is None or not counts_revisions(kind)):
        return ()
    head, before = data_of(path, text), data_in(base, path)
    wanted, files_changed = head.get("revision", 1), False
    if base is not None:
        files_changed = (
            kind == "article" and located is not None and _files(base, located[1]) != _files(here, located[1])
        )
        wanted = revision_wanted(kind, before, head, files_changed=files_changed)
    edits: list[Edit] = []
    if wanted is not None and wanted != head.get("revision", 1):
        edits.append(SetValue(("revision",), wanted))
    material = before is None or files_changed or material_part(kind, before) != material_part(kind, head)
    if material and author and author not in head.get("authors", []) and _is_known(base, author):
        edits.append(AddItem(("authors",), author))
    return tuple(edits)


def _is_known(base: Tree | None, person: str) -> bool:
    """Whether base has the person: nobody else may be named as an author."""
    return base is None or base.entry(path_of(Person.KIND, person)) is not None


def wrote(repository: Repository, base: str, path: str, person: Person, dirty: Container[str]) -> bool:
    """Whether somebody has written the file since `base`, by their addresses. Uncommitted edits (`dirty`) are those of
    the person here."""
    from itsm_as_code.git.authors import contributor_emails

    emails = {email.lower() for email in person.emails}
    return path in dirty or not emails.isdisjoint(contributor_emails(repository, base, "HEAD", path))


def with_bookkeeping(draft: Draft, base: Tree | None, here: Tree, actor: str) -> Draft:
    """Returns a draft with its revision and authors up to date; `actor` writes it."""
    return replace(draft, after=with_revision_and_authors(draft.path, draft.after, base, here, actor))


def bytes_in(tree: Tree | None, path: str) -> bytes | None:
    """Returns the file, or None if the tree has none."""
    return tree.read(path) if tree is not None and tree.entry(path) is not None else None


def data_in(tree: Tree | None, path: str) -> dict[str, Any] | None:
    """Returns the record as written, or None if the tree has none. Raises Refused if it can't be read."""
    found = bytes_in(tree, path)
    return None if found is None else data_of(path, found)


def data_of(path: str, content: bytes) -> dict[str, Any]:
    """Returns a record as written. Raises Refused if it can't be read."""
    from itsm_as_code.store.snapshot import read_data

    data = read_data(path, content).data
    if data is None:
        raise Refused(f"{path} can't be read", hint=f"itsm check {path}")
    return data


def _files(tree: Tree, article_id: str) -> dict[str, bytes]:
    """Returns the files attached to an article."""
    entries = tree.entries(f"{ATTACHMENTS}/{article_id}")
    return {entry.path: tree.read(entry.path) for entry in entries if entry.mode == "file"}
