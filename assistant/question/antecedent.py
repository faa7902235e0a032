"""Which thing that a conversation has talked of is meant by a pronoun, or by a question that names nothing.

A conditional logistic regression over measures that anybody can check by eye, one set of weights for each kind of
reference; a second regression says whether a question without names needs one at all. Both are fitted by
`make fit-followup`; the weights and the figures they reached are in weights/followup.json. English. Knows mentions;
knows nothing of how a question is put together again.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.question.mentions import AUXILIARIES, FUNCTION, SPEECH, VERBS, Mention, Role, Thing, mentions, things

WEIGHTS = Path(__file__).parents[1] / "weights" / "followup.json"
REFERENCES = ("person", "thing", "group", "topic")  # he and she; it; they; nothing that a name could stand for
PREPOSITIONS = frozenset("in at on from to into near of for with by under over during after before".split())
PLACING = frozenset("in at from near to into".split())
COLLECTIVE = re.compile(
    r"\b(?:band|group|team|company|party|club|university|school|college|records|inc|corporation|council|army|league|"
    r"committee|department|tribe|brothers|sisters|institute|agency|court|church|union|association|cup|awards?|tour|"
    r"album|show|festival|film|series|orchestra)\b",
    re.I,
)
TITLED = re.compile(
    r"(?:the )?(?:Mr|Mrs|Ms|Dr|Prof|Professor|Mayor|President|Senator|Governor|Minister|Judge|General|Captain|Sir|Lady|"
    r"Lord|King|Queen|Prince|Princess|Pope|Chancellor|Sheriff|Detective|Reverend|Sister|Brother)\b",
)

WHO_IS = re.compile(r"^(?:and )?who(?:'s| is| was| are| were)\b", re.I)
NOT_PLURAL = re.compile(r"(?:ss|us|is|os|as)$", re.I)
DEMONSTRATIVE = re.compile(r"\b(?:this|that|these|those)\b", re.I)
WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")

Weights = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation so far: (role, text) `utterances`, oldest first, the earlier questions made to stand alone.

    `crowds` is how many things each mentions; `meant` are the words of what each reference in the questions turned
    out to mean, with the reference's kind.
    """

    utterances: tuple[tuple[Role, str], ...]
    things: tuple[Thing, ...]
    crowds: tuple[int, ...]
    meant: tuple[tuple[str, frozenset[str]], ...] = ()

    @classmethod
    def of(cls, utterances: Sequence[tuple[Role, str]], meant: Sequence[tuple[str, frozenset[str]]] = ()) -> "Talk":
        found = things(utterances)
        places = Counter(place for thing in found for place, _, _ in thing.seen)
        return cls(tuple(utterances), found, tuple(places[place] for place in range(len(utterances))), tuple(meant))

    def last(self, role: Role) -> str:
        """The last thing said in this role; "" where nothing was."""
        return next((text for by, text in reversed(self.utterances) if by == role and text), "")


def measures(thing: Thing, talk: Talk, reference: str) -> dict[str, float]:
    """What speaks for or against `thing`, each about in [0, 2], by name."""
    length = len(talk.utterances)
    roles = {role for place, role, _ in thing.seen if place >= length - 2}
    every = [mention for _, _, mention in thing.seen]
    name = thing.kind == "name"
    last_place, _, last_mention = max(thing.seen, key=lambda each: each[0])
    same = next((words for of, words in reversed(talk.meant) if of == reference), frozenset())
    return {
        "a name": float(name),
        "a year": float(thing.kind == "year"),
        "length": math.log(max(1, len(thing.words))),
        "longer than a name": float(len(thing.words) > 3),
        "one name": float(name and len(thing.words) == 1),
        "capitals": float(thing.text.isupper() and len(thing.text) > 1),
        "plural": float(_plural(thing)),
        "collective": float(COLLECTIVE.search(thing.text) is not None),
        "in the last question": float("user" in roles),
        "in the last answer": float("assistant" in roles),
        "in the first question": float(any(place == 0 for place, _, _ in thing.seen)),
        "asked about": float(any(role == "user" for _, role, _ in thing.seen)),
        "long ago": math.log1p((length - last_place) / 2),
        "often": math.log(len(every)),
        "among many": math.log(talk.crowds[last_place]) if talk.utterances[last_place][0] == "assistant" else 0.0,
        "begins what was said": float(last_mention.start < 5),
        "quoted": _share(every, lambda mention: mention.before == "“"),
        "after a preposition": _share(every, lambda mention: mention.before in PREPOSITIONS),
        "a place": _share(every, lambda mention: mention.before in PLACING),
        "listed": _share(every, lambda mention: mention.before in (",", "and")),
        "with an article": _share(every, lambda mention: mention.text.lower().startswith(("the ", "a ", "an "))),
        "before a verb": _share(every, _before_verb),
        "after an auxiliary": sum(role == "user" and m.before in AUXILIARIES for _, role, m in thing.seen) / len(every),
        "an owner": _share(every, lambda mention: mention.after == "'s"),
        "with a title": float(TITLED.match(thing.text) is not None),
        "who is asked for": float("user" in roles and WHO_IS.search(talk.last("user")) is not None),
        "speaks": _share(every, lambda mention: mention.after in SPEECH or mention.before in SPEECH),
        "of a kind": float(name and thing.text.split()[-1].islower()),
        "meant last time": float(bool(same & thing.words)),
    }


