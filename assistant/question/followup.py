"""A follow-up becomes a question that stands alone, without a language model.

"How long did it take?" after a question about the Vale bridge is "How long did the Vale bridge take?": a pronoun is
replaced by what it means, "And in 2014?" and "why?" repeat the question before (ellipsis.py), "who else" says besides
whom, and a question that names nothing and leans on the conversation gets its topic in brackets. What stands alone is
returned letter for letter, and so is everything in a conversation that is not in English. Knows what was said;
knows no articles.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.question.antecedent import Talk, Weights, leaning, ranked
from assistant.question.ellipsis import WH, completed, item_of
from assistant.question.mentions import AUXILIARIES, FUNCTION, Mention, Role, Thing, mentions, words_of
from ingest.language import language_of

MOST_TURNS = 24  # the latest: what was said before them is hardly meant any more, and reading takes 0.2 ms each
LONGEST = 200  # characters; more is a text, not a follow-up
MARKER = re.compile(r"\s*\[\d+\]")
PRONOUNS = {
    **dict.fromkeys(("he", "him", "his", "himself"), "person:he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "person:she"),
    **dict.fromkeys(("it", "its", "itself"), "thing"),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), "group"),
}
ALWAYS_OWNS = frozenset(("its", "their", "theirs", "hers"))
OWNS_BEFORE_A_NOUN = frozenset(("his", "her"))
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
SHORT_FORM = re.compile(r"['’](?:s|d|ll|ve|re)$", re.I)
# "Is it possible to ...": an "it" that means nothing.
EMPTY = re.compile(
    r"\b(?:is|was|isn't|wasn't|will|would|does|did|make|makes|made|take|takes|took) it (?:be |take |cost |matter )?"
    r"(?:\w+ly )?(?:(?:possible|true|worth|legal|illegal|necessary|likely|easy|hard|difficult|safe|common|okay|ok|"
    r"fair|normal|better|best|important|time) )?(?:to|that|for|if|when)\b",
    re.I,
)
CLAUSE = re.compile(r"\b(?:and|but|or|if|when|while|because|before|after|that|which|who|than)\b|,", re.I)
OTHERS = re.compile(
    r"\b(?:(?:any|some|what|which|were|are|is|was|there|he|she|it|they|did|do|does) others?|else|another)\b", re.I
)
SAYS_BESIDES = re.compile(r"\b(?:besides|than|aside|apart|except|addition)\b", re.I)
SAID_NOTHING = re.compile(
    r"^(?:I (?:do not|don[’']t|cannot|can[’']t)|I[’' ]a?m sorry|sorry|the articles do not|there are no articles)", re.I
)
# "How can I create one?"; not "which one".
ONE = re.compile(
    r"\b(?:an?|i|we|you|they|he|she|get|have|make|create|need|buy|use|find|build|open|is|was) (one)(?=\W*$)", re.I
)
ASKS = re.compile(rf"\b(?:{WH}|tell|describe|explain|{'|'.join(AUXILIARIES)})\b", re.I)
POINTING = re.compile(
    r"\b(?:this|these|those)\b(?! (?:articles?|page|library|year|week|month|morning|time)\b)|"
    r"\b(?:after|before|about|of|from|by|than|like|was|did|does) that(?=\W*$)",
    re.I,
)
EVENT = re.compile(r"\b(?:this|that)(?=\W*$)|^(?:did|does|was|is|has) (?:this|that) \w+", re.I)
MOST_POINTING = 12  # words; in a longer question "this" mostly has its meaning in the question itself
MOST_BESIDES = 3
MOST_WORDS = 12  # of an answer that is quoted whole
UNQUOTABLE = re.compile(r"[\"“”?!]|\.\s")
CERTAIN = 0.0  # log-odds; the fit has moved its threshold here
TYPED = str.maketrans("‘’“”–—…\u00a0", "''\"\"--. ")  # what phones and word processors make of plain marks


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question as it stands alone; `reference` and `thing` are what was replaced, and by what."""

    text: str
    reference: str = ""
    thing: Thing | None = None


