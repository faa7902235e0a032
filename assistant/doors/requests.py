"""What the bodies of requests may hold: strict types, no unknown fields, each refusal a sentence naming the field.

Knows nothing of HTTP, nor of what is answered (`responses.py`).
"""

from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any, Literal, NoReturn, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic.json_schema import models_json_schema
from pydantic_core import ErrorDetails, PydanticCustomError

QUESTION_LENGTH = 2000
TITLE_LENGTH = 200
MOST_CITATIONS = 1000  # checked at once
ID_PATTERN = r"^[A-Za-z0-9._:~-]{1,128}$"


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


def refuse(message: str, param: str | None = None) -> NoReturn:
    raise PydanticCustomError("footnote", "{message}", {"message": message, "param": param})


def not_blank(value: str | None) -> str | None:
    if value is not None and not value.strip():
        refuse("It is blank: write at least one word.")
    return value


class Turn(Request):
    role: Literal["user", "assistant"]
    content: str


def _day(value: str | None) -> str | None:
    try:
        return datetime.fromisoformat(value).date().isoformat() if value is not None else None
    except ValueError:
        refuse("Write the date as in 2024-05-03.")


class Filters(Request):
    """Which articles to ask: those that every filter given lets through."""

    article_ids: list[str] | None = Field(default=None, description="These articles only.")
    tags: list[str] | None = Field(default=None, description="Articles with any of these tags.")
    published_from: str | None = Field(default=None, description="ISO 8601; published on this day or later.")
    published_to: str | None = Field(default=None, description="ISO 8601; published on this day or earlier.")

    _days = field_validator("published_from", "published_to")(_day)


class AskRequest(Request):
    """A question, with what it follows on and which articles to ask."""

    question: Annotated[str, Field(min_length=1, max_length=QUESTION_LENGTH)]
    filters: Filters | None = None
    model: str | None = Field(default=None, description="One of the configured models; the first where absent.")
    history: list[Turn] | None = Field(default=None, description="For callers that keep the conversation themselves.")
    conversation_id: str | None = Field(
        default=None, description="`new`, or one returned before: the server keeps the conversation. Absent: nothing."
    )
    searched_for: Annotated[str, Field(min_length=1, max_length=QUESTION_LENGTH)] | None = Field(
        default=None, description="A stand-alone question to use as it is."
    )

    _blank = field_validator("question", "searched_for")(not_blank)

    @model_validator(mode="after")
    def _one_conversation(self) -> Self:
        if self.conversation_id is not None and self.history is not None:
            refuse("Send `history` or `conversation_id`, not both.", "conversation_id")
        return self


class SearchRequest(Request):
    """What to look for."""

    q: Annotated[str, Field(min_length=1, max_length=QUESTION_LENGTH)]
    k: Annotated[int, Field(ge=1, le=50)] = 10
    article_ids: list[str] | None = Field(default=None, description="In these articles only.")

    _blank = field_validator("q")(not_blank)


class ListRequest(Request):
    """Which page of the list."""

    query: Annotated[str, Field(max_length=TITLE_LENGTH)] | None = Field(
        default=None, description="Words of titles or sources."
    )
    tag: str | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    cursor: str | None = Field(default=None, description="The `next_cursor` of the page before.")


class ReadRequest(Request):
    """Which article."""

    id: str
    version: str | None = Field(default=None, description="A superseded one; the current one where absent.")


class RenameRequest(Request):
    """A conversation's new title."""

    title: Annotated[str, Field(min_length=1, max_length=TITLE_LENGTH)]

    _blank = field_validator("title")(not_blank)


class FeedbackRequest(Request):
    """What a reader thinks of an answer."""

    thumb: Literal["up", "down"]
    reason: Annotated[str, Field(max_length=QUESTION_LENGTH)] | None = None


class CitedWords(Request):
    """A citation as answers give it; what else it holds is not looked at."""

    model_config = ConfigDict(extra="ignore")

    number: int | None = None
    article_id: str
    article_version: str | None = Field(default=None, description="Where absent the words are looked for anywhere.")
    start_char_index: Annotated[int, Field(ge=0)]
    end_char_index: Annotated[int, Field(ge=1)]
    cited_text: Annotated[str, Field(min_length=1)]


