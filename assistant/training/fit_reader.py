"""Fits the two logistic regressions of assistant/reader.py and writes assistant/weights/reader.json.

    python -m assistant.training.fit_reader --data DIR --out assistant/weights/reader.json

DIR holds `articles.jsonl` and `questions.jsonl` (`question`, `article_id`, `paragraph_id`, `answer_start`,
`answerable`), as SQuAD 2.0 does. Half of the articles fit the ranking; the other half, which it has not seen, fits the
probability: their questions as they are, the same with the right article left out, and questions that have no answer.
"""

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.reader import Candidate, Features, Reader, Weights, certainty
from assistant.retrieve import retrieve
from ingest.document import Document
from ingest.pipeline import Pipeline
from vectorstore import Span, Store, load_embedder

LEFT_OUT = 0.25  # of the answerable questions are asked again without their article: the mix that the promise is for
UNANSWERABLE = 0.15  # so many of the questions that have no answer take part beside each answerable one


@dataclass(frozen=True, slots=True)
class Asked:
    """One question read over the library, and where its answer stands: None where it has none there."""

    article_id: str
    candidates: list[Candidate]
    gold: tuple[str, int] | None  # article and position of the answer

    def is_right(self, candidate: Candidate) -> bool:
        return self.gold is not None and candidate.article.id == self.gold[0] and _holds(candidate.span, self.gold[1])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=3000, help="questions of each kind")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), load_embedder())
        asked = list(_ask_all(store, given.data, given.limit, random.Random(given.seed)))
        store.close()
    articles = sorted({each.article_id for each in asked})
    ranking = set(articles[::2])
    weights = fit(
        [each for each in asked if each.article_id in ranking],
        [each for each in asked if each.article_id not in ranking],
    )
    given.out.write_text(json.dumps(weights, indent=1) + "\n")
    print(json.dumps(weights["figures"]))


def fit(ranking: Sequence[Asked], calibrating: Sequence[Asked]) -> dict[str, Any]:
    """The content of reader.json."""
    answered = [each for each in ranking if each.gold]
    measures = np.array([candidate.measures for each in answered for candidate in each.candidates])
    right = np.array([each.is_right(candidate) for each in answered for candidate in each.candidates])
    mean, scale = measures.mean(axis=0), measures.std(axis=0) + 1e-9
    rank = LogisticRegression(max_iter=1000).fit((measures - mean) / scale, right)
    weights = Weights(mean, scale, rank.coef_[0], float(rank.intercept_[0]), np.zeros(0), 0.0)
    rows = [
        (row, each.is_right(best), each.gold is not None)
        for each in calibrating
        for best, row in [_best(each, weights)]
    ]
    features, correct = np.array([row for row, _, _ in rows]), np.array([is_right for _, is_right, _ in rows])
    sure = LogisticRegression(max_iter=2000).fit(features, correct)
    probability = sure.predict_proba(features)[:, 1]
    placed = np.array([has_answer for _, _, has_answer in rows])
    return {
        "mean": mean.tolist(),
        "scale": scale.tolist(),
        "rank": weights.rank.tolist(),
        "rank_bias": weights.rank_bias,
        "sure": sure.coef_[0].tolist(),
        "sure_bias": float(sure.intercept_[0]),
        "figures": {
            "questions": len(rows),
            "right_first": round(float(correct[placed].mean()), 3),
            "auroc_right": round(float(roc_auc_score(correct, probability)), 3),
            "auroc_answerable": round(float(roc_auc_score(placed, probability)), 3),
        },
    }


def _best(asked: Asked, weights: Weights) -> tuple[Candidate, Features]:
    scored = [
        Candidate(
            candidate.article,
            candidate.paragraph_index,
            candidate.span,
            candidate.measures,
            float((candidate.measures - weights.mean) / weights.scale @ weights.rank) + weights.rank_bias,
        )
        for candidate in asked.candidates
    ]
    scored.sort(key=lambda candidate: -candidate.score)
    return scored[0], certainty(scored)


def _ask_all(store: Store, data: Path, limit: int, chance: random.Random) -> Iterator[Asked]:
    articles = [json.loads(line) for line in (data / "articles.jsonl").open(encoding="utf8")]
    documents = ((row["id"], Document(row["title"] or row["id"], row["text"])) for row in articles)
    for _ in Pipeline(store).add_all(documents):
        pass
    starts = {part["id"]: row["text"].index(part["text"]) for row in articles for part in row["paragraphs"]}
    questions = [json.loads(line) for line in (data / "questions.jsonl").open(encoding="utf8")]
    chance.shuffle(questions)
    answerable = [row for row in questions if row["answerable"]][:limit]
    others = [row for row in questions if row["answerable"] is False][: int(len(answerable) * UNANSWERABLE)]
    ids = [row["id"] for row in articles]
    reader = Reader(store)
    for done, row in enumerate([*answerable, *others], 1):
        text = row["question"]
        gold = (row["article_id"], starts[row["paragraph_id"]] + row["answer_start"]) if row["answerable"] else None
        yield Asked(row["article_id"], reader.measured(text, retrieve(store, text)), gold)
        if gold and chance.random() < LEFT_OUT:
            rest = [each for each in ids if each != row["article_id"]]
            yield Asked(row["article_id"], reader.measured(text, retrieve(store, text, rest)), None)
        if done % 500 == 0:
            print(f"{done} questions read", file=sys.stderr)


def _holds(span: Span, position: int) -> bool:
    return span.start <= position < span.end


if __name__ == "__main__":
    main()
