"""Examples for the extractive reader: a question, a passage in word pieces, and where the answer stands in it.

Reads folders of the shape `articles.jsonl` and `questions.jsonl`, our own questions about their passages and our own
articles with questions, keeps a share of the articles apart for validation, and adds passages that hold no answer.
Knows nothing of the network or of how it is trained.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from tokenizers import Encoding, Tokenizer

from assistant.training.corrupt import corrupt

CLS, SEP = 101, 102
SETS = ("squad2_train", "squadshifts_train")
NEWS = "wikinews"  # articles that only our own questions are about; none of them is trained on
# Questions written for Footnote about the passages of these sets, which are named by id: {"id", "question", "span"},
# characters, null where the passage does not say. In the manner of SQuAD 2.0, each naming what it is about.
WRITTEN = Path(__file__).with_name("written.jsonl")
# Articles written for Footnote with questions about each paragraph in the manner of SQuAD 1.1 and 2.0, a file a field:
# {"id", "title", "paragraphs": [{"text", "questions": [{"question", "span"}]}]}.
OWN = Path(__file__).with_name("own")
# Messages written for Footnote that ask nothing of any article, one a line: small talk, commands, code, orders.
TALK = Path(__file__).with_name("talk.txt")
QUESTION_PIECES = 48
SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]”’]*\s+(?=[A-Z\"'(\[0-9“])")
# A name or a number. A question without was written with its paragraph in view ("What did he say?").
NAMING = re.compile(r"(?<=\s)[A-Z]\w|\d")
AGREEMENT = 0.3  # mean word F1 of an answer with the other annotators' below which a question is left out as noise
CASUAL = ("amazon", "reddit")  # passages least like the articles that Footnote reads
RETRIEVED_SHARE = 0.25  # of the answerable questions are asked again of a similar passage without the answer
CORRUPTED_SHARE = 0.05  # of them are asked again with a name, number or word exchanged
JOINED_SHARE = 0.2  # of the answerable questions about articles are asked of their paragraph and a neighbour in one
HELD_OUT = 0.05  # of each set's questions, by whole articles


@dataclass(frozen=True, slots=True)
class Passage:
    article_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to a passage; `span` is the answer's characters in it, None where it holds no answer."""

    question: str
    passage: Passage
    span: tuple[int, int] | None
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """What the network sees; the ranges are of pieces, both ends inclusive, and (0, 0), [CLS], without an answer."""

    ids: list[int]
    second: int  # where the passage begins
    span: tuple[int, int]
    sentence: tuple[int, int]


def load(data: Path, rng: random.Random) -> tuple[list[Asked], list[Asked]]:
    """The questions to train on and those held out."""
    train: list[Asked] = []
    held: list[Asked] = []
    sets = [(list(_read(data / name)), written(data / name)) for name in SETS]
    for asked, ours in (*sets, (list(_own()), [])):
        sizes = Counter(each.passage.article_id for each in asked)
        articles = sorted(sizes)
        rng.shuffle(articles)
        kept_apart: set[str] = set()
        while sum(sizes[article] for article in kept_apart) < HELD_OUT * len(asked):
            kept_apart.add(articles.pop())
        for each in (*asked, *ours):
            (held if each.passage.article_id in kept_apart else train).append(each)
    return train, held


def own_articles() -> Iterator[dict[str, Any]]:
    """The rows of OWN."""
    for path in sorted(OWN.glob("*.jsonl")):
        yield from _rows(path)


def talk() -> list[str]:
    """The lines of TALK."""
    return TALK.read_text(encoding="utf-8").splitlines()


def _own() -> Iterator[Asked]:
    for article in own_articles():
        for paragraph in article["paragraphs"]:
            passage = Passage(article["id"], article["title"], paragraph["text"])
            yield from (_ours(row, passage) for row in paragraph["questions"])


