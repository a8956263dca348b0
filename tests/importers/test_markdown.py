"""Folders of Markdown of several generators."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itsm_as_code.domain.errors import CouldNotCheck, ItsmError, UsageFault
from itsm_as_code.domain.loss import LossSort
from itsm_as_code.importers.draft import Harvest
from tests.importers.samples import from_markdown, known, losses, of_kind


def article(text: str, path: str = "content/etcd/NoLeader.md", **more: Any) -> Any:
    (draft,) = of_kind(from_markdown({path: text}, **more), "article")
    return {**draft.data, "body": draft.body}


def bodies(harvest: Harvest) -> dict[str, str]:
    return {draft.id: draft.body or "" for draft in of_kind(harvest, "article")}


def test_a_page_becomes_a_published_article_that_says_where_it_came_from() -> None:
    found = article("---\ntitle: No leader\nweight: 3\n---\n# No leader\n\nThe cluster has no leader. More.\n")
    assert found == {
        "id": "no-leader", "kind": "article", "schema": 1, "title": "No leader", "state": "published",
        "type": "runbook", "summary": "The cluster has no leader.", "tags": ["etcd"],
        "aliases": {"markdown": "content/etcd/NoLeader.md"},
        "imported": {"system": "markdown", "at": "2026-11-21T08:00:00Z"}, "body": "The cluster has no leader. More.\n",
    }  # fmt: skip


def test_drafts_are_not_marked_as_imported() -> None:
    assert "imported" not in article("Text.", article_state="draft")
    assert article("---\ndraft: true\n---\nText.")["state"] == "draft"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: 'A: b'\n---\n# C\n", "A: b"),
        ("# The *first* `heading`\n\nText", "The first heading"),
        ("Heading\n=======\n\nText", "Heading"),
        ("```\n# no heading\n```\ntext", "NoLeader"),
        ("+++\ntitle = \"T\"\n+++\ntext", "T"),
        ('{"title": "J"}\ntext', "J"),
    ],
)  # fmt: skip
def test_the_title_is_that_of_the_front_matter_the_first_heading_or_the_file(text: str, title: str) -> None:
    assert article(text)["title"] == title


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("---\ndescription: Said.\n---\nText. More.", "Said."),
        (
            "# H\n\n![image](a.png)\n\n- list\n\nIt *is* [down](https://x.org), e.g. `now`. Then up.",
            "It is down, e.g. now.",
        ),
        ("# H\n\n1. step\nwhich goes on\n\nThen this.", "Then this."),
        ("# Only a heading", "Only a heading"),
    ],
)
def test_the_summary_is_said_or_the_first_sentence_of_prose(text: str, summary: str) -> None:
    assert article(text)["summary"] == summary


def test_slugs_are_names_and_grow_by_folders_where_two_are_alike() -> None:
    harvest = from_markdown(
        {"a/x.md": "1", "b/x.md": "2", "b/c/x.md": "3", "b/c/index.md": "4", "README.md": "# Start\n5", "b/X!.md": "6"}
    )
    assert [draft.id for draft in of_kind(harvest, "article")] == ["start", "x", "b-x", "c", "c-x", "b-x-2"]


def test_slugs_of_the_workspace_are_not_taken_and_known_pages_keep_theirs() -> None:
    harvest = from_markdown(
        {"a/x.md": "1", "a/y.md": "2"}, known=known(("article", "x", ""), ("article", "old", "a/y.md"))
    )
    assert [draft.id for draft in of_kind(harvest, "article")] == ["a-x", "old"]


def test_links_between_pages_lead_to_articles_and_others_lose_their_target() -> None:
    harvest = from_markdown(
        {
            "content/a/One.md": "[two](./Two.md#s), [`code` two](../a/Two.md 'title'), [abs](/a/Two), [gone](gone.md), "
            "{{< ref \"Two\" >}}, [hugo]({{< relref \"/a/Two.md\" >}}), "
            "[web](https://x.org/a.md), [top](#top), `[c](Two.md)`\n\n[ref]: Two.md\n\n```\n[code](Two.md)\n```\n",
            "content/a/Two.md": "Text.",
        }
    )  # fmt: skip
    assert bodies(harvest)["one"] == (
        "[two](two.md#s), [`code` two](two.md 'title'), [abs](two.md), gone, two.md, [hugo](two.md), "
        "[web](https://x.org/a.md), [top](#top), `[c](Two.md)`\n\n[ref]: two.md\n\n```\n[code](Two.md)\n```\n"
    )
    assert losses(harvest, LossSort.DROPPED, "body")[0].examples == ("gone.md",)


def test_images_leave_their_description_and_are_reported() -> None:
    harvest = from_markdown({"a.md": "See ![the panel](img/p.png)."}, others=("img/p.png",))
    assert bodies(harvest)["a"] == "See *(the panel)*.\n"
    assert losses(harvest, LossSort.DROPPED, "file")[0].examples == ("img/p.png",)


def test_section_pages_without_text_list_their_pages() -> None:
    harvest = from_markdown(
        {
            "content/_index.md": "---\ntitle: All\n---\n",
            "content/a/_index.md": "",
            "content/a/One.md": "# The [one]\nText.",
        }
    )
    assert bodies(harvest)["all"] == "- [A](a.md)\n"
    assert bodies(harvest)["a"] == "- [The \\[one\\]](one.md)\n"
    assert of_kind(harvest, "article")[0].data["type"] == "reference"
    assert losses(harvest, LossSort.GUESSED, "body")[0].count == 2


def test_a_page_without_text_is_a_draft() -> None:
    assert article("---\ntitle: x\n---\n")["state"] == "draft"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (
            '!!! warning "Hot"\n    Do not\n    touch.\n\nMore.',
            "> [!WARNING]\n> **Hot**\n>\n> Do not\n> touch.\n\nMore.\n",
        ),
        (":::tip\nDo.\n:::\nMore.", "> [!TIP]\n> Do.\nMore.\n"),
        ("?> Look", "> [!TIP]\n> Look\n"),
        ("{{< hint info >}}\nLook\n{{< /hint >}}", "Look\n"),
        ("```\n!!! note\n```", "```\n!!! note\n```\n"),
    ],
)
def test_call_outs_of_generators_become_quotations(text: str, body: str) -> None:
    assert article(text)["body"] == body


def test_shortcodes_that_stay_are_reported() -> None:
    assert losses(from_markdown({"a.md": "{{< param X >}}"}), LossSort.NOTED, "body")[0].examples == (
        "{{< param X >}}",
    )


def test_front_matter_that_articles_do_not_have_is_reported_by_field() -> None:
    harvest = from_markdown({"a.md": "---\nweight: 1\nmenu: {}\nlayout: x\n---\nText"})
    assert [loss.field for loss in harvest.loss.losses if loss.sort is LossSort.DROPPED] == ["layout", "weight"]


def test_front_matter_that_cannot_be_read_is_reported_and_the_text_is_kept() -> None:
    harvest = from_markdown({"a.md": "---\ntitle: [\n---\n# Heading\nText"})
    assert of_kind(harvest, "article")[0].data["title"] == "Heading"
    assert losses(harvest, LossSort.DROPPED, "front matter")[0].count == 1


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    harvest = from_markdown({"a.md": "---\ntitle: One\ntags:\n  - x\ntitle: Two\n---\nText"})
    assert of_kind(harvest, "article")[0].data["title"] == "Two"
    assert losses(harvest, LossSort.CLEANED, "front matter")


def test_the_owner_must_be_there() -> None:
    here = known(("team", "web", ""), ("person", "ana", ""))
    assert article("x", owner="team/web", known=here)["owner"] == "team/web"
    assert article("x", owner="web", known=here)["owner"] == "team/web"
    assert article("x", owner="person/ana", known=here)["owner"] == "person/ana"
    with pytest.raises(UsageFault):
        article("x", owner="team/wbe", known=here)


def test_services_that_are_named_are_matched() -> None:
    here = known(("service", "portal", "Patient portal"))
    assert article("---\nservices: [patient portal, other]\n---\nx", known=here)["services"] == ["portal"]


def test_a_folder_without_markdown_is_an_error() -> None:
    with pytest.raises(CouldNotCheck):
        from_markdown({"a.yml": "x: 1"})


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=st.sampled_from("[](){}<>`#-*_!:|\\ \n\t.abcé/\"'=%~+\x00\u200b"), max_size=120))
def test_whatever_the_text_is_nothing_but_our_errors_is_raised(text: str) -> None:
    try:
        harvest = from_markdown({"a/b.md": text, "a/c.md": f"---\n{text}\n---\n{text}"})
    except ItsmError:
        return
    assert harvest.loss.totals["files"] == 2
    assert len(of_kind(harvest, "article")) == 2
