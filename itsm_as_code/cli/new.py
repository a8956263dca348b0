"""`itsm new`."""

from __future__ import annotations

from datetime import datetime

import click

from itsm_as_code.cli.completion import complete_ids
from itsm_as_code.cli.options import dry_run_option, format_option, push_option, when_option
from itsm_as_code.cli.writing import perform
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.suggest import did_you_mean
from itsm_as_code.domain.wording import listed, with_article

EPILOG = """\b
Examples:
  itsm new incident --title "Portal is down" --service patient-portal --impact high --urgency high --major
  itsm new change --title "Renew certificate" --service identity --set type=normal --set reason="It expires"
"""


MADE_HERE = tuple(name for name in KINDS if name != "approval")
"""The kinds that `itsm new` makes. Approvals are made by deciding."""

HELP = f"""Make a record of any kind.

KIND is {listed(MADE_HERE, "or")}. The record starts in the first state of its kind and passes its own check. --when
says when it happened, if that was not now. With --format id, standard output has only the new id.
"""


class KindType(click.Choice[str]):
    """A kind that can be made. The singular and the plural, which `itsm list` uses, both name it."""

    def __init__(self) -> None:
        super().__init__(MADE_HERE)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Returns the kind. Raises UsageFault, which suggests the nearest kind or lists all of them."""
        kind = next((name for name in self.choices if value in (name, KINDS[name].folder)), None)
        if kind is None:
            hint = did_you_mean(value, self.choices) or f"one of {', '.join(self.choices)}"
            raise UsageFault(f"there is no kind `{value}` to make", hint=hint)
        return kind


@click.command("new", help=HELP, epilog=EPILOG)
@click.argument("kind", metavar="KIND", type=KindType())
@click.option("--title", "--name", "label", required=True, help="Its title or name.")
@click.option(
    "--id", "record_id", metavar="SLUG", help="Its id, for kinds whose ids are words; default: from the name."
)
@click.option("--service", metavar="ID", shell_complete=complete_ids("service"), help="The service it is about.")
@click.option("--impact", type=click.Choice(["high", "medium", "low"]), help="With --urgency it gives the priority.")
@click.option("--urgency", type=click.Choice(["high", "medium", "low"]), help="With --impact it gives the priority.")
@click.option("--team", metavar="ID", shell_complete=complete_ids("team"), help="The team that works on it.")
@click.option("--assignee", metavar="ID", shell_complete=complete_ids("person"), help="Who works on it.")
@click.option("--visibility", type=click.Choice(["public", "staff", "it"]), help="Who sees it on the site.")
@click.option("--owner", metavar="REF", shell_complete=complete_ids("team"), help="Who answers for it.")
@click.option("--type", "type", metavar="WORD", help="For changes and articles: which type.")
@click.option(
    "--item", metavar="ID", shell_complete=complete_ids("request-item"), help="For requests: what is asked for."
)
@click.option(
    "--requester", metavar="ID", shell_complete=complete_ids("person"), help="Who asks or reports; a person's id."
)
@click.option("--set", "fields", multiple=True, metavar="FIELD=VALUE", help="Any other field.")
@click.option("--major", is_flag=True, help="Make it a major incident, with you as its commander.")
@click.option("--note", help="A note for the team.")
@click.option("--public", help="What users are told.")
@when_option
@push_option
@dry_run_option
@format_option("text", "id")
@click.pass_context
def new_command(
    ctx: click.Context, /, kind: str, label: str, record_id: str | None, fields: tuple[str, ...], major: bool,
    note: str | None, public: str | None, when: datetime | None, push: bool, dry_run: bool, output: str,
    **short: str | None,
) -> int:  # fmt: skip
    """Makes a record of the kind. `HELP`, the help, names every kind."""
    from itsm_as_code.app.writing.new_record import NewRecord, new_record
    from itsm_as_code.domain.ids import slug_of

    if major and kind != "incident":
        raise UsageFault(f"{with_article(kind)} can't be major", hint="--major is for incidents")
    if output == "id" and dry_run:
        raise UsageFault("--dry-run makes no record, so there is no id", hint="leave out --dry-run or --format id")
    given = tuple(f"{name}={value}" for name, value in short.items() if value is not None)
    if public and not short.get("visibility") and kind == "incident":
        given = (*given, "visibility=public")
    birth = NewRecord(kind, label, record_id, (*given, *fields), note, public, major)
    own = record_id or slug_of(label) if kind == "person" else None
    return perform(
        ctx, lambda who, now: new_record(birth, who, now, when), f"{kind}: {label}"[:70],
        push=push, dry_run=dry_run, newcomer=own, only_id=output == "id",
    )  # fmt: skip
