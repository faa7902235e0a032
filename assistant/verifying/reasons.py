"""A clause that a sentence adds to what it cites: why, in spite of what, after what. Knows two texts; English."""

import re
from collections.abc import Iterator

from assistant.verifying.facts import Facts

# What opens such a clause, and how many words of it there are.
OPENS = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|thanks to|despite|in spite of|as a result of|as a consequence of|"
    r"in order to|in response to|after)\b",
    re.I,
)
ENDS = frozenset(",;:.!?()—–")


def added(claim: Facts, cited: Facts, told: frozenset[str] = frozenset()) -> str | None:
    """The clause of which the cited words hold no word, as a reason; None where there is none.

    `told` are stems that the cited text has by standing for them. Numbers and names are for the gate to weigh.
    """
    held = cited.stems | told
    weighed = claim.counted | set(claim.names)
    for opening, clause in _clauses(claim):
        telling = [index for index in claim.content if index in clause]
        if telling and not any(index in weighed or claim.tokens[index].stem in held for index in telling):
            return f"“{claim.text[opening : claim.tokens[clause[-1]].end]}” is not in the cited words"
    return None


def _clauses(claim: Facts) -> Iterator[tuple[int, range]]:
    """Where each opens in the text, and its tokens behind the words that open it."""
    for match in OPENS.finditer(claim.text):
        inside = [index for index, token in enumerate(claim.tokens) if token.start >= match.end()]
        ends = [index for index in inside if claim.tokens[index].text in ENDS]
        if inside:
            yield match.start(), range(inside[0], ends[0] if ends else len(claim.tokens))
