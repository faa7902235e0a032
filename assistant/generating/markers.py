"""What a model writes, cut into sentences and the numbers of the paragraphs that each cites, as it streams.

Markers are understood in any of the shapes models use: [1], [1, 2], [1-3], [1][2], 【1†source】, (1), [^1], [Source 1],
¹. They are taken out of the text and belong to the sentence before them, or to the one behind where a line begins
with them. A number that no paragraph has vanishes and is counted; a "[12]" inside a sentence that an article holds
letter for letter stays text. Markdown's own marks go too. How the text is cut into tokens changes nothing: decisions
are made at white space alone. Knows nothing of whether a sentence is true.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from ingest.sentences import sentences
from vectorstore import Span

NUMBERS = r"\^?\s*\d{1,3}(?:\s*[,;&–-]\s*\^?\d{1,3})*"
WORDED = r"(?:(?:source|sources|paragraph|paragraphs|passage|article|citation|ref|no|id)\b[.:#]?\s*#?)?"
MARKER = re.compile(
    rf"[\[［]\s*{WORDED}({NUMBERS})\s*[\]］]|【\s*{WORDED}({NUMBERS})[^】\n]{{0,40}}】|"
    r"\(\s*(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\s*\)|([¹²³⁰⁴-⁹]{1,3})",
    re.IGNORECASE,
)
ROUND = 3  # the group of (1), which is more often an article's own text
SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
ENDS = re.compile(r"\s*[.!?…。！？।]|\s*$|\s*\n|\s+[\"“«(\[]?[A-ZÀ-ÞА-Я]|\s*[\[【［(¹²³]")
REFERENCE = re.compile(
    rf"^\s*[\[［]\s*{NUMBERS}\s*[\]］]:|^\s*(?:sources|references|citations)\s*:?\s*$", re.IGNORECASE
)
THINKING = re.compile(r"^\s*<think>.*?(?:</think>|$)", re.DOTALL)
ENDED = re.compile(r"[.!?…。！？।][\"”’»)\]]*$")
BULLET = re.compile(r"^\s*(?:[-*•–]|#{1,6}|\d{1,2}[.)]|>)\s+")
EMPHASIS = re.compile(r"\*\*|__|`|(?<!\w)\*(?=\w)|(?<=[\w.])\*(?!\w)")
CLOSED_UP = re.compile(r"\s+(?=[.,;:!?)])")
NEXT_WORDS = 3  # of the sentence behind, before one is taken to have ended: "Mr." and "3." end none
LONGEST = 2000  # characters held without an end in sight
MOST_IN_RANGE = 10


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence that a model wrote, not yet checked, and the known numbers behind it, in order."""

    text: str
    numbers: tuple[int, ...]


