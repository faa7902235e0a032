"""The receipt in a real Chromium: opened from a file, it runs nothing, fetches nothing, and prints."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from assistant.keeping.export import paragraphs_of
from assistant.keeping.receipt import drawn
from ingest.document import Document
from tests.assistants import SmallAssistant
from tests.test_receipt import CREATED, HOSTILE

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium")
if CHROMIUM is None and not os.environ.get("CI"):
    pytest.skip("Chromium is not installed: apt-get install chromium", allow_module_level=True)


def test_a_hostile_receipt_is_read_and_printed(tmp_path: Path) -> None:
    assistant = SmallAssistant(tmp_path / "library")
    assistant.pipeline.add(Document("<script>alert(2)</script>", HOSTILE, source="https://x.example/</a>"), "hostile")
    body = assistant.ask("When passed the hostile comet Earth?").to_json()
    file = tmp_path / "receipt.html"
    file.write_text(drawn(body, paragraphs_of(body, assistant.store.article), CREATED), encoding="utf-8")
    assistant.store.close()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.goto(file.as_uri())
        assert page.locator("blockquote").inner_text() == HOSTILE
        assert page.locator("mark").inner_text() == body["citations"][0]["cited_text"]
        assert page.locator("h3").inner_text().endswith("<script>alert(2)</script>")
        page.locator("sup a").first.click()
        assert page.url.endswith("#citation-1")
        # The style was let through, dark as the system is, and nothing is wider than the phone.
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 25, 23)"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.pdf(format="A4").startswith(b"%PDF")
        browser.close()
    assert asked == [file.as_uri()]
    assert said == []
