"""What a conversation has talked about: names, years and noun phrases, each with where and how it was mentioned.

English, by closed lists of words and by capitals, without a tagger: a phrase is a run of words that are neither
function words nor common verbs. Knows utterances as plain text; knows nothing of which mention a pronoun means.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["name", "noun", "year"]
Role = Literal["user", "assistant"]

AUXILIARIES = frozenset(
    """is are was were am be been being do does did has have had can could will would shall should may might must
    isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't can't couldn't won't wouldn't
    shouldn't""".split()
)
AUXILIARIES |= {word.replace("'", "’") for word in AUXILIARIES}
FUNCTION = AUXILIARIES | frozenset(
    """a an the this that these those some any each every all both either neither no none other another such same own
    i me my mine we us our ours you your yours he him his she her hers it its they them their theirs himself herself
    itself themselves who whom whose what which when where why how here there then
    and or but nor so if because although though while as than since until unless whether
    of in on at by for with from to into onto over under about after before during between against through without
    within along across behind beyond near off up down out around among upon per via like despite besides except
    done having not n't only also too very just even still again ever never always often once more most much many few
    less least several well now later soon yet already however therefore thus else instead perhaps maybe quite rather
    yes no ok okay please thanks thank hello hi one ones something anything nothing everything someone anyone
    everyone somebody anybody nobody everybody back away together""".split()
)
# Verbs frequent enough in questions and answers that a phrase should not take them in.
VERBS = frozenset(
    """said says say told tell tells made make makes making took take takes taken went go goes gone going got get gets
    gave give gives given came come comes became become becomes began begin saw see sees seen knew know knows known
    found find finds left leave leaves led lead leads won win wins lost lose wrote write writes written ran run runs
    held hold holds met meet meets sold sell sells spent spend sent send sends felt feel feels brought bring brings
    thought think thinks kept keep keeps put puts set sets let lets used use uses call called calls happen happened
    happens play played plays work worked works move moved join joined release released record recorded start started
    starts end ended die died born marry married live lived receive received want wanted need needed try tried ask
    asked help helped show showed shown include included including based named known believe believed appear appeared
    perform performed create created build built form formed describe described consider considered explain
    mean means meant grow grew grown lie rose fell seem seemed look looked open opened opens opening cost
    costs stood stand sat spoke speak speaks spoken flew drew drove rode shot cut hit beat fought caught taught bought
    broke broken chose chosen threw wore swam paid pay pays laid sang rang sank shook stole struck swore tore woke wound
    leads carries carry says covers cover""".split()
)
SPEECH = frozenset(
    """said says told tells wrote writes added adds asked warned argued explained replied stated recalled insisted
    noted announced claimed declared admitted""".split()
)
NO_NAMES = frozenset(
    """I I'm I'd I'll I've OK January February March April May June July August September October November December
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday""".split()
)
JOINS = frozenset("of the de la le van von der den del di da du el al bin for &".split())  # inside a name
TOKEN = re.compile(r"[^\W_]+(?:[-'’.&][^\W_]+)*(?:['’](?=\s|$))?|[“”\"]|[^\w\s]")
QUOTED = re.compile(r"[“\"]([^“”\"]{2,60})[”\"]")
YEAR = re.compile(r"(?:1[0-9]|20)\d\ds?")
OWNS = re.compile(r"['’]s$|(?<=s)['’]$")
SHORTENED = re.compile(r"^(?:[A-Z]|Dr|Mr|Mrs|Ms|St|Jr|Sr|Prof|Gen|Col)$")
# A capital at the beginning of a sentence tells nothing of words with endings that names seldom have.
COMMON = re.compile(r"(?:ly|ing|ed|tions?|ments|ness)$")
LONGEST = 5  # tokens of a noun phrase
LONGEST_TITLE = 8  # words of a quoted one


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase in one utterance, `text[start:end]` without a possessive ending, with its article where it has one."""

    text: str
    kind: Kind
    before: str  # the word before it, in lower case; "" at the beginning of a sentence, “ in quotation marks
    after: str  # the word after it, in lower case; "'s" where it owns
    start: int
    end: int


@dataclass(slots=True)
class Thing:
    """All mentions that look like the same: a surname and its full name are one. `seen` is (utterance, role, which)."""

    text: str
    kind: Kind
    words: frozenset[str]
    seen: list[tuple[int, Role, Mention]] = field(default_factory=list)


def mentions(text: str) -> list[Mention]:
    """The names, quoted titles, years and noun phrases of `text`, in order."""
    found = [
        Mention(match[1].strip(" .,"), "name", "“", "”", match.start(), match.end())
        for match in QUOTED.finditer(text)
        if len(match[1].split()) <= LONGEST_TITLE and _is_title(match[1].split())
    ]
    quoted = [(each.start, each.end) for each in found]
    tokens = [(match[0], match.start(), match.end()) for match in TOKEN.finditer(text)]
    words = [token[0] for token in tokens]
    at = 0
    while at < len(words):
        end, kind = _phrase(words, at)
        if end == at:
            at += 1
            continue
        start, stop = tokens[at][1], tokens[end - 1][2]
        if not any(start < last and first < stop for first, last in quoted):
            before = words[at - 1].lower() if at and words[at - 1] != "." else ""
            after = words[end].lower() if end < len(words) else ""
            phrase = OWNS.sub("", text[start:stop])
            after = "'s" if len(phrase) < stop - start else after
            if phrase.startswith(("The ", "A ", "An ")) and not before:
                phrase = phrase[0].lower() + phrase[1:]
            found.append(Mention(phrase, kind, before, after, start, start + len(phrase)))
        at = end
    return sorted(found, key=lambda each: each.start)


def things(utterances: Sequence[tuple[Role, str]]) -> tuple[Thing, ...]:
    """What the utterances, oldest first, talk of."""
    found: list[Thing] = []
    for place, (role, text) in enumerate(utterances):
        for mention in mentions(text):
            words = words_of(mention.text)
            thing = next((each for each in reversed(found) if _same(each, words, mention)), None)
            if thing is None:
                found.append(thing := Thing(mention.text, mention.kind, words))
            elif mention.kind == "name" and (len(words) > len(thing.words) or thing.kind == "noun"):
                thing.text, thing.words, thing.kind = mention.text, words, "name"
            thing.seen.append((place, role, mention))
    return tuple(found)


def words_of(text: str) -> frozenset[str]:
    """The telling words of a phrase or a question, in lower case; all of them where none tells."""
    words = [OWNS.sub("", word).lower() for word in re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", text)]
    return frozenset(word for word in words if word not in FUNCTION) or frozenset(words)


def _same(thing: Thing, words: frozenset[str], mention: Mention) -> bool:
    if {thing.kind, mention.kind} == {"name", "noun"} and len(words) <= len(thing.words):
        # "wambach", written small, is Wambach
        return words == thing.words or (len(words) == 1 and thing.kind == "name" and words < thing.words)
    if thing.kind == mention.kind == "name" and len(words | thing.words) <= LONGEST:
        return words <= thing.words or thing.words <= words
    if mention.kind == "noun" and mention.text.startswith(f"{thing.text} "):  # "Is estate planning expensive?"
        return True
    return thing.kind == mention.kind and thing.words == words


def _phrase(words: Sequence[str], at: int) -> tuple[int, Kind]:
    """Where the phrase that begins at `at` ends, and its kind; `at` where none begins."""
    word = words[at]
    opens = at == 0 or words[at - 1] in '.?!:;"“”'
    if YEAR.fullmatch(word):
        return at + 1, "year"
    if _is_name(word, opens):
        end = _name_end(words, at)
        if not (opens and end == at + 1 and COMMON.search(word.lower())):
            return end, "name"
    begin = at + (word.lower() in ("the", "a", "an"))
    if at < begin < len(words) and _is_name(words[begin]):
        end = _name_end(words, begin)
        return end + (word.lower() == "the" and end < len(words) and _names_kind(words, end)), "name"
    end = begin
    while end < min(len(words), begin + LONGEST) and _is_content(words[end]) and not _is_name(words[end]):
        end += 1
        if OWNS.search(words[end - 1]):
            break
    return (end, "noun") if end > begin else (at, "noun")


def _name_end(words: Sequence[str], at: int) -> int:
    end = at + 1
    while end < len(words) and not OWNS.search(words[end - 1]):
        word = words[end]
        part = _is_name(word) or (word[0].isdigit() and not YEAR.fullmatch(word) and len(word) < 4)
        dot = word == "." and SHORTENED.match(words[end - 1]) is not None
        if not (part or dot or (word in JOINS and _goes_on(words[end + 1 : end + 3]))):
            break
        end += 1
    return end


def _names_kind(words: Sequence[str], at: int) -> bool:
    """ "The Vale bridge": what kind of thing a name is of."""
    low = words[at].lower()
    one = not words[at - 1].endswith("s") and not low.endswith("s")
    return one and _is_content(low) and low == words[at] and not COMMON.search(low)


def _goes_on(rest: Sequence[str]) -> bool:
    return bool(rest) and (_is_name(rest[0]) or (rest[0] in JOINS and len(rest) > 1 and _is_name(rest[1])))


def _is_title(words: Sequence[str]) -> bool:
    """Whether every telling word has a capital, which those of something said have not."""
    return bool(words) and all(word[0].isupper() or word[0].isdigit() or word.lower() in FUNCTION for word in words)


def _is_name(word: str, opens: bool = False) -> bool:
    bare = OWNS.sub("", word)
    if not bare[:1].isupper() or bare in NO_NAMES:
        return False
    return not (opens and (bare.lower() in FUNCTION or bare.lower() in VERBS))


def _is_content(word: str) -> bool:
    low = word.lower()
    return word[0].isalpha() and low not in FUNCTION and low not in VERBS and not low.endswith("ly")
