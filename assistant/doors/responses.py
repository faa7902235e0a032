"""How the bodies of answers look, for `/openapi.json` alone: the contract as models.

The bodies are made elsewhere (`answer.py`, `endpoints.py`); a test holds the two together. Knows nothing of HTTP.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Described(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ErrorDetail(Described):
    type: Literal[
        "invalid_request",
        "authentication",
        "permission",
        "not_found",
        "method_not_allowed",
        "conflict",
        "too_large",
        "unsupported_media_type",
        "unprocessable",
        "rate_limited",
        "internal_error",
        "unavailable",
    ]
    message: str = Field(description="One sentence that a person can act on.")
    param: str | None = Field(description="The field it is about.")


class Error(Described):
    """Every error has this shape. 500 is always a bug; 503 comes with Retry-After while something starts."""

    error: ErrorDetail


class AlsoIn(Described):
    """Another article that holds the cited words."""

    article_id: str
    document_title: str
    source: str | None


class Citation(Described):
    """Words of a stored article version: `text[start_char_index:end_char_index] == cited_text`, in code points."""

    number: int
    type: Literal["char_location"]
    article_id: str
    article_version: str
    document_title: str
    source: str | None
    published: str | None
    page_number: int | None
    paragraph_index: int
    paragraph_start_char_index: int
    paragraph_end_char_index: int
    start_char_index: int
    end_char_index: int
    cited_text: str
    also_in: list[AlsoIn]


class Sentence(Described):
    text: str
    citations: list[int]
    support: Literal["quoted", "supported"]


class ShownSentence(Sentence):
    """An event of a stream: a sentence that has been checked, with those of its citations that are new."""

    index: int
    new_citations: list[Citation]


class ShortAnswer(Described):
    """The exact words that answer, inside citation `citation`."""

    text: str
    citation: int
    start_char_index: int
    end_char_index: int


class Refusal(Described):
    reason: Literal["no_articles", "not_in_articles", "unsupported"]
    closest: list[Citation] = Field(description="The nearest paragraphs, so that a person sees what was looked at.")


class Notice(Described):
    type: Literal["left_out", "partial", "disagreement", "fallback", "interpreted"]
    message: str
    citations: list[int]


class Answer(Described):
    id: str
    conversation_id: str | None
    question: str
    searched_for: str
    answer: str = Field(description="The sentences, each followed by its markers, or the one sentence of a refusal.")
    refused: bool
    refusal: Refusal | None
    notices: list[Notice]
    confidence: float = Field(ge=0, le=1, description="Estimated probability that the first sentence answers.")
    short_answer: ShortAnswer | None
    sentences: list[Sentence]
    citations: list[Citation] = Field(description="Citation 1 is the best one.")
    model: str
    timings_ms: dict[str, float]


class AddedArticle(Described):
    id: str
    version: str
    title: str
    paragraphs: int
    chunks: int
    status: Literal["added", "updated", "unchanged"]
    dropped: list[str] = Field(description="Lines that cleaning took out.")


class SkippedSource(Described):
    source: str
    reason: str


class Added(Described):
    articles: list[AddedArticle]
    skipped: list[SkippedSource]


class ListedArticle(Described):
    id: str
    version: str
    title: str
    source: str | None
    published: str | None
    tags: list[str]
    paragraphs: int
    chunks: int
    copy_of: str | None = Field(description="Id of an article added earlier that has nine tenths of its text or more.")
    same_text: bool = Field(description="That article has its text to the letter.")


class ArticleList(Described):
    articles: list[ListedArticle] = Field(description="Newest first.")
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page.")


class Paragraph(Described):
    start_char_index: int
    end_char_index: int
    page_number: int | None


class Article(Described):
    id: str
    version: str
    title: str
    source: str | None
    published: str | None
    author: str | None
    language: str | None
    tags: list[str]
    text: str
    paragraphs: list[Paragraph]


class Passage(Described):
    article_id: str
    article_version: str
    document_title: str
    start_char_index: int
    end_char_index: int
    text: str
    score: float


class Passages(Described):
    passages: list[Passage] = Field(description="Best first; at most 256 word pieces each.")


class Feedback(Described):
    thumb: Literal["up", "down"]
    reason: str | None


class KeptAnswer(Described):
    created: str = Field(description="ISO 8601, in UTC.")
    filters: dict[str, list[str] | str] | None = Field(description="Which articles were asked; null for all.")
    feedback: Feedback | None
    answer: Answer


class ListedConversation(Described):
    id: str
    title: str = Field(description="The first question, until somebody renames it.")
    created: str = Field(description="ISO 8601, in UTC.")
    updated: str = Field(description="When its last answer was given.")
    answers: int = Field(description="How many there are.")


class ConversationList(Described):
    conversations: list[ListedConversation] = Field(description="That with the newest answer first.")
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page.")


class Conversation(Described):
    id: str
    title: str
    created: str
    updated: str
    answers: list[KeptAnswer] = Field(description="In the order they were given.")


class CheckedCitation(Described):
    """Offsets are of the current version, `article_version`; null where the words are not in it.

    Of changed words the paragraph is the one most like them, if any is.
    """

    number: int | None
    article_id: str
    status: Literal["intact", "moved", "changed", "gone"]
    article_version: str | None = Field(description="The current one; null where the article is gone.")
    document_title: str | None
    paragraph_index: int | None
    paragraph_start_char_index: int | None
    paragraph_end_char_index: int | None
    start_char_index: int | None
    end_char_index: int | None
    places: int = Field(description="How often the current version has the words.")


class CheckedCitations(Described):
    citations: list[CheckedCitation] = Field(description="In the order they were sent.")


class Health(Described):
    status: str
