"""LIF on changes and the models that authorise them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.finding import Spot
from itsm_as_code.domain.suggest import did_you_mean

MODEL_ONLY_FOR_STANDARD = rule(
    "LIF008", "model-and-type-disagree",
    why="A standard change is authorised by its model; any other change is not.",
    fix="Name the model of a standard change; remove it from others.",
)  # fmt: skip
MODEL_REVISION = rule(
    "LIF009", "model-revision-differs",
    why="The model was changed after this change was written: what was authorised is not what it says now.",
    fix="Read the model again and pin its present revision, while the change is not yet scheduled.",
)  # fmt: skip


@record_check(MODEL_ONLY_FOR_STANDARD, "change")
def model_and_type_disagree(change: Any, ctx: Context) -> Iterator[Spot]:
    """A model with standard changes, none with others."""
    if change.type == "standard" and change.model is None:
        models = [model.id for model in ctx.snapshot.records("change-model")]
        yield Spot("a standard change names its model", ("type",), help=did_you_mean("", models) or None)
    elif change.type != "standard" and change.model is not None:
        yield Spot(f"a {change.type} change has no model", ("model",), at_key=True)


@record_check(MODEL_REVISION, "change")
def model_revision_differs(change: Any, ctx: Context) -> Iterator[Spot]:
    """The pinned revision of the model, until the change is scheduled."""
    if change.model is None or change.state not in ("draft", "submitted"):
        return
    model: Any = ctx.snapshot.get("change-model", change.model.id)
    if model is not None and model.revision != change.model.revision:
        message = f"model {model.id} is at revision {model.revision}, the change names {change.model.revision}"
        yield Spot(message, ("model", "revision"))


RULES = (MODEL_ONLY_FOR_STANDARD, MODEL_REVISION)
CHECKS = (model_and_type_disagree, model_revision_differs)
