"""Chat completions, asked with OpenAI's own client and LangChain's: the contract's citations, streams and refusals."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI

from assistant.doors import openai_bodies, responses
from tests.assistants import SmallAssistant, facts, with_articles
from tests.listening import Listening, listening

QUESTION = "When do tolls begin?"
ASKED = [{"role": "user", "content": QUESTION}]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> SmallAssistant:
    return with_articles(tmp_path_factory.mktemp("openai") / "library")


@pytest.fixture(scope="module")
def server(assistant: SmallAssistant) -> Iterator[Listening]:
    with listening(assistant) as server:
        yield server


@pytest.fixture
def client(server: Listening) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as opened:
        yield opened


def asked(server: Listening, question: str = QUESTION) -> dict[str, Any]:
    body: dict[str, Any] = httpx.post(f"{server.url}/v1/ask", json={"question": question}).json()
    return body


def test_a_completion_holds_the_answer_and_its_citations(server: Listening, client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model="extractive", messages=ASKED)
    message = completion.choices[0].message
    assert (message.role, message.content) == ("assistant", "Tolls begin in June. [1]")
    assert completion.choices[0].finish_reason == "stop"
    (annotation,) = message.annotations
    cited = annotation.url_citation
    assert message.content[cited.start_index : cited.end_index] == "Tolls begin in June."
    assert cited.title == "Bridge opens"
    assert httpx.get(cited.url).json()["version"] == completion.footnote["citations"][0]["article_version"]
    assert facts(completion.footnote) == facts(asked(server))
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens > 0
    openai_bodies.Completion.model_validate(completion.model_dump(exclude_unset=True))


def test_behind_https_links_are_https(client: openai.OpenAI) -> None:
    for said, scheme in (("https", "https"), ("http", "http"), ("javascript", "http")):
        completion = client.chat.completions.create(
            model="extractive", messages=ASKED, extra_headers={"X-Forwarded-Proto": said}
        )
        assert completion.choices[0].message.annotations[0].url_citation.url.startswith(f"{scheme}://127.0.0.1")


def test_an_address_is_cited_as_it_is(assistant: SmallAssistant, client: openai.OpenAI) -> None:
    from ingest.document import Document

    assistant.pipeline.add(Document("Ferries", "Ferries leave at noon.", source="https://example.org/ferries"), "ferry")
    completion = client.chat.completions.create(
        model="extractive", messages=[{"role": "user", "content": "When do ferries leave?"}]
    )
    assert completion.choices[0].message.annotations[0].url_citation.url == "https://example.org/ferries"


@pytest.mark.parametrize("question", [QUESTION, "Why is rhubarb sour?"])
@pytest.mark.parametrize("usage", [False, True])
def test_a_stream_adds_up_to_the_completion(
    server: Listening, client: openai.OpenAI, question: str, usage: bool
) -> None:
    stream = client.chat.completions.create(
        model="extractive",
        messages=[{"role": "user", "content": question}],
        stream=True,
        stream_options={"include_usage": usage},
    )
    chunks = list(stream)
    for chunk in chunks:
        openai_bodies.Chunk.model_validate(chunk.model_dump(exclude_unset=True))
    whole = asked(server, question)
    choices = [choice for chunk in chunks for choice in chunk.choices]
    assert "".join(choice.delta.content or "" for choice in choices) == whole["answer"]
    assert choices[0].delta.role == "assistant"
    assert [choice.finish_reason for choice in choices if choice.finish_reason] == ["stop"]
    assert len({chunk.id for chunk in chunks}) == 1
    *before, last = [getattr(chunk, "footnote", None) for chunk in chunks]
    assert set(before) == {None}
    assert facts(last) == facts(whole)
    assert (chunks[-1].usage is not None, chunks[-1].choices == []) == (usage, usage)
    annotations = [each for choice in choices for each in (choice.delta.model_extra or {}).get("annotations", [])]
    for annotation in annotations:
        where = annotation["url_citation"]
        assert whole["answer"][where["start_index"] : where["end_index"]] == whole["sentences"][0]["text"]
    assert len(annotations) == len(whole["citations"])


def test_the_conversation_becomes_the_history(assistant: SmallAssistant, client: openai.OpenAI) -> None:
    client.chat.completions.create(
        model="extractive",
        messages=[
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Who spoke?"},
            {"role": "assistant", "content": "Ida Holm."},
            {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
        ],
        temperature=0.2,
        max_tokens=10,
        stop=["."],
        user="someone",
        extra_body={"filters": {"article_ids": ["bridge"]}, "nobody_knows": [1]},
    )
    heard = assistant.asked[-1]
    assert (heard["question"], heard["article_ids"]) == (QUESTION, ["bridge"])
    assert [(turn.role, turn.content) for turn in heard["history"]] == [
        ("user", "Who spoke?"),
        ("assistant", "Ida Holm."),
    ]


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"n": 2}, "n"),
        ({"tool_choice": "required", "tools": []}, "tool_choice"),
        ({"tool_choice": {"type": "function", "function": {"name": "x"}}}, "tool_choice"),
        ({"function_call": {"name": "x"}}, "function_call"),
        ({"response_format": {"type": "json_schema", "json_schema": {}}}, "response_format"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"audio": {"voice": "alloy", "format": "wav"}}, "audio"),
        ({"logprobs": True}, "logprobs"),
        ({"messages": []}, "messages"),
        ({"messages": "Hello"}, "messages"),
        ({"messages": [*ASKED, {"role": "assistant", "content": "June"}]}, "messages"),
        ({"messages": [{"role": "tool", "content": "x", "tool_call_id": "1"}, *ASKED]}, "messages.0.role"),
        ({"messages": [{"role": "user", "content": " "}]}, "question"),
        ({"messages": [{"role": "user", "content": "x" * 2001}]}, "question"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages.0.content"),
        ({"messages": [{"role": "user", "content": ["x"]}]}, "messages.0.content"),
        ({"filters": {"author": "x"}}, "filters.author"),
        ({"stream": "yes"}, "stream"),
    ],
)
def test_what_would_change_the_meaning_is_refused(client: openai.OpenAI, change: dict[str, Any], param: str) -> None:
    with pytest.raises(openai.UnprocessableEntityError) as refused:
        client.post("/chat/completions", body={"model": "extractive", "messages": ASKED} | change, cast_to=object)
    responses.Error.model_validate(refused.value.response.json())
    assert refused.value.param == param
    assert refused.value.message.strip()


def test_a_picture_is_refused_and_a_tool_that_may_be_left_alone_is_not(client: openai.OpenAI) -> None:
    picture = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}]
    with pytest.raises(openai.UnprocessableEntityError, match="Only text"):
        client.chat.completions.create(model="extractive", messages=[{"role": "user", "content": picture}])
    tool = {"type": "function", "function": {"name": "x", "parameters": {"type": "object"}}}
    completion = client.chat.completions.create(
        model="extractive", messages=ASKED, tools=[tool], tool_choice="auto", n=1, response_format={"type": "text"}
    )
    assert completion.choices[0].message.tool_calls is None


def test_models_are_listed_and_unknown_ones_are_not_found(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["extractive"]
    assert client.models.retrieve("extractive").owned_by == "footnote"
    with pytest.raises(openai.NotFoundError, match="extractive"):
        client.models.retrieve("gpt/4")
    with pytest.raises(openai.NotFoundError, match="extractive"):
        client.chat.completions.create(model="gpt-4", messages=ASKED)


def test_trouble_halfway_reaches_the_client(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(
        model="extractive", messages=[{"role": "user", "content": "Please break halfway."}], stream=True
    )
    with pytest.raises(openai.APIError, match="Something broke"):
        list(stream)


def test_langchain_keeps_the_text_with_its_markers_and_nothing_of_footnote(server: Listening, tmp_path: Path) -> None:
    chat = ChatOpenAI(base_url=f"{server.url}/v1", api_key="none", model="extractive", max_retries=0)
    said = chat.invoke([SystemMessage("Be brief."), HumanMessage(QUESTION)])
    assert said.content == "Tolls begin in June. [1]"
    assert said.usage_metadata is not None
    assert "footnote" not in json.dumps(said.model_dump(), default=str)
    parts = list(chat.stream(QUESTION, stream_usage=True))
    whole = sum(parts[1:], parts[0])
    assert isinstance(whole, AIMessageChunk)
    assert whole.content == said.content
    assert whole.usage_metadata == said.usage_metadata
