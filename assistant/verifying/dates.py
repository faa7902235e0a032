"""Days, months and years, however they are written, and the days that a weekday or "last year" mean.

May 3, 2024 is 3 May 2024 is 2024-05-03. In an article that tells when it was published, "Tuesday" is the Tuesday
before or after, and "last year" a number. Month names of eight languages; the rest is English. Knows tokens.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from assistant.verifying.numerals import Numeral
from assistant.verifying.tokens import Token

MONTHS = {
    name: number
    for language in (
        "january february march april may june july august september october november december",
        "jan feb mar apr - jun jul aug sep oct nov dec",
        "- - - - - - - - sept - - -",
        "januar februar marz - mai juni juli - - oktober - dezember",
        "janvier fevrier mars avril - juin juillet aout septembre octobre novembre decembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio - aprile maggio giugno luglio - settembre ottobre - dicembre",
        "janeiro fevereiro marco - maio junho julho - setembro outubro novembro dezembro",
        "januari februari maart - mei - - augustus - - - -",
    )
    for number, name in enumerate(language.split(), 1)
    if name != "-"
}  # fmt: skip
ALSO_WORDS = {"may", "march", "mar", "mars", "mai", "marco", "august", "dec", "sep", "jan", "jun", "apr", "mei"}
WEEKDAYS = {
    name: number
    for language in ("monday tuesday wednesday thursday friday saturday sunday", "mon tue wed thu fri sat sun")
    for number, name in enumerate(language.split())
} | {"tues": 1, "thurs": 3}
SHIFTED_YEARS = {"last": -1, "this": 0, "next": 1}
SHIFTED_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}


@dataclass(frozen=True, slots=True)
class Day:
    """What is told of a day, by tokens `first` to `last`; None where it is not told. Weekdays count from Monday, 0."""

    year: int | None
    month: int | None
    day: int | None
    weekday: int | None
    first: int
    last: int

    def within(self, other: "Day") -> bool:
        """Whether `other` tells all that this one does, and the same."""
        pairs = (
            (self.year, other.year),
            (self.month, other.month),
            (self.day, other.day),
            (self.weekday, other._weekday),
        )
        return all(mine is None or mine == theirs for mine, theirs in pairs)

    @property
    def _weekday(self) -> int | None:
        if self.weekday is not None or not (self.year and self.month and self.day):
            return self.weekday
        try:
            return date(self.year, self.month, self.day).weekday()
        except ValueError:
            return None


def days(tokens: Sequence[Token], numbers: Sequence[Numeral]) -> list[Day]:
    """The dates in `tokens`; a bare year is a number, not a date."""
    at = {numeral.first: numeral for numeral in numbers}
    ending = {numeral.last: numeral for numeral in numbers}
    found = [*_iso(tokens, at)]
    taken = {index for each in found for index in range(each.first, each.last + 1)}
    for index, token in enumerate(tokens):
        if index in taken or token.kind != "word":
            continue
        if token.key in MONTHS and (day := _around_month(tokens, index, at, ending)):
            found.append(day)
        elif token.key in WEEKDAYS and token.capital:
            found.append(Day(None, None, None, WEEKDAYS[token.key], index, index))
    return found


def _iso(tokens: Sequence[Token], at: dict[int, Numeral]) -> Iterator[Day]:
    for index in range(len(tokens) - 4):
        year, one, month, two, day = (token.text for token in tokens[index : index + 5])
        whole = all(token.glued for token in tokens[index + 1 : index + 5])
        long = len(year) == 4 and len(month) <= 2 and len(day) <= 2
        if whole and one == two == "-" and long and (year + month + day).isdecimal():
            yield Day(int(year), int(month), int(day), None, index, index + 4)


def _around_month(
    tokens: Sequence[Token], index: int, at: dict[int, Numeral], ending: dict[int, Numeral]
) -> Day | None:
    first = last = index
    day = None
    before = index - 1
    while before >= 0 and tokens[before].key in ("of", ".", "de", "the"):
        before -= 1
    if (numeral := ending.get(before)) and (value := _whole(numeral, 31)):
        day, first = value, numeral.first
    following = index + 2 if _text(tokens, index + 1) in (".",) else index + 1
    following += _text(tokens, following) == "the"
    if day is None and (numeral := at.get(following)) and (value := _whole(numeral, 31)):
        day, last = value, numeral.last
        following = last + 1
    elif day is None and following == index + 1:
        last = index
    following += _text(tokens, following) in (",", "of", "de")
    year = None
    if (numeral := at.get(following)) and not numeral.ordinal and (value := _whole(numeral, 2999)) and value > 1000:
        year, last = value, numeral.last
    token = tokens[index]
    lone = day is None and year is None
    if token.key in ALSO_WORDS and lone and not (token.capital and not token.opens) and not _is_told_of(tokens, index):
        return None
    if lone and not token.capital and token.key not in ("mai", "mayo") and token.key in ALSO_WORDS:
        return None
    return Day(year, MONTHS[token.key], day, None, first, last)


def _is_told_of(tokens: Sequence[Token], index: int) -> bool:
    """ "May is a month", at the beginning of a sentence, where "May the best win" stands too."""
    return tokens[index].capital and _text(tokens, index + 1) in ("is", "was", "has", "had", "will", "saw", "brought")


def _whole(numeral: Numeral, most: int) -> int | None:
    for value in numeral.values:
        if isinstance(value, Fraction) and value.denominator == 1 and 0 < value <= most:
            return int(value)
    return None


def _text(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].key if 0 <= index < len(tokens) else ""


def told_by(day: Day, published: date | None) -> list[Day]:
    """The full dates that `day` may mean in an article of that day, itself first."""
    if published is None:
        return [day]
    if day.weekday is not None and day.day is None:
        ahead = (day.weekday - published.weekday()) % 7
        meant = {published + timedelta(ahead), published + timedelta(ahead - 7)}
        return [day, *(_full(each, day) for each in sorted(meant))]
    if day.year is None and day.month is not None:
        years = (published.year - 1, published.year, published.year + 1)
        near = [year for year in years if abs((date(year, day.month, min(day.day or 15, 28)) - published).days) <= 200]
        return [day, *(Day(year, day.month, day.day, day.weekday, day.first, day.last) for year in near)]
    return [day]


def relative(tokens: Sequence[Token], published: date | None) -> list[Day]:
    """What "yesterday" and "last year" mean in an article of that day."""
    if published is None:
        return []
    found = []
    for index, token in enumerate(tokens):
        if token.key in SHIFTED_DAYS:
            meant = published + timedelta(SHIFTED_DAYS[token.key])
            found.append(Day(meant.year, meant.month, meant.day, meant.weekday(), index, index))
        elif token.key in SHIFTED_YEARS and _text(tokens, index + 1) == "year":
            found.append(Day(published.year + SHIFTED_YEARS[token.key], None, None, None, index, index + 1))
    return found


def _full(meant: date, day: Day) -> Day:
    return Day(meant.year, meant.month, meant.day, meant.weekday(), day.first, day.last)
