"""Numbers, however they are written: 1,000, one thousand, 1.2 million, 5½, two-thirds, 3rd, twenty-first.

Figures are read in the article's language (1.284 is a thousand and more in German). Number words are English. Knows
tokens; what a number counts is the business of `facts.py`.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.verifying.tokens import Token
from assistant.verifying.words import listed

SMALL = {
    word: value
    for value, word in enumerate(
        listed(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        )
    )
}
TENS = {word: 10 * n for n, word in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), 2)}
SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12,
    "score": 20, "hundreds": 100, "thousands": 1000, "millions": 10**6, "billions": 10**9, "m": 10**6, "mn": 10**6,
    "bn": 10**9, "tn": 10**12, "k": 1000, "lakh": 10**5, "crore": 10**7,
}  # fmt: skip
SHORT = {"m", "mn", "bn", "tn", "k"}  # scales only right behind figures: "$5bn"
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "fortieth": 40,
    "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90, "hundredth": 100,
    "thousandth": 1000, "millionth": 10**6,
}  # fmt: skip
PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4} | {
    f"{word}{plural}": value for word, value in ORDINALS.items() if value > 2 for plural in ("", "s")
}
ENDING = {"st", "nd", "rd", "th"}
THOUSANDS = re.compile(r"\d{1,3}([., ])\d{3}(?:\1\d{3})*$")
MOST_DIGITS = 60  # a longer run of them counts nothing; int() refuses 4,300
DECIMAL_COMMA = frozenset(listed("de fr es it pt nl da sv no nb fi pl cs sk sl hr sr ro hu el ru uk bg tr id vi ca"))

Value = Fraction | str


@dataclass(frozen=True, slots=True)
class Numeral:
    """Tokens `first` to `last`, both included. Several values where the writing can mean several."""

    values: frozenset[Value]
    ordinal: bool
    first: int
    last: int


def numerals(tokens: Sequence[Token], language: str | None = None) -> list[Numeral]:
    """The numbers in `tokens`, in order, none inside another."""
    comma = (language or "en").split("-")[0].lower() in DECIMAL_COMMA
    found: list[Numeral] = []
    at = 0
    while at < len(tokens):
        numeral = _figures(tokens, at, comma) if tokens[at].kind == "number" else _words(tokens, at)
        if numeral:
            found.append(numeral)
        at = numeral.last + 1 if numeral else at + 1
    return found


def _figures(tokens: Sequence[Token], at: int, comma: bool) -> Numeral:
    values = _values(tokens[at].text, comma)
    last = at
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following and following.kind == "number" and _is_part(following.text) and following.start - tokens[at].end <= 1:
        values = frozenset(value + _part(following.text) for value in values if isinstance(value, Fraction))
        last += 1
    elif following and following.glued and following.key in ENDING:
        return Numeral(values, True, at, at + 1)
    if (part := _part_behind(tokens, at)) is not None:
        values = frozenset(value / PARTS[_word(tokens, part)] for value in values if isinstance(value, Fraction))
        return Numeral(values, False, at, part)
    scale = _word(tokens, last + 1)
    # "5 m" is metres and "5m" may be millions: only money and people are counted so, and both sides write it alike.
    if scale in SCALES and (scale not in SHORT or (scale != "m" and scale != "k" and tokens[last + 1].glued)):
        values = frozenset(value * SCALES[scale] for value in values if isinstance(value, Fraction))
        last += 1
    return Numeral(values, False, at, last)


def _values(text: str, comma: bool) -> frozenset[Value]:
    digits = re.sub("[\u00a0\u202f\u2009]", " ", unicodedata.normalize("NFKC", text))
    if _is_part(text):
        return frozenset([_part(text)])
    if len(digits) > MOST_DIGITS:
        return frozenset([digits])
    if ":" in digits:
        return frozenset([digits.lstrip("0")])
    found: set[Value] = set()
    if grouped := THOUSANDS.match(digits):
        whole = Fraction(int(re.sub(r"\D", "", digits)))
        separator = grouped[1]
        if separator != "." or comma or digits.count(".") > 1:
            found.add(whole)
        if digits.count(separator) == 1 and separator == ("," if comma else "."):
            found.add(Fraction(digits.replace(",", ".")))
        return frozenset(found)
    separators = re.findall(r"[., ]", digits)
    if not separators:
        return frozenset([Fraction(int(digits))])
    if len(separators) == 1 or (len(set(separators)) > 1 and separators.count(separators[-1]) == 1):
        whole_part, _, decimals = digits.rpartition(separators[-1])
        return frozenset([Fraction(int(re.sub(r"\D", "", whole_part))) + Fraction(int(decimals), 10 ** len(decimals))])
    return frozenset([digits])  # 1.2.3: a version, an address


def _is_part(text: str) -> bool:
    return len(text) == 1 and unicodedata.category(text) == "No"


def _part(text: str) -> Fraction:
    return Fraction(unicodedata.numeric(text)).limit_denominator(100)


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].key if 0 <= at < len(tokens) and tokens[at].kind == "word" else ""


def _words(tokens: Sequence[Token], at: int) -> Numeral | None:
    word = _word(tokens, at)
    if word == "half" and _word(tokens, at + 1) in ("a", "million", "billion"):
        scale = at + 1 if _word(tokens, at + 1) in SCALES else at + 2
        if _word(tokens, scale) in SCALES:
            return Numeral(frozenset([Fraction(SCALES[_word(tokens, scale)], 2)]), False, at, scale)
    if word in ("half", "quarter") and _word(tokens, at + 1) not in SCALES:
        # "the second quarter" and "a quarter-final" are no quarters of anything; "half of", "half the" are.
        if word == "half" or _word(tokens, at + 1) == "of":
            return Numeral(frozenset([Fraction(1, PARTS[word])]), False, at, at)
        return None
    if word in ("a", "an") and _word(tokens, at + 1) not in SHORT:
        if (scale_word := _word(tokens, at + 1)) in SCALES and scale_word != "score":
            return _scaled(tokens, at + 1, Fraction(1))
        if (part := _word(tokens, at + 1)) in PARTS and _word(tokens, at + 2) == "of":
            return Numeral(frozenset([Fraction(1, PARTS[part])]), False, at, at + 1)
        return None
    if word in ORDINALS:
        return Numeral(frozenset([Fraction(ORDINALS[word])]), True, at, at)
    if word in SMALL or word in TENS:
        return _spelled(tokens, at)
    return None


def _spelled(tokens: Sequence[Token], at: int) -> Numeral:
    """Twenty-one, one hundred and five, nineteen eighty-four, two-thirds, twenty-first."""
    value, last = Fraction(0), at
    word = _word(tokens, at)
    value = Fraction(SMALL.get(word, TENS.get(word, 0)))
    following = _after_hyphen(tokens, last)
    if word in TENS:
        if 0 < SMALL.get(_word(tokens, following), 0) < 10:
            value, last = value + SMALL[_word(tokens, following)], following
        elif 0 < ORDINALS.get(_word(tokens, following), 0) < 10:
            return Numeral(frozenset([value + ORDINALS[_word(tokens, following)]]), True, at, following)
    elif (last_of := _part_behind(tokens, at)) is not None:
        return Numeral(frozenset([value / PARTS[_word(tokens, last_of)]]), False, at, last_of)
    if 13 <= value <= 20 and _word(tokens, _after_hyphen(tokens, last)) in TENS:  # nineteen eighty-four
        rest = _spelled(tokens, _after_hyphen(tokens, last))
        years = frozenset(value * 100 + each for each in rest.values if isinstance(each, Fraction))
        return Numeral(years, False, at, rest.last)
    scaled = _scaled(tokens, _after_hyphen(tokens, last), value)
    return Numeral(scaled.values, False, at, scaled.last) if scaled else Numeral(frozenset([value]), False, at, last)


def _part_behind(tokens: Sequence[Token], at: int) -> int | None:
    """Where the part of a fraction stands: two-thirds, 3 fourths, one half of; not four quarters, two halves."""
    following = _after_hyphen(tokens, at)
    part = _word(tokens, following)
    if part not in PARTS:
        return None
    hyphened, of = following > at + 1, _word(tokens, following + 1) == "of"
    plain = part not in ("halves", "quarters") and part.endswith("s")
    return following if hyphened or of or plain else None


def _scaled(tokens: Sequence[Token], at: int, value: Fraction) -> Numeral | None:
    """`value` times the scales from token `at` on, and what is added to it: (one) hundred and five thousand."""
    if _word(tokens, at) not in SCALES or _word(tokens, at) in SHORT:
        return None
    total, last = value, at - 1
    while _word(tokens, last + 1) in SCALES and _word(tokens, last + 1) not in SHORT:
        total, last = total * SCALES[_word(tokens, last + 1)], last + 1
    following = last + 2 if _word(tokens, last + 1) == "and" else last + 1
    if _word(tokens, following) in SMALL or _word(tokens, following) in TENS:
        rest = _spelled(tokens, following)
        added = next(iter(rest.values))
        scale = SCALES[_word(tokens, last)]
        if isinstance(added, Fraction) and not rest.ordinal and (added < scale or scale == 100):
            if added >= scale:  # one hundred and five thousand: the thousands count both
                biggest = added // 1000 * 1000 if added >= 1000 else added
                total = total * 1000 + biggest if added >= 1000 else total + added
            else:
                total += added
            last = rest.last
    return Numeral(frozenset([total]), False, at - 1, last)


def _after_hyphen(tokens: Sequence[Token], at: int) -> int:
    """The token after `at`, past a hyphen that joins the two."""
    joined = at + 1 < len(tokens) and tokens[at + 1].text in "-‑" and tokens[at + 1].glued
    return at + 2 if joined else at + 1
