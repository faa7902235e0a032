"""The story of an answer: quoting, refusing, the promise, and what an answer may never be."""

import re
from collections.abc import Iterator

import pytest

from assistant.answer import Answer, Found, Turn
from assistant.engine import Assistant
from ingest.document import Document
from ingest.pipeline import Pipeline
from vectorstore import InvalidInput, Store, load_embedder

BRIDGE = (
    "The Vale bridge opened on 3 May 2024. It is 1,284 metres long [12] and carries four lanes.\n\n"
    "Tolls begin in June. A car pays 24 crowns."
)
QUESTION = "How long is the Vale bridge?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("engine"), load_embedder())
    for article_id in ("bridge", "copy"):
        Pipeline(store).add(Document("Bridge opens", BRIDGE), article_id)
    Pipeline(store).add(Document("Kelp returns", "Kelp covers 640 hectares of the bay. Cod came back."), "kelp")
    yield store
    store.close()


def test_an_answer_quotes_and_every_part_of_it_resolves(library: Store) -> None:
    answer = Assistant(library).ask(QUESTION)
    assert answer.refusal is None
    assert answer.sentences[0].text == "It is 1,284 metres long [12] and carries four lanes."
    assert answer.text.startswith(f"{answer.sentences[0].text} [1]")
    for sentence in answer.sentences:
        (number,) = sentence.citations
        citation = answer.citations[number - 1]
        assert citation.cited_text == sentence.text
        assert citation.article.paragraphs[citation.paragraph_index].span.holds(citation.span)
    short = answer.short_answer
    assert short is not None
    assert "1,284 metres" in short.text
    assert answer.citations[short.citation - 1].span.holds(short.span)
    assert set(answer.timings_ms) == {"search", "answer", "total"}


def test_an_answer_is_given_sentence_by_sentence_and_then_whole(library: Store) -> None:
    found, *shown, answer = Assistant(library, promise=1).stream("When did the bridge open and what covers the bay?")
    assert isinstance(found, Found)
    assert {passage.article.id for passage in found.passages} >= {"kelp"}
    assert isinstance(answer, Answer)
    assert [event.sentence for event in shown] == list(answer.sentences)
    assert tuple(new for event in shown for new in event.new_citations) == answer.citations


def test_a_search_leads_with_the_passage_that_answers(library: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    searched = library.search(QUESTION, 10)
    assert [each.article.id for each in searched][-1] == "kelp"
    monkeypatch.setattr(library, "search", lambda *_: searched[::-1])
    found = Assistant(library).search(QUESTION)
    assert found[0].article.id in ("bridge", "copy")
    assert [each.article.id for each in found[1:]] == [
        each.article.id for each in searched[::-1] if each.article.id != found[0].article.id
    ]
    assert found[0].score == max(each.score for each in found[:2])
    for nothing in ("kelp", "Who painted the ceiling?"):
        assert Assistant(library).search(nothing) == searched[::-1], "no answer: as the search has it"


def test_an_unknown_model_is_refused_with_those_there_are(library: Store) -> None:
    with pytest.raises(InvalidInput, match="choose one of extractive"):
        Assistant(library).ask(QUESTION, model="gpt")


def test_the_same_words_under_another_id_are_shown_once(library: Store) -> None:
    texts = [sentence.text for sentence in Assistant(library, promise=1).ask(QUESTION).sentences]
    assert len(texts) == len(set(texts))


def test_the_citation_names_the_other_articles_that_hold_its_words(library: Store) -> None:
    (citation, *_) = Assistant(library).ask(QUESTION).citations
    assert {citation.article.id, *(article.id for article in citation.also_in)} == {"bridge", "copy"}
    assert [each["article_id"] for each in citation.to_json()["also_in"]] == [each.id for each in citation.also_in]


def test_the_promise_decides_where_to_refuse(library: Store) -> None:
    question = "Who built the bridge?"
    assert Assistant(library, promise=1).ask(question).refusal is None
    assert Assistant(library, promise=0).ask(question).refusal is not None


def test_searched_for_is_used_as_it_is(library: Store) -> None:
    answer = Assistant(library).ask("And the other one?", searched_for=QUESTION)
    assert (answer.question, answer.searched_for) == ("And the other one?", QUESTION)
    assert "1,284" in answer.text


def test_confidence_is_a_probability_even_of_a_refusal(library: Store) -> None:
    for question in (QUESTION, "Who painted the Mona Lisa?", "?", "😀", "words " * 300):
        assert 0 <= Assistant(library).ask(question).confidence <= 1


def test_ids_differ(library: Store) -> None:
    ids = {Assistant(library).ask(QUESTION).id for _ in range(3)}
    assert len(ids) == 3
    assert all(re.fullmatch(r"ans_[0-9a-f]{24}", each) for each in ids)


def test_a_part_is_asked_with_what_the_part_before_names(library: Store) -> None:
    answer = Assistant(library).ask("How long is the Vale bridge and who painted it?")
    assert "1,284" in answer.text
    assert [each.message for each in answer.notices] == ["The articles do not say: Who painted the Vale bridge?"]


def test_an_answer_cannot_be_half_filled() -> None:
    with pytest.raises(ValueError, match="sentences or a refusal"):
        Answer("ans_1", "Why?", "Why?", "Because.", 0.5, "extractive")


def test_a_follow_up_is_read_after_what_was_said(library: Store) -> None:
    history = (Turn("user", QUESTION), Turn("assistant", "It is 1,284 metres long [12] and carries four lanes. [1]"))
    answer = Assistant(library).ask("When did it open?", history=history)
    assert answer.question == "When did it open?"
    assert answer.searched_for == "When did the Vale bridge open?"
    assert "3 May 2024" in answer.text
    assert Assistant(library).ask("it?", history=history, searched_for=QUESTION).searched_for == QUESTION
