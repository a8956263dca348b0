"""The wheel holds all that it needs: it runs in an environment of its own, outside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def itsm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program installed from a wheel, without this checkout on its path."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, text=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    site = next((folder / "venv" / "lib").glob("python*/site-packages"))
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    # Dependencies come from the environment of the tests; the package itself must not.
    dependencies = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "dependencies.pth").write_text(dependencies + "\n", encoding="utf-8")
    return folder / "venv" / "bin" / "python"


def _run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"GIT_AUTHOR_NAME": "Ana", "GIT_AUTHOR_EMAIL": "ana@example.org"}
    return subprocess.run(
        [python, "-m", "itsm_as_code", *arguments], cwd=folder, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_a_workspace_founded_by_the_wheel_passes_its_check_and_builds_its_site(itsm: Path, tmp_path: Path) -> None:
    for arguments in (("init", "--person", "Ana", "--email", "ana@example.org"), ("check",), ("site", "build")):
        done = _run(itsm, tmp_path, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site" / "index.html").is_file()


def test_the_wheel_is_what_runs(itsm: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [itsm, "-c", "import itsm_as_code; print(itsm_as_code.__file__)"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not Path(where.stdout.strip()).is_relative_to(ROOT)
