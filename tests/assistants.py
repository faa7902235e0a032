"""A small real assistant: a real store and pipeline, and the sentence with most words of the question as the answer."""

import re
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from assistant.answer import Answer, Citation, Event, Found, Refusal, Sentence, events_of, marked
from assistant.keeping.conversations import Conversations
from ingest.document import Document
from ingest.pipeline import Pipeline
from tests.conftest import BagOfWords
from vectorstore import InvalidInput, Passage, Span, Store

SENTENCE = re.compile(r"[^.!?\s][^.!?]*[.!?]")
BRIDGE = 'The Vale bridge opened on 3 May. "It took nine years," Mayor Ida Holm said. Tolls begin in June.'
MOON = "The probe landed on Friday. It carried four cameras 📷 and a drill.\n\nIts battery lasts two weeks."

Small = TypeVar("Small", bound="SmallAssistant")


class SmallAssistant:
    """What the doors need of `assistant.engine.Assistant`, in thirty lines."""

    models = ("extractive",)

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder, BagOfWords())
        self.pipeline = Pipeline(self.store)
        self.conversations = Conversations(self.store.database)
        self.asked: list[dict[str, object]] = []

    def ask(self, question: str, **options: Any) -> Answer:
        *_, answer = self.stream(question, **options)
        assert isinstance(answer, Answer)
        return answer

    def search(self, query: str, k: int = 10, article_ids: Collection[str] | None = None) -> list[Passage]:
        return self.store.search(query, k, article_ids)

    def stream(
        self,
        question: str,
        *,
        article_ids: Collection[str] | None = None,
        history: Sequence[object] = (),
        searched_for: str | None = None,
        model: str | None = None,
    ) -> Iterator[Event]:
        if model not in (None, *self.models):
            raise InvalidInput(f"There is no model {model!r} here: choose one of extractive.", param="model")
        self.asked.append({"question": question, "article_ids": article_ids, "history": list(history)})
        searched = searched_for or question
        if question == "Please break.":
            raise RuntimeError("a bug")
        passages = self.store.search(searched, 3, article_ids)
        yield Found(tuple(passages))
        if question == "Please take a second.":
            time.sleep(1)
        if question == "Please break halfway.":
            raise RuntimeError("a bug")
        answer = self._answer(question, searched, passages)
        yield from events_of(answer)
        yield answer

    def _answer(self, question: str, searched: str, passages: Sequence[Passage]) -> Answer:
        words = set(re.findall(r"\w+", searched.lower()))
        found = []
        for passage in passages:
            for match in SENTENCE.finditer(passage.text):
                span = Span(passage.span.start + match.start(), passage.span.start + match.end())
                index = passage.article.paragraph_at(span.start)
                common = len(words & set(re.findall(r"\w+", match[0].lower())))
                found.append((common, Citation(len(found) + 1, passage.article, index, span)))
        common, best = max(found, key=lambda pair: pair[0], default=(0, None))
        facts = {"id": f"ans_{len(self.asked)}", "question": question, "searched_for": searched, "model": "extractive"}
        if best is None or common < 2:
            reason = "not_in_articles" if found else "no_articles"
            closest = tuple(citation for _, citation in found)
            return Answer(text="The articles do not say.", confidence=0.1, refusal=Refusal(reason, closest), **facts)
        citation = Citation(1, best.article, best.paragraph_index, best.span)
        sentences = (Sentence(citation.cited_text, (1,), "quoted"),)
        return Answer(text=marked(sentences), confidence=0.9, sentences=sentences, citations=(citation,), **facts)


def with_articles(folder: Path) -> SmallAssistant:
    return filled(SmallAssistant(folder))


def filled(assistant: Small) -> Small:
    assistant.pipeline.add(Document("Bridge opens", BRIDGE, source="bridge.txt", published="2024-05-03"), "bridge")
    assistant.pipeline.add(Document("Moon landing", MOON, tags=("space",)), "moon")
    return assistant


def facts(body: dict[str, Any]) -> dict[str, Any]:
    """What two answers to the same question have in common: all but their ids and how long they took."""
    return {name: value for name, value in body.items() if name not in ("id", "timings_ms")}
