"""Makes a snapshot of the records of a tree. Records are found by path and read when needed, or all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

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
from itsm_as_code.store.known import Loaded, RecordKey, RecordMemory
from itsm_as_code.store.names import case_clash, misplaced, other_form
from itsm_as_code.store.overlay import WrittenOver
from itsm_as_code.store.reader import Read, read_yaml
from itsm_as_code.store.settings import SettingsFile, has_settings, read_settings
from itsm_as_code.store.tree import Mode, Tree, TreeEntry, Unreadable

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.settings import Settings


class TreeSnapshot(RecordsByKind):
    """The records of a tree. With `keep_data`, the data as written are kept besides the records; steps need them.

    What is in the memory `known`, which several snapshots can share, is not read and parsed again.
    """

    def __init__(self, tree: Tree, *, keep_data: bool = False, known: RecordMemory | None = None) -> None:
        self.tree = tree
        self.known = known
        self._keep_data = keep_data
        self._loaded: dict[str, Loaded] = {}
        self._there: dict[str, bool] = {}
        self._by_kind: dict[str, list[str]] = {}
        self._paths: dict[int, str] = {}
        self._ids: frozenset[tuple[str, str]] = frozenset()
        self._complete = False

    @cached_property
    def settings_file(self) -> SettingsFile:
        """The content of itsm.yaml, read once. Raises CouldNotCheck if there is none."""
        entry = self.tree.entry(SETTINGS_PATH) if self.known is not None and has_settings(self.tree) else None
        if self.known is None or entry is None or entry.oid is None:
            return read_settings(self.tree)
        return self.known.settings.get(entry.oid) or self.known.settings.keep(entry.oid, read_settings(self.tree))

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
        key = self._key(self.tree.entry(path)) if self.known is not None else None
        shared = self._remembered(key)
        if shared is not None:
            return self._keep(path, shared)
        try:
            content: bytes | Unreadable = self.tree.read(path)
        except Unreadable as error:
            content = error
        return self._take(path, located, content, key)

    def _key(self, entry: TreeEntry | None) -> RecordKey | None:
        """Returns the key of the record in a file, or None if the tree does not say which Git object it is."""
        if entry is None or entry.oid is None or entry.mode is not Mode.FILE:
            return None
        return entry.path, entry.oid, self._keep_data

    def _remembered(self, key: RecordKey | None) -> Loaded | None:
        return self.known.records.get(key) if self.known is not None and key is not None else None

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
        files = ((entry, parse_path(entry.path)) for entry in self.tree.entries(under) if entry.mode is Mode.FILE)
        located = {entry.path: (where, self._key(entry)) for entry, where in files if where is not None}
        for path, (_, key) in located.items():
            if path not in self._loaded and (shared := self._remembered(key)) is not None:
                self._keep(path, shared)
        for path, content in self.tree.read_many([path for path in located if path not in self._loaded]):
            where, key = located[path]
            self._take(path, where, content, key)
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

    def _take(
        self, path: str, located: tuple[str, str], content: bytes | Unreadable, key: RecordKey | None = None
    ) -> Loaded:  # fmt: skip
        loaded = understand(path, *located, content, keep_data=self._keep_data)
        if self.known is not None and key is not None and not isinstance(content, Unreadable):
            self.known.records.keep(key, loaded)
        return self._keep(path, loaded)

    def _keep(self, path: str, loaded: Loaded) -> Loaded:
        if loaded.record is not None:
            self._paths[id(loaded.record)] = path
        self._loaded[path] = loaded
        self._there[path] = True
        return loaded

    def _is_there(self, path: str) -> bool:
        if path in self._loaded:
            return True
        if self._complete:
            return False
        if path not in self._there:
            entry = self.tree.entry(path)
            self._there[path] = entry is not None and entry.mode is Mode.FILE
        return self._there[path]

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
