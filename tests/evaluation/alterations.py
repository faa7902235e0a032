"""Sentences with one fact altered, and sentences that say the same in other words: what verification is measured on.

Each function takes a sentence and gives the altered one, or None where it has nothing to alter. Alterations make the
sentence false of its source; paraphrases must leave it true. All by pattern, none by `assistant`'s own reading of
numbers and names, so that one mistake does not hide another.
"""

import random
import re
from collections.abc import Callable, Sequence

from assistant.verifying.words import listed

Change = Callable[[str, random.Random, Sequence[str]], str | None]

MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
MONTHS = MONTH.split("|")
WEEKDAYS = [*listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")]
WORD_NUMBERS = listed("two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty")
UNITS = [
    (one.strip(), other.strip())
    for one, _, other in (
        pair.partition("|")
        for pair in re.split(
            ";",
            """
            km | miles; kilometres | miles; kilometers | miles; miles | kilometres; metres | feet; meters | feet; feet |
    metres; m | km; mi | km; ft | m; hours | days; days | weeks; weeks | months; months | years; years | months;
    minutes | hours; seconds | minutes; percent | kilograms; million | billion; billion | million; kg | tonnes;
    pounds | kilograms; inches | centimetres; tonnes | kilograms; tons | pounds; hectares | acres; acres |
    hectares; dollars | euros; degrees | percent; thousand | million; year | month; hour | minute; square
    kilometres | acres; kW | MW; GW | MW; MW | GW""",
        )
    )
]
NUMBER = re.compile(r"(?<![\w.,–-])\d{1,3}(?:,\d{3})+(?![\w,])|(?<![\w.,–-])\d+(?:\.\d+)?(?![\w.,]*\w)")
NAME = re.compile(r"(?<![.!?:\"“] )(?<!^)\b[A-Z][a-zà-ÿ]{2,}(?: [A-Z][a-zà-ÿ]+)*\b")
NOT_NAMES = {
    *MONTHS,
    *WEEKDAYS,
    *listed("The This That These His Her Its But And When While Who What How Why Which They There For From With After"),
    *listed("Before Not Yes"),
}
AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|should|may|might|must|did|does|do)\b(?! not|n't)"
)
NEGATED = re.compile(r"\b(is|are|was|were|has|have|had|could|will|would|should|may|might|must|did|does|do) not\b")


def number(sentence: str, rng: random.Random, names: Sequence[str]) -> str | None:
    """Another number in the place of one that is no year."""
    found = [m for m in NUMBER.finditer(sentence) if not re.fullmatch(r"1[0-9]{3}|20[0-9]{2}", m[0])]
    words = list(re.finditer(rf"\b({'|'.join(WORD_NUMBERS)})\b", sentence))
    dated = re.compile(rf"(?:{MONTH})\s*$")
    found = [
        m
        for m in found
        if not dated.search(sentence[: m.start()]) and not re.match(rf"\s(?:{MONTH})", sentence[m.end() :])
    ]
    if not found and not words:
        return None
    match = rng.choice(found + words)
    if match[0] in WORD_NUMBERS:
        other = rng.choice([word for word in WORD_NUMBERS if word != match[0]])
    else:
        value = float(match[0].replace(",", ""))
        changed = value + rng.choice([1, 2, 5, 10, -1]) if value < 100 else value * rng.choice([0.9, 1.1, 2, 10]) + 1
        decimals = len(match[0].partition(".")[2])
        other = f"{abs(changed):,.{decimals}f}" if "," in match[0] else f"{abs(changed):.{decimals}f}"
    return _put(sentence, match, other) if other != match[0] else None


def date(sentence: str, rng: random.Random, names: Sequence[str]) -> str | None:
    """Another year, month, day of the month or weekday."""
    found = [
        *re.finditer(
            rf"\b(?:{MONTH}|{'|'.join(WEEKDAYS)})\b(?! \w+ (?:University|Street))|\b(?:1[1-9]\d\d|20[0-2]\d)\b(?!s)",
            sentence,
        )
    ]
    found = [
        m
        for m in found
        if m[0] not in ("May", "March")
        or re.search(r"\d|\b[Ii]n |\b[Oo]f ", sentence[max(m.start() - 3, 0) : m.end() + 4])
    ]
    if not found:
        return None
    match = rng.choice(found)
    if match[0].isdigit():
        other = str(int(match[0]) + rng.choice([-10, -2, -1, 1, 2, 5]))
    else:
        other = rng.choice([name for name in (MONTHS if match[0] in MONTHS else WEEKDAYS) if name != match[0]])
    return _put(sentence, match, other)


def unit(sentence: str, rng: random.Random, names: Sequence[str]) -> str | None:
    """Another unit behind a number."""
    for name, other in rng.sample(UNITS, len(UNITS)):
        if match := re.search(rf"(?<=\d|[a-z])[ -]{name}\b", sentence):
            before = sentence[: match.start()].rsplit(None, 1)[-1]
            if re.search(r"\d$", before) or before.lower() in WORD_NUMBERS:
                return sentence[: match.start() + 1] + other + sentence[match.end() :]
    if match := re.search(r"(?<=\d) ?%", sentence):
        return _put(sentence, match, rng.choice([" kilograms", " dollars", " points"]))
    return None


def name(sentence: str, rng: random.Random, names: Sequence[str]) -> str | None:
    """Another name, of the same article three times in four."""
    found = [m for m in NAME.finditer(sentence) if m[0] not in NOT_NAMES]
    if not found:
        return None
    match = rng.choice(found)
    words = set(match[0].split())
    here = [each for each in names if not words & set(each.split())]
    elsewhere = ["Nora Lindqvist", "Halverson", "Petrograd", "Oyelaran", "Kestrel Bay", "Brandt", "Uruguay", "Mallory"]
    other = rng.choice(here if here and rng.random() < 0.75 else elsewhere)
    return _put(sentence, match, other)


def negation(sentence: str, rng: random.Random, names: Sequence[str]) -> str | None:
    """A "not" put in, or taken out."""
    if match := NEGATED.search(sentence):
        return _put(sentence, match, match[1])
    found = [*AUXILIARY.finditer(sentence)]
    found = [m for m in found if re.match(r"\s+[a-z]", sentence[m.end() :])]
    if not found:
        return None
    match = rng.choice(found)
    return _put(sentence, match, f"{match[0]} {rng.choice(['not', 'not', 'not', 'never'])}")


def roles(sentence: str, rng: random.Random, names: Sequence[str]) -> str | None:
    """The two names around a verb change places."""
    pair = re.compile(r"\b((?:[A-Z][\w'-]+ ?){1,3})((?:[a-z]+ ){1,3})((?:[A-Z][\w-]+ ?){1,3})(?=[\s,.])")
    verbs = re.compile(r"\b\w+ed\b|\b(?:beat|won|met|led|took|gave|built|wrote|sued|hit|saw|told|struck|fought)\b")
    for match in pair.finditer(sentence):
        one, middle, two = match[1].strip(), match[2], match[3].strip()
        symmetric = re.search(r"\b(and|or|of|met|married|joined|said|called|named|with)\b", middle)
        if verbs.search(middle) and not symmetric and one.split()[0] not in NOT_NAMES and one != two:
            return f"{sentence[: match.start()]}{two} {middle}{one}{sentence[match.end(3) :]}"
    return None


def _put(sentence: str, match: re.Match[str], other: str) -> str:
    return sentence[: match.start()] + other + sentence[match.end() :]


ALTERATIONS: dict[str, Change] = {
    "number": number, "date": date, "unit": unit, "name": name, "negation": negation, "roles": roles,
}  # fmt: skip
