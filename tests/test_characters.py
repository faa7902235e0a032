"""Characters as a reader should get them, and running heads of texts that were pages."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.characters import plain
from ingest.clean import clean_text
from ingest.running import without_running_lines
from tests.made_files import BODY, LONG, MORE

FIRST = "The vote was not close, for the mayor had asked for it twice before, and"


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("cafÃ© und BrÃ¼cke", "café und Brücke"),
        ("â€œNo,â€\x9d she said â€” twice", "“No,” she said — twice"),
        ("РњРѕСЃС‚ Р·Р°РєСЂС‹С‚", "Мост закрыт"),
        ("Ça coûte 5 € à São Paulo, Â la bonne heure", "Ça coûte 5 € à São Paulo, Â la bonne heure"),
        ("a\u00a0b\u202fc\u3000d", "a b c d"),
        ("in\u00adfor\u200bma\ufefftion", "information"),
        ("eﬃcient oﬃce", "efficient office"),
        ("cafe\u0301", "café"),
        ("abc\u202edef\u202c", "abcdef"),
        ("\u2067שלום\u2069 \u200fעולם", "שלום \u200fעולם"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("say\U000e0041\U000e0042 it", "say it"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\x0bb", "a\nb"),
        ("a\fb", "a\n\nb"),
    ],
)
def test_characters(given_text: str, wanted: str) -> None:
    assert plain(given_text) == wanted


@given(st.text(max_size=200))
@example("à\x08Ü¯")  # what looks like mojibake only once the control character is out
def test_plain_text_stays_plain(text: str) -> None:
    once = plain(text)
    once.encode()
    assert plain(once) == once


def test_running_heads_and_page_numbers_leave_a_text_of_pages() -> None:
    text = "\f".join(
        f"NORTHMERE HERALD   14 May\n\n{paragraph}\n\n                {number}\n"
        for number, paragraph in enumerate([BODY, FIRST, f"nobody from the quays had spoken. {MORE}"], 1)
    )
    cleaned = clean_text(text)
    assert cleaned.text.split("\n\n") == [BODY, f"{FIRST} nobody from the quays had spoken. {MORE}"]
    assert cleaned.dropped == ("NORTHMERE HERALD   14 May", "1", "NORTHMERE HERALD   14 May", "2", *cleaned.dropped[4:])
    assert without_running_lines(f"{BODY}\n1\n") == (f"{BODY}\n1\n", [])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"The old informa-\n\ntion was wrong. {LONG}", "The old information was wrong."),
        (f"It is a well-known, well-\n\nknown fact, and an old one. {LONG}", "It is a well-known, well-known fact"),
        (
            "港の橋は一九三一年に開通し、一日におよそ四千台の車が通る。その一割ほどが魚\n"
            "市場へ向かうトラックであり、残りは町の人々の乗用車とバスであるという話だ。",
            "魚市場へ",
        ),
    ],
)
def test_what_was_parted_at_a_lines_end_is_whole_again(text: str, wanted: str) -> None:
    assert wanted in clean_text(text).text
