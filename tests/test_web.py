"""The page in a real Chromium: ask, press the footnote, read the cited words where they stand."""

import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from assistant.answer import Answer, Event, Notice, Sentence, ShortAnswer, Shown
from assistant.doors.api import create_app
from assistant.page import web
from assistant.settings import Settings
from ingest.document import Document
from tests.assistants import SmallAssistant
from vectorstore import Span

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
HOSTILE_TITLE = "<script>window.hacked=1</script>{{value}}${value}<img src=x onerror='window.hacked=1'>" + "x" * 420
HOSTILE = (
    "The hostile comet <script>window.hacked=1</script> passed Earth <img src=x onerror=window.hacked=1> in 2031. "
    "[press](javascript:window.hacked=1) {{constructor}} ${window.hacked=1} `x` \u202edne 😀"
)
ARABIC = "افتتح الجسر الكبير يوم الجمعة. وقالت العمدة إن البناء استغرق تسع سنوات."
DESK = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}
ARTIFACTS = Path("artifacts")
AXE = Axe()

if CHROMIUM is None and not os.environ.get("CI"):
    pytest.skip("Chromium is not installed: apt-get install chromium", allow_module_level=True)


class Scripted(SmallAssistant):
    """Also gives what a chat model would: sentences of its own, sentences left out, time that it takes."""

    models = ("extractive", "second")
    closed = threading.Event()

    def stream(self, question: str, **options: Any) -> Iterator[Event]:
        if question == "And how long did it take?":
            options["searched_for"] = options.get("searched_for") or "How long did Mayor Ida Holm say it took?"
        events = list(super().stream(question, **options))
        if question.startswith("Slowly:"):
            yield from self._slowly(events)
        elif question.startswith("In other words:"):
            yield from map(_in_other_words, events)
        elif question == "How long is the Osk tunnel?":
            yield from map(_in_short, events)
        else:
            yield from events

    def _slowly(self, events: list[Event]) -> Iterator[Event]:
        (shown,) = (event for event in events if isinstance(event, Shown))
        try:
            for index in range(400):
                yield replace(shown, index=index, new_citations=() if index else shown.new_citations)
                time.sleep(0.05)
        finally:
            self.closed.set()


def _in_other_words(event: Event) -> Event:
    if not isinstance(event, Answer):
        return event
    told = Sentence("The bridge is open.", event.sentences[0].citations, "supported")
    left_out = Notice("left_out", "It was cheap.")
    return replace(event, sentences=(*event.sentences, told), notices=(left_out,), model="second")


def _in_short(event: Event) -> Event:
    if not isinstance(event, Answer):
        return event
    at = event.citations[0].article.text.index("42 metres")
    return replace(event, short_answer=ShortAnswer("42 metres", 1, Span(at, at + 9)))


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Scripted:
    assistant = Scripted(tmp_path_factory.mktemp("page"))
    told = Document("Bridge opens", BRIDGE, source="bridge.txt", published="2024-05-03", dropped=("Subscribe!",))
    assistant.pipeline.add(told, "bridge")
    assistant.pipeline.add(Document("Tolls", "Lorries pay charges from June.", tags=("money",)), "tolls")
    assistant.pipeline.add(Document("الجسر", ARABIC, language="ar"), "arabic")
    assistant.pipeline.add(Document(HOSTILE_TITLE, HOSTILE, source="javascript:alert(1)", tags=(HOSTILE,)), "hostile")
    return assistant


@pytest.fixture(scope="module")
def address(assistant: Scripted) -> Iterator[str]:
    with served(assistant, ["When did the Vale bridge open?"]) as address:
        yield address


