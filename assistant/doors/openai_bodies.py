"""What OpenAI's chat completions send and expect, as far as Footnote speaks it.

Unknown fields are tolerated, and so is what only steers how a model writes (temperature, max_tokens, stop ...): the
answer is checked sentences, whole ones. A field that would change what the answer *is* is refused with a sentence.
System messages are read and not followed: they cannot change what the articles say. Knows nothing of HTTP.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from assistant.doors import responses
from assistant.doors.requests import AskRequest, Filters, Turn, refuse


class Tolerant(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class TextPart(Tolerant):
    type: Literal["text"] = Field(description="Text only: pictures, sound and files cannot be asked about.")
    text: str


class Message(Tolerant):
    role: Literal["system", "developer", "user", "assistant"] = Field(description="Tools' messages are not understood.")
    content: str | list[TextPart] | None = None

    @field_validator("content", mode="before")
    @classmethod
    def _joined(cls, value: object) -> str | None:
        """Parts become one text; checked here, for pydantic names both sides of a union in its refusals."""
        if value is None or isinstance(value, str):
            return value
        if not isinstance(value, list):
            refuse("It must be text, or a list of text parts.")
        return "\n".join(_text_of(part) for part in value)

    @property
    def text(self) -> str:
        return self.content if isinstance(self.content, str) else ""


def _text_of(part: object) -> str:
    match part:
        case {"type": "text", "text": str(text)} | {"type": "refusal", "refusal": str(text)}:
            return text
        case _:
            refuse("Only text can be asked: send no pictures, sound or files.")


class StreamOptions(Tolerant):
    include_usage: bool | None = None


class ChatRequest(Tolerant):
    """OpenAI's request. The last message is the question, those before it the conversation."""

    messages: Annotated[list[Message], Field(min_length=1)]
    model: str | None = Field(default=None, description="One of `GET /v1/models`; the first where absent.")
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=None, description="1 only.")
    tool_choice: Any = Field(default=None, description="`none` or `auto` only: no tool is ever called.")
    function_call: Any = Field(default=None, description="As `tool_choice`.")
    response_format: Any = Field(default=None, description='`{"type": "text"}` only.')
    modalities: Any = Field(default=None, description='`["text"]` only.')
    audio: Any = Field(default=None, description="Refused.")
    logprobs: bool | None = Field(default=None, description="Refused where true.")
    filters: Filters | None = Field(default=None, description="Our own: as in `POST /v1/ask`.")
    conversation_id: str | None = Field(default=None, description="Our own: as in `POST /v1/ask`.")
    searched_for: str | None = Field(default=None, description="Our own: as in `POST /v1/ask`.")

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        for param, accepted, sentence in (
            ("n", self.n in (None, 1), "One answer is given: leave `n` out, or send 1."),
            ("tool_choice", self.tool_choice in (None, "none", "auto"), NO_TOOLS),
            ("function_call", self.function_call in (None, "none", "auto"), NO_TOOLS),
            ("response_format", self.response_format in (None, {"type": "text"}), "Answers are text: " + NO_FORMAT),
            ("modalities", self.modalities in (None, ["text"]), "Answers are text: ask for no other modality."),
            ("audio", self.audio is None, "Answers are text, not sound: leave `audio` out."),
            ("logprobs", not self.logprobs, "Answers are quoted or checked and have no logprobs: leave it out."),
            ("messages", self.messages[-1].role == "user", "The last message must be the user's: it is the question."),
        ):
            if not accepted:
                refuse(sentence, param)
        return self

    def asked(self) -> dict[str, Any]:
        """The same as a body for `POST /v1/ask`, still to be checked."""
        said = [turn for turn in self.messages[:-1] if turn.role in ("user", "assistant") and turn.text]
        history = [Turn(role=turn.role, content=turn.text).model_dump() for turn in said]  # type: ignore[arg-type]
        fields = {
            "question": self.messages[-1].text,
            "model": self.model,
            "history": history if history and self.conversation_id is None else None,
            "conversation_id": self.conversation_id,
            "searched_for": self.searched_for,
            "filters": self.filters.model_dump() if self.filters else None,
        }
        return {name: value for name, value in fields.items() if name in AskRequest.model_fields}


NO_TOOLS = "No tool is ever called here: leave it out, or send `auto` or `none`."
NO_FORMAT = "the whole answer as data is in `footnote`, whatever the format."


class UrlCitation(BaseModel):
    start_index: int = Field(description="Of the sentence in `content`, in code points.")
    end_index: int
    title: str
    url: str


class Annotation(BaseModel):
    type: Literal["url_citation"]
    url_citation: UrlCitation


class Said(BaseModel):
    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[Annotation]


class Choice(BaseModel):
    index: Literal[0]
    message: Said
    logprobs: None
    finish_reason: Literal["stop"]


class Usage(BaseModel):
    """Word pieces of the embedding model, in the question and in the answer."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(BaseModel):
    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    footnote: responses.Answer


class Model(BaseModel):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class Models(BaseModel):
    object: Literal["list"]
    data: list[Model]


class Delta(BaseModel):
    role: Literal["assistant"] | None = None
    content: str | None = None
    annotations: list[Annotation] | None = None


class ChunkChoice(BaseModel):
    index: Literal[0]
    delta: Delta
    logprobs: None
    finish_reason: Literal["stop"] | None


class Chunk(BaseModel):
    """An event of a stream; the last one has `footnote`, and `usage` where it was asked for."""

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: str
    choices: list[ChunkChoice]
    usage: Usage | None = None
    footnote: responses.Answer | None = None
