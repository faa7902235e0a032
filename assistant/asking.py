"""The way of a question from a request to its events, the same for every door.

A door reads its own kind of request into an `AskRequest` and shows the events in its own way; between the two there
is this path alone, so that the same question gets the same citations everywhere and is kept alike. Knows nothing of
HTTP.
"""

from collections.abc import Generator, Iterator
from dataclasses import replace

from assistant import metrics
from assistant.answer import Answer, Event, Turn
from assistant.doors import requests
from assistant.engine import Assistant
from assistant.keeping.kept import Owner
from vectorstore import Store

NEW = "new"  # the conversation_id that begins one


@metrics.counted
def events(assistant: Assistant, request: requests.AskRequest, owner: Owner = "") -> Generator[Event, None, None]:
    """What was found, each checked sentence, the whole answer. Closing it stops the work.

    Where the request names a conversation of the owner's, or a new one, the answer is kept there before it is given.

    Raises:
        InvalidInput: no such model; at the first event.
        NotFound: no such conversation; at the first event.
    """
    for event in assistant.stream(
        request.question,
        article_ids=_selected(assistant.store, request.filters) if request.filters else None,
        history=_history(assistant, request, owner),
        searched_for=request.searched_for,
        model=request.model,
    ):
        yield _kept(assistant, request, owner, event) if isinstance(event, Answer) else event


def answered(assistant: Assistant, request: requests.AskRequest, owner: Owner = "") -> Answer:
    """The whole answer to a request.

    Raises:
        InvalidInput: no such model.
        NotFound: no such conversation.
    """
    return last(events(assistant, request, owner))


def _history(assistant: Assistant, request: requests.AskRequest, owner: Owner) -> list[Turn]:
    """The conversation so far: what the caller tells, or what is kept, with its questions as they stand alone."""
    if request.conversation_id in (None, NEW):
        return [Turn(turn.role, turn.content) for turn in request.history or ()]
    exchanges = assistant.conversations.exchanges(request.conversation_id, owner)
    return [turn for question, text in exchanges for turn in (Turn("user", question), Turn("assistant", text))]


def _kept(assistant: Assistant, request: requests.AskRequest, owner: Owner, answer: Answer) -> Answer:
    if request.conversation_id is None:
        return answer
    begun = None if request.conversation_id == NEW else request.conversation_id
    filters = request.filters.model_dump(exclude_none=True) if request.filters else None
    return assistant.conversations.keep(replace(answer, conversation_id=begun), owner, filters=filters)


def last(given: Iterator[Event]) -> Answer:
    """The answer that every stream of events ends with."""
    *_, answer = given
    assert isinstance(answer, Answer)  # noqa: S101 - what every stream ends with
    return answer


def _selected(store: Store, filters: requests.Filters) -> list[str] | None:
    """The ids that the filters let through; None where they ask for nothing."""
    named = filters.article_ids
    if not filters.tags and filters.published_from is None and filters.published_to is None:
        return named
    matching = store.selected(filters.tags or (), filters.published_from, filters.published_to)
    return matching if named is None else sorted(set(named) & set(matching))
