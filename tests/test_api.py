"""The HTTP API to the letter of the contract: bodies, statuses, error shape, schema, and a page mounted beside it."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from assistant.doors import responses
from assistant.doors.api import create_app
from assistant.doors.requests import ArticleRequest
from assistant.settings import Settings
from tests import openapi
from tests.assistants import BRIDGE, MOON, SmallAssistant, with_articles
from tests.listening import Listening
from vectorstore import InvalidInput, LibraryBusy

URL = "http://127.0.0.1:7860"


@pytest.fixture
def assistant(tmp_path: Path) -> SmallAssistant:
    return with_articles(tmp_path / "library")


@pytest.fixture
def app(assistant: SmallAssistant) -> FastAPI:
    return create_app(lambda: assistant, Settings())


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=URL, raise_server_exceptions=False) as opened:
        wait_until_ready(opened)
        yield opened


def wait_until_ready(client: TestClient) -> None:
    while client.get("/readyz").status_code == 503:
        pass


def refused(answer: Any, status: int, kind: str, param: str | None = None) -> str:
    """The sentence of an error that has the contract's shape."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    responses.Error.model_validate(body)
    assert (body["error"]["type"], body["error"]["param"]) == (kind, param), body
    message: str = body["error"]["message"]
    assert message.endswith("."), message
    return message


def fits(model: type[BaseModel], answer: Any) -> dict[str, Any]:
    """The body, which has exactly the described fields in the described order."""
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert list(body) == list(model.model_fields)
    model.model_validate(body)
    return body


# Asking


def test_an_answer_is_the_contracts(client: TestClient) -> None:
    body = fits(responses.Answer, client.post("/v1/ask", json={"question": "When do tolls begin?"}))
    assert body["answer"] == "Tolls begin in June. [1]"
    citation = body["citations"][0]
    assert list(citation) == list(responses.Citation.model_fields)
    assert BRIDGE[citation["start_char_index"] : citation["end_char_index"]] == citation["cited_text"]


def test_a_refusal_is_the_contracts(client: TestClient) -> None:
    body = fits(responses.Answer, client.post("/v1/ask", json={"question": "Why is rhubarb sour?"}))
    assert body["refused"]
    assert body["refusal"]["reason"] == "not_in_articles"


def test_what_is_asked_reaches_the_assistant(client: TestClient, assistant: SmallAssistant) -> None:
    body = {
        "question": "And when?",
        "searched_for": "When do tolls begin?",
        "filters": {"article_ids": ["moon"]},
        "history": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": ""}],
        "model": "extractive",
    }
    assert client.post("/v1/ask", json=body).json()["searched_for"] == "When do tolls begin?"
    asked = assistant.asked[-1]
    assert asked["article_ids"] == ["moon"]
    assert [(turn.role, turn.content) for turn in asked["history"]] == [("user", "Hello"), ("assistant", "")]


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"tags": ["space", "sport"]}, ["moon"]),
        ({"tags": ["spac"]}, []),
        ({"published_from": "2024-05-03"}, ["bridge"]),
        ({"published_from": "2024-05-04"}, []),
        ({"published_to": "2024-05-03T00:00"}, ["bridge"]),
        ({"published_from": "2024-01-01", "article_ids": ["moon"]}, []),
        ({"tags": []}, None),
    ],
)
def test_filters_by_tag_and_day(
    client: TestClient, assistant: SmallAssistant, filters: dict[str, Any], ids: list[str] | None
) -> None:
    assert client.post("/v1/ask", json={"question": "When do tolls begin?", "filters": filters}).status_code == 200
    assert assistant.asked[-1]["article_ids"] == ids