class Cutter:
    """Takes text as it comes and gives sentences as they end. Not thread-safe."""

    def __init__(self, known: Collection[int], holds: Callable[[str], bool]) -> None:
        """`known` are the numbers of the paragraphs; `holds` tells whether one of them holds a string."""
        self._known = frozenset(known)
        self._holds = holds
        self._raw = ""
        self._looked = 0
        self.unknown = 0  # numbers that no paragraph has

    def feed(self, text: str) -> list[Draft]:
        """The sentences that ended with this text."""
        self._raw += text
        found: list[Draft] = []
        while (at := self._next_space()) is not None:
            found.extend(self._cut(at))
        return found

    def end(self) -> list[Draft]:
        """What is left when the model has ended."""
        drafts = self._drafts(self._raw, count=True)
        self._raw, self._looked = "", 0
        return [draft for draft, _ in drafts]

    def _next_space(self) -> int | None:
        for index in range(self._looked, len(self._raw)):
            if self._raw[index].isspace() and index + 1 < len(self._raw):
                self._looked = index + 1
                return index + 1
        return None

    def _cut(self, at: int) -> list[Draft]:
        """The sentences of the first `at` characters that have certainly ended."""
        raw = self._raw[:at]
        if raw.lstrip().startswith("<think>"[: len(raw.lstrip()[:7])]) and "</think>" not in raw and raw.strip():
            return []
        drafts = self._drafts(raw, count=False)
        last, begin = drafts[-1] if drafts else (None, 0)
        if last is None or begin == 0 or (len(last.text.split()) < NEXT_WORDS and at < LONGEST):
            return []
        done = self._drafts(raw[:begin], count=True)
        self._raw, self._looked = self._raw[begin:], at - begin
        return [draft for draft, _ in done]

    def _drafts(self, raw: str, *, count: bool) -> list[tuple[Draft, int]]:
        """Each sentence of `raw` with where it begins there, its markers before it included."""
        thought = THINKING.match(raw)
        offset = thought.end() if thought else 0
        found: list[tuple[Draft, int]] = []
        for line in raw[offset:].splitlines(keepends=True):
            if not REFERENCE.match(line):
                self._line(line, offset, found, count=count)
            offset += len(line)
        return found

    def _line(self, line: str, offset: int, found: list[tuple[Draft, int]], *, count: bool) -> None:
        plain, origins, marks = self._plain(line, count=count)
        spans = [span for part in _parts(plain, [mark[0] for mark in marks]) for span in sentences(plain, part)]
        texts = [(_cleaned(span.of(plain)), span) for span in spans]
        texts = [(text, span) for text, span in texts if text]
        numbers: list[list[int]] = [[] for _ in texts]
        starts = [offset + origins[span.start] for _, span in texts]
        for position, raw_position, cited in marks:
            before = [index for index, (_, span) in enumerate(texts) if span.start < position]
            if before:
                numbers[before[-1]].extend(cited)
            elif texts:
                numbers[0].extend(cited)
                starts[0] = min(starts[0], offset + raw_position)
            elif found:  # a line of markers alone is about the sentence above it
                draft, begin = found[-1]
                found[-1] = Draft(draft.text, tuple(dict.fromkeys((*draft.numbers, *cited)))), begin
        if texts:
            starts[0] = offset
        for (text, _), cited, start in zip(texts, numbers, starts, strict=True):
            found.append((Draft(text, tuple(dict.fromkeys(cited))), start))

    def _plain(self, line: str, *, count: bool) -> tuple[str, list[int], list[tuple[int, int, list[int]]]]:
        """The line without markers, where each of its characters stood, and each marker's place and numbers."""
        plain, at = "", 0
        origins: list[int] = []
        marks: list[tuple[int, int, list[int]]] = []
        for match in MARKER.finditer(line):
            numbers = _numbers(match)
            if self._is_text(line, match, numbers):
                continue
            plain += line[at : match.start()]
            origins += range(at, match.start())
            kept = len(plain.rstrip(" \t"))
            plain, origins = plain[:kept], origins[:kept]
            known = [number for number in numbers if number in self._known]
            self.unknown += (len(numbers) - len(known)) if count else 0
            marks.append((kept, match.start(), known))
            at = match.end()
            if at < len(line) and not line[at].isspace() and line[at] not in ".,;:!?)]":
                plain += " "
                origins.append(match.start())
        plain += line[at:]
        origins += range(at, len(line))
        return plain, origins, marks

    def _is_text(self, line: str, match: re.Match[str], numbers: list[int]) -> bool:
        """Whether an article has it, with the word before it, or it is nothing but a number in round brackets."""
        if not numbers:
            return True
        before = re.search(r"\S{1,20}\s?$", line[: match.start()])
        held = before is not None and self._holds(before[0] + match[0])
        if match[ROUND] or match[4]:
            return held or not (ENDS.match(line, match.end()) or set(numbers) <= self._known)
        return held and not ENDS.match(line, match.end())


def _parts(plain: str, marks: list[int]) -> Iterator[Span]:
    """The line cut where a marker stands behind a full stop: what a model cites there, it has ended."""
    start = 0
    for at in [*(mark for mark in marks if ENDED.search(plain, 0, mark)), len(plain)]:
        if plain[start:at].strip():
            yield Span(start, at)
            start = at


def _numbers(match: re.Match[str]) -> list[int]:
    written = next((group for group in match.groups() if group), "").translate(SUPERSCRIPT)
    found: list[int] = []
    for part in re.split(r"[,;&]", written):
        ends = [int(each) for each in re.findall(r"\d+", part)]
        if len(ends) == 2 and 0 < ends[1] - ends[0] <= MOST_IN_RANGE:
            found.extend(range(ends[0], ends[1] + 1))
        else:
            found.extend(ends)
    return found


def _cleaned(text: str) -> str:
    """Without the marks of markdown, on one line."""
    bare = EMPHASIS.sub("", BULLET.sub("", text))
    return CLOSED_UP.sub("", " ".join(bare.split())) if any(letter.isalnum() for letter in bare) else ""
