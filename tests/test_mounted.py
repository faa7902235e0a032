"""What of Gradio can be reached under the page: what the page calls, and nothing else, also with the right key."""

import asyncio
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant.doors import headers
from assistant.doors.api import create_app
from assistant.page import web
from assistant.settings import Settings
from tests.assistants import with_articles
from tests.test_api import URL, wait_until_ready


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    assistant = with_articles(tmp_path_factory.mktemp("mounted"))
    app = create_app(lambda: assistant, Settings(api_key="key"))  # type: ignore[arg-type,return-value]

    async def mount() -> None:
        web.mount(app, assistant, locked=True)

    asyncio.run(mount())  # where no event loop runs, Gradio opens some and leaves them open
    with TestClient(app, base_url=URL, headers={"Authorization": "Bearer key"}) as opened:
        wait_until_ready(opened)
        yield opened


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/file=https://evil.example/x.png"),
        ("GET", "/gradio_api/file/x.png"),
        ("HEAD", "/gradio_api/proxy=https://evil.example/x.png"),
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/upload_progress?upload_id=x"),
        ("GET", "/gradio_api/runs"),
        ("POST", "/gradio_api/run-history/connect"),
        ("GET", "/gradio_api/run-history/buckets"),
        ("GET", "/gradio_api/info"),
        ("POST", "/gradio_api/call/predict"),
        ("POST", "/gradio_api/vibe-edit"),
        ("GET", "/config"),
        ("GET", "/monitoring"),
        ("GET", "//gradio_api/file=https://evil.example/x.png"),
        ("GET", "/assets/../gradio_api/runs"),
        ("GET", "/gradio_api/heartbeat"),
    ],
)
def test_what_the_page_does_not_call_is_not_there(client: TestClient, method: str, path: str) -> None:
    for prefix in ("", URL):
        answer = client.request(method, prefix + path)
        assert answer.status_code == 404
        assert answer.headers["content-security-policy"] == headers.DATA_POLICY


def test_the_page_and_what_it_is_made_of_are(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-security-policy"] == headers.PAGE_POLICY
    assert '"run_history":false' in page.text.replace(" ", "")
    parts = re.findall(r'(?:src|href)="(?:\./|/)((?:assets|static)/[^"]+)"', page.text)
    assert len(parts) >= 2
    for part in (*parts, "theme.css", "gradio_api/app_id"):
        answer = client.get(f"/{part}")
        assert answer.status_code == 200, part
        assert answer.headers["content-security-policy"] == headers.DATA_POLICY
