"""What is kept, to take along: a conversation as Markdown or HTML, feedback as lines of JSON.

Every citation comes whole. Knows nothing of HTTP, and of the library only how to read an article version.
"""

import json
from collections.abc import Sequence
from html import escape as esc
from typing import Any

from assistant.keeping import sheet
from assistant.keeping.check import ArticleOf
from assistant.keeping.kept import Conversation, KeptAnswer
from assistant.keeping.prose import Body, as_markdown, citations_of, escaped
from vectorstore import NotFound


def as_json(conversation: Conversation, answers: Sequence[KeptAnswer]) -> dict[str, Any]:
    """The conversation with its answers, whole and in order."""
    return conversation.to_json() | {"answers": [answer.to_json() for answer in answers]}


def markdown(conversation: Conversation, answers: Sequence[KeptAnswer]) -> str:
    """One document; the footnotes of the second answer are `[^2-1]` and so on."""
    parts = (as_markdown(answer.body, prefix=f"{number}-", full=True) for number, answer in enumerate(answers, 1))
    return "\n".join([f"# {escaped(conversation.title)}\n", *parts])


def html(conversation: Conversation, answers: Sequence[KeptAnswer], article_of: ArticleOf) -> str:
    """One page that stands alone, each citation in its paragraph while the library has it."""
    sections = "".join(_section(number, answer, article_of) for number, answer in enumerate(answers, 1))
    main = f'<p class="small">Footnote · conversation</p>\n<h1 dir="auto">{esc(conversation.title)}</h1>\n'
    return sheet.page(conversation.title, main + sections)


def _section(number: int, answer: KeptAnswer, article_of: ArticleOf) -> str:
    body, anchor = answer.body, f"answer-{number}-citation-"
    listed = sheet.quotations(body, paragraphs_of(body, article_of), anchor=anchor)
    question = f'<h2 dir="auto">{esc(body["question"])}</h2>\n'
    return question + sheet.about(body, answer.created) + sheet.answer(body, anchor=anchor) + listed


def paragraphs_of(body: Body, article_of: ArticleOf) -> list[str | None]:
    """The text of each citation's paragraph, None where the library does not have its version any more."""
    return [_paragraph(citation, article_of) for citation in citations_of(body)]


def _paragraph(citation: Body, article_of: ArticleOf) -> str | None:
    try:
        text = article_of(citation["article_id"], citation["article_version"]).text
    except NotFound:
        return None
    return text[citation["paragraph_start_char_index"] : citation["paragraph_end_char_index"]]


def feedback(answer: KeptAnswer) -> str:
    """One line of JSON for evaluation: what was asked and answered, and what the reader thought of it."""
    body = answer.body
    line = {
        "created": answer.created,
        "question": body["question"],
        "searched_for": body["searched_for"],
        "filters": answer.filters,
        "thumb": answer.feedback and answer.feedback.thumb,
        "reason": answer.feedback and answer.feedback.reason,
        "answer": body,
    }
    return json.dumps(line, ensure_ascii=False) + "\n"
