"""Kept conversations: whole answers on the library's own database, each owner's apart from every other's."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sql
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from assistant.answer import Answer
from assistant.keeping.conversations import Conversations
from assistant.keeping.kept import Feedback, json_text
from assistant.keeping.tables import metadata
from ingest.pipeline import cut
from tests.assistants import SmallAssistant, with_articles
from tests.conftest import BagOfWords
from vectorstore import InvalidInput, LibraryMismatch, NotFound, Store, open_catalog
from vectorstore.backup import backup

ME, YOU = "me", "you"


@pytest.fixture
def assistant(tmp_path: Path) -> SmallAssistant:
    return with_articles(tmp_path / "library")


@pytest.fixture
def kept(assistant: SmallAssistant) -> Conversations:
    return assistant.conversations


@pytest.fixture
def answer(assistant: SmallAssistant) -> Answer:
    return assistant.ask("When do tolls begin?")


def again(answer: Answer, number: int, question: str, conversation_id: str | None = None) -> Answer:
    return replace(answer, id=f"ans_again_{number}", question=question, conversation_id=conversation_id)


def test_an_answer_is_kept_as_it_was_given(kept: Conversations, answer: Answer) -> None:
    given = kept.keep(answer, ME, filters={"tags": ["x"]})
    held = kept.answer(answer.id, ME)
    assert held.text == json_text(given)
    assert held.body == given.to_json()
    assert (held.filters, held.feedback) == ({"tags": ["x"]}, None)
    assert given.conversation_id is not None
    assert len(given.conversation_id) == len("conv_") + 24


def test_a_conversation_goes_on(kept: Conversations, answer: Answer) -> None:
    first = kept.keep(replace(answer, searched_for="When do the tolls begin?"), ME)
    second = kept.keep(again(answer, 2, "And where?", first.conversation_id), ME)
    assert second.conversation_id == first.conversation_id
    assert first.conversation_id is not None
    assert [held.body["id"] for held in kept.answers(first.conversation_id, ME)] == [first.id, second.id]
    assert kept.exchanges(first.conversation_id, ME) == (
        ("When do the tolls begin?", answer.text),
        (answer.searched_for, answer.text),
    )
    listed = kept.conversation(first.conversation_id, ME)
    assert (listed.title, listed.answers) == ("When do tolls begin?", 2)
    assert listed.updated > listed.created


def test_of_a_long_conversation_the_end_is_remembered(kept: Conversations, answer: Answer) -> None:
    id = kept.keep(answer, ME).conversation_id
    assert id is not None
    for number in range(12):
        kept.keep(replace(again(answer, number, "x", id), searched_for=f"Question {number}?"), ME)
    assert [question for question, _ in kept.exchanges(id, ME)] == [f"Question {number}?" for number in range(2, 12)]


def test_what_one_owner_keeps_does_not_exist_for_another(kept: Conversations, answer: Answer) -> None:
    mine = kept.keep(answer, ME)
    assert mine.conversation_id is not None
    assert not kept.listed(YOU).items
    assert not kept.answers(mine.conversation_id, YOU)
    for refused in (
        lambda: kept.answer(mine.id, YOU),
        lambda: kept.conversation(mine.conversation_id or "", YOU),
        lambda: kept.exchanges(mine.conversation_id or "", YOU),
        lambda: kept.rename(mine.conversation_id or "", "Mine now", YOU),
        lambda: kept.remove(mine.conversation_id or "", YOU),
        lambda: kept.rate(mine.id, Feedback("up"), YOU),
        lambda: kept.keep(again(answer, 2, "And where?", mine.conversation_id), YOU),
        lambda: kept.keep(again(answer, 3, "And where?", "conv_nothing"), ME),
    ):
        with pytest.raises(NotFound):
            refused()
    assert kept.conversation(mine.conversation_id, ME).title == "When do tolls begin?"
    assert kept.answer(mine.id, ME).feedback is None
    assert len(kept.answers(mine.conversation_id, ME)) == 1


def test_the_list_is_newest_first_page_by_page(kept: Conversations, answer: Answer) -> None:
    ids = [kept.keep(again(answer, number, f"Question {number}?"), ME).conversation_id for number in range(5)]
    kept.keep(again(answer, 9, "And where?", ids[1]), ME)
    found, cursor = [], None
    while True:
        page = kept.listed(ME, limit=2, cursor=cursor)
        found += [item.id for item in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert found == [ids[1], ids[4], ids[3], ids[2], ids[0]]
    with pytest.raises(InvalidInput, match="cursor"):
        kept.listed(ME, cursor="17")


@pytest.mark.parametrize(
    ("query", "found"), [("ÜBER", True), ("JUNE", True), ("tolls BEGIN", True), ("100%", False), ("_", False)]
)
def test_titles_questions_and_answers_are_searched(
    kept: Conversations, answer: Answer, query: str, *, found: bool
) -> None:
    first = kept.keep(answer, ME)
    kept.rename(first.conversation_id or "", "U\u0308ber die Maut", ME)
    kept.keep(again(answer, 2, "And where?", first.conversation_id), ME)
    assert bool(kept.listed(ME, query).items) is found


def test_a_title_is_one_line_of_the_question(kept: Conversations, answer: Answer) -> None:
    long = kept.keep(again(answer, 1, "x" * 2000), ME)
    title = kept.conversation(long.conversation_id or "", ME).title
    assert (len(title), title[-2:]) == (200, "x…")
    kept.rename(long.conversation_id or "", "  Tolls\n and  bridges ", ME)
    assert kept.listed(ME).items[0].title == "Tolls and bridges"


def test_a_deleted_conversation_takes_its_answers_along(kept: Conversations, answer: Answer) -> None:
    first, other = kept.keep(answer, ME), kept.keep(again(answer, 2, "Another?"), ME)
    kept.remove(first.conversation_id or "", ME)
    with pytest.raises(NotFound):
        kept.answer(first.id, ME)
    assert kept.answer(other.id, ME)
    assert [item.id for item in kept.listed(ME).items] == [other.conversation_id]


def test_feedback_is_replaced_and_taken_back(kept: Conversations, answer: Answer) -> None:
    kept.keep(answer, ME)
    kept.keep(again(answer, 2, "Another?"), YOU)
    kept.rate(answer.id, Feedback("up"), ME)
    kept.rate(answer.id, Feedback("down", "Too old."), ME)
    kept.rate("ans_again_2", Feedback("up"), YOU)
    assert [held.feedback for held in kept.rated()] == [Feedback("down", "Too old."), Feedback("up")]
    kept.rate(answer.id, None, ME)
    assert [held.body["id"] for held in kept.rated()] == ["ans_again_2"]


def test_neither_removing_an_article_nor_a_rebuild_touches_what_is_kept(
    assistant: SmallAssistant, answer: Answer
) -> None:
    given = assistant.conversations.keep(answer, ME)
    assistant.store.remove("bridge")
    assert assistant.conversations.answer(given.id, ME).text == json_text(given)
    folder = assistant.store.folder
    assistant.store.close()
    store = Store.rebuilt(folder, BagOfWords(), lambda article: cut(article, BagOfWords()))
    assert Conversations(store.database).answer(given.id, ME).text == json_text(given)
    store.close()


def test_answers_given_at_once_stand_in_line(kept: Conversations, answer: Answer) -> None:
    id = kept.keep(answer, ME).conversation_id
    threads = [threading.Thread(target=kept.keep, args=(again(answer, number, "x", id), ME)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept.answers(id or "", ME)) == 9


def test_a_copy_of_the_library_holds_the_conversations(
    assistant: SmallAssistant, answer: Answer, tmp_path: Path
) -> None:
    given = assistant.conversations.keep(answer, ME)
    backup(assistant.store.folder, tmp_path / "copy")
    catalog = open_catalog(tmp_path / "copy")
    assert Conversations(catalog.database).answer(given.id, ME).text == json_text(given)
    catalog.close()


# The schema of the tables


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_postgresql_would_take_the_tables(table: sql.Table) -> None:
    assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))


def test_an_older_schema_is_brought_up_to_date_once(assistant: SmallAssistant, answer: Answer) -> None:
    given = assistant.conversations.keep(answer, ME)
    upgrades = [["ALTER TABLE conversations ADD COLUMN colour VARCHAR", "UPDATE conversations SET colour = 'red'"]]
    for _ in range(2):  # the second time there is nothing to do
        newer = Conversations(assistant.store.database, upgrades)
        assert newer.answer(given.id, ME).text == json_text(given)
    with assistant.store.database.reading() as connection:
        assert connection.execute(sql.text("SELECT colour FROM conversations")).scalars().all() == ["red"]


def test_a_newer_schema_is_refused_and_left_as_it_is(assistant: SmallAssistant) -> None:
    Conversations(assistant.store.database, [["SELECT 1"]])
    with pytest.raises(LibraryMismatch, match="schema 2, newer than 1"):
        Conversations(assistant.store.database)
    Conversations(assistant.store.database, [["SELECT 1"]])
