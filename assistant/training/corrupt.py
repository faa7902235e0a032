"""Questions that look answerable and are not, made from answerable ones as SQuAD 2.0's annotators did by hand.

A name or a number is exchanged for another one of the same passage, or a word for its opposite. Knows only text.
"""

import random
import re

NAME = re.compile(r"(?<=\s)(?!I\b)[A-Z][\w'’-]+(?:\s+(?:of\s+(?:the\s+)?)?[A-Z][\w'’-]+)*")
NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
OPPOSITES = dict(
    pair.split("/")
    for pair in [
        "first/last",
        "most/least",
        "largest/smallest",
        "highest/lowest",
        "oldest/youngest",
        "before/after",
        "more/fewer",
        "increase/decrease",
        "increased/decreased",
        "won/lost",
        "best/worst",
        "north/south",
        "east/west",
        "northern/southern",
        "eastern/western",
        "early/late",
        "earliest/latest",
        "above/below",
        "began/ended",
        "start/end",
        "started/stopped",
        "longest/shortest",
        "larger/smaller",
        "higher/lower",
        "major/minor",
        "common/rare",
        "allowed/forbidden",
        "gained/lost",
        "opened/closed",
        "married/divorced",
        "joined/left",
        "won/lost",
        "founded/dissolved",
        "always/never",
        "many/few",
        "inside/outside",
        "supported/opposed",
        "rose/fell",
        "rich/poor",
        "old/new",
        "public/private",
        "internal/external",
        "long/short",
        "strong/weak",
    ]
)
OPPOSITES |= {new: old for old, new in OPPOSITES.items()}
WORD = re.compile(r"\b(?:" + "|".join(OPPOSITES) + r")\b")
NEGATED = re.compile(r"\b(did|does|do|is|are|was|were|can|could|has|have|had|will)\b(?! not)")


def corrupt(question: str, elsewhere: str, sentence: str, rng: random.Random) -> str | None:
    """The question changed, or None where nothing in it can be.

    `elsewhere` is the passage without `sentence`, the sentence that answers: what is put in must not stand there.
    """
    ways = [_exchange(question, elsewhere, sentence, NAME, rng), _exchange(question, elsewhere, sentence, NUMBER, rng)]
    ways.append(_replaced(question, rng.choice(found), OPPOSITES) if (found := [*WORD.finditer(question)]) else None)
    possible = [way for way in ways if way]
    # A bare "not" is the easiest to notice, and rare in the real ones: only where nothing else is possible.
    if not possible and rng.random() < 0.1 and (verb := NEGATED.search(question)):
        return f"{question[: verb.end()]} not{question[verb.end() :]}"
    return rng.choice(possible) if possible else None


def _exchange(question: str, elsewhere: str, sentence: str, kind: re.Pattern[str], rng: random.Random) -> str | None:
    olds = list(kind.finditer(question))
    news = sorted({found.group() for found in kind.finditer(elsewhere)})
    news = [new for new in news if new not in question and new not in sentence and len(new) > 1]
    if not olds or not news:
        return None
    old = rng.choice(olds)
    return f"{question[: old.start()]}{rng.choice(news)}{question[old.end() :]}"


def _replaced(question: str, word: re.Match[str], table: dict[str, str]) -> str:
    return f"{question[: word.start()]}{table[word.group()]}{question[word.end() :]}"
