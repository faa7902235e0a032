"""The library as a whole: what is put is found, what is replaced is not, and nothing is lost."""

import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import BagOfWords, article, prepared
from vectorstore import (
    Article,
    Chunk,
    InvalidInput,
    LibraryBroken,
    LibraryBusy,
    LibraryMismatch,
    NotFound,
    Owner,
    Paragraph,
    Store,
    owner,
)

BRIDGE = article("bridge", "Bridge opens", "The Vale bridge opened on 3 May.", "Tolls begin in June.")
EDITED = article("bridge", "Bridge opens", "The Vale bridge opened on 4 May.", "Tolls begin in June.")
FERRY = article("ferry", "Ferry runs aground", "The ferry struck a sandbank at noon.", "Nobody was hurt.")


def put(store: Store, given: Article) -> str:
    return store.put_all([prepared(given, store.embedder)])[0]  # type: ignore[arg-type]


def found(store: Store, query: str, **options: object) -> list[str]:
    return [passage.text for passage in store.search(query, **options)]  # type: ignore[arg-type]


def test_a_paragraph_is_found_by_its_words_and_slices_exactly(store: Store) -> None:
    put(store, BRIDGE)
    put(store, FERRY)
    best = store.search("When did the Vale bridge open?")[0]
    assert best.text == "The Vale bridge opened on 3 May."
    assert best.article.text[best.span.start : best.span.end] == best.text
    assert 0 < best.cosine <= 1
    assert found(store, "sandbank ferry")[0] == "The ferry struck a sandbank at noon."


def test_pages_are_kept_and_mended_where_the_text_is_the_same(store: Store) -> None:
    first = Paragraph(0, 32, 1, (10, 20))
    paged = replace(BRIDGE, paragraphs=(first, *BRIDGE.paragraphs[1:]))
    assert [put(store, each) for each in (BRIDGE, paged, paged)] == ["added", "updated", "unchanged"]
    assert [store.article("bridge").paragraphs[0].page_at(at) for at in (9, 10, 31)] == [1, 2, 3]


def test_the_same_article_twice_is_unchanged(store: Store) -> None:
    assert put(store, BRIDGE) == "added"
    assert put(store, BRIDGE) == "unchanged"
    assert store.count() == 1


def test_an_edit_takes_the_place_of_the_old_version_which_stays_readable(store: Store) -> None:
    put(store, BRIDGE)
    assert put(store, EDITED) == "updated"
    texts = found(store, "When did the Vale bridge open?", k=50)
    assert "The Vale bridge opened on 4 May." in texts
    assert "The Vale bridge opened on 3 May." not in texts
    assert store.article("bridge") == EDITED
    assert store.article("bridge", BRIDGE.version).text == BRIDGE.text


def test_version_a_then_b_then_a_again(store: Store) -> None:
    for given in (BRIDGE, EDITED, BRIDGE):
        put(store, given)
    texts = found(store, "Vale bridge", k=50)
    assert sorted(texts) == sorted(p.span.of(BRIDGE.text) for p in BRIDGE.paragraphs)
    assert store.article("bridge", EDITED.version).text == EDITED.text


def test_new_metadata_alone_is_an_update_that_keeps_the_chunks(store: Store) -> None:
    put(store, BRIDGE)
    assert put(store, article("bridge", "Bridge opens", *paragraphs(BRIDGE), author="Ida Holm")) == "updated"
    assert store.article("bridge").author == "Ida Holm"
    assert len(found(store, "Vale bridge", k=50)) == 2


def test_what_a_door_does_not_tell_is_kept_of_the_same_text_alone(store: Store) -> None:
    put(store, replace(BRIDGE, language="en", dropped=("Subscribe",)))
    assert put(store, replace(BRIDGE, tags=("vale",))) == "updated"
    assert store.article("bridge") == replace(BRIDGE, tags=("vale",), language="en", dropped=("Subscribe",))
    put(store, EDITED)
    assert store.article("bridge") == EDITED


