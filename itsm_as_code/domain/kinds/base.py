"""What all records share: identity, words, links, visibility; and what gated records have besides."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict

from itsm_as_code.domain.kinds.types import (
    NOT_MATERIAL,
    ActiveState,
    Instant,
    Line,
    PersonRef,
    Slug,
    Text,
    Url,
    Visibility,
    Whole,
    describe,
)

SCHEMA = 1
"""The schema number that this version writes. A field's meaning never changes within one number."""


def _title(name: str, _info: object) -> str:
    return name.replace("_", " ").strip().capitalize()


class Part(BaseModel):
    """A map inside a record. Frozen; unknown keys are errors."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        defer_build=True,
        field_title_generator=_title,
        use_attribute_docstrings=False,
    )


class Link(Part):
    """A link to something outside the workspace."""

    label: Line = describe("What the link leads to, as readers see it.")
    url: Url = describe("Where it leads: http, https, mailto or tel.")


class External(Part):
    """Somebody outside the people registry."""

    name: Line = describe("The name as the source gives it.")
    contact: Line | None = describe("How to reach them: e-mail or telephone.", default=None)


Actor = Annotated[PersonRef | External, describe("A person's id, or `name:` of somebody outside the registry.")]

CustomValue = bool | int | Text | tuple[Line, ...]


class Record(Part):
    """One file under `records/`: what every kind has."""

    KIND: ClassVar[str]

    id: Slug = describe("The record's id; its file name follows from it.")
    kind: str = describe("What the record is.")
    schema_: Whole = describe("Number of the record format; 1 today.", alias="schema", ge=1, le=SCHEMA)

    aliases: Annotated[dict[Slug, Line], NOT_MATERIAL] = describe(
        "Keys of this record in other systems: system to key.", default_factory=dict
    )
    tags: Annotated[tuple[Slug, ...], NOT_MATERIAL] = describe("Free words to group and find records.", default=())
    links: Annotated[tuple[Link, ...], NOT_MATERIAL] = describe("Links to pages elsewhere.", default=())
    visibility: Visibility = describe(
        "Who sees the record on the published site: public, staff or it.", default=Visibility.STAFF
    )
    custom: dict[Slug, CustomValue] = describe(
        "Fields that this workspace declares in itsm.yaml under `custom_fields`.", default_factory=dict
    )

    @property
    def label(self) -> str:
        """What to call the record in lists: its title or name."""
        title: Any = getattr(self, "title", None) or getattr(self, "name", None) or self.id
        return str(title)


class Imported(Part):
    """Where a record came from, when it was taken over in its final state without being judged here."""

    system: Slug = describe("The system it was exported from.")
    at: Instant = describe("When it was imported.")


class Gated(Record):
    """A record that needs seats for some steps: it counts its revisions and names its authors."""

    revision: Whole = describe(
        "Goes up by one with each material change; absent means 1. The command line keeps it.",
        default=1,
        ge=1,
    )
    authors: Annotated[tuple[PersonRef, ...], NOT_MATERIAL] = describe(
        "Who wrote the content; none of them fills a seat.", default=()
    )
    imported: Imported | None = describe("Set by an import: taken over in a final state, never judged.", default=None)


class Registered(Gated):
    """A gated record that is in force or retired: services, teams, policies and the like."""

    state: ActiveState = describe("active, or retired when no longer in force.", default=ActiveState.ACTIVE)
