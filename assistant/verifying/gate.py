"""The fact gate: whether the words cited carry the facts that a sentence states.

Numbers, dates, quantities with units, names, quotations, addresses and negation, after normalisation. The answer is
None or the reason in words, for the model that is asked to mend the sentence. Says nothing of words without a fact in
them: how much of a sentence must be found in what it cites is `verify.py`'s business. Knows two texts and the article
around the cited one.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from assistant.verifying.dates import Day
from assistant.verifying.facts import Facts, Quantity
from assistant.verifying.naming import Around, unknown_name
from assistant.verifying.opposites import denied, opposite

RENDERED = re.compile(r"!?\[[^\]]*\]\([^)]*\)?|</?[a-zA-Z!][^>]*>?")


def missing(claim: Facts, cited: Facts, around: Around) -> str | None:
    """Why `cited` does not carry what `claim` states; None where it does."""
    return (
        _rendered(claim, cited)
        or _quotations(claim, cited)
        or _quantities(claim, cited)
        or _days(claim, cited)
        or unknown_name(claim, cited, around)
        or denied(claim, cited)
        or opposite(claim, cited)
    )


def _rendered(claim: Facts, cited: Facts) -> str | None:
    for found in (*claim.addresses, *RENDERED.findall(claim.text)):
        if found not in cited.text:
            return f"the cited words hold no link {found!r}"
    return None


def _quotations(claim: Facts, cited: Facts) -> str | None:
    words = _plain(cited.text)
    for quotation in claim.quotations:
        if _plain(quotation) not in words:
            return f"“{quotation}” is not in the cited words, letter for letter"
    return None


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"').split())


# Numbers


def _quantities(claim: Facts, cited: Facts) -> str | None:
    years = {Fraction(day.year) for day in cited.days if day.year}
    numbered = {Fraction(day.day) for day in cited.days if day.day}
    for quantity in claim.quantities:
        if quantity.unit is None and quantity.values & (years | (numbered if quantity.ordinal else set())):
            continue
        if _is_one(quantity) and not _other_count(quantity, cited):
            continue
        same = [each for each in cited.quantities if same_number(quantity, each)]
        if not same:
            return f"the number {written(claim, quantity)} is not in the cited words"
        if not any(_same_measure(quantity, each, cited) for each in same):
            return f"{written(claim, quantity)} is not what the cited words measure"
        if _counts_other(quantity, same, cited):
            return f"{written(claim, quantity)} is not what the cited words count"
    return None


def written(facts: Facts, quantity: Quantity) -> str:
    end = min(quantity.last + 1, len(facts.tokens) - 1)
    return facts.text[facts.tokens[quantity.first].start : facts.tokens[end].end].rstrip(" .,;:")


def _is_one(quantity: Quantity) -> bool:
    """ "One" may be the article or a pronoun."""
    return quantity.values == frozenset([Fraction(1)]) and not quantity.ordinal and quantity.unit is None


def _other_count(quantity: Quantity, cited: Facts) -> bool:
    return bool(quantity.nouns) and any(
        quantity.nouns[0] in each.nouns and not each.ordinal
        for each in cited.quantities
        if each.values != quantity.values
    )


def same_number(one: Quantity, other: Quantity) -> bool:
    if one.ordinal != other.ordinal:
        return False
    return bool(one.values & other.values or _shares(one) & _shares(other))


def _shares(quantity: Quantity) -> frozenset[Fraction]:
    """Of a percentage and of a fraction below one, the same: half is 50 %."""
    values = [value for value in quantity.values if isinstance(value, Fraction)]
    if quantity.unit == "percent":
        return frozenset(value / 100 for value in values)
    return frozenset(value for value in values if 0 < value < 1 and quantity.unit is None)


def _same_measure(one: Quantity, other: Quantity, cited: Facts) -> bool:
    if one.unit == other.unit or (_shares(one) & _shares(other)):
        return True
    if one.unit is None:  # "24 years old" may be told as "aged 24", but 15 % not as 15
        return other.unit not in ("percent", "percentage_point") and (not one.nouns or one.nouns[0] in cited.stems)
    return other.unit is None and not other.nouns and any(each.unit == one.unit for each in cited.quantities)


def _counts_other(quantity: Quantity, same: Sequence[Quantity], cited: Facts) -> bool:
    """ "118 interceptions" where the article has 118 tackles and 24 interceptions."""
    if not quantity.nouns or any(not each.nouns or quantity.nouns[0] in each.nouns for each in same):
        return False
    others = [each for each in cited.quantities if each not in same and each.ordinal == quantity.ordinal]
    return any(quantity.nouns[0] in each.nouns[:2] for each in others)


# Dates


def _days(claim: Facts, cited: Facts) -> str | None:
    numbers = {value for each in cited.quantities for value in each.values}
    for day in claim.days:
        known = _without_year(day) if day.year and Fraction(day.year) in numbers else day
        if not any(day.within(each) or known.within(each) for each in cited.days):
            tokens = claim.tokens[day.first : day.last + 1]
            return f"the date {claim.text[tokens[0].start : tokens[-1].end]} is not in the cited words"
    return None


def _without_year(day: Day) -> Day:
    return Day(None, day.month, day.day, day.weekday, day.first, day.last)
