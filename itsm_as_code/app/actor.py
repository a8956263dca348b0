"""Who acts: the person of the registry whom the Git identity names."""

from __future__ import annotations

from typing import Any

from itsm_as_code.app.workspace import Workspace
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.snapshot import Snapshot


def acting_person(workspace: Workspace, snapshot: Snapshot, newcomer: str | None = None) -> str:
    """The id of the person whose e-mails hold the Git identity's address.

    Where nobody has it, `newcomer` acts: the person who is being made. Raises UsageFault where Git knows no
    address, nobody has it, or more than one person has it.
    """
    from itsm_as_code.git.identity import identity

    email = identity(workspace.root).email
    people: list[Any] = [p for p in snapshot.records("person") if email.lower() in _addresses(p)]
    if len(people) == 1:
        return str(people[0].id)
    if people:
        names = ", ".join(person.id for person in people)
        raise UsageFault(f"{email} belongs to several people: {names}", hint="keep the address with one of them")
    if newcomer is not None:
        return newcomer
    raise UsageFault(
        f"nobody in records/people has the address {email} of your Git identity",
        hint="add it to `emails` of your person, or make one: itsm new person --name … --set emails=" + email,
    )


def _addresses(person: Any) -> set[str]:
    return {email.lower() for email in person.emails}
