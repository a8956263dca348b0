"""SCH008 and SCH012: checks the answers of a request against its item's form, and that a form can be answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.registry import Context, record_check
from itsm_as_code.checks.schema import FORM_ANSWER, FORM_UNANSWERABLE
from itsm_as_code.domain.finding import Spot, cut
from itsm_as_code.domain.ids import is_id_of
from itsm_as_code.domain.instants import parse_date
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.request_item import RequestItem
from itsm_as_code.domain.suggest import did_you_mean
from itsm_as_code.domain.wording import with_article

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.request import Request
    from itsm_as_code.domain.kinds.request_item import FormField


@record_check(FORM_ANSWER, "request")
def form_answers(request: Request, ctx: Context) -> Iterator[Spot]:
    """Finds answers that are missing, unknown or of the wrong type."""
    item = ctx.snapshot.find(RequestItem, request.item)
    if item is None:
        return
    form = {field.name: field for field in item.fields}
    for name, value in request.fields.items():
        if name not in form:
            hint = did_you_mean(name, form) or None
            yield Spot(f"`{item.id}` does not ask for `{cut(name)}`", ("fields", name), help=hint, at_key=True)
        elif fault := _fault(form[name], value, ctx):
            yield Spot(f"`{name}` {fault}", ("fields", name))
    for name, field in form.items():
        if field.required and name not in request.fields:
            yield Spot(f"`{name}` ({field.label}) must be answered", ("fields",))


@record_check(FORM_UNANSWERABLE, "request-item")
def form_unanswerable(item: RequestItem, _: Context) -> Iterator[Spot]:
    """Finds fields that share a name, choice fields without choices, and record fields without a known kind."""
    seen: set[str] = set()
    for index, field in enumerate(item.fields):
        at = ("fields", index)
        if field.name in seen:
            yield Spot(f"a field above is called `{field.name}` too", (*at, "name"))
        seen.add(field.name)
        if field.type.value in ("choice", "choices") and not field.choices:
            yield Spot(f"`{field.name}` needs `choices` to choose from", (*at, "type"))
        if field.type.value == "record" and field.records not in KINDS:
            message = f"there is no kind `{cut(field.records)}`" if field.records else "`records` is missing"
            hint = did_you_mean(field.records or "", KINDS) or None
            yield Spot(message, (*at, "records" if field.records else "type"), help=hint)


def _fault(field: FormField, value: Any, ctx: Context) -> str | None:
    """Returns what is wrong with an answer, or None."""
    match field.type.value:
        case "yes_no":
            return None if isinstance(value, bool) else "must be true or false"
        case "number":
            fits = isinstance(value, int) and not isinstance(value, bool)
            return None if fits else "must be a whole number"
        case "date":
            return _date_fault(value)
        case "record":
            kind = field.records or ""
            if kind not in KINDS:
                return None  # SCH012 reports it on the form
            found = isinstance(value, str) and is_id_of(kind, value) and ctx.snapshot.exists(kind, value)
            return None if found else f"must be the id of {with_article(kind)}; there is no `{cut(str(value))}`"
        case "choices":
            wrong = [v for v in value if v not in field.choices] if isinstance(value, tuple) else [value]
            return f"does not take `{cut(str(wrong[0]))}`" if wrong else None
        case "choice":
            if value in field.choices:
                return None
            return f"does not take `{cut(str(value))}`: {did_you_mean(str(value), field.choices)}"
    return None if isinstance(value, str) else "must be text"


def _date_fault(value: Any) -> str | None:
    try:
        parse_date(value)
    except ValueError as fault:
        return str(fault)
    return None
