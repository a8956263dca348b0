"""Markdown as authors write it on a forge, and as readers get it here."""

from __future__ import annotations

import pytest

from itsm_as_code.domain.kinds.types import Visibility
from itsm_as_code.site.audience import VisibleRecords
from itsm_as_code.site.headings import without_title
from itsm_as_code.site.markdown import Markdown, Text
from itsm_as_code.site.references import References
from tests.site.memory import MemorySnapshot, article, change, incident, service
from tests.site.pages import Page

FOLDER = "records/knowledge"


@pytest.fixture(scope="module")
def markdown() -> Markdown:
    snapshot = MemorySnapshot(
        article("other"), article("a.b"), article("draft", state="draft"), incident(), change(), service("web")
    )
    return Markdown(References(VisibleRecords(snapshot, Visibility.STAFF)))


def render(markdown: Markdown, source: str) -> Text:
    """The text as an article, which must be well formed."""
    text = markdown.article(source, FOLDER)
    assert Page(text.html).faults == []
    return text


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("other.md", "@/knowledge/other/index.html"),
        ("./other.md", "@/knowledge/other/index.html"),
        ("other.md#the-end", "@/knowledge/other/index.html#h-the-end"),
        ("a.b.md", "@/knowledge/a.b/index.html"),
        ("../services/web.yaml", "@/services/web/index.html"),
        ("../incidents/2026/11/INC-20261101-AAAA1.yaml", "@/incidents/INC-20261101-AAAA1/index.html"),
        ("https://example.org/a?b=c&d=e", "https://example.org/a?b=c&amp;d=e"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("tel:+44", "tel:+44"),
    ],
)
def test_links_lead_where_they_lead_on_a_forge(markdown: Markdown, written: str, href: str) -> None:
    assert f'<a href="{href}" rel="noopener">it</a>' in render(markdown, f"[it]({written})").html


@pytest.mark.parametrize(
    "written",
    ["gone.md", "draft.md", "../../itsm.yaml", "../../../etc/passwd", "/etc/passwd", "//evil.example/x", "#gone",
     "?q=1", "javascript:alert(1)", "vbscript:x", "data:text/html,x", "file:///etc/passwd", "ftp://x.example", "http://[::1"],
)  # fmt: skip
def test_links_that_lead_nowhere_or_astray_become_words(markdown: Markdown, written: str) -> None:
    html = render(markdown, f"[it]({written})").html
    assert "href" not in html
    assert "it" in html


def test_tickets_that_are_mentioned_become_links(markdown: Markdown) -> None:
    html = render(markdown, "See INC-20261101-AAAA1, CHG-20261101-AAAA1; not XINC-20261101-AAAA1.").html
    assert html.count('<a class="id"') == 2


def test_mentions_in_code_links_and_of_nothing_stay_words(markdown: Markdown) -> None:
    html = render(
        markdown, "`INC-20261101-AAAA1` [INC-20261101-AAAA1](https://x.example) INC-20269999-AAAA1 REQ-20261101-AAAA1"
    ).html
    assert 'class="id"' not in html


def test_headings_go_below_the_h1_without_gaps_and_get_unique_anchors(markdown: Markdown) -> None:
    text = render(markdown, "# Größe & *Form*!\n\n### Same\n\n### Same\n\n# ...\n")
    found = [(heading.level, heading.anchor, heading.text) for heading in text.headings]
    assert found == [
        (2, "h-größe--form", "Größe & Form!"),
        (3, "h-same", "Same"),
        (3, "h-same-1", "Same"),
        (2, "h-section", "..."),
    ]


def test_a_link_to_a_heading_of_the_same_text_works(markdown: Markdown) -> None:
    assert 'href="#h-two-words"' in render(markdown, "[down](#two-words)\n\n## Two words\n").html


def test_headings_in_notes_are_no_headings(markdown: Markdown) -> None:
    html = markdown.note("# Loud\n\n# Loud\n", FOLDER).html
    assert "<h" not in html
    assert "id=" not in html


def test_tables_scroll_and_keep_their_alignment(markdown: Markdown) -> None:
    html = render(markdown, "|a|b|\n|-|-:|\n|1|2|\n").html
    assert 'class="scroll"' in html
    assert 'tabindex="0"' in html
    assert '<td class="right">2</td>' in html


def test_task_lists_say_what_is_done(markdown: Markdown) -> None:
    html = render(markdown, "- [x] one\n- [ ] two\n").html
    assert Page(html).words == "☑ Done: one ☐ To do: two"
    assert "<input" not in html


