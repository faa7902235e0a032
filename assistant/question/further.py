"""Further questions that the articles answer, made from sentences that have not been shown.

Each question that a sentence makes (`question_patterns.py`) is asked, and offered only where the answer is sure, is
that sentence, and its exact words are those that the question left out: round-trip consistency, after Alberti et al.
2019, "Synthetic QA Corpora Generation with Roundtrip Consistency". Better none than silly ones: of 40 news articles, 8
get a question, 11 questions in all. Knows no page.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from assistant.answer import Answer
from assistant.question.question_patterns import Made, made_of
from ingest.sentences import sentences
from vectorstore import Article, Span

MOST = 3  # questions offered
TRIED = 8  # questions asked of one article, so that it takes well under a second
SURE = 0.7  # confidence from which a question is offered
REMEMBERED = 1024  # articles


@dataclass(frozen=True, slots=True)
class Found:
    """A question, and the sentence that it was made from."""

    made: Made
    span: Span


class Further:
    """Thread-safe. What holds of an article is remembered, so that an article is only asked once."""

    def __init__(self, ask: Callable[[str], Answer]) -> None:
        """`ask` answers a question that stands alone."""
        self._ask = ask
        self._holding = lru_cache(REMEMBERED)(self._checked)

    def questions(self, articles: Sequence[Article], shown: Sequence[str], asked: Sequence[str]) -> tuple[str, ...]:
        """At most three that these articles answer; none that was asked, or that a sentence `shown` answers."""
        known = {_folded(question) for question in asked}
        seen = [_folded(sentence) for sentence in shown]
        fresh = (
            found.made.question
            for article in articles
            for found in self._holding(article)
            if _folded(found.made.question) not in known and _folded(found.span.of(article.text)) not in seen
        )
        return tuple(islice(dict.fromkeys(fresh), MOST))

    def _checked(self, article: Article) -> tuple[Found, ...]:
        each_once = {_folded(found.made.question): found for found in _made(article)}
        tried = islice(each_once.values(), TRIED)
        return tuple(found for found in tried if _holds(found, article, self._ask(found.made.question)))


def _made(article: Article) -> Iterator[Found]:
    """What the sentences of an English article could be asked, in reading order."""
    if (article.language or "en").partition("-")[0] != "en":
        return
    for paragraph in article.paragraphs:
        for span in sentences(article.text, paragraph.span, article.language):
            for made in made_of(span.of(article.text)):
                yield Found(made, span)


def _holds(found: Found, article: Article, answer: Answer) -> bool:
    """Surely answered, by the sentence that the question was made from, with the words that were left out of it."""
    if answer.refusal or answer.confidence < SURE or answer.short_answer is None:
        return False
    first = answer.citations[0]
    same = first.article.id == article.id and first.span.start < found.span.end and found.span.start < first.span.end
    words, expected = _folded(answer.short_answer.text), _folded(found.made.expected)
    return same and (expected in words or words in expected)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
