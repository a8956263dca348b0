"""SCH013: finds settings that name a kind or a check that does not exist, and so have no effect."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from itsm_as_code.checks.registry import (
    ChangeCheck,
    Context,
    StepContext,
    WorkspaceCheck,
    change_check,
    rule,
    workspace_check,
)
from itsm_as_code.domain.finding import Spot, cut
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.revision import SETTINGS_KIND
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.domain.suggest import did_you_mean

if TYPE_CHECKING:
    from itsm_as_code.domain.settings import Settings
    from itsm_as_code.domain.step import RecordChange

WITHOUT_EFFECT = rule(
    "SCH013", "setting-without-effect",
    why="A misspelt kind or code in itsm.yaml has no effect, and readers hardly see the mistake.",
    fix="Under `custom_fields` name a kind, such as incident. Under `suppress` name a check's code, such as REF002.",
)  # fmt: skip


def checks_of(codes: Container[str]) -> tuple[WorkspaceCheck, ChangeCheck]:
    """Returns the check of a workspace and the check of a step.

    Both need the codes of all checks. The catalogue has them but imports this module, so it passes them in `codes`.
    """

    @workspace_check(WITHOUT_EFFECT)
    def setting_without_effect(ctx: Context) -> Iterator[tuple[str, Spot]]:
        """Finds settings of the workspace that have no effect."""
        for spot in _faults(ctx.snapshot.settings, codes):
            yield SETTINGS_PATH, spot

    @change_check(WITHOUT_EFFECT, SETTINGS_KIND)
    def new_setting_without_effect(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
        """Finds settings without effect in a step that changes itsm.yaml."""
        if change.head is not None:
            yield from _faults(ctx.step.head.settings, codes)

    return setting_without_effect, new_setting_without_effect


def _faults(settings: Settings, codes: Container[str]) -> Iterator[Spot]:
    """Finds custom fields of unknown kinds, and suppressed findings of unknown checks."""
    for kind in settings.custom_fields:
        if kind not in KINDS:
            hint = did_you_mean(kind, KINDS) or None
            yield Spot(f"there is no kind `{cut(kind)}`", ("custom_fields", kind), help=hint, at_key=True)
    for index, entry in enumerate(settings.suppress):
        if entry.code not in codes:
            yield Spot(f"there is no check `{entry.code}`", ("suppress", index, "code"))


RULES = (WITHOUT_EFFECT,)
