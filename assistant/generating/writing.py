"""A chat model's text as it streams, with an end to every wait. Knows messages and seconds; nothing of articles.

The model runs in a thread of its own, so that a server that stalls, or drips a token a minute, cannot hold the answer;
closing stops it at its next token. What a provider's package raises becomes `ModelTrouble`, here alone.
"""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from langchain_core.messages import BaseMessage

from assistant import metrics
from assistant.generating.models import Writer, trouble

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: until the first sentence is there, without a word after it, and in all."""

    first: float = 25.0  # callers and proxies mostly wait 30
    between: float = 20.0
    whole: float = 120.0


class ModelTrouble(Exception):
    """The model is down, slow or broken. The message begins a sentence that says what to do."""


class Writing:
    """One text being written: the first part of it within `patience.first` seconds, as the caller says."""

    def __init__(self, writer: Writer, messages: Sequence[BaseMessage], patience: Patience) -> None:
        self._writer, self._patience = writer, patience
        self._begun = False
        now = time.monotonic()
        self._until, self._end = now + patience.first, now + patience.whole
        self._pieces: SimpleQueue[str | Exception | None] = SimpleQueue()
        self._left = threading.Event()
        arguments = (writer, list(messages), self._pieces, self._left)
        threading.Thread(target=_write, args=arguments, daemon=True, name=f"write {writer.name}").start()

    def __iter__(self) -> Iterator[str]:
        """The pieces of text.

        Raises:
            ModelTrouble: it went wrong, or took longer than there is patience for.
        """
        while True:
            left = min(self._until, self._end) - time.monotonic()
            try:
                piece = self._pieces.get(timeout=max(left, 0.0))
            except Empty:
                metrics.model_failed(self._writer.name)
                raise ModelTrouble(f"The model {self._writer.name} did not answer in time") from None
            if piece is None:
                return
            if isinstance(piece, Exception):
                log.warning("%s: %s: %s", self._writer.name, type(piece).__name__, piece)
                metrics.model_failed(self._writer.name)
                raise ModelTrouble(trouble(piece, self._writer.name)) from piece
            if self._begun:
                self._until = time.monotonic() + self._patience.between
            yield piece

    def begun(self) -> None:
        """There is something to show: from now on only silence is waited for in vain."""
        self._begun, self._until = True, time.monotonic() + self._patience.between

    def close(self) -> None:
        """Stops the model's work at its next token."""
        self._left.set()


def _write(
    writer: Writer,
    messages: list[BaseMessage],
    pieces: "SimpleQueue[str | Exception | None]",
    left: threading.Event,
) -> None:
    try:
        chat, stream, ended = writer.chat, writer.chat.stream(messages), None
        for chunk in stream:
            if usage := getattr(chunk, "usage_metadata", None):
                metrics.model_used(writer.name, usage["input_tokens"], usage["output_tokens"])
            if left.is_set():
                break
            ended = chunk.response_metadata.get("finish_reason") or ended
            if text := str(chunk.text):
                pieces.put(text)
        # A connection that breaks looks like an end to the clients of OpenAI-compatible servers, but for the reason.
        if ended == "length" or (ended is None and chat._llm_type == "openai-chat" and not left.is_set()):
            pieces.put(EOFError("the text was cut off"))
        if callable(close := getattr(stream, "close", None)):
            close()
    # Any provider's package may raise anything: it is told to whoever waits for the text.
    except Exception as error:
        pieces.put(error)
    pieces.put(None)
