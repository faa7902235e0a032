"""A follow-up that a model makes stand alone: what is asked of it, and which rewrites are not used."""

import pytest

from assistant.generating.rewrite import leans, rewritten
from tests.chats import ScriptedChat, prompt_of, scripted

HISTORY = [
    ("user", "Wann wurde die Vale-Brücke eröffnet?"),
    ("assistant", "Die Vale-Brücke wurde am 3. Mai 2024 von Ida Holm eröffnet. [1]"),
]


def test_a_question_that_stands_alone_is_not_even_asked_about() -> None:
    writer = scripted("Something else?")
    for question in ("How long is the Vale bridge?", "When did Ida Holm open the Vale bridge?"):
        assert rewritten(writer, question, HISTORY) == question
    assert rewritten(writer, "How long is it?", []) == "How long is it?"
    assert isinstance(writer.chat, ScriptedChat)
    assert not writer.chat.asked


def test_the_models_rewrite_is_used_where_it_keeps_the_question() -> None:
    writer = scripted("“Wie lang ist die Vale-Brücke?”")
    assert rewritten(writer, "Wie lang ist sie?", HISTORY) == "Wie lang ist die Vale-Brücke?"
    assert isinstance(writer.chat, ScriptedChat)
    assert "Vale-Brücke" in prompt_of(writer.chat.asked[0])


@pytest.mark.parametrize(
    ("question", "rewrite"),
    [
        ("Was tat sie in Oslo?", "Was tat Ida Holm?"),  # a name is dropped
        ("Was geschah 2019?", "Was geschah mit der Vale-Brücke?"),  # a number is dropped
        ("Wie lang ist sie?", "Wie lang ist die Golden-Gate-Brücke?"),  # a name that nobody said
        ("Wie lang ist sie?", "Wie lang ist die Brücke von 1937?"),
        ("Wie lang ist sie?", ""),
        ("Wie lang ist sie?", "Sure! Here is the rewritten question you asked for: what a day."),
        ("Wie lang ist sie?", "Vale " * 200),
        ("Wie lang ist sie?", ConnectionError("down")),
    ],
)
def test_a_rewrite_that_asks_something_else_is_not_used(question: str, rewrite: object) -> None:
    assert rewritten(scripted(rewrite), question, HISTORY) == question


def test_what_leans_on_a_conversation() -> None:
    assert leans("How long did it take?")
    assert leans("And why?")
    assert leans("Wie lang ist sie?")
    assert not leans("How long is the Vale bridge?")
