"""Paragraphs and chunks: every slice is the text, nothing is lost, nothing is longer than the model reads."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.split import chunks, paragraphs
from tests.conftest import BagOfWords, article
from vectorstore import Article, embedded_text

SENTENCE = "The harbour office counted twelve boats before the storm came in."


def texts(text: str) -> list[str]:
    return [paragraph.span.of(text) for paragraph in paragraphs(text)]


def cut(given_article: Article, limit: int = 60) -> list[str]:
    return [given_article.text[c.start : c.end] for c in chunks(given_article, BagOfWords().count, limit)]


@pytest.mark.parametrize(
    "text",
    ["One.\n\nTwo.", "One.\r\n\r\nTwo.", "\n One. \n \t\n\n Two.\n", "One.\u2029Two.", "One.\fTwo.", "One.\nTwo."],
)
def test_blank_lines_and_their_relatives_part_paragraphs(text: str) -> None:
    assert texts(text) == ["One.", "Two."]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = "The bridge that was\nplanned nine years ago\nopened on Monday."
    assert texts(text) == [text]


def test_short_paragraphs_share_a_chunk_and_long_ones_do_not_fit_together() -> None:
    short = article("a", "Title", *["Four words stand here."] * 5)
    assert cut(short) == [short.text]
    long = article("a", "Title", *[" ".join([SENTENCE] * 3)] * 3)
    assert cut(long) == long.text.split("\n\n")


def test_runs_are_even_rather_than_full_and_a_rest() -> None:
    given_article = article("a", "Title", *[SENTENCE] * 6)  # 11 words each; five would fit into 60
    assert [len(chunk.split("\n\n")) for chunk in cut(given_article)] == [3, 3]


def test_a_heading_goes_with_what_follows_it() -> None:
    given_article = article("a", "Title", *[SENTENCE] * 3, "What comes next", *[SENTENCE] * 3)
    assert [chunk.split("\n\n")[0] for chunk in cut(given_article)][1] == "What comes next"


def test_a_paragraph_that_is_too_long_is_cut_at_sentences() -> None:
    given_article = article("a", "Title", " ".join([SENTENCE] * 12))
    parts = cut(given_article)
    assert len(parts) > 1
    assert all(part.endswith(".") and part.startswith("The") for part in parts)
    assert " ".join(parts) == given_article.text


def test_a_sentence_that_is_too_long_is_cut_at_words() -> None:
    given_article = article("a", "Title", " ".join(f"word{number}" for number in range(200)))
    assert " ".join(cut(given_article)) == given_article.text


def test_a_very_long_title_leaves_room() -> None:
    given_article = article("a", "Long title " * 60, *[SENTENCE] * 4)
    assert " ".join(cut(given_article)).count("harbour") == 4


class CharacterPieces(BagOfWords):
    """A tokenizer that makes a piece of every character, as models do of scripts they hardly know."""

    def count(self, texts):  # type: ignore[no-untyped-def]
        return [len(text) + 2 for text in texts]


def test_a_run_without_words_is_cut_at_characters() -> None:
    given_article = article("a", "Title", "永" * 700)
    found = chunks(given_article, CharacterPieces().count, 256)
    assert "".join(given_article.text[c.start : c.end] for c in found) == given_article.text
    assert max(len(embedded_text(given_article, c)) + 2 for c in found) <= 256


words = st.sampled_from(
    ["bridge ", "U.S. ", "opened. ", "\n", "\n\n", "İ", "永永永", "😀", "3.5 ", '"Yes," ', "\u2028", "\r\n"]
)


@given(st.one_of(st.text(), st.lists(words, max_size=200).map("".join)))
@settings(deadline=None)
def test_paragraphs_and_chunks_lose_nothing_and_stay_inside(text: str) -> None:
    found = paragraphs(text)
    slices = [p.span.of(text) for p in found]
    assert all(piece == piece.strip() != "" for piece in slices)
    assert "".join("".join(slices).split()) == "".join(text.split())
    given_article = Article("a", "Title", text, tuple(found))
    parts = chunks(given_article, BagOfWords().count, 30)
    assert all(before.end <= after.start for before, after in itertools.pairwise(parts))
    assert "".join("".join(text[c.start : c.end] for c in parts).split()) == "".join(text.split())
    sizes = BagOfWords().count([embedded_text(given_article, chunk) for chunk in parts])
    assert all(size <= 30 or not re.search(r"\s", text[c.start : c.end]) for size, c in zip(sizes, parts, strict=True))
