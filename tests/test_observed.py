"""What a server tells of itself: request ids, one log line a request without a question in it, and metrics."""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant import metrics, serving
from assistant.doors import logs
from assistant.doors.api import create_app
from assistant.settings import Settings
from tests.assistants import with_articles
from tests.test_api import URL, wait_until_ready

QUESTION = "When do tolls begin?"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(lambda: with_articles(tmp_path / "library"), Settings())
    with TestClient(app, base_url=URL, raise_server_exceptions=False) as opened:
        wait_until_ready(opened)
        yield opened


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def test_every_answer_has_an_id_and_a_plain_one_of_the_clients_is_kept(client: TestClient) -> None:
    ours = [client.get("/healthz").headers["x-request-id"] for _ in range(2)]
    assert len(set(ours)) == 2
    assert client.get("/v1/nothing", headers={"X-Request-Id": "abc-1"}).headers["x-request-id"] == "abc-1"
    for strange in ("a b", "x" * 129, "<script>", ""):
        assert client.get("/healthz", headers={"X-Request-Id": strange}).headers["x-request-id"] != strange
    refused = client.get("/healthz", headers={"Host": "evil.example", "X-Request-Id": "abc-2"})
    assert (refused.status_code, refused.headers["x-request-id"]) == (403, "abc-2")
    broken = client.post("/v1/ask", json={"question": "Please break."}, headers={"X-Request-Id": "abc-3"})
    assert (broken.status_code, broken.headers["x-request-id"]) == (500, "abc-3")


def test_a_request_is_one_line_without_its_question(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "assistant")
    client.post("/v1/ask", json={"question": "Is rhubarb secret?"}, headers={"X-Request-Id": "abc-4"})
    client.get("/v1/search", params={"q": "rhubarb"})
    client.get("/healthz")
    assert "rhubarb" not in caplog.text
    first, second = caplog.records
    assert first.getMessage().startswith("POST /v1/ask 200 in ")
    assert second.getMessage().startswith("GET /v1/search 200 in ")


@pytest.mark.parametrize("level", ["debug", "info"])
def test_the_server_writes_no_log_of_addresses_with_questions_in_them(level: str) -> None:
    assert not serving._uvicorn_config(FastAPI(), level, 1).access_log


def test_a_line_is_json_for_programs_and_words_for_people() -> None:
    logs.REQUEST_ID.set("abc-5")
    try:
        raise ValueError("odd")
    except ValueError:
        record = logging.LogRecord("assistant.x", logging.ERROR, "", 0, "It %s\nbroke.", ("really",), sys.exc_info())
    record.facts = {"status": 500}
    line = logs.Json().format(record)
    told = json.loads(line)
    assert "\n" not in line
    assert (told["level"], told["message"], told["request_id"], told["status"]) == (
        "error", "It really\nbroke.", "abc-5", 500,
    )  # fmt: skip
    assert "ValueError: odd" in told["traceback"]
    record.exc_info = record.exc_text = None
    assert logs.Words().format(record) == "ERROR assistant.x: It really\nbroke. [abc-5]"


def test_metrics_count_requests_answers_and_refusals(client: TestClient) -> None:
    def counts() -> list[float]:
        return [
            value("footnote_requests_total", method="POST", route="/v1/ask", status="200"),
            value("footnote_requests_total", method="GET", route="/v1/articles/{id}", status="404"),
            value("footnote_requests_total", method="OTHER", route="none", status="405"),
            value("footnote_answers_total", model="extractive", outcome="answered"),
            value("footnote_answers_total", model="extractive", outcome="not_in_articles"),
            value("footnote_request_seconds_count", route="/v1/ask"),
        ]

    before = counts()
    client.post("/v1/ask", json={"question": QUESTION})
    client.post("/v1/ask", json={"question": "Why is rhubarb sour?"}, headers={"Accept": "text/event-stream"})
    client.get("/v1/articles/nothing")
    client.request("BREW", "/v1/ask")
    assert [after - earlier for after, earlier in zip(counts(), before, strict=True)] == [2, 1, 1, 1, 1, 2]


def test_metrics_are_prometheus_text(client: TestClient) -> None:
    metrics.model_used("model:x", 7, 2)
    metrics.model_failed("model:x")
    metrics.model_checked(left_out=2, invalid_markers=3)
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    lines = answer.text.splitlines()
    assert "footnote_library_articles 2.0" in lines
    assert "footnote_library_chunks 2.0" in lines
    assert 'footnote_model_tokens_total{kind="read",model="model:x"} 7.0' in lines
    assert 'footnote_model_failures_total{model="model:x"} 1.0' in lines
    assert 'footnote_questions{state="waiting"} 0.0' in lines
    assert any(line.startswith("footnote_invalid_markers_total") for line in lines)
    assert any(line.startswith("process_resident_memory_bytes") for line in lines)
