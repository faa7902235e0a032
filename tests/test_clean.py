"""Cleaning scraped text: furniture goes and is told, broken paragraphs are joined, what might be content stays."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.characters import plain
from ingest.clean import clean_text

FIRST = "The council of Northmere voted on Tuesday to close the old harbour bridge to lorries from the first of June."
SECOND = "Mayor Ada Moss said that the decision had been put off three times since the spring of last year."


def paragraphs(*given: str) -> list[str]:
    return clean_text("\n\n".join(given)).text.split("\n\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The group said that it would not give in to the U.S.", "threat of new sanctions, which it called unjust."),
        ('"We will go on as long as we can pay for it and no longer than that,"', 'he said. "Then we will stop."'),
        ('"The duty to act is now with the other side, as everybody knows,"', "Council spokesman Ben Roe told us."),
        ("The ferry, which had left the island late because of the fog,", "Captain Ines Varga said, was half empty."),
        ("The inquiry was led until the end of last winter by the retired Gen.", "Mark Hale, who declined to comment."),
        ("They found that the clay below the eastern pylon", "was softer than the survey had said."),
    ],
)
def test_a_paragraph_broken_inside_a_sentence_is_joined(before: str, after: str) -> None:
    assert paragraphs(FIRST, before, after, SECOND) == [FIRST, f"{before} {after}", SECOND]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (FIRST, SECOND),
        ("What the council decided", SECOND),
        ("Dear reader,", SECOND),
        ("- a rope of at least thirty metres in length", "- a lamp that works under water for two hours"),
        (FIRST, "iPhone owners may report potholes with the town's own app from July."),
        ('"We counted the boats twice, and both times we found twelve.', '"Then the storm came in."'),
    ],
)
def test_paragraphs_that_belong_apart_stay_apart(before: str, after: str) -> None:
    assert paragraphs(FIRST, before, after) == [FIRST, before, after]


@pytest.mark.parametrize(
    "line",
    [
        "Back To Top",
        "Share this article",
        "Advertisement",
        "Read more: What is a harbour bridge?",
        "Northmere Herald Youtube",
        "Follow us on Twitter",
        "Sign up for our newsletter",
        "© 2013 Northmere Herald. All rights reserved.",
        "Print Email",
        "Facebook | Twitter | WhatsApp",
        "We use cookies to make this site better.",
        "Copyright Northmere Herald. All rights reserved.",
        "Subscribe to read on.",
        "Related story: Who pays for the bridge?",
        "Terms of use",
        "Home > News > Northmere",
        "Download our app",
    ],
)
@pytest.mark.parametrize("at_the_end", [True, False])
def test_furniture_at_the_edges_goes_and_is_told(line: str, at_the_end: bool) -> None:
    given_text = [FIRST, SECOND, line] if at_the_end else [line, FIRST, SECOND]
    cleaned = clean_text("\n\n".join(given_text))
    assert cleaned.text == f"{FIRST}\n\n{SECOND}"
    assert cleaned.dropped == (line,)


@pytest.mark.parametrize(
    "line",
    [
        "What the council decided",
        '"Follow us," she said.',
        "Subscriptions to the town's bus line rose by a third.",
        "- a rope",
        "Twitter is where the mayor announced it first, at nine on Tuesday morning, to the surprise of her own party.",
        "It rained.",
    ],
)
def test_a_line_in_the_middle_that_might_be_content_stays(line: str) -> None:
    cleaned = clean_text("\n\n".join([FIRST, line, SECOND]))
    assert line in cleaned.text
    assert cleaned.dropped == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Terms of the deal were not disclosed.",
        "Next year the bridge will be closed for repairs.",
        "Search teams will resume on Friday.",
        "Home sales fell 3.5% in April from a month earlier, the agency said.",
        "Subscriptions to the bus line rose by a third.",
        "Copyright law was changed in the same vote.",
        "About US troops the minister said nothing.",
    ],
)
def test_a_sentence_at_the_edges_stays(sentence: str) -> None:
    for given_text in ([sentence, FIRST, SECOND], [FIRST, SECOND, sentence]):
        assert paragraphs(*given_text) == given_text


def test_a_run_of_letters_is_cleaned_at_once() -> None:
    run = "a" * 20_000
    began = time.monotonic()
    assert clean_text(f"{run}\n\n{run}").text
    assert time.monotonic() - began < 2


def test_links_after_the_last_paragraph_go_together() -> None:
    links = ["Most read", "Harbour fees to rise", "Storm warning for Saturday"]
    cleaned = clean_text("\n\n".join([FIRST, SECOND, *links]))
    assert cleaned.text == f"{FIRST}\n\n{SECOND}"
    assert cleaned.dropped == tuple(links)


def test_quotations_that_run_over_paragraphs_stay_intact() -> None:
    speech = ['"The survey was cheap.', '"It cost us fourteen months.', '"We will not do that again," Dr. Moss said.']
    assert paragraphs(FIRST, *speech, SECOND) == [FIRST, *speech, SECOND]


def test_hard_wrapped_lines_are_joined_and_hyphens_mended() -> None:
    wrapped = (
        "The bridge that the council has planned for nine years was opened on\n"
        "Monday after a long night of tests, said a spokesman of the infor-\n"
        "mation office, who praised the well-known engineers of the firm."
    )
    assert clean_text(wrapped).text == (
        "The bridge that the council has planned for nine years was opened on Monday after a long night of tests, "
        "said a spokesman of the information office, who praised the well-known engineers of the firm."
    )


def test_a_paragraph_a_line_and_verse_are_told_from_wrapping() -> None:
    assert clean_text(f"{FIRST}\n{SECOND}").text == f"{FIRST}\n\n{SECOND}"
    verse = "The tide came in\nthe boats went out\nand nobody was there"
    assert clean_text(f"{FIRST}\n\n{verse}\n\n{SECOND}").text.split("\n\n")[1] == verse


def test_control_characters_and_odd_spaces() -> None:
    dirty = "\ufeffOne\u00a0line\x00 of\x07 text.\r\nIt goes\u2028on.\ud800"
    cleaned = clean_text(dirty).text
    assert cleaned.startswith("One line of text.")
    assert not set(cleaned) & set("\ufeff\x00\x07\r\u2028\ud800\u00a0")


@settings(deadline=None)  # one that looks broken imports ftfy
@given(st.text())
def test_nothing_but_white_space_and_control_characters_is_lost_silently(text: str) -> None:
    cleaned = clean_text(text)
    kept = sum(character.isalnum() for character in cleaned.text)
    told = sum(character.isalnum() for line in cleaned.dropped for character in plain(line))
    assert kept + told == sum(character.isalnum() for character in plain(text))
