"""A visitor's conversation on the page: asking, sentence by sentence, and what is kept of it.

Knows the assistant and nothing of Gradio; what it returns is drawn elsewhere (`draw`).
"""

import logging
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from assistant import metrics
from assistant.answer import Answer, Event, Shown, Turn
from assistant.doors.bodies import checked
from assistant.doors.problems import BUG, Problem
from assistant.doors.requests import AskRequest
from assistant.keeping.conversations import MOST_REMEMBERED, Conversations
from assistant.keeping.kept import KeptAnswer
from assistant.page.draw.exchange import Body, Exchange, given
from assistant.page.stoppable import stoppable
from assistant.question.further import Further
from assistant.settings import EXTRACTIVE
from vectorstore import Article, FootnoteError, NotFound, Store

LOOKED_AT = 3  # articles that further questions are made from
log = logging.getLogger(__name__)


class Asks(Protocol):
    """What the page needs of the assistant."""

    store: Store
    conversations: Conversations
    models: tuple[str, ...]

    def stream(
        self,
        question: str,
        *,
        article_ids: Collection[str] | None = None,
        history: Sequence[Turn] = (),
        searched_for: str | None = None,
        model: str | None = None,
    ) -> Iterator[Event]: ...


class Talk:
    """Thread-safe; nothing of a visitor is kept here."""

    def __init__(self, assistant: Asks) -> None:
        self._assistant = assistant
        self._further = Further(self._alone)

    def ask(
        self, before: Sequence[Exchange], told: Mapping[str, Any], owner: str, stop: threading.Event
    ) -> Iterator[list[Exchange]]:
        """The conversation as it grows: with the question, with each sentence, with the whole answer, which is kept.

        `told` is what `POST /v1/ask` takes, and is refused alike. Setting `stop` ends it at once, with what has been
        shown by then.
        """
        earlier = list(before)
        question = _showable(str(told.get("question", "")))
        yield [*earlier, Exchange(question)]
        shown: list[Shown] = []
        try:
            asked = checked(AskRequest, told)
            for event in stoppable(self._events(earlier, asked), stop):
                match event:
                    case Shown():
                        shown.append(event)
                        yield [*earlier, Exchange(question, body=given(question, shown))]
                    case Answer():
                        kept = self._keep(earlier, event, asked, owner)
                        yield [*earlier, Exchange(question, "whole", kept.to_json())]
                        return
            yield [*earlier, Exchange(question, "stopped", given(question, shown) if shown else None)]
        except (FootnoteError, Problem) as error:
            yield [*earlier, _troubled(question, shown, str(error))]
        except Exception:  # the page's outermost edge: Gradio would leave it waiting for ever
            log.exception("A question asked on the page could not be answered.")
            yield [*earlier, _troubled(question, shown, BUG)]

    def _events(self, earlier: Sequence[Exchange], asked: AskRequest) -> Iterator[Event]:
        return metrics.counted(self._assistant.stream)(
            asked.question,
            article_ids=asked.filters.article_ids if asked.filters else None,
            history=_history(earlier),
            searched_for=asked.searched_for,
            model=asked.model,
        )

    def _keep(self, earlier: Sequence[Exchange], answer: Answer, asked: AskRequest, owner: str) -> Answer:
        """At the end of its conversation, or of a new one where that has been deleted meanwhile."""
        filters = asked.filters.model_dump(exclude_none=True) if asked.filters else None
        conversations = self._assistant.conversations
        try:
            return conversations.keep(replace(answer, conversation_id=conversation_of(earlier)), owner, filters=filters)
        except NotFound:
            return conversations.keep(answer, owner, filters=filters)

    def kept(self, conversation_id: str, owner: str) -> list[Exchange]:
        """A conversation as it was left; empty where there is none of this owner's."""
        return [_resumed(answer) for answer in self._assistant.conversations.answers(conversation_id, owner)]

    def holding(self, answer_id: str, owner: str) -> list[Exchange]:
        """The conversation that an answer stands in; empty where there is none of this owner's."""
        try:
            body = self._assistant.conversations.answer(answer_id, owner).body
        except NotFound:
            return []
        return self.kept(body["conversation_id"], owner)

    def further(self, exchanges: Sequence[Exchange]) -> tuple[str, ...]:
        """Questions that the articles of the last answer also answer; at the start, those of the newest articles.

        None where only chat models answer: nobody asked them these questions, and they may cost something.
        """
        if EXTRACTIVE not in self._assistant.models:
            return ()
        if not exchanges:
            newest = (self.article(item.id) for item in self._assistant.store.articles(limit=LOOKED_AT).items)
            return self._further.questions([article for article in newest if article], (), ())
        body = exchanges[-1].body
        if exchanges[-1].state != "whole" or body is None:
            return ()
        cited = dict.fromkeys(citation["article_id"] for citation in body["citations"])
        articles = [article for article in map(self.article, list(cited)[:LOOKED_AT]) if article]
        shown = [citation["cited_text"] for each in exchanges for citation in each.citations]
        asked = [text for each in exchanges for text in (each.question, (each.body or {}).get("searched_for", ""))]
        return self._further.questions(articles, shown, asked)

    def _alone(self, question: str) -> Answer:
        """The quotation that answers a question that stands alone."""
        *_, answer = self._assistant.stream(question, model=EXTRACTIVE)
        assert isinstance(answer, Answer)  # noqa: S101 - what every stream ends with
        return answer

    def article(self, article_id: str, version: str | None = None) -> Article | None:
        """The version named, or the current one; None where it is not in the library any more."""
        try:
            return self._assistant.store.article(article_id, version)
        except NotFound:
            return None


def conversation_of(exchanges: Sequence[Exchange]) -> str | None:
    """The id under which a conversation is kept; None before its first answer."""
    return next(
        (each.body["conversation_id"] for each in reversed(exchanges) if each.state == "whole" and each.body), None
    )


def _resumed(kept: KeptAnswer) -> Exchange:
    body, feedback = kept.body, kept.feedback
    thumb, reason = (feedback.thumb, feedback.reason) if feedback else (None, None)
    return Exchange(body["question"], "whole", body, thumb=thumb, reason=reason)


def _showable(question: str) -> str:
    """The question as it can be sent back, also one with half of a surrogate pair, which is refused."""
    return question.encode(errors="replace").decode()


def _troubled(question: str, shown: Sequence[Shown], sentence: str) -> Exchange:
    body: Body | None = given(question, shown) if shown else None
    return Exchange(question, "trouble", body, sentence)


def _history(exchanges: Sequence[Exchange]) -> list[Turn]:
    """The answers that are kept, as many of them as every door reads a follow-up with."""
    bodies = [exchange.body for exchange in exchanges if exchange.body and exchange.state == "whole"]
    return [
        turn
        for body in bodies[-MOST_REMEMBERED:]
        for turn in (Turn("user", body["searched_for"]), Turn("assistant", body["answer"]))
    ]
