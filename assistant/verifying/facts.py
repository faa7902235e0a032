"""The facts that a text states: its quantities, dates, names, quotations and what it denies.

What a sentence must share with the words it cites. Names go by capital letters and negation by English words, so in
other languages fewer facts are seen; numbers and quotations are seen in all. Knows one text, and when its article was
published; whether one text carries another's facts is `gate.py`'s business.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from assistant.verifying.dates import Day, days, relative, told_by
from assistant.verifying.numerals import ORDINALS, SCALES, SMALL, TENS, Numeral, Value, numerals
from assistant.verifying.tokens import Stemmer, Token, tokens
from assistant.verifying.units import NAMES, SYMBOLS, unit_at
from assistant.verifying.words import FUNCTION, HONORIFICS, NEGATING_VERBS, NEGATIONS

# What a negation is looked for on: the next words that say something, so far.
REACH = 6
MOST_DENIED = 3
QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|«\s*([^«»]+?)\s*»|„([^„“”]+)[“”]")
ADDRESS = re.compile(
    r"(?:https?://|www\.|data:|javascript:|mailto:)[^\s<>\"')\]]+|\b[\w.+-]+@[\w-]+\.\w+|"
    r"\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|gov|edu|info|biz|co|uk|de|fr|ru|cn|example|test|evil|app|dev|xyz)\b[^\s<>\"')\]]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts: `unit` from units.py or None, `nouns` the stems of the words right after it."""

    values: frozenset[Value]
    ordinal: bool
    unit: str | None
    nouns: tuple[str, ...]
    first: int
    last: int


@dataclass(frozen=True)
class Facts:
    """The facts of `text`. Indices are of `tokens`."""

    text: str
    tokens: tuple[Token, ...]
    quantities: tuple[Quantity, ...]
    days: tuple[Day, ...]  # those told, and those that they mean on the day of publication
    negations: tuple[int, ...]
    denied: tuple[tuple[int, ...], ...]  # for each negation the next words that say something, nearest first

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(token.key for token in self.tokens)

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(token.stem for token in self.tokens if token.kind == "word")

    @cached_property
    def content(self) -> tuple[int, ...]:
        """The tokens that say something: not function words, negations or marks."""
        return tuple(index for index, token in enumerate(self.tokens) if says_something(token))

    @cached_property
    def counted(self) -> frozenset[int]:
        """The tokens inside quantities and dates."""
        spans = [(each.first, each.last) for each in self.quantities] + [(each.first, each.last) for each in self.days]
        return frozenset(index for first, last in spans for index in range(first, last + 1))

    @cached_property
    def names(self) -> tuple[int, ...]:
        """Tokens that are a name, or a word of one. The first word of a sentence may be none: `gate.py` weighs it."""
        return tuple(
            index
            for index, token in enumerate(self.tokens)
            if token.capital
            and index not in self.counted
            and token.key not in HONORIFICS
            and not (token.key in FUNCTION and (token.opens or (token.key in ("i", "us") and token.text != "US")))
            and token.key not in NEGATIONS
            and not _is_number_word(token.key)
        )

    @cached_property
    def quotations(self) -> tuple[str, ...]:
        found = (next(part for part in match.groups() if part) for match in QUOTED.finditer(self.text))
        return tuple(stripped for each in found if (stripped := each.strip().rstrip(".,;:!?…").strip()))

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        return tuple(match[0].rstrip(".,;:!?") for match in ADDRESS.finditer(self.text))


def facts_of(text: str, stem: Stemmer, *, language: str | None = None, published: date | None = None) -> Facts:
    """Reads `text`. `published` is the day of the article, for the days that it tells by their weekday."""
    found = tokens(text, stem)
    numbers = numerals(found, language)
    dated = days(found, numbers)
    inside = {index for day in dated for index in range(day.first, day.last + 1)}
    quantities = tuple(_quantity(found, number) for number in numbers if number.first not in inside)
    meant = [each for day in dated for each in told_by(day, published)] + relative(found, published)
    negations = tuple(index for index, token in enumerate(found) if _denies(found, index))
    return Facts(text, found, _ranged(found, quantities), tuple(meant), negations, _denied(found, negations))


def says_something(token: Token) -> bool:
    return token.kind != "mark" and token.key not in FUNCTION and token.key not in NEGATIONS


def _is_number_word(key: str) -> bool:
    return key in SMALL or key in TENS or key in ORDINALS or (key in SCALES and len(key) > 2)


def _quantity(found: Sequence[Token], number: Numeral) -> Quantity:
    first, last = number.first, number.last
    unit = None
    before = found[first - 1] if first else None
    if before and ((before.text in SYMBOLS and before.text not in "%°") or before.text in ("USD", "EUR", "GBP")):
        unit, first = NAMES.get(before.key, before.key), first - 1
    at = last + 1
    while at < len(found) and found[at].text in "-‑":
        at += 1
    words = [token.key for token in found[at : at + 6] if token.text not in "/-‑"]
    figures = found[number.first].kind == "number"
    if unit is None and not (words and len(words[0]) == 1 and words[0].isalpha() and not figures):
        unit, taken = unit_at(words)
        if unit == "second" and number.ordinal:
            unit, taken = None, 0
        if unit:
            last = at + taken - 1
            at = last + 1
    return Quantity(number.values, number.ordinal, unit, _nouns(found, at), first, last)


def _nouns(found: Sequence[Token], at: int) -> tuple[str, ...]:
    nouns: list[str] = []
    if at < len(found) and found[at].key == "of":  # 48 of its workers
        at += 2
    for token in found[at : at + 4]:
        if token.kind != "word" or (token.key in FUNCTION and token.key != "other"):
            break
        nouns.append(token.stem)
    return tuple(nouns)


def _ranged(found: Sequence[Token], quantities: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """In "5 to 10 km" both are kilometres; in "20 % and 30 people" only what stands so."""
    ranged: list[Quantity] = []
    for quantity in reversed(quantities):
        following = ranged[-1] if ranged else None
        between = found[quantity.last + 1 : following.first] if following else ()
        joined = len(between) == 1 and between[0].key in ("to", "and", "or", "-", "–", "—", "/", "by")
        if following and joined and quantity.unit is None and not quantity.nouns:
            unit, nouns = following.unit, following.nouns
            quantity = Quantity(quantity.values, quantity.ordinal, unit, nouns, quantity.first, quantity.last)
        ranged.append(quantity)
    return tuple(reversed(ranged))


def _denies(found: Sequence[Token], index: int) -> bool:
    key = found[index].key
    if key not in NEGATIONS:
        return False
    following = found[index + 1].key if index + 1 < len(found) else ""
    if key in NEGATING_VERBS:
        return following == "to"
    # "not only", "no. 5", "no more than 20" deny nothing.
    return not (
        key in ("not", "no", "n't", "n’t") and following in ("only", "just", "merely", "more", "less", "fewer", ".")
    )


def _denied(found: Sequence[Token], negations: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Up to three of the words before the next comma; where there are none, the last one before the negation."""
    heads = []
    for negation in negations:
        ahead = range(negation + 1, min(negation + 1 + REACH, len(found)))
        stop = next((index for index in ahead if found[index].text in (",", ";", ":", "—", "–", ".")), len(found))
        behind = range(negation - 1, max(negation - 1 - REACH, -1), -1)
        near = [index for index in ahead if says_something(found[index]) and index < stop]
        heads.append(tuple(near[:MOST_DENIED] or [index for index in behind if says_something(found[index])][:1]))
    return tuple(heads)
