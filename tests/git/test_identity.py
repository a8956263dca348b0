"""Who sits here: from the environment and the configuration, never guessed and never mapped."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.git.identity import Identity, identity
from tests.git.builder import RepoBuilder
from tests.git.conftest import Opener


def test_the_repositorys_configuration_names_the_author(repo: RepoBuilder, opened: Opener) -> None:
    expected = Identity("Ursula User", "ursula@example.org")
    assert identity(opened(repo.path)) == expected
    assert identity(repo.path) == expected


def test_the_environment_wins(repo: RepoBuilder, opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Éva > Envir")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "eva@example.org")
    assert identity(opened(repo.path)) == Identity("Éva  Envir", "eva@example.org")


def test_a_mailmap_maps_nobody(repo: RepoBuilder, opened: Opener) -> None:
    repo.commit({".mailmap": "Somebody Else <else@example.org> <ursula@example.org>\n"})
    assert identity(opened(repo.path)).email == "ursula@example.org"


def test_outside_a_repository_the_users_own_configuration_counts(tmp_path: Path) -> None:
    (tmp_path / "home" / ".gitconfig").write_text("[user]\n\tname = Home\n\temail = home@example.org\n")
    assert identity(tmp_path) == Identity("Home", "home@example.org")


def test_nothing_is_guessed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL", raising=False)
    with pytest.raises(CouldNotCheck, match="does not know who you are") as caught:
        identity(tmp_path)
    assert "user.email" in (caught.value.hint or "")
