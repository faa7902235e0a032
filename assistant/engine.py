"""The story of an answer: follow-up, passages, reading, refusing or quoting.

Prints nothing and knows no web, no terminal and no page: it returns an `Answer`, which every door shows.
"""

import re
import secrets
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from assistant.about import about_articles, told_about
from assistant.answer import (
    Answer,
    Citation,
    Event,
    Found,
    Notice,
    Refusal,
    RefusalReason,
    Sentence,
    ShortAnswer,
    events_of,
    marked,
)
from assistant.conversations import Conversations
from assistant.disagreement import other_account
from assistant.followup import stand_alone
from assistant.parts import parts
from assistant.reader import Candidate, Reader, Reading
from assistant.retrieve import retrieve
from ingest.library import open_store
from ingest.pipeline import Pipeline
from vectorstore import InvalidInput, Passage, Store
from vectorstore.embedder import PACKAGED

EXTRACTIVE = "extractive"
NOT_IN_ARTICLES = "The articles do not answer this question."
NO_ARTICLES = "There are no articles to answer from yet: add some first."
MOST_SENTENCES = 3
MOST_CLOSEST = 3
LONGEST_SHOWN = 1500  # characters of a paragraph; of a longer one the sentence alone is shown
# A second or third sentence is shown when its score is within this of the first's. Of XQuAD's questions that are
# answered, the first sentence is right for 91 %; the right one is among 1.15 shown for 94 % at 2, among 1.34 for 95 %
# at 3, among 1.6 for 96 % at 4: a reader who gets one more sentence in five answers should mostly be glad of it.
NEARLY_AS_GOOD = 2.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation that the caller keeps."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(slots=True)
class Stopwatch:
    """Milliseconds by stage."""

    timings: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = self.timings.get(name, 0.0) + (time.perf_counter() - begin) * 1000


class Assistant:
    """Answers questions over one library. Thread-safe."""

    models: tuple[str, ...] = (EXTRACTIVE,)

    def __init__(self, store: Store, *, promise: float = 0.1) -> None:
        """`promise`: of the answers shown on the reference mix, at most this share is wrong; the rest is refused."""
        self.store = store
        self.pipeline = Pipeline(store)
        self.conversations = Conversations(store.database)
        self._reader = Reader(store)
        # The operating point is read off the risk-coverage curve that weights/reader.json keeps, of questions that
        # neither the network nor the regressions were fitted on, a fifth of them with their article left out.
        self._least_confidence = self._reader.threshold(promise)

    @classmethod
    def open(
        cls, library: str | Path = "library", *, embedding_model: str = PACKAGED, promise: float = 0.1
    ) -> "Assistant":
        """The assistant over the library in this folder, made where it is missing; a context manager that closes it.

        Raises:
            LibraryBusy: another process has it open: ask that one over HTTP.
            LibraryMismatch: it was made with another embedding model.
        """
        return cls(open_store(Path(library), embedding_model), promise=promise)

    def close(self) -> None:
        """Gives the library back, so that another process may open it."""
        self.store.close()

    def __enter__(self) -> "Assistant":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(
        self,
        question: str,
        *,
        article_ids: Collection[str] | None = None,
        history: Sequence[Turn] = (),
        searched_for: str | None = None,
        model: str | None = None,
    ) -> Answer:
        """The whole answer that `stream` ends with; the arguments are the same."""
        *_, answer = self.stream(
            question, article_ids=article_ids, history=history, searched_for=searched_for, model=model
        )
        assert isinstance(answer, Answer)  # noqa: S101 - what every stream ends with
        return answer

    def stream(
        self,
        question: str,
        *,
        article_ids: Collection[str] | None = None,
        history: Sequence[Turn] = (),
        searched_for: str | None = None,
        model: str | None = None,
    ) -> Iterator[Event]:
        """Answers from the articles, from `article_ids` alone where given, or refuses, as it goes.

        What was found, then each sentence once it has been checked, then the whole answer. `searched_for` is a
        stand-alone question to use as it is, in the place of the one made from `history`. `model` is one of `models`,
        the first where it is None. Closing the iterator stops the work.

        Raises:
            InvalidInput: there is no such model.
        """
        if model is not None and model not in self.models:
            known = ", ".join(self.models)
            raise InvalidInput(f"There is no model {model!r} here: choose one of {known}.", param="model")
        watch = Stopwatch()
        with watch.stage("total"):
            request = about_articles(searched_for or question) if self.store.count() else None
            alone = searched_for or stand_alone(question, [(turn.role, turn.content) for turn in history])
            with watch.stage("search"):
                asked = () if request else parts(alone)
                found = {part: retrieve(self.store, part, article_ids) for part in asked}
            yield Found(tuple(passage for passages in found.values() for passage in passages))
            with watch.stage("answer"):
                if request:
                    read_as, told = told_about(request, self.store, article_ids, _last_answer(history))
                    alone = searched_for or read_as
                else:
                    readings = {part: self._reader.read(part, passages) for part, passages in found.items()}
                    told = self._told(readings)
                told["citations"] = tuple(_with_copies(each, found.values()) for each in told.get("citations", ()))
        answer = Answer(
            id=f"ans_{secrets.token_hex(12)}",
            question=question,
            searched_for=alone,
            model=model or self.models[0],
            timings_ms=watch.timings,
            **told,
        )
        yield from events_of(answer)
        yield answer

    def _told(self, readings: Mapping[str, Reading]) -> dict[str, Any]:
        """What is shown of the readings of each part of the question."""
        if not self.store.count():
            return _refusal("no_articles", NO_ARTICLES, readings)
        answered = {part: each for part, each in readings.items() if each.confidence >= self._least_confidence}
        if not answered:
            return _refusal("not_in_articles", NOT_IN_ARTICLES, readings)
        told = _quoted(list(answered.values()))
        missing = (Notice("partial", f"The articles do not say: {part}") for part in readings if part not in answered)
        return told | {"notices": (*told["notices"], *missing)}


