"""The nouns of an answer and their JSON, made here and used by every door.

An `Answer` is built once and whole: a sentence cannot exist without its citations, a citation not without
its article version. Nothing here knows how an answer is found or drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from vectorstore import Article, Passage, Span

Support = Literal["quoted", "supported"]
RefusalReason = Literal["no_articles", "not_in_articles", "unsupported"]
NoticeType = Literal["left_out", "partial", "disagreement", "fallback", "interpreted"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of a stored article version. `span` lies inside paragraph `paragraph_index` of `article`."""

    number: int
    article: Article
    paragraph_index: int
    span: Span
    also_in: tuple[Article, ...] = ()  # other articles that hold these words

    @property
    def cited_text(self) -> str:
        return self.span.of(self.article.text)

    def to_json(self) -> dict[str, Any]:
        paragraph = self.article.paragraphs[self.paragraph_index]
        return {
            "number": self.number,
            "type": "char_location",
            "article_id": self.article.id,
            "article_version": self.article.version,
            "document_title": self.article.title,
            "source": self.article.source,
            "published": self.article.published,
            "page_number": paragraph.page_at(self.span.start),
            "paragraph_index": self.paragraph_index,
            "paragraph_start_char_index": paragraph.start,
            "paragraph_end_char_index": paragraph.end,
            "start_char_index": self.span.start,
            "end_char_index": self.span.end,
            "cited_text": self.cited_text,
            "also_in": [
                {"article_id": article.id, "document_title": article.title, "source": article.source}
                for article in self.also_in
            ],
        }


@dataclass(frozen=True, slots=True)
class Sentence:
    """One shown sentence and the numbers of the citations that carry it."""

    text: str
    citations: tuple[int, ...]
    support: Support

    @property
    def marked(self) -> str:
        """The sentence with its markers behind it, as it stands in the answer's text."""
        return self.text + "".join(f" [{number}]" for number in self.citations)

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "citations": list(self.citations), "support": self.support}


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The exact words that answer: `span` lies inside the citation numbered `citation`."""

    text: str
    citation: int
    span: Span

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "citation": self.citation,
            "start_char_index": self.span.start,
            "end_char_index": self.span.end,
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer, and the nearest paragraphs, so that a person sees what was looked at."""

    reason: RefusalReason
    closest: tuple[Citation, ...]

    def to_json(self) -> dict[str, Any]:
        return {"reason": self.reason, "closest": [citation.to_json() for citation in self.closest]}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader should know beside the answer."""

    type: NoticeType
    message: str
    citations: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"type": self.type, "message": self.message, "citations": list(self.citations)}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer or a refusal: exactly one of `sentences` and `refusal` is there."""

    id: str
    question: str
    searched_for: str
    text: str  # what is shown: the sentences with their markers, or the one sentence of a refusal
    confidence: float  # probability in [0, 1] that the first sentence answers
    model: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    short_answer: ShortAnswer | None = None
    refusal: Refusal | None = None
    notices: tuple[Notice, ...] = ()
    conversation_id: str | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if bool(self.sentences) == (self.refusal is not None):
            raise ValueError("an answer has sentences or a refusal, not both and not neither")

    def to_json(self) -> dict[str, Any]:
        """The body of `POST /v1/ask`, in the contract's order."""
        return {
            "id": self.id,
            "conversation_id": self.conversation_id,
            "question": self.question,
            "searched_for": self.searched_for,
            "answer": self.text,
            "refused": self.refusal is not None,
            "refusal": self.refusal.to_json() if self.refusal else None,
            "notices": [notice.to_json() for notice in self.notices],
            "confidence": round(self.confidence, 4),
            "short_answer": self.short_answer.to_json() if self.short_answer else None,
            "sentences": [sentence.to_json() for sentence in self.sentences],
            "citations": [citation.to_json() for citation in self.citations],
            "model": self.model,
            "timings_ms": {name: round(value, 1) for name, value in self.timings_ms.items()},
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation that came before."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Found:
    """The first event of an answer being given: what was found for the question, best first."""

    passages: tuple[Passage, ...]

    def to_json(self) -> dict[str, Any]:
        return {"passages": [passage_json(passage) for passage in self.passages]}


@dataclass(frozen=True, slots=True)
class Shown:
    """One checked sentence of an answer being given. It stays, and its numbers never change.

    `new_citations` are those of its citations that no sentence before it had.
    """

    index: int
    sentence: Sentence
    new_citations: tuple[Citation, ...]

    def to_json(self) -> dict[str, Any]:
        new = [citation.to_json() for citation in self.new_citations]
        return {"index": self.index, **self.sentence.to_json(), "new_citations": new}


# An answer being given: what was found, then each sentence as soon as it is checked, then the whole.
Event = Found | Shown | Answer


def events_of(answer: Answer) -> Iterator[Shown]:
    """The sentences of a whole answer as they would have been shown one by one."""
    seen: set[int] = set()
    for index, sentence in enumerate(answer.sentences):
        new = tuple(each for each in answer.citations if each.number in set(sentence.citations) - seen)
        seen.update(sentence.citations)
        yield Shown(index, sentence, new)


def passage_json(passage: Passage) -> dict[str, Any]:
    """A passage as `GET /v1/search` lists it."""
    return {
        "article_id": passage.article.id,
        "article_version": passage.article.version,
        "document_title": passage.article.title,
        "start_char_index": passage.span.start,
        "end_char_index": passage.span.end,
        "text": passage.text,
        "score": passage.score,
    }


def marked(sentences: tuple[Sentence, ...]) -> str:
    """The sentences in reading order, each followed by its markers: `It took nine years. [1]`."""
    return " ".join(sentence.marked for sentence in sentences)
