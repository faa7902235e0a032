"""The quoting answerer on passages of our own: the sentence that answers first, its words, and how sure."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.reading.reader import CONTENDERS, PERSONAL, Reader, Weights, logistic
from assistant.reading.retrieve import FootnoteRetriever, retrieve
from assistant.reading.spans import SpanModel
from ingest.document import Document
from ingest.pipeline import Pipeline, to_article
from vectorstore import Passage, Span, Store, load_embedder

BRIDGE = (
    "The Vale bridge opened on 3 May 2024. It is 1,284 metres long 😀 and carries four lanes. "
    '"It took nine years," Mayor Ida Holm said.\n\nTolls begin in June. A car pays 24 crowns.'
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("reader"), load_embedder())
    Pipeline(store).add(Document("Bridge opens", BRIDGE), "bridge")
    Pipeline(store).add(Document("Kelp returns", "Kelp covers 640 hectares of the bay. Cod came back with it."), "kelp")
    yield store
    store.close()


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("When did the Vale bridge open?", "The Vale bridge opened on 3 May 2024.", "3 May 2024"),
        ("How long is the bridge?", "It is 1,284 metres long 😀 and carries four lanes.", "1,284 metres"),
        ("Who said that it took nine years?", '"It took nine years," Mayor Ida Holm said.', "Ida Holm"),
        ("What does a car pay?", "A car pays 24 crowns.", "24 crowns"),
        ("How many hectares does kelp cover?", "Kelp covers 640 hectares of the bay.", "640"),
    ],
)
def test_the_sentence_that_answers_is_first(library: Store, question: str, sentence: str, words: str) -> None:
    best = Reader(library).read(question, retrieve(library, question)).candidates[0]
    assert best.text == sentence
    assert best.short is not None
    assert best.span.holds(best.short)
    assert words in best.short.of(best.article.text)


def test_it_is_surer_of_an_answer_than_of_none(library: Store) -> None:
    reader = Reader(library)
    sure = reader.read("When did the Vale bridge open?", retrieve(library, "When did the Vale bridge open?"))
    off = reader.read("Who painted the Mona Lisa?", retrieve(library, "Who painted the Mona Lisa?"))
    assert 1 > sure.confidence > 0.6 > 0.3 > off.confidence > 0


@pytest.mark.parametrize("about_us", ["how old are you?", "My dog ate it", "should I rent a flat?", "I'm ill"])
def test_what_is_said_of_the_two_who_talk(about_us: str) -> None:
    assert PERSONAL.search(about_us)


@pytest.mark.parametrize(
    "named",
    ["When did World War I begin?", "Who sang I Will Always Love You?", "Did Elizabeth I marry?", "Who is Imy?"],
)
def test_a_name_is_not_said_of_the_two_who_talk(named: str) -> None:
    assert not PERSONAL.search(named)


SURELY = "Who spoke of nine years?"
LENGTH = "How long is the Vale bridge?"


@pytest.mark.parametrize(
    ("question", "third", "read"),
    [
        (SURELY, ("kelp", 0.1), {"bridge"}),  # sure: a third passage is left
        (SURELY, ("echo", 1.0), {"bridge"}),  # though it be another's and near, for no figure is told
        (LENGTH, ("echo", 0.5), {"bridge"}),  # another's, too far from the question to tell another figure
        (LENGTH, ("echo", 0.9), {"bridge", "echo"}),  # another's that may
        ("Who painted the Mona Lisa?", ("echo", 0.1), {"bridge", "echo"}),  # not sure: all are read
    ],
)
def test_what_cannot_change_the_answer_is_not_read(
    library: Store, question: str, third: tuple[str, float], read: set[str]
) -> None:
    bridge = library.article("bridge")
    echo = to_article(Document("The bridge at Vale", "The Vale bridge is 1,300 metres long."), "echo")
    other = echo if third[0] == "echo" else library.article(third[0])
    passages = [Passage(bridge, each.span, 1.0, 0.6) for each in bridge.paragraphs[:2]]
    passages.append(Passage(other, other.paragraphs[0].span, third[1], 0.5))
    reading = Reader(library).read(question, passages)
    assert {candidate.article.id for candidate in reading.candidates} == read


def test_nothing_to_read_is_no_answer(library: Store) -> None:
    reading = Reader(library).read("Why?", [])
    assert (reading.candidates, reading.confidence) == ((), 0.0)


def test_the_same_question_gives_the_same_scores(library: Store) -> None:
    question = "How long is the bridge?"
    first, second = (Reader(library).read(question, retrieve(library, question)) for _ in range(2))
    assert [c.score for c in first.candidates] == [c.score for c in second.candidates]


def test_spans_are_code_points_of_the_passage() -> None:
    text = "İ 😀 Zoë said it cost 45 crowns."
    read = SpanModel().read("What did it cost?", "Prices", text)
    margin, share, span = read.best_in(Span(0, len(text)))
    assert span is not None
    assert "45" in span.of(text)
    assert share <= 0
    assert read.best_in(Span(2, 3))[2] in (None, Span(2, 3))
    assert margin > read.best_in(Span(0, 7))[0]


def test_a_passage_beyond_the_network_is_cut_not_refused() -> None:
    text = "word " * 1000 + "The bridge cost 45 crowns."
    read = SpanModel().read("What did it cost? " * 30, "A long title " * 30, text)
    assert len(read.starts) == len(read.offsets) < 320
    assert read.best_in(Span(len(text) - 26, len(text)))[2] is None


def test_weights_fit_the_measures(library: Store) -> None:
    weights, reader = Weights.load(), Reader(library)
    found = reader.measured("Why?", retrieve(library, "Why?"))
    assert found[0].measures.shape == weights.mean.shape == weights.rank.shape
    assert logistic(0) == 0.5


def test_a_reading_holds_the_best_few_sentences(tmp_path: Path) -> None:
    store = Store(tmp_path, load_embedder())
    text = " ".join(f"In {year} the ferry carried {year * 3} people." for year in range(1950, 1980))
    Pipeline(store).add(Document("The ferry", text), "ferry")
    question = "How many people did the ferry carry in 1971?"
    found = Reader(store).read(question, retrieve(store, question)).candidates
    assert len(found) == CONTENDERS
    assert found[0].text == "In 1971 the ferry carried 5913 people."
    store.close()


def test_passages_read_side_by_side_are_read_alike() -> None:
    model = SpanModel()
    passages = [("Bridge opens", BRIDGE), ("", "Tolls begin in June."), ("Bridge opens", BRIDGE[:40])]
    together = model.read_all("When did it open?", passages)
    alone = [model.read("When did it open?", *passage) for passage in passages]
    assert [reading.null for reading in together] == [reading.null for reading in alone]
    assert all((one.starts == other.starts).all() for one, other in zip(together, alone, strict=True))


def test_the_retriever_drops_into_langchain(library: Store) -> None:
    documents = FootnoteRetriever(store=library, k=2).invoke("When did the Vale bridge open?")
    best = documents[0]
    text = library.article(best.metadata["article_id"]).text
    assert best.page_content == text[best.metadata["start_char_index"] : best.metadata["end_char_index"]]