def written(folder: Path) -> list[Asked]:
    """Our own questions about the articles of one set."""
    passages = dict(_passages(folder))
    rows = (row for row in _rows(WRITTEN) if row["id"] in passages)
    return [_ours(row, passages[row["id"]]) for row in rows]


def _ours(row: dict[str, Any], passage: Passage) -> Asked:
    if row["span"] is None:
        return Asked(row["question"], passage, None)
    begin, end = row["span"]
    return Asked(row["question"], passage, (begin, end), (passage.text[begin:end],))


def mixture(train: Sequence[Asked], rng: random.Random, casual: float = 1.0) -> list[Asked]:
    """One epoch: the questions as they are, and those made to have no answer.

    `casual` is the share of the questions about reviews and posts that are in it.
    """
    train = [each for each in train if not is_casual(each) or rng.random() < casual]
    answerable = [each for each in train if each.span]
    hard = [each for each in train if not each.span]
    retrieved = rng.sample(answerable, int(RETRIEVED_SHARE * len(answerable)))
    changed = (_changed(each, rng) for each in rng.sample(answerable, int(2 * CORRUPTED_SHARE * len(answerable))))
    corrupted = [each for each in changed if each][: int(CORRUPTED_SHARE * len(answerable))]
    elsewhere = similar_without_answer(retrieved, {each.passage for each in train}, rng)
    return joined(answerable, rng) + hard + elsewhere + corrupted


def joined(asked: Sequence[Asked], rng: random.Random) -> list[Asked]:
    """The same questions, some of them asked of two paragraphs in one, as the library's chunks often are."""
    following = {}
    for one, other in pairwise(dict.fromkeys(each.passage for each in asked)):
        if one.article_id == other.article_id:
            following[one], following[other] = (one, other), (one, other)
    found = []
    for each in asked:
        pair = following.get(each.passage)
        if not pair or not each.span or rng.random() >= JOINED_SHARE:
            found.append(each)
            continue
        shift = 0 if pair[0] == each.passage else len(pair[0].text) + 2
        text = f"{pair[0].text}\n\n{pair[1].text}"
        span = each.span[0] + shift, each.span[1] + shift
        found.append(replace(each, passage=replace(each.passage, text=text), span=span))
    return found


def is_casual(asked: Asked) -> bool:
    """Whether it is about a review or a post, or names nothing: asked of a whole library it would mean nothing."""
    return asked.passage.article_id.startswith(CASUAL) or not NAMING.search(asked.question)


def similar_without_answer(asked: Sequence[Asked], passages: Iterable[Passage], rng: random.Random) -> list[Asked]:
    """Each question with one of the three passages nearest to it in words that do not hold any of its answers."""
    pool = sorted(set(passages), key=lambda passage: (passage.article_id, passage.text))
    # Words rather than vectors: ten seconds for 8,000 questions and 6,000 passages against some ninety.
    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    matrix = vectorizer.fit_transform([f"{each.title} {each.text}" for each in pool]).T.tocsr()
    found = []
    for at in range(0, len(asked), 512):
        part = asked[at : at + 512]
        scores = (vectorizer.transform([each.question for each in part]) @ matrix).toarray()
        nearest = np.argsort(-scores, axis=1)[:, :12]
        for each, row in zip(part, nearest, strict=True):
            rivals = [pool[i] for i in row if pool[i] != each.passage and not _holds(pool[i].text, each.answers)][:3]
            found += [Asked(each.question, rng.choice(rivals), None)] if rivals else []
    return found


def _changed(asked: Asked, rng: random.Random) -> Asked | None:
    if not asked.span:
        return None
    text = asked.passage.text
    begin, end = sentence_around(text, asked.span[0])
    question = corrupt(asked.question, text[:begin] + " " + text[end:], text[begin:end], rng)
    return replace(asked, question=question, span=None) if question else None


def _holds(text: str, answers: Iterable[str]) -> bool:
    low = text.lower()
    return any(answer.lower() in low for answer in answers)


