"""What the page draws: every text escaped, every mark exactly the cited words."""

import re
from dataclasses import replace
from html import unescape

from assistant.answer import Answer, Citation, Notice, Refusal, Sentence, ShortAnswer, Shown, marked
from assistant.keeping.prose import as_markdown, as_plain_text
from assistant.page.draw import Exchange, composer, conversation, esc, further, missing, reading
from assistant.page.draw.conversation import sure
from assistant.page.draw.exchange import given
from assistant.page.draw.footnote import AROUND, GONE
from tests.conftest import article
from vectorstore import Article, Span

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
    dropped=("Subscribe now", "Share <this>"),
)
LONG = article("long", "Long", "before " * 200 + "The words. " + "after " * 200)


def cited(number: int, words: str, of: Article = BRIDGE) -> Citation:
    start = of.text.index(words)
    return Citation(number, of, of.paragraph_at(start), Span(start, start + len(words)))


FIRST = cited(1, '"It took nine years," Mayor Ida Holm said.')
SECOND = cited(2, "Tolls begin in June.")


def held(article_id: str, version: str) -> Article | None:
    return next((each for each in (BRIDGE, LONG) if (each.id, each.version) == (article_id, version)), None)


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
        "conversation_id": "conv_1",
    }
    return Answer(**{**told, **changes})  # type: ignore[arg-type]


def refusal() -> Answer:
    return answer(
        text="No.", sentences=(), citations=(), short_answer=None, refusal=Refusal("not_in_articles", (SECOND,))
    )


def whole(given: Answer, **changes: object) -> Exchange:
    return replace(Exchange(given.question, "whole", given.to_json()), **changes)  # type: ignore[arg-type]


def drawn(*exchanges: Exchange, models: tuple[str, ...] = ("extractive",)) -> str:
    return conversation(exchanges, [], held, empty=False, models=models)


def marks(html: str, kind: str) -> list[str]:
    return [unescape(text) for text in re.findall(rf'<mark class="{kind}"[^>]*>(.*?)</mark>', html)]


def bodies(*citations: Citation) -> list[dict[str, object]]:
    return [each.to_json() for each in citations]


def test_nothing_of_a_text_survives_as_markup_or_template() -> None:
    escaped = esc(HOSTILE)
    assert not set("<>{}$`\"'") & set(escaped)
    assert unescape(escaped) == HOSTILE


# Reading


def test_the_marks_are_the_cited_words() -> None:
    html = reading(BRIDGE, bodies(FIRST, SECOND), current=1, exchange=0)
    assert marks(html, "current") == [FIRST.cited_text]
    assert marks(html, "other") == [SECOND.cited_text]
    assert html.count('class="cited"') == 1
    assert html.count('class="heading"') == 1
    assert "2024-05-03" in html


def test_overlapping_citations_lose_no_letter() -> None:
    wide, narrow = cited(1, BRIDGE.paragraphs[0].span.of(BRIDGE.text)), cited(2, "nine years")
    html = reading(BRIDGE, bodies(wide, narrow), current=2, exchange=0)
    assert marks(html, "current") == ["nine years"]
    assert 'data-numbers="1 2"' in html
    paragraphs = [unescape(re.sub(r"<[^>]+>", "", p)) for p in re.findall(r"<p (?:class|dir).*?</p>", html)]
    assert "\n\n".join(paragraphs) == BRIDGE.text


def test_the_steps_name_all_footnotes_of_the_answer_and_those_of_this_article() -> None:
    html = reading(BRIDGE, bodies(FIRST, SECOND, cited(3, "The words.", LONG)), current=2, exchange=4)
    assert 'data-exchange="4" data-current="2" data-numbers="1 2 3" data-here="1 2"' in html
    assert "2 of 3" in html


def test_what_was_cleaned_away_can_be_seen() -> None:
    html = reading(BRIDGE)
    assert "2 lines cleaned away" in html
    assert "Share &lt;this&gt;" in html
    assert "cleaned away" not in reading(LONG)


def test_an_older_version_says_so() -> None:
    assert "has changed since" in reading(BRIDGE, older=True)
    assert "has changed since" not in reading(BRIDGE)


