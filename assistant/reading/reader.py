"""The quoting answerer: which sentences of the passages answer a question, and how sure that is.

Every sentence gets a handful of measures (what the network of `spans.py` says of it, how many of the question's
telling words it holds, how well its passage was found), and a listwise regression weighs them; a logistic regression
turns the best one's measures into the probability that it answers. Both were fitted by `make fit-reader`; the weights
and the figures they reached are in weights/reader.json. How near a sentence is to the question in meaning is not
measured: of XQuAD's 612 questions the right one was first for .845 with it and .850 without, in a fifth less time.
Knows passages and sentences; knows nothing of refusing, numbering or showing.
"""

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.reading.figures import figures
from assistant.reading.spans import NOWHERE, SpanModel
from ingest.sentences import sentences
from vectorstore import Article, Passage, Span, Store

WEIGHTS = Path(__file__).parents[1] / "weights" / "reader.json"
ASKS_NUMBER = re.compile(
    r"\b(how (many|much|long|old|far|often|large|big|tall|high)|when|what (year|date|time|day))\b", re.I
)
DIGIT = re.compile(r"\d")
WORD = re.compile(r"\w")
# Said of the two who talk, of whom articles tell nothing: "what did you have for breakfast?", "should I rent?". Not of
# kings and wars ("Elizabeth I") nor of songs ("I Will Always Love You").
PERSONAL = re.compile(
    r"\b(?:you|your|yours|yourself|my|me|myself)\b|^(?:You|Your|My)\b"
    r"|(?:^|\b[a-z]\w* |^(?:Am|Can|Could|Did|Do|Had|Have|May|Might|Must|Shall|Should|Was|Will|Would) )"
    r"I(?:['\u2019](?:m|ve|d|ll))?(?= [a-z]|\W*$)"
)

CONTENDERS = 8  # sentences that a reading holds, of some thirty: the rest is far from answering
# Two passages are read first, side by side. Where their best sentence is so sure to answer, the others are not: hardly
# ever does one of them answer better. So two thirds of XQuAD's questions take half the time, and the right sentence is
# first for as many of them; of 1,304 held-out ones it is first for .882 with all passages read, and for .880, .879,
# .878 and .876 at .9, .8, .7 and .6.
READ_FIRST = 2
SURE = 0.8
# But another article's passage found nearly as well may tell another figure. Over our samples and XQuAD fifteen pairs
# of passages are taken to do so: fourteen lie less than .35 apart, the last (.45) tells of something else. Of half of
# the passages left to read it is more than .4.
NEARLY = 0.4  # in the score of the store's search
MARGIN = 0  # among a candidate's measures: how much better the network finds its words than no answer

