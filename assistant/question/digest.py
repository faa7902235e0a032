"""What an article is about, in its own sentences: the key ones, who is quoted in it, the dates that it names.

Spans of the article's text, so that every one can be cited. Knows one article at a time, and no question. The key
sentences are told in any language; quotations and dates in English.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

import numpy as np

from assistant.question.mentions import SPEECH, mentions, words_of
from assistant.question.recency import MONTHS
from ingest.sentences import sentences
from vectorstore import Article, Span, Vectors

KEY_SENTENCES = 3
CONSIDERED = 120  # sentences of a long article: what it is about is said before that
TELLING = 6  # words that a sentence needs at least, to be one and not a headline, a byline or a caption
# ROUGE-1 recall and F1 against the summaries of 43 news articles: .432 and .334; the first three sentences .326 and
# .328, the first three that are prose .416 and .329; without a bonus for the beginning .403 and .302.
LEAD = 0.4  # added for the first sentence, falling to nothing at the tenth
ALIKE = 0.85  # cosine above which a sentence says the same again
PROSE_END = re.compile(r"[.!?。！？।…][\"”’»)\]]*(?:\s?\[\d+\])*$")
BYLINE = re.compile(r"^(?:by\s+[A-Z]|published\b|updated\b|image\b|photo\b|file photo\b|copyright\b)", re.I)
# Whole, or as much of one as a sentence holds; a straight mark opens before a word and closes behind one.
QUOTATION = re.compile(r"[“\"«][^“”\"«»]{3,}[”\"»]|^[^“”\"«»]{3,}(?<=\S)[”\"»](?!\w)|(?<!\w)[“\"«](?=\S)[^“”\"«»]{3,}$")
MONTH = "|".join(MONTHS)
DATE = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+({MONTH})(?:,?\s+((?:1[5-9]|20)\d\d))?|"
    rf"({MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,?\s+((?:1[5-9]|20)\d\d))?|"
    rf"({MONTH}),?\s+(?:of\s+)?((?:1[5-9]|20)\d\d)|"
    r"((?:1[5-9]|20)\d\d)-(\d\d)-(\d\d)|"
    r"(?<![\d.,-])((?:1[5-9]|20)\d\d)(?![,.-]?\d))\b",
    re.I,
)
# "May 3" is a date, "may 3" is not; a year alone is one only where it is said to be: "in 2016", "since 1998".
YEARS = re.compile(
    r"\b(?:in|since|by|until|from|to|of|during|before|after|between|and|early|late|mid|summer|year)\W+$", re.I
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as the article writes it, and the sentence; `day` is (year, month, day), 0 where it is not told."""

    day: tuple[int, int, int]
    written: str
    paragraph_index: int
    span: Span


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who is quoted, and the first sentence that quotes them."""

    name: str
    paragraph_index: int
    span: Span


def prose(article: Article) -> Iterator[tuple[int, Span]]:
    """The article's sentences with the index of their paragraph, without headlines, bylines and captions."""
    for index, paragraph in enumerate(article.paragraphs):
        for span in sentences(article.text, paragraph.span, article.language):
            text = span.of(article.text)
            unspaced = len(text.split()) == 1 and len(text) > 2 * TELLING  # a script without spaces
            if PROSE_END.search(text) and not BYLINE.match(text) and (unspaced or len(text.split()) >= TELLING):
                yield index, span


def lead(article: Article) -> tuple[int, Span]:
    """The first sentence that is one; the first paragraph's beginning where none is."""
    first = next(prose(article), None)
    return first or (0, sentences(article.text, article.paragraphs[0].span, article.language)[0])


def key_sentences(article: Article, embed: Callable[[Sequence[str]], Vectors]) -> list[tuple[int, Span]]:
    """Three sentences that tell what the article is about, in its order.

    Each is near in meaning to the article as a whole and unlike those before it (maximal marginal relevance,
    Carbonell and Goldstein 1998), and the beginning counts for more, as news is written.
    """
    places = list(islice(prose(article), CONSIDERED)) or [lead(article)]
    vectors = embed([span.of(article.text) for _, span in places])
    centre = vectors.mean(axis=0)
    early = np.maximum(0, 1 - np.arange(len(places)) / 10)
    worth = vectors @ centre / (np.linalg.norm(centre) or 1.0) + LEAD * early
    chosen: list[int] = [0]
    for place in np.argsort(-worth):
        if len(chosen) == KEY_SENTENCES:
            break
        if place not in chosen and max(float(vectors[place] @ vectors[other]) for other in chosen) < ALIKE:
            chosen.append(int(place))
    return [places[place] for place in sorted(chosen)]


def speakers(article: Article) -> list[Speaker]:
    """Who is quoted, each once, in the article's order: a surname and its full name are one."""
    found: list[Speaker] = []
    for index, paragraph in enumerate(article.paragraphs):
        for span in sentences(article.text, paragraph.span, article.language):
            name = _speaker(span.of(article.text))
            if name is None:
                continue
            words = words_of(name)
            known = next((each for each in found if words <= words_of(each.name) or words_of(each.name) <= words), None)
            if known is None:
                found.append(Speaker(name, index, span))
    return found


def _speaker(sentence: str) -> str | None:
    """Whom a sentence with a quotation names beside a verb of speech, outside the quotation."""
    quoted = [match.span() for match in QUOTATION.finditer(sentence)]
    if not quoted:
        return None
    for mention in mentions(sentence):
        outside = not any(start < mention.end and mention.start < end for start, end in quoted)
        beside = mention.before in SPEECH or mention.after in SPEECH or _appositive(sentence, mention.end)
        if mention.kind == "name" and outside and beside and len(mention.text) > 1:
            return re.sub(r"^the ", "", mention.text)
    return None


def _appositive(sentence: str, end: int) -> bool:
    """ "Bob Ray, the mayor, said"."""
    return re.match(rf",[^,“”\"]{{2,60}},\s+(?:{'|'.join(SPEECH)})\b", sentence[end:]) is not None


def dates(article: Article) -> list[Dated]:
    """The dates that the article names, in order of time, each once, with the first sentence that names it.

    A day without a year takes that of publication; 0 where that is unknown.
    """
    found: dict[tuple[int, int, int], Dated] = {}
    year = int((article.published or "0")[:4]) if (article.published or "0")[:4].isdecimal() else 0
    for index, paragraph in enumerate(article.paragraphs):
        for span in sentences(article.text, paragraph.span, article.language):
            text = span.of(article.text)
            if BYLINE.match(text):
                continue
            for match in DATE.finditer(text):
                day = _day(match, text, year)
                if day is not None:
                    found.setdefault(day, Dated(day, match[0], index, span))
    return sorted(found.values(), key=lambda each: each.day)


def _day(match: re.Match[str], text: str, published: int) -> tuple[int, int, int] | None:
    before_d, before_m, before_y, after_m, after_d, after_y, only_m, only_y, *iso, alone = match.groups()
    if alone:
        return (int(alone), 0, 0) if YEARS.search(text[: match.start()]) else None
    if iso[0]:
        return _real(int(iso[0]), int(iso[1]), int(iso[2]))
    month = before_m or after_m or only_m
    if not month[0].isupper():
        return None
    number = MONTHS.index(month.lower()) + 1
    if only_m:
        return int(only_y), number, 0
    return _real(int(before_y or after_y or published), number, int(before_d or after_d))


def _real(year: int, month: int, day: int) -> tuple[int, int, int] | None:
    try:
        date(year or 2000, month, day)
    except ValueError:
        return None
    return year, month, day