@pytest.mark.parametrize("kind", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"])
def test_alerts_are_boxes_with_their_name(markdown: Markdown, kind: str) -> None:
    html = render(markdown, f"> [!{kind}]\n> Mind **it**.\n>\n> More.\n\nAfter.").html
    assert f'class="alert alert-{kind.lower()}" role="note"' in html
    assert Page(html).words == f"{kind.capitalize()} Mind it . More. After."


@pytest.mark.parametrize("source", ["> Quoted.", "> [!SHOUT]\n> Quoted.", "> [!NOTE] Quoted.", "> a\n>\n> [!NOTE]\n"])
def test_other_quotes_stay_quotes(markdown: Markdown, source: str) -> None:
    assert "<blockquote>" in render(markdown, source).html


def test_alerts_inside_lists_and_quotes_keep_their_shape(markdown: Markdown) -> None:
    html = render(markdown, "- a\n\n  > [!TIP]\n  > b\n\n> c\n> > [!NOTE]\n> > d\n>\n> e\n").html
    assert html.count('role="note"') == 2


def test_code_is_coloured_by_classes(markdown: Markdown) -> None:
    html = render(markdown, '```python\nif x < 1:  # no\n    y = "<b>"\n```\n').html
    assert '<span class="language">python</span>' in html
    assert '<span class="k">if</span>' in html
    assert '<span class="s">"&lt;b&gt;"</span>' in html
    assert "style" not in html


@pytest.mark.parametrize("info", ["", "nosuchlanguage", "python title=<x>", '"><script>'])
def test_code_of_any_language_keeps_its_text(markdown: Markdown, info: str) -> None:
    code = "a < b && c > 'd'\n\n  <script>x</script>\n"
    assert code in "".join(Page(render(markdown, f"```{info}\n{code}```\n").html).text)


def test_footnotes_link_there_and_back(markdown: Markdown) -> None:
    page = Page(render(markdown, "Text.[^a]\n\n[^a]: Foot.\n").html)
    targets = {attributes["href"] for attributes in page.all("a")}
    assert targets == {"#fn-a", "#fnref-a"}
    assert {"fn-a", "fnref-a"} <= set(page.ids)


def test_pictures_from_elsewhere_are_not_fetched(markdown: Markdown) -> None:
    html = render(markdown, "![a *map*](https://spy.example/x.png) ![local](x.png) ![](data:image/png;base64,AA)").html
    assert "<img" not in html
    assert '<a class="picture" href="https://spy.example/x.png" rel="noopener">[a map]</a>' in html
    assert "[local]" in html


@pytest.mark.parametrize(
    "source",
    [">" * 200_000, "- " * 50_000, "[" * 100_000, "*a " * 50_000,
     "|" + "a|" * 5_000 + "\n|" + "-|" * 5_000 + "\n|x|\n" * 50,
     "".join("  " * depth + "- x\n" for depth in range(1000)), "<a " * 50_000, "[^a]: x\n\n" + "[^a] " * 5_000,
     "# x\n" * 20_000, "> [!NOTE]\n\nx\n\n" * 10_000],
    ids=["quotes", "lists", "brackets", "emphasis", "table", "deep", "tags", "footnotes", "headings", "alerts"],
)  # fmt: skip
def test_hostile_texts_are_rendered(markdown: Markdown, source: str) -> None:
    assert render(markdown, source).html.startswith("<")


def test_a_text_nested_too_deep_is_shown_as_written(markdown: Markdown) -> None:
    assert render(markdown, ">" * 200 + " deep <b>").html == "<pre>" + "&gt;" * 200 + " deep &lt;b&gt;</pre>"


def test_the_same_text_is_rendered_once(markdown: Markdown) -> None:
    assert markdown.article("Once.", FOLDER) is markdown.article("Once.", FOLDER)
    assert markdown.article("Once.", FOLDER) is not markdown.article("Once.", "records/incidents/2026/11")


@pytest.mark.parametrize("body", ["# The title\n\nText.", "\n\n#  the TITLE  ##\nText.", "# The title", "# TheTitle!"])
def test_a_first_heading_that_repeats_the_title_is_left_out(body: str) -> None:
    assert without_title(body, "The title").strip() in ("Text.", "")


@pytest.mark.parametrize("body", ["# Another title\n", "## The title\n", "Text.\n\n# The title\n", "#The title\n", ""])
def test_other_first_headings_stay(body: str) -> None:
    assert without_title(body, "The title") == body
