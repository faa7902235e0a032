"""Asks an assistant a set's questions and keeps what came back. Knows the assistant; knows no figures."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Answer, Turn
from assistant.engine import Assistant
from ingest.document import Document
from tests.evaluation.scoring import LONGEST_PASSAGE, carries, exact, f1, holds, normalised, within
from tests.evaluation.sets import EvaluationSet, Question

PASSAGES = 10  # of a search: how far down the gold sentence is looked for


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what came back, with the gold article in the library, and without it where `without`.

    The assistant was made to show everything; below `threshold` it would have refused.
    """

    question: Question
    answer: Answer
    without: Answer | None
    place: int | None  # of the first passage found that holds the gold sentence, from 1; None beyond `PASSAGES`
    milliseconds: float
    threshold: float

    @property
    def shown(self) -> bool:
        return self._passes(self.answer)

    @property
    def shown_without(self) -> bool:
        return self.without is not None and self._passes(self.without)

    def _passes(self, answer: Answer) -> bool:
        return answer.refusal is None and answer.confidence >= self.threshold

    @property
    def best_right(self) -> bool:
        """The first citation carries the gold sentence, be it shown or not."""
        return bool(self.answer.citations) and self._carried(0)

    @property
    def right(self) -> bool:
        return self.shown and self.best_right

    @property
    def any_right(self) -> bool:
        return any(self._carried(number) for number in range(len(self.answer.citations)))

    @property
    def cited(self) -> bool:
        return self.shown and self.any_right

    def _carried(self, number: int) -> bool:
        citation, asked = self.answer.citations[number], self.question
        return citation.article.id == asked.article_id and any(
            carries(citation.cited_text, sentence, asked.answers) for sentence in asked.wanted
        )

    @property
    def short(self) -> str:
        return self.answer.short_answer.text if self.answer.short_answer else ""

    @property
    def exact(self) -> bool:
        """The exact words are a gold answer's, be they shown or not."""
        return exact(self.short, self.question.answers)

    @property
    def f1(self) -> float:
        return f1(self.short, self.question.answers)

    @property
    def inside(self) -> bool:
        """The sentences shown hold the gold words."""
        spoken = " ".join(sentence.text for sentence in self.answer.sentences)
        return self.shown and any(within(answer, spoken) for answer in self.question.answers)

    @property
    def kind(self) -> str:
        """What went wrong, in a word or two; "" where nothing did."""
        if not self.question.answerable:
            return "answered, unanswerable" if self.shown else ""
        if self.question.wanted and self.place is None:
            return "passage not found"
        if self.question.wanted and not self.best_right:
            return "second sentence" if self.any_right else "wrong sentence"
        if not self.shown:
            return "right, but refused"
        return "" if self.exact else ("words cut differently" if self.f1 else "wrong words")


def fill(assistant: Assistant, sets: Sequence[EvaluationSet]) -> None:
    """Puts the sets' articles into the assistant's library."""
    rows = [row for each in sets for row in each.articles]
    documents = ((row["id"], Document(row.get("title") or row["id"], row["text"])) for row in rows)
    for _ in assistant.pipeline.add_all(documents):
        pass


def ask_all(assistant: Assistant, given: EvaluationSet, threshold: float, removed: bool) -> Iterator[Asked]:
    """Each question, and where `removed` each answerable one again with its article left out.

    `assistant` is one that promises nothing, and so shows everything.
    """
    ids = [row["id"] for row in given.articles]
    for question in given.questions:
        begin = time.perf_counter()
        answer = assistant.ask(question.text)
        took = (time.perf_counter() - begin) * 1000
        without = None
        if removed and question.answerable:
            rest = [each for each in ids if each != question.article_id]
            without = assistant.ask(question.text, article_ids=rest)
        place = _place(assistant, question) if question.wanted else None
        yield Asked(question, answer, without, place, took, threshold)


def _place(assistant: Assistant, question: Question) -> int | None:
    for place, passage in enumerate(assistant.store.search(question.text, PASSAGES), 1):
        fits = passage.article.id == question.article_id and len(passage.text) <= LONGEST_PASSAGE
        if fits and any(holds(passage.text, sentence) for sentence in question.wanted):
            return place
    return None


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """One turn of a conversation, and the stand-alone question that was made of it."""

    question: str
    searched_for: str
    rewrite: str | None  # a person's
    found: bool | None  # a gold passage's article among the first five for the stand-alone question; None: no gold
    found_bare: bool | None

    @property
    def added(self) -> set[str]:
        """The words that the person put in."""
        return _words(self.rewrite or self.question) - _words(self.question)

    @property
    def stands_alone(self) -> bool:
        return self.rewrite is not None and _words(self.rewrite) == _words(self.question)

    @property
    def recovered(self) -> set[str]:
        return self.added & _words(self.searched_for)


def follow_all(assistant: Assistant, given: EvaluationSet) -> Iterator[FollowedUp]:
    known = {row["id"] for row in given.articles}
    for row in given.turns:
        history = [_turn(place, message) for place, message in enumerate(row["history"])]
        searched_for = assistant.ask(row["question"], history=history).searched_for
        gold = set(row.get("context_ids") or ()) & known if row.get("answerable") else set()
        found, bare = (
            any(passage.article.id in gold for passage in assistant.store.search(query, 5)) if gold else None
            for query in (searched_for, row["question"])
        )
        yield FollowedUp(row["question"], searched_for, row.get("rewrite"), found, bare)


def _turn(place: int, message: dict[str, str] | str) -> Turn:
    if isinstance(message, str):
        return Turn("assistant" if place % 2 else "user", message)
    return Turn("user" if message["speaker"] == "user" else "assistant", message["text"])


def _words(text: str) -> set[str]:
    return set(normalised(text).split())
