"""Defines the fields that all records share, and the fields that gated and registered records have in addition."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict

from itsm_as_code.domain.kinds.types import (
    NOT_MATERIAL,
    SHOWN,
    UNSEEN,
    ActiveState,
    Instant,
    Line,
    Material,
    NotMaterial,
    PersonRef,
    Slug,
    Text,
    Url,
    Visibility,
    Whole,
    describe,
)

SCHEMA = 1
"""The schema number that this version writes. The meaning of a field never changes within one number."""


def _title(name: str, _info: object) -> str:
    return name.replace("_", " ").strip().capitalize()


class Part(BaseModel):
    """A map in a record. It can't be changed after it is built, and unknown keys are errors."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        defer_build=True,
        field_title_generator=_title,
        use_attribute_docstrings=False,
    )


class Link(Part):
    """A link leads readers to something outside the workspace."""

    label: Line = describe("Say what the link leads to: readers see these words.")
    url: Url = describe("Write the address that the link leads to. It begins with https://, http://, mailto: or tel:.")


class External(Part):
    """This is somebody who has no record of their own among the people of this workspace."""

    name: Line = describe("Write the person's name as the source gives it.")
    contact: Line | None = describe(
        "Write an e-mail address or telephone number at which the person can be reached.", default=None
    )


Actor = Annotated[
    PersonRef | External, describe("Write a person's id, or a map with `name:` for somebody who has no record here.")
]

IMPORTS = NotMaterial(shown=False, power="An import finds records by it. What it writes is checked like any edit.")
LISTS = NotMaterial(shown=False, power="Lists and SLAs can select tickets by it. No policy can read it.")
PUBLISHES = Material(
    shown=True, power="It says for whom the record is published. Responders decide that for their own tickets."
)
BARS = NotMaterial(
    shown=False,
    power="Authors fill no seat. Who may be named, and when, is guarded by LIF047 to LIF049; the person may object.",
)

CustomValue = bool | int | Text | tuple[Line, ...]


class Record(Part):
    """One file under `records/`, with the fields that every kind has."""

    KIND: ClassVar[str]

    id: Annotated[Slug, UNSEEN] = describe("Write the record's id. The file has the same name.")
    kind: Annotated[str, UNSEEN] = describe("Write the kind of record that this is.")
    schema_: Annotated[Whole, UNSEEN] = describe(
        "Write the number of the record format. It is 1 today.", alias="schema", ge=1, le=SCHEMA
    )

    aliases: Annotated[dict[Slug, Line], IMPORTS] = describe(
        "For each other system that knows this record, write its key there, such as `jira: OPS-12`.",
        default_factory=dict,
    )
    tags: Annotated[tuple[Slug, ...], LISTS] = describe(
        "List words of your choice. They help to group and find records.", default=()
    )
    links: Annotated[tuple[Link, ...], NOT_MATERIAL] = describe(
        "List links to pages outside this workspace.", default=()
    )
    visibility: Annotated[Visibility, PUBLISHES] = describe(
        "Say who sees the record on the published site: public, staff or it.", default=Visibility.STAFF
    )
    custom: Annotated[dict[Slug, CustomValue], UNSEEN] = describe(
        "Fill in the fields that this workspace declares in itsm.yaml under `custom_fields`.", default_factory=dict
    )

    @property
    def label(self) -> str:
        """The name of the record in lists: its title, name or id."""
        title: Any = getattr(self, "title", None) or getattr(self, "name", None) or self.id
        return str(title)


class Imported(Part):
    """This says from which system the record was imported. It was in a final state and passed no gates here."""

    system: Slug = describe("Name the system from which the record was exported.")
    at: Instant = describe("Write the instant at which the record was imported.")


class Gated(Record):
    """A record that needs approvals for some steps, so it counts its revisions and names its authors."""

    revision: Annotated[Whole, UNSEEN] = describe(
        "This number goes up by one with each material change. The command line keeps it; 1 may be left out.",
        default=1,
        ge=1,
    )
    authors: Annotated[tuple[PersonRef, ...], BARS] = describe(
        "List the people who wrote the content. None of them can fill a seat.", default=()
    )
    imported: Annotated[Imported | None, UNSEEN] = describe(
        "An import sets this for a record that was in a final state. Such a record passes no gates here.",
        default=None,
    )


class Registered(Gated):
    """A gated record that is active or retired, such as a service, a team or a policy."""

    state: Annotated[ActiveState, SHOWN] = describe(
        "Write active, or retired when the record is no longer in force.", default=ActiveState.ACTIVE
    )
