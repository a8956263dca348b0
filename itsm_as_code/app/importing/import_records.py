"""`itsm import`: makes records of other systems ours. A second import changes nothing; a later one adds what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.app.importing.sources import read_file, read_folder, zone_of
from itsm_as_code.domain.edit import SetValue
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.ids import path_of
from itsm_as_code.domain.loss import LossReport
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.domain.shape import key_order_at
from itsm_as_code.importers.clean import folded
from itsm_as_code.importers.draft import Harvest, ImportedRecord, Known, Options
from itsm_as_code.importers.front_matter import load_yaml
from itsm_as_code.importers.merge import merged
from itsm_as_code.store.snapshot import TreeSnapshot, understand

if TYPE_CHECKING:
    from itsm_as_code.app.writing.draft import Draft

KINDS_NAMED = ("person", "team", "service", "asset", "incident", "problem", "change", "article")
"""The kinds in whose aliases an import looks names up."""


@dataclass(frozen=True, slots=True)
class ImportSource:
    """What is to be imported, as the command line says it.

    `system` is one of `READERS`; `name` is its name in aliases, if that differs.
    """

    system: str
    path: Path
    mapping: Path | None = None
    name: str | None = None
    time_zone: str | None = None
    dayfirst: bool | None = None
    create: bool = False
    owner: str | None = None
    article_type: str = "runbook"
    article_state: str = "published"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an import.

    `counts` are the numbers of records by what happened to them; `kept` has pairs (path, why) of what was left as it is
    here; `mapping` is the mapping in effect as YAML; `written` are the files, none for a dry run.
    """

    loss: LossReport
    counts: dict[str, int]
    kept: tuple[tuple[str, str], ...]
    mapping: bytes
    written: tuple[str, ...]


@dataclass(slots=True)
class _Plan:
    """Files to write with their present content, and what is reported about the others."""

    files: dict[str, bytes] = field(default_factory=dict)
    before: dict[str, bytes | None] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    kept: list[tuple[str, str]] = field(default_factory=list)


def import_records(checkout: Checkout, source: ImportSource, *, dry_run: bool = False) -> ImportResult:
    """Reads the source, makes records, and writes those that are new or newer: all of them or none.

    Raises CouldNotCheck if the source or the workspace can't be read, UsageFault if an option or the mapping file is
    wrong or missing. Faults in the workspace's own records stop an import, because a record that can't be read could be
    the one that is to be extended.
    """
    snapshot = checkout.here
    mapping = _mapping(source)
    options = _options(snapshot, source, _system(source, mapping), checkout.now)
    harvest = READERS[source.system](source.path, options, mapping)
    plan = _planned(snapshot, harvest)
    if not dry_run:
        declare_fields(checkout, harvest)
        _write(checkout.root, plan)
    counts = {name: plan.counts[name] for name in ("new", "extended", "unchanged", "left as they are")}
    written = () if dry_run else tuple(plan.files)
    return ImportResult(harvest.loss, counts, tuple(plan.kept), _as_yaml(harvest), written)


def _servicenow(path: Path, options: Options, mapping: object) -> Harvest:
    from itsm_as_code.importers import servicenow

    return servicenow.read(read_file(path), path.name, options, mapping)


def _cstate(path: Path, options: Options, mapping: object) -> Harvest:
    from itsm_as_code.importers import cstate

    return cstate.read(read_folder(path), options, mapping)


def _markdown(path: Path, options: Options, mapping: object) -> Harvest:
    from itsm_as_code.importers import markdown

    return markdown.read(read_folder(path), options, mapping)


READERS: dict[str, Callable[[Path, Options, object], Harvest]] = {
    "servicenow": _servicenow,
    "cstate": _cstate,
    "markdown": _markdown,
}
"""What is imported from, with what reads it. Each has a command below `itsm import`."""


def _mapping(source: ImportSource) -> object:
    """Returns the mapping file as plain values, with the name that the command line gives the system."""
    named = {"system": source.name} if source.name else None
    if source.mapping is None:
        return named
    try:
        loaded = load_yaml(read_file(source.mapping).decode("utf-8-sig")) or {}
    except ValueError as error:
        first = str(error).split("\n", maxsplit=1)[0]
        raise UsageFault(f"{source.mapping} is not YAML: {first}", hint="Make one with --write-mapping.") from None
    return {**loaded, **named} if named and isinstance(loaded, dict) else loaded


def _system(source: ImportSource, mapping: object) -> str:
    said = mapping.get("system") if isinstance(mapping, dict) else None
    return said if isinstance(said, str) else source.system


def _options(snapshot: TreeSnapshot, source: ImportSource, system: str, at: datetime) -> Options:
    settings = snapshot.settings
    if snapshot.settings_findings:
        raise CouldNotCheck(f"{SETTINGS_PATH} has faults.", hint="`itsm check` lists them; fix them first.")
    declared = settings.custom_fields.get("incident", {})
    return Options(
        now=at,
        priorities=settings.priorities,
        zone=zone_of(source.time_zone),
        dayfirst=source.dayfirst,
        create=source.create,
        owner=source.owner,
        custom_fields={name: str(custom.type) for name, custom in declared.items()},
        article_type=source.article_type,
        article_state=source.article_state,
        known=_known(snapshot, system),
    )


