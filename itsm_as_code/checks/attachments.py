"""Family KNW for attachments: checks the path, type and size of each file, and that an article shows it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from itsm_as_code.checks.registry import Context, attachment_check, record_check, rule
from itsm_as_code.domain.finding import Spot, cut
from itsm_as_code.domain.ids import ATTACHMENTS, is_slug
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.suggest import did_you_mean

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.article import Article
    from itsm_as_code.domain.snapshot import Attachment

TYPES = ("png", "jpg", "jpeg", "gif", "webp", "pdf", "txt", "csv")
"""The file types that may be attached. SVG and HTML are not among them because they can hold scripts."""
MOST_BYTES = 1 << 20

TYPE_NOT_LISTED = rule(
    "KNW008", "attachment-type-not-listed",
    why="Readers open attachments in their browser, so files that can hold scripts or programs are not allowed.",
    fix="Convert the file to one of: " + ", ".join(TYPES) + ".",
)  # fmt: skip
ATTACHMENT_TOO_LARGE = rule(
    "KNW009", "attachment-too-large",
    why="Every clone keeps every version of every attachment for ever, and readers have to wait while it loads.",
    fix="Keep it below 1 MiB: cut or compress the picture, or link to where the file is kept.",
)  # fmt: skip
NOT_SHOWN = rule(
    "KNW010", "attachment-not-shown",
    severity=Severity.WARNING,
    why="Readers never see a file that no article shows, and nobody notices when it is out of date.",
    fix="Show it in the article as `![what it shows](../../attachments/<article id>/<file>)`, or remove it.",
)  # fmt: skip
ATTACHMENT_MISSING = rule(
    "KNW011", "attachment-missing",
    why="The reader sees a broken picture where the answer should be.",
    fix="Add the file, or correct the link: `../../attachments/<article id>/<file>`.",
)  # fmt: skip
ATTACHMENT_MISPLACED = rule(
    "KNW012", "attachment-misplaced",
    why="The folder of an attachment says which article shows it. No rule checks a file in another place.",
    fix="Put a plain file at attachments/<article id>/<file>, named with lower-case letters, digits, `.`, `_`, `-`.",
)  # fmt: skip
ATTACHMENT_OF_ANOTHER = rule(
    "KNW013", "attachment-of-another-article",
    why="An approval covers the files in the article's own folder. A file of another article can change unnoticed.",
    fix="Copy the file into the article's own folder and show the copy.",
)  # fmt: skip

_SHOWN = re.compile(r"\]\(<?((?:\.\./){0,8}attachments/[^()\s<>#?]{1,300})")


def _shown(article: Article) -> Iterator[str]:
    """Yields the link targets in the article's text that name attachments, as they are written, each once."""
    if ATTACHMENTS in article.body:
        yield from dict.fromkeys(match[1] for match in _SHOWN.finditer(article.body))


def _path(target: str) -> str:
    """Returns the path from the workspace's root that a link target means, whatever number of `../` it has."""
    return target[target.index(ATTACHMENTS) :]


@record_check(NOT_SHOWN, "article")
def attachment_not_shown(article: Article, ctx: Context) -> Iterator[Spot]:
    """Finds files in the article's folder that its text does not show."""
    shown = {_path(target) for target in _shown(article)}
    for attachment in ctx.snapshot.attachments(article.id):
        if attachment.path not in shown:
            yield Spot(f"the text does not show {cut(attachment.path, 120)}", ("body",))


@record_check(ATTACHMENT_OF_ANOTHER, "article")
def attachment_of_another(article: Article, _: Context) -> Iterator[Spot]:
    """Finds links to files in the folder of another article."""
    for target in _shown(article):
        if not _path(target).startswith(f"{ATTACHMENTS}/{article.id}/"):
            wanted = f"../../{ATTACHMENTS}/{article.id}/{target.rpartition('/')[2]}"
            yield Spot(f"`{cut(target, 120)}` belongs to another article", ("body",), help=f"copy it: {wanted}")


@record_check(ATTACHMENT_MISSING, "article")
def attachment_missing(article: Article, ctx: Context) -> Iterator[Spot]:
    """Finds links to attachments that do not exist."""
    shown = list(_shown(article))
    there = {attachment.path for attachment in ctx.snapshot.attachments()} if shown else set()
    for target in shown:
        path = _path(target)
        if path not in there:
            yield Spot(f"there is no file {cut(path, 120)}", ("body",), help=did_you_mean(path, there) or None)
        elif target != f"../../{path}":
            yield Spot(f"`{cut(target, 120)}` is not the right path", ("body",), help=f"write `../../{path}`")


@attachment_check(ATTACHMENT_MISPLACED)
def attachment_misplaced(attachment: Attachment, ctx: Context) -> Iterator[Spot]:
    """Finds paths that are not `attachments/<article id>/<file>`, and entries that are not plain files."""
    folders = attachment.path.split("/")[1:-1]
    name = attachment.path.rpartition("/")[2]
    if not attachment.plain:
        yield Spot("this is not a plain file")
    elif len(folders) != 1:
        yield Spot("an attachment must be in the folder of an article: attachments/<article id>/<file>")
    elif not is_slug(name):
        yield Spot(f"`{cut(name)}` can't be the name of an attachment", help=_name_wanted(name))
    elif not ctx.snapshot.exists("article", folders[0]):
        known = (article.id for article in ctx.snapshot.records("article"))
        yield Spot(f"there is no article `{cut(folders[0])}`", help=did_you_mean(folders[0], known) or None)


def _name_wanted(name: str) -> str:
    """Suggests a similar name that is allowed. Only ASCII is: other letters can be encoded in more than one way."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    better = re.sub(r"[^a-z0-9._-]+", "-", plain).strip("-.")
    return f"name it `{better}`" if "." in better and is_slug(better) else ATTACHMENT_MISPLACED.fix


@attachment_check(TYPE_NOT_LISTED)
def attachment_type_not_listed(attachment: Attachment, _: Context) -> Iterator[Spot]:
    """Finds files whose name does not end with a type that may be attached."""
    stem, _dot, suffix = attachment.path.rpartition("/")[2].rpartition(".")
    if not stem:
        yield Spot("the name has no ending that says its type")
    elif suffix.lower() not in TYPES:
        yield Spot(f"files of type `{cut(suffix)}` can't be attached")


@attachment_check(ATTACHMENT_TOO_LARGE)
def attachment_too_large(attachment: Attachment, _: Context) -> Iterator[Spot]:
    """Finds files above 1 MiB."""
    if attachment.size is not None and attachment.size > MOST_BYTES:
        yield Spot(f"the file has {attachment.size:,} bytes, more than 1 MiB")


RULES = (
    TYPE_NOT_LISTED, ATTACHMENT_TOO_LARGE, NOT_SHOWN, ATTACHMENT_MISSING, ATTACHMENT_MISPLACED, ATTACHMENT_OF_ANOTHER,
)  # fmt: skip
CHECKS = (attachment_not_shown, attachment_missing, attachment_of_another)
FILE_CHECKS = (attachment_misplaced, attachment_type_not_listed, attachment_too_large)