def test_null_is_as_good_as_absent(client: TestClient) -> None:
    optional = ("filters", "model", "history", "conversation_id", "searched_for")
    fits(responses.Answer, client.post("/v1/ask", json={"question": "When?"} | dict.fromkeys(optional)))
    filters = dict.fromkeys(("article_ids", "tags", "published_from", "published_to"))
    fits(responses.Answer, client.post("/v1/ask", json={"question": "When?", "filters": filters}))


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/event-stream", "text/event-stream"),
        ("Text/Event-Stream; q=0.9, */*;q=0.1", "text/event-stream"),
        ("application/json;q=0.5, text/event-stream", "text/event-stream"),
        ("application/json, text/event-stream", "application/json"),
        ("text/event-stream;q=0", "application/json"),
        ("text/event-stream;q=x;", "text/event-stream"),
        ("*/*", "application/json"),
        ("", "application/json"),
    ],
)
def test_events_are_sent_to_whom_asks_for_them(client: TestClient, accept: str, kind: str) -> None:
    answer = client.post("/v1/ask", json={"question": "When?"}, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == kind


@pytest.mark.parametrize(
    ("change", "param", "says"),
    [
        ({"question": None}, "question", "string"),
        ({"question": ""}, "question", "at least 1"),
        ({"question": " \n\t"}, "question", "blank"),
        ({"question": "x" * 2001}, "question", "2,001"),
        ({"question": 5}, "question", "string"),
        ({"question": "a\0b"}, "question", "NUL"),
        ({"question": "a\ud800b"}, "question", "surrogate"),
        ({"searched_for": "\udc00"}, "searched_for", "surrogate"),
        ({"searched_for": " "}, "searched_for", "blank"),
        ({"model": "gpt"}, "model", "extractive"),
        ({"colour": "red"}, "colour", "no such field"),
        ({"filters": {"article_ids": "moon"}}, "filters.article_ids", "list"),
        ({"filters": {"article_ids": ["\0"]}}, "filters.article_ids.0", "NUL"),
        ({"filters": {"author": "Ida"}}, "filters.author", "no such field"),
        ({"filters": {"tags": "x"}}, "filters.tags", "list"),
        ({"filters": {"published_from": "May"}}, "filters.published_from", "2024-05-03"),
        ({"conversation_id": "new", "history": []}, "conversation_id", "not both"),
        ({"history": [{"role": "system", "content": "x"}]}, "history.0.role", "user"),
        ({"history": [{"role": "user"}]}, "history.0.content", "missing"),
    ],
)
def test_what_cannot_be_asked(client: TestClient, change: dict[str, Any], param: str, says: str) -> None:
    body = {"question": "When do tolls begin?"} | change
    raw = json.dumps(body).encode()
    answer = client.post("/v1/ask", content=raw, headers={"Content-Type": "application/json"})
    assert says in refused(answer, 422, "unprocessable", param)


def test_a_question_may_have_2000_characters_of_any_kind(client: TestClient) -> None:
    assert client.post("/v1/ask", json={"question": "📷" * 2000}).status_code == 200


@pytest.mark.parametrize("key", ["a\0", "\ud800"])
def test_an_unreadable_name_is_refused_without_repeating_it(client: TestClient, key: str) -> None:
    raw = json.dumps({"question": "x", key: 1}).encode()
    answer = client.post("/v1/ask", content=raw, headers={"Content-Type": "application/json"})
    refused(answer, 422, "unprocessable")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        '{"question": "x"}'.encode("utf-16"),
        b'{"question": NaN}',
        b"[" * 100000,
        b'{"question": "x", "question": "y"}',
        b'{"question": ' + b"1" * 5000 + b"}",
    ],
)
def test_what_is_not_json(client: TestClient, raw: bytes) -> None:
    for path in ("/v1/ask", "/v1/articles"):
        answer = client.post(path, content=raw, headers={"Content-Type": "application/json"})
        assert "JSON" in refused(answer, 400, "invalid_request")


