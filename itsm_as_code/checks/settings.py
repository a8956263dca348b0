"""SCH013: settings that name what does not exist, so that they silently do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from itsm_as_code.checks.registry import Context, StepContext, change_check, rule, workspace_check
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
    why="A misspelt kind or code in itsm.yaml is no error to the eye, and quietly does nothing.",
    fix="Under `custom_fields` name a kind, such as incident; under `suppress` the code of a check, such as REF002.",
)  # fmt: skip


def _faults(settings: Settings) -> Iterator[Spot]:
    from itsm_as_code.checks.catalogue import RULES as KNOWN_RULES

    for kind in settings.custom_fields:
        if kind not in KINDS:
            hint = did_you_mean(kind, KINDS) or None
            yield Spot(f"there is no kind `{cut(kind)}`", ("custom_fields", kind), help=hint, at_key=True)
    for index, entry in enumerate(settings.suppress):
        if entry.code not in KNOWN_RULES:
            yield Spot(f"there is no check `{entry.code}`", ("suppress", index, "code"))


@workspace_check(WITHOUT_EFFECT)
def setting_without_effect(ctx: Context) -> Iterator[tuple[str, Spot]]:
    """Custom fields of kinds, and accepted findings of checks, that there are not."""
    for spot in _faults(ctx.snapshot.settings):
        yield SETTINGS_PATH, spot


@change_check(WITHOUT_EFFECT, SETTINGS_KIND)
def new_setting_without_effect(change: RecordChange, ctx: StepContext) -> Iterator[Spot]:
    """The same where a step changes itsm.yaml."""
    if change.head is not None:
        yield from _faults(ctx.step.head.settings)


RULES = (WITHOUT_EFFECT,)