def test_a_corrected_language_is_stemmed_anew(store: Store) -> None:
    put(store, BRIDGE)
    unknown = store.rarity("bridg")
    assert put(store, replace(BRIDGE, language="en")) == "updated"
    assert store.rarity("bridg") < unknown
    assert len(found(store, "Vale bridge", k=50)) == 2


def test_a_word_that_edits_took_out_is_rare_not_less_than_nothing(store: Store) -> None:
    many = [article(name, "Port", "Ferry.", "Ferry again.", "A ferry.") for name in "abc"]
    store.put_all([prepared(each, store.embedder) for each in many])  # type: ignore[arg-type]
    for name in "ab":
        put(store, article(name, "Port", "Nothing."))
    assert 0 <= store.rarity("ferry") < store.rarity("nothing")


def test_removal_takes_everything(store: Store) -> None:
    put(store, BRIDGE)
    store.remove("bridge")
    assert found(store, "Vale bridge") == []
    with pytest.raises(NotFound):
        store.article("bridge", BRIDGE.version)
    with pytest.raises(NotFound):
        store.remove("bridge")


def test_search_can_be_restricted_to_articles(store: Store) -> None:
    put(store, BRIDGE)
    put(store, FERRY)
    assert {p.article.id for p in store.search("bridge ferry", article_ids=["ferry"])} == {"ferry"}
    assert store.search("bridge", article_ids=[]) == []
    assert store.search("bridge", article_ids=["unknown"]) == []


def test_the_list_is_newest_first_in_pages_and_can_be_searched(store: Store) -> None:
    for number in range(5):
        put(store, article(f"a{number}", f"Title {number}", "Words.", tags=("even",) if number % 2 == 0 else ()))
    first = store.articles(limit=3)
    assert [item.id for item in first.items] == ["a4", "a3", "a2"]
    rest = store.articles(limit=3, cursor=first.next_cursor)
    assert [item.id for item in rest.items] == ["a1", "a0"]
    assert rest.next_cursor is None
    assert [item.id for item in store.articles(query="title 3").items] == ["a3"]
    assert [item.id for item in store.articles(tag="even").items] == ["a4", "a2", "a0"]
    assert store.articles(query="%").items == ()


def test_the_list_is_searched_in_any_case_and_by_the_very_tag(store: Store) -> None:
    put(store, article("dom", "Der Dom zu KÖLN", "Words.", tags=("US",), source="Straße.txt"))
    put(store, article("other", "Another", "Words.", tags=('a"b', "us\\")))
    for query in ("köln", "ko\u0308ln", "STRASSE"):
        assert [item.id for item in store.articles(query=query).items] == ["dom"]
    for tag, ids in {"US": ["dom"], 'a"b': ["other"], "us\\": ["other"], "us": [], "b": []}.items():
        assert [item.id for item in store.articles(tag=tag).items] == ids
        assert store.selected([tag]) == ids
    assert store.selected(["us", "US"]) == ["dom"]
    assert [item.id for item in store.articles(query="words", tag="US").items] == []