@pytest.mark.parametrize("raw", [b"[]", b"null", b'"question"', b"1e999"])
def test_json_that_is_no_object(client: TestClient, raw: bytes) -> None:
    answer = client.post("/v1/ask", content=raw, headers={"Content-Type": "application/json"})
    assert "object" in refused(answer, 422, "unprocessable")


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonp", ";"])
def test_other_media_types(client: TestClient, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind else {}
    for path in ("/v1/ask", "/v1/articles"):
        answer = client.post(path, content=b'{"question": "x"}', headers=headers)
        assert "application/json" in refused(answer, 415, "unsupported_media_type")


def test_a_media_type_may_have_parameters_and_capitals(client: TestClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert client.post("/v1/ask", content=b'{"question": "When?"}', headers=headers).status_code == 200


def test_a_bug_is_a_500_and_stays_loud(client: TestClient, app: FastAPI) -> None:
    answer = client.post("/v1/ask", json={"question": "Please break."})
    message = refused(answer, 500, "internal_error")
    assert "RuntimeError" not in message
    assert answer.headers["x-content-type-options"] == "nosniff"
    with pytest.raises(RuntimeError, match="a bug"):
        TestClient(app, base_url=URL).post("/v1/ask", json={"question": "Please break."})


# Articles


def test_text_is_stored_as_given(client: TestClient) -> None:
    text = "One line.\n\nBack To Top\n\nAnother line."
    given = {"id": "a:1~x", "title": "Lines", "text": text, "tags": ["t"], "published": "2024-05-03", "author": "A"}
    body = fits(responses.Added, client.post("/v1/articles", json=given))
    assert [(row["id"], row["status"], row["dropped"]) for row in body["articles"]] == [("a:1~x", "added", [])]
    assert list(body["articles"][0]) == list(responses.AddedArticle.model_fields)
    again = client.post("/v1/articles", json=given).json()["articles"][0]
    assert (again["status"], again["version"]) == ("unchanged", body["articles"][0]["version"])
    article = fits(responses.Article, client.get("/v1/articles/a%3A1~x"))
    assert (article["text"], article["tags"], article["author"]) == (text, ["t"], "A")
    spans = [(part["start_char_index"], part["end_char_index"]) for part in article["paragraphs"]]
    assert [text[start:end] for start, end in spans] == text.split("\n\n")


def test_text_is_cleaned_on_request_and_titled_by_its_first_line(client: TestClient) -> None:
    text = "A headline\n\nOne line that is long enough to stay, with a full stop.\n\nBack To Top"
    row = client.post("/v1/articles", json={"text": text, "clean": True}).json()["articles"][0]
    assert row["dropped"] == ["Back To Top"]
    assert row["title"] == "A headline"
    assert "Back To Top" not in client.get(f"/v1/articles/{row['id']}").json()["text"]


def test_html_is_read_and_told_metadata_wins(client: TestClient) -> None:
    page = "<html><title>Old</title><body><article><h1>Old</h1><p>" + BRIDGE * 3 + "</p></article></body></html>"
    row = client.post("/v1/articles", json={"html": page, "title": "New", "source": "https://example.org/a"}).json()
    article = client.get(f"/v1/articles/{row['articles'][0]['id']}").json()
    assert (article["title"], article["source"]) == ("New", "https://example.org/a")
    assert "nine years" in article["text"]


def test_an_edited_article_keeps_its_old_version_readable(client: TestClient) -> None:
    old = client.get("/v1/articles/bridge").json()["version"]
    row = client.post("/v1/articles", json={"id": "bridge", "title": "Bridge", "text": "It closed."}).json()[
        "articles"
    ][0]
    assert row["status"] == "updated"
    assert client.get("/v1/articles/bridge").json()["text"] == "It closed."
    assert client.get("/v1/articles/bridge", params={"version": old}).json()["text"] == BRIDGE


@pytest.mark.parametrize(
    ("body", "param", "says"),
    [
        ({}, "text", "exactly one"),
        ({"text": "x", "html": "<p>x</p>"}, "html", "exactly one"),
        ({"text": " \n"}, "text", "blank"),
        ({"text": ""}, "text", "blank"),
        ({"html": "<html><body></body></html>"}, "html", ""),
        ({"url": "file:///etc/passwd"}, "url", "only http and https"),
        ({"url": "http://127.0.0.1/"}, "url", "not public"),
        ({"url": "http://[::ffff:a00:1]/"}, "url", "not public"),
        ({"text": "x", "id": "a/b"}, "id", "1 to 128"),
        ({"text": "x", "id": ""}, "id", "1 to 128"),
        ({"text": "x", "id": "x\n"}, "id", "1 to 128"),
        ({"text": "x", "id": "x" * 129}, "id", "1 to 128"),
        ({"text": "x", "published": "yesterday"}, "published", "2024-05-03"),
        ({"text": "x", "tags": "one"}, "tags", "list"),
        ({"text": "x", "clean": "yes"}, "clean", "boolean"),
        ({"text": "x\0"}, "text", "NUL"),
        ({"text": "x", "tags": ["\ud83d"]}, "tags.0", "surrogate"),
        ({"text": "x", "Title": "y"}, "Title", "no such field"),
    ],
)
def test_what_cannot_be_added(client: TestClient, body: dict[str, Any], param: str, says: str) -> None:
    answer = client.post("/v1/articles", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert says in refused(answer, 422, "unprocessable", param)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2024-05-03", "2024-05-03"),
        ("20240503", "2024-05-03"),
        ("2024-W18-5", "2024-05-03"),
        ("20240503T183000", "2024-05-03T18:30:00"),
        ("2024-05-03T18:30:00+02:00", "2024-05-03T18:30:00+02:00"),
    ],
)
def test_dates_are_kept_in_one_form(given: str, kept: str) -> None:
    assert ArticleRequest(text="x", published=given).published == kept


def test_files_are_added_or_skipped_with_a_reason(client: TestClient) -> None:
    files = [
        ("files", ("../../one.txt", b"The first file.\n\nIt has two paragraphs.", "text/plain")),
        ("other", ("C:\\two.txt", "Die zweite Datei, für alle.".encode(), "text/plain")),
        ("files", ("three.bin", b"\x00\x01\x02", "application/octet-stream")),
        ("files", ("four.txt", b"", "text/plain")),
    ]
    body = fits(responses.Added, client.post("/v1/articles", files=files))
    assert [row["status"] for row in body["articles"]] == ["added", "added"]
    assert [row["source"] for row in body["skipped"]] == ["three.bin", "four.txt"]
    assert all(row["reason"] for row in body["skipped"])
    sources = [row["source"] for row in client.get("/v1/articles").json()["articles"][:2]]
    assert sources == ["two.txt", "one.txt"]


def test_a_form_holds_files_only(client: TestClient) -> None:
    named = client.post("/v1/articles", files={"file": ("a.txt", b"x")}, data={"title": "T"})
    assert "file" in refused(named, 422, "unprocessable", "title")
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    refused(client.post("/v1/articles", content=b"--x--\r\n", headers=headers), 422, "unprocessable", "files")
    refused(client.post("/v1/articles", content=b"nonsense", headers=headers), 400, "invalid_request")
    no_boundary = {"Content-Type": "multipart/form-data"}
    refused(client.post("/v1/articles", content=b"x", headers=no_boundary), 400, "invalid_request")


class SlowHost:
    """In the place of the fetcher; a host that sends nothing until `go_on`."""

    def __init__(self) -> None:
        self.waiting = threading.Semaphore(0)
        self.go_on = threading.Event()

    def fetch(self, url: str) -> None:
        self.waiting.release()
        self.go_on.wait(60)
        raise InvalidInput("It sent nothing.")


def test_links_to_a_slow_host_keep_nobody_from_asking(app: FastAPI, client: TestClient) -> None:
    app.state.fetcher = host = SlowHost()
    assert client.portal is not None
    client.portal.call(to_thread.current_default_thread_limiter).total_tokens = 2  # of 40, to need fewer links
    with ThreadPoolExecutor() as pool:
        links = [pool.submit(client.post, "/v1/articles", json={"url": f"https://slow.example/{n}"}) for n in (1, 2)]
        try:
            assert all(host.waiting.acquire(timeout=30) for _ in links)
            asked = pool.submit(client.post, "/v1/ask", json={"question": "When do tolls begin?"})
            assert asked.result(timeout=30).status_code == 200
        finally:
            host.go_on.set()
        for link in links:
            refused(link.result(), 422, "unprocessable", "url")


def test_the_list_goes_page_by_page(client: TestClient) -> None:
    first = fits(responses.ArticleList, client.get("/v1/articles?limit=1"))
    assert [row["id"] for row in first["articles"]] == ["moon"]
    assert list(first["articles"][0]) == list(responses.ListedArticle.model_fields)
    second = client.get("/v1/articles", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert ([row["id"] for row in second["articles"]], second["next_cursor"]) == (["bridge"], None)
    assert [row["id"] for row in client.get("/v1/articles?query=BRIDGE").json()["articles"]] == ["bridge"]
    assert [row["id"] for row in client.get("/v1/articles?tag=space").json()["articles"]] == ["moon"]
    for limit in ("0", "1001", "x"):
        refused(client.get(f"/v1/articles?limit={limit}"), 422, "unprocessable", "limit")
    refused(client.get("/v1/articles?cursor=x"), 422, "unprocessable", "cursor")
    refused(client.get(f"/v1/articles?query={'x' * 201}"), 422, "unprocessable", "query")


def test_an_article_is_removed_once(client: TestClient) -> None:
    gone = client.delete("/v1/articles/moon")
    assert (gone.status_code, gone.content) == (204, b"")
    assert client.get("/v1/articles/moon").status_code == 404
    refused(client.delete("/v1/articles/moon"), 404, "not_found", "id")
    refused(client.get("/v1/articles/bridge?version=sha256:0"), 404, "not_found", "version")


def test_search_gives_passages(client: TestClient) -> None:
    body = fits(responses.Passages, client.get("/v1/search", params={"q": "battery of the probe", "k": 2}))
    best = body["passages"][0]
    assert list(best) == list(responses.Passage.model_fields)
    assert MOON[best["start_char_index"] : best["end_char_index"]] == best["text"]
    only = client.get("/v1/search", params={"q": "probe", "article_ids": ["bridge", "none"]}).json()["passages"]
    assert {passage["article_id"] for passage in only} <= {"bridge"}


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=%20", "q"),
        ("q=x&k=0", "k"),
        ("q=x&k=51", "k"),
        ("q=x&k=two", "k"),
        ("q=" + "x" * 2001, "q"),
        ("q=%00", "query"),
        ("q=%ED%A0%80", "query"),
        ("q=%FF", "query"),
        ("q=x&tag=%00", "query"),
    ],
)
def test_what_cannot_be_searched(client: TestClient, query: str, param: str) -> None:
    refused(client.get(f"/v1/search?{query}"), 422, "unprocessable", param)


