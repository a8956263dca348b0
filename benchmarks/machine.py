"""The machine that figures come from, in a few lines of Markdown."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

_LIBRARIES = ("pydantic", "ryaml", "click", "GitPython", "ruamel.yaml", "check-jsonschema", "businesstimedelta")


def description() -> str:
    """Processor, cores, Python, Git and the libraries that are measured."""
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    lines = (
        f"{_processor()}, {len(os.sched_getaffinity(0))} cores",
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, {git}",
        ", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
    )
    return "".join(f"- {line}\n" for line in lines)


def _processor() -> str:
    """Its model, where the kernel tells."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
