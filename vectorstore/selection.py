"""The nearest chunks among those of chosen articles, without Chroma's own filter where that is slow.

A filter takes Chroma 7 ms for one article and 440 to 570 for thousands, at 15,000 chunks. So: where the articles are
a good part of the library, the nearest of all are asked for and the others left out (8 to 17 ms); where they are few,
every one of their chunks is compared (.4 ms for one article, 3 for a hundred, once the vectors are at hand); Chroma
filters in between. Knows vectors; knows nothing of words or of what is current.
"""

from collections.abc import Collection
from itertools import islice

import numpy as np

from vectorstore.catalog import Catalog
from vectorstore.dense import Dense, Hit
from vectorstore.embedder import Vectors

WIDEST = 400  # rows asked of Chroma for want of a filter: 15 ms; 1,000 rows take 70
FEW = 200  # articles; to look up the chunks of 1,000 takes 100 ms, longer than Chroma's filter
MOST_COMPARED = 2_000  # chunks whose vectors are read at once: 300 ms for 1,000 the first time, then kept
SPARE = 1.5  # asked for, times what would be enough were the articles spread evenly


class Selection:
    """Thread-safe: what is kept is replaced as a whole."""

    def __init__(self, catalog: Catalog, dense: Dense) -> None:
        self._catalog, self._dense = catalog, dense
        self._kept: tuple[tuple[str, ...], Vectors] = ((), np.zeros((0, 0), np.float32))

    def search(self, vector: Vectors, k: int, article_ids: Collection[str], of: int) -> list[Hit]:
        """The `k` nearest rows of `article_ids` to `vector` ([dimension]), best first; the library holds `of` articles.

        Fewer where the articles have fewer.
        """
        chosen = set(article_ids)
        if k * SPARE * of / len(chosen) <= WIDEST:
            for wide in (max(k, int(k * SPARE * of / len(chosen))), WIDEST):
                found = (hit for hit in self._dense.search(vector, wide) if hit.article_id in chosen)
                if len(best := list(islice(found, k))) == k:
                    return best
        chunks = self._catalog.chunks_of(list(chosen)) if len(chosen) <= FEW else []
        if not 0 < len(chunks) <= MOST_COMPARED:
            return self._dense.search(vector, k, chosen)
        rows = {chunk.row_id: chunk for chunk in chunks}
        ids, matrix = self._vectors(tuple(rows))
        cosines = matrix @ vector if ids else matrix.ravel()  # no rows have no width
        return [
            Hit(chunk.article_id, chunk.revision, chunk.number, chunk.start, chunk.end, float(cosines[at]))
            for at in np.argsort(-cosines)[:k]
            for chunk in [rows[ids[at]]]
        ]

    def _vectors(self, row_ids: tuple[str, ...]) -> tuple[tuple[str, ...], Vectors]:
        """Those rows that are there, with their vectors ([rows, dimension]); the last selection's are kept."""
        kept = self._kept
        if kept[0] != row_ids:
            held = self._dense.vectors_of(row_ids)
            kept = (tuple(held), np.array([*held.values()], np.float32))
            self._kept = kept
        return kept
