"""What a push may ask for at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MAIN = "refs/heads/main"
CLOSED = ("refs/replace/", "refs/notes/", "refs/itsm/")


def lane_fault(
    updates: Sequence[tuple[str, str, str]], tip: str, parents: Mapping[str, tuple[str, ...]]
) -> str | None:  # fmt: skip
    """A push names the protected ref once: a second command for it, whatever it says, is refused. It moves the ref by
    exactly one step: the new tip's first parent is the old tip. Other refs are free except refs/replace, refs/notes and
    refs/itsm."""
    if any(ref.startswith(CLOSED) for _, _, ref in updates):
        return "it names a closed ref"
    ours = [(old, new) for old, new, ref in updates if ref == MAIN]
    if len(ours) != 1:
        return f"it names the protected ref {len(ours)} times"
    ((old, new),) = ours
    if old != tip:
        return "it does not begin at the tip"
    if not new.strip("0"):
        return "it deletes the branch"
    return None if parents[new][0] == tip else "it is no step from the tip"