def _last_answer(history: Sequence[Turn]) -> str:
    return next((turn.content for turn in reversed(history) if turn.role == "assistant"), "")


def _quoted(readings: Sequence[Reading]) -> dict[str, Any]:
    pairs = [(reading.candidates[0], other_account(reading.candidates)) for reading in readings]
    differing = [(one, other) for one, other in pairs if other]
    shown = _distinct(candidate for reading in readings for candidate in _worth_showing(reading.candidates))
    citations = tuple(
        Citation(number, each.article, each.paragraph_index, each.span) for number, each in enumerate(shown, 1)
    )
    sentences = tuple(Sentence(citation.cited_text, (citation.number,), "quoted") for citation in citations)
    words = shown[0].short
    return {
        "text": marked(sentences),
        "confidence": readings[0].confidence,
        "sentences": sentences,
        "citations": citations,
        "short_answer": ShortAnswer(words.of(shown[0].article.text), 1, words) if words else None,
        "notices": tuple(_disagreement(one, other, shown) for one, other in differing),
    }


def _with_copies(citation: Citation, found: Iterable[Sequence[Passage]]) -> Citation:
    """The citation, naming the other articles that were found to hold its words."""
    copies = {
        copy.id: copy
        for passages in found
        for passage in passages
        if passage.article.id == citation.article.id
        for copy in passage.copies
        if copy.id != citation.article.id and citation.cited_text in copy.text
    }
    return replace(citation, also_in=tuple(copies.values()))


def _disagreement(one: Candidate, other: Candidate, shown: Sequence[Candidate]) -> Notice:
    accounts = " and ".join(_account(each) for each in (one, other))
    numbers = tuple(number for number, each in enumerate(shown, 1) if each in (one, other))
    return Notice("disagreement", f"The articles differ: {accounts}.", numbers)


def _account(candidate: Candidate) -> str:
    article = candidate.article
    said = candidate.short.of(article.text) if candidate.short else candidate.text
    when = f" ({article.published[:10]})" if article.published else ""
    return f"“{said}” in {article.title}{when}"


def _refusal(reason: RefusalReason, text: str, readings: Mapping[str, Reading]) -> dict[str, Any]:
    nearest = max(readings.values(), key=lambda reading: reading.confidence)
    refusal = Refusal(reason, tuple(_closest(nearest.candidates)))
    return {"text": text, "confidence": nearest.confidence, "refusal": refusal}


def _worth_showing(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best sentence, another article's that differs from it, and those nearly as good that say something else."""
    other = other_account(candidates)
    near = [each for each in candidates[1:] if each.score >= candidates[0].score - NEARLY_AS_GOOD]
    return _distinct([candidates[0], *([other] if other else []), *near])[:MOST_SENTENCES]


def _distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each saying once, whatever case, marks and spaces it is written with."""
    found: dict[tuple[str, ...], Candidate] = {}
    for candidate in candidates:
        found.setdefault(tuple(re.findall(r"\w+", candidate.text.lower())), candidate)
    return list(found.values())


def _closest(candidates: Sequence[Candidate]) -> list[Citation]:
    """The paragraphs of the sentences that came nearest to answering, each once."""
    found: list[Citation] = []
    for candidate in candidates:
        article, index = candidate.article, candidate.paragraph_index
        paragraph = article.paragraphs[index].span
        span = paragraph if paragraph.end - paragraph.start <= LONGEST_SHOWN else candidate.span
        if all((article.id, index) != (other.article.id, other.paragraph_index) for other in found):
            found.append(Citation(len(found) + 1, article, index, span))
        if len(found) == MOST_CLOSEST:
            break
    return found
