"""Chosen articles' nearest chunks are the same by whichever way they are found."""

from collections.abc import Iterator

import numpy as np
import pytest

from tests.conftest import article
from vectorstore import Chunk, Prepared, selection
from vectorstore.catalog import Catalog
from vectorstore.dense import Dense
from vectorstore.embedder import Vectors, unit
from vectorstore.rows import StoredChunk
from vectorstore.selection import Selection

ARTICLES = 60


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Catalog, Dense, Vectors]]:
    folder = tmp_path_factory.mktemp("selection")
    catalog, dense = Catalog(folder / "catalog.sqlite3"), Dense(folder / "chroma")
    vectors = unit(np.random.default_rng(1).normal(size=(ARTICLES, 16)).astype(np.float32))
    for number, vector in enumerate(vectors):
        one = Prepared(article(f"a{number}", "Title", f"Words {number}."), (Chunk(0, 7),), vector[None])
        catalog.commit(one.article, one.chunks, [str(number)], number + 1)
        dense.add([StoredChunk(f"a{number}", number + 1, 0, 0, 7, str(number))], one.vectors)
    yield catalog, dense, vectors
    catalog.close()
    dense.close()


@pytest.mark.parametrize("size", [1, 4, 30, ARTICLES])
@pytest.mark.parametrize(("widest", "most_compared"), [(400, 2000), (0, 2000), (0, 0)])  # wide, compared, filtered
def test_the_nearest_of_the_chosen_are_found(
    library: tuple[Catalog, Dense, Vectors], monkeypatch: pytest.MonkeyPatch, size: int, widest: int, most_compared: int
) -> None:
    catalog, dense, vectors = library
    monkeypatch.setattr(selection, "WIDEST", widest)
    monkeypatch.setattr(selection, "MOST_COMPARED", most_compared)
    chosen = [f"a{number}" for number in range(0, ARTICLES, ARTICLES // size)]
    cosines = {name: float(vectors[int(name[1:])] @ vectors[7]) for name in chosen}
    for _ in range(2):  # the second time with the vectors kept
        found = Selection(catalog, dense).search(vectors[7], 5, chosen, ARTICLES)
        assert [hit.article_id for hit in found] == sorted(cosines, key=lambda name: -cosines[name])[:5]
        assert [hit.score for hit in found] == pytest.approx(sorted(cosines.values(), reverse=True)[:5], abs=1e-5)


def test_a_selection_of_nothing_known_finds_nothing(library: tuple[Catalog, Dense, Vectors]) -> None:
    catalog, dense, vectors = library
    assert Selection(catalog, dense).search(vectors[0], 5, ["unknown"], ARTICLES) == []
