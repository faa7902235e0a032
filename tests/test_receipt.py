"""The receipt: a file that stands alone, harms nobody, and shows when a byte of it or of its articles has changed."""

import json
import random
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from assistant.__main__ import main
from assistant.doors.receipt_check import verdicts
from assistant.keeping.export import paragraphs_of
from assistant.keeping.receipt import UNSEALED, _seal, drawn, read, tampered
from ingest.document import Document
from tests.assistants import BRIDGE, SmallAssistant, with_articles
from vectorstore import InvalidInput

CREATED = "2026-05-03T10:20:30.123456Z"
HOSTILE = (
    "The hostile comet </script><script>alert(1)</script> passed ]]> Earth \u2028 in 2031 <!-- & \u202edne 😀. "
    "It had <img src=x onerror=alert(1)> two tails."
)


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[SmallAssistant]:
    opened = with_articles(tmp_path / "library")
    opened.pipeline.add(Document("</title><script>alert(2)</script>", HOSTILE, source="javascript:alert(3)"), "hostile")
    yield opened
    opened.store.close()


def receipt_of(assistant: SmallAssistant, question: str = "When do tolls begin?") -> bytes:
    body = assistant.ask(question).to_json()
    return drawn(body, paragraphs_of(body, assistant.store.article), CREATED).encode()


def told(raw: bytes, assistant: SmallAssistant) -> list[str]:
    """Each verdict as `PASS intact`."""
    found = verdicts(raw, assistant.store.article, assistant.conversations.anybodys)
    return [f"{'PASS' if each.passed else 'FAIL'} {each.status}" for each in found]


def sealed_anew(raw: bytes, old: str, new: str) -> bytes:
    """What somebody makes who knows how a receipt is sealed."""
    changed = re.sub(rb"sha256:[0-9a-f]{64}", UNSEALED.encode(), raw.replace(old.encode(), new.encode()), count=1)
    assert changed != raw
    return changed.replace(UNSEALED.encode(), _seal(changed).encode(), 1)


def block(data: bytes) -> bytes:
    return b'<script type="application/json" id="receipt">' + data + b"</script>"