@contextmanager
def served(assistant: SmallAssistant, suggestions: list[str], key: str | None = None) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        settings = Settings(port=port, api_key=key, _env_file=None)  # type: ignore[call-arg,arg-type]
        app = create_app(lambda: assistant, settings)  # type: ignore[arg-type,return-value]
        web.mount(app, assistant, suggestions, locked=bool(key))
        config = uvicorn.Config(app, log_level="error", ws="none", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        _wait_until_up(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join()


def _wait_until_up(address: str) -> None:
    for _ in range(300):
        try:
            if httpx.get(f"{address}/healthz", trust_env=False).is_success:
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
    with opened(browser, address) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address, viewport=PHONE) as page:
        yield page


@contextmanager
def opened(browser: Browser, address: str, path: str = "/", **options: Any) -> Iterator[Page]:
    """A page that asked no other machine, had no error, and ran nothing of an article's, or the test fails."""
    context = browser.new_context(**{"viewport": DESK, "reduced_motion": "reduce", **options})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(15_000)
    outside: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: outside.append(request.url) if _is_outside(request.url, address) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda told: errors.append(told.text) if "Content Security Policy" in told.text else None)
    page.goto(address + path)
    page.wait_for_selector("#conversation :is(.start, section)")
    yield page
    assert outside == [], "the page asked another machine"
    assert errors == []
    assert page.evaluate("window.hacked") is None
    context.close()


def _is_outside(url: str, address: str) -> bool:
    return not url.startswith((address, "data:", "blob:"))


def ask(page: Page, question: str, shows: str = ".answer .legend") -> None:
    """Asks, and waits until the whole answer is there."""
    before = page.locator("#conversation section").count()
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    page.wait_for_selector(f"#conversation section:nth-of-type({before + 1}) {shows}")


