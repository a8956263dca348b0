"""`itsm import`: other systems' records become ours. A second import changes nothing; a later one adds what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.mend import order_of
from itsm_as_code.app.sources import read_file, read_folder, zone_of
from itsm_as_code.app.workspace import Workspace
from itsm_as_code.domain.edit import SetValue
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.ids import path_of
from itsm_as_code.domain.loss import LossReport
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.importers.clean import folded
from itsm_as_code.importers.draft import Draft, Harvest, Known, Options
from itsm_as_code.importers.front_matter import load_yaml
from itsm_as_code.importers.merge import merged
from itsm_as_code.store.snapshot import TreeSnapshot, understand

if TYPE_CHECKING:
    from itsm_as_code.app.write import Draft as FileDraft

_KINDS = ("person", "team", "service", "asset", "incident", "problem", "change", "article")
"""Kinds whose aliases an import looks names up in."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be imported, as the command line says it.

    `system` is servicenow, cstate or markdown; `name` is what to call it in aliases, where that differs.
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
class BroughtIn:
    """What an import came to.

    `counts` are records by what happened to them; `kept` pairs (path, why) of what was left as it is
    here; `mapping` is the mapping in effect as YAML; `written` are the files, none for a dry run.
    """

    loss: LossReport
    counts: dict[str, int]
    kept: tuple[tuple[str, str], ...]
    mapping: bytes
    written: tuple[str, ...]


@dataclass(slots=True)
class _Plan:
    """Files to write with what they hold now, and what is told about the others."""

    files: dict[str, bytes] = field(default_factory=dict)
    before: dict[str, bytes | None] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    kept: list[tuple[str, str]] = field(default_factory=list)


def bring_in(workspace: Workspace, source: Source, at: datetime, *, dry_run: bool = False) -> BroughtIn:
    """Reads the source, makes records, writes those that are new or newer; all of them or none.

    Raises CouldNotCheck where the source or the workspace can't be read, UsageFault where an option or
    the mapping file is wrong or missing. Records with faults of their own stop an import: what can't be
    read could be the very record that is to be extended.
    """
    snapshot = TreeSnapshot(workspace.tree(), keep_data=True)
    mapping = _mapping(source)
    options = _options(snapshot, source, _system(source, mapping), at)
    harvest = _reader(source.system)(source.path, options, mapping)
    plan = _planned(snapshot, harvest)
    if not dry_run:
        _declare(workspace, harvest, at)
        _write(workspace, plan)
    counts = {name: plan.counts[name] for name in ("new", "extended", "unchanged", "left as they are")}
    written = () if dry_run else tuple(plan.files)
    return BroughtIn(harvest.loss, counts, tuple(plan.kept), _as_yaml(harvest), written)


def _reader(system: str) -> Callable[[Path, Options, object], Harvest]:
    if system == "servicenow":
        from itsm_as_code.importers import servicenow

        return lambda path, options, mapping: servicenow.read(read_file(path), path.name, options, mapping)
    if system == "cstate":
        from itsm_as_code.importers import cstate

        return lambda path, options, mapping: cstate.read(read_folder(path), options, mapping)
    from itsm_as_code.importers import markdown

    return lambda path, options, mapping: markdown.read(read_folder(path), options, mapping)


def _mapping(source: Source) -> object:
    """The mapping file as plain values, with the name that the command line gives the system."""
    named = {"system": source.name} if source.name else None
    if source.mapping is None:
        return named
    try:
        loaded = load_yaml(read_file(source.mapping).decode("utf-8-sig")) or {}
    except ValueError as error:
        first = str(error).split("\n", maxsplit=1)[0]
        raise UsageFault(f"{source.mapping} is no YAML: {first}", hint="Make one with --write-mapping.") from None
    return {**loaded, **named} if named and isinstance(loaded, dict) else loaded


def _system(source: Source, mapping: object) -> str:
    said = mapping.get("system") if isinstance(mapping, dict) else None
    return said if isinstance(said, str) else source.system


