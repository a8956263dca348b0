"""Makes a snapshot of the records of a tree. Records are found by path and read when needed, or all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from itsm_as_code.checks import identity
from itsm_as_code.checks.validation_errors import spots_of
from itsm_as_code.checks.yaml_rules import UNREADABLE_FILE
from itsm_as_code.domain.finding import Finding, Spot
from itsm_as_code.domain.ids import ATTACHMENTS, FOLDERS, RECORDS, TICKET_PREFIXES, parse_path, path_of
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.domain.snapshot import Attachment, RecordsByKind
from itsm_as_code.store.field_sets import MANY, intern_field_sets
from itsm_as_code.store.frontmatter import read_article
from itsm_as_code.store.names import case_clash, misplaced, other_form
from itsm_as_code.store.overlay import WrittenOver
from itsm_as_code.store.reader import Read, read_yaml
from itsm_as_code.store.settings import SettingsFile, has_settings, read_settings
from itsm_as_code.store.tree import Mode, Tree, TreeEntry, Unreadable

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.settings import Settings


class Loaded(NamedTuple):
    """A file that was read: its data as written (kept only on request), its record, and its findings."""

    kind: str
    id: str
    data: dict[str, Any] | None
    record: Record | None
    findings: tuple[Finding, ...]


class TreeSnapshot(RecordsByKind):
    """The records of a tree. With `keep_data`, the data as written are kept besides the records; steps need them.

    A file that `beside` has at the same path as the same Git object is not read a second time.
    """

    def __init__(self, tree: Tree, *, keep_data: bool = False, beside: TreeSnapshot | None = None) -> None:
        self.tree = tree
        self._keep_data = keep_data
        self._beside = beside
        self._loaded: dict[str, Loaded] = {}
        self._known: dict[str, bool] = {}
        self._by_kind: dict[str, list[str]] = {}
        self._paths: dict[int, str] = {}
        self._ids: frozenset[tuple[str, str]] = frozenset()
        self._complete = False

    @cached_property
    def settings_file(self) -> SettingsFile:
        """The content of itsm.yaml, read once. Raises CouldNotCheck if there is none."""
        return read_settings(self.tree)

    @property
    def settings(self) -> Settings:
        """The workspace's settings, or the defaults if itsm.yaml has findings."""
        return self.settings_file.settings

    @property
    def settings_findings(self) -> tuple[Finding, ...]:
        """The findings about itsm.yaml."""
        return self.settings_file.findings

    @property
    def settings_data(self) -> dict[str, Any] | None:
        """The data of itsm.yaml as written, or None if it is missing or can't be read."""
        return self.settings_file.data if has_settings(self.tree) else None

    def written(self, files: Mapping[str, bytes]) -> TreeSnapshot:
        """Returns the records as they will be after `files` (path to bytes) are written.

        Other files that have been read already are not read again.
        """
        after = TreeSnapshot(WrittenOver(self.tree, files), keep_data=self._keep_data)
        after._loaded = {path: loaded for path, loaded in self._loaded.items() if path not in files}
        after._paths = {id(each.record): path for path, each in after._loaded.items() if each.record is not None}
        if SETTINGS_PATH not in files and "settings_file" in self.__dict__:
            after.__dict__["settings_file"] = self.settings_file
        return after

    def without_data(self) -> TreeSnapshot:
        """Returns a new snapshot of the same tree that does not keep the data as written. It needs less memory."""
        bare = TreeSnapshot(self.tree)
        bare.__dict__["settings_file"] = self.settings_file
        return bare

    def get(self, kind: str, record_id: str) -> Record | None:
        """See `domain.snapshot.Snapshot`."""
        for path in self.paths(kind, record_id):
            loaded = self.load(path)
            if loaded is not None and loaded.record is not None:
                return loaded.record
        return None

    def exists(self, kind: str, record_id: str) -> bool:
        """See `domain.snapshot.Snapshot`."""
        if self._complete:
            return (kind, record_id) in self._ids
        return any(self._is_there(path) for path in self.paths(kind, record_id))

    def records(self, kind: str) -> Iterator[Record]:
        """See `domain.snapshot.Snapshot`."""
        if kind not in self._by_kind:
            self._load_folder(kind)
        for path in self._by_kind.get(kind, ()):
            record = self._loaded[path].record
            if record is not None:
                yield record

    def path(self, record: Record) -> str:
        """See `domain.snapshot.Snapshot`."""
        return self._paths.get(id(record)) or path_of(record.KIND, record.id)

    def attachments(self, article_id: str = "") -> Iterator[Attachment]:
        """See `domain.snapshot.Snapshot`."""
        under = f"{ATTACHMENTS}/{article_id}" if article_id else ATTACHMENTS
        for entry in self.tree.entries(under):
            sized = self.tree.entry(entry.path)
            yield Attachment(entry.path, entry.mode is Mode.FILE, sized.size if sized is not None else None)

    def load(self, path: str) -> Loaded | None:
        """Returns the file at a record's path, read once, or None if the tree has no such file."""
        if path in self._loaded:
            return self._loaded[path]
        located = parse_path(path)
        if self._complete or located is None or not self._is_there(path):
            return None
        shared = self._shared(path)
        if shared is not None:
            return self._keep(path, shared)
        try:
            content: bytes | Unreadable = self.tree.read(path)
        except Unreadable as error:
            content = error
        return self._take(path, located, content)

    def _shared(self, path: str) -> Loaded | None:
        """Returns what the snapshot beside this one has at the path, if it is the same object."""
        if self._beside is None:
            return None
        here, there = self.tree.entry(path), self._beside.tree.entry(path)
        return self._beside.load(path) if here is not None and here.oid is not None and here == there else None

    def load_all(self) -> tuple[Finding, ...]:
        """Reads every file under `records/`. Returns findings about names that are not records.

        The findings about the records themselves are in `loaded()`.
        """
        findings: list[Finding] = []
        located = dict(self._record_paths(self.tree.entries(RECORDS), findings))
        for path, content in self.tree.read_many(located):
            record = self._take(path, located[path], content).record
            if record is not None and len(located) > MANY:
                intern_field_sets(record)
        self._complete = True
        by_kind: dict[str, list[str]] = defaultdict(list)
        for path, loaded in self._loaded.items():
            by_kind[loaded.kind].append(path)
        self._ids = frozenset(located.values())
        self._by_kind = {kind: by_kind.get(kind, []) for kind in KINDS}
        return tuple(findings)

    def loaded(self) -> Iterator[tuple[str, Loaded]]:
        """Yields all files that have been read so far, with their paths."""
        return iter(self._loaded.items())

    def _load_folder(self, kind: str) -> None:
        under = f"{RECORDS}/{FOLDERS[kind]}"
        files = ((entry.path, parse_path(entry.path)) for entry in self.tree.entries(under) if entry.mode is Mode.FILE)
        located = {path: where for path, where in files if where is not None}
        for path, content in self.tree.read_many([path for path in located if path not in self._loaded]):
            self._take(path, located[path], content)
        self._by_kind[kind] = [path for path in located if path in self._loaded]

    def _record_paths(
        self, entries: Iterable[TreeEntry], findings: list[Finding]
    ) -> Iterator[tuple[str, tuple[str, str]]]:
        """Yields the paths of records, each with kind and id. Adds the findings about other paths to `findings`."""
        listed = list(entries)
        names = {entry.path for entry in listed}
        folded: dict[str, str] | None = None
        for entry in listed:
            located = parse_path(entry.path) if entry.mode is Mode.FILE else None
            fault = misplaced(entry) if located is None else None
            if fault is not None and fault.rule is identity.UNKNOWN_FILE:
                if folded is None:  # this is rare: only a name that is not a record's can differ by case
                    folded = {path.lower(): path for path in sorted(names) if parse_path(path)}
                fault = case_clash(entry.path, folded) or fault
            if located is None:
                findings += filter(None, [fault])
                continue
            if located[0] == "article" and entry.path.endswith(".yaml") and other_form(entry.path) in names:
                findings.append(Spot("there is also a .md file for this id").finding(identity.TWO_FILES, entry.path))
            yield entry.path, located

    def _take(self, path: str, located: tuple[str, str], content: bytes | Unreadable) -> Loaded:
        return self._keep(path, understand(path, *located, content, keep_data=self._keep_data))

    def _keep(self, path: str, loaded: Loaded) -> Loaded:
        if loaded.record is not None:
            self._paths[id(loaded.record)] = path
        self._loaded[path] = loaded
        self._known[path] = True
        return loaded

    def _is_there(self, path: str) -> bool:
        if path in self._loaded:
            return True
        if self._complete:
            return False
        if path not in self._known:
            entry = self.tree.entry(path)
            self._known[path] = entry is not None and entry.mode is Mode.FILE
        return self._known[path]

    def paths(self, kind: str, record_id: str) -> tuple[str, ...]:
        """Returns the paths at which a record may be. An article may have two."""
        if kind == "approval":
            return self._approval_paths.get(record_id, ())
        path = path_of(kind, record_id)
        if "/" in record_id or (kind not in TICKET_PREFIXES and not record_id):
            return ()
        return (path, f"{path[:-3]}.yaml") if kind == "article" else (path,)

    @cached_property
    def _approval_paths(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for entry in self.tree.entries(f"{RECORDS}/{FOLDERS['approval']}"):
            located = parse_path(entry.path)
            if located is not None:
                found[located[1]] = (*found.get(located[1], ()), entry.path)
        return found


def read_data(path: str, content: bytes) -> Read:
    """Reads the data of a record's file. The name decides whether it is an article (`.md`) or plain YAML."""
    return read_article(content) if path.endswith(".md") else read_yaml(content)


def understand(path: str, kind: str, record_id: str, content: bytes | Unreadable, *, keep_data: bool) -> Loaded:
    """Turns the bytes of one file into a record, or into findings."""
    if isinstance(content, Unreadable):
        finding = Spot(content.message, help=content.hint).finding(UNREADABLE_FILE, path)
        return Loaded(kind, record_id, None, None, (finding,))
    read = read_data(path, content)
    if read.faults or read.data is None:
        return Loaded(kind, record_id, None, None, tuple(fault.finding(path) for fault in read.faults))
    model = KINDS[kind].model
    data = read.data if keep_data else None
    try:
        return Loaded(kind, record_id, data, model.model_validate(read.data), ())
    except ValidationError as error:
        spots = spots_of(error, model, read.data)
        return Loaded(kind, record_id, data, None, tuple(spot.finding(rule, path) for rule, spot in spots))
