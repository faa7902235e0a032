"""What the reader is trained on: spans stand where the answers stand, and held-out articles stay apart."""

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer

from assistant.training import reading_data
from assistant.training.reading_data import Encoder, Passage, is_casual, load, mixture
from vectorstore.embedder import packaged_folder

TOWNS = ("Arden", "Bolen", "Cadmo", "Delft", "Eskel", "Fenwick", "Gorsk", "Holm", "Islay", "Jura")


def lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (*reading_data.SETS, reading_data.NEWS):
        texts = {
            f"{name}-{town}": f"The bridge of {town} opened in {1900 + at}. It cost {at + 2} million crowns."
            for at, town in enumerate(TOWNS)
        }
        lines(
            tmp_path / name / "articles.jsonl",
            [
                {"id": each, "title": "Bridges", "text": text, "paragraphs": [{"id": f"{each}-p0", "text": text}]}
                for each, text in texts.items()
            ],
        )
        asked = [
            {
                "question": f"When did the bridge of {each.partition('-')[2]} open?",
                "answers": [year := text.split("in ")[1][:4]],
                "answer_start": text.index(year),
                "article_id": each,
                "paragraph_id": f"{each}-p0",
                "answerable": True,
            }
            for each, text in texts.items()
        ]
        lines(tmp_path / name / "questions.jsonl", asked)
    ours = []
    for each in (f"{name}-{town}" for name in reading_data.SETS for town in TOWNS):
        cost = len(f"The bridge of {each.partition('-')[2]} opened in 1900. It cost ")
        span = [cost, cost + 1] if each[-1] in "nm" else None
        ours.append({"id": f"{each}-p0", "question": "How much did the bridge of Arden cost?", "span": span})
    lines(tmp_path / "written.jsonl", ours)
    monkeypatch.setattr(reading_data, "WRITTEN", tmp_path / "written.jsonl")
    own = [
        {"id": f"own-{town}", "title": town, "paragraphs": [{"text": f"{town} is old.", "questions": [
            {"question": f"How is {town}?", "span": [len(town) + 4, len(town) + 7]},
            {"question": f"Who rules {town}?", "span": None},
        ]}]}
        for town in TOWNS
    ]  # fmt: skip
    lines(tmp_path / "own" / "towns.jsonl", own)
    monkeypatch.setattr(reading_data, "OWN", tmp_path / "own")
    return tmp_path


def test_whole_articles_are_held_out_with_our_own_questions_about_them(data: Path) -> None:
    train, held = load(data, random.Random(1))
    of = [{each.passage.article_id for each in part} for part in (train, held)]
    assert of[1]
    assert not of[0] & of[1]
    for part, articles in zip((train, held), of, strict=True):
        assert len(part) == 2 * len(articles), "each article has two questions"


def test_what_the_network_sees_holds_the_answer_where_it_stands(data: Path) -> None:
    train, _ = load(data, random.Random(1))
    tokenizer = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
    encode = Encoder(tokenizer, 256)
    for asked in train:
        for titled in (False, True):
            example = encode(asked, titled, random.Random(1))
            first, last = example.span
            if asked.span is None:
                assert example.span == (0, 0)
                continue
            begin, end = asked.span
            answer = tokenizer.decode(example.ids[first : last + 1])
            assert answer.replace(" ", "") == asked.passage.text[begin:end].lower().replace(" ", "")
            assert example.sentence[0] <= first <= last <= example.sentence[1]


def test_an_epoch_has_every_named_question_and_few_of_the_others(data: Path) -> None:
    train, _ = load(data, random.Random(1))
    assert not any(is_casual(each) for each in train)
    epoch = mixture(train, random.Random(1), casual=0.0)
    assert {each.question for each in train} <= {each.question for each in epoch}
    nameless = reading_data.Asked("who was it?", Passage("new_wiki-1", "", "It was Ann."), (7, 10), ("Ann",))
    assert nameless.question not in {each.question for each in mixture([*train, nameless], random.Random(1), 0.0)}


def test_our_own_questions_are_whole() -> None:
    rows = [json.loads(line) for line in reading_data.WRITTEN.read_text(encoding="utf-8").split("\n") if line]
    assert len({(row["id"], row["question"]) for row in rows}) == len(rows) > 10_000
    for row in rows:
        assert set(row) == {"id", "question", "span"}
        assert row["question"].endswith("?")
        assert row["span"] is None or 0 <= row["span"][0] < row["span"][1]


def test_our_own_articles_are_whole() -> None:
    articles = list(reading_data.own_articles())
    assert len({each["id"] for each in articles}) == len(articles) > 500
    for each in articles:
        assert set(each) == {"id", "title", "paragraphs"}
        assert each["title"].strip()
        for paragraph in each["paragraphs"]:
            for row in paragraph["questions"]:
                assert row["question"].endswith("?")
                assert row["span"] is None or 0 <= row["span"][0] < row["span"][1] <= len(paragraph["text"])
