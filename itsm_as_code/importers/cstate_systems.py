"""Reads the systems of a cState status page from its settings and its pages about them. They become services."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from itsm_as_code.importers.clean import line, text
from itsm_as_code.importers.decode import decoded
from itsm_as_code.importers.front_matter import Page, load_yaml

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain
    from itsm_as_code.importers.draft import Files
    from itsm_as_code.importers.loss import Losses
    from itsm_as_code.importers.parties import Parties

_CONFIGS = ("config.yml", "config.yaml", "config.toml", "hugo.yml", "hugo.yaml", "hugo.toml")


def describe_systems(systems: list[dict[str, Any]], pages: list[Page], parties: Parties, losses: Losses) -> None:
    """Finds or creates the services of the page, with what is known about them."""
    about = {page.text("title"): page.meta["service"] for page in pages if isinstance(page.meta.get("service"), dict)}
    for system in systems:
        name = line(str(system.get("name") or ""), "systems", losses)
        if not name:
            losses.dropped("systems", "A system without a name.")
        elif parties.service(name, **_facts(system, about.get(name, {}), losses)) is None:
            why = "No service has it as alias; add the alias, map it under `services`, or use --create."
            losses.dropped("systems", why, name)


def _facts(system: dict[str, Any], about: dict[str, Any], losses: Losses) -> dict[str, Plain]:
    status: dict[str, Plain] = {"shown": True}
    if group := line(str(system.get("category") or ""), "systems", losses):
        status["group"] = group
    facts: dict[str, Plain] = {"status_page": status}
    said = str(about.get("description") or system.get("description") or "")
    if description := text(said, "systems", losses):
        facts["description"] = description
    if links := _links(about, losses):
        facts["links"] = links
    return facts


def read_config(files: Files, losses: Losses) -> dict[str, Any]:
    """Returns the settings of the site, or an empty map if there are none or they can't be read."""
    path = next((name for name in _CONFIGS if name in files.texts), None)
    if path is None:
        losses.noted("config.yml", "There is no such file: the systems of the page are not known.")
        return {}
    loaded: Any
    try:
        source = decoded(files.texts[path], path, losses)
        loaded = tomllib.loads(source) if path.endswith(".toml") else load_yaml(source)
    except (ValueError, RecursionError) as error:
        losses.dropped(path, "Can't be read: the systems of the page are not known.", str(error))
        return {}
    return loaded if isinstance(loaded, dict) else {}


def systems_of(config: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the systems that the settings list, each as a map with at least `name`."""
    params = config.get("params") if isinstance(config.get("params"), dict) else {}
    found = (params or {}).get("systems") or config.get("systems") or []
    listed = [system if isinstance(system, dict) else {"name": system} for system in found if system]
    return listed if isinstance(found, list) else []


def _links(extra: dict[str, Any], losses: Losses) -> list[Plain]:
    links: list[Plain] = []
    items = extra.get("links") if isinstance(extra.get("links"), list) else []
    if extra.get("url"):
        items = [{"name": extra["url"], "url": extra["url"]}, *(items or [])]
    for item in items or []:
        url = str(item.get("url") or "") if isinstance(item, dict) else ""
        if re.fullmatch(r"https?://[^\s<>\"]{1,1900}", url):
            links.append({"label": line(str(item.get("name") or url), "links", losses) or url, "url": url})
        else:
            losses.dropped("links", "Not a link that can be followed.", item)
    return links
