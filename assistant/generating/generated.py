"""What is shown of an answer that a model wrote: numbers for its citations, and what the reader should know beside it.

Puts the question to the model and gives its checked sentences as they come. Knows what the quoting reader found in the
same passages, for the probability and the notices; what is quoted or refused instead is the engine's business.
"""

import logging
import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from assistant import metrics
from assistant.answer import Citation, Notice, Sentence, ShortAnswer, Shown, Turn
from assistant.generating.generate import Generation, Outcome, Written
from assistant.generating.models import Writer
from assistant.generating.orders import gives_orders
from assistant.generating.prompt import paragraphs_of
from assistant.generating.rewrite import rewritten
from assistant.generating.writing import Patience
from assistant.reading.reader import Candidate, Reading
from assistant.verifying.verify import Place, Verifier
from vectorstore import Article, Passage, Store

log = logging.getLogger(__name__)
KEPT = 4096  # article versions of which it is known whether they give orders: 3 ms to read 1,000 characters


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was found and read for each of its parts, and the conversation before it."""

    question: str
    found: Mapping[str, Sequence[Passage]]
    readings: Mapping[str, Reading]
    history: Sequence[Turn] = ()

    @property
    def passages(self) -> list[Passage]:
        """Of all parts in turn, best first: a question of two parts needs both in the model's context."""
        rounds = zip_longest(*self.found.values())
        return [passage for each in rounds for passage in each if passage is not None]


class Author:
    """The configured chat models over one library, their sentences held to the articles. Thread-safe."""

    def __init__(self, store: Store, writers: Sequence[Writer], patience: Patience | None = None) -> None:
        self._store = store
        self._writers = {writer.name: writer for writer in writers}
        self._verifier = Verifier(store.embedder, store.stems)
        self._patience = patience or Patience()
        self._orders: dict[tuple[str, str], bool] = {}

    def alone(self, name: str, question: str, history: Sequence[tuple[str, str]]) -> str:
        """The question made to stand alone by the model called `name`, where it leans on `history`."""
        writer = self._writers.get(name)
        return rewritten(writer, question, history) if writer else question

    def told(self, name: str, asked: Asked, least: float) -> Generator[Shown, None, dict[str, Any] | Outcome]:
        """Each sentence as it is checked; then all that is told, or, where nothing was shown, what became of it.

        `least` is the confidence from which a part of the question counts as answered.
        """
        writer = self._writers[name]
        safe = [passage for passage in asked.passages if not self._hostile(passage.article)]
        if not safe:
            return Outcome(trouble="What was found gives orders to language models")
        places = paragraphs_of(safe, self._store.embedder.count, writer.room)
        generation = Generation(writer, self._verifier, places, self._patience)
        numbering = Numbering()
        earlier = [(turn.role, turn.content) for turn in asked.history]
        for written in generation.sentences(asked.question, earlier):
            yield numbering.shown(written)
        outcome = generation.outcome
        metrics.model_checked(left_out=len(outcome.left_out), invalid_markers=outcome.unknown_markers)
        if generation.outcome.unknown_markers:
            log.info("%s cited %d paragraphs that it was not given.", name, generation.outcome.unknown_markers)
        if not numbering.sentences:
            return generation.outcome
        citations, readings = numbering.citations, list(asked.readings.values())
        missing = [
            Notice("partial", f"The articles do not say: {part}")
            for part, reading in asked.readings.items()
            if len(readings) > 1 and reading.confidence < least and unanswered(reading, citations)
        ]
        return {
            "confidence": max(confidence(citations[0], reading) for reading in readings),
            "sentences": tuple(numbering.sentences),
            "citations": tuple(citations),
            "short_answer": short_answer(citations, readings),
            "notices": (*notices_of(generation.outcome), *missing),
            "shown": len(numbering.sentences),
        }

    def _hostile(self, article: Article) -> bool:
        key = (article.id, article.version)
        if key not in self._orders:
            if len(self._orders) > KEPT:
                self._orders.clear()
            self._orders[key] = gives_orders(f"{article.title}\n{article.text}")
        return self._orders[key]


@dataclass(slots=True)
class Numbering:
    """Gives citations their numbers as sentences come, and keeps both."""

    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def shown(self, written: Written) -> Shown:
        """The sentence with its numbers; a place that was cited before keeps the one it has."""
        numbers, new = [], []
        for place in written.places:
            held = next((each for each in self.citations if _same(each, place)), None)
            if held is None:
                held = Citation(len(self.citations) + 1, place.article, place.paragraph_index, place.span)
                self.citations.append(held)
                new.append(held)
            numbers.append(held.number)
        support = "quoted" if written.quoted and len(numbers) == 1 else "supported"
        sentence = Sentence(written.text, tuple(dict.fromkeys(numbers)), support)  # type: ignore[arg-type]
        self.sentences.append(sentence)
        return Shown(len(self.sentences) - 1, sentence, tuple(new))


def _same(citation: Citation, place: Place) -> bool:
    return (citation.article.id, citation.span) == (place.article.id, place.span)


def confidence(citation: Citation, reading: Reading) -> float:
    """The probability that the first sentence answers, from the reader's of its own best sentence, which is calibrated.

    The odds that a softmax of the reader's scores gives the sentence that the model chose, against its own choice.
    """
    if not reading.candidates:
        return 0.0
    chosen = [each for each in reading.candidates if _touches(citation, each)]
    score = max((each.score for each in chosen), default=reading.candidates[-1].score)
    return reading.confidence * math.exp(min(0.0, score - reading.candidates[0].score) / 2)


def short_answer(citations: Sequence[Citation], readings: Sequence[Reading]) -> ShortAnswer | None:
    """The reader's exact words, where the model cites the sentence that the reader finds best."""
    for reading in readings:
        for candidate in reading.candidates[:1]:
            for citation in citations:
                words = candidate.short
                if words and citation.article.id == candidate.article.id and citation.span.holds(words):
                    return ShortAnswer(words.of(citation.article.text), citation.number, words)
    return None


def _touches(citation: Citation, candidate: Candidate) -> bool:
    if citation.article.id != candidate.article.id:
        return False
    return citation.span.start < candidate.span.end and candidate.span.start < citation.span.end


def unanswered(part: Reading, citations: Sequence[Citation]) -> bool:
    """Whether no citation touches what the reader found best for a part of the question."""
    return not any(_touches(citation, candidate) for candidate in part.candidates[:3] for citation in citations)


def notices_of(outcome: Outcome) -> list[Notice]:
    """What became of the sentences that are not shown."""
    found = []
    if count := len(outcome.left_out):
        what = "One sentence that the model wrote is" if count == 1 else f"{count} sentences that the model wrote are"
        found.append(
            Notice("left_out", f"{what} left out: the articles do not carry {'it' if count == 1 else 'them'}.")
        )
    if outcome.trouble:
        found.append(Notice("fallback", f"{outcome.trouble}, so the answer ends here."))
    return found
