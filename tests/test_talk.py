"""A visitor's conversation: as it grows, as it is kept, and as it is found again."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Event, Shown
from assistant.asking import answered
from assistant.doors.bodies import parsed
from assistant.doors.problems import Problem
from assistant.doors.requests import AskRequest
from assistant.keeping.conversations import MOST_REMEMBERED
from assistant.page.draw import Exchange
from assistant.page.talk import Talk
from ingest.document import Document
from tests.assistants import SmallAssistant, with_articles

OWNER = "somebody"
OPENED = {"question": "When did the Vale bridge open?"}


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[SmallAssistant]:
    opened = with_articles(tmp_path)
    yield opened
    opened.store.close()


def asked(
    assistant: SmallAssistant, what: dict[str, Any], before: list[Exchange] | None = None
) -> list[list[Exchange]]:
    return list(Talk(assistant).ask(before or [], what, OWNER, threading.Event()))


def test_the_question_the_sentences_and_the_whole_answer_come_one_after_the_other(assistant: SmallAssistant) -> None:
    waiting, shown, whole = asked(assistant, OPENED)
    assert (waiting[0].state, waiting[0].body) == ("waiting", None)
    assert shown[0].state == "waiting"
    assert shown[0].body is not None
    assert whole[0].body is not None
    assert shown[0].body["sentences"] == whole[0].body["sentences"]
    assert shown[0].body["citations"] == whole[0].body["citations"]
    assert whole[0].state == "whole"


def test_what_a_person_chose_reaches_the_assistant_and_is_kept(assistant: SmallAssistant) -> None:
    told = {
        "question": "And that?",
        "searched_for": "When did the probe land?",
        "filters": {"article_ids": ["moon"]},
        "model": "extractive",
    }
    *_, whole = asked(assistant, told)
    assert assistant.asked[-1]["article_ids"] == ["moon"]
    assert whole[0].body is not None
    assert whole[0].body["searched_for"] == "When did the probe land?"
    (kept,) = assistant.conversations.answers(whole[0].body["conversation_id"], OWNER)
    assert kept.filters == {"article_ids": ["moon"]}


def test_a_conversation_goes_on_and_is_found_again_by_its_owner_alone(assistant: SmallAssistant) -> None:
    *_, first = asked(assistant, OPENED)
    *_, both = asked(assistant, {"question": "Zebra quantum?"}, first)
    assert both[0].body is not None
    assert both[1].body is not None
    conversation = both[0].body["conversation_id"]
    assert both[1].body["conversation_id"] == conversation
    history = [(turn.role, turn.content) for turn in assistant.asked[-1]["history"]]  # type: ignore[attr-defined]
    assert history[0] == ("user", OPENED["question"])
    talk = Talk(assistant)
    assert talk.kept(conversation, OWNER) == both
    assert talk.holding(both[1].body["id"], OWNER) == both
    assert talk.kept(conversation, "somebody else") == []
    assert talk.holding(both[1].body["id"], "somebody else") == []
    assert talk.holding("ans_nothing", OWNER) == []


def test_a_conversation_that_was_deleted_meanwhile_begins_anew(assistant: SmallAssistant) -> None:
    *_, first = asked(assistant, OPENED)
    assert first[0].body is not None
    assistant.conversations.remove(first[0].body["conversation_id"], OWNER)
    *_, both = asked(assistant, OPENED, first)
    assert both[1].body is not None
    assert both[1].body["conversation_id"] != first[0].body["conversation_id"]


def test_expected_trouble_and_bugs_are_told_and_nothing_is_kept(assistant: SmallAssistant) -> None:
    *_, refused = asked(assistant, {"question": "Why?", "model": "nobody"})
    assert refused[0].state == "trouble"
    assert "There is no model 'nobody' here" in refused[0].trouble
    *_, broken = asked(assistant, {"question": "Please break halfway."})
    assert "log says what" in broken[0].trouble
    assert assistant.conversations.listed(OWNER).items == ()


@pytest.mark.parametrize(
    "told",
    [
        {"question": "why " * 501},
        {"question": " "},
        {"question": "Why \ud83d?"},
        {"question": "And that?", "searched_for": "  "},
        {},
    ],
)
def test_a_question_is_refused_in_the_same_words_as_by_the_endpoint(
    assistant: SmallAssistant, told: dict[str, Any]
) -> None:
    with pytest.raises(Problem) as refused:
        parsed(AskRequest, json.dumps(told).encode())
    *_, troubled = asked(assistant, told)
    assert (troubled[0].state, troubled[0].trouble) == ("trouble", refused.value.message)
    troubled[0].question.encode()  # can be sent to the page
    assert assistant.asked == []


def test_a_follow_up_is_read_with_as_much_as_by_the_endpoint(assistant: SmallAssistant) -> None:
    so_far: list[Exchange] = []
    for number in range(MOST_REMEMBERED + 2):
        *_, so_far = asked(assistant, {"question": f"When did the Vale bridge open, {number}?"}, so_far)
    assert so_far[-1].body is not None
    conversation = so_far[-1].body["conversation_id"]
    answered(assistant, AskRequest(**OPENED, conversation_id=conversation), OWNER)  # type: ignore[arg-type]
    asked(assistant, OPENED, so_far)
    at_the_endpoint, on_the_page = (each["history"] for each in assistant.asked[-2:])
    assert on_the_page == at_the_endpoint
    assert len(on_the_page) == 2 * MOST_REMEMBERED  # type: ignore[arg-type]


class Slow(SmallAssistant):
    """Says stop to itself once a sentence is there."""

    stop = threading.Event()

    def stream(self, question: str, **options: Any) -> Iterator[Event]:
        for event in super().stream(question, **options):
            yield event
            if isinstance(event, Shown):
                self.stop.wait(5)


def test_what_was_shown_stays_when_it_is_stopped_and_is_not_kept(tmp_path: Path) -> None:
    assistant = Slow(tmp_path)
    assistant.pipeline.add(Document("Bridge opens", "The Vale bridge opened on 3 May."), "bridge")
    states = []
    for exchanges in Talk(assistant).ask([], OPENED, OWNER, assistant.stop):
        states.append(exchanges[0].state)
        if exchanges[0].body:
            assistant.stop.set()
    assert states == ["waiting", "waiting", "stopped"]
    assert exchanges[0].body is not None
    assert len(exchanges[0].body["sentences"]) == 1
    assert assistant.conversations.listed(OWNER).items == ()
    assistant.store.close()


def test_chat_models_are_not_asked_what_nobody_asked(assistant: SmallAssistant) -> None:
    assistant.models = ("openai:gpt",)  # type: ignore[assignment]
    *_, told = list(Talk(assistant).ask([], OPENED, OWNER, threading.Event()))
    before = len(assistant.asked)
    assert Talk(assistant).further(told) == Talk(assistant).further([]) == ()
    assert len(assistant.asked) == before
