"""Sentence boundaries on hard cases: the list by which the library was chosen, and properties that must always hold."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentences
from vectorstore import Span

# Each case is the sentences of one paragraph, joined by a space.
ENGLISH = [
    ["The U.S. offered talks.", "The North refused."],
    ["He arrived in the U.S. on Monday.", "She left."],
    ["They live in the U.S.", "The ministry said so."],
    ["Dr. Ada Moss and Mr. Lee met Mrs. Park.", "They talked."],
    ["It opened at 9 a.m. on Tuesday.", "Crowds came."],
    ["The train left at 6 p.m.", "Nobody noticed."],
    ["It rose at 1:47 a.m. Eastern time.", "Crowds cheered."],
    ["J. K. Rowan wrote it.", "It sold well."],
    ["George W. Bell and J.R.R. Tolk agreed.", "So it was."],
    ["Inflation rose 3.5 percent.", "Prices fell 0.2 points in May."],
    ["The bridge opened on 3 May.", "Tolls begin in June."],
    ["They sell apples, pears, etc.", "Bread is extra."],
    ["It cost $1.2 billion.", "The state paid."],
    ['"It took nine years," Mayor Ida Holm said.', "Tolls begin in June."],
    ['"It took nine years."', "She smiled."],
    ['"Stop! Go back," he said.', "They ran."],
    ['"Where is it?" she asked.', "Nobody knew."],
    ['"We won!" shouted the crowd.', "It rained."],
    ['She said, "We will go."', "Then she left."],
    ["She said, “We will go.”", "Then she left."],
    ["“We will go,” she said.", "“Now.”"],
    ["He paused ... and went on.", "The end."],
    ["He waited...", "Nothing came."],
    ["He waited…", "Nothing came."],
    ["(It was late.)", "They slept."],
    ["They slept (it was late).", "Morning came."],
    ["See No. 5 for details.", "It is short."],
    ["Smith v. Jones was decided in Jan. 2004.", "It stood."],
    ["Acme Inc. and Bolt Ltd. merged.", "Shares rose."],
    ["She works for Acme Inc.", "The firm is old."],
    ["Gen. Mark Hale and Sen. Ann Ray spoke.", "Then Rep. Cole did."],
    ["Visit https://example.org/a.b?c=d.", "It helps."],
    ["Write to ida.holm@vale.org today.", "She answers."],
    ["Version 2.0.1 is out.", "Get it."],
    ["What now?", "Nobody knows!", "Really."],
    ['He asked: "Why?"', "No answer came."],
    ["It weighs approx. 5 kg.", "That is heavy."],
    ["Prof. Dr. K. Stein taught at ETH.", "He retired."],
    ["The meeting is on Sept. 5 at 10 a.m. in Room 3.", "Come early."],
    ["Apples, pears, etc. are sold.", "So is bread."],
    ["He has a Ph.D. in physics.", "She has an M.D."],
    ['"I said no," he said, "and I meant it."', "She nodded."],
    ['"Burden remains on them," he said.', '"And they know."'],
    ["The firm (est. 1890) closed.", "Workers left."],
    ["Mt. Vale is 4,810 m high.", "Few climb it."],
    ["It happened in Washington, D.C. on Friday.", "Rain fell."],
    ["Fig. 3 shows it.", "So does Fig. 4."],
    ["iPhone sales fell.", "eBay rose."],
    ['The ship "Maria S." sank.', "Five died."],
    ["Was it 5 p.m.?", "It was."],
    ['He said it was "over."', "It was not."],
    ["Lt. Col. James Roe commanded.", "He was 40."],
    ["The U.N. Security Council met.", "The E.U. did not."],
    ["Item 1. is closed; item 2. is open.", "Go on."],
    ["[The list follows.]", "It is long."],
    ['"Never," said J. Cole, 41.', '"Ever."'],
    ["Stocks fell 3%.", "Bonds rose."],
    ["In 1999, 5 of 7 fell.", "7 rose."],
    ["The party won 45 seats.", "10 were new."],
    ["They met Kim Jr. and Sr. officials.", "All agreed."],
    ["On p. 5, he writes so.", "See pp. 7-9."],
    ["Yahoo! shares rose.", "Google fell."],
    ["The U.S.-led group left.", "Talks ended."],
    ['"The burden remains," he told reporters in Washington.', '"And so they know what to do."'],
]
# Language, what stands between sentences, and the sentences.
OTHERS = [
    ("tr", " ", ["İstanbul'da 3.5 milyon kişi var.", "Dr. Ömer geldi."]),
    ("de", " ", ["Er kam am 3. Mai an.", "Prof. Dr. Stein sprach z.B. über Wasser."]),
    ("zh", "", ["他说：“我们会去。”", "然后他走了。"]),
    ("zh", "", ["北京是首都。", "你好吗？", "很好！"]),
    ("ja", "", ["東京は首都です。", "人口は多い。"]),
    ("hi", " ", ["यह एक वाक्य है।", "यह दूसरा है।"]),
    ("ar", " ", ["هل ذهبت؟", "نعم ذهبت."]),
    ("es", " ", ["¿Dónde está?", "El Sr. Ruiz llegó a las 5."]),
    ("fr", " ", ["M. Dupont est arrivé.", "Il est parti."]),
    ("th", " ", ["ภาษาไทยไม่มีจุด"]),
]
# An abbreviation that may end a sentence, before a capital: known failures, joined where they should part.
UNDECIDED = [
    ["The St. Mary river rose 2.5 m.", "Homes flooded."],
    ["He moved to Washington, D.C.", "Rain fell."],
]


def cut(text: str, language: str | None = None) -> list[str]:
    return [span.of(text) for span in sentences(text, Span(0, len(text)), language)]


@pytest.mark.parametrize("wanted", ENGLISH, ids=lambda wanted: wanted[0])
def test_english(wanted: list[str]) -> None:
    assert cut(" ".join(wanted)) == wanted


@pytest.mark.parametrize(("language", "between", "wanted"), OTHERS)
def test_other_languages(language: str, between: str, wanted: list[str]) -> None:
    assert cut(between.join(wanted), language) == wanted


@pytest.mark.parametrize("wanted", UNDECIDED, ids=lambda wanted: wanted[0])
def test_known_failures_lose_nothing(wanted: list[str]) -> None:
    assert cut(" ".join(wanted)) == [" ".join(wanted)]


def test_the_script_decides_where_no_language_is_given() -> None:
    assert cut("北京是首都。你好吗？") == ["北京是首都。", "你好吗？"]
    assert cut("यह एक वाक्य है। यह दूसरा है।") == ["यह एक वाक्य है।", "यह दूसरा है।"]


def test_lines_of_a_list_are_sentences_of_their_own() -> None:
    text = "Bring these:\n- a lamp\n- a rope\n2. Leave at dawn"
    assert cut(text) == ["Bring these:", "- a lamp", "- a rope", "2. Leave at dawn"]


def test_a_line_break_inside_a_sentence_does_not_end_it() -> None:
    assert cut("The bridge opened\non Monday. It rained.") == ["The bridge opened\non Monday.", "It rained."]
    for whole in (
        "It was won by Mr.\nHolm of Vale.",
        "They bought apples;\npears;\nplums.",
        "It is\ncalled Yahoo!\nby all.",
    ):
        assert cut(f"{whole}\nIt rained.") == [whole, "It rained."]


def test_a_quotation_that_stays_open_begins_a_sentence() -> None:
    text = '"We expected the kelp," said Dr. Sanna Wirth, who led the dives. "What we did not expect was the order.'
    first, second = cut(text)
    assert first.endswith("the dives.")
    assert second.startswith('"What we')


def test_titles_do_not_end_sentences() -> None:
    assert cut("It was found, and Ms. Fogh won. Gen. Hale left.") == [
        "It was found, and Ms. Fogh won.",
        "Gen. Hale left.",
    ]


def test_a_long_quotation_is_cut_at_its_sentences() -> None:
    inner = ["The river rose faster than anyone had planned for in all the years of the dam."] * 4
    text = f'He said: "{" ".join(inner)}" Then he left.'
    assert len(cut(text)) == 5
    assert cut(text)[-1] == "Then he left."


@given(st.text(), st.sampled_from([None, "en", "tr", "zh", "th", "xx"]))
def test_sentences_are_ordered_trimmed_and_lose_nothing(text: str, language: str | None) -> None:
    spans = sentences(text, Span(0, len(text)), language)
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())


@given(st.lists(st.sampled_from(["Dr. ", "U.S. ", '"No," ', "he said. ", "3.5 ", "\n", "… ", "(ok.) ", "İ", "😀 "])))
def test_pieces_of_news_lose_nothing(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert "".join("".join(part.split()) for part in cut(text)) == "".join(text.split())
