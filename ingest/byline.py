"""Who wrote an article and when, from the lines under its headline: "By Ida Holm, 14 May 2024", "May 14, 2024 10:30".

A line that says nothing else leaves the text, since it lives on in `author` and `published`. Knows English month names
and ISO dates only: a date that could be read two ways (3/4/2024) is left alone.
"""

import re
from dataclasses import dataclass
from datetime import datetime

LINES = 3  # looked at, under the headline
MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
MONTH = r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
DATE = (
    r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,?\s+)?"
    rf"(?:(?P<iso>\d{{4}}-\d\d-\d\d)|(?P<day>\d{{1,2}})\s+{MONTH},?\s+(?P<year>\d{{4}})"
    rf"|{MONTH.replace('month', 'month2')}\s+(?P<day2>\d{{1,2}}),?\s+(?P<year2>\d{{4}}))"
)
TIME = r"(?:\W*(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d\d)\s*(?P<half>[ap]\.?m\.?)?(?:\s*[A-Z]{2,4})?)?"
NAME = r"(?P<author>[^\W\d_a-z][\w.'’-]+(?:\s+(?:[^\W\d_a-z][\w.'’-]*|de|van|von|der|and|al|bin))*)"
BYLINE = re.compile(rf"By\s+{NAME}(?:\s*[,|·–—-]\s*(?P<rest>.+))?")
# "By Monday, the fire had spread." is how a text begins: a day or a month alone is no name, and a byline no sentence.
NO_NAME = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August"
    r"|(?:Septem|Octo|Novem|Decem)ber"
)
SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
DATELINE = re.compile(
    rf"(?:(?:First\s+|Last\s+)?(?:Published|Posted|Updated|Date|Modified)\s*:?\s*(?:on\s+)?)?{DATE}{TIME}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Byline:
    author: str | None = None
    published: str | None = None  # ISO 8601


def take_byline(parts: list[str]) -> tuple[Byline, list[str]]:
    """What the first lines tell, and the paragraphs without those lines."""
    author = published = None
    rest: list[str] = []
    for at, part in enumerate(parts):
        if at < LINES and len(parts) > 1:
            who, when = _read(part)
            if (who and not author) or (when and not published):
                author, published = author or who, published or when
                continue
        rest.append(part)
    return Byline(author, published), rest


def _read(line: str) -> tuple[str | None, str | None]:
    if len(line) > 120:
        return None, None
    byline = BYLINE.fullmatch(line.strip())
    if byline and not NO_NAME.fullmatch(byline["author"]):
        rest = byline["rest"] or ""
        when = iso_date(rest)
        return (byline["author"], when) if when or not SENTENCE_END.search(rest) else (None, None)
    return None, iso_date(line.strip())


def iso_date(text: str) -> str | None:
    """The date, with the time where there is one, that `text` is and nothing else; None where it is not one."""
    found = DATELINE.fullmatch(text.strip())
    if not found:
        return None
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
    else:
        name = (found["month"] or found["month2"])[:3].lower()
        year, month, day = int(found["year"] or found["year2"]), MONTHS[name], int(found["day"] or found["day2"])
    try:
        if not found["hour"]:
            return datetime(year, month, day).date().isoformat()
        return datetime(year, month, day, _hour(found), int(found["minute"])).isoformat(timespec="minutes")
    except ValueError:
        return None


def _hour(found: re.Match[str]) -> int:
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    return hour
