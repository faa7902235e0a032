"""Whether a citation still holds in the library as it is now.

`intact`: the current version has the cited words at the cited offsets. `moved`: it has them elsewhere, and here is
where. `changed`: the article is there, the words are not. `gone`: the article was removed. The words decide, letter for
letter; what stood around them only chooses among several places. Knows nothing of where citations come from.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from typing import Any, Literal, Protocol

from vectorstore import Article, NotFound, Span

Status = Literal["intact", "moved", "changed", "gone"]
ArticleOf = Callable[[str, str | None], Article]  # an id and a version, None for the current one; raises NotFound
AROUND = 300  # characters on each side that tell one place from another
AROUND_IN_PARAGRAPH = 2000  # likewise, of the paragraph: there are articles in one
MOST_PLACES = 100  # looked at; of more, those nearest to where the words stood
NEAR_ENOUGH = 0.5  # share of the words' letter triples that a paragraph must have to be called theirs


class Cited(Protocol):
    """What is looked at of a citation."""

    number: int | None
    article_id: str
    article_version: str | None
    start_char_index: int
    end_char_index: int
    cited_text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a citation. `span` and `paragraph_index` are of the current version, `article`.

    Where the words have changed there is no span, and the paragraph is the one that is most like them, if any is.
    `places` is how often the version has the words: where it is more than 1, what stands around them has chosen.
    """

    number: int | None
    article_id: str
    status: Status
    article: Article | None = None
    span: Span | None = None
    paragraph_index: int | None = None
    places: int = 0

    def to_json(self) -> dict[str, Any]:
        paragraph = None
        if self.article is not None and self.paragraph_index is not None:
            paragraph = self.article.paragraphs[self.paragraph_index]
        return {
            "number": self.number,
            "article_id": self.article_id,
            "status": self.status,
            "article_version": self.article and self.article.version,
            "document_title": self.article and self.article.title,
            "paragraph_index": self.paragraph_index,
            "paragraph_start_char_index": paragraph and paragraph.start,
            "paragraph_end_char_index": paragraph and paragraph.end,
            "start_char_index": self.span and self.span.start,
            "end_char_index": self.span and self.span.end,
            "places": self.places,
        }


def check(citations: Iterable[Cited], article_of: ArticleOf) -> list[Checked]:
    """What became of each citation, in their order."""
    reading = lru_cache(maxsize=8)(article_of)  # an answer cites few articles, each of them more than once
    return [_checked(cited, reading) for cited in citations]


def _checked(cited: Cited, article_of: ArticleOf) -> Checked:
    try:
        article = article_of(cited.article_id, None)
    except NotFound:
        return Checked(cited.number, cited.article_id, "gone")
    words, at = cited.cited_text, cited.start_char_index
    places = [match.start() for match in re.finditer(f"(?={re.escape(words)})", article.text)]
    if not places:
        return Checked(cited.number, article.id, "changed", article, paragraph_index=_nearest(words, article))
    stands = article.text[at : cited.end_char_index] == words
    place = at if stands else places[0] if len(places) == 1 else _likeliest(cited, places, article, article_of)
    span = Span(place, place + len(words))
    paragraph = _paragraph(article, place)
    return Checked(cited.number, article.id, "intact" if stands else "moved", article, span, paragraph, len(places))


def _likeliest(cited: Cited, places: Sequence[int], article: Article, article_of: ArticleOf) -> int:
    """The place where the words stand in most of what they stood in: their paragraph, then what is around them."""
    length, at = len(cited.cited_text), cited.start_char_index
    old = _old(cited, article_of)
    company = _company(old, at, length) if old else ("", "", "")
    triples = [_triples(part) for part in company]

    def likeness(place: int) -> tuple[float, int]:
        now = _company(article, place, length)
        before, after, paragraph = map(_alike, company, triples, now)
        return before + after + 2 * paragraph, -abs(place - at)

    return max(nsmallest(MOST_PLACES, places, key=lambda place: abs(place - at)), key=likeness)


def _old(cited: Cited, article_of: ArticleOf) -> Article | None:
    """The version that was cited; None where it is not kept, or is not what the citation says it is."""
    if cited.article_version is None:
        return None
    try:
        old = article_of(cited.article_id, cited.article_version)
    except NotFound:
        return None
    return old if old.text[cited.start_char_index : cited.end_char_index] == cited.cited_text else None


def _company(article: Article, at: int, length: int) -> tuple[str, str, str]:
    """What stands before the words, read backwards, after them, and around them in their own paragraph."""
    end, index = at + length, _paragraph(article, at)
    own = article.paragraphs[index].span if index is not None else Span(at, end)
    first, last = max(own.start, at - AROUND_IN_PARAGRAPH), min(own.end, end + AROUND_IN_PARAGRAPH)
    text = article.text
    return text[max(0, at - AROUND) : at][::-1], text[end : end + AROUND], text[first:at] + text[end:last]


def _alike(old: str, triples: "Counter[str]", now: str) -> float:
    """In [0, 2]: how much of both is the same from their beginnings on, and how many letter triples they share.

    `triples` are those of `old`.
    """
    if not old or not now:
        return float(not old and not now)  # at the very beginning or end, then and now
    longer = max(len(old), len(now))
    pairs = enumerate(zip(old, now, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), min(len(old), len(now)))
    return same / longer + _shared(triples, _triples(now)) / longer


def _nearest(words: str, article: Article) -> int | None:
    """The paragraph that has most of the words in it; None where none has enough of them."""
    sought = _triples(words)
    shares = [_shared(sought, _triples(part.span.of(article.text))) for part in article.paragraphs]
    best = max(range(len(shares)), key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] >= NEAR_ENOUGH * sought.total() > 0 else None


def _triples(text: str) -> "Counter[str]":
    folded = text.casefold()
    return Counter(folded[at : at + 3] for at in range(max(1, len(folded) - 2)))


def _shared(one: "Counter[str]", other: "Counter[str]") -> int:
    return (one & other).total()


def _paragraph(article: Article, at: int) -> int | None:
    try:
        return article.paragraph_at(at)
    except ValueError:  # words that a caller made up may begin between two paragraphs
        return None
