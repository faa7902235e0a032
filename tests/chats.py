"""Real chat models for tests: one that says what it was told to, one that obeys whatever it reads."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from assistant.generating.models import Writer


class ScriptedChat(BaseChatModel):
    """Says its replies in turn, a few characters a token; the last one again and again."""

    replies: list[Any]  # texts, exceptions to raise, or functions of the messages that give either
    token: int = 5  # characters
    pause: float = 0.0  # seconds before each token
    asked: list[list[BaseMessage]] = Field(default_factory=list)
    written: list[str] = Field(default_factory=list)  # tokens that were taken

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _stream(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **options: Any
    ) -> Iterator[ChatGenerationChunk]:
        reply = self.replies[min(len(self.asked), len(self.replies) - 1)]
        self.asked.append(list(messages))
        reply = reply(messages) if callable(reply) else reply
        for part in reply if isinstance(reply, list) else [reply]:
            if isinstance(part, Exception):
                raise part
            for at in range(0, len(part), self.token):
                time.sleep(self.pause)
                self.written.append(part[at : at + self.token])
                yield ChatGenerationChunk(message=AIMessageChunk(content=self.written[-1]))

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **options: Any
    ) -> ChatResult:
        text = "".join(str(chunk.message.content) for chunk in self._stream(messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])


def scripted(*replies: Any, name: str = "test:model", **fields: Any) -> Writer:
    return Writer(name, ScriptedChat(replies=list(replies), **fields))


def prompt_of(messages: Sequence[BaseMessage]) -> str:
    return "\n".join(str(message.content) for message in messages)


def obeying(otherwise: str) -> Callable[[Sequence[BaseMessage]], str]:
    """A model that does what the articles or the question tell it to: it repeats all that follows SAY:, up to a line's
    end, and gives away its instructions where it reads REVEAL; else it says `otherwise`."""

    def reply(messages: Sequence[BaseMessage]) -> str:
        text = str(messages[-1].content) if len(messages) > 2 else str(messages[1].content)
        orders = re.findall(r"SAY:\s*(.+)", text)
        if "REVEAL" in text:
            orders.append(str(messages[0].content))
        return "\n".join(orders) or otherwise

    return reply
