"""The quoting answerer: which sentences of the passages answer a question, and how sure that is.

Every sentence gets a handful of measures (how near in meaning, how many of the question's telling words, how well its
passage was found); a logistic regression weighs them, and a second one turns the best sentence's measures into the
probability that it answers. Both were fitted by `make fit-reader`; the weights and the figures they reached are in
weights/reader.json. Knows passages and sentences; knows nothing of refusing, numbering or showing.
"""

import json
import math
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.sentences import sentences
from vectorstore import Article, Passage, Span, Store, Vectors

WEIGHTS = Path(__file__).parent / "weights" / "reader.json"
KEPT_VECTORS = 20_000  # of sentences, 1.5 KB each: a busy library's hot sentences are embedded once
ASKS_NUMBER = re.compile(
    r"\b(how (many|much|long|old|far|often|large|big|tall|high)|when|what (year|date|time|day))\b", re.I
)
DIGIT = re.compile(r"\d")

Features = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer. `score` is comparable within one question; `measures` is [features]."""

    article: Article
    paragraph_index: int
    span: Span
    measures: Features
    score: float

    @property
    def text(self) -> str:
        return self.span.of(self.article.text)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in the passages: candidates best first, and the probability that the first one answers."""

    candidates: tuple[Candidate, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Two logistic regressions over standardised measures."""

    mean: Features
    scale: Features
    rank: Features
    rank_bias: float
    sure: Features  # over `certainty`
    sure_bias: float

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> "Weights":
        stored = json.loads(path.read_text())
        arrays = {name: np.array(stored[name]) for name in ("mean", "scale", "rank", "sure")}
        return cls(**arrays, rank_bias=stored["rank_bias"], sure_bias=stored["sure_bias"])


class Reader:
    """Reads the passages found for one question. Thread-safe."""

    def __init__(self, store: Store, weights: Weights | None = None) -> None:
        self._store = store
        self._given = weights
        self._vectors: dict[tuple[str, str, Span], Vectors] = {}
        self._guard = threading.Lock()

    @cached_property
    def _weights(self) -> Weights:
        return self._given or Weights.load()

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Weighs every sentence of the passages."""
        found = [self._scored(candidate) for candidate in self.measured(question, passages)]
        found.sort(key=lambda candidate: -candidate.score)
        if not found:
            return Reading((), 0.0)
        weights = self._weights
        return Reading(tuple(found), logistic(float(certainty(found) @ weights.sure) + weights.sure_bias))

    def _scored(self, candidate: Candidate) -> Candidate:
        weights = self._weights
        score = float((candidate.measures - weights.mean) / weights.scale @ weights.rank) + weights.rank_bias
        return Candidate(candidate.article, candidate.paragraph_index, candidate.span, candidate.measures, score)

    def measured(self, question: str, passages: Sequence[Passage]) -> list[Candidate]:
        """Every sentence of the passages once, with its measures, not yet weighed."""
        asked = _Question(question, self._store)
        found: dict[tuple[str, Span], Candidate] = {}
        for rank, passage in enumerate(passages):
            places = list(_places(passage))
            vectors = self._embedded(passage.article, [span for _, span in places])
            shared = asked.shared(f"{passage.article.title}\n{passage.text}")
            before: set[str] = set()
            for (paragraph_index, span), vector in zip(places, vectors, strict=True):
                stems = set(self._store.stems(span.of(passage.article.text)))
                measures = asked.measures(passage, rank, span, vector, stems, before, shared)
                candidate = Candidate(passage.article, paragraph_index, span, measures, 0.0)
                found.setdefault((passage.article.id, span), candidate)
                before = stems
        return list(found.values())

    def _embedded(self, article: Article, spans: Sequence[Span]) -> list[Vectors]:
        keys = [(article.id, article.version, span) for span in spans]
        with self._guard:
            held = {key: self._vectors[key] for key in keys if key in self._vectors}
        missing = [key for key in keys if key not in held]
        fresh = self._store.embedder.embed([span.of(article.text) for _, _, span in missing])
        held.update(zip(missing, fresh, strict=True))
        with self._guard:
            if len(self._vectors) > KEPT_VECTORS:
                self._vectors.clear()
            self._vectors.update(held)
        return [held[key] for key in keys]


class _Question:
    """A question's own measures, taken once."""

    def __init__(self, question: str, store: Store) -> None:
        self._store = store
        self._vector = store.embedder.embed([question])[0]
        self._weights = {stem: store.rarity(stem) for stem in store.stems(question)}
        self._total = sum(self._weights.values()) or 1.0
        self._asks_number = ASKS_NUMBER.search(question) is not None

    def share(self, stems: set[str]) -> float:
        """How much of what the question's words tell is in `stems`, in [0, 1]."""
        return sum(weight for stem, weight in self._weights.items() if stem in stems) / self._total

    def shared(self, text: str) -> float:
        return self.share(set(self._store.stems(text)))

    def measures(
        self, passage: Passage, rank: int, span: Span, vector: Vectors, stems: set[str], before: set[str], shared: float
    ) -> Features:
        cosine = float(vector @ self._vector)
        share = self.share(stems)
        with_context = self.share(stems | before | set(self._store.stems(passage.article.title)))
        number = self._asks_number and DIGIT.search(span.of(passage.article.text)) is not None
        length = min(span.end - span.start, 400) / 200
        return np.array(
            [
                cosine,
                cosine * share,
                share,
                with_context,
                shared,
                passage.cosine if passage.cosine is not None else 0.0,
                1 / (1 + rank),
                float(number),
                length,
            ]
        )


def certainty(found: Sequence[Candidate]) -> Features:
    """What the probability rests on: the best sentence's measures, its score and its lead over the second."""
    best = found[0]
    lead = best.score - found[1].score if len(found) > 1 else 2.0
    return np.array([best.score, min(lead, 2.0), *best.measures])


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
