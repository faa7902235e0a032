"""An article's text into paragraphs and chunks. Positions only: every slice is the text, by construction.

A chunk is a run of whole paragraphs that, with the title that is embedded with it, the embedding model reads to the
end; a paragraph too long for that is cut at sentences, a sentence at words, a word at characters. Knows no models:
it is given a function that counts word pieces.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.sentences import sentences, trim
from vectorstore import Article, Chunk, Paragraph, Span, embedded_text

SPLITTER_VERSION = 1  # raise when other chunks come out: libraries made before then ask for --rebuild

LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
PARAGRAPH_END = re.compile(r"(?:(?:\r\n|[\n\r\v\x85\u2028])[^\S\n\r\v\f\x85\u2028\u2029]*){2,}|[\f\x1c-\x1e\u2029]")
SENTENCE_END = re.compile(r"[.!?…。！？।:;][\"'”’»)\]]*$")
HEADING_LENGTH = 80  # characters
WORD = re.compile(r"\S+\s*")
MARGIN = 2  # [CLS] and [SEP], which every count contains

Count = Callable[[Sequence[str]], list[int]]


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of `text`, in order, without the white space around them.

    Blank lines part them. A text without any is one paragraph where it looks hard-wrapped, else a paragraph a line.
    """
    whole = Span(0, len(text))
    parts = _between(text, whole, PARAGRAPH_END)
    if len(parts) == 1:
        lines = _between(text, whole, LINE_END)
        if sum(SENTENCE_END.search(line.of(text)) is not None for line in lines) * 2 > len(lines):
            parts = lines
    return [Paragraph(part.start, part.end) for part in parts]


def chunks(article: Article, count: Count, limit: int) -> list[Chunk]:
    """Chunks of at most `limit` word pieces each, title and special tokens included; together, all paragraphs.

    `count` gives the word pieces of several texts at once, special tokens included. Runs are as even in length as
    whole paragraphs allow, and a heading stays with what follows it.
    """
    room = limit - count([embedded_text(article, Chunk(0, 0))])[0]
    spans = [paragraph.span for paragraph in article.paragraphs]
    sizes = [pieces - MARGIN for pieces in count([span.of(article.text) for span in spans])]
    units = [_Unit(span, size, is_heading(span.of(article.text))) for span, size in zip(spans, sizes, strict=True)]
    found: list[Chunk] = []
    for run in _runs(units, room):
        if run[0].size > room:
            found.extend(Chunk(part.start, part.end) for part in _cut(article, run[0].span, count, room))
        else:
            found.extend(_pack(run, room))
    return _within_limit(article, found, count, limit)


@dataclass(frozen=True, slots=True)
class _Unit:
    span: Span
    size: int  # word pieces
    heading: bool = False


def _runs(units: Sequence[_Unit], room: int) -> Iterator[list[_Unit]]:
    """Consecutive units that fit, and each that does not on its own."""
    run: list[_Unit] = []
    for unit in units:
        if unit.size <= room:
            run.append(unit)
            continue
        if run:
            yield run
        yield [unit]
        run = []
    if run:
        yield run


def _pack(units: Sequence[_Unit], room: int) -> Iterator[Chunk]:
    """The units in as few chunks as fit, each about as long as the others."""
    total = sum(unit.size for unit in units)
    target = total / -(-total // room) if total else 0
    held: list[_Unit] = []
    size = 0
    for unit in units:
        if held and (size + unit.size > room or size + unit.size / 2 > target):
            carried = _trailing_headings(held)
            if len(carried) < len(held) and sum(each.size for each in carried) + unit.size <= room:
                held, rest = held[: len(held) - len(carried)], carried
            else:
                rest = []
            yield Chunk(held[0].span.start, held[-1].span.end)
            held, size = list(rest), sum(each.size for each in rest)
        held.append(unit)
        size += unit.size
    if held:
        yield Chunk(held[0].span.start, held[-1].span.end)


def _trailing_headings(units: Sequence[_Unit]) -> list[_Unit]:
    kept = len(units)
    while kept and units[kept - 1].heading:
        kept -= 1
    return list(units[kept:])


def _cut(article: Article, span: Span, count: Count, room: int) -> Iterator[Span]:
    """Parts of a paragraph that is too long: at sentences, where those are too long at words, else at characters."""
    text = article.text
    units: list[_Unit] = []
    for sentence in _sized(text, sentences(text, span, article.language), count):
        if sentence.size <= room:
            units.append(sentence)
            continue
        words = [
            Span(match.start(), match.end()) for match in WORD.finditer(text, sentence.span.start, sentence.span.end)
        ]
        for word in _sized(text, words, count):
            units.extend([word] if word.size <= room else _characters(text, word.span, room))
    for chunk in _pack(units, room):
        if part := trim(text, chunk.span):
            yield part


def _sized(text: str, spans: Sequence[Span], count: Count) -> list[_Unit]:
    sizes = count([span.of(text) for span in spans])
    return [_Unit(span, size - MARGIN) for span, size in zip(spans, sizes, strict=True)]


def _characters(text: str, span: Span, room: int) -> Iterator[_Unit]:
    """A character is at most one word piece for most models, and `_within_limit` mends the rest."""
    step = max(1, room // 2)
    edges = [*range(span.start, span.end, step), span.end]
    for start, end in pairwise(edges):
        yield _Unit(Span(start, end), end - start)


def _within_limit(article: Article, found: Sequence[Chunk], count: Count, limit: int) -> list[Chunk]:
    """Halves any chunk that is too long all the same: not every tokenizer's counts add up."""
    sizes = count([embedded_text(article, chunk) for chunk in found])
    kept: list[Chunk] = []
    for chunk, size in zip(found, sizes, strict=True):
        if size <= limit or chunk.end - chunk.start < 2:
            kept.append(chunk)
            continue
        middle = (chunk.start + chunk.end) // 2
        space = article.text.find(" ", middle, chunk.end)
        middle = space if space > 0 else middle
        halves = [trim(article.text, Span(chunk.start, middle)), trim(article.text, Span(middle, chunk.end))]
        kept.extend(_within_limit(article, [Chunk(half.start, half.end) for half in halves if half], count, limit))
    return kept


def is_heading(paragraph: str) -> bool:
    return len(paragraph) <= HEADING_LENGTH and not SENTENCE_END.search(paragraph) and "\n" not in paragraph


def _between(text: str, within: Span, boundary: re.Pattern[str]) -> list[Span]:
    edges = [within.start]
    for match in boundary.finditer(text, within.start, within.end):
        edges += [match.start(), match.end()]
    edges.append(within.end)
    parts = (trim(text, Span(start, end)) for start, end in zip(edges[::2], edges[1::2], strict=True))
    return [part for part in parts if part]
