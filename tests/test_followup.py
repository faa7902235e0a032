"""Follow-ups: what becomes a question that stands alone, and what is never touched."""

import pytest

from assistant.question.followup import each_alone, stand_alone
from assistant.question.parts import parts

BRIDGE = [
    ("user", "When did the Vale bridge open?"),
    ("assistant", "The Vale bridge opened on 3 May. [1] “It took nine years,” Mayor Ida Holm said. [2]"),
]
ELECTION = [
    ("user", "Who stood in the election?"),
    ("assistant", "The Harbour List, the Green Union and the Free Farmers stood. [1]"),
]
SPENDING = [
    ("user", "How much did Arden spend in 2012?"),
    ("assistant", "Arden spent 3 million crowns in 2012. [1]"),
]


@pytest.mark.parametrize(
    ("history", "asked", "alone"),
    [
        (BRIDGE, "How long did it take?", "How long did the Vale bridge take?"),
        (BRIDGE, "what's its length?", "what's the Vale bridge's length?"),
        (BRIDGE, "What’s its length?", "What’s the Vale bridge's length?"),
        (BRIDGE, "How long did it take — and why?", "How long did the Vale bridge take — and why?"),
        (BRIDGE, "Didn’t it open?", "Didn’t the Vale bridge open?"),
        (BRIDGE, "Did she live in Malmö?", "Did Mayor Ida Holm live in Malmö?"),
        (BRIDGE, "What did she say?", "What did Mayor Ida Holm say?"),
        (BRIDGE, "Who built the bridge?", "Who built the Vale bridge?"),
        (BRIDGE, "why?", "Why did the Vale bridge open?"),
        (BRIDGE, "What about the Port Maren tunnel?", "When did the Port Maren tunnel open?"),
        (BRIDGE, "What about its cost?", "What about the Vale bridge's cost?"),
        ([("user", "Can ships pass the bridge?")], "Why not?", "Why can't ships pass the bridge?"),
        ([("user", "Isn’t it open?")], "why not", "Why isn’t it open?"),
        (BRIDGE, "Why not?", "When did the Vale bridge open, and why not?"),
        (ELECTION, "Who else?", "Who else stood in the election?"),
        (ELECTION, "And why?", "Who stood in the election, and why?"),
        (ELECTION, "What about the second one?", "What about the Green Union?"),
        (ELECTION, "How many seats did the first one win?", "How many seats did the Harbour List win?"),
        (SPENDING, "And in 2014?", "How much did Arden spend in 2014?"),
        (SPENDING, "what about 2013?", "How much did Arden spend in 2013?"),
        (SPENDING, "What about Holm?", "How much did Holm spend in 2012?"),
    ],
)
def test_a_follow_up_stands_alone(history: list[tuple[str, str]], asked: str, alone: str) -> None:
    assert stand_alone(asked, history) == alone


@pytest.mark.parametrize(
    "asked",
    [
        "When do tolls begin on the Vale bridge?",
        "What is the capital of France?",
        "What did Ida Holm say about her bridge?",
        "Is it possible to walk across the Vale bridge?",
        "How many people live in Port Maren?",
        "Who painted the Mona Lisa, and when was it painted?",
        "thanks",
        "?",
        "",
        "😀",
        "Und wie lang ist sie?",
        "¿Y cuánto costó?",
        "它有多长?",
        "Où est-il né ?",
        "Qu’est-ce que c’est ?",
        "Wer hat die Brücke eröffnet?",
        "Was ist mit Zürich?",
        "Kolik to stálo?",
        "it " * 300,
    ],
)
def test_what_stands_alone_or_is_no_english_question_stays_letter_for_letter(asked: str) -> None:
    assert stand_alone(asked, BRIDGE) == asked


def test_a_part_of_a_question_stands_alone_after_the_parts_before_it() -> None:
    built, opened, cost = "Who built the Vale bridge?", "When did it open?", "How much did it cost?"
    assert each_alone((built, opened, cost)) == (
        built,
        "When did the Vale bridge open?",
        "How much did the Vale bridge cost?",
    )
    assert each_alone((opened,)) == (opened,)
    for question in (
        "When and where did the bridge open?",
        "Which is longer, the Vale bridge or the tunnel?",
        "Who designed the tunnel and how long is the bridge?",
    ):
        assert each_alone(parts(question)) == parts(question)


def test_without_a_conversation_nothing_changes() -> None:
    assert stand_alone("How long did it take?", []) == "How long did it take?"


def test_nothing_is_changed_in_a_conversation_in_another_language() -> None:
    history = [
        ("user", "Wann wurde die Brücke über den Fluss eröffnet?"),
        ("assistant", "Die Brücke wurde am 3. Mai nach neun Jahren Bauzeit von der Bürgermeisterin eröffnet. [1]"),
    ]
    assert stand_alone("Was kostet it?", history) == "Was kostet it?"


def test_who_else_says_besides_whom() -> None:
    alone = stand_alone("Who else spoke at the opening?", BRIDGE)
    assert alone.startswith("Besides Mayor Ida Holm, who else spoke at the opening")


def test_earlier_questions_are_resolved_before_later_ones() -> None:
    history = [*BRIDGE, ("user", "How long did it take?"), ("assistant", "It took nine years. [1]")]
    assert stand_alone("What did it cost?", history) == "What did the Vale bridge cost?"
    assert stand_alone("And who designed it?", history) == "And who designed the Vale bridge?"


def test_a_refusal_offers_nothing_to_refer_to() -> None:
    history = [*BRIDGE, ("user", "Who is Karl Aune?"), ("assistant", "The articles do not answer this question.")]
    assert "articles" not in stand_alone("Where does he live?", history)
    assert stand_alone("Where does he live?", history) == "Where does Karl Aune live?"


def test_markers_are_no_part_of_what_was_said() -> None:
    assert "[" not in stand_alone("What happened after that?", BRIDGE)
