"""The dates that files and pages tell, in the ways they write them, as ISO 8601. Knows nothing of where they stood."""

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from ingest.byline import iso_date

YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
PARTIAL = re.compile(r"\d{4}(?:-\d\d|-?W\d\d)?")
EXTENDED = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d.*)?")  # of ISO 8601's forms the one that sorts as it is read
SPACED_ZONE = re.compile(r" (?=[+-]\d\d:?\d\d$)")


def iso_published(told: object) -> str | None:
    """A date, or a date and time, as ISO 8601; None where it is neither, or could be read in two ways (3/4/2024)."""
    if isinstance(told, datetime | date):
        return told.isoformat()
    text = " ".join(str(told or "").split())
    return _iso(text) or _mail(text) or _year_first(text) or iso_date(text)


def _iso(text: str) -> str | None:
    if PARTIAL.fullmatch(text):  # a year, a month or a week is no day, and cannot be compared with one
        return None
    text = SPACED_ZONE.sub("", text)
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    if EXTENDED.fullmatch(text):
        return text
    return when.date().isoformat() if _is_day(text) else when.isoformat()


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _mail(text: str) -> str | None:
    """RFC 2822, as mails and RSS feeds have it: `Tue, 14 May 2024 10:30:00 +0200`."""
    try:
        return parsedate_to_datetime(text).isoformat() if re.search(r"\d{4}", text) else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _year_first(text: str) -> str | None:
    found = YEAR_FIRST.fullmatch(text)
    try:
        return date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None