def _read(folder: Path) -> Iterable[Asked]:
    passages = dict(_passages(folder))
    for row in _rows(folder / "questions.jsonl"):
        passage = passages[row["paragraph_id"]]
        if not row["answerable"]:
            yield Asked(row["question"], passage, None)
        elif span := _agreed(row, passage.text):
            answers = tuple(answer for answer in row["answers"] if answer)
            yield Asked(row["question"], passage, span, answers)


def _passages(folder: Path) -> Iterator[tuple[str, Passage]]:
    """Paragraphs by id, and whole articles by theirs."""
    for article in _rows(folder / "articles.jsonl"):
        yield article["id"], Passage(article["id"], article["title"], article["text"])
        for paragraph in article["paragraphs"]:
            if isinstance(paragraph, dict):  # of the news, the paragraphs have no ids
                yield paragraph["id"], Passage(article["id"], article["title"], paragraph["text"])


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _agreed(row: dict[str, Any], text: str) -> tuple[int, int] | None:
    """The answer that most annotators mean, the shorter of equals, where it stands nearest to the marked place."""
    answers = [answer for answer in row["answers"] if answer and answer in text]
    if not answers:
        return None
    support = {a: sum(f1(a, b) for b in answers) for a in answers}
    best = max(answers, key=lambda answer: (round(support[answer], 3), -len(answer)))
    if len(answers) > 1 and (support[best] - 1) / (len(answers) - 1) < AGREEMENT:
        return None
    places = [match.start() for match in re.finditer(re.escape(best), text)]
    start = min(places, key=lambda place: abs(place - row["answer_start"]))
    return start, start + len(best)


def f1(guess: str, gold: str) -> float:
    a, b = Counter(re.findall(r"\w+", guess.lower())), Counter(re.findall(r"\w+", gold.lower()))
    common = (a & b).total()
    return 2 * common / (a.total() + b.total()) if common else 0.0


def sentence_around(text: str, at: int) -> tuple[int, int]:
    ends = [match.start() for match in SENTENCE_END.finditer(text)] + [len(text)]
    begin = 0
    for end in ends:
        if at < end:
            return begin, end
        begin = end
    return begin, len(text)


class Encoder:
    """Word pieces of a question and a passage; a passage too long for `length` is cut to a window with the answer."""

    def __init__(self, tokenizer: Tokenizer, length: int) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer, self._length = tokenizer, length
        self._known: dict[str, Encoding] = {}

    def __call__(self, asked: Asked, titled: bool, rng: random.Random) -> Example:
        question = self._pieces(asked.question).ids[:QUESTION_PIECES]
        title = self._pieces(asked.passage.title).ids[:16] if titled else []
        whole = self._pieces(asked.passage.text)
        first, last = pieces_of(whole, asked.span) if asked.span else (0, 0)
        room = self._length - len(question) - len(title) - 3
        low, high = max(0, last - room + 1), min(first, max(0, len(whole.ids) - room))
        start = rng.randint(min(low, high), high) if asked.span else rng.randint(0, max(0, len(whole.ids) - room))
        second = len(question) + 2
        ids = [CLS, *question, SEP, *title, *whole.ids[start : start + room], SEP]
        if not asked.span:
            return Example(ids, second, (0, 0), (0, 0))
        shift, top = second + len(title) - start, len(ids) - 2
        begin, end = pieces_of(whole, sentence_around(asked.passage.text, asked.span[0]))
        span = first + shift, min(last + shift, top)
        return Example(ids, second, span, (max(begin + shift, second + len(title)), min(end + shift, top)))

    def _pieces(self, text: str) -> Encoding:
        if text not in self._known:
            self._known[text] = self._tokenizer.encode(text, add_special_tokens=False)
        return self._known[text]


def pieces_of(encoding: Encoding, span: tuple[int, int]) -> tuple[int, int]:
    """The first and last piece that touch the characters of `span`."""
    touching = [i for i, (begin, end) in enumerate(encoding.offsets) if begin < span[1] and end > span[0]]
    return touching[0], touching[-1]