def test_the_original_is_linked_to_where_it_is_on_the_web() -> None:
    linked = article("a", "A", "Text.", source="https://news.example/a?b=1&c='>")
    assert 'href="https://news.example/a?b=1&amp;c=&#x27;&gt;" target="_blank" rel="noopener' in reading(linked)
    for source in (None, "bridge.txt", "javascript:alert(1)", "data:text/html,x", " https://x.example"):
        assert "<a " not in reading(article("a", "A", "Text.", source=source))


def test_of_an_article_that_is_gone_the_cited_words_stay() -> None:
    html = missing("It is gone.", FIRST.to_json())
    assert "It is gone." in html
    assert esc(FIRST.cited_text) in html


# The conversation


def test_an_answer_has_a_button_for_each_footnote_and_emphasises_the_short_answer() -> None:
    html = drawn(whole(answer()))
    assert html.count('class="footnote"') == 2
    assert 'aria-label="Footnote 1: Bridge opens, 2024-05-03"' in html
    assert "<strong>nine years</strong>" in html
    assert "Very likely" in html
    assert "0.9" not in html


def test_a_card_shows_the_quotation_inside_its_paragraph() -> None:
    html = drawn(whole(answer()))
    card = re.findall(r'<span class="card".*?</q>', html)[0]
    assert "Bridge opens" in card
    assert "2024-05-03" in card
    assert "paragraph 1 of 3" in card
    assert unescape(re.sub(r"<[^>]+>", "", card.partition("<q")[2]).partition(">")[2]) == BRIDGE.text.split("\n\n")[0]


def test_the_last_word_keeps_its_footnote_beside_it() -> None:
    html = drawn(whole(answer()))
    assert '<span class="last">said.<span class="note">' in html
    ends = answer(short_answer=ShortAnswer("said.", 1, Span(FIRST.span.end - 5, FIRST.span.end)))
    assert '<strong>said.</strong><span class="last"><span class="note">' in drawn(whole(ends))


def test_a_card_names_the_copies_of_a_story() -> None:
    copied = replace(FIRST, also_in=(LONG,))
    html = drawn(whole(answer(citations=(copied, SECOND))))
    assert "also in Long" in html
    assert "also in" not in drawn(whole(answer()))


def test_a_long_paragraph_is_shortened_around_the_quotation() -> None:
    quoted = cited(1, "The words.", LONG)
    html = drawn(
        whole(answer(sentences=(Sentence("The words.", (1,), "quoted"),), citations=(quoted,), short_answer=None))
    )
    text = unescape(re.sub(r"<[^>]+>", "", re.findall(r"<q.*?</q>", html)[0]))
    assert len(text) < 2 * AROUND + 30
    assert "before The words. after" in text
    assert text.startswith("… before")


def test_a_citation_of_an_article_that_is_gone_is_drawn_from_what_was_kept() -> None:
    html = conversation([whole(answer())], [], lambda id, version: None, empty=False)
    assert GONE in html
    assert f"<mark>{esc(FIRST.cited_text)}</mark>" in html


def test_a_follow_up_shows_what_was_searched_for_to_be_put_right() -> None:
    html = drawn(whole(answer(searched_for="And the bridge?")))
    assert "Searched for: And the bridge?" in html
    assert 'data-question="How long?"' in html


def test_the_kinds_of_sentences_look_different_and_the_legend_says_how() -> None:
    told = answer(
        sentences=(Sentence(FIRST.cited_text, (1,), "quoted"), Sentence("It was slow.", (2,), "supported")),
        notices=(Notice("left_out", "It was cheap."), Notice("disagreement", "They differ.", (1, 2))),
    )
    html = drawn(whole(told))
    assert '<p class="sentence quoted"' in html
    assert '<p class="sentence supported"' in html
    assert '<p class="notice left_out"' in html
    for kind in ("quoted", "supported", "left_out"):
        assert f'<span class="kind {kind}">' in html
    assert '<span class="kind supported">' not in drawn(whole(answer()))


