"""Articles in other scripts: sentences end where they end, and every position is a code point of the text."""

from pathlib import Path

import pytest

from assistant.reading.reader import Reader
from assistant.reading.retrieve import retrieve
from ingest.document import Document
from ingest.pipeline import Pipeline
from vectorstore import Store, load_embedder

# Language, its sentences, what stands between them, and a question with words of the second.
TEXTS = {
    "tr": (
        [
            "İstanbul'daki köprü 3 Mayıs'ta açıldı.",
            "Yapımı dokuz yıl sürdü ve 312 milyon lira tuttu.",
            "Geçiş ücretsizdir.",
        ],
        " ",
        "Yapımı kaç yıl sürdü?",
    ),
    "ar": (
        ["افتُتح الجسر في الثالث من مايو.", "استغرق البناء تسع سنوات.", "هل العبور مجاني؟", "نعم، حتى يونيو."],
        " ",
        "كم سنة استغرق البناء؟",
    ),
    "hi": (
        ["पुल 3 मई को खुला।", "इसे बनाने में नौ साल लगे।", "जून तक पार करना मुफ़्त है।"],
        " ",
        "पुल बनाने में कितने साल लगे?",
    ),
    "zh": (["大桥于5月3日通车。", "工程历时九年，耗资三亿元。", "六月前免费通行！"], "", "工程历时几年？"),
    "th": (["สะพานเปิดใช้เมื่อวันที่ 3 พฤษภาคม", "การก่อสร้างใช้เวลาเก้าปี"], "\n\n", "การก่อสร้างใช้เวลากี่ปี"),
}


@pytest.mark.parametrize("language", TEXTS)
def test_sentences_and_offsets_are_exact(tmp_path: Path, language: str) -> None:
    sentences, between, question = TEXTS[language]
    text = "😀 " + between.join(sentences)  # one code point, two UTF-16 units, four bytes
    store = Store(tmp_path, load_embedder())
    pipeline = Pipeline(store)
    pipeline.add(Document("📷", text, language=language), "asked")
    pipeline.add(Document("Ferry", "The ferry sails again from June. It takes an hour."), "other")
    passages = retrieve(store, question)
    assert passages[0].article.id == "asked"
    found = [each for each in Reader(store).read(question, passages).candidates if each.article.id == "asked"]
    assert {each.text.removeprefix("😀 ") for each in found} == set(sentences)
    for each in found:
        assert each.span.of(text) == each.text
        assert each.short is None or each.span.holds(each.short)
    store.close()
