"""The assistant as a LangChain chat model, and so as a Runnable: it drops into chains that other people have.

The last message is the question, those before it the conversation; system messages are read past. The body of
`POST /v1/ask` is in each message's `response_metadata["footnote"]`. Knows no HTTP.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from assistant.answer import Answer, Shown
from assistant.asking import answered, events
from assistant.doors.requests import AskRequest, Filters, Turn
from vectorstore import InvalidInput

ROLES = {"human": "user", "ai": "assistant"}


class FootnoteChat(BaseChatModel):
    """`invoke`, `stream`, `batch` and their async twins come from LangChain.

    `filters` are those of `POST /v1/ask`: which articles to ask.
    """

    assistant: Any  # an Assistant; pydantic has no schema for it
    filters: dict[str, Any] | None = None
    model: str | None = None

    @property
    def _llm_type(self) -> str:
        return "footnote"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        answer = answered(self.assistant, self._request(messages))
        message = AIMessage(answer.text, id=answer.id, response_metadata={"footnote": answer.to_json()})
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        said = ""
        for event in events(self.assistant, self._request(messages)):
            match event:
                case Shown():
                    text = (" " if said else "") + event.sentence.marked
                    metadata: dict[str, Any] = {}
                case Answer():
                    text = event.text.removeprefix(said)
                    metadata = {"footnote": event.to_json()}
                case _:
                    continue
            said += text
            yield ChatGenerationChunk(message=AIMessageChunk(content=text, response_metadata=metadata))

    def _request(self, messages: Sequence[BaseMessage]) -> AskRequest:
        """The messages as a request, checked as the endpoint would check it; pydantic's error where it is none."""
        said = [message for message in messages if message.type in ROLES]
        if not said or said[-1].type != "human":
            raise InvalidInput("The last message must be a person's: it is the question.", param="messages")
        history = [Turn.model_validate({"role": ROLES[each.type], "content": str(each.text)}) for each in said[:-1]]
        filters = Filters.model_validate(self.filters) if self.filters else None
        return AskRequest(question=str(said[-1].text), history=history or None, model=self.model, filters=filters)
