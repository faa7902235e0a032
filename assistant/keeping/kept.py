"""The nouns of what is kept: conversations, their answers as they were given, and what readers thought of them.

Knows nothing of how they are stored (`conversations.py`) or shown.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assistant.answer import Answer

Thumb = Literal["up", "down"]

Owner = str  # who keeps something, as the guard names them in `request.state.owner`; "" where no key is set


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought of an answer."""

    thumb: Thumb
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"thumb": self.thumb, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given. `text` is its JSON, the same bytes that went out; `created` is ISO 8601 in UTC."""

    text: str
    created: str
    filters: Mapping[str, Any] | None
    feedback: Feedback | None

    @property
    def body(self) -> dict[str, Any]:
        decoded: dict[str, Any] = json.loads(self.text)
        return decoded

    def to_json(self) -> dict[str, Any]:
        """The answer as one turn of its conversation."""
        return {
            "created": self.created,
            "filters": self.filters,
            "feedback": self.feedback and self.feedback.to_json(),
            "answer": self.body,
        }


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it is listed. `created` and `updated` are ISO 8601 in UTC, `answers` is how many there are."""

    id: str
    title: str
    created: str
    updated: str
    answers: int

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "created": self.created,
            "updated": self.updated,
            "answers": self.answers,
        }


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """Conversations, newest first; `next_cursor` continues the list, None at its end."""

    items: tuple[Conversation, ...]
    next_cursor: str | None


def json_text(answer: Answer) -> str:
    """The answer's JSON as it goes out over HTTP, so that what is kept is what was given, byte for byte."""
    return json.dumps(answer.to_json(), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