def test_a_blank_search_is_called_so(client: TestClient) -> None:
    assert "blank" in refused(client.get("/v1/search?q=%20"), 422, "unprocessable", "q")


# Addresses


@pytest.fixture
def paged(app: FastAPI) -> Iterator[TestClient]:
    """The API with something mounted at `/` that answers every miss with 200, as Gradio does with a 404 of its own."""
    app.mount("/", PlainTextResponse("the page"))
    with TestClient(app, base_url=URL) as opened:
        wait_until_ready(opened)
        yield opened


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/nothing", "/v1/ask/", "/v1/articles/", "/v1/articles/a%2Fb", "/v1/a%2F..%2Fb"]
)
def test_unknown_paths_are_ours_under_v1(paged: TestClient, path: str) -> None:
    for method in ("GET", "POST", "DELETE", "OPTIONS", "FOO"):
        if path == "/v1":
            assert paged.request(method, path).text == "the page"
        else:
            refused(paged.request(method, path), 404, "not_found")
    assert paged.get("/").text == "the page"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/v1/ask", "POST"),
        ("PUT", "/v1/articles", "GET, POST"),
        ("POST", "/v1/articles/bridge", "DELETE, GET"),
        ("POST", "/v1/search", "GET"),
        ("OPTIONS", "/v1/ask", "POST"),
        ("FOO", "/v1/ask", "POST"),
        ("POST", "/healthz", "GET"),
        ("POST", "/readyz", "GET"),
        ("DELETE", "/openapi.json", "GET"),
        ("PUT", "/docs", "GET"),
    ],
)
def test_a_wrong_method_names_the_right_ones(paged: TestClient, method: str, path: str, allow: str) -> None:
    answer = paged.request(method, path)
    assert allow in refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allow


