"""Tree × parser → snapshot: records found by path, read when asked for, or all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks import identity
from itsm_as_code.checks.refusals import spots_of
from itsm_as_code.checks.yaml_rules import UNREADABLE_FILE
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.finding import Finding, Spot, cut
from itsm_as_code.domain.ids import ATTACHMENTS, FOLDERS, RECORDS, TICKET_PREFIXES, parse_path, path_of
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.settings import SETTINGS_PATH, Settings
from itsm_as_code.domain.snapshot import Attachment
from itsm_as_code.store.frontmatter import read_article
from itsm_as_code.store.reader import Read, read_yaml
from itsm_as_code.store.thrift import MANY, share_field_sets
from itsm_as_code.store.tree import Mode, Tree, TreeEntry, Unreadable

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record


@dataclass(frozen=True, slots=True)
class Loaded:
    """One file read: its data as written (kept only where asked), its record, and what is wrong with it."""

    kind: str
    id: str
    data: dict[str, Any] | None
    record: Record | None
    findings: tuple[Finding, ...]


class TreeSnapshot:
    """The records of a tree. `keep_data` keeps what was written beside what was understood (for steps)."""

    def __init__(self, tree: Tree, *, keep_data: bool = False) -> None:
        self.tree = tree
        self._keep_data = keep_data
        self._loaded: dict[str, Loaded] = {}
        self._known: dict[str, bool] = {}
        self._by_kind: dict[str, list[str]] = {}
        self._odd_paths: dict[int, str] = {}
        self._ids: frozenset[tuple[str, str]] = frozenset()
        self._complete = False

    @cached_property
    def _settings(self) -> tuple[Settings, tuple[Finding, ...]]:
        return read_settings(self.tree)

    @property
    def settings(self) -> Settings:
        """The workspace's settings; defaults where itsm.yaml has findings."""
        return self._settings[0]

    @property
    def settings_findings(self) -> tuple[Finding, ...]:
        """What is wrong with itsm.yaml."""
        return self._settings[1]

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
        odd = self._odd_paths.get(id(record))
        return odd if odd is not None else path_of(record.KIND, record.id)

    def attachments(self, article_id: str = "") -> Iterator[Attachment]:
        """See `domain.snapshot.Snapshot`."""
        under = f"{ATTACHMENTS}/{article_id}" if article_id else ATTACHMENTS
        for entry in self.tree.entries(under):
            yield Attachment(entry.path, entry.mode is Mode.FILE, entry.size)

    def load(self, path: str) -> Loaded | None:
        """The file at a record's path, read once; None where the tree has no such file."""
        if path in self._loaded:
            return self._loaded[path]
        located = parse_path(path)
        if self._complete or located is None or not self._is_there(path):
            return None
        try:
            content: bytes | Unreadable = self.tree.read(path)
        except Unreadable as error:
            content = error
        return self._take(path, located, content)

    def load_all(self) -> tuple[Finding, ...]:
        """Reads every file under `records/`. The findings are those of names that are no records.

        Findings of the records themselves are in `loaded()`.
        """
        findings: list[Finding] = []
        located = dict(self._record_paths(self.tree.entries(RECORDS), findings))
        for path, content in self.tree.read_many(located):
            record = self._take(path, located[path], content).record
            if record is not None and len(located) > MANY:
                share_field_sets(record)
        self._complete = True
        by_kind: dict[str, list[str]] = defaultdict(list)
        for path, loaded in self._loaded.items():
            by_kind[loaded.kind].append(path)
        self._ids = frozenset(located.values())
        self._by_kind = {kind: by_kind.get(kind, []) for kind in KINDS}
        return tuple(findings)

    def loaded(self) -> Iterator[tuple[str, Loaded]]:
        """All files read so far, with their paths."""
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
        """Paths that are records, each with its kind and id; what is wrong with the others goes to `findings`."""
        listed = list(entries)
        names = {entry.path for entry in listed}
        folded: dict[str, str] | None = None
        for entry in listed:
            located = parse_path(entry.path) if entry.mode is Mode.FILE else None
            fault = misplaced(entry) if located is None else None
            if fault is not None and fault.rule is identity.UNKNOWN_FILE:
                if folded is None:  # rare: a clash of case takes a name that is no record's
                    folded = {path.lower(): path for path in sorted(names) if parse_path(path)}
                fault = _case_clash(entry.path, folded) or fault
            if located is None:
                findings += filter(None, [fault])
                continue
            if entry.path.endswith(".yaml") and other_form(entry.path) in names:
                findings.append(Spot("there is a .md of the same id").finding(identity.TWO_FILES, entry.path))
            yield entry.path, located

    def _take(self, path: str, located: tuple[str, str], content: bytes | Unreadable) -> Loaded:
        loaded = understand(path, *located, content, keep_data=self._keep_data)
        record = loaded.record
        if record is not None and (record.id != loaded.id or path != path_of(loaded.kind, loaded.id)):
            self._odd_paths[id(record)] = path  # approvals, articles in YAML, ids that the path belies
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
        """Where a record may lie."""
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