def stand_alone(question: str, history: Sequence[tuple[Role, str]], weights: Weights | None = None) -> str:
    """The question that `question` is after the messages of `history`, oldest first; itself where it stands alone."""
    if not history or len(question) > LONGEST or not _english(question, history):
        return question
    return resolved(question, talk_of(history[-MOST_TURNS:], weights), weights).text


def each_alone(questions: Sequence[str]) -> tuple[str, ...]:
    """The parts of one question, each as it stands alone after those before it: "... and when did it open?"."""
    told: list[tuple[Role, str]] = []
    for question in questions:
        told.append(("user", stand_alone(question, told)))
    return tuple(dict.fromkeys(text for _, text in told))


def talk_of(history: Sequence[tuple[Role, str]], weights: Weights | None = None) -> Talk:
    """What was said, without markers, with every earlier question made to stand alone in its turn."""
    told: list[tuple[Role, str]] = []
    meant: list[tuple[str, frozenset[str]]] = []
    for role, text in history:
        said = MARKER.sub("", text).strip()
        if role == "user":
            done = resolved(said, Talk.of(told, meant), weights)
            said = done.text
            if done.thing is not None:
                meant.append((done.reference, done.thing.words))
        elif SAID_NOTHING.search(said):
            said = ""
        told.append((role, said))
    return Talk.of(told, meant)


def resolved(question: str, talk: Talk, weights: Weights | None = None) -> Resolved:
    """`question` after `talk`, whatever its language."""
    if not talk.utterances:
        return Resolved(question)
    if whole := completed(question, talk):
        return Resolved(whole)
    done = _referring(question, talk, weights)
    besides = _besides(question if done.reference == "topic" else done.text, question, talk)
    return Resolved(besides or done.text, done.reference, done.thing)


def _referring(question: str, talk: Talk, weights: Weights | None) -> Resolved:
    question = item_of(question, talk)
    found = mentions(question)
    asked = words_of(question)
    if not found and not ASKS.search(question):  # "thanks"
        return Resolved(question)
    pronoun = pronoun_in(question, found)
    if pronoun is not None:
        reference = reference_of(pronoun)
        meant = ranked(reference, talk, asked, weights)
        return Resolved(_replaced(question, pronoun, meant[0]), reference, meant[0]) if meant else Resolved(question)
    if named := _full_name(question, found, talk):
        return Resolved(named)
    if one := ONE.search(question):
        nouns = [
            each for each in mentions(talk.last("user")) if each.kind == "noun" and not words_of(each.text) <= asked
        ]
        return Resolved(question[: one.start(1)] + nouns[-1].text + question[one.end(1) :] if nouns else question)
    points = POINTING.search(question) is not None and len(question.split()) <= MOST_POINTING
    if not points and (names_something(found, asked, talk) or leaning(question, talk, weights) < CERTAIN):
        return Resolved(question)
    if EVENT.search(question) and (said := _quoted(talk)):  # "What happened after that?"
        return Resolved(_bracketed(question, said), "topic")
    meant = ranked("topic", talk, asked, weights)
    if not points:  # the topic is what was asked about, last of all; "after that" may be what was answered
        asked_about = [each for each in meant if any(role == "user" for _, role, _ in each.seen)]
        last = words_of(talk.last("user"))
        meant = [each for each in asked_about if each.kind == "name" and each.words <= last] or asked_about
    return Resolved(_bracketed(question, _definite(meant[0])), "topic", meant[0]) if meant else Resolved(question)


def _full_name(question: str, found: Sequence[Mention], talk: Talk) -> str | None:
    """ "The bridge" by the name that the conversation has for it, where it has one."""
    for mention in found:
        if mention.kind == "noun" and mention.text.lower().startswith("the "):
            words = words_of(mention.text)
            known = [thing for thing in talk.things if thing.kind == "name" and words < thing.words]
            if known and mention.text.lower().split()[-1] == known[-1].text.lower().split()[-1]:
                return question[: mention.start] + _opening(known[-1].text, mention.start) + question[mention.end :]
    return None


