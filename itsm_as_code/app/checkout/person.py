"""Finds the person who acts: the one whom the Git identity names."""

from __future__ import annotations

from pathlib import Path

from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.snapshot import Snapshot


def person_of(root: Path, snapshot: Snapshot, newcomer: str | None = None) -> str:
    """Returns the id of the person whose e-mails include the address of the Git identity in the folder `root`.

    If nobody has it, `newcomer` acts: the person who is being made. Raises UsageFault if Git knows no address, if
    nobody has it, or if more than one person has it.
    """
    from itsm_as_code.git.identity import identity

    email = identity(root).email
    people = [p for p in snapshot.all(Person) if email.lower() in _addresses(p)]
    if len(people) == 1:
        return people[0].id
    if people:
        names = ", ".join(person.id for person in people)
        raise UsageFault(f"{email} belongs to several people: {names}", hint="leave the address with only one of them")
    if newcomer is not None:
        return newcomer
    raise UsageFault(
        f"nobody in records/people has the address {email} of your Git identity",
        hint="add it to `emails` in your record, or make a record: itsm new person --name … --set emails=" + email,
    )


def _addresses(person: Person) -> set[str]:
    return {email.lower() for email in person.emails}
