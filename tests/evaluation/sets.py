"""Sets of questions in folders: `articles.jsonl`, with `questions.jsonl` or `turns.jsonl`. Knows only the files."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.evaluation.scoring import gold_sentence


@dataclass(frozen=True, slots=True)
class Question:
    """`wanted` are the sentences that answer, where the set says so: any of them will do."""

    id: str
    text: str
    answerable: bool
    answers: tuple[str, ...]
    article_id: str | None
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    name: str
    articles: Sequence[dict[str, Any]]
    questions: Sequence[Question] = ()
    turns: Sequence[dict[str, Any]] = field(default=())


def read_set(folder: Path, limit: int | None = None) -> EvaluationSet:
    """The set in `folder`, or `limit` of its questions, evenly spread.

    Raises:
        SystemExit: there is no such set, or it holds claims and not questions.
    """
    articles = _rows(folder / "articles.jsonl")
    if (folder / "questions.jsonl").exists():
        paragraphs = {part["id"]: part["text"] for article in articles for part in article.get("paragraphs") or ()}
        rows = [row for row in _rows(folder / "questions.jsonl") if row.get("answerable") is not None]
        if any(answer in ("SUPPORT", "CONTRADICT") for row in rows[:50] for answer in row["answers"]):
            raise SystemExit(f"{folder} holds claims: give a set of questions or turns.")
        return EvaluationSet(
            folder.name, articles, questions=[_question(row, paragraphs) for row in _spread(rows, limit)]
        )
    if (folder / "turns.jsonl").exists():
        return EvaluationSet(folder.name, articles, turns=_spread(_rows(folder / "turns.jsonl"), limit))
    raise SystemExit(f"{folder} has neither questions.jsonl nor turns.jsonl: give the folder of a set.")


def _question(row: dict[str, Any], paragraphs: dict[str, str]) -> Question:
    paragraph, start = paragraphs.get(row.get("paragraph_id", "")), row.get("answer_start")
    if paragraph is not None and start is not None:
        wanted = [gold_sentence(paragraph, start)]
    else:
        wanted = [sentence for group in row.get("evidence_sentences") or () for sentence in group]
    return Question(
        row["id"], row["question"], row["answerable"], tuple(row["answers"]), row.get("article_id"), tuple(wanted)
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _spread(rows: list[Any], limit: int | None) -> list[Any]:
    if not limit or len(rows) <= limit:
        return rows
    return [rows[int(i * len(rows) / limit)] for i in range(limit)]
