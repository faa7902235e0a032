"""A fragment that repeats the question before it: "why?", "And in 2014?", "What about the second one?", "Who else?".

English. Knows the conversation as it stands alone so far; knows nothing of pronouns, which are resolved after it.
"""

import re

from assistant.question.antecedent import Talk
from assistant.question.mentions import AUXILIARIES, Mention, mentions, words_of

MOST_WORDS = 8
LEAD = re.compile(r"^(?:(?:and|but|so|ok|okay|then|also|now|well|no|i meant?)\b[\s,]*)+", re.I)
WH = r"(?:who|whom|whose|what|when|where|why|which|how(?: (?:many|much|long|old|far|often|big|tall|high|large))?)"
BARE = re.compile(rf"^({WH}|since when|what for)(?: (?:exactly|then|so|so much|so many|is that|was that))?$", re.I)
NOT = re.compile(r"^(why) not$", re.I)
ELSE = re.compile(rf"^({WH}) else$", re.I)
ABOUT = re.compile(r"^(?:what|how) about\s+(.+)$", re.I)
ADVERBIAL = re.compile(r"^(?:in|on|at|during|before|after|since|by|for|from|with|without|between|under|near)\s", re.I)
DATE = (
    r"(?:\d{1,2}\s+)?(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+)"
    r"?(?:\d{1,2},?\s+)?(?:1[0-9]|20)\d\ds?"
)
DATED = re.compile(rf"\b(?:in|on|during|since|by|before|after)\s+(?:the\s+)?{DATE}\b", re.I)
ORDINAL = re.compile(
    r"\bthe (first|second|third|fourth|fifth|last|latter|former|other)(?: one)?\b(?=\W*$)|"
    r"\bthe (first|second|third|fourth|fifth|last|other) one\b",
    re.I,
)
PLACES = {
    "first": 0,
    "former": 0,
    "second": 1,
    "latter": -1,
    "other": -1,
    "third": 2,
    "fourth": 3,
    "fifth": 4,
    "last": -1,
}
QUESTION = re.compile(rf"^({WH})((?:\s+\w+)?)\s+((?:{'|'.join(sorted(AUXILIARIES))})\s+.+)$", re.I)
FREE = frozenset("when where why how".split())  # adverbs: another may stand in their place
SHORTENED = {"can": "can't", "will": "won't"}  # of the others that can be, by "n't" behind them
COPULA = re.compile(r"^(?:is|are|was|were)\s", re.I)


def completed(question: str, talk: Talk) -> str | None:
    """The whole question that a fragment stands for; None where it is no fragment, or stands for none that is known."""
    before = talk.last("user").rstrip(" ?.!")
    said = LEAD.sub("", question.strip()).rstrip(" ?.!")
    led = said != question.strip().rstrip(" ?.!")
    if not said or len(said.split()) > MOST_WORDS:
        return None
    if not before:
        return None
    if bare := BARE.match(said):
        return _asked_again(bare[1], before)
    if denied := NOT.match(said):
        return _asked_why_not(denied[1], before)
    if other := ELSE.match(said):
        return _asked_else(other[1], before)
    about = ABOUT.match(said)
    if about or led or ORDINAL.fullmatch(said):
        said = about[1] if about else said
        if _is_clause(said):
            return None
        if ADVERBIAL.match(said):
            return _adverbial(said, before)
        item = item_of(said, talk)
        if item != said and not any(each.kind == "name" for each in mentions(before)):
            return f"What about {item}?"
        return _instead(item, before)
    return None


def _is_clause(said: str) -> bool:
    return any(word in AUXILIARIES for word in said.split()) or re.match(WH + r"\b", said, re.I) is not None


def _asked_again(word: str, before: str) -> str:
    """The question before, with another question word."""
    opened = word[0].upper() + word[1:].lower()
    if before.split()[0].lower() in AUXILIARIES and word.lower() in FREE:
        return f"{opened} {before[0].lower()}{before[1:]}?"
    whole = QUESTION.match(before)
    if whole and not whole[2]:
        was, rest = whole[1].lower(), whole[3]
        if word.lower() in FREE and word.lower() != was and (was in FREE or COPULA.match(rest)):
            return f"{opened} {rest}?"
    return f"{before}, and {word.lower()}?"


def _asked_why_not(word: str, before: str) -> str:
    """ "Why not?" after a question that "no" answers: "Can ships pass?" is "Why can't ships pass?"."""
    first, _, rest = before.partition(" ")
    aux = first.lower()
    denied = aux if aux.endswith(("n't", "n’t")) else SHORTENED.get(aux, f"{aux}n't")
    opened = word[0].upper() + word[1:].lower()
    return f"{opened} {denied} {rest}?" if denied in AUXILIARIES else f"{before}, and {word.lower()} not?"


def _asked_else(word: str, before: str) -> str:
    if before.lower().startswith(word.lower() + " "):
        again = before[len(word) :].removeprefix(" else")
        return f"{before[: len(word)]} else{again}?"
    return f"{before}, and {word.lower()} else?"


def _adverbial(said: str, before: str) -> str:
    """ "in 2014" in the place of "in 2010", or at the end."""
    if DATED.search(said) and DATED.search(before):
        return DATED.sub(lambda _: said, before, count=1) + "?"
    return f"{before} {said}?"


def _instead(said: str, before: str) -> str | None:
    """`said` in the place of what it is like in the question before; None where nothing is like it."""
    found = mentions(before)
    given = mentions(said)
    if not given or "other" in said.lower() or words_of(said) - words_of(" ".join(each.text for each in given)):
        return None
    new = given[-1]
    same_head = [each for each in found if _head(each) == _head(new)]
    same_kind = [each for each in found if _alike(each, new)]
    for old in (same_head or same_kind)[-1:]:
        start = old.start
        if said.lower().startswith(("the ", "a ", "an ")) and not _has_article(old):
            start = _before_article(before, start)
        return f"{before[:start]}{said}{before[old.end :]}?"
    return None


def _head(mention: Mention) -> str:
    return mention.text.lower().split()[-1]


def _has_article(mention: Mention) -> bool:
    return mention.text.lower().startswith(("the ", "a ", "an "))


def _alike(one: Mention, other: Mention) -> bool:
    if "noun" in (one.kind, other.kind):
        return "year" not in (one.kind, other.kind) and _has_article(one) and _has_article(other)
    return one.kind == other.kind


def _before_article(text: str, start: int) -> int:
    match = re.search(r"\b(?:the|an?)\s+$", text[:start], re.I)
    return match.start() if match else start


def item_of(said: str, talk: Talk) -> str:
    """What "the second one" is among what the last answer named; `said` where it is no such place."""
    place = ORDINAL.search(said)
    if not place:
        return said
    told = mentions(talk.last("assistant"))
    asked = words_of(talk.last("user"))
    named = [each.text for each in told if each.kind == "name" and not words_of(each.text) <= asked]
    items = named if len(named) > 1 else [each.text for each in told if each.kind == "noun"]
    index = PLACES[(place[1] or place[2]).lower()]
    return said[: place.start()] + items[index] + said[place.end() :] if len(items) > max(index, 1) else said
