"""Words that are commands of other programs, and the commands of ours that do the same."""

from __future__ import annotations

from collections.abc import Iterable

from itsm_as_code.domain.suggest import nearest

_NEW = "`itsm new`"
_SHOW = "`itsm show`"
_SET = "`itsm set`"
_CHECK = "`itsm check`"
_ENDED = "`itsm cancel`, `itsm close` or `itsm retire`"
_ELSEWHERE = {
    "add": _NEW, "create": _NEW, "open": _NEW,
    "edit": _SET, "update": _SET, "modify": _SET, "assign": "`itsm set REF assignee=…`",
    "comment": "`itsm note`", "reply": "`itsm note REF --public TEXT --response`",
    "view": _SHOW, "cat": _SHOW, "get": _SHOW, "info": _SHOW,
    "ls": "`itsm list`", "find": "`itsm list WORD`", "search": "`itsm list WORD`", "query": "`itsm list`",
    "status": "`itsm list` (what is open) or `itsm sla status` (what is due)",
    "history": "`itsm log`", "blame": "`itsm log`",
    "validate": _CHECK, "lint": _CHECK, "verify": _CHECK, "test": _CHECK, "format": "`itsm fmt`",
    "build": "`itsm site build`", "serve": "`itsm site serve`",
    "delete": _ENDED, "remove": _ENDED, "rm": _ENDED,
    "help": "`itsm --help`", "version": "`itsm --version`",
}  # fmt: skip


def meant_by(word: str, commands: Iterable[str]) -> str | None:
    """Returns the command that somebody who typed `word` probably wanted, as code, or None."""
    from itsm_as_code.domain.kinds import KINDS

    if word in _ELSEWHERE:
        return _ELSEWHERE[word]
    kind = next((name for name, kind in KINDS.items() if word in (name, kind.folder)), None)
    if kind is not None and kind != "approval":
        return f"`itsm new {kind}` or `itsm list {KINDS[kind].folder}`"
    found = nearest(word, commands)
    return f"`{found}`" if found else None
