"""Sentences and their markers, whatever a model writes and however it streams."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.generating.markers import Cutter, Draft

ARTICLE = "It is 1,284 metres long [12] and carries four lanes (2). The court [1] agreed."
PIECES = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            ["[1]", " [2, 3]", "【1†a】", "(1)", "(9)", "[^2]", "[99]", "¹²", "[", "]", "【", "\n", ". ",
             "The bridge opened. ", "Mr. ", "**", "- ", "<think>", "</think>", "[1]:", "[Source 3]", "long [12] and",
             "1. ", " ", "](http://x)"]
        ),
    ),
    max_size=30,
)  # fmt: skip


def cut(*pieces: str, known: Sequence[int] = (1, 2, 3)) -> tuple[list[Draft], int]:
    cutter = Cutter(known, lambda text: text in ARTICLE)
    drafts = [draft for piece in pieces for draft in cutter.feed(piece)]
    return drafts + cutter.end(), cutter.unknown


@pytest.mark.parametrize(
    "marker",
    [
        "[1]",
        "[ 1 ]",
        "【1】",
        "【1†source】",
        "(1)",
        "[^1]",
        "[Source 1]",
        "[source: 1]",
        "[paragraph 1]",
        "¹",
        "［1］",
        "[no. 1]",
    ],
)
@pytest.mark.parametrize("written", ["It was shut. {} Tolls begin in June.", "It was shut {}. Tolls begin in June."])
def test_a_marker_of_any_shape_belongs_to_the_sentence_before_it(marker: str, written: str) -> None:
    drafts, unknown = cut(written.format(marker))
    assert drafts == [Draft("It was shut.", (1,)), Draft("Tolls begin in June.", ())]
    assert unknown == 0


@pytest.mark.parametrize("marker", ["[1, 2]", "[1][2]", "[1] [2]", "[1-2]", "[1; 2]", "(1, 2)", "[1, 2, 1]", "¹ ²"])
def test_several_numbers(marker: str) -> None:
    assert cut(f"It opened in May. {marker}")[0] == [Draft("It opened in May.", (1, 2))]


def test_unknown_numbers_vanish_and_are_counted() -> None:
    assert cut("It opened in May. [9] Tolls begin [2, 77] in June. [1]") == (
        [Draft("It opened in May.", ()), Draft("Tolls begin in June.", (2, 1))],
        2,
    )


def test_a_line_that_begins_with_a_marker_has_it() -> None:
    assert cut("[1] It opened in May.\n[2] Tolls begin.")[0] == [
        Draft("It opened in May.", (1,)),
        Draft("Tolls begin.", (2,)),
    ]
    assert cut("It opened in May.\n[1]\nTolls begin.")[0][0] == Draft("It opened in May.", (1,))


def test_an_articles_own_brackets_inside_a_sentence_stay() -> None:
    drafts, unknown = cut("It is 1,284 metres long [12] and carries four lanes. [1]")
    assert drafts == [Draft("It is 1,284 metres long [12] and carries four lanes.", (1,))]
    assert unknown == 0
    assert cut("The court [1] agreed. [2]")[0] == [Draft("The court [1] agreed.", (2,))]
    assert cut("It carries four lanes (2).")[0] == [Draft("It carries four lanes (2).", ())]
    assert cut("It opened (2024) in May.")[0] == [Draft("It opened (2024) in May.", ())]


def test_markdown_and_lists_become_plain_sentences() -> None:
    drafts, _ = cut(
        "## Answer\n\n- **The bridge** opened in May. [1]\n2. Tolls `begin` in June [2]\n\nSources:\n[1]: Bridge"
    )
    assert drafts == [
        Draft("Answer", ()),
        Draft("The bridge opened in May.", (1,)),
        Draft("Tolls begin in June", (2,)),
    ]


def test_what_a_model_thinks_is_not_written() -> None:
    assert cut("<think>The bridge. It opened [1]. Hm.</think>\nIt opened in May. [2]")[0] == [
        Draft("It opened in May.", (2,))
    ]


def test_a_sentence_comes_as_soon_as_the_next_one_is_under_way() -> None:
    cutter = Cutter((1,), lambda text: False)
    assert cutter.feed("It opened in May. [1] Tolls begin ") == []
    assert cutter.feed("in June, Mr. ") == [Draft("It opened in May.", (1,))]
    assert cutter.feed("Holm said.") == []
    assert cutter.end() == [Draft("Tolls begin in June, Mr. Holm said.", ())]


@settings(max_examples=150, deadline=None)
@given(PIECES, st.lists(st.integers(1, 9), max_size=40))
def test_tokens_change_nothing_and_nothing_dangles(pieces: list[str], lengths: list[int]) -> None:
    whole = "".join(pieces)
    streamed, at = [], 0
    for length in lengths:
        streamed.append(whole[at : at + length])
        at += length
    drafts, unknown = cut(whole)
    assert (drafts, unknown) == cut(*streamed, whole[at:])
    for draft in drafts:
        assert draft.text.strip()
        assert "\n" not in draft.text
        assert set(draft.numbers) <= {1, 2, 3}
        for bracketed in re.findall(r"\S{1,20} ?\[\d+\]", draft.text):
            assert bracketed in ARTICLE
