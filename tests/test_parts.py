"""What is two questions, and what only looks so."""

import pytest

from assistant.question.parts import parts

SEVERAL = [
    ("When and where did the bridge open?", ("When did the bridge open?", "Where did the bridge open?")),
    (
        "Who, when, and why was the ferry stopped?",
        ("Who was the ferry stopped?", "When was the ferry stopped?", "Why was the ferry stopped?"),
    ),
    (
        "How many seats did the League win and who leads it?",
        ("How many seats did the League win?", "Who leads it?"),
    ),
    (
        "When did the bridge open, and how much did it cost?",
        ("When did the bridge open?", "How much did it cost?"),
    ),
    ("Who led the dives? What did they find?", ("Who led the dives?", "What did they find?")),
    (
        "Which is longer, the Vale bridge or the Skerry tunnel?",
        ("How long is the Vale bridge?", "How long is the Skerry tunnel?"),
    ),
    ("Compare the Vale bridge with the ferry.", ("What is the Vale bridge?", "What is the ferry?")),
]
ONE = [
    "When did the bridge open?",
    "What did the mayor say about when and where tolls begin?",
    "Who sang and danced at the opening?",
    "Who won, Holm or Wirth?",
    "What is the difference between a mole and a breakwater?",
    "The fire started at night. Who raised the alarm?",
    "Was it really opened? ?",
    "Wann und wo wurde die Brücke eröffnet?",
    "橋は何年に開通しましたか?",
    "?",
    "",
]


@pytest.mark.parametrize(("question", "asked"), SEVERAL)
def test_each_part_is_a_question(question: str, asked: tuple[str, ...]) -> None:
    assert parts(question) == asked


@pytest.mark.parametrize("question", ONE)
def test_one_question_stays_as_it_is(question: str) -> None:
    assert parts(question) == (question,)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Hello, could you tell me when the bridge opened?", ("When the bridge opened?",)),
        ("please tell me who built it", ("Who built it",)),
        ("Do you know if the bridge is open?", ("The bridge is open?",)),
        ("I’d like to know what it cost and who paid for it.", ("What it cost?", "Who paid for it?")),
    ],
)
def test_courtesy_is_no_part_of_a_question(said: str, asked: tuple[str, ...]) -> None:
    assert parts(said) == asked


@pytest.mark.parametrize("said", ["Can you dance?", "Tell me about the bridge", "Hello", "Do you know Ada Moss?"])
def test_what_only_begins_like_a_courtesy_stays(said: str) -> None:
    assert parts(said) == (said,)
