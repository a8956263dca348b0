"""Templates of YAML files: where they are, and how names that people choose are quoted in them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

_WORDS = frozenset({"yes", "no", "on", "off", "true", "false", "null", "none", "y", "n"})


def yaml_environment(part: str) -> Environment:
    """Returns the environment for templates of `init` or `records`. The filter `yaml` quotes where quotes are
    needed."""
    from jinja2 import Environment, StrictUndefined

    from itsm_as_code.resources import template_loader

    environment = Environment(  # noqa: S701 - YAML and JSON, not HTML; values are quoted by the `yaml` filter
        loader=template_loader(part), undefined=StrictUndefined, keep_trailing_newline=True,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["yaml"] = as_yaml
    return environment


def as_yaml(text: str) -> str:
    """Returns the text plain if every parser reads it as text, otherwise in double quotes."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9 .@/_-]*[A-Za-z0-9]", text) and text.lower() not in _WORDS and ": " not in text:
        return text
    return json.dumps(text, ensure_ascii=False)
