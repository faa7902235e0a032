"""Kept answers over HTTP: conversations that go on, every key's own, and citations held against the library."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql
from starlette.testclient import TestClient

from assistant.__main__ import main
from assistant.doors import responses
from assistant.doors.api import create_app
from assistant.keeping.receipt import read, tampered
from assistant.settings import Settings
from tests.assistants import BRIDGE, SmallAssistant, with_articles
from tests.test_api import URL, fits, refused, wait_until_ready

QUESTION = "When do tolls begin?"


@pytest.fixture
def assistant(tmp_path: Path) -> SmallAssistant:
    return with_articles(tmp_path / "library")


@pytest.fixture
def client(assistant: SmallAssistant) -> Iterator[TestClient]:
    with TestClient(create_app(lambda: assistant, Settings()), base_url=URL) as opened:
        wait_until_ready(opened)
        yield opened


@pytest.fixture
def locked(assistant: SmallAssistant) -> Iterator[TestClient]:
    app = create_app(lambda: assistant, Settings(api_key="one,two"), token="of-this-run")  # type: ignore[arg-type]
    with TestClient(app, base_url=URL, headers=key("one")) as opened:
        wait_until_ready(opened)
        yield opened


def key(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {name}"}


def ask(client: TestClient, question: str = QUESTION, **more: Any) -> dict[str, Any]:
    return fits(responses.Answer, client.post("/v1/ask", json={"question": question, "conversation_id": "new"} | more))


# Conversations


def test_nothing_is_kept_without_a_conversation(client: TestClient) -> None:
    body = ask(client, conversation_id=None)
    assert body["conversation_id"] is None
    refused(client.get(f"/v1/answers/{body['id']}"), 404, "not_found", "id")
    assert client.get("/v1/conversations").json() == {"conversations": [], "next_cursor": None}


def test_a_kept_answer_is_given_again_byte_for_byte(client: TestClient) -> None:
    given = client.post(
        "/v1/ask", json={"question": "How many cameras and which drill 📷 carried it?", "conversation_id": "new"}
    )
    assert "📷" in given.json()["citations"][0]["cited_text"]
    again = client.get(f"/v1/answers/{given.json()['id']}")
    fits(responses.Answer, again)
    assert again.content == given.content
    assert again.headers["content-type"] == given.headers["content-type"]


def test_a_streamed_answer_is_kept_too(client: TestClient) -> None:
    body = {"question": QUESTION, "conversation_id": "new"}
    stream = client.post("/v1/ask", json=body, headers={"Accept": "text/event-stream"}).text
    given = next(line for line in stream.splitlines() if line.startswith('data: {"id"')).removeprefix("data: ")
    assert client.get(f"/v1/answers/{json.loads(given)['id']}").text == given


def test_a_conversation_goes_on(client: TestClient, assistant: SmallAssistant) -> None:
    first = ask(client, "And when?", searched_for=QUESTION, filters={"article_ids": ["bridge"]})
    second = ask(client, "Who spoke?", conversation_id=first["conversation_id"])
    assert second["conversation_id"] == first["conversation_id"]
    history = [(turn.role, turn.content) for turn in assistant.asked[-1]["history"]]  # type: ignore[attr-defined]
    assert history == [("user", QUESTION), ("assistant", first["answer"])]
    body = fits(responses.Conversation, client.get(f"/v1/conversations/{first['conversation_id']}"))
    assert [turn["answer"] for turn in body["answers"]] == [first, second]
    assert [turn["filters"] for turn in body["answers"]] == [{"article_ids": ["bridge"]}, None]
    assert body["title"] == "And when?"
    listed = fits(responses.ConversationList, client.get("/v1/conversations"))
    assert [(row["id"], row["answers"]) for row in listed["conversations"]] == [(body["id"], 2)]


def test_an_unknown_conversation_is_told_before_anything_is_asked(
    client: TestClient, assistant: SmallAssistant
) -> None:
    for accept in ("application/json", "text/event-stream"):
        body = {"question": QUESTION, "conversation_id": "conv_nothing"}
        answer = client.post("/v1/ask", json=body, headers={"Accept": accept})
        assert "not any more" in refused(answer, 404, "not_found", "conversation_id")
    assert not assistant.asked


def test_an_answer_that_could_not_be_given_leaves_no_conversation(client: TestClient) -> None:
    body = {"question": QUESTION, "conversation_id": "new", "model": "gpt"}
    refused(client.post("/v1/ask", json=body), 422, "unprocessable", "model")
    assert client.get("/v1/conversations").json()["conversations"] == []


def test_the_list_is_paged_and_searched(client: TestClient) -> None:
    asked = [ask(client, question)["conversation_id"] for question in (QUESTION, "Who spoke?", "Which day?")]
    page = client.get("/v1/conversations", params={"limit": 2}).json()
    rest = client.get("/v1/conversations", params={"limit": 2, "cursor": page["next_cursor"]}).json()
    assert [row["id"] for row in page["conversations"] + rest["conversations"]] == asked[::-1]
    assert rest["next_cursor"] is None
    found = client.get("/v1/conversations", params={"query": "TOLLS BEGIN"}).json()["conversations"]
    assert asked[0] in [row["id"] for row in found]
    assert not client.get("/v1/conversations", params={"query": "rhubarb"}).json()["conversations"]
    refused(client.get("/v1/conversations", params={"cursor": "x"}), 422, "unprocessable", "cursor")
    refused(client.get("/v1/conversations", params={"limit": 0}), 422, "unprocessable", "limit")
    refused(client.get("/v1/conversations", params={"query": "x" * 201}), 422, "unprocessable", "query")
    # The one character that searching makes longest: what is searched for stays what a database takes.
    assert client.get("/v1/conversations", params={"query": "\ufdfa" * 200}).json()["conversations"] == []


def test_a_conversation_is_renamed_and_deleted(client: TestClient) -> None:
    body = ask(client)
    address = f"/v1/conversations/{body['conversation_id']}"
    assert fits(responses.ListedConversation, client.patch(address, json={"title": "Tolls"}))["title"] == "Tolls"
    refused(client.patch(address, json={"title": " "}), 422, "unprocessable", "title")
    refused(client.patch(address, json={"title": "x" * 201}), 422, "unprocessable", "title")
    assert client.delete(address).status_code == 204
    for answer in (
        client.get(address),
        client.delete(address),
        client.patch(address, json={"title": "x"}),
        client.post("/v1/ask", json={"question": QUESTION, "conversation_id": body["conversation_id"]}),
    ):
        refused(answer, 404, "not_found", "conversation_id")
    refused(client.get(f"/v1/answers/{body['id']}"), 404, "not_found", "id")


def test_feedback_is_kept_with_the_answer(client: TestClient) -> None:
    body = ask(client)
    address = f"/v1/answers/{body['id']}/feedback"

    def held() -> Any:
        return client.get(f"/v1/conversations/{body['conversation_id']}").json()["answers"][0]["feedback"]

    assert fits(responses.Feedback, client.put(address, json={"thumb": "up"})) == {"thumb": "up", "reason": None}
    assert client.put(address, json={"thumb": "down", "reason": "Too old."}).json() == held()
    assert client.get(f"/v1/answers/{body['id']}").json() == body  # as it was given
    assert client.delete(address).status_code == 204
    assert held() is None
    refused(client.put(address, json={"thumb": "sideways"}), 422, "unprocessable", "thumb")
    refused(client.put(address, json={"thumb": "up", "reason": "x" * 2001}), 422, "unprocessable", "reason")
    refused(client.put("/v1/answers/ans_nothing/feedback", json={"thumb": "up"}), 404, "not_found", "id")
    refused(client.delete("/v1/answers/ans_nothing/feedback"), 404, "not_found", "id")


def test_what_one_key_stored_another_does_not_see(locked: TestClient) -> None:
    body = ask(locked)
    answer, conversation = f"/v1/answers/{body['id']}", f"/v1/conversations/{body['conversation_id']}"
    for other in ("two", "of-this-run"):
        assert locked.get("/v1/conversations", headers=key(other)).json()["conversations"] == []
        for refusal in (
            locked.get(answer, headers=key(other)),
            locked.put(f"{answer}/feedback", json={"thumb": "up"}, headers=key(other)),
            locked.delete(f"{answer}/feedback", headers=key(other)),
            locked.get(conversation, headers=key(other)),
            locked.patch(conversation, json={"title": "Mine"}, headers=key(other)),
            locked.delete(conversation, headers=key(other)),
            locked.post(
                "/v1/ask",
                json={"question": QUESTION, "conversation_id": body["conversation_id"]},
                headers=key(other),
            ),
        ):
            assert refusal.status_code == 404, refusal.request.url
    assert locked.get(answer).json() == body


def test_the_key_itself_is_not_stored(locked: TestClient, assistant: SmallAssistant) -> None:
    ask(locked)
    with assistant.store.database.reading() as connection:
        (owner,) = connection.execute(sql.text("SELECT owner FROM conversations")).scalars()
    assert re.fullmatch("[0-9a-f]{32}", owner)


# Citations


def checked(client: TestClient, citations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return fits(responses.CheckedCitations, client.post("/v1/citations/check", json={"citations": citations}))[
        "citations"
    ]


def test_citations_are_held_against_the_library(client: TestClient) -> None:
    citations = ask(client)["citations"]
    (intact,) = checked(client, citations)
    assert list(intact) == list(responses.CheckedCitation.model_fields)
    assert (intact["status"], intact["start_char_index"]) == ("intact", citations[0]["start_char_index"])

    client.post("/v1/articles", json={"id": "bridge", "text": "Corrected.\n\n" + BRIDGE})
    (moved,) = checked(client, citations)
    text = client.get("/v1/articles/bridge").json()["text"]
    assert moved["status"] == "moved"
    assert text[moved["start_char_index"] : moved["end_char_index"]] == citations[0]["cited_text"]
    assert moved["paragraph_index"] == 1

    client.post("/v1/articles", json={"id": "bridge", "text": BRIDGE.replace("June", "July")})
    (changed,) = checked(client, citations)
    assert (changed["status"], changed["start_char_index"], changed["paragraph_index"]) == ("changed", None, 0)

    client.delete("/v1/articles/bridge")
    (gone,) = checked(client, citations)
    assert (gone["status"], gone["article_version"]) == ("gone", None)


def test_the_answer_stays_when_its_article_goes(client: TestClient) -> None:
    body = ask(client)
    client.delete("/v1/articles/bridge")
    assert client.get(f"/v1/answers/{body['id']}").json() == body
    assert ask(client, conversation_id=body["conversation_id"])["conversation_id"] == body["conversation_id"]


def test_what_may_be_sent_to_be_checked(client: TestClient) -> None:
    few = {"article_id": "bridge", "start_char_index": 0, "end_char_index": 3, "cited_text": "The", "more": 1}
    bare = client.post("/v1/citations/check", json=[few]).json()["citations"]
    assert [each["status"] for each in bare] == ["intact"]
    assert checked(client, []) == []
    for change, param in (
        ({"cited_text": ""}, "citations.0.cited_text"),
        ({"start_char_index": -1}, "citations.0.start_char_index"),
        ({"article_id": None}, "citations.0.article_id"),
    ):
        answer = client.post("/v1/citations/check", json={"citations": [few | change]})
        refused(answer, 422, "unprocessable", param)
    refused(client.post("/v1/citations/check", json={"citations": [few] * 1001}), 422, "unprocessable", "citations")
    refused(client.post("/v1/citations/check", json={}), 422, "unprocessable", "citations")


# To take along


def test_a_receipt_is_a_page_that_may_do_nothing(client: TestClient) -> None:
    body = ask(client)
    answer = client.get(f"/v1/answers/{body['id']}/receipt")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    data = read(answer.content)
    assert tampered(answer.content, data) is None
    assert data["answer"] == body
    refused(client.get("/v1/answers/ans_nothing/receipt"), 404, "not_found", "id")


def test_a_conversation_is_exported(client: TestClient) -> None:
    first = ask(client)
    ask(client, "Why is rhubarb sour?", conversation_id=first["conversation_id"])
    address = f"/v1/conversations/{first['conversation_id']}/export"
    whole = client.get(address, params={"format": "json"})
    assert whole.json() == client.get(address.removesuffix("/export")).json()
    markdown = client.get(address)
    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "Tolls begin in June.[^1-1]" in markdown.text
    assert "## Why is rhubarb sour?" in markdown.text
    cited = first["citations"][0]
    assert f"(characters 76 to 96 of bridge, version {cited['article_version']})" in markdown.text
    page = client.get(address, params={"format": "html"})
    assert "<mark>Tolls begin in June.</mark>" in page.text
    assert first["citations"][0]["article_version"] in page.text
    client.delete("/v1/articles/bridge")
    assert "<mark>Tolls begin in June.</mark>" in client.get(address, params={"format": "html"}).text
    refused(client.get(address, params={"format": "pdf"}), 422, "unprocessable", "format")
    refused(client.get("/v1/conversations/conv_x/export"), 404, "not_found", "conversation_id")


def test_feedback_is_exported_line_by_line(
    locked: TestClient, assistant: SmallAssistant, capsys: pytest.CaptureFixture[str]
) -> None:
    body, other = ask(locked), locked.post("/v1/ask", json={"question": "Who?", "conversation_id": "new"}).json()
    ask(locked, "Why is\nrhubarb sour?")
    for answer, thumb in ((body, "up"), (other, "down")):
        locked.put(f"/v1/answers/{answer['id']}/feedback", json={"thumb": thumb})
    lines = [json.loads(line) for line in locked.get("/v1/feedback").text.splitlines()]
    assert [(line["question"], line["thumb"], line["answer"]) for line in lines] == [
        (QUESTION, "up", body),
        ("Who?", "down", other),
    ]
    assert locked.get("/v1/feedback", headers=key("two")).text == ""
    assert main(["feedback", "--library", str(assistant.store.folder)]) == 0  # everybody's, beside the server
    assert [json.loads(line)["question"] for line in capsys.readouterr().out.splitlines()] == [QUESTION, "Who?"]


def test_what_one_key_stored_another_does_not_take_along(locked: TestClient) -> None:
    body = ask(locked)
    for path in (f"/v1/answers/{body['id']}/receipt", f"/v1/conversations/{body['conversation_id']}/export"):
        assert locked.get(path).status_code == 200
        assert locked.get(path, headers=key("two")).status_code == 404