def test_ids_with_percent_encoding(client: TestClient) -> None:
    assert client.get("/v1/articles/%62ridge").json()["id"] == "bridge"
    refused(client.get("/v1/articles/%C3%BC%F0%9F%93%B7"), 404, "not_found", "id")
    refused(client.get("/v1/articles/%00"), 422, "unprocessable")
    refused(client.get("/v1/articles/%FF"), 422, "unprocessable")


# A real server


@pytest.fixture
def listening(assistant: SmallAssistant) -> Iterator[Listening]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = create_app(lambda: assistant, Settings(port=listener.getsockname()[1]))
        server = Listening(app, listener)
        server.wait_until_ready()
        yield server
        server.stop()


def test_host_and_origin_on_the_wire(listening: Listening) -> None:
    ours = "Host: 127.0.0.1:{port}"
    assert listening.send("GET /v1/articles HTTP/1.1", ours)[0] == 200
    assert listening.send("GET /v1/articles HTTP/1.1", "Host: evil.example:{port}")[0] == 403
    assert listening.send("GET /v1/articles HTTP/1.0")[0] == 403
    write = "DELETE /v1/articles/moon HTTP/1.1"
    assert listening.send(write, ours, "Origin: http://evil.example")[0] == 403
    assert listening.send(write, ours, "Origin: null")[0] == 403
    assert listening.send("GET /v1/articles/moon HTTP/1.1", ours)[0] == 200