def _options(snapshot: TreeSnapshot, source: Source, system: str, at: datetime) -> Options:
    settings = snapshot.settings
    if snapshot.settings_findings:
        raise CouldNotCheck(f"{SETTINGS_PATH} has faults.", hint="`itsm check` lists them; mend them first.")
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
    """Ids, and aliases of one system, of the records that an import may refer to or extend.

    A record may have more than one key there: aliases of `servicenow-user` count for `servicenow` too.
    """
    by_alias: dict[tuple[str, str], str] = {}
    ids: dict[str, frozenset[str]] = {}
    for kind in _KINDS:
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
            f"{len(unreadable)} records can't be read, {unreadable[0]} for one.",
            hint="`itsm check` says why; mend them first, so that nothing is imported twice.",
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


def _add_new(plan: _Plan, path: str, draft: Draft) -> None:
    """A new file, read back before it counts: what our own reader refuses is never written."""
    content = _content(path, draft)
    faults = understand(path, draft.kind, draft.id, content, keep_data=False).findings
    if faults:
        plan.counts["left as they are"] += 1
        plan.kept.append((path, f"not written: {faults[0].message}"))
        return
    plan.counts["new"] += 1
    plan.files[path] = content
    plan.before[path] = None


def _add_merged(plan: _Plan, snapshot: TreeSnapshot, path: str, draft: Draft, data: dict[str, Any]) -> None:
    from itsm_as_code.store.editor import apply

    merge = merged(data, draft)
    plan.kept += [(path, why) for why in merge.kept]
    before = snapshot.tree.read(path) if merge.edits else b""
    after = apply(before, merge.edits, order=order_of(path)) if merge.edits else b""
    if before == after:
        plan.counts["left as they are" if merge.kept else "unchanged"] += 1
        return
    plan.counts["extended"] += 1
    plan.files[path], plan.before[path] = after, before


def _content(path: str, draft: Draft) -> bytes:
    from itsm_as_code.store.emit import emit

    fields = emit(draft.data, order_of(path))
    return fields if draft.body is None else b"---\n" + fields + b"---\n\n" + draft.body.encode()


def _declare(workspace: Workspace, harvest: Harvest, at: datetime) -> None:
    """Custom fields that the records use, in itsm.yaml. Harmless by itself, hence a step before the records."""
    from itsm_as_code.app.write import Delivery, carry_out

    missing = dict(harvest.custom_fields)
    if not missing:
        return

    def intent(snapshot: TreeSnapshot) -> tuple[FileDraft, ...]:
        return (_settings_draft(snapshot, missing),)

    carry_out(workspace, intent, Delivery(at=at, message="settings: declare imported fields", actor=""))


def _settings_draft(snapshot: TreeSnapshot, missing: dict[str, str]) -> FileDraft:
    from itsm_as_code.app.write import Draft as FileDraft
    from itsm_as_code.store.editor import apply

    before = snapshot.tree.read(SETTINGS_PATH)
    edits = [
        SetValue(
            ("custom_fields", "incident", name),
            {"type": kind, "label": name.replace("_", " ").capitalize(), "material": False},
        )
        for name, kind in missing.items()
    ]
    after = apply(before, edits, order=order_of(SETTINGS_PATH))
    return FileDraft(SETTINGS_PATH, before, after, "declare imported fields")


def _write(workspace: Workspace, plan: _Plan) -> None:
    from itsm_as_code.store.atomic import write_all

    write_all(
        {workspace.root / path: content for path, content in plan.files.items()},
        expect={workspace.root / path: content for path, content in plan.before.items()},
        root=workspace.root,
    )


def _as_yaml(harvest: Harvest) -> bytes:
    from itsm_as_code.store.emit import emit

    head = b"# Their words to ours. `drop` takes a value over as nothing; columns may be mapped to custom.<name>.\n"
    return head + emit(harvest.mapping, None)


def write_mapping(path: Path, content: bytes) -> None:
    """Writes the mapping file. Raises UsageFault where there is one already."""
    try:
        with path.open("xb") as target:
            target.write(content)
    except FileExistsError:
        raise UsageFault(f"{path} is there already.", hint="Name a new file, or remove that one.") from None
    except OSError as error:
        raise CouldNotCheck(f"{path} can't be written: {error.strerror or error}.") from None