def misplaced(entry: TreeEntry) -> Finding | None:
    """The finding of a name under `records/` that is no plain file with a record's path, or None."""
    path = entry.path
    match entry.mode:
        case Mode.SYMLINK:
            return Spot("a symbolic link").finding(identity.SYMLINK, path)
        case Mode.SUBMODULE:
            return Spot("a submodule or nested repository").finding(identity.SUBMODULE, path)
        case Mode.OTHER:
            return Spot("neither a plain file nor a readable folder").finding(identity.NOT_PLAIN, path)
    if parse_path(path) is None:
        return Spot("not the path of a record", help=_better_path(path)).finding(identity.UNKNOWN_FILE, path)
    return None


def _case_clash(path: str, folded: dict[str, str]) -> Finding | None:
    twin = folded.get(path.lower())
    return Spot(f"differs from {cut(twin, 80)} only by case").finding(identity.CASE_CLASH, path) if twin else None


def other_form(path: str) -> str | None:
    """The other path at which an article's record may lie: `.yaml` beside `.md`; None for all else."""
    located = parse_path(path)
    if located is None or located[0] != "article":
        return None
    stem, _, suffix = path.rpartition(".")
    return f"{stem}.{'yaml' if suffix == 'md' else 'md'}"


def _better_path(path: str) -> str | None:
    """What the path was probably meant to be."""
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


def read_data(path: str, content: bytes) -> Read:
    """The data of a record's file, an article or plain YAML by its name."""
    return read_article(content) if path.endswith(".md") else read_yaml(content)


def understand(path: str, kind: str, record_id: str, content: bytes | Unreadable, *, keep_data: bool) -> Loaded:
    """One file's bytes as a record, or as findings."""
    if isinstance(content, Unreadable):
        finding = Spot(content.message, help=content.hint).finding(UNREADABLE_FILE, path)
        return Loaded(kind, record_id, None, None, (finding,))
    read = read_data(path, content)
    if read.faults or read.data is None:
        return Loaded(kind, record_id, None, None, tuple(fault.finding(path) for fault in read.faults))
    from pydantic import ValidationError

    model = KINDS[kind].model
    data = read.data if keep_data else None
    try:
        return Loaded(kind, record_id, data, model.model_validate(read.data), ())
    except ValidationError as error:
        spots = spots_of(error, model, read.data)
        return Loaded(kind, record_id, data, None, tuple(spot.finding(rule, path) for rule, spot in spots))


def read_settings(tree: Tree) -> tuple[Settings, tuple[Finding, ...]]:
    """The settings and what is wrong with them. Raises CouldNotCheck where there is no itsm.yaml."""
    from pydantic import ValidationError

    entry = tree.entry(SETTINGS_PATH)
    if entry is None or entry.mode is not Mode.FILE:
        raise CouldNotCheck(
            f"{tree.label} has no {SETTINGS_PATH}",
            hint="`itsm init` makes a workspace; -C DIR names the folder of an existing one",
        )
    read = read_yaml(tree.read(SETTINGS_PATH))
    if read.faults or read.data is None:
        return _defaults(), tuple(fault.finding(SETTINGS_PATH) for fault in read.faults)
    try:
        return Settings.model_validate(read.data), ()
    except ValidationError as error:
        spots = spots_of(error, Settings, read.data)
        return _defaults(), tuple(spot.finding(rule, SETTINGS_PATH) for rule, spot in spots)


def _defaults() -> Settings:
    return Settings.model_validate({"name": "unreadable settings", "id": "0" * 8, "schema": 1})
