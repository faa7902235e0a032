"""From documents to the library: ids, what is embedded, what is said of it."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from ingest.document import Document
from ingest.pipeline import Pipeline, id_of, with_metadata
from tests.conftest import BagOfWords
from vectorstore import InvalidInput, Store, Vectors

BRIDGE = Document("Bridge opens", "The Vale bridge opened on 3 May.\n\nTolls begin in June.", source="bridge.txt")


def embedded(store: Store) -> list[str]:
    assert isinstance(store.embedder, BagOfWords)
    return store.embedder.embedded


def test_the_same_document_twice_embeds_nothing(store: Store) -> None:
    assert Pipeline(store).add(BRIDGE, "bridge").status == "added"
    before = len(embedded(store))
    again = Pipeline(store).add(BRIDGE, "bridge")
    assert (again.status, again.chunks) == ("unchanged", 1)
    assert len(embedded(store)) == before


def test_where_nothing_is_new_the_model_is_not_asked(tmp_path: Path) -> None:
    class Asked(BagOfWords):
        def embed(self, texts: Sequence[str]) -> Vectors:
            assert texts
            return super().embed(texts)

    with closing(Store(tmp_path / "library", Asked())) as store:
        assert [Pipeline(store).add(BRIDGE, "bridge").status for _ in range(2)] == ["added", "unchanged"]


def test_an_edit_embeds_only_what_changed(store: Store) -> None:
    paragraphs = [" ".join([f"Paragraph {n} tells of ferry {n} and its {n} harbours."] * 20) for n in range(4)]
    Pipeline(store).add(Document("Ferries", "\n\n".join(paragraphs)), "ferries")
    before = len(embedded(store))
    paragraphs[2] = paragraphs[2].replace("harbours", "islands")
    assert Pipeline(store).add(Document("Ferries", "\n\n".join(paragraphs)), "ferries").status == "updated"
    assert [("islands" in text) for text in embedded(store)[before:]] == [True]


def test_the_same_text_under_another_id_is_embedded_once(store: Store) -> None:
    Pipeline(store).add(BRIDGE, "one")
    before = len(embedded(store))
    assert Pipeline(store).add(BRIDGE, "two").status == "added"
    assert len(embedded(store)) == before
    assert store.count() == 2


def test_versions_of_one_article_in_one_batch_are_stored_in_order(store: Store) -> None:
    edited = Document("Bridge opens", BRIDGE.text.replace("3 May", "4 May"))
    given = [("bridge", BRIDGE), ("bridge", edited), ("bridge", BRIDGE)]
    assert [added.status for added in Pipeline(store).add_all(given)] == ["added", "updated", "updated"]
    assert store.article("bridge").text == BRIDGE.text
    assert store.chunk_count("bridge") == 1


def test_an_id_is_derived_from_the_text_and_a_given_one_is_kept(store: Store) -> None:
    assert Pipeline(store).add(BRIDGE).article.id == id_of(BRIDGE.text)
    assert Pipeline(store).add(BRIDGE, "a.B_c:~-1").article.id == "a.B_c:~-1"


@pytest.mark.parametrize("bad", ["", "a b", "a/b", "é", "x" * 129])
def test_a_bad_id_is_refused(store: Store, bad: str) -> None:
    with pytest.raises(InvalidInput, match="An id is"):
        Pipeline(store).add(BRIDGE, bad)


def test_no_text_is_refused_and_an_untitled_one_is_named(store: Store) -> None:
    with pytest.raises(InvalidInput, match="no text"):
        Pipeline(store).add(Document("Title", " \n "))
    assert Pipeline(store).add(Document("  ", "Words.")).article.title == "Untitled"


def test_every_chunk_is_the_text_and_fits_the_model(store: Store) -> None:
    added = Pipeline(store).add(Document("Long", "\n\n".join(["A sentence of seven words stands here."] * 300)))
    passages = store.search("seven words", k=50)
    assert added.chunks > 5
    assert all(p.article.text[p.span.start : p.span.end] == p.text for p in passages)
    assert max(store.embedder.count([p.text for p in passages])) <= store.embedder.limit


def test_what_the_caller_says_wins_over_what_was_read() -> None:
    told = with_metadata(BRIDGE, title="Other", tags=["a"])
    assert (told.title, told.source, told.tags) == ("Other", "bridge.txt", ("a",))
