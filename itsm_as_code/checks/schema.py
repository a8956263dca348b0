"""Family SCH: the rules for the fields of records. `validation_errors` applies most of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.edit import Fix, SetValue
from itsm_as_code.domain.finding import Spot, cut
from itsm_as_code.domain.settings import CustomField, CustomType
from itsm_as_code.domain.suggest import did_you_mean

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record

UNKNOWN_FIELD = rule(
    "SCH001", "unknown-field",
    why="A misspelt key would have no effect and nobody would notice. Approvals cover known fields only.",
    fix="Correct the key, remove it, or declare it in itsm.yaml under `custom_fields` and move it to `custom`.",
)  # fmt: skip
MISSING_FIELD = rule(
    "SCH002", "missing-field",
    why="The record can't be understood without it.",
    fix="Add the field. docs/fields.md and the hover text in your editor say what it holds.",
)  # fmt: skip
WRONG_TYPE = rule(
    "SCH003", "wrong-type",
    why="A list in place of a word, or a number in place of text, means different things to different readers.",
    fix="Write the value in the form that the message names. Quote text that looks like a number.",
)  # fmt: skip
VALUE_NOT_ALLOWED = rule(
    "SCH004", "value-not-allowed",
    why="The field takes one of a few fixed words, so that lists and clocks can rely on them.",
    fix="Use one of the words that the message names.",
)  # fmt: skip
MALFORMED_VALUE = rule(
    "SCH005", "malformed-value",
    why="Ids, instants, durations and addresses have one form each, so that people and programs read the same.",
    fix="Write the value in the form that the message shows.",
)  # fmt: skip
NEWER_SCHEMA = rule(
    "SCH006", "newer-schema",
    why="A record in a newer format may hold fields that this version does not understand.",
    fix="Upgrade itsm, or lower `schema` if it was set by mistake.",
)  # fmt: skip
CUSTOM_FIELD = rule(
    "SCH007", "custom-field-mismatch",
    why="Custom fields are declared once in itsm.yaml, so that they mean the same in every record.",
    fix="Follow the declaration in itsm.yaml under `custom_fields`, or change it there.",
)  # fmt: skip
FORM_ANSWER = rule(
    "SCH008", "form-answer-mismatch",
    why="People fulfil a request from its answers. If some are wrong or missing, they have to ask again.",
    fix="Answer each question in the way that the form of the request item asks for.",
)  # fmt: skip
KIND_MISMATCH = rule(
    "SCH009", "kind-does-not-match-folder",
    why="The folder decides the kind of a record. If `kind` says something else, readers can't tell which is right.",
    fix="Correct `kind`, or move the file to the folder of its kind before it lands.",
)  # fmt: skip
NOT_COHERENT = rule(
    "SCH010", "fields-contradict",
    why="Each field is correct by itself, but together they contradict each other.",
    fix="Change one of them as the message says.",
)  # fmt: skip

FORM_UNANSWERABLE = rule(
    "SCH012", "unanswerable-form",
    why="Nobody can answer a question that offers no choices or asks for a record of an unknown kind.",
    fix="Give each field its own name. Types choice and choices need `choices`; type record needs `records` (a kind).",
)  # fmt: skip

_CUSTOM_TYPES: dict[CustomType, tuple[type | tuple[type, ...], str]] = {
    CustomType.TEXT: (str, "text"),
    CustomType.CHOICE: (str, "one of its choices"),
    CustomType.YES_NO: (bool, "true or false"),
    CustomType.NUMBER: (int, "a whole number"),
    CustomType.LIST: (tuple, "a list"),
}


@record_check(CUSTOM_FIELD)
def custom_fields(record: Record, ctx: Context) -> Iterator[Spot]:
    """Compares custom fields with their declaration in itsm.yaml."""
    declared = ctx.snapshot.settings.custom_fields.get(record.KIND, {})
    if not declared and not record.custom:
        return
    for name, value in record.custom.items():
        field = declared.get(name)
        if field is None:
            hint = did_you_mean(name, declared) or "declare it in itsm.yaml under `custom_fields`"
            yield Spot(f"custom field `{name}` is not declared", ("custom", name), help=hint, at_key=True)
        elif fault := _custom_fault(field, value):
            yield Spot(f"custom field `{name}` {fault}", ("custom", name))
    for name, field in declared.items():
        if field.required and name not in record.custom:
            yield Spot(f"custom field `{name}` ({field.label}) is required", ("custom",))


def _custom_fault(field: CustomField, value: Any) -> str | None:
    wanted, words = _CUSTOM_TYPES[field.type]
    if not isinstance(value, wanted) or (field.type is CustomType.NUMBER and isinstance(value, bool)):
        return f"must be {words}"
    chosen = value if isinstance(value, tuple) else (value,)
    wrong = [str(word) for word in chosen if field.choices and word not in field.choices]
    return f"does not take `{cut(wrong[0])}`: {did_you_mean(wrong[0], field.choices)}" if wrong else None


@record_check(KIND_MISMATCH)
def kind_matches_model(record: Record, _: Context) -> Iterator[Spot]:
    """Compares `kind` with the folder of the record."""
    if record.kind != record.KIND:
        fix = Fix(f"set kind to {record.KIND}", (SetValue(("kind",), record.KIND),))
        yield Spot(f"kind is `{cut(record.kind)}`, but the folder is for {record.KIND}", ("kind",), fix=fix)


RULES = (
    UNKNOWN_FIELD, MISSING_FIELD, WRONG_TYPE, VALUE_NOT_ALLOWED, MALFORMED_VALUE, NEWER_SCHEMA, CUSTOM_FIELD,
    FORM_ANSWER, KIND_MISMATCH, NOT_COHERENT, FORM_UNANSWERABLE,
)  # fmt: skip