@pytest.mark.parametrize(
    "asked", [{"cursor": "9" * 20}, {"cursor": "9" * 5000}, {"cursor": "-1"}, {"query": "x" * 50_000}]
)
def test_a_list_that_cannot_be_asked_for_is_refused(store: Store, asked: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        store.articles(**asked)  # type: ignore[arg-type]
    assert refused.value.param == next(iter(asked))


def test_everything_is_there_after_a_restart(tmp_path: Path, embedder: BagOfWords) -> None:
    store = Store(tmp_path, embedder)
    put(store, BRIDGE)
    before = store.search("Vale bridge")
    store.close()
    again = Store(tmp_path, embedder)
    assert again.search("Vale bridge") == before
    again.close()


@pytest.mark.parametrize("lost", [["chroma"], ["tantivy"], ["chroma", "tantivy"]])
def test_lost_indexes_are_made_anew_from_the_catalog(tmp_path: Path, embedder: BagOfWords, lost: list[str]) -> None:
    store = Store(tmp_path, embedder)
    for given in (BRIDGE, FERRY, EDITED):
        put(store, given)
    before = found(store, "When did the Vale bridge open?")
    store.close()
    for folder in lost:
        shutil.rmtree(tmp_path / folder)
    again = Store(tmp_path, embedder)
    assert found(again, "When did the Vale bridge open?") == before
    again.close()


@pytest.mark.parametrize("broken", ["marker", "segment"])
def test_broken_words_are_indexed_anew(tmp_path: Path, embedder: BagOfWords, broken: str) -> None:
    store = Store(tmp_path, embedder)
    put(store, BRIDGE)
    before = store.rarity("toll")
    store.close()
    if broken == "marker":
        (tmp_path / "tantivy" / "counter").write_text("2 x en")
    else:
        next((tmp_path / "tantivy").glob("*.term")).unlink()
    again = Store(tmp_path, embedder)
    assert again.rarity("toll") == before
    again.close()


def test_what_a_killed_commit_of_the_words_left_is_swept(tmp_path: Path, embedder: BagOfWords) -> None:
    store = Store(tmp_path, embedder)
    store.put_all([prepared(BRIDGE, embedder), prepared(FERRY, embedder)])  # in one segment
    store.close()
    words, before = tmp_path / "tantivy", tmp_path / "before"
    shutil.copytree(words, before)
    again = Store(tmp_path, embedder)
    put(again, EDITED)
    rarity = again.rarity("toll")
    again.close()
    # As after a kill between the file that takes the old words out and the commit itself.
    left = next(words.glob("*.del"))
    for written in (left, words / ".managed.json"):
        shutil.copy(written, before)
    shutil.rmtree(words)
    before.rename(words)
    assert (words / left.name).exists()
    mended = Store(tmp_path, embedder)
    assert mended.rarity("toll") == rarity
    assert mended._lexical.counter == mended._catalog.counter
    mended.close()


def test_a_file_in_the_place_of_the_library_is_a_sentence(tmp_path: Path, embedder: BagOfWords) -> None:
    (tmp_path / "README").write_text("Hello")
    for opening in (owner, lambda folder: Store(folder, embedder)):
        with pytest.raises(LibraryBroken, match="README cannot be written"):
            opening(tmp_path / "README")


def test_rebuild_gives_the_same_answers(tmp_path: Path, embedder: BagOfWords) -> None:
    store = Store(tmp_path, embedder)
    for given in (BRIDGE, FERRY, EDITED):
        put(store, given)
    before = [(p.article, p.span) for p in store.search("Vale bridge toll")]
    store.close()
    steps: list[tuple[int, int]] = []

    def one_chunk_a_paragraph(given: Article) -> list[Chunk]:
        return [Chunk(p.start, p.end) for p in given.paragraphs]

    again = Store.rebuilt(tmp_path, embedder, one_chunk_a_paragraph, each=lambda done, of: steps.append((done, of)))
    assert [(p.article, p.span) for p in again.search("Vale bridge toll")] == before
    assert steps == [(1, 2), (2, 2)]
    again.close()


def test_a_rebuild_that_was_killed_is_to_be_run_again(tmp_path: Path, embedder: BagOfWords) -> None:
    store = Store(tmp_path, embedder)
    for given in (BRIDGE, FERRY):
        put(store, given)
    store.close()
    other = BagOfWords()
    other.name = "another-model"

    def cut(given: Article) -> list[Chunk]:
        return [Chunk(p.start, p.end) for p in given.paragraphs]

    def kill(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Store.rebuilt(tmp_path, other, cut, each=kill)
    for either in (embedder, other):
        with pytest.raises(LibraryMismatch, match="--rebuild"):
            Store(tmp_path, either)
    Store.rebuilt(tmp_path, other, cut).close()
    again = Store(tmp_path, other)
    assert len(found(again, "Vale bridge", k=50)) == 4
    again.close()


def test_leftovers_of_a_killed_write_are_invisible_and_swept(tmp_path: Path, embedder: BagOfWords) -> None:
    store = Store(tmp_path, embedder)
    put(store, BRIDGE)
    # The vectors of a version that the catalog never committed, as a kill between the two would leave them.
    from vectorstore.rows import StoredChunk

    orphan = StoredChunk("bridge", 99, 0, 0, 5, "hash")
    store._dense.add([orphan], embedder.embed(["Vale bridge"]))
    assert len(found(store, "Vale bridge", k=50)) == 2
    store.close()
    again = Store(tmp_path, embedder)
    assert "99-0" not in again._dense.rows()
    again.close()


def test_another_embedding_model_is_refused_with_both_names_and_the_remedy(tmp_path: Path) -> None:
    Store(tmp_path, BagOfWords()).close()
    other = BagOfWords()
    other.name = "another-model"
    with pytest.raises(LibraryMismatch, match=r"'bag-of-words', not 'another-model'.*--rebuild"):
        Store(tmp_path, other)
    Store(tmp_path, BagOfWords()).close()  # the refusal let go of the lock


def test_a_newer_schema_is_refused(tmp_path: Path, embedder: BagOfWords) -> None:
    Store(tmp_path, embedder).close()
    with sqlite3.connect(tmp_path / "catalog.sqlite3") as connection:
        connection.execute("UPDATE facts SET value = '99' WHERE name = 'schema'")
    connection.close()
    with pytest.raises(LibraryMismatch, match="newer"):
        Store(tmp_path, embedder)


def test_one_owner_a_library(tmp_path: Path, embedder: BagOfWords) -> None:
    assert owner(tmp_path) is None
    store = Store(tmp_path, embedder)
    store.announce(Owner(1, "http://127.0.0.1:7860", "secret"))
    assert owner(tmp_path) == Owner(1, "http://127.0.0.1:7860", "secret")
    assert (tmp_path / "owner.json").stat().st_mode & 0o077 == 0
    program = (
        "import sys; from pathlib import Path; from tests.conftest import BagOfWords; from vectorstore import Store; "
        "Store(Path(sys.argv[1]), BagOfWords())"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    other = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])
    assert "LibraryBusy" in other.stderr
    assert "http://127.0.0.1:7860" in other.stderr
    store.close()
    assert owner(tmp_path) is None


def test_a_stale_owner_file_is_not_believed(tmp_path: Path, embedder: BagOfWords) -> None:
    store = Store(tmp_path, embedder)
    left = (tmp_path / "owner.json").read_text()
    store.close()
    (tmp_path / "owner.json").write_text(left)
    assert owner(tmp_path) is None
    Store(tmp_path, embedder).close()


def test_a_second_store_in_one_process_is_refused_too(tmp_path: Path, embedder: BagOfWords) -> None:
    store = Store(tmp_path, embedder)
    with pytest.raises(LibraryBusy):
        Store(tmp_path, embedder)
    store.close()


def test_vectors_are_reused_by_the_hash_of_what_was_embedded(store: Store) -> None:
    from vectorstore import embedded_text, hash_of

    put(store, BRIDGE)
    keys = hash_of([embedded_text(BRIDGE, Chunk(p.start, p.end)) for p in BRIDGE.paragraphs])
    known = store.known_vectors([*keys, "unknown"])
    assert set(known) == set(keys)
    np.testing.assert_allclose(
        known[keys[0]], store.embedder.embed([embedded_text(BRIDGE, Chunk(0, 32))])[0], atol=1e-6
    )


def paragraphs(given: Article) -> list[str]:
    return [paragraph.span.of(given.text) for paragraph in given.paragraphs]
