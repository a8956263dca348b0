"""`itsm generate`: schemas and reference documents, from the code's own words; `--check` tells drift."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from itsm_as_code.checks.catalogue import FAMILIES
from itsm_as_code.checks.examples import all_examples
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.settings import SETTINGS_PATH, Settings
from itsm_as_code.render import reference
from itsm_as_code.render.audit_schema import audit_schema
from itsm_as_code.render.json_schema import schema_of
from itsm_as_code.render.proof_schema import proof_schema
from itsm_as_code.render.report_schema import report_schema

if TYPE_CHECKING:
    from itsm_as_code.app.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Generated:
    """What was made: path to text; `stale` are those whose file says something else, or nothing."""

    files: dict[str, str]
    stale: tuple[str, ...]


def schemas(settings: Settings) -> dict[str, str]:
    """The JSON Schema of each kind, of itsm.yaml, of the report, the audit and the proof: path to text."""
    made = {
        f"schemas/{name}.json": schema_of(kind.model, name, settings.custom_fields.get(name, {}))
        for name, kind in KINDS.items()
    }
    made["schemas/itsm.json"] = schema_of(Settings, "itsm")
    made["schemas/report.json"] = report_schema()
    made["schemas/audit.json"] = audit_schema()
    made["schemas/proof.json"] = proof_schema()
    return {path: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for path, schema in made.items()}


def documents(commands: str) -> dict[str, str]:
    """The reference pages: path to text. `commands` is the page that only the command line can write."""
    kinds = {name: schema_of(kind.model, name, {}) for name, kind in KINDS.items()}
    kinds["itsm.yaml"] = schema_of(Settings, "itsm")
    return {
        "docs/checks.md": reference.checks_page(FAMILIES, all_examples()),
        "docs/lifecycles.md": reference.lifecycles_page(LIFECYCLES),
        "docs/fields.md": reference.fields_page(kinds),
        "docs/commands.md": commands,
    }


def server_hook(workspace: Workspace, python: str) -> str:
    """The text of a `pre-receive` hook that runs this installation, pinned to the workspace's first commit."""
    from itsm_as_code.git.history import genesis
    from itsm_as_code.git.repository import open_repository

    forge = workspace.snapshot().settings.forge
    protected = forge.protected_ref if forge is not None else "refs/heads/main"
    with open_repository(workspace.root) as repository:
        anchor = genesis(repository, SETTINGS_PATH)
        folder = f" --folder {shlex.quote(repository.prefix)}" if repository.prefix else ""
    return _HOOK.format(python=shlex.quote(python), protected=shlex.quote(protected), anchor=anchor, folder=folder)


_HOOK = """\
#!/bin/sh
# Written by `itsm generate server-hook`: every push to {protected} is judged by the rules of its present tip.
# Whatever goes wrong refuses the push. To change the root of trust, generate the hook anew.
exec {python} -m itsm_as_code check --pre-receive {protected} --anchor {anchor}{folder}
"""


def compare(root: Path, files: dict[str, str]) -> Generated:
    """Which of `files` differ from what lies under `root`."""
    stale = tuple(path for path, text in files.items() if not _holds(root / path, text))
    return Generated(files, stale)


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def write(root: Path, generated: Generated) -> None:
    """Writes what is stale."""
    from itsm_as_code.store.atomic import write_all

    write_all({root / path: generated.files[path].encode() for path in generated.stale}, root=root)