def _or_bare(schema: dict[str, Any]) -> None:
    """Describes the list of citations beside the object that holds it."""
    named = {key: schema.pop(key) for key in ("title", "description")}
    held = schema.copy()
    bare = {key: held["properties"]["citations"][key] for key in ("type", "items", "maxItems")}
    schema.clear()
    schema.update(named, anyOf=[held, bare])


class CheckRequest(Request):
    """Citations to hold against the library as it is now; the bare list will do."""

    model_config = ConfigDict(json_schema_extra=_or_bare)

    citations: Annotated[list[CitedWords], Field(max_length=MOST_CITATIONS)]

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"citations": value} if isinstance(value, list) else value


class ArticleRequest(Request):
    """One article: exactly one of `text`, `html` and `url`."""

    text: str | None = Field(default=None, description="Stored as given, unless `clean` is true.")
    html: str | None = Field(default=None, description="A page; its main text is taken.")
    url: str | None = Field(default=None, description="A page, fetched and read; refreshed where it is held already.")
    id: Annotated[str, Field(pattern=ID_PATTERN)] | None = Field(
        default=None, description="Kept, and makes the call an upsert; derived from the content where absent."
    )
    title: str | None = Field(default=None, description="Taken from the content where absent or blank.")
    source: str | None = None
    published: str | None = Field(default=None, description="ISO 8601, a date or a date and time.")
    author: str | None = None
    tags: list[str] | None = None
    language: str | None = Field(default=None, description="BCP 47; taken from a page that tells it.")
    dropped: list[str] | None = Field(default=None, description="Lines that a cleaning before this one took out.")
    page_starts: list[Annotated[int, Field(ge=0)]] | None = Field(
        default=None, description="Where in `text` its first, second, ... page begins, in code points."
    )
    clean: bool = Field(default=False, description="Take page furniture out of `text` and join broken paragraphs.")

    _blank = field_validator("text", "html")(not_blank)

    @field_validator("published")
    @classmethod
    def _iso_date(cls, value: str | None) -> str | None:
        """Of ISO 8601's many forms the one that filters can compare as text."""
        if value is None:
            return None
        with suppress(ValueError):
            return date.fromisoformat(value).isoformat()
        try:
            return datetime.fromisoformat(value).isoformat()
        except ValueError:
            refuse("Write the date as in 2024-05-03 or 2024-05-03T18:30:00+02:00.")

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        given = [name for name in ("text", "html", "url") if getattr(self, name) is not None]
        if len(given) != 1:
            refuse("Send exactly one of `text`, `html` and `url`.", given[1] if given else "text")
        return self


def sentence_of(error: ErrorDetails) -> tuple[str, str | None]:
    """Pydantic's error as one sentence, and the field it is about."""
    context = error.get("ctx", {})
    param = context.get("param") if error["type"] == "footnote" else None
    where = error["loc"][1:] if error["loc"][:1] in (("query",), ("path",)) else error["loc"]
    param = param or ".".join(map(str, where)) or None
    match error["type"]:
        case "footnote":
            message = error["msg"]
        case "model_type" | "model_attributes_type" if not param:
            message = "The body must be a JSON object."
        case "missing":
            message = "It is missing."
        case "extra_forbidden":
            message = "There is no such field."
        case "string_too_long":
            message = f"It has {len(error['input']):,} characters, and at most {context['max_length']:,} are read."
        case "string_pattern_mismatch":
            message = "It may have 1 to 128 of the characters A-Z a-z 0-9 . _ : ~ - only."
        case _:
            message = error["msg"].rstrip(".") + "."
    about_one_field = error["type"] != "footnote" or not context.get("param")
    return (f"`{param}`: {message}" if param and about_one_field else message), param


def request_schemas(*models: type[BaseModel]) -> dict[str, Any]:
    """The JSON schemas of the request bodies, by name, for the components of `/openapi.json`."""
    _, schema = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    form = {"type": "object", "title": "Files", "properties": {"files": files}, "required": ["files"]}
    return {**schema["$defs"], "Files": form}
