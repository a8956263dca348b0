"""Help that fits the terminal: examples that are too wide continue on the next line, as in a shell."""

from __future__ import annotations

import click

from itsm_as_code.cli.output import screen

_AS_IT_IS = "\b\n"
"""How click marks a paragraph whose lines are kept."""


class Formatter(click.HelpFormatter):
    """Works like click's formatter, but wraps a paragraph whose lines are kept only at the edge of the terminal."""

    def write_text(self, text: str) -> None:
        """Writes paragraphs, with an empty line between them."""
        for number, paragraph in enumerate(text.split("\n\n")):
            if number:
                self.write_paragraph()
            if paragraph.startswith(_AS_IT_IS):
                self._write_lines(paragraph.removeprefix(_AS_IT_IS))
            else:
                super().write_text(paragraph)

    def _write_lines(self, paragraph: str) -> None:
        from itsm_as_code.render.line import verbatim

        on = screen()
        for each in verbatim(paragraph, self.current_indent):
            self.write(f"{on.shown(each)}\n")


class HelpContext(click.Context):
    """A context that uses our formatter."""

    formatter_class = Formatter


def with_our_help(command: click.Command) -> click.Command:
    """Returns the command. It and its subcommands get help that fits the terminal."""
    command.context_class = HelpContext
    for below in getattr(command, "commands", {}).values():
        with_our_help(below)
    return command
