"""Scraped text into clean paragraphs: page furniture out, broken paragraphs and hard-wrapped lines joined.

What goes is told (`Cleaned.dropped`); a line that might be content stays. A line goes only where its shape (short, not
a sentence, no quotation), its words and, for all but the unmistakable, its place (before the first or after the last
real paragraph) agree. Knows plain text only: no files, no HTML, no titles.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ingest.characters import plain
from ingest.running import without_running_lines

SHORT = 90  # characters; furniture lines are shorter, and so are headings
TERMINAL = re.compile(r"[.!?…。！？।:][\"'”’»)\]]*$")
QUOTE = re.compile(r"[\"“”«»]")
SENTENCE = re.compile(r"[.!?…。！？।][\"'”’»)\]]*$")
LIST_ITEM = re.compile(r"^(?:[-*•–]\s|\d{1,3}[.)]\s)")

# Furniture wherever it stands: nobody writes these as a paragraph.
UNMISTAKABLE = re.compile(
    r"(?:back to (?:the )?top|top of (?:the )?page|skip to (?:main |the )?(?:content|navigation|article)"
    r"|(?:story |article )?continues? (?:reading )?(?:below|after)(?: (?:the )?(?:advert\w*|ad))?|advert(?:isement)?s?"
    r"|sponsored(?: content)?|share (?:this )?(?:article|story|page|post)?(?: (?:on|via|with)\b.*)?"
    r"|(?:page|seite|página|pagina|страница) \d+(?: (?:of|von|de|di|из|/) \d+)?"
    r"|print (?:this )?(?:article|story|page)|loading\W*|listen to (?:this )?(?:article|story)|enlarge (?:image|photo)"
    r"|(?:click|tap) (?:here|to)\b.{0,60}|scroll (?:down|up).{0,40})",
    re.IGNORECASE,
)
# Furniture before the first or after the last real paragraph.
AT_THE_EDGE = re.compile(
    r"(?:©|\(c\)|copyright\W+(?:\d{4}|by\b|©|\(c\))|.{0,80}\ball rights reserved"
    r"|(?:read|see|learn) (?:more|also|next)\b|(?:related|recommended|trending|previous|next)(?: \w+)?:|sign ?up\b"
    r"|subscribe\b|(?:get|join|receive) (?:our|the|your)\b.{0,40}\b(?:newsletter|app|alerts?|updates|channel)\b"
    r"|follow (?:us|me|@)|download\b.{0,30}\bapp\b|(?:we|this (?:web)?site) uses? cookies|accept (?:all )?cookies"
    r"|privacy policy|contact us|log in\b|tags?:|topics?:|categor(?:y|ies):|(?:leave|post|add) a (?:comment|reply)"
    r"|comments? \(\d+\)|comments?$|write to\b.{0,40}@)",
    re.IGNORECASE,
)
# And what begins like a button or a bar, unless it is a sentence: "Terms of the deal were not disclosed."
BARE = re.compile(
    r"(?:copyright\b|related\b|recommended\b|more (?:from|on|in|stories)\b|most (?:read|popular|viewed|shared)"
    r"|trending\b|(?:also|you may also) (?:read|like)|don.t miss|subscri\w+\b|like us\b|cookie|terms\b|about us"
    r"|login\b|register\b|home\b|menu\b|search\b|filed under|\d+ comments?|previous\b|next\b)",
    re.IGNORECASE,
)
PLATFORM = re.compile(
    r"\b(?:youtube|facebook|twitter|instagram|whatsapp|telegram|tiktok|linkedin|pinterest|reddit|rss|newsletters?"
    r"|podcasts?|app store|google play)\b",
    re.IGNORECASE,
)
# A bar of buttons: nothing but these.
BUTTONS = re.compile(
    r"(?:(?:share|tweet|print|e?-?mail|facebook|twitter|x|linkedin|whatsapp|pinterest|reddit|telegram|copy|link|save|like"
    r"|comments?|font|size|bookmark|listen|send|post|follow|on|by|this|article|story|page|text|a[+-]?|more)\W*){2,}",
    re.IGNORECASE,
)
# After one of these headings at the end of a page come links to other pages, one a line.
LINKS_FOLLOW = re.compile(
    r"(?:most (?:read|popular|viewed|shared)|related (?:articles?|stor(?:y|ies)|news|posts?|links?|content|coverage)"
    r"|more (?:from|on|in|stories)\b.*|recommended(?: for you)?|trending(?: now)?|latest (?:news|stories|headlines)"
    r"|you (?:may|might) also like|read (?:also|next|more)|editors?.? picks?)\W*",
    re.IGNORECASE,
)
MOST_LINKS = 15

INITIALS = re.compile(r"(?:^|[\s(\"“])(?:[^\W\d_]\.){2,}[\"”’']?$")
TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Gov|Rev|Hon|St|Mt|No|vs)\.$")
STARTS_LOW = re.compile(r"[^\W\d_]")
OPEN_END = re.compile(r",[\"'”’»]?$|[–—]$")
REAL = 40  # characters; a shorter paragraph is a heading, a salutation or a line of verse, and is not joined

HYPHENATED = re.compile(r"([^\W\d_]+)[-\u2010]$")
LONGEST_WORD = 80  # characters looked at before a line's end: of a run of 8,000 letters all took 1.5 s
UNSPACED = re.compile("[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60]")  # lines of these are joined without a space
BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`text` has one blank line between paragraphs; `dropped` are the lines taken out, in reading order."""

    text: str
    dropped: tuple[str, ...]


