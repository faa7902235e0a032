"""An answer as text to take along; in Markdown, rendered, nothing in it does more than be read."""

from typing import Any

import pytest
from markdown_it import MarkdownIt

from assistant.keeping.prose import as_markdown, as_plain_text, escaped

CITATION: dict[str, Any] = {
    "number": 1,
    "document_title": "Bridge opens",
    "source": "bridge.txt",
    "published": "2024-05-03T10:00",
    "page_number": None,
    "paragraph_index": 0,
    "cited_text": "Tolls begin\nin June.",
}
BODY: dict[str, Any] = {
    "question": "When do tolls begin?",
    "answer": "Tolls begin\nin June. [1]",
    "refused": False,
    "refusal": None,
    "notices": [{"type": "partial", "message": "The articles do not say: where?", "citations": []}],
    "sentences": [{"text": "Tolls begin\nin June.", "citations": [1], "support": "quoted"}],
    "citations": [CITATION],
}
REFUSED: dict[str, Any] = BODY | {
    "answer": "The articles do not say.",
    "refused": True,
    "refusal": {"reason": "not_in_articles", "closest": [CITATION]},
    "notices": [],
    "sentences": [],
    "citations": [],
}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[press](javascript:alert(1))",
    "![x](http://elsewhere.example/x.png)",
    "# not a heading",
    "- no list",
    "1. no list",
    "> no quotation",
    "`code` **bold** _it_ ~~gone~~ $x$ a|b &lt; \\",
    "=== \n --- \n\n    indented",
    "[^1]: not a footnote",
    "<http://elsewhere.example>",
]


def test_plain_text() -> None:
    assert as_plain_text(BODY) == (
        "When do tolls begin?\n\nTolls begin\nin June. [1]\n\nNote: The articles do not say: where?\n\n"
        "[1] Bridge opens, 2024-05-03, bridge.txt, paragraph 1\n"
    )
    assert as_plain_text(REFUSED).endswith(
        "\n\nThe articles do not say.\n\nThe closest paragraphs:\n\n"
        "[1] Bridge opens, 2024-05-03, bridge.txt, paragraph 1: “Tolls begin in June.”\n"
    )


def test_markdown() -> None:
    assert as_markdown(BODY, prefix="2-") == (
        "## When do tolls begin?\n\nTolls begin in June.[^2-1]\n\n*Note: The articles do not say: where?*\n\n"
        "[^2-1]: Bridge opens, 2024-05-03, bridge.txt, paragraph 1\n"
    )
    assert "The closest paragraphs:\n\n> Tolls begin in June.\n>\n> Bridge opens" in as_markdown(REFUSED)


def test_words_that_the_answer_says_otherwise_stand_in_the_footnote() -> None:
    own = BODY | {"sentences": [{"text": "In June.", "citations": [1], "support": "supported"}]}
    assert as_markdown(own).endswith("bridge.txt, paragraph 1: “Tolls begin in June.”\n")
    assert as_plain_text(own).endswith("bridge.txt, paragraph 1: “Tolls begin in June.”\n")


def test_copies_of_a_story_are_named() -> None:
    copies = [
        {"article_id": "b", "document_title": "Bridge", "source": "wire.txt"},
        {"article_id": "c", "document_title": "Br*dge", "source": None},
    ]
    named = BODY | {"citations": [CITATION | {"also_in": copies}]}
    assert as_markdown(named).endswith("paragraph 1, also in wire.txt, also in Br\\*dge\n")
    assert as_plain_text(named).endswith("paragraph 1, also in wire.txt, also in Br*dge\n")


def test_a_title_leads_to_the_web_and_nowhere_else() -> None:
    there = BODY | {"citations": [CITATION | {"source": "https://news.example/a b)<x>", "page_number": 3}]}
    assert "[Bridge opens](<https://news.example/a%20b%29%3Cx%3E>), 2024-05-03, page 3, paragraph 1" in as_markdown(
        there
    )
    for source in ("javascript:alert(1)", "ftp://x.example/", "https://", None):
        assert "](" not in as_markdown(BODY | {"citations": [CITATION | {"source": source}]})


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_escaped_shows_itself_and_does_nothing(text: str) -> None:
    line = " ".join(text.split())
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(escaped(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == line


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_answer_makes_no_link_and_no_html(text: str) -> None:
    citation = CITATION | {"document_title": text, "source": text, "published": text, "cited_text": text}
    sentence = {"text": text, "citations": [1], "support": "quoted"}
    notice = {"type": "partial", "message": text, "citations": []}
    for hostile in (
        BODY | {"question": text, "sentences": [sentence], "citations": [citation], "notices": [notice]},
        REFUSED | {"answer": text, "refusal": {"reason": "unsupported", "closest": [citation]}},
    ):
        html = MarkdownIt("commonmark").render(as_markdown(hostile))
        for harm in ("<script", "<img", "<a ", "<h1", "<ul", "<ol", "<code"):
            assert harm not in html, html
