"""Where sentences begin and end. Exact positions, in any language; no text is changed.

The boundaries come from sentencex (rules for some 240 languages, in Rust), mended where it is wrong in a way that a
rule without a vocabulary can see. Chosen on tests/test_sentences.py (64 hard English cases then, 10 in nine other
languages; time for 800 characters):

                           English   others   time
    sentencex               56        9        0.02 ms
    pysbd                   58        8        2.2 ms, and it may change the text
    syntok                  54        4        0.8 ms
    blingfire               54        6        0.03 ms, no offsets in code points
    sentencex, mended       62        10       0.04 ms

Knows no articles and no paragraphs: it is given a text and a span of it.
"""

import re
from collections.abc import Iterator

from vectorstore import Span

# A boundary that sentencex misses: after a closing bracket, an ellipsis, an "etc." or May, which is no abbreviation
# of a month, before what can begin a sentence.
MISSED = re.compile(
    r"(?:[.!?。！？][)\]）】»”’\"']*[)\]）】]|…[)\]»”’\"']*|(?:(?<=\bMay)|(?<=\betc))\.)(\s+)"
    r"(?=[\"'“‘«(\[]?[^\W\d_a-zß-öø-ÿ])"
)
# And before a quotation, where none is open: one that closes in another paragraph keeps sentencex from seeing its end.
OPENS = re.compile(r"[.!?…](\s+)(?=[\"“«][^\W\d_a-zß-öø-ÿ])")
# A line of its own inside a paragraph: what comes before it is over, and it does not go on; or it is an item of a list.
LINE = re.compile(r"(?<=[.!?:。！？।])[)\]”’\"']*[ \t]*\n\s*+(?![a-zß-öø-ÿ](?![A-Z]))|\n\s*(?=[-*•–]\s|\d{1,3}[.)]\s)")
# "Item 1." and "M." do not end a sentence: a lone initial, or a number after which the text goes on in lower case.
INITIAL = re.compile(r"(?:^|[\s(\"'“‘«])[^\W\d_]\.$|^\d{1,3}[.)]$")
GOES_ON = re.compile(r"[a-zß-öø-ÿ](?![A-Z])")  # "iPhone" begins a sentence, "is" does not
TITLE = re.compile(r"(?:^|[\s(\"“‘])(?:Mr|Mrs|Ms|Mx|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Gov|Rev|Hon)\.$")
ABBREVIATION = re.compile(r"(?:^|[\s(\"“‘])(?:approx|ca|est|incl|max|min|avg|tel|ext|dept)\.$", re.IGNORECASE)
HOUR = re.compile(r"\d\s?[ap]\.m\.$", re.IGNORECASE)
ZONE = re.compile(
    r"(?:Eastern|Central|Mountain|Pacific|Atlantic|Greenwich|Coordinated|[A-Z]{2,4}T\b|UTC\b|[A-Z]\w+ time\b)"
)
ENDS_QUOTE = re.compile(r"[.!?…][\"”’'»]+$")

LONGEST_TITLE = 10  # characters, with the one before it
LONG = 300  # characters; the average English news sentence has 130
QUOTES = '"“”«»'
NO_QUOTES = str.maketrans(dict.fromkeys(QUOTES, " "))  # a space for each: positions stay

UNSPACED = {
    "th": re.compile("[\u0e00-\u0e7f]"),
    "zh": re.compile("[\u3400-\u9fff]"),
    "hi": re.compile("[\u0900-\u097f]"),
}
KANA = re.compile("[\u3040-\u30ff]")


def sentences(text: str, within: Span, language: str | None = None) -> list[Span]:
    """The sentences of `text[within]`, in order, without the white space around them.

    Every character that is not white space is in exactly one. `language` is a BCP 47 tag; where it is None the script
    decides, and English is assumed of Latin letters.
    """
    found: list[Span] = []
    for line in _pieces(text, within, LINE):
        for sentence in _merged(text, _segments(text, line, language)):
            for piece in (part for each in _before_quotations(text, sentence) for part in _pieces(text, each, MISSED)):
                found.extend(_split_speech(text, piece, language) if piece.end - piece.start > LONG else [piece])
    return found


