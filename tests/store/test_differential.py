"""Two parsers, one meaning: ryaml with masks, ruamel.yaml's exact scan, and the stock readers of YAML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from itsm_as_code.store.fast_parser import FAST
from itsm_as_code.store.frontmatter import read_article
from itsm_as_code.store.reader import read_yaml
from itsm_as_code.store.slow_parser import SLOW

PIECES = (
    *("a", "b: ", "c:\n", "- ", "  ", "\n", "\n  ", "\n    ", " #x", '"', "'", "|\n", "|2\n", "|-\n", ">-\n", ">\n"),
    *(
        "[",
        "]",
        "{",
        "}",
        ", ",
        ": ",
        "? ",
        "&a ",
        "*a",
        "!t ",
        "!!str ",
        "%Y",
        "<<: ",
        "---\n",
        "...\n",
        "\t",
        "\n \n",
    ),
    *("yes", "no", "014", "1_0", "1.5", "0x1F", "+5", "-0", "~", "null", "true", "True", "5", '"yes"', "'no'", "="),
    *("x y", "é", "\\", "\\n", "\\x41", "- - ", "key: val\n", 'k: "v"\n', "l:\n  - a\n  - b\n", "t: |\n  * x\n  yes\n"),
    *("08:00", "2026-01-01", "2026-01-01T00:00:00+01:00", "@", "`", "%", ":", "-", ".", "..", "k:", " :", "://x", "#"),
    *("##", "''", '""', "\u2028", "\x85", "\u200d", "\ue001"),
)

SEEDS = (
    'id: x\nlist:\n  - a: 1\n    b: "2"\n  - c\nnote: |\n  text *b* &c\n  - yes\nflow: [a, b, {c: d}]\nq: "it\'s"\n',
    "timeline:\n  - at: 2026-11-21T08:05:12+01:00\n    by: ana\n    note: >\n      long\n      text\n",
    "a: b\n",
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A record with pieces of YAML thrown into it."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        stop = start + draw(st.sampled_from((0, 0, 1, 2, 5)))
        text = text[:start] + draw(st.sampled_from(PIECES)) + text[stop:]
    return text


scraps = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join)
texts = st.one_of(mutated(), scraps, scraps.map("a: {}".format))


@settings(max_examples=300)
@given(texts)
@example("a: no, we don't\n")
@example("a: +5\n  more text\n")
@example("a: |-\n  yes\n")
@example("no}te: a\n")
@example("a: >\n  b\n  \tc\n")
@example("a: |##2\n b\n")
@example("a: >\n \n    b\n     c\n")
@example("a: [b, c :, d]\n")
@example("%FOO\n---\na: 1\n")
def test_both_parsers_accept_the_same_documents_with_equal_data(text: str) -> None:
    fast = read_yaml(text.encode(), parser=FAST)
    slow = read_yaml(text.encode(), parser=SLOW)
    assert bool(fast.faults) == bool(slow.faults), (fast, slow)
    assert repr(fast.data) == repr(slow.data)


@settings(max_examples=200)
@given(texts)
@example("a: '014'\nb: \"yes\"\nc: |\n  <<: x\n")
def test_what_is_accepted_reads_the_same_to_stock_readers_of_yaml_1_1_and_1_2(text: str) -> None:
    result = read_yaml(text.encode())
    if result.data is not None:
        assert stock(text, (1, 2)) == result.data
        assert stock(text, (1, 1)) == result.data


def stock(text: str, version: tuple[int, int]) -> object:
    """What ruamel.yaml's own safe loader makes of `text`, but for its timestamps."""
    from ruamel.yaml import YAML
    from ruamel.yaml.resolver import VersionedResolver

    class WithoutTimestamps(VersionedResolver):
        def add_version_implicit_resolver(self, version: Any, tag: Any, regexp: Any, first: Any) -> None:
            if not tag.endswith("timestamp"):
                super().add_version_implicit_resolver(version, tag, regexp, first)

    yaml = YAML(typ="safe", pure=True)
    yaml.Resolver = WithoutTimestamps
    yaml.version = version
    data: object = yaml.load(text)
    return data


plain = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(2**53) + 1, 2**53 - 1),
        st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30),
        st.sampled_from(
            ["yes", "014", "1.10", "~", "null", "*x", "&x", "!x", "- a", "a: b", "#", "", " ", "<<", "=", "a\nb\n"]
        ),
    ),
    lambda inside: st.one_of(
        st.lists(inside, max_size=4),
        st.dictionaries(st.text("abcyesno01-_ ", min_size=1, max_size=8), inside, max_size=4),
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcdef_", min_size=1, max_size=6), plain, min_size=1, max_size=5))
def test_values_in_quotes_read_back_as_they_are(data: dict[str, object]) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1)
    for parser in (FAST, SLOW):
        result = read_yaml(text.encode(), parser=parser)
        assert result.faults == ()
        assert result.data == data


def files(folder: Path) -> Iterator[Path]:
    for suffix in ("yaml", "yml", "md"):
        yield from sorted(folder.rglob(f"*.{suffix}"))


@pytest.mark.real_data
def test_both_parsers_agree_on_all_public_files(real_data: Path) -> None:
    paths = list(files(real_data))
    assert len(paths) > 400
    accepted = 0
    for path in paths:
        reads = read_article if path.suffix == ".md" else read_yaml
        content = path.read_bytes()
        fast, slow = reads(content, parser=FAST), reads(content, parser=SLOW)
        assert bool(fast.faults) == bool(slow.faults), path
        assert fast.data == slow.data, path
        accepted += not fast.faults
    assert accepted > 400


def test_both_parsers_agree_on_the_sample_workspace() -> None:
    root = Path(__file__).resolve().parents[2]
    for path in files(root / "records"):
        reads = read_article if path.suffix == ".md" else read_yaml
        content = path.read_bytes()
        assert reads(content, parser=FAST) == reads(content, parser=SLOW), path
