"""Questions about articles: which are recognised, which never are, and that every sentence told is the article's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Citation, Refusal
from assistant.engine import Assistant, Turn
from assistant.generating.generated import Author
from assistant.question.about import about_articles, as_topic, told_about
from assistant.question.digest import dates, speakers
from ingest.document import Document
from ingest.pipeline import Pipeline
from tests.chats import ScriptedChat, scripted
from tests.conftest import article
from vectorstore import Store

BRIDGE = (
    "By Tom Arden, 4 May 2024\n\n"
    "The Vale bridge opened to traffic on Friday, 3 May, after nine years of work.\n\n"
    "“It took nine years,” Mayor Ida Holm said. Work on the bridge began in 2015, when the council voted for it.\n\n"
    "“The ferry was never late,” said Karl Aune, who ran it for years. Tolls begin on 1 June 2024."
)
KELP = "Kelp forest covers 640 hectares of Skerry Bay again. The cod came back with the kelp in the last years."
QUIET = "The council counted its boats and its harbour sheds again. It found that there are more boats than sheds now."


@pytest.fixture
def library(store: Store) -> Store:
    pipeline = Pipeline(store)
    pipeline.add(Document("Vale bridge opens", BRIDGE, published="2024-05-04"), "bridge")
    pipeline.add(Document("Kelp comes back", KELP, published="2024-05-14"), "kelp")
    pipeline.add(Document("Boats are counted", QUIET), "boats")
    return store


def ask(question: str, store: Store, article_ids: list[str] | None = None, said: str = "") -> tuple[str, dict]:
    request = about_articles(question)
    assert request is not None, question
    return told_about(request, store, article_ids, said)


@pytest.mark.parametrize(
    ("asked", "task", "topic"),
    [
        ("What is this about?", "summary", None),
        ("Please summarise this article", "summary", None),
        ("summarize the article about the Vale bridge", "summary", "the Vale bridge"),
        ("tl;dr", "summary", None),
        ("Summarise this article in one sentence", "summary", None),
        ("Summarise this briefly", "summary", None),
        ("Summarize this for me, please.", "summary", None),
        ("Summarise the article about kelp in a few words", "summary", "kelp"),
        ("What is this about, in short?", "summary", None),
        ("What is “Kelp comes back” about?", "summary", "Kelp comes back"),
        ("Who is quoted in the article on kelp?", "speakers", "kelp"),
        ("Tell me about the Vale bridge", "topic", "the Vale bridge"),
        ("Could you tell me more about kelp, please?", "topic", "kelp"),
        ("What do your articles say about tolls?", "topic", "tolls"),
        ("Is there anything on boats?", "topic", "boats"),
        ("Who is quoted?", "speakers", None),
        ("list the dates", "dates", None),
        ("How many articles do you have?", "count", None),
        ("Which articles are there?", "count", None),
        ("What is the newest article?", "newest", None),
    ],
)
def test_a_question_about_articles_is_recognised(asked: str, task: str, topic: str | None) -> None:
    request = about_articles(asked)
    assert request is not None
    assert (request.task, request.topic) == (task, topic)


@pytest.mark.parametrize(
    "asked",
    [
        "What is the Vale bridge about to become?",
        "Who is quoted most often in scientific articles?",
        "How many articles are in the Constitution?",
        "What dates are eaten at Ramadan?",
        "What is the story of Noah about the flood in Genesis?",
        "Who said that the ferry was never late?",
        "What is the latest article of the treaty to be ratified?",
        "When does the summary trial begin?",
        "",
    ],
)
def test_an_ordinary_question_is_not(asked: str) -> None:
    assert about_articles(asked) is None


def test_a_summary_begins_with_the_first_sentence_and_quotes(library: Store) -> None:
    asked, told = ask("Summarise the article about the Vale bridge", library)
    assert asked == "What is “Vale bridge opens” about?"
    assert told["sentences"][0].text.startswith("The Vale bridge opened to traffic")  # not the byline
    assert 2 <= len(told["sentences"]) <= 3
    for sentence, citation in zip(told["sentences"], told["citations"], strict=True):
        assert sentence.support == "quoted"
        assert sentence.text == citation.cited_text
        assert citation.article.paragraphs[citation.paragraph_index].span.holds(citation.span)
    (notice,) = told["notices"]
    assert (notice.type, notice.citations) == ("interpreted", tuple(range(1, len(told["citations"]) + 1)))
    assert about_articles(asked) is not None  # edited or not, it is understood again


def test_who_is_quoted_is_named_and_each_sentence_is_cited(library: Store) -> None:
    _, told = ask("Who is quoted?", library, ["bridge"])
    assert told["notices"][0].message == "Quoted in “Vale bridge opens”: Mayor Ida Holm, Karl Aune."
    assert [citation.cited_text for citation in told["citations"]] == [
        "“It took nine years,” Mayor Ida Holm said.",
        "“The ferry was never late,” said Karl Aune, who ran it for years.",
    ]
    _, told = ask("Who is quoted?", library, ["boats"])
    assert isinstance(told["refusal"], Refusal)
    assert told["text"] == "Nobody is quoted by name in “Boats are counted”."


def test_dates_come_in_order_of_time(library: Store) -> None:
    _, told = ask("List the dates", library, ["bridge"])
    assert told["notices"][0].message == "Dates in “Vale bridge opens”, in order: 2015; 3 May; 1 June 2024."
    assert told["citations"][0].cited_text.startswith("Work on the bridge began in 2015")


def test_the_catalog_counts_and_knows_the_newest(library: Store) -> None:
    _, told = ask("How many articles do you have?", library)
    assert told["notices"][0].message == "There are 3 articles. They are shown, each by its first sentence."
    assert [citation.article.id for citation in told["citations"]] == ["kelp", "bridge", "boats"]
    _, told = ask("How many articles do you have?", library, ["boats"])
    assert told["notices"][0].message.startswith("There is 1 article.")
    _, told = ask("Which article is the newest?", library)
    assert told["notices"][0].message == "The newest article is “Kelp comes back”, published 2024-05-14."


def test_this_is_the_ticked_one_or_the_one_just_quoted(library: Store) -> None:
    said = "The cod came back with the kelp in the last years. [1] Kelp forest covers 640 hectares of Skerry Bay. [2]"
    assert ask("What is this about?", library, said=said)[0] == "What is “Kelp comes back” about?"
    assert ask("What is this about?", library, ["boats"])[0] == "What is “Boats are counted” about?"


def test_where_no_article_is_meant_the_library_is_told_of_or_one_is_asked_for(library: Store) -> None:
    asked, told = ask("What is this about?", library)
    assert asked == "How many articles are there?"
    _, told = ask("Who is quoted?", library)
    assert told["text"].startswith("Which article?")
    _, told = ask("Summarise the article about zebras", library)
    assert told["text"] == "No article here is about zebras."
    assert [type(each) for each in told["refusal"].closest] == [Citation] * 3
    _, told = ask("How many articles do you have?", library, [])
    assert isinstance(told["refusal"], Refusal)


def test_dates_and_speakers_of_awkward_articles() -> None:
    odd = article("a", "Odd", "On 31 February it may rain. They may 3 times say “no”.", published="2024-01-01")
    assert dates(odd) == []
    assert speakers(odd) == []
    one = article("b", "One", "The law of May 12, 1998 and of 2001-02-03 stands. Wirth said: “It does.”")
    assert [each.day for each in dates(one)] == [(1998, 5, 12), (2001, 2, 3)]
    assert [each.name for each in speakers(one)] == ["Wirth"]
    two = article("c", "Two", 'Mayor Ida Holm said "It took nine years." The "Vale" plan, Karl Aune said, "was mine".')
    assert [each.name for each in speakers(two)] == ["Mayor Ida Holm", "Karl Aune"]


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with Assistant.open(tmp_path / "real") as opened:
        opened.pipeline.add(Document("Vale bridge opens", BRIDGE, published="2024-05-04"), "bridge")
        opened.pipeline.add(Document("Kelp comes back", KELP), "kelp")
        yield opened


def test_the_engine_answers_them(assistant: Assistant) -> None:
    answer = assistant.ask("What is this about?", history=[Turn("user", "?"), Turn("assistant", KELP[:52] + " [1]")])
    assert answer.searched_for == "What is “Kelp comes back” about?"
    assert answer.notices[0].message == "Read as: summarise “Kelp comes back”."
    assert assistant.ask("?", searched_for="Summarise this", article_ids=["kelp"]).searched_for == "Summarise this"
    assert assistant.ask("Who is quoted?", article_ids=["kelp"]).refusal is not None


def test_no_model_is_asked_what_a_question_about_articles_means(assistant: Assistant) -> None:
    writer = scripted("What is the Vale bridge?")
    asked = Assistant(assistant.store, models=(writer.name,), author=Author(assistant.store, [writer]))
    history = [Turn("user", "?"), Turn("assistant", KELP[:52] + " [1]")]
    assert asked.ask("What is this about?", history=history).searched_for == "What is “Kelp comes back” about?"
    assert isinstance(writer.chat, ScriptedChat)
    assert not writer.chat.asked


@pytest.mark.parametrize(
    "asked", ["Tell me about it", "Tell me about yourself", "Tell me about how it was built", "About"]
)
def test_what_only_looks_like_a_topic(asked: str) -> None:
    assert about_articles(asked) is None


def test_a_topic_is_told_in_sentences_about_it_and_another_is_read_for(library: Store) -> None:
    _, told = ask("Tell me about the kelp in Skerry Bay", library)
    assert [citation.article.id for citation in told["citations"]] == ["kelp", "kelp"]
    assert told["citations"][0].cited_text in KELP
    request = about_articles("Tell me about quantum gravity")
    assert request is not None
    assert told_about(request, library, None, "") is None
    request = about_articles("Tell me about kelp")
    assert request is not None
    assert told_about(request, library, ["bridge"], "") is None


def test_it_is_what_the_conversation_was_about(library: Store) -> None:
    said = "The Vale bridge opened to traffic on Friday, 3 May, after nine years of work."
    history = (Turn("user", "When did the Vale bridge open?"), Turn("assistant", said))
    answer = Assistant(library).ask("Tell me more about it.", history=history)
    assert answer.searched_for == "Tell me more about the Vale bridge."
    assert answer.refusal is None
    assert {citation.article.id for citation in answer.citations} == {"bridge"}


@pytest.mark.parametrize(
    ("typed", "articles"),
    [
        ("vale bridge traffic", {"bridge"}),
        ("kelp", {"kelp"}),
        ("Ida Holm", {"bridge"}),
        ("cod", set()),  # one small word, and no title has it
        ("harbour mermaids", set()),
        ("come back", set()),  # no topic
        ("kelp?", set()),
    ],
)
def test_what_is_typed_as_into_a_search_box_is_a_topic(library: Store, typed: str, articles: set[str]) -> None:
    request = as_topic(typed)
    told = told_about(request, library, None, "") if request else None
    assert {each.article.id for each in (told[1]["citations"] if told else ())} == articles