def ranked(reference: str, talk: Talk, asked: frozenset[str], weights: Weights | None = None) -> list[Thing]:
    """The things that a reference may mean, best first; none that the question, whose words are `asked`, names."""
    of = (weights or stored())[reference.partition(":")[0]]
    open_to = [thing for thing in talk.things if may_be(thing, reference) and not thing.words <= asked]

    def score(thing: Thing) -> float:
        return sum(of.get(name, 0.0) * value for name, value in measures(thing, talk, reference).items())

    return sorted(open_to, key=score, reverse=True)


def may_be(thing: Thing, reference: str) -> bool:
    """What grammar rules out: a year, and "the Vale bridge", is nobody; somebody who speaks is no "it"."""
    if reference.startswith("person"):
        return thing.kind != "year" and not (thing.kind == "name" and thing.text.split()[-1].islower())
    return not (reference == "thing" and TITLED.match(thing.text))


def needs(question: str, talk: Talk) -> dict[str, float]:
    """What tells whether a question without names or pronouns leans on the conversation, by name."""
    words = [word.lower() for word in WORD.findall(question)]
    telling = [word for word in words if word not in FUNCTION and word not in VERBS]
    talked = {word for thing in talk.things for word in thing.words}
    recent = {
        word
        for thing in talk.things
        for place, _, _ in thing.seen
        if place >= len(talk.utterances) - 2
        for word in thing.words
    }
    definite = [found for found in mentions(question) if found.text.lower().startswith("the ")]
    heads = [found.text.lower().split()[-1] for found in definite]
    return {
        "always": 1.0,
        "words": math.log1p(len(words)),
        "telling words": math.log1p(len(telling)),
        "no telling word": float(not telling),
        "one telling word": float(len(telling) == 1),
        "share talked of": sum(word in talked for word in telling) / max(1, len(telling)),
        "share just talked of": sum(word in recent for word in telling) / max(1, len(telling)),
        "definite": float(bool(definite)),
        "definite, talked of": float(any(head in talked for head in heads)),
        "definite, collective": float(any(COLLECTIVE.search(head) for head in heads)),
        "this or that": float(bool(DEMONSTRATIVE.search(question))),
        "begins with and": float(bool(words) and words[0] in ("and", "but", "so", "then", "also")),
        "first or second person": float(any(word in ("i", "we", "you", "my", "your", "our") for word in words)),
        "what is": float(words[:2] in (["what", "is"], ["what", "are"], ["who", "is"])),
        "happened": float("happened" in words or "happen" in words),
        "any": float("any" in words),
    }


def leaning(question: str, talk: Talk, weights: Weights | None = None) -> float:
    """The log-odds that the question cannot be understood without the conversation."""
    of = (weights or stored())["leans"]
    return sum(of.get(name, 0.0) * value for name, value in needs(question, talk).items())


@cache
def stored() -> Weights:
    kept: dict[str, Any] = json.loads(WEIGHTS.read_text())
    weights: Weights = kept["weights"]
    return weights


def _share(every: Sequence[Mention], holds: Callable[[Mention], bool]) -> float:
    return sum(map(holds, every)) / len(every)


def _before_verb(mention: Mention) -> bool:
    return mention.after in AUXILIARIES or mention.after in VERBS or mention.after.endswith("ed")


def _plural(thing: Thing) -> bool:
    return thing.text.endswith("s") and not NOT_PLURAL.search(thing.text)
