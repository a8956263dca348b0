"""`itsm generate`: writes schemas and reference documents from the words in the code. `--check` finds stale ones."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from itsm_as_code.checks.catalogue import FAMILIES
from itsm_as_code.checks.examples import all_examples
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.field_decisions import all_decisions
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.settings import SETTINGS_PATH, Settings
from itsm_as_code.render import reference
from itsm_as_code.render.audit_schema import audit_schema
from itsm_as_code.render.json_schema import schema_of
from itsm_as_code.render.proof_schema import proof_schema
from itsm_as_code.render.report_schema import report_schema

if TYPE_CHECKING:
    from itsm_as_code.app.checkout.checkout import Checkout


@dataclass(frozen=True, slots=True)
class GeneratedFiles:
    """What was generated: path to text. `stale` are those whose file is missing or has other text."""

    files: dict[str, str]
    stale: tuple[str, ...]


def schemas(settings: Settings) -> dict[str, str]:
    """Returns the JSON Schema of each kind, of itsm.yaml, of the report, the audit and the proof: path to text."""
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
    """Returns the reference pages: path to text. `commands` is the page that only the command line can write."""
    kinds = {name: schema_of(kind.model, name, {}) for name, kind in KINDS.items()}
    kinds["itsm.yaml"] = schema_of(Settings, "itsm")
    return {
        "docs/checks.md": reference.checks_page(FAMILIES, all_examples()),
        "docs/lifecycles.md": reference.lifecycles_page(LIFECYCLES),
        "docs/fields.md": reference.fields_page(kinds, all_decisions()),
        "docs/commands.md": commands,
    }


def server_hook(checkout: Checkout, python: str) -> str:
    """Returns the text of a `pre-receive` hook that runs this installation, pinned to the workspace's first commit.

    `python` is the program that has `itsm` installed. Where the hook is written, Git, OpenSSH and `env` must be what
    they will be where it runs: it looks for them nowhere else.
    """
    from itsm_as_code.git.history import genesis

    checkout.require_same_protection()
    clone = checkout.require_clone()
    prefix = clone.repository.prefix
    anchor = genesis(clone.repository, SETTINGS_PATH, clone.require_base_tree().commit)
    folder = f" --folder {shlex.quote(prefix)}" if prefix else ""
    protected = f"refs/heads/{clone.protected}"
    return _HOOK.format(
        shell=_shell(), env=shlex.quote(shutil.which("env") or "/usr/bin/env"), path=shlex.quote(_search_path()),
        python=shlex.quote(python), protected=shlex.quote(protected), anchor=anchor, folder=folder,
    )  # fmt: skip


def require_isolated(python: str) -> None:
    """Raises CouldNotCheck if `python` finds `itsm` only by settings of the user, which no hook of ours hears of."""
    asked = [python, "-I", "-c", "import git, itsm_as_code.app.checking.step"]
    done = subprocess.run(asked, env={"PATH": _search_path(), "LANG": "C.UTF-8"}, capture_output=True, check=False)
    if done.returncode != 0:
        raise CouldNotCheck(
            f"{python} finds itsm only with the settings of your environment, which a server's hook does not get",
            hint="install itsm in a virtual environment (python -m venv), and generate the hook with its itsm",
        )


def _search_path() -> str:
    """Returns the folders in which the hook looks for Git and OpenSSH: where they are now, and the usual ones."""
    found = (shutil.which(name) for name in ("git", "ssh-keygen"))
    here = [str(Path(program).absolute().parent) for program in found if program]
    return ":".join(dict.fromkeys([*here, "/usr/local/bin", "/usr/bin", "/bin"]))


def _shell() -> str:
    """Returns the shell with the option by which it passes over functions and options in the environment, if it has
    it: `SHELLOPTS=noexec` makes bash read a script to its end and run nothing of it, with exit code 0."""
    done = subprocess.run([_SHELL, "-p", "-c", "exit 7"], capture_output=True, check=False)
    return f"{_SHELL} -p" if done.returncode == 7 else _SHELL


_SHELL = "/bin/sh"
_HOOK = """\
#!{shell}
# Written by `itsm generate server-hook`: every push to {protected} is judged by the rules of its present tip.
# If anything goes wrong, the push is refused. To change the root of trust, generate the hook again.

# First the hook starts itself again in an environment of its own. What the pusher has set stays outside; HOME stays,
# because Git reads there which repositories of others it may trust, and nothing else is taken from it.
case $# in
0)
  exec {env} -i PATH={path} LANG=C.UTF-8 ${{HOME+"HOME=$HOME"}} \\
    ${{GIT_QUARANTINE_PATH+"GIT_QUARANTINE_PATH=$GIT_QUARANTINE_PATH"}} \\
    ${{GIT_OBJECT_DIRECTORY+"GIT_OBJECT_DIRECTORY=$GIT_OBJECT_DIRECTORY"}} \\
    ${{GIT_ALTERNATE_OBJECT_DIRECTORIES+"GIT_ALTERNATE_OBJECT_DIRECTORIES=$GIT_ALTERNATE_OBJECT_DIRECTORIES"}} \\
    {shell} "$0" judge
  ;;
esac

# The push passes only on the word of the check. An exit code says less: a program that prints its help ends with 0 too.
word="may-land-$$"
said=$({python} -I -m itsm_as_code check --pre-receive {protected} --anchor {anchor}{folder} --word "$word")
code=$?
case "$code $said" in
"0 $word") exit 0 ;;
"1 "*) ;;
*) echo "itsm: this push was not judged (the check ended with exit code $code), so it is refused" >&2 ;;
esac
exit 1
"""


def compare(root: Path, files: dict[str, str]) -> GeneratedFiles:
    """Returns `files`, and which of them differ from the files under `root`."""
    stale = tuple(path for path, text in files.items() if not _holds(root / path, text))
    return GeneratedFiles(files, stale)


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def write(root: Path, generated: GeneratedFiles) -> None:
    """Writes the stale files."""
    from itsm_as_code.store.atomic import write_all

    write_all({root / path: generated.files[path].encode() for path in generated.stale}, root=root)
