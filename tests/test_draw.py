"""What the page draws: every text escaped, every mark exactly the cited words."""

import re
from html import unescape

from assistant.answer import Answer, Citation, Refusal, Sentence, ShortAnswer, marked
from assistant.draw import Exchange, conversation, esc, library, reading, sure
from tests.conftest import article
from vectorstore import Listed, Span

HOSTILE = (
    "<script>alert(1)</script> {{value}} ${value} `x` <img src=x onerror=alert(1)> [a](javascript:alert(1)) \u202e 😀"
)
BRIDGE = article(
    "bridge",
    "Bridge opens",
    'It opened on 3 May 😀. "It took nine years," Mayor Ida Holm said.',
    "A heading",
    "Tolls begin in June.",
    published="2024-05-03T10:00",
    source="bridge.txt",
)


def cited(number: int, words: str) -> Citation:
    start = BRIDGE.text.index(words)
    return Citation(number, BRIDGE, BRIDGE.paragraph_at(start), Span(start, start + len(words)))


FIRST = cited(1, '"It took nine years," Mayor Ida Holm said.')
SECOND = cited(2, "Tolls begin in June.")


def answer(**changes: object) -> Answer:
    sentences = tuple(Sentence(each.cited_text, (each.number,), "quoted") for each in (FIRST, SECOND))
    start = BRIDGE.text.index("nine years")
    told = {
        "id": "ans_1",
        "question": "How long?",
        "searched_for": "How long?",
        "text": marked(sentences),
        "confidence": 0.9,
        "model": "extractive",
        "sentences": sentences,
        "citations": (FIRST, SECOND),
        "short_answer": ShortAnswer("nine years", 1, Span(start, start + 10)),
    }
    return Answer(**{**told, **changes})  # type: ignore[arg-type]


def marks(html: str, kind: str) -> list[str]:
    return [unescape(text) for text in re.findall(rf'<mark class="{kind}">(.*?)</mark>', html)]


def test_nothing_of_a_text_survives_as_markup_or_template() -> None:
    escaped = esc(HOSTILE)
    assert not set("<>{}$`\"'") & set(escaped)
    assert unescape(escaped) == HOSTILE


def test_the_marks_are_the_cited_words() -> None:
    html = reading(BRIDGE, [FIRST, SECOND], current=1, exchange=0)
    assert marks(html, "current") == [FIRST.cited_text]
    assert marks(html, "other") == [SECOND.cited_text]
    assert html.count('class="cited"') == 1
    assert html.count('class="heading"') == 1
    assert "2024-05-03" in html


def test_overlapping_citations_lose_no_letter() -> None:
    wide, narrow = cited(1, BRIDGE.paragraphs[0].span.of(BRIDGE.text)), cited(2, "nine years")
    html = reading(BRIDGE, [wide, narrow], current=2, exchange=0)
    assert marks(html, "current") == ["nine years"]
    paragraphs = [unescape(re.sub(r"<[^>]+>", "", p)) for p in re.findall(r"<p class.*?</p>", html)]
    assert "\n\n".join(paragraphs) == BRIDGE.text


def test_an_answer_has_a_button_for_each_footnote_and_emphasises_the_short_answer() -> None:
    html = conversation([Exchange("How long?", answer())], [], empty=False)
    assert html.count('class="footnote"') == 2
    assert 'aria-label="Footnote 1: Bridge opens, 2024-05-03"' in html
    assert "<strong>nine years</strong>" in html
    assert "Very likely" in html
    assert "0.9" not in html


def test_a_follow_up_shows_what_was_searched_for() -> None:
    html = conversation([Exchange("And it?", answer(searched_for="And the bridge?"))], [], empty=False)
    assert "Searched for: And the bridge?" in html


def test_a_refusal_shows_the_closest_paragraphs() -> None:
    refusal = answer(
        text="No.", sentences=(), citations=(), short_answer=None, refusal=Refusal("not_in_articles", (SECOND,))
    )
    html = conversation([Exchange("Why?", refusal)], [], empty=False)
    assert "No." in html
    assert SECOND.cited_text in html
    assert 'data-citation="2"' in html


def test_waiting_trouble_start_and_an_empty_library() -> None:
    assert "Reading the articles" in conversation([Exchange("Why?")], [], empty=False)
    assert "Stop." in conversation([Exchange("Why?", trouble="Stop.")], [], empty=False)
    assert 'data-ask="Why?"' in conversation([], ["Why?"], empty=False)
    assert "python -m ingest PATH" in conversation([], ["Why?"], empty=True)


def test_the_library_escapes_and_ticks() -> None:
    listed = Listed("a_1", "sha256:0", HOSTILE, HOSTILE, "2024-05-03", (), 1, 1)
    html = library([listed], chosen=["a_1"])
    assert "<script" not in html
    assert "<img" not in html
    assert " checked" in html


def test_confidence_in_words() -> None:
    assert [sure(value)[:8] for value in (0.9, 0.5, 0.2)] == ["Very lik", "Likely t", "Not sure"]
