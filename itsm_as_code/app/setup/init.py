"""`itsm init`: makes a workspace that passes its own check, with a first service, SLA, calendar, team and policy."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from itsm_as_code.app.publishing.generated_files import schemas
from itsm_as_code.app.writing.templates import yaml_environment
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.ids import CROCKFORD, FOLDERS, parse_path, path_of, slug_of
from itsm_as_code.domain.settings import SETTINGS_PATH, Settings
from itsm_as_code.store.overlay import WrittenOver
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.worktree import WorkTree

_FILES = {
    SETTINGS_PATH: "itsm.yaml.j2",
    ".github/workflows/itsm.yml": "workflow.yml.j2",
    ".vscode/settings.json": "vscode-settings.json.j2",
    ".vscode/extensions.json": "vscode-extensions.json.j2",
    ".editorconfig": "editorconfig.j2",
    ".gitattributes": "gitattributes.j2",
    ".gitignore": "gitignore.j2",
}


@dataclass(frozen=True, slots=True)
class InitRequest:
    """What a new workspace is made from."""

    name: str
    service_name: str
    person_name: str
    email: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class InitResult:
    """What was made: the files, and whether a Git repository was made."""

    root: Path
    files: tuple[str, ...]
    new_repository: bool


def _slug_or(words: str, otherwise: str) -> str:
    """Returns `slug_of` the name, or of other words if the name has no ASCII letters."""
    try:
        return slug_of(words)
    except UsageFault:
        return slug_of(otherwise)


def identity_of(root: Path) -> tuple[str, str] | None:
    """Returns name and address from the user's Git configuration, or None if Git has none."""
    from itsm_as_code.git.identity import identity

    try:
        found = identity(root)
    except CouldNotCheck:
        return None
    return found.name, found.email


def initialise(root: Path, founding: InitRequest, at: datetime, *, git: bool = True) -> InitResult:
    """Makes the workspace. Raises UsageFault if a file is in the way; then nothing was written."""
    from itsm_as_code.git.start import init_repository, is_tracked_root
    from itsm_as_code.store.atomic import write_all

    files = _files(founding, at)
    _require_sound(root, files)
    kept = [path for path in (".editorconfig", ".gitattributes", ".gitignore") if (root / path).exists()]
    for path in kept:
        files.pop(path)
    in_the_way = [path for path in files if (root / path).exists()]
    if in_the_way:
        raise UsageFault(f"{root / in_the_way[0]} already exists", hint="`itsm check` checks an existing workspace")
    _make_folder(root)
    new_repository = git and not is_tracked_root(root)
    if new_repository:
        init_repository(root).close()  # first, because without Git nothing is to be written
    write_all({root / path: text.encode() for path, text in files.items()}, root=root)
    return InitResult(root, tuple(sorted(files)), new_repository)


def _require_sound(root: Path, files: dict[str, str]) -> None:
    """Raises UsageFault if a name, an address or the time zone would give a file with findings."""
    over = WrittenOver(WorkTree(root), {path: text.encode() for path, text in files.items()})
    snapshot = TreeSnapshot(over)
    findings = list(snapshot.settings_findings)
    for path in files:
        loaded = snapshot.load(path) if parse_path(path) else None
        findings += loaded.findings if loaded is not None else ()
    if findings:
        raise UsageFault(f"{findings[0].path} would be wrong: {findings[0].message}", hint=findings[0].help)


def _make_folder(root: Path) -> None:
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CouldNotCheck(f"the folder {root} could not be made: {error.strerror}") from error


def _workspace_id() -> str:
    """Returns 16 random characters. The first is a letter, so that no parser of YAML takes them for a number."""
    letters = CROCKFORD[10:].lower()
    return secrets.choice(letters) + "".join(secrets.choice(CROCKFORD.lower()) for _ in range(15))


def _files(founding: InitRequest, at: datetime) -> dict[str, str]:
    """Returns the whole new workspace: path to text."""
    environment = yaml_environment("init")
    person = _slug_or(founding.person_name, founding.email.split("@", maxsplit=1)[0])
    service = _slug_or(founding.service_name, "first-service")
    values = {
        "name": founding.name,
        "workspace_id": _workspace_id(),
        "time_zone": founding.time_zone,
        "person": person,
        "person_name": founding.person_name,
        "email": founding.email,
        "service": service,
        "service_name": founding.service_name,
        "year": at.year,
        "today": at.date().isoformat(),
        "folders": [(kind, folder) for kind, folder in FOLDERS.items() if kind != "article"],
    }
    records = {
        path_of("person", person): "person.yaml.j2",
        path_of("team", "it"): "team.yaml.j2",
        path_of("service", service): "service.yaml.j2",
        path_of("calendar", "office-hours"): "calendar.yaml.j2",
        path_of("sla", "standard"): "sla.yaml.j2",
        path_of("policy", "changes"): "policy-changes.yaml.j2",
        path_of("policy", "post-reviews"): "policy-post-reviews.yaml.j2",
        path_of("policy", "articles"): "policy-articles.yaml.j2",
        path_of("policy", "sensitive-edits"): "policy-edits.yaml.j2",
        path_of("article", "how-we-work"): "article.md.j2",
    }
    made = {path: environment.get_template(name).render(values) for path, name in (_FILES | records).items()}
    settings = Settings.model_validate({"name": "any", "id": values["workspace_id"], "schema": 1})
    return made | schemas(settings)
