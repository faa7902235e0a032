"""The story of an answer: follow-up, passages, reading, refusing or quoting.

Prints nothing and knows no web, no terminal and no page: it returns an `Answer`, which every door shows.
"""

import re
import secrets
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

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
    Turn,
    events_of,
    marked,
)
from assistant.generating.generated import Asked, Author
from assistant.generating.models import load_writers
from assistant.keeping.conversations import Conversations
from assistant.question.about import Request, about_articles, as_topic, told_about
from assistant.question.followup import each_alone, stand_alone
from assistant.question.parts import parts
from assistant.reading.disagreement import differ, other_account
from assistant.reading.reader import Candidate, Reader, Reading
from assistant.reading.retrieve import PASSAGES, retrieve
from assistant.settings import EXTRACTIVE, public_name
from assistant.stopwatch import Stopwatch
from ingest.library import open_store
from ingest.pipeline import Pipeline
from vectorstore import InvalidInput, Passage, Store
from vectorstore.embedder import PACKAGED

NOT_IN_ARTICLES = "The articles do not answer this question."
NO_ARTICLES = "There are no articles to answer from yet: add some first."
UNSUPPORTED = "The articles do not carry what the model wrote, and do not answer this question themselves."
# A model is not asked where the best sentence is less than this share as sure as one that would be quoted. At the 0.1
# promise that is a probability of .15, below which lie 18 % of the reference mix and hardly an answer.
NO_EVIDENCE = 0.25
MOST_SENTENCES = 3
MOST_CLOSEST = 3
LONGEST_SHOWN = 1500  # characters of a paragraph; of a longer one the sentence alone is shown
# A second or third sentence is shown when its score is within this of the first's. Of XQuAD's questions that are
# answered, the first sentence is right for 91 %; the right one is among 1.15 shown for 94 % at 2, among 1.34 for 95 %
# at 3, among 1.6 for 96 % at 4: a reader who gets one more sentence in five answers should mostly be glad of it.
NEARLY_AS_GOOD = 2.0


# A passage of a search leads where the reader is so sure of an answer in it. Of 1,205 held-out questions the right one
# is first for .837 without, for .921, .924, .922, .914 and .899 with 0, .2, .3, .5 and .7.
LEADS = 0.3