def _known(snapshot: TreeSnapshot, system: str) -> Known:
    """Returns ids, and aliases of one system, of the records to which an import may refer or which it may extend.

    A record may have more than one key there: aliases of `servicenow-user` also count for `servicenow`.
    """
    by_alias: dict[tuple[str, str], str] = {}
    ids: dict[str, frozenset[str]] = {}
    for kind in KINDS_NAMED:
        records = list(snapshot.records(kind))
        ids[kind] = frozenset(record.id for record in records)
        for record in records:
            for name, key in record.aliases.items():
                if name in (system, f"{system}-sys-id", f"{system}-user"):
                    by_alias[kind, key] = record.id
    for (kind, key), record_id in list(by_alias.items()):
        by_alias.setdefault((kind, folded(key)), record_id)
    unreadable = [path for path, loaded in snapshot.loaded() if loaded.record is None]
    if unreadable:
        raise CouldNotCheck(
            f"{len(unreadable)} records can't be read, for example {unreadable[0]}.",
            hint="`itsm check` says why; fix them first, so that nothing is imported twice.",
        )
    return Known(by_alias, ids)


def _planned(snapshot: TreeSnapshot, harvest: Harvest) -> _Plan:
    plan = _Plan()
    for draft in harvest.drafts:
        path = path_of(draft.kind, draft.id)
        loaded = snapshot.load(path) or (snapshot.load(f"{path[:-3]}.yaml") if draft.kind == "article" else None)
        if loaded is None:
            _add_new(plan, path, draft)
        elif loaded.data is not None:
            _add_merged(plan, snapshot, path, draft, loaded.data)
    return plan


def _add_new(plan: _Plan, path: str, draft: ImportedRecord) -> None:
    """Adds a new file after reading it back: what our own reader refuses is never written."""
    content = _content(path, draft)
    faults = understand(path, draft.kind, draft.id, content, keep_data=False).findings
    if faults:
        plan.counts["left as they are"] += 1
        plan.kept.append((path, f"not written: {faults[0].message}"))
        return
    plan.counts["new"] += 1
    plan.files[path] = content
    plan.before[path] = None


def _add_merged(plan: _Plan, snapshot: TreeSnapshot, path: str, draft: ImportedRecord, data: dict[str, Any]) -> None:
    from itsm_as_code.store.editor import apply

    merge = merged(data, draft)
    plan.kept += [(path, why) for why in merge.kept]
    before = snapshot.tree.read(path) if merge.edits else b""
    after = apply(before, merge.edits, order=key_order_at(path)) if merge.edits else b""
    if before == after:
        plan.counts["left as they are" if merge.kept else "unchanged"] += 1
        return
    plan.counts["extended"] += 1
    plan.files[path], plan.before[path] = after, before


def _content(path: str, draft: ImportedRecord) -> bytes:
    from itsm_as_code.store.emit import emit

    fields = emit(draft.data, key_order_at(path))
    return fields if draft.body is None else b"---\n" + fields + b"---\n\n" + draft.body.encode()


def declare_fields(checkout: Checkout, harvest: Harvest) -> None:
    """Declares in itsm.yaml the custom fields that the records use. It is harmless by itself, so it comes before the
    records."""
    from itsm_as_code.app.writing.carry_out import carry_out
    from itsm_as_code.app.writing.draft import Delivery

    missing = dict(harvest.custom_fields)
    if not missing:
        return

    def intent(snapshot: TreeSnapshot) -> tuple[Draft, ...]:
        return (_settings_draft(snapshot, missing),)

    carry_out(checkout, intent, Delivery(at=checkout.now, message="settings: declare imported fields", actor=""))


def _settings_draft(snapshot: TreeSnapshot, missing: dict[str, str]) -> Draft:
    from itsm_as_code.app.writing.draft import Draft
    from itsm_as_code.store.editor import apply

    before = snapshot.tree.read(SETTINGS_PATH)
    edits = [
        SetValue(
            ("custom_fields", "incident", name),
            {"type": kind, "label": name.replace("_", " ").capitalize(), "material": False},
        )
        for name, kind in missing.items()
    ]
    after = apply(before, edits, order=key_order_at(SETTINGS_PATH))
    return Draft(SETTINGS_PATH, before, after, "declare imported fields")


def _write(root: Path, plan: _Plan) -> None:
    from itsm_as_code.store.atomic import write_all

    write_all(
        {root / path: content for path, content in plan.files.items()},
        expect={root / path: content for path, content in plan.before.items()},
        root=root,
    )


def _as_yaml(harvest: Harvest) -> bytes:
    from itsm_as_code.store.emit import emit

    head = b"# Their words to ours. `drop` takes a value over as nothing; columns may be mapped to custom.<name>.\n"
    return head + emit(harvest.mapping, None)


def write_mapping(path: Path, content: bytes) -> None:
    """Writes the mapping file. Raises UsageFault if it already exists."""
    try:
        with path.open("xb") as target:
            target.write(content)
    except FileExistsError:
        raise UsageFault(f"{path} already exists.", hint="Name a new file, or remove that one.") from None
    except OSError as error:
        raise CouldNotCheck(f"{path} can't be written: {error.strerror or error}.") from None