def _opening(text: str, position: int) -> str:
    return text if position else text[0].upper() + text[1:]


def pronoun_in(question: str, found: Sequence[Mention]) -> re.Match[str] | None:
    """The first pronoun that nothing before it in the question explains."""
    empty = [match.span() for match in EMPTY.finditer(question)]
    for match in WORD.finditer(question):
        reference = PRONOUNS.get(SHORT_FORM.sub("", match[0].lower()))
        if reference is None or any(start <= match.start() < end for start, end in empty):
            continue
        before = [each for each in found if each.end <= match.start()]
        if not any(each.kind == "name" or _explains(question, each, match.start()) for each in before):
            return match
    return None


def reference_of(pronoun: re.Match[str]) -> str:
    return PRONOUNS[SHORT_FORM.sub("", pronoun[0].lower())]


def _explains(question: str, mention: Mention, position: int) -> bool:
    """A noun with its article, in another clause before: "Who built the bridge and what did it cost?"."""
    return mention.text.lower().startswith(("the ", "a ", "an ")) and bool(
        CLAUSE.search(question[mention.end : position])
    )


def names_something(found: Sequence[Mention], asked: frozenset[str], talk: Talk) -> bool:
    """Whether the question names something, be it a name of the conversation in small letters."""
    return any(each.kind == "name" for each in found) or any(
        thing.kind == "name" and thing.words <= asked for thing in talk.things
    )


def _replaced(question: str, pronoun: re.Match[str], thing: Thing) -> str:
    word = pronoun[0].lower()
    rest = question[pronoun.end() :]
    follows = WORD.match(rest.lstrip())
    noun_follows = follows is not None and follows[0].lower() not in FUNCTION
    owns = word in ALWAYS_OWNS or (word in OWNS_BEFORE_A_NOUN and (noun_follows or (word == "his" and not follows)))
    short = SHORT_FORM.search(pronoun[0])
    ending = "'s" if owns else short[0] if short else ""
    name = _definite(thing)
    return question[: pronoun.start()] + _opening(name, pronoun.start()) + ending + rest


def _bracketed(question: str, said: str) -> str:
    body = question.rstrip(" ?.!")
    return f"{body} ({said}){question[len(body) :].strip()}"


def _definite(thing: Thing) -> str:
    return re.sub(r"^an?\s", "the ", thing.text, flags=re.I)


def _besides(text: str, question: str, talk: Talk) -> str | None:
    """ "Who else spoke?" after an answer that names Ida Holm: "Besides Ida Holm, who else spoke?"."""
    if not OTHERS.search(question) or SAYS_BESIDES.search(question):
        return None
    known = _quoted(talk) or _named_beside(text, talk)
    if not known:
        return None
    first = text.split()[0]
    opens = first.lower() in FUNCTION and first != "I"
    return f"Besides {known}, {text[0].lower() + text[1:] if opens else text}"


def _quoted(talk: Talk) -> str:
    """The last answer in quotation marks, where it is one short sentence without any."""
    said = talk.last("assistant").strip(" .,;:")
    return f"“{said}”" if said and len(said.split()) <= MOST_WORDS and not UNQUOTABLE.search(said) else ""


def _named_beside(text: str, talk: Talk) -> str:
    """The names of the last answer that neither this question nor the one before has."""
    asked = words_of(text) | words_of(talk.last("user"))
    told = [each for each in mentions(talk.last("assistant")) if not words_of(each.text) <= asked]
    names = list(dict.fromkeys(each.text for each in told if each.kind == "name"))[:MOST_BESIDES]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _english(question: str, history: Sequence[tuple[Role, str]]) -> bool:
    said = " ".join([question, *(text for _, text in history[-4:])])
    if language_of(said) not in ("en", None):
        return False
    if question.translate(TYPED).isascii():
        return True
    # An accent may be a name's. One short question among English ones hardly shows above: it is asked for by itself.
    words = {SHORT_FORM.sub("", word.lower()) for word in WORD.findall(question)}
    return language_of(question) in ("en", None) and not words.isdisjoint(FUNCTION)
