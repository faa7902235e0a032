"""Names: whether the cited words hold those of a sentence, however they are written.

Titles, initials, possessives and accents do not matter; a surname stands for a full name that the article has, "he"
for the name told before, UN for United Nations, French for France. Knows two texts and the article around the cited.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.verifying.facts import Facts
from assistant.verifying.tokens import Token
from assistant.verifying.words import ABBREVIATED, COMMON_ENDINGS, FUNCTION, OPENERS, PEOPLES, listed

# Words that stand for a name told before.
STANDS_FOR = frozenset(listed("he she it they his her its their him them this these those we i"))
LONG_NAME = 4  # letters that a name and its adjective share: Norway, Norwegian
ENDINGS = frozenset(["", *listed("n s an ans ian ians ean ese ish i is y a ia e o ic")])


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the cited words: the article's title and text, and the sentence before them."""

    title: str
    text: str
    before: Facts | None = None


def unknown_name(claim: Facts, cited: Facts, around: Around) -> str | None:
    """The name of `claim` that `cited` does not hold, as a reason; None where it holds all."""
    names = [*claim.names]
    carried = {index for index in names if _carries(cited, claim.tokens[index])}
    stands_for = bool(STANDS_FOR & cited.keys)
    for index in names:
        if index in carried or _with_neighbour(claim, index, cited, around):
            continue
        token = claim.tokens[index]
        if stands_for and _told_before(token, around):
            continue
        if token.opens and not _is_name(claim, index, cited, around):
            continue
        return f"the name {token.text} is not in the cited words"
    return None


def _carries(cited: Facts, name: Token) -> bool:
    if name.key in cited.keys or name.stem in cited.stems:
        return True
    if ABBREVIATED.get(name.key) in cited.keys or any(
        ABBREVIATED.get(key) == name.key for key in cited.keys if key in ABBREVIATED
    ):
        return True
    if name.text.isupper() and len(name.key) > 1 and name.key in _initials(cited):
        return True
    return any(one_people(name.key, each.key) for each in cited.tokens if each.capital)


@lru_cache(4096)
def one_people(one: str, other: str) -> bool:
    if frozenset((one, other)) in PEOPLES:
        return True
    shared = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    endings = {one[shared:], other[shared:]}
    return shared >= LONG_NAME and all(ending in ENDINGS for ending in endings)


def _initials(facts: Facts) -> set[str]:
    """The first letters of every run of capitalised words: un of United Nations."""
    found = set()
    capitals = [token for token in facts.tokens if token.capital or token.key in ("of", "the", "and", "for", "-")]
    for start in range(len(capitals)):
        letters = ""
        for token in capitals[start : start + 7]:
            letters += token.key[:1] if token.capital else ""
            found.add(letters)
    return found


def _with_neighbour(claim: Facts, index: int, cited: Facts, around: Around) -> bool:
    """Whether a word of a name leans on another that is cited.

    "Ida Holm" where the cited words say Holm and the article elsewhere Ida Holm, "the Vale bridge" where they say the
    bridge, J. Holm for Jan Holm.
    """
    for other in (index - 1, index + 1, index - 2, index + 2):
        neighbour = claim.tokens[other] if 0 <= other < len(claim.tokens) else None
        if neighbour is None or not _leans(claim, other, index, cited):
            continue
        first, last = sorted((index, other))
        phrase = claim.text[claim.tokens[first].start : claim.tokens[last].end]
        if phrase in around.text or phrase in around.title:
            return True
        follows = other == index + 1 or (other == index + 2 and claim.tokens[index + 1].text == ".")
        if follows and _initial_of(claim.tokens[index], neighbour, cited):
            return True
    return False


def _leans(claim: Facts, other: int, index: int, cited: Facts) -> bool:
    neighbour = claim.tokens[other]
    if neighbour.key not in cited.keys and neighbour.stem not in cited.stems:
        return False
    if other in claim.names:
        return True
    named = other == index + 1 and neighbour.kind == "word" and "'" not in claim.tokens[index].text.replace("’", "'")
    return named and any(
        one.key in ("the", "this", "its", "their", "his", "her") and two.stem == neighbour.stem
        for one, two in zip(cited.tokens, cited.tokens[1:], strict=False)
    )


def _initial_of(name: Token, surname: Token, cited: Facts) -> bool:
    """Whether `cited` has the surname behind an initial of the name, or behind a name with this initial."""
    words = [token for token in cited.tokens if token.kind == "word"]
    return any(
        after.key == surname.key
        and before.capital
        and before.key[0] == name.key[0]
        and 1 in (len(before.key), len(name.key))
        for before, after in itertools.pairwise(words)
    )


def _told_before(name: Token, around: Around) -> bool:
    """The first name of the sentence before, or one in the title: what "he" and "the bridge" stand for."""
    title = {word.strip(".,:;!?'’\"").casefold() for word in around.title.split()}
    if name.key in title:
        return True
    if around.before is None:
        return False
    run = [around.before.tokens[index].key for index in _first_run(around.before)]
    return name.key in run


def _first_run(facts: Facts) -> Iterator[int]:
    last = None
    for index in facts.names:
        token = facts.tokens[index]
        if token.opens and index + 1 not in facts.names and token.key in FUNCTION:
            continue
        if last is not None and index - last > 2:
            return
        yield index
        last = index


def _is_name(claim: Facts, index: int, cited: Facts, around: Around) -> bool:
    """Whether the capital letter that opens a sentence is one of a name."""
    token = claim.tokens[index]
    if index + 1 in claim.names:
        return True
    if re.search(rf"(?<![.!?:\n] )(?<!^)(?<=\w )\b{re.escape(token.text)}\b", around.text):
        return True
    if token.key not in OPENERS and not token.key.endswith(COMMON_ENDINGS):
        return not re.search(rf"\b{re.escape(token.text.lower())}\b", around.text)
    # "Jones said" for "Smith said": an unknown word in the place of a name is taken to be one.
    subject = [cited.tokens[each] for each in _first_run(cited)]
    return bool(subject) and subject[0].start < 40 and not any(each.key in claim.keys for each in subject)