def _before_quotations(text: str, within: Span) -> Iterator[Span]:
    start = within.start
    for match in OPENS.finditer(text, within.start, within.end):
        before = text[start : match.end()]
        if before.count('"') % 2 == 0 and before.count("“") == before.count("”") and not TITLE.search(before.rstrip()):
            yield Span(start, match.start() + 1)
            start = match.end()
    yield Span(start, within.end)


def _split_speech(text: str, within: Span, language: str | None) -> Iterator[Span]:
    """A quotation of several sentences is one to sentencex; a long one is cut at them, so that citations stay short."""
    piece = within.of(text).translate(NO_QUOTES)
    whole = Span(0, len(piece))
    ends = [within.start + span.end for span in _merged(piece, _segments(piece, whole, language))][:-1]
    start = within.start
    for end in [*ends, within.end]:
        while end < within.end and text[end] in QUOTES:
            end += 1
        if sentence := trim(text, Span(start, end)):
            yield sentence
        start = end


def _segments(text: str, within: Span, language: str | None) -> Iterator[Span]:
    from sentencex import get_sentence_boundaries

    piece = within.of(text)
    at = 0
    # The library's pieces follow one another and are the text itself; its own indices are not used, so that no
    # version of it can shift ours.
    for boundary in get_sentence_boundaries(_language(piece, language), piece):
        begin = piece.find(boundary["text"], at)
        if begin < 0:
            break
        at = begin + len(boundary["text"])
        yield Span(within.start + begin, within.start + at)
    if at < len(piece):
        yield Span(within.start + at, within.end)


def _merged(text: str, segments: Iterator[Span]) -> Iterator[Span]:
    held: Span | None = None
    for segment in (trimmed for piece in segments if (trimmed := trim(text, piece))):
        if held is None:
            held = segment
        elif _belongs(held.of(text), segment.of(text), apart=segment.start > held.end):
            held = Span(held.start, segment.end)
        else:
            yield held
            held = segment
    if held is not None:
        yield held


def _belongs(before: str, after: str, *, apart: bool) -> bool:
    """Whether two segments, with white space between them where `apart`, are one sentence after all."""
    if not apart and before[-1] in '.!?)]"':
        return True  # "degrees.[2]": marks stuck to a sentence; scripts without spaces end in other marks
    if INITIAL.search(before) or TITLE.search(before) or ABBREVIATION.search(before):
        return True
    if HOUR.search(before) and ZONE.match(after):
        return True
    return (
        GOES_ON.match(after) is not None
        and not before.endswith(("…", "..."))
        and (before.endswith(".") or ENDS_QUOTE.search(before) is not None)
    )


def _pieces(text: str, within: Span, boundary: re.Pattern[str]) -> Iterator[Span]:
    start = within.start
    for match in boundary.finditer(text, within.start, within.end):
        before = text[max(start, match.start() - LONGEST_TITLE) : match.start()]
        if TITLE.search(before) or ABBREVIATION.search(before):  # hard-wrapped lines end after them too
            continue
        if piece := trim(text, Span(start, match.end())):
            yield piece
        start = match.end()
    if piece := trim(text, Span(start, within.end)):
        yield piece


def trim(text: str, span: Span) -> Span | None:
    """The span without white space at its ends; None where nothing else is in it."""
    piece = span.of(text)
    stripped = piece.strip()
    if not stripped:
        return None
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, start + len(stripped))


def _language(piece: str, language: str | None) -> str:
    if language:
        return language.split("-")[0].lower()
    if KANA.search(piece):
        return "ja"
    return next((code for code, script in UNSPACED.items() if script.search(piece)), "en")