class Elements(HTMLParser):
    """The elements of a page, their attributes, and the texts in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: dict[str, str] = {}
        self._inside = [""]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "img", "br"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag  # everything that is opened is closed

    def handle_data(self, data: str) -> None:
        self.texts[self._inside[-1]] = self.texts.get(self._inside[-1], "") + data


def test_it_holds_everything_and_asks_for_nothing(assistant: SmallAssistant) -> None:
    raw = receipt_of(assistant)
    page = Elements(raw.decode())
    assert page.texts["h1"] == "When do tolls begin?"
    assert page.texts["mark"] == "Tolls begin in June."
    assert "Mayor Ida Holm said. " in page.texts["blockquote"]
    assert not [name for name, _ in page.attributes if name in ("src", "style") or name.startswith("on")]
    assert all(value is not None and value.startswith("#") for name, value in page.attributes if name == "href")
    data = read(raw)
    (citation,) = data["answer"]["citations"]
    assert data["paragraphs"] == [BRIDGE]
    for fact in (citation["article_version"], citation["article_id"], "characters 76 to 96", "bridge.txt"):
        assert fact in raw.decode()
    assert json.loads(page.texts["script"]) == data


def test_a_hostile_article_harms_nothing(assistant: SmallAssistant) -> None:
    raw = receipt_of(assistant, "When passed the hostile comet Earth?")
    page = Elements(raw.decode())
    assert page.names.count("script") == 1
    assert not {"img", "iframe", "form", "svg"} & set(page.names)
    assert "javascript:" not in str([value for name, value in page.attributes if name == "href"])
    data = read(raw)
    assert data["paragraphs"] == [HOSTILE]
    assert "\u2028" not in raw.decode().rsplit("<script", 1)[1]
    assert told(raw, assistant) == ["PASS intact"]


def test_any_changed_byte_is_noticed(assistant: SmallAssistant) -> None:
    raw = receipt_of(assistant)
    chance = random.Random(7)
    places = [*(chance.randrange(len(raw)) for _ in range(200)), 0, len(raw) - 1, raw.index(b"sha256:") + 9]
    for at in places:
        for changed in (
            raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :],
            raw[:at] + raw[at + 1 :],
            raw[:at] + b" " + raw[at:],
        ):
            if changed == raw:
                continue
            try:
                assert "FAIL tampered" in told(changed, assistant), (at, changed[at - 9 : at + 9])
            except InvalidInput:  # its data cannot be read any more: noticed as well
                continue


def test_a_receipt_sealed_anew_is_found_out(assistant: SmallAssistant) -> None:
    raw = receipt_of(assistant)
    assert told(raw, assistant) == ["PASS intact"]
    for old, new in (
        ("in June", "in July"),  # everywhere: page, answer and quotation
        ("Bridge opens", "Bridge closes"),
        ('paragraphs":["The Vale', 'paragraphs":["The Sale'),
        ('"text":"Tolls begin in June."', '"text":"Tolls begin in July."'),
        ("<mark>Tolls begin in June.</mark>", "<mark>Tolls begin in July.</mark>"),  # what is shown alone
        ('"sentences":[{', '"sentences":[{"text":"No.","citations":[1],"support":"quoted"},{'),
    ):
        assert "FAIL tampered" in told(sealed_anew(raw, old, new), assistant), new


def test_an_answer_that_is_kept_is_compared(assistant: SmallAssistant) -> None:
    given = assistant.conversations.keep(assistant.ask("When do tolls begin?"), "somebody").to_json()
    paragraphs = paragraphs_of(given, assistant.store.article)
    assert told(drawn(given, paragraphs, CREATED).encode(), assistant) == ["PASS intact"]
    other = drawn(given | {"question": "When do tolls end?"}, paragraphs, CREATED)
    assert told(other.encode(), assistant) == ["FAIL tampered", "PASS intact"]


def test_a_citation_passes_while_its_words_can_be_read(assistant: SmallAssistant) -> None:
    raw = receipt_of(assistant)
    for text, status in (("New. " + BRIDGE, "moved"), (BRIDGE.replace("June", "July"), "changed"), (BRIDGE, "intact")):
        assistant.pipeline.add(Document("Bridge opens", text), "bridge")
        assert told(raw, assistant) == [f"PASS {status}"]
    assistant.store.remove("bridge")
    assert told(raw, assistant) == ["FAIL gone"]
    assistant.pipeline.add(Document("Bridge opens", "New. " + BRIDGE), "bridge")
    assert told(raw, assistant) == ["PASS moved"]
    assistant.pipeline.add(Document("Bridge opens", "New."), "bridge")
    assert told(raw, assistant) == ["FAIL changed"]


def test_a_refusal_has_a_receipt_too(assistant: SmallAssistant) -> None:
    raw = receipt_of(assistant, "Why is rhubarb sour?")
    assert "The closest paragraphs" in raw.decode()
    assert set(told(raw, assistant)) == {"PASS intact"}


def test_an_article_that_is_gone_leaves_its_quotation(assistant: SmallAssistant) -> None:
    body = assistant.ask("When do tolls begin?").to_json()
    assistant.store.remove("bridge")
    raw = drawn(body, paragraphs_of(body, assistant.store.article), CREATED).encode()
    assert Elements(raw.decode()).texts["mark"] == "Tolls begin in June."
    assert told(raw, assistant) == ["FAIL gone"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html></html>",
        b"\xff\xfe\x00",
        block(b"{}"),
        block(b"[[["),
        block(b"[" * 100_000),
        block(b'{"format":"footnote-receipt","answer":{},"paragraphs":[]}'),
        block(b'{"format":"footnote-receipt","answer":{"refused":true,"refusal":null},"paragraphs":[]}'),
    ],
)
def test_what_is_no_receipt(raw: bytes, assistant: SmallAssistant) -> None:
    with pytest.raises(InvalidInput):
        verdicts(raw, assistant.store.article, assistant.conversations.anybodys)


@pytest.mark.parametrize(
    "change",
    [
        {"document_title": 7},
        {"published": 7},
        {"also_in": "x"},
        {"paragraph_index": None},
        {"start_char_index": "x"},
        {"article_version": []},
    ],
)
def test_data_of_another_shape_is_no_answers(change: dict[str, Any], assistant: SmallAssistant) -> None:
    data = read(receipt_of(assistant))
    data["answer"]["citations"][0] |= change
    with pytest.raises(InvalidInput, match="not that of an answer"):
        verdicts(block(json.dumps(data).encode()), assistant.store.article, assistant.conversations.anybodys)


# The command


def run(*arguments: str) -> int:
    def must_not_open(settings: Any) -> Any:
        raise AssertionError("checking needs no models")

    return main(arguments, must_not_open)


def test_the_command_checks_beside_an_open_library(
    assistant: SmallAssistant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, library = tmp_path / "receipt.html", str(tmp_path / "library")
    file.write_bytes(receipt_of(assistant))
    assert run("check", str(file), "--library", library) == 0
    assert capsys.readouterr().out.splitlines() == [
        "PASS intact   [1] Bridge opens, 2024-05-03, bridge.txt, paragraph 1, characters 76 to 96",
        "The receipt holds.",
    ]
    file.write_bytes(file.read_bytes().replace(b"Offsets", b"offsets"))
    assert run("check", str(file), "--library", library) == 1
    assert capsys.readouterr().out.splitlines()[0].startswith("FAIL tampered the file: its bytes are not")


def test_what_the_command_cannot_check(
    assistant: SmallAssistant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "receipt.html"
    assert run("check", str(file)) == 1
    assert "cannot be read" in capsys.readouterr().err
    file.write_bytes(b"<html>")
    assert run("check", str(file), "--library", str(tmp_path / "library")) == 1
    assert "not a receipt" in capsys.readouterr().err
    assert run("check", str(file), "--library", str(tmp_path / "elsewhere")) == 1
    assert "There is no library" in capsys.readouterr().err
    assert not (tmp_path / "elsewhere").exists()


def test_a_receipt_goes_with_a_copied_library(assistant: SmallAssistant, tmp_path: Path) -> None:
    file = tmp_path / "receipt.html"
    file.write_bytes(receipt_of(assistant))
    assistant.store.close()
    shutil.copytree(tmp_path / "library", tmp_path / "copy")
    assert run("check", str(file), "--library", str(tmp_path / "copy")) == 0


def test_how_a_receipt_looks_is_numbered() -> None:
    """When this fails, a receipt looks different: let DRAWING grow, so that older ones are not called tampered with."""
    citation = {
        **{
            "number": 1,
            "type": "char_location",
            "article_id": "a",
            "article_version": "sha256:x",
            "document_title": "T",
        },
        **{"source": "https://a.example/", "published": "2024-05-03", "page_number": 2, "paragraph_index": 0},
        **{"paragraph_start_char_index": 0, "paragraph_end_char_index": 9, "start_char_index": 2, "end_char_index": 4},
        "cited_text": "cd",
        "also_in": [{"article_id": "b", "document_title": "U", "source": None}],
    }
    short = {"text": "d", "citation": 1, "start_char_index": 3, "end_char_index": 4}
    body = {
        **{"id": "ans_1", "conversation_id": None, "question": "Q?", "searched_for": "Q, then?", "answer": "cd [1]"},
        **{"refused": False, "refusal": None, "notices": [{"type": "partial", "message": "M", "citations": []}]},
        **{"confidence": 0.9, "short_answer": short, "model": "extractive", "timings_ms": {}},
        "sentences": [{"text": "cd", "citations": [1], "support": "quoted"}],
        "citations": [citation],
    }
    page = drawn(body, ["abcdefghi"], CREATED)
    assert '<p dir="auto">c<strong>d</strong><sup>' in page
    assert tampered(page.encode(), read(page.encode())) is None
    assert (read(page.encode())["drawing"], _seal(page.encode())[7:23]) == (1, "29b2f13cf76aa2b6")
