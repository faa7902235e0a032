"""The page in a real Chromium: ask, press the footnote, read the cited words where they stand."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from assistant import web
from assistant.api import create_app
from assistant.settings import Settings
from ingest.document import Document
from tests.assistants import SmallAssistant

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BRIDGE = 'The Vale bridge opened on 3 May 😀. "It took nine years," Mayor Ida Holm said.\n\n' + "\n\n".join(
    f"Paragraph {number} tells of ferries and of harbours that nobody asked about." for number in range(40)
)
HOSTILE_TITLE = "<script>window.hacked=1</script>{{value}}${value}<img src=x onerror='window.hacked=1'>" + "x" * 400
HOSTILE = (
    "The hostile comet <script>window.hacked=1</script> passed Earth <img src=x onerror=window.hacked=1> in 2031. "
    "[press](javascript:window.hacked=1) {{constructor}} ${window.hacked=1} `x` \u202edne 😀"
)
DESK = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}

if CHROMIUM is None and not os.environ.get("CI"):
    pytest.skip("Chromium is not installed: apt-get install chromium", allow_module_level=True)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    assistant = SmallAssistant(tmp_path_factory.mktemp("page"))
    assistant.pipeline.add(Document("Bridge opens", BRIDGE, source="bridge.txt", published="2024-05-03"), "bridge")
    assistant.pipeline.add(Document(HOSTILE_TITLE, HOSTILE, source="javascript:alert(1)"), "hostile")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        settings = Settings(port=port, _env_file=None)  # type: ignore[call-arg]
        app = create_app(lambda: assistant, settings)  # type: ignore[arg-type,return-value]
        web.mount(app, assistant, ["When did the Vale bridge open?"])
        config = uvicorn.Config(app, log_level="error", ws="none", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        _wait_until_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join()


def _wait_until_ready(address: str) -> None:
    for _ in range(100):
        try:
            if httpx.get(f"{address}/readyz", trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    yield from _opened(browser, address, DESK)


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    yield from _opened(browser, address, PHONE)


def _opened(browser: Browser, address: str, viewport: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(viewport=viewport)  # type: ignore[arg-type]
    opened = context.new_page()
    outside, errors = [], []
    opened.on("request", lambda request: outside.append(request.url) if _is_outside(request.url, address) else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(address)
    opened.wait_for_selector("#conversation .start")
    opened.wait_for_selector("#library li", state="attached")
    yield opened
    assert outside == [], "the page asked another machine"
    assert errors == []
    assert opened.evaluate("window.hacked") is None
    context.close()


def _is_outside(url: str, address: str) -> bool:
    return not url.startswith((address, "data:", "blob:"))


def ask(page: Page, question: str, shows: str) -> None:
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    page.wait_for_selector(shows)


def test_a_footnote_opens_the_article_at_the_cited_words(page: Page) -> None:
    ask(page, "How long did Mayor Ida Holm say it took?", ".answer")
    page.locator("#conversation .footnote").first.click()
    page.wait_for_selector("mark.current")
    assert page.locator("mark.current").all_inner_texts() == ['"It took nine years," Mayor Ida Holm said.']
    assert page.locator("#article h2").inner_text() == "Bridge opens"
    assert "2024-05-03" in page.locator("#article header").inner_text()
    assert page.locator("#article p.cited").count() == 1


def test_pointing_at_a_footnote_shows_the_quotation(page: Page) -> None:
    ask(page, "When did the Vale bridge open?", ".answer")
    page.mouse.move(0, 0)
    quotation = page.locator("#conversation .quotation").first
    assert not quotation.is_visible()
    page.locator("#conversation .footnote").first.hover()
    assert quotation.is_visible()
    assert quotation.locator("q").inner_text() == "The Vale bridge opened on 3 May 😀."


def test_the_cited_words_are_in_sight_in_a_long_article(page: Page) -> None:
    ask(page, "Which paragraph 37 tells of ferries?", ".answer")
    page.locator("#conversation .footnote").first.click()
    page.wait_for_timeout(900)  # the smooth scroll
    box, sheet = page.locator("mark.current").bounding_box(), page.locator("#article").bounding_box()
    assert box is not None
    assert sheet is not None
    assert sheet["y"] <= box["y"] <= sheet["y"] + sheet["height"]


def test_a_refusal_shows_the_closest_paragraphs_and_opens_them(page: Page) -> None:
    ask(page, "Zebra quantum?", ".refusal")
    assert page.locator(".refusal li").count() >= 1
    page.locator(".refusal .source").first.click()
    page.wait_for_selector("mark.current")


def test_a_suggestion_is_asked_when_pressed_and_a_new_conversation_begins_anew(page: Page) -> None:
    page.get_by_role("button", name="When did the Vale bridge open?").click()
    page.wait_for_selector(".answer")
    assert page.locator(".question").inner_text() == "When did the Vale bridge open?"
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_selector("#conversation .start")


def test_ticked_articles_alone_are_asked(page: Page) -> None:
    page.locator('[data-tick="hostile"]').check()
    page.get_by_text("Asking 1 of the articles.").wait_for()
    page.wait_for_timeout(300)  # the choice travels to the server
    ask(page, "When did the Vale bridge open?", ".refusal")
    assert "comet" in page.locator(".refusal").inner_text()


def test_a_bug_is_told_and_the_question_is_not_lost(page: Page) -> None:
    ask(page, "Please break.", ".trouble")
    assert page.locator("#question textarea").input_value() == "Please break."
    ask(page, "When did the Vale bridge open?", ".answer")


def test_a_hostile_article_harms_nothing(page: Page) -> None:
    ask(page, "When did the hostile comet pass Earth?", ".answer")
    page.locator("#conversation .footnote").first.click()
    page.wait_for_selector("mark.current")
    assert "The hostile comet <script>window." in page.locator("mark.current").inner_text()
    assert HOSTILE in page.locator("#article .text").inner_text()
    assert "{{value}}${value}" in page.locator("#article h2").inner_text()
    page.wait_for_timeout(200)


def test_articles_are_added_on_the_page_and_removing_can_be_undone(page: Page, tmp_path: Path) -> None:
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("[data-text]").fill("Ferry stops\n\nThe last ferry crossed on Thursday night.")
    page.get_by_role("button", name="Add this").click()
    page.locator(".report .done", has_text="Your text: added").wait_for()
    (tmp_path / "kelp.md").write_text("# Kelp returns\n\nThe kelp covers 640 hectares of Skerry Bay.")
    (tmp_path / "photo.bin").write_bytes(bytes(range(256)))
    page.locator("[data-files]").set_input_files([tmp_path / "kelp.md", tmp_path / "photo.bin"])
    page.locator(".report .done", has_text="kelp.md: added").wait_for()
    assert "photo.bin: " in page.locator(".report .trouble").inner_text()
    page.locator("#library .title", has_text="Kelp returns").wait_for()
    ask(page, "How many hectares of Skerry Bay does the kelp cover?", ".answer")
    row = page.locator("#library li", has_text="Kelp returns")
    row.hover()
    row.get_by_role("button", name="Remove Kelp returns").click()
    page.get_by_role("button", name="Keep Kelp returns").click()
    assert row.locator(".title").is_visible()
    for title in ("Kelp returns", "Ferry stops"):
        row = page.locator("#library li", has_text=title)
        row.hover()
        row.get_by_role("button", name=f"Remove {title}").click()
    page.locator("#library small", has_text="2").wait_for(timeout=15000)  # the time to undo is over
    assert page.locator("#library li", has_text="Kelp returns").count() == 0


def test_the_list_is_sorted_and_filtered(page: Page) -> None:
    titles = page.locator("#library .articles .title")
    page.locator("[data-sort]").select_option("published")
    assert titles.first.inner_text() == "Bridge opens"
    page.locator("[data-sort]").select_option("added")
    assert titles.first.inner_text() != "Bridge opens"
    page.locator("#library .filter").fill("bridge.txt")
    assert [row.is_visible() for row in titles.all()] == [False, True]


def test_on_a_phone_the_article_is_a_sheet_that_closes(phone: Page) -> None:
    ask(phone, "When did the Vale bridge open?", ".answer")
    assert not phone.locator("#article").is_visible()
    phone.locator("#conversation .footnote").first.click()
    phone.wait_for_selector("mark.current")
    phone.keyboard.press("Escape")
    phone.locator("#article").wait_for(state="hidden")
    assert phone.evaluate("document.activeElement.className") == "footnote"
    phone.get_by_role("button", name="Articles").click()
    phone.locator("#library").wait_for(state="visible")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_page_leaves_the_api_alone(address: str) -> None:
    with httpx.Client(base_url=address, trust_env=False) as client:
        assert client.get("/v1/nothing").json()["error"]["type"] == "not_found"
        assert client.get("/v1/ask").status_code == 405
        assert client.get("/healthz").json() == {"status": "ok"}
        assert "Footnote" in client.get("/").text
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 403


def test_screenshots_are_kept_where_ci_asks_for_them(page: Page) -> None:
    ask(page, "When did the Vale bridge open?", ".answer")
    folder = Path("artifacts")
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / "desk.png")
    assert (folder / "desk.png").stat().st_size > 10_000