def accessible(page: Page) -> None:
    """axe-core finds nothing serious."""
    found = AXE.run(page).response["violations"]
    serious = [
        f"{each['id']}: {[node['html'][:160] for node in each['nodes']]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert serious == []


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.outerHTML"))


def in_sight(page: Page, inner: str, outer: str) -> bool:
    box, sheet = page.locator(inner).first.bounding_box(), page.locator(outer).bounding_box()
    assert box is not None
    assert sheet is not None
    return sheet["y"] <= box["y"] <= sheet["y"] + sheet["height"]


# Reading a citation


def test_a_footnote_opens_the_article_at_the_cited_words_and_escape_returns(page: Page) -> None:
    ask(page, "Which paragraph 37 tells of ferries?")
    footnote = page.locator("#conversation .footnote").first
    footnote.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("mark.current")
    assert page.locator("mark.current").all_inner_texts() == [
        "Paragraph 37 tells of ferries and of harbours that nobody asked about."
    ]
    assert page.locator("#article h2").inner_text() == "Bridge opens"
    assert "2024-05-03" in page.locator("#article header").inner_text()
    assert page.locator("#article p.cited").count() == 1
    assert in_sight(page, "mark.current", "#article")
    assert "current" in focused(page)
    page.locator("#article").evaluate("sheet => sheet.scrollTo(0, 0)")
    expect(page.locator("mark.current")).not_to_be_in_viewport()
    footnote.press("Enter")  # who has read on comes back by pressing it again
    expect(page.locator("mark.current")).to_be_in_viewport()
    assert footnote.get_attribute("aria-current") == "true"
    page.get_by_text("1 line cleaned away").click()
    expect(page.locator(".dropped li")).to_have_text("Subscribe!")
    page.keyboard.press("Escape")
    page.locator("#article").wait_for(state="hidden")
    assert 'data-citation="1"' in focused(page)


def test_pointing_or_tabbing_to_a_footnote_shows_the_quotation_in_its_paragraph(page: Page) -> None:
    ask(page, "When did the Vale bridge open?")
    card = page.locator("#conversation .card").first
    assert not card.is_visible()
    page.locator("#conversation .footnote").first.hover()
    expect(card).to_be_visible()
    assert card.locator("mark").inner_text() == "The Vale bridge opened on 3 May 😀."
    assert card.locator("q").inner_text() == BRIDGE.partition("\n\n")[0]
    assert "Bridge opens" in card.inner_text()
    assert "2024-05-03" in card.inner_text()
    card.hover()
    page.wait_for_timeout(250)
    assert card.is_visible(), "the pointer can go over to the card"
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()
    page.locator("#question textarea").focus()
    for _ in range(8):
        page.keyboard.press("Shift+Tab")
        if 'class="footnote"' in focused(page):
            break
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert 'class="footnote"' in focused(page)


def test_the_page_shows_what_the_endpoint_gives(page: Page, address: str) -> None:
    question = "When did the Vale bridge open?"
    body = httpx.post(f"{address}/v1/ask", json={"question": question}, trust_env=False).json()
    ask(page, question)
    shown = page.locator("#conversation .answer .sentence").all_inner_texts()
    assert len(shown) == len(body["sentences"])
    for text, sentence in zip(shown, body["sentences"], strict=True):
        assert text.startswith(sentence["text"])
    footnotes = page.locator("#conversation .footnote")
    assert footnotes.count() == len(body["citations"])
    for at, citation in enumerate(body["citations"]):
        footnotes.nth(at).click()
        expect(page.locator("mark.current")).to_have_text(citation["cited_text"])
        expect(page.locator("#article h2")).to_have_text(citation["document_title"])
        start, end = citation["start_char_index"], citation["end_char_index"]
        whole = httpx.get(f"{address}/v1/articles/{citation['article_id']}", trust_env=False).json()["text"]
        assert whole[start:end] == page.locator("mark.current").inner_text()


def test_previous_and_next_go_through_what_came_closest(page: Page) -> None:
    ask(page, "Zebra quantum?", ".refusal")
    assert page.locator(".refusal li q").first.is_visible()
    page.locator(".refusal .source").first.click()
    page.wait_for_selector("mark.current")
    first = page.locator("mark.current").first.inner_text()
    count = page.locator(".refusal li").count()
    expect(page.locator("#article .place")).to_have_text(f"1 of {count}")
    assert page.get_by_role("button", name="Previous footnote").is_disabled()
    page.get_by_role("button", name="Next footnote").click()
    expect(page.locator("#article .place")).to_have_text(f"2 of {count}")
    assert page.locator("mark.current").first.inner_text() != first
    page.keyboard.press("p")
    expect(page.locator("#article .place")).to_have_text(f"1 of {count}")
    assert page.locator("mark.current").first.inner_text() == first
    page.keyboard.press("n")
    expect(page.locator("#article .place")).to_have_text(f"2 of {count}")
    page.locator(".refusal .source").first.click()
    expect(page.locator("#article .place")).to_have_text(f"1 of {count}")


def test_an_article_that_is_gone_still_shows_the_words(page: Page, assistant: Scripted) -> None:
    assistant.pipeline.add(Document("Short lived", "The mayfly festival lasts a single day."), "mayfly")
    ask(page, "How long does the mayfly festival last?")
    assistant.store.remove("mayfly")
    page.locator("#conversation .footnote").first.click()
    expect(page.locator("#article .missing blockquote")).to_have_text("The mayfly festival lasts a single day.")


def test_a_long_article_opens_at_once_and_reads_right_to_left(page: Page, assistant: Scripted) -> None:
    words = " ".join(f"word{number}" for number in range(20))
    long = "\n\n".join(f"Part {part}. {words}." for part in range(900)) + "\n\nThe needle of the haystack is 42 cm."
    assistant.pipeline.add(Document("Twenty thousand words", long), "long")
    ask(page, "How long is the needle of the haystack?")
    begin = time.perf_counter()
    page.locator("#conversation .footnote").first.click()
    page.wait_for_selector("mark.current")
    assert time.perf_counter() - begin < 3
    assert in_sight(page, "mark.current", "#article")
    assistant.store.remove("long")
    page.locator("#library .open", has_text="الجسر").click()
    expect(page.locator("#article h2")).to_have_text("الجسر")
    assert page.locator("#article .text p").first.evaluate("each => getComputedStyle(each).direction") == "rtl"


# Answers


def test_sentences_show_as_they_are_given_and_stop_stops_the_work(page: Page, assistant: Scripted) -> None:
    assistant.closed.clear()
    ask(page, "Slowly: when did the Vale bridge open?", ".sentence")
    # Pressed as long as people do: sentences come meanwhile.
    page.locator("#conversation .footnote").first.click(delay=200)
    page.wait_for_selector("mark.current")
    page.get_by_role("button", name="Stop").click(delay=200)
    page.get_by_text("Stopped.").wait_for()
    ask(page, "Slowly: when did the Vale bridge open?", ".sentence")
    page.get_by_role("textbox", name="Question").press("Tab")
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Stopped.")).to_have_count(2)
    assert 1 <= page.locator("#conversation .sentence").count() < 400
    assert assistant.closed.wait(10), "the work goes on"
    ask(page, "When did the Vale bridge open?")
    assert page.locator("#conversation .stopped").count() == 2


def test_quoted_checked_and_left_out_look_different_and_a_legend_says_how(page: Page) -> None:
    ask(page, "In other words: when did the Vale bridge open?")
    looks = page.locator("#conversation .answer p:not(.legend)").evaluate_all(
        "each => each.map(one => getComputedStyle(one).borderInlineStartStyle)"
    )
    assert looks == ["solid", "dotted", "double"]
    legend = page.locator(".legend").inner_text()
    assert "quoted word for word" in legend
    assert "left out" in legend
    accessible(page)


def test_a_follow_up_shows_what_it_searched_for_and_takes_another(page: Page, assistant: Scripted) -> None:
    ask(page, "And how long did it take?")
    page.get_by_text("Searched for: How long did Mayor Ida Holm say it took?").click()
    page.get_by_role("textbox", name="What to search for").fill("From when do lorries pay charges?")
    page.get_by_role("button", name="Ask this").click()
    last = page.locator("#conversation section").nth(1)
    last.locator(".legend").wait_for()
    assert last.locator(".question").inner_text() == "And how long did it take?"
    assert "from June" in last.locator(".sentence").inner_text()


def test_an_answer_is_copied_linked_to_and_rated(page: Page, assistant: Scripted, address: str) -> None:
    ask(page, "When did the Vale bridge open?")
    page.locator('summary[aria-label="Copy"]').click()
    page.get_by_role("button", name="As Markdown").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "The vale bridge opened on 3 May 😀.[^1]".lower() in copied.lower()
    page.locator('summary[aria-label="Save"]').click()
    for item in page.locator(".menu[open] a").all():
        saved = httpx.get(address + str(item.get_attribute("href")), trust_env=False)
        assert saved.is_success
        assert "The Vale bridge opened on 3 May" in saved.text
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Copy a link to this answer").click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('?answer='))")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{address}/?answer=ans_")
    page.get_by_role("button", name="Bad answer").click()
    page.get_by_role("textbox", name="Why?").fill("Too old.")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("textbox", name="Why?").wait_for(state="hidden")
    kept = assistant.conversations.answer(link.rpartition("=")[2], "")
    assert kept.feedback is not None
    assert (kept.feedback.thumb, kept.feedback.reason) == ("down", "Too old.")
    page.goto(link)
    page.locator("#conversation section").wait_for()
    expect(page.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")


def test_a_further_question_that_the_article_answers_is_one_press_away(page: Page, assistant: Scripted) -> None:
    text = "The Osk tunnel is 42 metres long. Goats guard the tunnel every night."
    assistant.pipeline.add(Document("Osk", text, language="en"), "osk")
    ask(page, "Who do guard the tunnel every night, goats?")
    offered = page.locator("#further").get_by_role("button", name="How long is the Osk tunnel?")
    offered.wait_for()
    page.get_by_role("button", name="New conversation").click()
    expect(offered).to_have_count(0)
    ask(page, "Who do guard the tunnel every night, goats?")
    offered.click()
    page.locator("#conversation section:nth-of-type(2) strong", has_text="42 metres").wait_for()
    page.wait_for_function("!document.querySelector('#further .ask')")  # there is nothing left to ask
    assistant.store.remove("osk")


def test_another_model_can_be_asked(page: Page, assistant: Scripted) -> None:
    page.get_by_role("combobox", name="Answered by").select_option("second")
    ask(page, "When did the Vale bridge open?")
    page.locator('summary[aria-label="Ask another model"]').click()
    expect(page.locator("[data-again]")).to_have_text(["second"])  # the small assistant calls itself extractive
    page.locator("[data-again]").click()
    page.locator("#conversation section:nth-of-type(2) .legend").wait_for()


def test_a_bug_is_told_and_the_question_is_not_lost(page: Page) -> None:
    ask(page, "Please break.", ".trouble")
    expect(page.locator("#question textarea")).to_have_value("Please break.")
    ask(page, "When did the Vale bridge open?")


def test_a_question_that_waits_for_its_turn_is_told_of_and_not_asked_twice(page: Page) -> None:
    held: list[Route] = []
    page.route("**/gradio_api/queue/join*", lambda route: held.append(route))
    page.clock.install()
    box, told = page.locator("#question textarea"), page.locator("[data-scope]")
    for question in ("When did the Vale bridge open?", "And how long did it take?"):
        box.fill(question)
        box.press("Enter")
    expect(box).to_have_value("And how long did it take?")  # the first is on its way: the second stays
    page.route("**/gradio_api/queue/status", lambda route: route.fulfill(json={"queue_size": 1}))
    page.clock.fast_forward(9000)
    expect(told).to_have_text("Others have asked before you: your question waits for its turn.")
    box.press("Enter")
    page.unroute("**/gradio_api/queue/status")
    page.clock.fast_forward(9000)
    expect(told).to_have_text("The server did not take the question: ask again.")
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_selector("#conversation .legend")
    expect(told).to_be_empty()
    expect(box).to_have_value("And how long did it take?")


# Conversations


def test_a_conversation_is_kept_listed_renamed_searched_resumed_and_deleted(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.get_by_role("button", name="When did the Vale bridge open?").click()
        page.wait_for_selector(".legend")
        ask(page, "From when do lorries pay charges?")
        at = page.url
        assert re.search(r"/\?conversation=conv_\w+$", at)
        page.get_by_role("button", name="New conversation").click()
        page.wait_for_selector("#conversation .start")
        assert "conversation=" not in page.url
    with opened(browser, address, at.removeprefix(address)) as page:
        assert page.locator("#conversation section").count() == 2
        page.get_by_role("tab", name="Conversations").click()
        row = page.locator("#history li", has=page.locator('[aria-current="true"]'))
        assert row.locator(".title").inner_text() == "When did the Vale bridge open?"
        row.hover()
        row.get_by_role("button", name=re.compile("^Rename")).click()
        page.get_by_role("textbox", name="New title").fill("About a <b>bridge</b>")
        page.keyboard.press("Enter")
        page.locator("#history .title", has_text="About a <b>bridge</b>").wait_for()
        page.get_by_role("searchbox", name="Find a conversation").fill("nothing like this")
        page.get_by_text("No conversation holds these words.").wait_for()
        page.get_by_role("searchbox", name="Find a conversation").fill("about a <B>")
        expect(page.locator("#history .title")).to_have_text(["About a <b>bridge</b>"])
        page.get_by_role("button", name="New conversation").click()
        page.wait_for_selector("#conversation .start")
        page.locator("#history .open").click()
        page.locator("#conversation section").nth(1).wait_for()
        accessible(page)
        page.get_by_role("button", name=re.compile("^Delete")).click()
        page.locator("#conversation .start").wait_for(timeout=15_000)  # the time to undo is over
        page.get_by_text("No conversation holds these words.").wait_for()
    with opened(browser, address, at.removeprefix(address)) as page:
        page.get_by_text(web.NOT_KEPT).wait_for()


# The library


def test_ticked_articles_alone_are_asked(page: Page, assistant: Scripted) -> None:
    page.locator('[data-tick="hostile"]').check()
    page.get_by_text("Asking 1 article only").wait_for()
    ask(page, "When did the Vale bridge open?", ".refusal")
    assert assistant.asked[-1]["article_ids"] == ["hostile"]
    page.get_by_role("button", name="ask all").click()
    assert not page.locator('[data-tick="hostile"]').is_checked()
    ask(page, "When did the Vale bridge open?")


def test_the_list_is_sorted_and_filtered_by_words_tags_and_dates(page: Page) -> None:
    titles = page.locator("#library .rows .title")
    page.get_by_role("combobox", name="Order").select_option("published")
    assert titles.first.inner_text() == "Bridge opens"
    page.get_by_role("combobox", name="Order").select_option("added")
    assert titles.first.inner_text() != "Bridge opens"
    page.get_by_role("searchbox", name="Find an article").fill("BRIDGE txt")
    expect(titles).to_have_text(["Bridge opens"])
    page.get_by_role("searchbox", name="Find an article").fill("")
    page.locator("#library .more summary").click()
    page.get_by_role("combobox", name="Tag").select_option("money")
    expect(titles).to_have_text(["Tolls"])
    page.get_by_role("button", name="ask only these").click()
    page.get_by_text("Asking 1 article only").wait_for()
    page.get_by_role("combobox", name="Tag").select_option("")
    page.get_by_label("From").fill("2024-05-04")
    expect(titles).to_have_count(0)
    page.get_by_label("From").fill("2024-05-03")
    expect(titles).to_have_text(["Bridge opens"])


def test_articles_are_added_on_the_page_and_removing_can_be_undone(
    page: Page, assistant: Scripted, tmp_path: Path
) -> None:
    page.get_by_text("Add articles").click()
    page.get_by_role("textbox", name="A text or a link").fill(
        "Ferry stops\n\nThe last ferry crossed on Thursday night."
    )
    page.get_by_role("button", name="Add this").click()
    page.locator(".report .done", has_text="Your text").wait_for()
    (tmp_path / "kelp.md").write_text("# Kelp returns\n\nThe kelp covers 640 hectares of Skerry Bay.")
    (tmp_path / "copy.md").write_text("# Kelp returns\n\nThe kelp covers 640 hectares of Skerry Bay.")
    (tmp_path / "photo.bin").write_bytes(bytes(range(256)))
    page.locator("[data-files]").set_input_files([tmp_path / name for name in ("kelp.md", "photo.bin")])
    page.locator(".report .done", has_text="kelp.md").wait_for()
    page.locator(".report .trouble", has_text="photo.bin").wait_for()
    kelp = page.locator("#library li", has_text="Kelp returns")
    kelp.wait_for()
    accessible(page)
    ask(page, "How many hectares of Skerry Bay does the kelp cover?")
    kelp.hover()
    kelp.get_by_role("button", name="Remove Kelp returns").click()
    page.get_by_role("button", name="Keep Kelp returns").click()
    assert kelp.locator(".title").is_visible()
    for title in ("Kelp returns", "Ferry stops"):
        row = page.locator("#library li", has_text=title)
        row.hover()
        row.get_by_role("button", name=f"Remove {title}").click()
    page.goto("about:blank")  # who leaves the page has not pressed Undo
    for _ in range(100):
        if not assistant.store.articles(query="Kelp returns").items + assistant.store.articles(query="Ferry").items:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("what was removed is still there")


def test_what_cannot_be_added_is_told_and_a_link_comes_back(page: Page, tmp_path: Path) -> None:
    page.get_by_text("Add articles").click()
    page.get_by_role("textbox", name="A text or a link").fill("http://127.0.0.1:9/words")
    page.get_by_role("button", name="Add this").click()
    page.locator(".report .trouble", has_text="127.0.0.1:9").wait_for()
    expect(page.get_by_role("textbox", name="A text or a link")).to_have_value("http://127.0.0.1:9/words")
    with (tmp_path / "film.mkv").open("wb") as film:
        film.truncate((64 << 20) + 1)
    page.locator("[data-files]").set_input_files(tmp_path / "film.mkv")
    page.locator(".report .trouble", has_text="it is larger than 64 MB").wait_for()


def test_who_was_signed_out_keeps_what_was_to_be_added(page: Page) -> None:
    page.route("**/v1/articles*", lambda route: route.fulfill(status=401, json={"error": {"message": "a key"}}))
    page.get_by_text("Add articles").click()
    box = page.get_by_role("textbox", name="A text or a link")
    box.fill("A long text.")
    page.get_by_role("button", name="Add this").click()
    page.locator(".report .trouble", has_text="sign in in another tab").wait_for()
    expect(box).to_have_value("A long text.")


def test_two_thousand_articles_stay_quick(browser: Browser, address: str) -> None:
    rows = [
        {"id": f"a{n}", "version": f"v{n}", "copy_of": None if n else "a1999", "same_text": True,
         "title": f"Article {n} of harbours", "source": f"{n}.txt", "published": f"2024-{n % 12 + 1:02}-01",
         "tags": ["news"], "paragraphs": 9, "chunks": 3}
        for n in range(2000)
    ]  # fmt: skip

    def listed(route: Route) -> None:
        second = "cursor" in route.request.url
        page_ = {"articles": rows[1000:] if second else rows[:1000], "next_cursor": None if second else "1000"}
        route.fulfill(json=page_)

    with opened(browser, address) as page:
        page.route("**/v1/articles?*", listed)
        page.reload()
        page.get_by_role("tab", name="Articles 2,000").wait_for()
        assert page.locator("#library li").count() < 300, "more is drawn than is looked at"
        took = page.evaluate(
            """() => { const box = document.querySelector("#library [data-find]"); const took = [];
            for (const typed of ["h", "ha", "har", "199", "1999", ""]) { const begin = performance.now();
              box.value = typed; box.dispatchEvent(new Event("input", {bubbles: true}));
              document.querySelector("#library").offsetHeight; took.push(performance.now() - begin); }
            return Math.min(...took); }"""
        )
        assert took < 50  # the best of six: others use this machine too
        page.get_by_role("searchbox", name="Find an article").fill("1999")
        expect(page.locator("#library .copy")).to_have_count(0)
        page.get_by_role("searchbox", name="Find an article").fill("Article 0")
        expect(page.locator("#library li", has_text="Article 0 of").locator(".copy")).to_have_text(
            "The same text as “Article 1999 of harbours”"
        )
        page.get_by_role("searchbox", name="Find an article").fill("")
        page.locator("#library").evaluate("list => list.scrollTo(0, list.scrollHeight)")
        page.wait_for_function("document.querySelectorAll('#library li').length > 70")


# Everybody


def test_a_hostile_article_harms_nothing(page: Page) -> None:
    ask(page, "When did the hostile comet pass Earth?")
    page.locator("#conversation .footnote").first.hover()
    page.locator("#conversation .footnote").first.click()
    page.wait_for_selector("mark.current")
    assert "The hostile comet <script>window." in page.locator("mark.current").inner_text()
    assert HOSTILE in page.locator("#article .text").inner_text()
    assert "{{value}}${value}" in page.locator("#article h2").inner_text()
    ask(page, HOSTILE[:400], ":is(.legend, .refusal)")
    page.get_by_role("tab", name="Conversations").click()
    page.wait_for_timeout(200)


def test_on_a_phone_the_article_and_the_lists_are_sheets(phone: Page) -> None:
    ask(phone, "When did the Vale bridge open?")
    assert not phone.locator("#article").is_visible()
    phone.locator("#conversation .footnote").first.click()
    phone.wait_for_selector("mark.current")
    accessible(phone)
    phone.keyboard.press("Escape")
    phone.locator("#article").wait_for(state="hidden")
    assert 'class="footnote"' in focused(phone)
    phone.get_by_role("button", name="Library").click()
    phone.locator("#library").wait_for(state="visible")
    assert 'id="tab-library"' in focused(phone)
    phone.keyboard.press("Escape")
    phone.locator("#library").wait_for(state="hidden")
    assert "data-show" in focused(phone)
    phone.keyboard.press("Enter")
    phone.locator("#library").wait_for(state="visible")
    accessible(phone)
    phone.locator("#library .open", has_text="Tolls").click()
    expect(phone.locator("#article h2")).to_have_text("Tolls")
    phone.get_by_role("button", name="Close the article").click()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_main_story_is_accessible_and_pictures_are_kept(
    browser: Browser, address: str, scheme: str, size: str
) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    viewport = DESK if size == "desk" else PHONE
    with opened(browser, address, viewport=viewport, color_scheme=scheme) as page:

        def check(state: str) -> None:
            accessible(page)
            page.screenshot(path=ARTIFACTS / f"{size}-{scheme}-{state}.png")

        check("start")
        ask(page, "When did the Vale bridge open?")
        page.locator("#conversation .footnote").first.focus()
        check("answer")
        page.locator("#conversation .footnote").first.click()
        page.wait_for_selector("mark.current")
        check("reading")
        page.keyboard.press("Escape")
        ask(page, "Zebra quantum?", ".refusal")
        check("refusal")


def test_the_page_is_there_and_answers_at_once(browser: Browser, address: str) -> None:
    """Ceilings for a busy machine; the README tells what a quiet one reaches."""
    with opened(browser, address) as page:
        page.goto(address)
        begin = page.evaluate("performance.timeOrigin")
        page.wait_for_selector("#conversation .start")
        assert page.evaluate("Date.now()") - begin < 6000
        page.evaluate(
            """() => new MutationObserver(() => { if (!window.shown && document.querySelector(".sentence"))
            window.shown = performance.now(); }).observe(document.body, {childList: true, subtree: true})"""
        )
        page.locator("#question textarea").fill("When did the Vale bridge open?")
        page.evaluate("document.addEventListener('keydown', () => (window.sent = performance.now()), true)")
        page.locator("#question textarea").press("Enter")
        page.wait_for_function("window.shown")
        assert page.evaluate("window.shown - window.sent") < 1500


def test_an_empty_library_invites_and_a_locked_one_asks_for_its_key(browser: Browser, tmp_path: Path) -> None:
    with served(SmallAssistant(tmp_path), [], key="open-sesame,another-key") as address:
        context = browser.new_context(viewport=DESK)
        page = context.new_page()
        page.goto(address)
        accessible(page)
        page.get_by_label("Key").fill("wrong")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        accessible(page)
        page.get_by_label("Key").fill("open-sesame")
        page.get_by_role("button", name="Open").click()
        page.get_by_role("heading", name="Your library is empty").wait_for()
        expect(page.locator("#library .drop")).to_be_visible()
        accessible(page)
        page.get_by_role("textbox", name="A text or a link").fill("Ferry stops\n\nThe last ferry crossed on Thursday.")
        page.get_by_role("button", name="Add this").click()
        page.get_by_role("heading", name="Ask your articles").wait_for()
        ask(page, "When did the last ferry cross?")
        kept = page.url
        page.get_by_role("button", name="Sign out").click()
        page.get_by_label("Key").wait_for()
        page.goto(kept)
        page.get_by_label("Key").fill("another-key")
        page.get_by_role("button", name="Open").click()
        page.get_by_text(web.NOT_KEPT).wait_for()
        context.close()


def test_a_file_dropped_on_the_page_is_added(page: Page, assistant: Scripted) -> None:
    page.evaluate(
        """() => { const data = new DataTransfer();
        data.items.add(new File(["# Dropped\\n\\nThe cormorant dives for pearls."], "dropped.md"));
        document.dispatchEvent(new DragEvent("dragenter", {dataTransfer: data, bubbles: true}));
        window.dropping = document.body.classList.contains("dropping");
        document.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})); }"""
    )
    page.locator(".report .done", has_text="dropped.md").wait_for()
    assert page.evaluate("window.dropping") is True
    assert not page.evaluate("document.body.classList.contains('dropping')")
    page.locator("#library .open", has_text="Dropped").wait_for()
    left_to_the_browser = page.evaluate(
        """() => { const data = new DataTransfer(); data.setData("text/plain", "words for a box");
        const box = document.querySelector("#question textarea");
        return ["dragenter", "dragover", "drop"].every((kind) =>
          box.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}))); }"""
    )
    assert left_to_the_browser
    assistant.store.remove(assistant.store.articles(query="Dropped").items[0].id)


def test_the_page_leaves_the_api_alone(address: str) -> None:
    with httpx.Client(base_url=address, trust_env=False) as client:
        assert client.get("/v1/nothing").json()["error"]["type"] == "not_found"
        assert client.get("/v1/ask").status_code == 405
        assert client.get("/healthz").json() == {"status": "ok"}
        assert "Footnote" in client.get("/").text
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