def clean_text(text: str) -> Cleaned:
    """Cleans scraped plain text."""
    whole, running = without_running_lines(text)
    cleaned = clean_paragraphs(_unwrapped(plain(whole)))
    return Cleaned(cleaned.text, (*running, *cleaned.dropped))


def clean_paragraphs(given: Sequence[str]) -> Cleaned:
    """Takes furniture out of paragraphs, and joins those that were broken inside a sentence."""
    kept, dropped = _without_furniture(given)
    return Cleaned("\n\n".join(_rejoined(kept)), tuple(dropped))


# Lines into paragraphs


def _unwrapped(text: str) -> list[str]:
    blocks = [block.strip() for block in BLANK_LINES.split(text)]
    return [paragraph for block in blocks if block for paragraph in _paragraphs(block, text)]


def _paragraphs(block: str, text: str) -> list[str]:
    """A block of lines: one hard-wrapped paragraph, a paragraph a line, or lines that belong as they are."""
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    if len(lines) == 1:
        return lines
    if any(LIST_ITEM.match(line) for line in lines):
        return ["\n".join(lines)]
    if sum(TERMINAL.search(line) is not None for line in lines) * 2 > len(lines):
        return lines
    widths = [_width(line) for line in lines]
    if median(widths[:-1]) >= REAL and widths[-1] <= max(widths[:-1]) * 1.2:
        return [_joined_lines(lines, text)]
    return ["\n".join(lines)] if all(len(line) < SHORT for line in lines) and len(lines) > 2 else lines


def _width(line: str) -> int:
    """In columns: a character of the scripts that are written without spaces takes two."""
    return len(line) + len(UNSPACED.findall(line))


def _joined_lines(lines: Sequence[str], text: str) -> str:
    joined = lines[0]
    for line in lines[1:]:
        joined = _joined(joined, line, text)
    return joined


def _joined(before: str, after: str, text: str) -> str:
    head, tail = HYPHENATED.search(before[-LONGEST_WORD:]), re.match(r"[^\W\d_]+", after)
    if not (head and tail and tail[0][0].islower()):
        apart = "" if UNSPACED.search(before[-1:]) and UNSPACED.match(after) else " "
        return f"{before}{apart}{after}"
    # "informa-" / "tion": one word, unless the text writes it with its hyphen elsewhere.
    return before + after if f"{head[1]}-{tail[0]}" in text else before[:-1] + after