Features = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer. `score` is comparable within one question; `measures` is [features].

    `short` are the words in it that answer, were it the answer.
    """

    article: Article
    paragraph_index: int
    span: Span
    short: Span | None
    measures: Features
    score: float = 0.0

    @property
    def text(self) -> str:
        return self.span.of(self.article.text)

    @property
    def figures(self) -> set[str]:
        """What the words that answer tell in figures and days."""
        return figures(self.short.of(self.article.text)) if self.short else set()


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in the passages: candidates best first, and the probability that the first one answers."""

    candidates: tuple[Candidate, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Weights:
    """A ranking over standardised measures, and a logistic regression over what `certainty` makes of it."""

    mean: Features
    scale: Features
    rank: Features
    sure: Features  # over `certainty`
    sure_bias: float
    risk_coverage: Features  # [thresholds, 3]: threshold, share of the shown that is wrong, share that is shown

    def score(self, measures: Features) -> float:
        """How well a sentence with these measures answers; only differences within one question mean something."""
        return float((measures - self.mean) / self.scale @ self.rank)

    def threshold(self, promise: float) -> float:
        """The least confidence at which, on the reference mix, at most `promise` of the answers shown are wrong."""
        kept = self.risk_coverage[self.risk_coverage[:, 1] <= promise]
        return float(kept[0, 0]) if len(kept) else 1.0

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> "Weights":
        stored = json.loads(path.read_text())
        arrays = {name: np.array(stored[name]) for name in ("mean", "scale", "rank", "sure", "risk_coverage")}
        return cls(**arrays, sure_bias=stored["sure_bias"])


class Reader:
    """Reads the passages found for one question. Thread-safe."""

    def __init__(self, store: Store, weights: Weights | None = None) -> None:
        self._store = store
        self._given = weights
        self._spans = SpanModel()

    @cached_property
    def _weights(self) -> Weights:
        return self._given or Weights.load()

    def threshold(self, promise: float) -> float:
        """The confidence below which to refuse, so that at most `promise` of the answers shown are wrong."""
        return self._weights.threshold(promise)

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Weighs every sentence of the passages, or of the first two where these will do; the best are returned."""
        first, others = passages[:READ_FIRST], passages[READ_FIRST:]
        measured = self.measured(question, first)
        reading = self._weighed(question, measured)
        if not others or _will_do(reading, first[0].score, others):
            return reading
        known = {candidate.text for candidate in measured}
        further = self.measured(question, others, READ_FIRST)
        return self._weighed(question, [*measured, *(each for each in further if each.text not in known)])

    def _weighed(self, question: str, candidates: Sequence[Candidate]) -> Reading:
        weights = self._weights
        found = ranked(candidates, weights)
        if not found or not WORD.search(question):  # "???"
            return Reading(tuple(found), 0.0)
        return Reading(tuple(found), logistic(float(certainty(found) @ weights.sure) + weights.sure_bias))

    def measured(self, question: str, passages: Sequence[Passage], rank: int = 0) -> list[Candidate]:
        """Every sentence of the passages once, with its measures, not yet weighed, as the best passage has it.

        `rank` is that of the first passage, 0 the best found.
        """
        found: dict[str, Candidate] = {}  # by text: the same words under another id are one candidate
        readings = self._spans.read_all(question, [(passage.article.title, passage.text) for passage in passages])
        for place, (passage, read) in enumerate(zip(passages, readings, strict=True), rank):
            article = passage.article
            asked = _Question(question, article.language, self._store)
            title = asked.stems(article.title)
            places = list(_places(passage))
            stems = [asked.stems(span.of(article.text)) for _, span in places]
            shared = asked.share(title.union(*stems))
            for at, (paragraph_index, span) in enumerate(places):
                margin, share, words = read.best_in(_shifted(span, -passage.span.start))
                around = stems[at].union(title, *stems[max(at - 1, 0) : at])
                measures = [
                    margin,
                    share,
                    read.answerable,
                    asked.share(stems[at]),
                    asked.share(around),
                    float(asked.for_number and DIGIT.search(span.of(article.text)) is not None),
                    asked.personal,
                    min(span.end - span.start, 400) / 200,
                    shared,
                    passage.cosine,
                    1 / (1 + place),
                ]
                short = _shifted(words, passage.span.start) if words else None
                candidate = Candidate(article, paragraph_index, span, short, np.array(measures))
                found.setdefault(candidate.text, candidate)
        return list(found.values())


def ranked(candidates: Sequence[Candidate], weights: Weights) -> list[Candidate]:
    """The contenders, best first, each with its score."""
    scored = [replace(candidate, score=weights.score(candidate.measures)) for candidate in candidates]
    return sorted(scored, key=lambda candidate: -candidate.score)[:CONTENDERS]


def _will_do(reading: Reading, nearest: float, others: Iterable[Passage]) -> bool:
    """Whether the passages not yet read can be left so: neither answer better nor tell another figure or day.

    `nearest` is the score of the passage found best.
    """
    if reading.confidence < SURE:
        return False
    best = reading.candidates[0]
    elsewhere = (passage for passage in others if passage.article.id != best.article.id)
    return not best.figures or all(passage.score < nearest - NEARLY for passage in elsewhere)


class _Question:
    """A question's own measures, for articles in one language."""

    def __init__(self, question: str, language: str | None, store: Store) -> None:
        self._store, self._language = store, language
        self._weights = {stem: store.rarity(stem) for stem in self.stems(question)}
        self._total = sum(self._weights.values()) or 1.0
        self.for_number = ASKS_NUMBER.search(question) is not None
        self.personal = float(PERSONAL.search(question) is not None)

    def stems(self, text: str) -> set[str]:
        return set(self._store.stems(text, self._language))

    def share(self, stems: set[str]) -> float:
        """How much of what the question's words tell is in `stems`, in [0, 1]."""
        return sum(weight for stem, weight in self._weights.items() if stem in stems) / self._total


def certainty(found: Sequence[Candidate]) -> Features:
    """What the probability rests on, of candidates best first, [features].

    The best one's score, its lead over the second, its measures, how far the network's margin stands out, as odds and
    against the best margin of the others, and the log of the share that a softmax of the scores gives it.
    """
    best = found[0]
    margin, share = best.measures[:2]
    others = found[1:]
    lead = min(best.score - others[0].score, 2.0) if others else 2.0
    rival = max((float(other.measures[0]) for other in others), default=NOWHERE)
    standing_out = float(np.clip(margin - rival, -5, 5))
    chosen = best.score - float(np.logaddexp.reduce([candidate.score for candidate in found]))
    odds = (np.logaddexp(0, margin), logistic(margin), math.exp(share), standing_out, chosen)
    return np.array([best.score, lead, *best.measures, *odds])


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def _places(passage: Passage) -> list[tuple[int, Span]]:
    """The passage's sentences, each with the index of its paragraph."""
    article, inside = passage.article, passage.span
    places: list[tuple[int, Span]] = []
    for index, paragraph in enumerate(article.paragraphs):
        part = Span(max(paragraph.start, inside.start), min(paragraph.end, inside.end))
        if part.start < part.end:
            places.extend((index, span) for span in sentences(article.text, part, article.language))
    return places
