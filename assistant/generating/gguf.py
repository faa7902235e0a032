"""A model file run inside this process by llama.cpp. The one module that knows xllamacpp.

Its server batches the questions of several callers (continuous batching). It opens a port of its own on loopback, which
nobody is told and which asks for a key that nobody has. Knows messages and tokens; knows nothing of articles.
"""

import os
import secrets
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, ModelProfile
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

CONTEXT = 8192  # tokens that all callers share; a question with its paragraphs takes two thousand
SIDE_BY_SIDE = 2  # questions answered at once, each with its share of the context
MOST_TOKENS = 500  # of one answer


class GgufChat(BaseChatModel):
    """LangChain's chat model over a GGUF file. Thread-safe; a stream that is closed stops the work."""

    path: str
    _server: Any = PrivateAttr()

    def __init__(self, path: str, **fields: Any) -> None:
        """Loads the file.

        Raises:
            ImportError: xllamacpp is not installed.
            RuntimeError: the file is no model that it can load.
        """
        super().__init__(path=path, **fields)  # type: ignore[call-arg]
        import xllamacpp

        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(Path(path).expanduser())
        parameters.n_ctx = CONTEXT
        parameters.n_parallel = SIDE_BY_SIDE
        parameters.cpuparams.n_threads = max(1, (os.cpu_count() or 2))
        parameters.api_keys = [secrets.token_urlsafe(32)]
        parameters.log_json = False
        self._server = xllamacpp.Server(parameters)

    @property
    def _llm_type(self) -> str:
        return "gguf"

    def _resolve_model_profile(self) -> ModelProfile:
        return {"max_input_tokens": CONTEXT // SIDE_BY_SIDE - MOST_TOKENS}

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **options: Any,
    ) -> Iterator[ChatGenerationChunk]:
        pieces: SimpleQueue[Any] = SimpleQueue()
        left = threading.Event()
        request = self._request(messages, stop) | {"stream": True}
        worker = threading.Thread(target=self._run, args=(request, pieces, left), daemon=True, name="gguf")
        worker.start()
        try:
            while (piece := pieces.get()) is not None:
                if isinstance(piece, Exception):
                    raise piece
                text, reason = piece
                ended = {"finish_reason": reason} if reason else {}
                yield ChatGenerationChunk(message=AIMessageChunk(content=text, response_metadata=ended))
        finally:
            left.set()

    def _run(self, request: dict[str, Any], pieces: "SimpleQueue[Any]", left: threading.Event) -> None:
        def took(chunk: Any) -> bool:
            """Hands on a piece; a true value stops the work."""
            if isinstance(chunk, dict) and "error" in chunk:
                pieces.put(RuntimeError(str(chunk["error"])))
            else:
                pieces.put(_said(chunk))
            return left.is_set()

        try:
            self._server.handle_chat_completions(request, took)
        except Exception as error:  # whatever the library raises belongs to the caller, who waits in another thread
            pieces.put(error)
        pieces.put(None)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **options: Any,
    ) -> ChatResult:
        text = "".join(str(chunk.message.content) for chunk in self._stream(messages, stop))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _request(self, messages: Sequence[BaseMessage], stop: list[str] | None) -> dict[str, Any]:
        request = {"messages": convert_to_openai_messages(messages), "temperature": 0, "max_tokens": MOST_TOKENS}
        return request | ({"stop": stop} if stop else {})


def _said(chunk: Any) -> tuple[str, str | None]:
    """The text of one piece of a stream, and why it ended, where it did."""
    (choice, *_) = chunk.get("choices") or [{}]
    return str(choice.get("delta", {}).get("content") or ""), choice.get("finish_reason")
