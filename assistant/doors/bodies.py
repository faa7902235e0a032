"""Reading what a request sends, strictly: media types, JSON, uploads, and text that can be stored and sent back.

Every refusal is a `Problem` with the contract's status. Knows nothing of what is done with what was read.
"""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Annotated, Any, NoReturn, TypeVar
from urllib.parse import unquote_to_bytes

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from assistant.doors.problems import Problem
from assistant.doors.requests import sentence_of

Model = TypeVar("Model", bound=BaseModel)
JSON = "application/json"
MULTIPART = "multipart/form-data"
EVENT_STREAM = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file; `name` is its last part only, whatever path the client sent."""

    name: str
    media_type: str | None
    file: IO[bytes]


async def readable(request: Request) -> None:
    """Refuses a path or query whose text is not UTF-8 or holds NUL: neither can be stored and sent back."""
    for part, where in ((request.scope.get("raw_path", b""), None), (request.scope["query_string"], "query")):
        try:
            text = unquote_to_bytes(part).decode()
        except UnicodeDecodeError:
            raise Problem(422, "The address is not UTF-8 text: encode it as UTF-8.", param=where) from None
        if "\0" in text:
            raise Problem(422, "The address holds a NUL character: take it out.", param=where)


async def json_body(request: Request) -> bytes:
    _expect(request, JSON)
    return await request.body()


async def article_body(request: Request) -> AsyncIterator[bytes | list[Upload]]:
    """JSON as bytes, or the files of a form, open until the request is answered."""
    if _media_type(request) == JSON:
        yield await request.body()
        return
    _expect(request, JSON, MULTIPART)
    async with request.form() as form:
        yield _uploads(form)


JsonBody = Annotated[bytes, Depends(json_body)]
ArticleBody = Annotated[bytes | list[Upload], Depends(article_body)]


def parsed(model: type[Model], raw: bytes) -> Model:
    """The body as `model`.

    Raises:
        Problem: 400 where it is not JSON, 422 where it is not what the model asks for.
    """
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_unrepeated, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"The body is not JSON: {_reason(error)}.") from None
    return checked(model, value)


def checked(model: type[Model], value: object) -> Model:
    """What was decoded as `model`; a Problem with status 422 where it is not what the model asks for."""
    _check_text(value, "")
    try:
        return model.model_validate(value)
    except ValidationError as error:
        message, param = sentence_of(error.errors()[0])
        raise Problem(422, message, param=param) from None


def wants_events(accept: str) -> bool:
    """Whether an Accept header asks for server-sent events, and not for JSON at least as much."""
    weights = dict(map(_weighed, accept.lower().split(",")))
    return weights.get(EVENT_STREAM, 0) > weights.get(JSON, 0)


def _weighed(accepted: str) -> tuple[str, float]:
    """`text/html;q=0.5` as ("text/html", 0.5); a weight that is no number counts as none given."""
    kind, *parameters = (part.strip() for part in accepted.split(";"))
    given = next((part[2:] for part in parameters if part.startswith("q=")), "1")
    return kind, float(given) if re.fullmatch(r"[01](\.\d{0,3})?", given) else 1.0


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _expect(request: Request, *kinds: str) -> None:
    if _media_type(request) not in kinds:
        raise Problem(415, f"The body must be sent as {' or '.join(kinds)}: set Content-Type.")


def _uploads(form: FormData) -> list[Upload]:
    uploads = []
    for field, value in form.multi_items():
        _check_text(field, "the form")
        if not isinstance(value, UploadFile):
            raise Problem(422, f"`{field}` is not a file: a form may hold files only, JSON may tell more.", param=field)
        name = PurePosixPath((value.filename or "").replace("\\", "/")).name or "upload"
        _check_text(name, field)
        uploads.append(Upload(name, value.content_type, value.file))
    if not uploads:
        raise Problem(422, "The form holds no file: send one or several.", param="files")
    return uploads


def _check_text(value: Any, where: str) -> None:
    """Refuses NUL and lone surrogates in any string or key of `value`; loops, for JSON may be deeply nested."""
    waiting = [(value, where)]
    while waiting:
        value, where = waiting.pop()
        if isinstance(value, str):
            _check_string(value, where)
        elif isinstance(value, list):
            waiting.extend((item, f"{where}.{number}".lstrip(".")) for number, item in enumerate(value))
        elif isinstance(value, dict):
            for key in value:
                _check_string(key, where)
            waiting.extend((item, f"{where}.{key}".lstrip(".")) for key, item in value.items())


def _check_string(value: str, where: str) -> None:
    param = where or None
    if "\0" in value:
        raise Problem(422, f"`{where or 'body'}` holds a NUL character: take it out.", param=param)
    try:
        value.encode()
    except UnicodeEncodeError:
        message = f"`{where or 'body'}` holds half of a surrogate pair: send whole characters."
        raise Problem(422, message, param=param) from None


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _reason(error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return "it is not UTF-8 text"
        case json.JSONDecodeError():
            return f"{error.msg.lower()} at character {error.pos}"
        case RecursionError():
            return "it is nested too deeply"
        case _:
            return str(error)
