"""From a question to a checked answer, and the ways to ask.

As a library, where `library` is a folder that `python -m ingest` filled:

>>> from assistant import Assistant
>>> with Assistant.open("library") as footnote:
...     answer = footnote.ask("How long is the Vale bridge?")
>>> "1,284 metres" in answer.text
True
>>> best = answer.citations[0]
>>> best.article.text[best.span.start : best.span.end] == best.cited_text
True

In somebody's LangChain chain, as the chat model or as the retriever:

>>> from assistant import Assistant, FootnoteChat, FootnoteRetriever
>>> from langchain_core.output_parsers import StrOutputParser
>>> with Assistant.open("library") as footnote:
...     said = FootnoteChat(assistant=footnote).invoke("How long is the Vale bridge?")
...     text = (FootnoteChat(assistant=footnote) | StrOutputParser()).invoke("How long is the Vale bridge?")
...     best = FootnoteRetriever(store=footnote.store, k=1).invoke("How long is the Vale bridge?")[0]
>>> said.content == text
True
>>> said.response_metadata["footnote"]["citations"][0]["document_title"]
'Vale bridge opens after nine years and two redesigns'
>>> best.metadata["document_title"]
'Vale bridge opens after nine years and two redesigns'
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.chains import FootnoteChat
    from assistant.engine import Assistant
    from assistant.reading.retrieve import FootnoteRetriever

__all__ = ["Assistant", "FootnoteChat", "FootnoteRetriever"]


def __getattr__(name: str) -> Any:
    # Imported when asked for: `import assistant` itself stays light.
    if name == "Assistant":
        from assistant.engine import Assistant

        return Assistant
    if name == "FootnoteChat":
        from assistant.chains import FootnoteChat

        return FootnoteChat
    if name == "FootnoteRetriever":
        from assistant.reading.retrieve import FootnoteRetriever

        return FootnoteRetriever
    raise AttributeError(f"module 'assistant' has no attribute {name!r}")
