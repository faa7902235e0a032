"""Footnote as somebody's library: the examples in the package's docstring and in the README, run as they stand."""

import doctest
import re
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, SystemMessage

import assistant
from assistant.chains import FootnoteChat
from ingest.__main__ import SAMPLES
from ingest.document import Document
from ingest.readers import read_file
from tests.assistants import SmallAssistant, facts, with_articles
from vectorstore import InvalidInput

QUESTION = "When do tolls begin?"
README = (Path(__file__).parents[1] / "README.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples in `library`."""
    folder = tmp_path_factory.mktemp("face")
    with assistant.Assistant.open(folder / "library") as footnote:
        for path in sorted(SAMPLES.iterdir()):
            for document in read_file(path):
                assert isinstance(document, Document)
                footnote.pipeline.add(document)
    return folder


def test_the_docstring_is_true(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(library)
    failed, tried = doctest.testmod(assistant)
    assert (failed, tried > 5) == (0, True)


@pytest.mark.parametrize("example", EXAMPLES or ["from assistant import Assistant"])
def test_the_readmes_examples_run(library: Path, monkeypatch: pytest.MonkeyPatch, example: str) -> None:
    monkeypatch.chdir(library)
    exec(compile(example, "README.md", "exec"), {})


@pytest.fixture
def small(tmp_path: Path) -> SmallAssistant:
    return with_articles(tmp_path / "library")


def test_the_chat_model_answers_and_streams_the_same(small: SmallAssistant) -> None:
    chat = FootnoteChat(assistant=small, filters={"article_ids": ["bridge"]})
    said = chat.invoke([SystemMessage("Be brief."), HumanMessage("Hello"), AIMessage("Yes?"), HumanMessage(QUESTION)])
    assert said.content == "Tolls begin in June. [1]"
    heard = small.asked[-1]
    assert heard["article_ids"] == ["bridge"]
    assert [(turn.role, turn.content) for turn in heard["history"]] == [("user", "Hello"), ("assistant", "Yes?")]
    parts = list(chat.stream(QUESTION))
    whole = sum(parts[1:], parts[0])
    assert isinstance(whole, AIMessageChunk)
    assert whole.content == said.content
    assert facts(whole.response_metadata["footnote"]) == facts(said.response_metadata["footnote"])
    assert facts(said.response_metadata["footnote"]) == facts(small.ask(QUESTION).to_json())
    refused = "".join(str(part.content) for part in chat.stream("Why is rhubarb sour?"))
    assert refused == "The articles do not say."


def test_what_is_no_question_is_refused(small: SmallAssistant) -> None:
    with pytest.raises(InvalidInput, match="last message"):
        FootnoteChat(assistant=small).invoke([AIMessage("Hello")])


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        assistant.nothing  # noqa: B018