def test_a_refusal_shows_the_closest_paragraphs() -> None:
    html = drawn(whole(refusal()))
    assert "No." in html
    assert SECOND.cited_text in html
    assert 'data-citation="2"' in html


def test_a_sentence_that_has_been_given_is_drawn_before_the_rest() -> None:
    shown = [Shown(0, answer().sentences[0], (FIRST,))]
    html = drawn(Exchange("How long?", body=given("How long?", shown)))
    assert html.count('class="footnote"') == 1
    assert "Reading the articles" in html
    assert "likely" not in html.lower()


def test_waiting_stopped_trouble_start_and_an_empty_library() -> None:
    assert "Reading the articles" in drawn(Exchange("Why?"))
    assert "Stopped." in drawn(Exchange("Why?", "stopped"))
    assert "A sentence." in drawn(Exchange("Why?", "trouble", trouble="A sentence."))
    assert 'data-unanswered="Why?"' in drawn(Exchange("Why?", "trouble", trouble="A sentence."))
    assert 'data-ask="Why?"' in conversation([], ["Why?"], held, empty=False)
    assert "python -m ingest PATH" in conversation([], ["Why?"], held, empty=True)
    assert "Not here." in conversation([], [], held, empty=False, note="Not here.")


def test_an_answer_can_be_linked_to_saved_and_rated_where_it_is_kept() -> None:
    html = drawn(whole(answer(), thumb="down", reason='Too "old"'))
    assert 'data-link="ans_1"' in html
    assert "/v1/conversations/conv_1" in html
    assert re.findall(r'data-thumb="(\w+)"[^>]*aria-pressed="true"', html) == ["down"]
    assert 'value="Too &quot;old&quot;"' in html
    assert 'data-conversation="conv_1"' in html
    assert "data-link" not in drawn(whole(answer(conversation_id=None)))


def test_another_model_is_offered_where_there_is_one() -> None:
    assert "data-again" not in drawn(whole(answer()))
    html = drawn(whole(answer()), models=("extractive", "openai:gpt"))
    assert 'data-again="openai:gpt"' in html
    assert 'data-again="extractive"' not in html
    assert "<select" not in composer(("extractive",))
    assert "data-stop" in composer(("extractive",)), "not beside the answer, which is drawn anew with each sentence"
    assert composer(("extractive", "openai:gpt")).count("<option") == 2


def test_further_questions_are_asked_with_one_press() -> None:
    assert 'data-ask="What else?"' in further(["What else?"])
    assert further([]) == ""


def test_nothing_hostile_is_drawn_as_it_stands() -> None:
    evil = article("evil", HOSTILE, HOSTILE, source=HOSTILE, tags=(HOSTILE,), author=HOSTILE, dropped=(HOSTILE,))
    citation = Citation(1, evil, 0, evil.paragraphs[0].span)
    told = answer(
        question=HOSTILE,
        searched_for=HOSTILE + "?",
        sentences=(Sentence(HOSTILE, (1,), "quoted"),),
        citations=(citation,),
        short_answer=None,
        notices=(Notice("left_out", HOSTILE, (1,)),),
    )
    exchange = replace(whole(told), reason=HOSTILE)
    html = conversation([exchange, Exchange(HOSTILE, "trouble", trouble=HOSTILE)], [], lambda a, v: evil, empty=False)
    for page in (
        html,
        further([HOSTILE]),
        reading(evil, [citation.to_json()], 1, 0),
        missing(HOSTILE, citation.to_json()),
    ):
        assert "<script" not in page
        assert "<img" not in page
        assert "{{" not in page
        assert "${" not in page
        assert 'href="javascript' not in page


def test_confidence_in_words() -> None:
    assert [sure(value)[:8] for value in (0.9, 0.5, 0.2)] == ["Very lik", "Likely t", "Not sure"]


# Copying


def test_an_answer_is_copied_as_markdown_and_plain() -> None:
    html = drawn(whole(answer()))
    copies = [unescape(text) for text in re.findall(r'data-copy="([^"]*)"', html)]
    assert copies == [as_markdown(answer().to_json()), as_plain_text(answer().to_json())]
