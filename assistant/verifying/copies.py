"""Near copies: what a sentence that keeps the cited words has put in the place of some, and what changed places.

Sees a name, a number or a denial exchanged for another one that the cited words hold elsewhere, which no list of facts
shows. Knows two texts.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from assistant.verifying.facts import Facts, says_something
from assistant.verifying.gate import same_number, written
from assistant.verifying.naming import one_people
from assistant.verifying.opposites import opposed
from assistant.verifying.tokens import Token
from assistant.verifying.words import ABBREVIATED, BOTH_WAYS, NEGATIONS, listed

TITLES = frozenset(ABBREVIATED) | frozenset(ABBREVIATED.values())
TURNS = frozenset(listed("stated states mentioned mentions to from against over than"))  # small words between roles
TIGHT = 4  # tokens that one may have put in the place of others, between words that stayed


def contradicted(claim: Facts, cited: Facts) -> str | None:
    """What a near copy changed; None where nothing is seen."""
    return _replaced(claim, cited) or _roles(claim, cited)


def _replaced(claim: Facts, cited: Facts) -> str | None:
    """In a near copy, what stands where the cited words have another name, number, opposite or denial."""
    steps = _steps(claim, cited)
    for at, (kind, i1, i2, j1, j2) in enumerate(steps):
        if kind == "equal" or i2 - i1 > TIGHT or j2 - j1 > TIGHT or not _anchored(steps, at):
            continue
        if reason := _differs(claim, range(i1, i2), cited, range(j1, j2)):
            return reason
    return None


def inserted(claim: Facts, cited: Facts) -> Iterator[Token]:
    """The telling words, no names or numbers, that a near copy has put between words that stayed."""
    weighed = claim.counted | set(claim.names)
    steps = _steps(claim, cited)
    for at, (kind, i1, i2, _, _) in enumerate(steps):
        if kind == "delete" and i2 - i1 <= TIGHT and _anchored(steps, at):
            new = (index for index in range(i1, i2) if index in claim.content and index not in weighed)
            yield from (claim.tokens[index] for index in new if claim.tokens[index].stem not in cited.stems)


def _steps(claim: Facts, cited: Facts) -> Sequence[tuple[str, int, int, int, int]]:
    mine, theirs = ([token.key for token in each.tokens] for each in (claim, cited))
    return SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()


def _anchored(steps: Sequence[tuple[str, int, int, int, int]], at: int) -> bool:
    """Whether words that stayed stand on both sides, three of them or more."""
    before = steps[at - 1][2] - steps[at - 1][1] if at else 1
    after = steps[at + 1][2] - steps[at + 1][1] if at + 1 < len(steps) else 1
    return before + after >= 3


def _differs(claim: Facts, mine: range, cited: Facts, theirs: range) -> str | None:
    if _denials(claim, mine) != _denials(cited, theirs):
        return "the cited words deny it" if _denials(cited, theirs) else "the cited words do not deny it"
    names, others = _names(claim, mine), _names(cited, theirs)
    if names and others and not any(_one_name(one, other) for one in names for other in others):
        return f"the cited words name {others[0].text}, not {names[0].text}"
    for one in (claim.tokens[index] for index in mine):
        for other in (cited.tokens[index] for index in theirs):
            if opposed(one.stem, other.stem):
                return f"the cited words say “{other.text}”, not “{one.text}”"
    counted = [each for each in claim.quantities if each.first in mine]
    there = [each for each in cited.quantities if each.first in theirs]
    if counted and there and not any(same_number(one, other) for one in counted for other in there):
        return f"the cited words have another number than {written(claim, counted[0])}"
    return None


def _denials(facts: Facts, within: range) -> int:
    return sum(facts.tokens[index].key in NEGATIONS for index in within)


def _names(facts: Facts, within: range) -> list[Token]:
    found = (facts.tokens[index] for index in within if index in facts.names)
    return [token for token in found if token.key not in TITLES]


def _one_name(one: Token, other: Token) -> bool:
    return (
        one.key == other.key
        or (one.key[0] == other.key[0] and (len(one.key) == 1 or len(other.key) == 1))
        or one_people(one.key, other.key)
    )


def _roles(claim: Facts, cited: Facts) -> str | None:
    """Two words that changed places around a third that stayed between them, where nothing is passive."""
    there = set(_triples(cited))
    for before, verb, after, passive in _triples(claim):
        if before != after and (after, verb, before, passive) in there and (before, verb, after, passive) not in there:
            return "who did it and to whom are exchanged"
    return None


def _triples(facts: Facts) -> Iterator[tuple[str, str, str, bool]]:
    """Stems that stand close before and behind a lower-case word in one clause, and whether "by" follows it."""
    for index, token in enumerate(facts.tokens):
        if token.capital or index in facts.counted or not (says_something(token) or token.key in TURNS):
            continue
        if token.kind != "word" or token.key in BOTH_WAYS:
            continue
        before = list(_near(facts, range(index - 1, -1, -1)))
        after = list(_near(facts, range(index + 1, len(facts.tokens))))
        passive = any(each.key == "by" for each in facts.tokens[index + 1 : index + 4])
        yield from ((one, token.stem, other, passive) for one in before for other in after)


def _near(facts: Facts, indices: range) -> Iterator[str]:
    found = 0
    for index in indices:
        token = facts.tokens[index]
        if found == 2 or (token.kind == "mark" and token.text not in "-'’&."):
            return
        if says_something(token):
            found += 1
            yield token.stem
