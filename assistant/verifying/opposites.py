"""Negation and opposites: whether a sentence denies what the cited words say, or says their opposite.

English only: not, never, without, failed to, unable; rose and fell. Knows two texts.
"""

from functools import lru_cache

from assistant.verifying.facts import Facts
from assistant.verifying.words import OPPOSITES, PREFIXES


def denied(claim: Facts, cited: Facts) -> str | None:
    """Whether one of the two denies what the other says, as a reason.

    "Did not award damages" and "no damages were awarded" deny the same: any word in common tells.
    """
    here = [[claim.tokens[index].stem for index in heads] for heads in claim.denied]
    there = [[cited.tokens[index].stem for index in heads] for heads in cited.denied]
    unmatched = [heads for heads in there if not any(set(heads) & set(other) for other in here)]
    for heads in here:
        if any(set(heads) & set(other) for other in there):
            continue
        said = heads and heads[0] in cited.stems
        if said or (not unmatched and not any(_opposite_in(stem, cited.stems) for stem in heads[:1])):
            return "the cited words do not deny it"
    for heads in unmatched:
        if heads and heads[0] in claim.stems and _told(heads[0], cited) <= 1:
            return "the cited words deny it"
    return None


def _told(stem: str, facts: Facts) -> int:
    return sum(token.stem == stem for token in facts.tokens)


def opposite(claim: Facts, cited: Facts) -> str | None:
    """Whether `claim` says the opposite of a word of `cited`, as a reason."""
    if claim.negations or cited.negations:
        return None
    for index in claim.content:
        stem = claim.tokens[index].stem
        if stem in cited.stems:
            continue
        if (other := _opposite_in(stem, cited.stems)) and other not in claim.stems:
            return f"the cited words say the opposite of “{claim.tokens[index].text}”"
    return None


@lru_cache(1)
def _opposites_of() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for pair in OPPOSITES:
        one, other = (_cut(word) for word in pair)
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def _cut(word: str) -> str:
    """As far as a stemmer leaves a word, roughly: both sides are cut so."""
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _opposite_in(stem: str, stems: frozenset[str]) -> str | None:
    for other in _opposites_of().get(_cut(stem), ()):
        if other in stems or other + "e" in stems:
            return other if other in stems else other + "e"
    for prefix in PREFIXES:
        if prefix + stem in stems and len(stem) > 3:
            return prefix + stem
        bare = stem.removeprefix(prefix)
        if bare != stem and len(bare) > 3 and bare in stems:
            return bare
    return None


def opposed(one: str, other: str) -> bool:
    """Whether two stems are opposites."""
    return _cut(other) in _opposites_of().get(_cut(one), ())