def test_encodings_in_a_path_on_the_wire(listening: Listening) -> None:
    def get(path: str) -> tuple[int, dict[str, Any]]:
        return listening.send(f"GET {path} HTTP/1.1", "Host: 127.0.0.1:{port}")

    assert get("/v1/articles/%62ridge")[1]["id"] == "bridge"
    for path in ("/v1/articles/%2562ridge", "/v1/articles/a%2Fb", "/v1/articles/..%2F..%2Fetc", "/v1/articles/.."):
        status, body = get(path)
        assert (status, body["error"]["type"]) == (404, "not_found"), path
    assert get("/v1/articles/%00")[0] == 422
    assert get("/v1/articles/%ED%A0%80")[0] == 422


def test_bodies_on_the_wire(listening: Listening) -> None:
    ask = ("POST /v1/ask HTTP/1.1", "Host: 127.0.0.1:{port}", "Content-Type: application/json")
    chunk = b"80000\r\n" + b" " * 0x80000 + b"\r\n"
    assert listening.send(*ask, "Transfer-Encoding: chunked", body=chunk * 3 + b"0\r\n\r\n")[0] == 413
    assert listening.send(*ask, "Content-Length: 99999999999999")[0] == 413
    question = b'{"question": "When do tolls begin?"}'
    in_pieces = b"".join(b"1\r\n%c\r\n" % byte for byte in question) + b"0\r\n\r\n"
    assert listening.send(*ask, "Transfer-Encoding: chunked", body=in_pieces)[1]["answer"] == "Tolls begin in June. [1]"


# Starting and ending


def test_health_answers_while_the_assistant_loads(tmp_path: Path) -> None:
    go_on = threading.Event()

    def load() -> SmallAssistant:
        go_on.wait(30)
        return with_articles(tmp_path)

    with TestClient(create_app(load, Settings()), base_url=URL) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        for answer in (
            client.get("/readyz"),
            client.post("/v1/ask", json={"question": "x"}),
            client.get("/v1/articles"),
        ):
            refused(answer, 503, "unavailable")
            assert answer.headers["retry-after"] == "1"
        assert client.get("/v1/nothing").status_code == 404
        go_on.set()
        wait_until_ready(client)
        assert client.get("/readyz").json() == {"status": "ready"}


