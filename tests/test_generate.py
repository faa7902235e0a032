"""Answers that a model writes: shown as they are checked, mended once, left out, or quoted instead."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer import Answer, Found, Shown, Turn
from assistant.engine import Assistant
from assistant.generating.generated import Author
from assistant.generating.models import Writer
from assistant.generating.prompt import SENTINEL
from assistant.generating.writing import Patience
from assistant.settings import EXTRACTIVE
from ingest.document import Document
from ingest.pipeline import Pipeline
from tests.chats import ScriptedChat, prompt_of, scripted
from vectorstore import InvalidInput, Store, load_embedder

BRIDGE = (
    "The Vale bridge opened on 3 May 2024. It is 1,284 metres long [12] and carries four lanes. "
    '"It took nine years," Mayor Ida Holm said.\n\n'
    "Tolls begin in June. A car pays 24 crowns, and buses pay nothing."
)
QUESTION = "How long is the Vale bridge?"
GOOD = "The Vale bridge is 1,284 meters long. [1] It opened on May 3, 2024. [1]"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("generate") / "library", load_embedder())
    Pipeline(store).add(Document("Vale bridge opens", BRIDGE, published="2024-05-04"), "bridge")
    Pipeline(store).add(Document("Kelp returns", "Kelp covers 640 hectares of the bay. Cod came back."), "kelp")
    yield store
    store.close()


def over(
    library: Store, *replies: Any, patience: Patience | None = None, **fields: Any
) -> tuple[Assistant, ScriptedChat]:
    writer = scripted(*replies, **fields)
    assistant = Assistant(library, models=(writer.name, EXTRACTIVE), author=Author(library, [writer], patience))
    chat = writer.chat
    assert isinstance(chat, ScriptedChat)
    return assistant, chat


def sound(answer: Answer) -> None:
    """What an answer may never be, whatever a model wrote."""
    numbers = {citation.number for citation in answer.citations}
    for sentence in answer.sentences:
        assert sentence.citations
        assert set(sentence.citations) <= numbers
        assert sentence.text.strip()
    for citation in answer.citations:
        assert citation.article.paragraphs[citation.paragraph_index].span.holds(citation.span)
    for notice in answer.notices:
        assert set(notice.citations) <= numbers
    assert 0 <= answer.confidence <= 1


def test_what_the_articles_carry_is_shown_with_exact_citations(library: Store) -> None:
    assistant, chat = over(library, GOOD)
    found, *shown, answer = assistant.stream(QUESTION)
    assert isinstance(found, Found)
    assert isinstance(answer, Answer)
    assert [event.sentence for event in shown if isinstance(event, Shown)] == list(answer.sentences)
    assert tuple(new for event in shown if isinstance(event, Shown) for new in event.new_citations) == answer.citations
    assert answer.text == "The Vale bridge is 1,284 meters long. [1] It opened on May 3, 2024. [2]"
    assert [citation.cited_text for citation in answer.citations] == [
        "It is 1,284 metres long [12] and carries four lanes.",
        "The Vale bridge opened on 3 May 2024.",
    ]
    assert {sentence.support for sentence in answer.sentences} == {"supported"}
    assert (answer.model, answer.notices, answer.refusal) == ("test:model", (), None)
    assert answer.short_answer is not None
    assert "1,284 metres" in answer.short_answer.text
    assert len(chat.asked) == 1
    sound(answer)


def test_a_sentence_of_the_article_counts_as_quoted(library: Store) -> None:
    answer = over(library, "It is 1,284 metres long [12] and carries four lanes. [1]")[0].ask(QUESTION)
    assert answer.text == "It is 1,284 metres long [12] and carries four lanes. [1]"
    assert answer.sentences[0].support == "quoted"


def test_a_missing_or_wrong_marker_is_put_right(library: Store) -> None:
    for written in (
        "The Vale bridge is 1,284 metres long.",
        "The Vale bridge is 1,284 metres long. [3]",
        "[99] The Vale bridge is 1,284 metres long.",
    ):
        answer = over(library, written)[0].ask(QUESTION)
        assert answer.text == "The Vale bridge is 1,284 metres long. [1]"


def test_a_sentence_that_fails_is_mended_before_anything_behind_it(library: Store) -> None:
    wrong = "The Vale bridge is 1,484 metres long. [1] It opened on 3 May 2024. [1]"
    assistant, chat = over(library, wrong, "The Vale bridge is 1,284 metres long. [1]")
    answer = assistant.ask(QUESTION)
    assert [sentence.text for sentence in answer.sentences] == [
        "The Vale bridge is 1,284 metres long.",
        "It opened on 3 May 2024.",
    ]
    assert "1,484" in prompt_of(chat.asked[1])
    assert not answer.notices


def test_one_that_fails_again_is_left_out_with_a_notice(library: Store) -> None:
    wrong = "The Vale bridge is 1,484 metres long. [1] It opened on 3 May 2024. [1]"
    answer = over(library, wrong, "It is 1,584 metres long. [1]")[0].ask(QUESTION)
    assert [sentence.text for sentence in answer.sentences] == ["It opened on 3 May 2024."]
    assert [notice.type for notice in answer.notices] == ["left_out"]


def test_nothing_left_is_quoted_or_refused(library: Store) -> None:
    answer = over(library, "The Vale bridge is 1,484 metres long. [1]")[0].ask(QUESTION)
    assert answer.model == EXTRACTIVE
    assert "1,284 metres" in answer.text
    assert [notice.type for notice in answer.notices] == ["left_out"]
    refused = over(library, "It was built by Norsk Bru. [1]")[0].ask("Which firm built the Vale bridge?")
    if refused.refusal:
        assert refused.refusal.reason == "unsupported"
    sound(answer)


def test_the_sentinel_refuses(library: Store) -> None:
    assistant, chat = over(library, SENTINEL)
    answer = assistant.ask("What does a car pay on the Vale bridge?")
    assert answer.refusal is not None
    assert (answer.refusal.reason, answer.text) == ("not_in_articles", "The articles do not answer this question.")
    assert len(chat.asked) == 1


def test_a_model_is_not_asked_over_nothing(library: Store, tmp_path: Any) -> None:
    assistant, chat = over(library, AssertionError("asked"))
    assert assistant.ask("Who painted the Mona Lisa?").refusal is not None
    assert assistant.ask(QUESTION, article_ids=[]).refusal is not None
    assert not chat.asked


def test_only_configured_models_can_be_named(library: Store) -> None:
    assistant, chat = over(library, GOOD)
    with pytest.raises(InvalidInput, match="test:model, extractive"):
        assistant.ask(QUESTION, model="openai:gpt-5")
    assert assistant.ask(QUESTION, model=EXTRACTIVE).model == EXTRACTIVE
    assert not chat.asked


@pytest.mark.parametrize("replies", [(ConnectionError("refused"),), ("",), (["The Va", TimeoutError()],)])
def test_a_model_that_is_down_gives_way_to_the_quoted_answer(library: Store, replies: tuple[Any, ...]) -> None:
    answer = over(library, *replies)[0].ask(QUESTION)
    assert "1,284 metres" in answer.text
    assert answer.model == EXTRACTIVE
    assert [notice.type for notice in answer.notices] == ["fallback"]
    assert "test:model" in answer.notices[0].message


def test_a_model_that_is_slow_gives_way_in_time(library: Store) -> None:
    assistant, chat = over(library, GOOD, patience=Patience(0.3, 0.3, 1), pause=0.2)
    begin = time.monotonic()
    answer = assistant.ask(QUESTION)
    assert time.monotonic() - begin < 3
    assert [notice.type for notice in answer.notices] == ["fallback"]
    assert len(chat.written) < 10


def test_one_that_breaks_off_ends_the_answer_with_a_notice(library: Store) -> None:
    answer = over(library, ["The Vale bridge is 1,284 metres long. [1] It opened on ", ConnectionError("reset")])[
        0
    ].ask(QUESTION)
    assert [sentence.text for sentence in answer.sentences] == ["The Vale bridge is 1,284 metres long."]
    assert [notice.type for notice in answer.notices] == ["fallback"]
    assert answer.notices[0].message.endswith("so the answer ends here.")


def test_closing_the_iterator_stops_the_model(library: Store) -> None:
    assistant, chat = over(
        library, "The Vale bridge is 1,284 metres long. [1] " + "It opened on 3 May 2024. " * 400, pause=0.005
    )
    stream = assistant.stream(QUESTION)
    next(stream)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    taken = len(chat.written)
    time.sleep(0.1)
    assert len(chat.written) <= taken + 2


def test_a_model_that_repeats_itself_is_not_heard_for_ever(library: Store) -> None:
    answer = over(library, GOOD + " The Vale bridge is 1,284 meters long. [1]" * 5000)[0].ask(QUESTION)
    assert len(answer.sentences) == 2
    sound(over(library, GOOD + "¹" * 5000)[0].ask(QUESTION))


def test_the_prompt_numbers_the_paragraphs_and_tells_the_conversation(library: Store) -> None:
    assistant, chat = over(library, GOOD)
    assistant.ask(
        "How long is the Vale bridge?", history=[Turn("user", "When did it open?"), Turn("assistant", "On 3 May.")]
    )
    system, human = (str(message.content) for message in chat.asked[0])
    nonce = next(line for line in human.splitlines() if line.startswith("BEGIN ")).split()[1]
    assert nonce in system
    assert human.count(nonce) == 2
    block = human[human.index(f"BEGIN {nonce}") : human.index(f"END {nonce}")]
    assert "[1] Vale bridge opens, 2024-05-04" in block
    assert "[2] " in block
    assert "user: When did it open?" in human[human.index(f"END {nonce}") :]
    assistant.ask(QUESTION)
    assert nonce not in prompt_of(chat.asked[1])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(
                ["The Vale bridge is 1,284 metres long.", " [1]", " [7]", "【1】", " ", "\n", "[1, 99]", "(1)",
                 "long [12] and", SENTINEL[:5], "A car pays 24 crowns. ",
                 "A car pays 25 crowns. ", "![x](http://evil.example/a)", "<b>", "**", "¹"]
            ),
        ),
        max_size=12,
    ),
    st.integers(1, 20),
)  # fmt: skip
def test_nothing_dangles_whatever_a_model_writes(library: Store, pieces: list[str], token: int) -> None:
    assistant, _ = over(library, "".join(pieces), token=token)
    sound(assistant.ask(QUESTION))


def test_several_models_answer_under_their_own_names(library: Store) -> None:
    writers: list[Writer] = [scripted(GOOD, name="test:a"), scripted("It opened on 3 May 2024. [1]", name="test:b")]
    assistant = Assistant(library, models=("test:a", "test:b"), author=Author(library, writers))
    assert assistant.ask(QUESTION).model == "test:a"
    assert assistant.ask(QUESTION, model="test:b").text == "It opened on 3 May 2024. [1]"
