"""English sentences turned into questions that they answer, by a few patterns. Knows text alone.

"The Vale bridge is 1,284 metres long" tells how long it is, "the fire chief, Anneke Dorn" who she is. A question is
made only where it names something and points at nothing that was said before, so that it stands alone. Whether it is a
good one is for whoever asks it to find out (`further.py`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 240  # characters of a sentence that is turned into a question
WORDS = (4, 16)  # of a question

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DATE = rf"(?:(?:\w+day,? )?(?:\d{{1,2}} {MONTH}|{MONTH} \d{{1,2}})(?:,? \d{{4}})?|{MONTH} \d{{4}}|\d{{4}})"
NUMBER = r"\d[\d,.]*(?: (?:million|billion|per ?cent))?"
COUNT = rf"(?P<size>{NUMBER}|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|Hundreds|Thousands|Dozens)"
NAME = r"[A-Z][\w’'-]+(?: (?:[A-Z]\.|van|von|de|al|bin|[A-Z][\w’'-]+)){1,2}"
PERSON = rf"(?P<person>(?:(?:Mr|Mrs|Ms|Dr|Prof|Mayor|President|Minister|Captain|Sir)\.? )?{NAME})"
DID = (
    "led|won|founded|designed|built|wrote|discovered|invented|directed|signed|launched|headed|chaired|painted|composed|"
    "proposed|measured|drove|bought|sold|beat|defeated|succeeded|replaced"
)
OFFICE = (
    r"(?:chief|director|professor|minister|mayor|president|spokes\w+|leader|manager|engineer|scientist|researcher|"
    r"historian|economist|analyst|author|captain|officer|judge|lawyer|doctor|teacher|farmer|founder|head|chair\w*|"
    r"secretary|senator|governor|coach|actor|singer|artist|writer|editor|journalist|biologist|physicist|chemist|"
    r"ambassador|general|executive)"
)
# Verbs that happen on a day, and what they are after "did".
HAPPENED = {
    "opened": "open", "closed": "close", "began": "begin", "started": "start", "ended": "end", "died": "die",
    "collapsed": "collapse", "landed": "land", "lifted off": "lift off", "arrived": "arrive", "sank": "sink",
    "broke out": "break out", "took place": "take place",
}  # fmt: skip
# A thing that a question can name: a few words before the verb, none of which begins a clause or is a verb itself.
BEGINS = r"(?:In|On|At|After|Before|When|While|If|But|And|Since|By|For|As|Until|Some|About)"
VERB = r"(?:had|has|have|was|were|is|are|been?|will|would|could|can|may|might|did|does|do|not|never|said|says|later)"
WORD = rf"(?!{VERB}\b)[\w’'-]+"
THING = rf"(?P<thing>(?!{BEGINS} ){WORD}(?: {WORD}){{0,6}}?)"
MEASURE = "long|tall|wide|high|deep|thick|old"
REST = r"(?P<rest>[^,;:.]+)"
ROLE = rf"(?:(?:an?|the) (?:[\w-]+ ){{0,4}}?)?{OFFICE}\b"
DONE = r"(?P<done>\w+(?:ed|en)(?: (?:by|to|from|into|at|as) [^,;:.]*?)?)"

# Each with the question that it makes, and which of its groups is the answer.
PATTERNS = tuple(
    (re.compile(pattern), question, answer)
    for pattern, question, answer in (
        (rf"^{PERSON}(?:, [^,]+,)? (?P<verb>{DID}) {REST}", "Who {verb} {rest}?", "person"),
        (rf"^.*?\b{PERSON}, who (?P<verb>{DID}) {REST}", "Who {verb} {rest}?", "person"),
        (rf"^{THING} (?P<be>was|were) {DONE} (?:on|in) (?P<date>{DATE})\b", "When {be} {thing} {done}?", "date"),
        (
            rf"^{THING} (?P<happened>{'|'.join(HAPPENED)})\b[^,;:.]*? (?:on|in) (?P<date>{DATE})\b",
            "When did {thing} {happened}?",
            "date",
        ),
        (
            rf"^{THING} (?P<be>is|was|are|were) (?P<size>{NUMBER} [a-z-]+) (?P<how>{MEASURE})\b",
            "How {how} {be} {thing}?",
            "size",
        ),
        (rf"^{THING} cost (?P<size>[$€£]?{NUMBER}(?: [a-z]+)?)", "How much did {thing} cost?", "size"),
        (
            rf"^(?:Some |About |Around |Nearly |More than |At least )?{COUNT} "
            rf"(?P<what>[a-z]+s|people|men|women|children) (?P<verb>were|was|took|walked|died|voted|signed) {REST}",
            "How many {what} {verb} {rest}?",
            "size",
        ),
    )
)
# What introduces somebody, anywhere in a sentence: "Piet Hansen, a night watchman" and "the fire chief, Anneke Dorn".
INTRODUCED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![Tt]he )\b(?P<person>{NAME}), (?P<role>{ROLE}[^,.;:\"“”]*)",
        rf"(?<![Tt]he )\b(?P<person>{NAME}), (?P<role>who (?:{DID}|leads|heads|runs|owns|was|is) [^,.;:\"“”]+)",
        rf"\b(?P<role>the (?:[a-z-]+ ){{0,4}}?{OFFICE}(?: of [\w ]{{2,30}}?)?), (?P<person>{NAME})\b",
    )
)
# Words that point at something said before: a question with one does not stand alone.
POINTS = re.compile(
    r"\b(?:he|she|it|they|we|i|you|him|her|them|us|his|its|their|our|my|this|that|these|those|there|here|who|which|"
    r"other|others|another|same|such|former|latter|also|then)\b",
    re.I,
)
ARTICLED = re.compile(r"(?:The|An?) ")


@dataclass(frozen=True, slots=True)
class Made:
    """A question, and the words that its answer should hold."""

    question: str
    expected: str


def made_of(sentence: str) -> Iterator[Made]:
    """The questions that a sentence answers by itself."""
    sentence = " ".join(sentence.split())
    if len(sentence) > LONGEST:
        return
    for pattern in INTRODUCED:
        for found in pattern.finditer(sentence):
            yield Made(f"Who is {found['person']}?", found["role"])
    if '"' in sentence or "“" in sentence:  # what somebody says is not what is
        return
    for pattern, question, answer in PATTERNS:
        if match := pattern.match(sentence):
            made = Made(question.format(**_inside(match.groupdict())), match[answer])
            if _stands_alone(made.question):
                yield made


def _inside(groups: dict[str, str]) -> dict[str, str]:
    """The words as they stand inside a sentence, after "did"."""
    told = dict(groups)
    if "thing" in told and ARTICLED.match(told["thing"]):
        told["thing"] = told["thing"][0].lower() + told["thing"][1:]
    if "happened" in told:
        told["happened"] = HAPPENED[told["happened"]]
    return told


def _stands_alone(question: str) -> bool:
    body = question.partition(" ")[2]
    few, many = WORDS
    return not POINTS.search(body) and bool(re.search(r"[A-Z]\w", body)) and few <= len(question.split()) <= many
