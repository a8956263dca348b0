"""Where the data files are: in the wheel beside the code, in a checkout at the top of the project."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from itsm_as_code.domain.errors import CouldNotCheck

if TYPE_CHECKING:
    from jinja2 import FileSystemLoader

_PACKAGE = Path(__file__).parent


@cache
def _folder(name: str) -> Path:
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise CouldNotCheck(
        f"the installation lacks its folder {name}",
        hint="install it again: python -m pip install --force-reinstall itsm-as-code",
    )


def templates(part: str) -> Path:
    """The folder of the templates of one part: `site`, `records` or `init`. Raises CouldNotCheck."""
    return _folder("templates") / part


def schemas() -> Path:
    """The folder of the generated JSON Schemas. Raises CouldNotCheck."""
    return _folder("schemas")


def template_loader(part: str) -> FileSystemLoader:
    """A Jinja2 loader of the templates of one part. Raises CouldNotCheck."""
    from jinja2 import FileSystemLoader

    return FileSystemLoader(templates(part))
