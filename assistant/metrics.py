"""What is counted and timed, for Prometheus: the one module that knows its client.

Others say what happened by calling a function here; `text` gives what `/metrics` answers. No text of a question, an
article or an address is ever a label. Knows nothing of how anything is done.
"""

from collections.abc import Callable, Generator, Iterator
from functools import wraps
from typing import ParamSpec

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from assistant.answer import Answer, Event

MEDIA_TYPE = CONTENT_TYPE_LATEST
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)  # memory, processor time, open files
Arguments = ParamSpec("Arguments")
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)  # a quoted answer is near .05, a model's 5

_requests = Counter(
    "footnote_requests", "Requests answered, by route.", ["method", "route", "status"], registry=REGISTRY
)
_request_seconds = Histogram(
    "footnote_request_seconds", "From a request's first byte to its answer's last.", ["route"],
    buckets=SECONDS, registry=REGISTRY,
)  # fmt: skip
_answers = Counter("footnote_answers", "Questions answered or refused.", ["model", "outcome"], registry=REGISTRY)
_stages = Histogram(
    "footnote_stage_seconds", "How long each stage of an answer took.", ["stage"], buckets=SECONDS, registry=REGISTRY
)
_notices = Counter(
    "footnote_notices", "What answers were given with: left_out, partial, disagreement ...", ["type"], registry=REGISTRY
)
_abandoned = Counter("footnote_abandoned", "Answers whose client left before their end.", registry=REGISTRY)
_markers = Counter("footnote_invalid_markers", "Citation numbers a model wrote that nothing has.", registry=REGISTRY)
_left_out = Counter("footnote_left_out_sentences", "Sentences of a model that did not hold.", registry=REGISTRY)
_tokens = Counter("footnote_model_tokens", "Tokens a chat model read and wrote.", ["model", "kind"], registry=REGISTRY)
_failures = Counter("footnote_model_failures", "Calls that a chat model did not answer.", ["model"], registry=REGISTRY)
_articles = Gauge("footnote_library_articles", "Articles in the library.", registry=REGISTRY)
_chunks = Gauge("footnote_library_chunks", "Passages that its articles are searched by.", registry=REGISTRY)
_asking = Gauge("footnote_questions", "Questions that are being answered, or wait.", ["state"], registry=REGISTRY)


def request_answered(method: str, route: str, status: int, seconds: float) -> None:
    _requests.labels(method, route, str(status)).inc()
    _request_seconds.labels(route).observe(seconds)


def counted(give: Callable[Arguments, Iterator[Event]]) -> Callable[Arguments, Generator[Event, None, None]]:
    """Makes a generator of an answer's events count the answer, or that nobody waited for it."""

    @wraps(give)
    def counting(*args: Arguments.args, **options: Arguments.kwargs) -> Generator[Event, None, None]:
        try:
            for event in give(*args, **options):
                if isinstance(event, Answer):
                    answer_given(event)
                yield event
        except GeneratorExit:
            _abandoned.inc()
            raise

    return counting


def answer_given(answer: Answer) -> None:
    _answers.labels(answer.model, answer.refusal.reason if answer.refusal else "answered").inc()
    for stage, milliseconds in answer.timings_ms.items():
        _stages.labels(stage).observe(milliseconds / 1000)
    for notice in answer.notices:
        _notices.labels(notice.type).inc()


def model_checked(*, left_out: int, invalid_markers: int) -> None:
    """What became of a text that a model wrote: sentences that did not hold, numbers that nothing has."""
    _left_out.inc(left_out)
    _markers.inc(invalid_markers)


def model_used(model: str, tokens_read: int, tokens_written: int) -> None:
    """Tokens as the model's provider counts them."""
    _tokens.labels(model, "read").inc(tokens_read)
    _tokens.labels(model, "written").inc(tokens_written)


def model_failed(model: str) -> None:
    _failures.labels(model).inc()


def follow_queue(answered: Callable[[], int], waiting: Callable[[], int]) -> None:
    """Reads how many questions are being answered and how many wait whenever somebody looks."""
    _asking.labels("answered").set_function(answered)
    _asking.labels("waiting").set_function(waiting)


def text(articles: int, chunks: int) -> bytes:
    """All of it in Prometheus's text format; so many `articles` and `chunks` are in the library."""
    _articles.set(articles)
    _chunks.set(chunks)
    return generate_latest(REGISTRY)
