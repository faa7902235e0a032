"""Further questions: made of sentences by pattern, and offered only where asking them leads back."""

import pytest

from assistant.answer import Answer, Citation, Refusal, Sentence, ShortAnswer
from assistant.question.further import MOST, Further
from assistant.question.question_patterns import made_of
from tests.conftest import article
from vectorstore import Span

BRIDGE = article(
    "bridge",
    "Bridge opens",
    "The Vale bridge is 1,284 metres long. It cost 312 million crowns.",
    "Work was led by an engineer, Marta Lindqvist, who designed the Osk tunnel.",
    "The Osk tunnel was opened on 4 June 1998.",
)


@pytest.mark.parametrize(
    ("sentence", "question", "expected"),
    [
        ("The Vale bridge is 1,284 metres long and has four lanes.", "How long is the Vale bridge?", "1,284 metres"),
        ("Marta Lindqvist designed the Osk tunnel, she said.", "Who designed the Osk tunnel?", "Marta Lindqvist"),
        ("The Osk tunnel was opened on 4 June 1998 by the king.", "When was the Osk tunnel opened?", "4 June 1998"),
        ("The Osk tunnel opened to traffic in May 1998.", "When did the Osk tunnel open?", "May 1998"),
        ("The Osk tunnel cost $12 million.", "How much did the Osk tunnel cost?", "$12 million"),
        ("Some 6,000 people walked across the Vale bridge.", "How many people walked across the Vale bridge?", "6,000"),
        ('"We ran," said the fire chief, Anneke Dorn.', "Who is Anneke Dorn?", "the fire chief"),
    ],
)
def test_a_sentence_becomes_the_question_that_it_answers(sentence: str, question: str, expected: str) -> None:
    assert [(made.question, made.expected) for made in made_of(sentence)] == [(question, expected)]


@pytest.mark.parametrize(
    "sentence",
    [
        "It is 1,284 metres long.",
        "He led the expedition to Mars.",
        "The bridge was opened on 3 May.",  # which bridge?
        "Robert Brout had died in 2011.",
        '"The Osk tunnel cost $12 million," he said.',
        "In 2011 the Osk tunnel opened in May 1998.",
        "The Osk tunnel cost $12 million " + "and more " * 40,
        "",
    ],
)
def test_better_none_than_silly_ones(sentence: str) -> None:
    assert list(made_of(sentence)) == []


def answering(words: str, confidence: float = 0.9) -> Answer:
    """An answer that quotes the sentence around `words`."""
    at = BRIDGE.text.index(words)
    paragraph = BRIDGE.paragraphs[BRIDGE.paragraph_at(at)].span
    start = max(BRIDGE.text.rfind(". ", paragraph.start, at) + 2, paragraph.start)
    span = Span(start, BRIDGE.text.index(".", at) + 1)
    citation = Citation(1, BRIDGE, BRIDGE.paragraph_at(at), span)
    short = ShortAnswer(words, 1, Span(at, at + len(words)))
    sentence = Sentence(citation.cited_text, (1,), "quoted")
    facts = {"id": "ans_1", "question": "", "searched_for": "", "text": "", "model": "extractive"}
    return Answer(confidence=confidence, sentences=(sentence,), citations=(citation,), short_answer=short, **facts)


RIGHT = {
    "How long is the Vale bridge?": answering("1,284 metres"),
    "When was the Osk tunnel opened?": answering("4 June 1998"),
}
NO = Answer("ans_1", "", "", "No.", 0.1, "extractive", refusal=Refusal("not_in_articles", ()))


def offered(answers: dict[str, Answer], shown: tuple[str, ...] = (), asked: tuple[str, ...] = ()) -> tuple[str, ...]:
    return Further(lambda question: answers.get(question, NO)).questions([BRIDGE], shown, asked)


def test_what_is_answered_surely_by_its_own_sentence_is_offered() -> None:
    assert offered(RIGHT) == ("How long is the Vale bridge?", "When was the Osk tunnel opened?")
    assert len(offered(RIGHT)) <= MOST


@pytest.mark.parametrize(
    "wrong",
    [
        NO,
        answering("1,284 metres", confidence=0.5),
        answering("4 June 1998"),  # another sentence
        answering("four", 0.9) if "four" in BRIDGE.text else answering("312 million crowns"),
    ],
)
def test_what_does_not_lead_back_is_not(wrong: Answer) -> None:
    assert "How long is the Vale bridge?" not in offered({"How long is the Vale bridge?": wrong})


def test_what_was_asked_or_shown_is_not_offered_again() -> None:
    assert offered(RIGHT, asked=("how long is the vale bridge",)) == ("When was the Osk tunnel opened?",)
    assert offered(RIGHT, shown=("The Osk tunnel was opened on 4 June 1998.",)) == ("How long is the Vale bridge?",)


def test_an_article_is_asked_once_and_one_in_another_language_never() -> None:
    asked: list[str] = []

    def ask(question: str) -> Answer:
        asked.append(question)
        return NO

    further = Further(ask)
    for _ in range(3):
        further.questions([BRIDGE], (), ())
    assert len(asked) == len(set(asked)) > 0
    german = article("german", "Brücke", "The Vale bridge is 1,284 metres long.", language="de")
    further.questions([german], (), ())
    assert len(asked) == len(set(asked))
