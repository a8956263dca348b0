"""Reads who Git would name as author here, as written and never through `.mailmap`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git import command
from itsm_as_code.git.repository import Repository


@dataclass(frozen=True, slots=True)
class Identity:
    """A name and an e-mail address from the configuration. They are a claim, not a proof."""

    name: str
    email: str


def identity(place: Repository | Path) -> Identity:
    """Returns the author of the next commit made here, from GIT_AUTHOR_* and the user's configuration.

    Nothing is guessed from the login or the host name. Raises CouldNotCheck if nothing is set.
    """
    args = ("-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT")
    outcome = place.as_user(*args) if isinstance(place, Repository) else command.as_user(args, cwd=place)
    line = outcome.stdout.decode("utf-8", "surrogateescape").strip()
    name, _, rest = line.partition(" <")
    email = rest.rpartition("> ")[0]
    if outcome.status != 0 or not email:
        raise CouldNotCheck(
            "Git does not know who you are",
            hint='git config --global user.name "Your Name"; git config --global user.email you@example.org',
        )
    return Identity(name, email)
