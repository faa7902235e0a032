"""Which passages are read: copies once, and those of the time that the question names."""

from collections.abc import Iterator

import pytest

from assistant.question.recency import dated
from assistant.reading.retrieve import FootnoteRetriever, retrieve
from ingest.document import Document
from ingest.pipeline import Pipeline
from vectorstore import Store, load_embedder

BUDGET = "The council of Northmere passed its budget. It comes to {} million crowns, a fair one, the mayor said."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("retrieve"), load_embedder())
    pipeline = Pipeline(store)
    for year, amount in (("2021", 310), ("2023", 352), ("2022", 331)):
        document = Document("Council passes budget", BUDGET.format(amount), published=f"{year}-05-12")
        pipeline.add(document, f"budget-{year}")
    storm = (
        "A storm took the roof off the harbour hall on {} night. Nobody was hurt, and the market moved to the school."
    )
    for paper in ("gazette", "wire", "herald"):
        pipeline.add(Document(f"Storm ({paper})", storm), paper)
    pipeline.add(Document("Ferry returns", "The ferry to Skerry sails again from June, twice a day."), "ferry")
    for paper in range(20):
        text = "The whale that swam into the harbour of Elsen left on Sunday, followed by forty boats."
        pipeline.add(Document(f"Whale leaves Elsen, says paper {paper}", text), f"whale-{paper}")
    yield store
    store.close()


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What is the latest budget of Northmere?", "budget-2023"),
        ("How large was the budget of Northmere in 2022?", "budget-2022"),
        ("How large was the budget that Northmere passed in May 2021?", "budget-2021"),
        ("How large was the budget that Northmere passed on 12 May 2021?", "budget-2021"),
        ("Which ferry sails again in 2022?", "ferry"),
    ],
)
def test_the_time_that_a_question_names_is_preferred(library: Store, question: str, first: str) -> None:
    # The three budgets differ in a number only: which one is meant, only its date tells.
    assert dated(question, library.search(question, 8))[0].article.id == first


def test_a_question_without_a_time_changes_nothing(library: Store) -> None:
    found = library.search("How large was the budget?", 5)
    assert dated("How large was the budget?", found) == found


def test_copies_fold_into_one(library: Store) -> None:
    read = retrieve(library, "What did the storm do to the harbour hall?")
    storm = next(passage for passage in read if "storm" in passage.text)
    assert {storm.article.id, *(copy.id for copy in storm.copies)} == {"gazette", "wire", "herald"}
    assert sum(passage.article.id in ("gazette", "wire", "herald") for passage in read) == 1


def test_a_story_in_twenty_papers_leaves_room_for_others(library: Store) -> None:
    whale, *others = retrieve(library, "When did the whale leave the harbour?")
    assert len(whale.copies) == 19
    assert "gazette" in {id for each in others for id in (each.article.id, *(copy.id for copy in each.copies))}


def test_what_differs_in_a_figure_is_no_copy(library: Store) -> None:
    read = retrieve(library, "How large was the budget of Northmere?")
    assert sum(passage.article.id.startswith("budget") for passage in read) == 3


def test_langchain_gets_offsets_with_each_document(library: Store) -> None:
    (document, *_) = FootnoteRetriever(store=library, k=2).invoke("When does the ferry sail?")
    article = library.article(document.metadata["article_id"])
    start, end = document.metadata["start_char_index"], document.metadata["end_char_index"]
    assert article.text[start:end] == document.page_content
    assert article.id == "ferry"
