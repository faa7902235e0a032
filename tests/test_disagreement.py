"""When two articles' figures for the same thing differ, and when one only says more."""

import numpy as np
import pytest

from assistant.reading.disagreement import other_account
from assistant.reading.reader import Candidate
from vectorstore import Article, Paragraph, Span


def candidate(article_id: str, words: str, *, score: float, margin: float = 3.0) -> Candidate:
    text = f"The fire hurt {words} people."
    article = Article(article_id, "Fire", text, (Paragraph(0, len(text)),))
    start = text.index(words)
    span = Span(start, start + len(words))
    return Candidate(article, 0, Span(0, len(text)), span, np.array([margin]), score)


FIRST = candidate("gazette", "14", score=9.0)


def test_another_articles_other_figure_is_found() -> None:
    other = candidate("wire", "17", score=7.0)
    assert other_account([FIRST, candidate("gazette", "3", score=8.0), other]) is other


@pytest.mark.parametrize(
    "other",
    [
        candidate("wire", "14", score=8.0),
        candidate("wire", "some 14", score=8.0),
        candidate("wire", "14 or 15", score=8.0),
        candidate("wire", "many", score=8.0),
        candidate("wire", "17", score=2.0),
        candidate("wire", "17", score=8.0, margin=-2.0),
        candidate("gazette", "17", score=8.0),
    ],
)
def test_what_agrees_says_less_or_is_about_something_else_does_not_differ(other: Candidate) -> None:
    assert other_account([FIRST, other]) is None


def test_thousands_are_written_in_several_ways() -> None:
    assert other_account([candidate("a", "8,000", score=9.0), candidate("b", "8000", score=8.0)]) is None


def test_days_differ_too() -> None:
    assert other_account([candidate("a", "on Friday", score=9.0), candidate("b", "on Thursday", score=8.0)])
    assert other_account([candidate("a", "on 7 November", score=9.0), candidate("b", "in November", score=8.0)]) is None