class Assistant:
    """Answers questions over one library. Thread-safe."""

    def __init__(
        self,
        store: Store,
        *,
        promise: float = 0.1,
        models: Sequence[str] = (EXTRACTIVE,),
        author: Author | None = None,
    ) -> None:
        """`promise`: of the answers shown on the reference mix, at most this share is wrong; the rest is refused.

        `models` are who may answer, the first by default: `extractive`, and the chat models of `author`.
        """
        self.models = tuple(models)
        self.store = store
        self.pipeline = Pipeline(store)
        self.conversations = Conversations(store.database)
        self._reader = Reader(store)
        self._author = author
        # The operating point is read off the risk-coverage curve that weights/reader.json keeps, of questions that
        # neither the network nor the regressions were fitted on, a fifth of them with their article left out.
        self._least_confidence = self._reader.threshold(promise)

    @classmethod
    def open(
        cls,
        library: str | Path = "library",
        *,
        embedding_model: str = PACKAGED,
        promise: float = 0.1,
        models: Sequence[str] = (EXTRACTIVE,),
        model_url: str | None = None,
    ) -> "Assistant":
        """The assistant over the library in this folder, made where it is missing; a context manager that closes it.

        `models` are `extractive`, `provider:name` or `gguf:PATH`, the first by default; `model_url` is the base address
        of an OpenAI-compatible server.

        Raises:
            InvalidInput: one of the models cannot be used.
            LibraryBusy: another process has it open: ask that one over HTTP.
            LibraryMismatch: it was made with another embedding model.
        """
        writers = load_writers(models, model_url)
        store = open_store(Path(library), embedding_model)
        names = [public_name(model) for model in models]
        return cls(store, promise=promise, models=names, author=Author(store, writers) if writers else None)

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

    def search(self, query: str, k: int = 10, article_ids: Collection[str] | None = None) -> list[Passage]:
        """The `k` passages nearest to `query`, best first; one of the first few leads where it answers it."""
        passages = self.store.search(query, k, article_ids)
        read = self._reader.read(query, passages[:PASSAGES])
        if read.confidence < LEADS:
            return passages
        answer = read.candidates[0]
        lead = next(passage for passage in passages if _holds(passage, answer))
        rest = [passage for passage in passages if passage is not lead]
        return [replace(lead, score=passages[0].score), *rest]

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
            request = about_articles(searched_for or question)
            alone = searched_for or question
            if not searched_for and (request is None or request.task == "topic"):
                alone = self._alone(question, history, model or self.models[0])
                request = about_articles(alone)  # "tell me about it", now that it is told what "it" is
            with watch.stage("search"):
                told_of = request and self._about(request, article_ids, history)
                asked = () if told_of else each_alone(parts(alone))
                found = {part: retrieve(self.store, part, article_ids) for part in asked}
            yield Found(tuple(passage for passages in found.values() for passage in passages))
            with watch.stage("answer"):
                name = model or self.models[0]
                readings = {part: self._reader.read(part, passages) for part, passages in found.items()}
                if told_of:
                    read_as, told = told_of
                    alone = searched_for or read_as
                elif self._author and name != EXTRACTIVE and self._worth_asking(readings):
                    told = yield from self._written(self._author, name, Asked(alone, found, readings, history))
                else:
                    told = self._told(readings)
                    typed = as_topic(alone) if "refusal" in told else None
                    if typed and (of_topic := self._about(typed, article_ids, history)):
                        told = of_topic[1]
                told["citations"] = tuple(_with_copies(each, found.values()) for each in told.get("citations", ()))
        shown = told.pop("shown", 0)
        facts = {"id": f"ans_{secrets.token_hex(12)}", "model": name, "timings_ms": watch.timings} | told
        answer = Answer(question=question, searched_for=alone, **facts)
        yield from islice(events_of(answer), shown, None)
        yield answer

    def _about(
        self, request: Request, article_ids: Collection[str] | None, history: Sequence[Turn]
    ) -> tuple[str, dict[str, Any]] | None:
        return told_about(request, self.store, article_ids, _last_answer(history)) if self.store.count() else None

    def _alone(self, question: str, history: Sequence[Turn], name: str) -> str:
        """The question as it stands alone: by rules, and where they find nothing to put in, by the model, gated."""
        told = [(turn.role, turn.content) for turn in history]
        ruled = stand_alone(question, told)
        return self._author.alone(name, ruled, told) if self._author and ruled == question else ruled

    def _worth_asking(self, readings: Mapping[str, Reading]) -> bool:
        """Whether there is anything for a model to write about: it is not asked over nothing."""
        best = max(reading.confidence for reading in readings.values())
        return best >= NO_EVIDENCE * self._least_confidence and any(each.candidates for each in readings.values())

    def _written(self, author: Author, name: str, asked: Asked) -> Generator[Event, None, dict[str, Any]]:
        """What the model wrote and the articles carry, shown as it comes; where nothing is, what would be quoted."""
        told = yield from author.told(name, asked, self._least_confidence)
        if isinstance(told, dict):
            found = [each.candidates for each in asked.readings.values() if each.candidates]
            pairs = ((candidates[0], other_account(candidates)) for candidates in found)
            differing = [differ((one, other), told["citations"]) for one, other in pairs if other]
            return told | {"text": marked(told["sentences"]), "notices": (*told["notices"], *differing)}
        if told.declined:
            return _refusal("not_in_articles", NOT_IN_ARTICLES, asked.readings)
        quoted = self._told(asked.readings)
        notice = Notice("fallback", f"{told.trouble or f'The model {name} wrote nothing'}, so the articles are quoted.")
        if told.left_out:
            notice = Notice("left_out", "What the model wrote is left out, for the articles do not carry it.")
            if "refusal" in quoted:
                quoted = _refusal("unsupported", UNSUPPORTED, asked.readings)
        return quoted | {"model": EXTRACTIVE, "notices": (*quoted.get("notices", ()), notice)}

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
        "notices": tuple(differ(pair, citations) for pair in differing),
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


def _holds(passage: Passage, candidate: Candidate) -> bool:
    inside = passage.span.start <= candidate.span.start < passage.span.end
    return inside and passage.article.id == candidate.article.id
