"""What all tests share: no inherited Git settings, a home of their own, and the public data sets where they are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "default", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("default")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests may run inside a Git hook or on a developer's machine: neither may show through."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "GITHUB_", "ITSM_")) and not name.startswith("ITSM_REQUIRE"):
            monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp()))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ana Example")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ana@example.org")
    yield


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of public data sets beside the checkout; a test that needs it skips, or fails where it is a must."""
    folder = ROOT.parent / "shared" / "data"
    if folder.is_dir():
        return folder
    reason = "the public data sets are not beside this checkout (see CONTRIBUTING.md)"
    if os.environ.get("ITSM_REQUIRE_REAL_DATA"):
        pytest.fail(reason)
    pytest.skip(reason)