def test_what_stops_the_assistant_from_loading_is_told(tmp_path: Path) -> None:
    def load() -> SmallAssistant:
        raise LibraryBusy("The library is in use.")

    with TestClient(create_app(load, Settings()), base_url=URL) as client:
        wait_until_ready(client)
        assert refused(client.get("/readyz"), 409, "conflict") == "The library is in use."
        assert client.get("/healthz").status_code == 200


def test_the_library_is_closed_with_the_application(client: TestClient, tmp_path: Path) -> None:
    client.__exit__(None, None, None)
    SmallAssistant(tmp_path / "library").store.close()  # would say that it is busy
    client.__enter__()


def test_keys_open_the_api(tmp_path: Path) -> None:
    settings = Settings(api_key="one,two")  # type: ignore[arg-type]
    app = create_app(lambda: with_articles(tmp_path), settings, token="of-this-run")
    with TestClient(app, base_url=URL) as client:
        refused(client.get("/v1/articles"), 401, "authentication")
        assert client.get("/docs").status_code == 401
        assert client.get("/healthz").status_code == 200
        for key in ("two", "of-this-run"):
            client.headers["Authorization"] = f"Bearer {key}"
            wait_until_ready(client)
            assert client.get("/v1/articles").status_code == 200


def test_pages_of_listed_sites_may_call(tmp_path: Path) -> None:
    settings = Settings(api_key="one", allow_origins="https://desk.example")  # type: ignore[arg-type]
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    with TestClient(create_app(lambda: with_articles(tmp_path), settings), base_url=URL) as client:
        for origin, allowed in [("https://desk.example", "https://desk.example"), ("https://evil.example", None)]:
            before = client.options("/v1/ask", headers={"Origin": origin, **preflight})
            refused_key = client.post("/v1/ask", headers={"Origin": origin}, json={"question": "When?"})
            for answer in (before, refused_key):
                assert answer.headers.get("access-control-allow-origin") == allowed
            assert (before.status_code == 200) == bool(allowed)
            rating = client.options(
                "/v1/answers/ans_1/feedback", headers={"Origin": origin, "Access-Control-Request-Method": "PUT"}
            )
            assert (rating.status_code == 200) == bool(allowed)
            assert "access-control-allow-credentials" not in before.headers
            assert refused_key.status_code == (401 if allowed else 403)


def test_nobody_may_call_from_elsewhere_unless_listed(client: TestClient) -> None:
    preflight = {"Origin": "https://desk.example", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in client.options("/v1/ask", headers=preflight).headers
    assert "access-control-allow-origin" not in client.get("/v1/articles", headers=preflight).headers


def test_a_body_past_its_limit_has_the_contracts_shape(client: TestClient) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(3):
            yield b" " * (1 << 19)

    refused(client.post("/v1/ask", content=pieces(), headers={"Content-Type": "application/json"}), 413, "too_large")
    refused(client.post("/v1/ask", content=b" " * (2 << 20)), 413, "too_large")


# The description


def test_the_schema_is_3_1_and_shows_our_errors(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    assert schema["openapi"] == "3.1.0"
    assert "HTTPValidationError" not in json.dumps(schema)
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            if path.startswith("/v1"):
                told = operation["responses"]["422"]["content"]["application/json"]["schema"]
                assert told == {"$ref": "#/components/schemas/Error"}
    names = set(schema["components"]["schemas"])
    assert set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(schema))) <= names
    assert {"AskRequest", "ArticleRequest", "Filters", "Turn", "Files"} <= names
    operations = [operation["operationId"] for path in schema["paths"].values() for operation in path.values()]
    assert len(set(operations)) == len(operations)


def test_the_schema_does_not_change_unannounced(app: FastAPI) -> None:
    assert openapi.described() == openapi.FILE.read_text(), (
        "The description of the API has changed. If that is meant, `make openapi` (python -m tests.openapi) "
        "writes tests/openapi.json anew: commit it with the change."
    )


def test_the_page_of_the_schema_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "http" not in page.text
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(assets) == 4
    for asset in assets:
        assert client.get(f"/{asset}").status_code == 200, asset
    assert client.get("/docs/nothing.js").status_code == 404
    assert client.get("/docs/..%2Fcore.py").status_code == 404
