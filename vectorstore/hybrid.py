"""Which chunks fit a query best: by meaning (cosine) and by words (BM25), and by both scores together.

Knows the indexes, and which revisions are current; knows no article's text.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from vectorstore.dense import Dense, Hit
from vectorstore.embedder import Vectors
from vectorstore.lexical import Lexical
from vectorstore.selection import Selection

CANDIDATES = 40  # from each index before fusion
# How much the best match of words counts beside a cosine of 1: score = cosine + WORDS * BM25 / (best BM25). Right chunk
# first and among five, on XQuAD: .837 .980 at 0, .935 .994 at .25, .941 .990 at .5, .943 .990 at 1, and .899 .984 by
# reciprocal rank fusion; on 1,500 questions of SQuAD 2.0: .623 .876, .793 .965, .825 .967, .829 .965.
WORDS = 0.5


@dataclass(frozen=True, slots=True)
class Ranked:
    """A chunk with the score that ranks it and its cosine alone."""

    hit: Hit
    score: float
    cosine: float


class Hybrid:
    """Thread-safe. `revisions` has the current revision of each article, and is the caller's to change."""

    def __init__(self, dense: Dense, lexical: Lexical, selection: Selection, revisions: Mapping[str, int]) -> None:
        self._dense, self._lexical, self._selection = dense, lexical, selection
        self._revisions = revisions

    def search(self, query: str, vector: Vectors, k: int, article_ids: Collection[str] | None = None) -> list[Ranked]:
        """All that either index found for `query`, whose vector is `vector` ([dimension]), best first.

        At least `k` where there are so many chunks, of these articles where given.
        """
        depth = max(CANDIDATES, 2 * k)
        if article_ids is None:
            near = self._current(self._dense.search(vector, depth))
        else:
            near = self._current(self._selection.search(vector, depth, article_ids, len(self._revisions)))
        worded = self._current(self._lexical.search(query, depth, article_ids))
        cosines = {hit: hit.score for hit in near} | self._cosines([hit for hit in worded if hit not in near], vector)
        strongest = max((hit.score for hit in worded), default=1.0)
        matches = {hit: hit.score / strongest for hit in worded}
        found = (Ranked(hit, cosine + WORDS * matches.get(hit, 0.0), cosine) for hit, cosine in cosines.items())
        return sorted(found, key=lambda each: each.score, reverse=True)

    def _cosines(self, hits: Sequence[Hit], vector: Vectors) -> dict[Hit, float]:
        """Of chunks that their words found and their meaning did not."""
        vectors = self._dense.vectors_of([hit.row_id for hit in hits])
        return {hit: float(vectors[hit.row_id] @ vector) for hit in hits if hit.row_id in vectors}

    def _current(self, hits: Iterable[Hit]) -> list[Hit]:
        return [hit for hit in hits if self._revisions.get(hit.article_id) == hit.revision]
