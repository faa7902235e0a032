"""The way of a question from a request to its events, the same for every door.

A door reads its own kind of request into an `AskRequest` and shows the events in its own way; between the two there
is this path alone, so that the same question gets the same citations everywhere. Knows nothing of HTTP.
"""

from collections.abc import Generator, Iterator

from assistant import requests
from assistant.answer import Answer, Event
from assistant.engine import Assistant, Turn
from vectorstore import Store


def events(assistant: Assistant, request: requests.AskRequest) -> Generator[Event, None, None]:
    """What was found, each checked sentence, the whole answer. Closing it stops the work.

    Raises:
        InvalidInput: no such model; at the first event.
    """
    yield from assistant.stream(
        request.question,
        article_ids=_selected(assistant.store, request.filters) if request.filters else None,
        history=[Turn(turn.role, turn.content) for turn in request.history or ()],
        searched_for=request.searched_for,
        model=request.model,
    )


def answered(assistant: Assistant, request: requests.AskRequest) -> Answer:
    """The whole answer to a request.

    Raises:
        InvalidInput: no such model.
    """
    return last(events(assistant, request))


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
