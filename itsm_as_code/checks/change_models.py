"""Family LIF for standard changes: checks them against the change models that authorise them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.finding import Spot
from itsm_as_code.domain.kinds.change_model import ChangeModel
from itsm_as_code.domain.suggest import did_you_mean

MODEL_ONLY_FOR_STANDARD = rule(
    "LIF008", "model-and-type-disagree",
    why="A standard change is authorised by its model; any other change is not.",
    fix="Name the model of a standard change; remove it from others.",
)  # fmt: skip
MODEL_REVISION = rule(
    "LIF009", "model-revision-differs",
    why="The model was edited after this change was written, so the change follows a text that is out of date.",
    fix="Read the model again and name its present revision before the change is scheduled.",
)  # fmt: skip


@record_check(MODEL_ONLY_FOR_STANDARD, "change")
def model_and_type_disagree(change: Any, ctx: Context) -> Iterator[Spot]:
    """Finds standard changes without a model, and other changes with one."""
    if change.type == "standard" and change.model is None:
        models = [model.id for model in ctx.snapshot.all(ChangeModel)]
        yield Spot("a standard change must name its model", ("type",), help=did_you_mean("", models) or None)
    elif change.type != "standard" and change.model is not None:
        yield Spot(f"a {change.type} change can't have a model", ("model",), at_key=True)


@record_check(MODEL_REVISION, "change")
def model_revision_differs(change: Any, ctx: Context) -> Iterator[Spot]:
    """Finds changes that name another revision of their model than the present one, until they are scheduled."""
    if change.model is None or change.state not in ("draft", "submitted"):
        return
    model = ctx.snapshot.find(ChangeModel, change.model.id)
    if model is not None and model.revision != change.model.revision:
        message = f"model {model.id} is at revision {model.revision}, but the change names {change.model.revision}"
        yield Spot(message, ("model", "revision"))


RULES = (MODEL_ONLY_FOR_STANDARD, MODEL_REVISION)
CHECKS = (model_and_type_disagree, model_revision_differs)
