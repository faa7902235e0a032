"""Chat completions as OpenAI's clients ask for them: the same answers, with their citations as annotations.

The whole answer stands beside the completion in `footnote`; on the last chunk of a stream. Knows nothing of how an
answer is found: it reads a request into the one that `POST /v1/ask` takes, and dresses what comes back.
"""

import json
import secrets
import time
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from sse_starlette import ServerSentEvent
from starlette.responses import JSONResponse, Response

from assistant.answer import Answer, Citation, Event, Sentence, Shown
from assistant.asking import events
from assistant.doors import docs, openai_bodies
from assistant.doors.bodies import JsonBody, checked, parsed, readable
from assistant.doors.endpoints import ERRORS, Ready
from assistant.doors.events import finished, streamed
from assistant.doors.openai_bodies import ChatRequest
from assistant.doors.problems import Problem
from assistant.doors.requests import AskRequest
from assistant.engine import Assistant
from vectorstore import Store

SINCE = 1_700_000_000  # OpenAI's `created` of a model; ours have no birthday
DONE = ServerSentEvent("[DONE]")
EVENTS = docs.events(
    *(docs.event("Chunk"), docs.event("Error")),
    {"type": "object", "properties": {"data": {"const": DONE.data}}, "required": ["data"]},
)

router = APIRouter(prefix="/v1", dependencies=[Depends(readable)], responses=ERRORS)


@router.get("/models", responses={200: {"model": openai_bodies.Models}})
def list_models(assistant: Ready) -> Response:
    """Who can answer, the first by default."""
    return JSONResponse({"object": "list", "data": [_model(name) for name in assistant.models]})


@router.get("/models/{model:path}", responses={200: {"model": openai_bodies.Model}})
def read_model(model: str, assistant: Ready) -> Response:
    """One of those who can answer."""
    _check_model(assistant, model)
    return JSONResponse(_model(model))


@router.post(
    "/chat/completions",
    response_model=None,
    responses={200: {"model": openai_bodies.Completion, "content": EVENTS}},
    openapi_extra=docs.body({"application/json": "ChatRequest"}),
)
async def complete_chat(raw: JsonBody, request: Request, assistant: Ready) -> Response:
    """OpenAI-compatible: the last message is the question, those before it the conversation.

    Citations are `url_citation` annotations of the sentences; `footnote` is the body of `POST /v1/ask`.
    """
    wanted = parsed(ChatRequest, raw)
    if wanted.model is not None:
        _check_model(assistant, wanted.model)
    asked = checked(AskRequest, wanted.asked())
    dress = Completion(wanted.model or assistant.models[0], _base_url(request))
    if wanted.stream:
        usage = bool(wanted.stream_options and wanted.stream_options.include_usage)
        chunks = Chunks(dress, assistant.store if usage else None)
        return await streamed(events(assistant, asked, request.state.owner), chunks.of, _failed)
    answer = await finished(request, events(assistant, asked, request.state.owner))
    assert isinstance(answer, Answer)  # noqa: S101 - what every stream ends with
    return JSONResponse(dress.whole(answer, assistant.store))


def _base_url(request: Request) -> str:
    """Where the client has reached us, as its links need it."""
    # Anybody can say so, but only of a request of their own, and gets links that do not work.
    if request.headers.get("x-forwarded-proto") == "https":
        return str(request.base_url.replace(scheme="https"))
    return str(request.base_url)


class Completion:
    """What all chunks of one completion share, and the completion as a whole."""

    def __init__(self, model: str, base_url: str) -> None:
        self._head = {"id": f"chatcmpl-{secrets.token_hex(12)}", "created": int(time.time()), "model": model}
        self._base_url = base_url

    def whole(self, answer: Answer, store: Store) -> dict[str, Any]:
        message = {
            "role": "assistant",
            "content": answer.text,
            "refusal": None,
            "annotations": self.annotations(answer.sentences, answer.citations),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        rest = {"choices": [choice], "usage": _usage(answer, store), "footnote": answer.to_json()}
        return {**self._head, "object": "chat.completion", **rest}

    def chunk(self, delta: dict[str, Any] | None, **rest: Any) -> dict[str, Any]:
        """A part of a stream; without a delta one that has no choices."""
        finish = rest.pop("finish_reason", None)
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        choices = [choice] if delta is not None else []
        return {**self._head, "object": "chat.completion.chunk", "choices": choices, **rest}

    def annotations(
        self, sentences: Iterable[Sentence], citations: Iterable[Citation], at: int = 0
    ) -> list[dict[str, Any]]:
        """One for each citation of each sentence, which stand in `content` from `at` on."""
        numbered = {citation.number: citation for citation in citations}
        found = []
        for sentence in sentences:
            for number in sentence.citations:
                where = {"start_index": at, "end_index": at + len(sentence.text)}
                what = {"title": numbered[number].article.title, "url": self._url(numbered[number])}
                found.append({"type": "url_citation", "url_citation": where | what})
            at += len(sentence.marked) + 1
        return found

    def _url(self, citation: Citation) -> str:
        """Where the article came from; where that is no address, where it can be read here, in the cited version."""
        article = citation.article
        if article.source and article.source.startswith(("https://", "http://")):
            return article.source
        return f"{self._base_url}v1/articles/{quote(article.id, safe='')}?version={quote(article.version, safe='')}"


class Chunks:
    """Turns the events of one answer into the chunks of one stream."""

    def __init__(self, completion: Completion, usage_of: Store | None) -> None:
        """`usage_of`: where word pieces are counted, if the client wants the usage."""
        self._completion = completion
        self._usage_of = usage_of
        self._sent = ""
        self._citations: list[Citation] = []

    def of(self, step: Event) -> Iterator[ServerSentEvent]:
        match step:
            case Shown():
                yield self._message(self._completion.chunk(self._sentence(step)))
            case Answer():
                yield from map(self._message, self._end(step))
                yield DONE
            case _:
                yield self._message(self._completion.chunk({"role": "assistant", "content": ""}))

    def _sentence(self, shown: Shown) -> dict[str, Any]:
        self._citations.extend(shown.new_citations)
        text = (" " if self._sent else "") + shown.sentence.marked
        at = len(self._sent) + (1 if self._sent else 0)
        self._sent += text
        return {"content": text, "annotations": self._completion.annotations([shown.sentence], self._citations, at)}

    def _end(self, answer: Answer) -> Iterator[dict[str, Any]]:
        rest = answer.text.removeprefix(self._sent)
        delta = {"content": rest} if rest else {}
        whole = {"footnote": answer.to_json()}
        if self._usage_of is None:
            yield self._completion.chunk(delta, finish_reason="stop", **whole)
        else:
            yield self._completion.chunk(delta, finish_reason="stop")
            yield self._completion.chunk(None, usage=_usage(answer, self._usage_of), **whole)

    def _message(self, chunk: dict[str, Any]) -> ServerSentEvent:
        return ServerSentEvent(json.dumps(chunk, ensure_ascii=False, separators=(",", ":")))


def _failed(problem: Problem) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(problem.to_json(), ensure_ascii=False))


def _usage(answer: Answer, store: Store) -> dict[str, int]:
    asked, told = store.embedder.count([answer.question, answer.text])
    return {"prompt_tokens": asked, "completion_tokens": told, "total_tokens": asked + told}


def _check_model(assistant: Assistant, name: str) -> None:
    if name not in assistant.models:
        known = ", ".join(assistant.models)
        raise Problem(404, f"There is no model {name!r} here: choose one of {known}.", param="model")


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": SINCE, "owned_by": "footnote"}