# Furniture


def _without_furniture(given: Sequence[str]) -> tuple[list[str], list[str]]:
    first, last = _content(given)
    keep = [
        not (UNMISTAKABLE.fullmatch(each) or _is_bar(each)) and not (not first <= at <= last and _is_edge(each))
        for at, each in enumerate(given)
    ]
    if last + 1 < len(given) and (start := _links(given, last)) is not None:
        keep[start:] = [False] * (len(given) - start)
    if not any(keep):
        return list(given), []  # a page of nothing else is somebody's content
    return (
        [each for each, stays in zip(given, keep, strict=True) if stays],
        [line for each, stays in zip(given, keep, strict=True) if not stays for line in each.split("\n")],
    )


def _content(given: Sequence[str]) -> tuple[int, int]:
    """Indices of the first and the last paragraph that read like prose."""
    prose = [at for at, each in enumerate(given) if _is_prose(each)]
    return (prose[0], prose[-1]) if prose else (0, len(given) - 1)


def _is_prose(paragraph: str) -> bool:
    if _begins_as_furniture(paragraph):
        return False
    return len(paragraph) >= SHORT or (TERMINAL.search(paragraph) is not None and len(paragraph.split()) > 4)


def _begins_as_furniture(paragraph: str) -> bool:
    """Whether its first words are furniture's."""
    if QUOTE.search(paragraph) or len(paragraph) >= 2 * SHORT:
        return False
    if AT_THE_EDGE.match(paragraph):
        return True
    return BARE.match(paragraph) is not None and not SENTENCE.search(paragraph)


def _is_edge(paragraph: str) -> bool:
    if _begins_as_furniture(paragraph):
        return True
    if QUOTE.search(paragraph) or len(paragraph) >= SHORT or TERMINAL.search(paragraph):
        return False
    return PLATFORM.search(paragraph) is not None or re.search(r"\s[>»|/]\s.*\s[>»|/]\s", paragraph) is not None


def _is_bar(paragraph: str) -> bool:
    return len(paragraph) < SHORT and not TERMINAL.search(paragraph) and BUTTONS.fullmatch(paragraph) is not None


def _links(given: Sequence[str], last: int) -> int | None:
    """Where, after the last prose, a heading such as "Most read" is followed by nothing but short lines."""
    for at in range(last + 1, len(given)):
        if LINKS_FOLLOW.fullmatch(given[at]) and len(given) - at <= MOST_LINKS:
            return at
    return None


# Broken paragraphs


def _rejoined(given: Sequence[str]) -> list[str]:
    joined: list[str] = []
    whole = "\n".join(given)
    for paragraph in given:
        if joined and _is_broken(joined[-1], paragraph):
            joined[-1] = _joined(joined[-1], paragraph, whole)
        else:
            joined.append(paragraph)
    return joined


def _is_broken(before: str, after: str) -> bool:
    """Whether a scraper broke one paragraph in two inside a sentence."""
    if "\n" in before or "\n" in after or LIST_ITEM.match(before) or LIST_ITEM.match(after):
        return False
    if HYPHENATED.search(before[-LONGEST_WORD:]) and _starts_low(after):
        return True
    if len(before) < REAL:
        return False
    if OPEN_END.search(before) or TITLE.search(before):
        return True
    goes_on = _starts_low(after)
    return goes_on and (not TERMINAL.search(before) or INITIALS.search(before) is not None)


def _starts_low(paragraph: str) -> bool:
    """In lower case, but not a name such as "iPhone"."""
    letter = STARTS_LOW.match(paragraph)
    if not letter or unicodedata.category(letter[0]) != "Ll":
        return False
    return not (len(paragraph) > 1 and paragraph[1].isupper())
