"""Which language a text is in, and that words are found in their other forms in it."""

from pathlib import Path

import pytest

from assistant.engine import Assistant
from ingest.document import Document
from ingest.language import language_of
from ingest.pipeline import Pipeline
from vectorstore import Store, load_embedder

TEXTS = {
    "en": "The Vale bridge opened to traffic on Friday, nine years after the first stone was laid.",
    "de": "Die Brücken über die Cald wurden am Freitag nach neun Jahren eröffnet. Die Maut kostet 24 Kronen.",
    "tr": "Köprü cuma günü trafiğe açıldı. Belediye başkanı İpek Işık, yapımın dokuz yıl sürdüğünü söyledi.",
    "th": "สะพานเปิดให้ใช้เมื่อวันศุกร์ หลังจากก่อสร้างมาเก้าปี ค่าผ่านทางยี่สิบสี่คราวน์",
    "ar": "افتتح الجسر أمام حركة المرور يوم الجمعة. قالت رئيسة البلدية إن البناء استغرق تسع سنوات.",
    "zh": "大桥于星期五正式通车。市长说，工程历时九年。过桥费为二十四克朗。",
    "ja": "橋は金曜日に開通した。市長は工事に九年かかったと述べた。通行料は二十四クローネである。",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_tells_its_language(language: str) -> None:
    assert language_of(TEXTS[language]) == language


@pytest.mark.parametrize("text", ["", "71.3 18 24", "N. Korea", "?"])
def test_too_little_tells_none(text: str) -> None:
    assert language_of(text) is None


def test_every_language_is_searched_by_its_own_forms_and_cited_exactly(tmp_path: Path) -> None:
    store = Store(tmp_path, load_embedder())
    for language, text in TEXTS.items():
        Pipeline(store).add(Document(f"Bridge {language}", text), language)
    asked = {
        "de": "Was kostet die Maut der Brücke?",
        "tr": "Köprü ne zaman açıldı?",
        "th": "สะพานเปิดเมื่อไร",
        "ar": "متى افتتح الجسر؟",
        "zh": "大桥什么时候通车?",
        "ja": "橋はいつ開通した?",
    }
    everything = Assistant(store, promise=1)
    for language, question in asked.items():
        assert store.article(language).language == language
        answer = everything.ask(question)
        best = answer.citations[0]
        assert best.article.id == language
        assert best.article.paragraphs[best.paragraph_index].span.holds(best.span)
        body = answer.to_json()["citations"][0]
        assert TEXTS[language][body["start_char_index"] : body["end_char_index"]] == body["cited_text"]
    store.close()


def test_a_stem_is_of_its_language(store: Store) -> None:
    assert store.stems("Brücken", "de-AT") == store.stems("Brücke", "de")
    assert store.stems("Bridges", None) == ["bridges"]
    assert store.stems("opened", "en") == store.stems("opens", "en")
