"""Sentences said in other words, by pattern: what verification must let through."""

import re

from tests.evaluation.alterations import MONTH

SYNONYMS = {
    "began": "started", "begin": "start", "large": "big", "major": "important", "people": "persons", "many": "numerous",
    "shows": "demonstrates", "showed": "demonstrated", "used": "employed", "uses": "employs", "also": "additionally",
    "however": "nevertheless", "because": "since", "built": "constructed", "created": "made", "became": "turned into",
    "obtained": "got", "received": "was given", "approximately": "about", "around": "about", "often": "frequently",
    "including": "such as", "located": "situated", "near": "close to", "throughout": "across", "various": "different",
    "helped": "assisted", "required": "needed", "requires": "needs", "children": "kids", "city": "town",
    "said": "stated", "stated": "said", "announced": "declared", "whole": "entire", "area": "region", "part": "portion",
    "famous": "well-known", "died": "passed away", "purchased": "bought", "bought": "purchased", "entire": "whole",
    "attempt": "try",
    "nearly": "almost", "almost": "nearly", "quickly": "rapidly", "main": "principal", "film": "movie",
    "job": "position", "car": "vehicle", "doctor": "physician", "children's": "kids'", "ended": "finished",
    "significant": "considerable", "important": "significant", "discovered": "found", "called": "named",
}  # fmt: skip
VERBS = (
    "built|founded|led|won|wrote|opened|created|discovered|published|designed|produced|developed|defeated|killed|made|"
    "used|established|replaced|directed|introduced|described|infected|approved|bought|destroyed"
)
PRONOUNS = {"The", "A", "An", "It", "They", "He", "She", "This", "These", "In"}
PAST = {"wrote": "written", "led": "led", "made": "made", "won": "won", "built": "built", "bought": "bought"}


def synonyms(sentence: str) -> str | None:
    """Up to three words replaced."""
    text, count = sentence, 0
    for word, other in SYNONYMS.items():
        changed = re.sub(rf"(?<![\w-]){word}(?![\w-])", other, text, count=1)
        count += changed != text
        text = changed
        if count == 3:
            break
    return text if count else None


def passive(sentence: str) -> str | None:
    """ "Smith built the bridge in 1990." becomes "The bridge was built by Smith in 1990." """
    found = re.match(
        rf"^((?:[^\s,;]+ ){{0,5}}[^\s,;]+) ({VERBS}) ((?:the|a|an|his|its|their|[A-Z][\w-]+)(?: [\w'-]+){{0,5}}?)"
        r"((?:,| (?:in|on|at|for|with|after|by|to|as|and|from|during)) .*)?\.$",
        sentence,
    )
    if not found or set(found[1].split()) & {
        "was",
        "were",
        "who",
        "which",
        "that",
        "and",
        "to",
        "had",
        "has",
        "have",
        "be",
    }:
        return None
    return f"{_opened(found[3])} was {PAST.get(found[2], found[2])} by {_inside(found[1])}{found[4] or ''}."


def active(sentence: str) -> str | None:
    """ "The bridge was built by Smith in 1990." becomes "Smith built the bridge in 1990." """
    found = re.match(
        rf"^([^,;]+?) (?:was|were) ({VERBS}|written) by ((?:the |an? )?[\w'. -]+?)"
        r"((?:,| (?:in|on|at|after|from|and|with|for|as|to|during|who|which)) .*)?\.$",
        sentence,
    )
    if not found or len(found[1].split()) > 8:
        return None
    verb = {"written": "wrote"}.get(found[2], found[2])
    return f"{_opened(found[3])} {verb} {_inside(found[1])}{found[4] or ''}."


def _opened(text: str) -> str:
    return text[0].upper() + text[1:]


def _inside(text: str) -> str:
    """As it is written inside a sentence."""
    return text[0].lower() + text[1:] if text.split()[0] in PRONOUNS else text


def fronted(sentence: str) -> str | None:
    """ "In 1990, the bridge opened." becomes "The bridge opened in 1990."; and the other way round."""
    if found := re.match(
        r"^((?:In|On|After|Before|During|When|While|Although|Since|By|At|For|Under|If) [^,]{2,60}), ([^,;]+)\.$",
        sentence,
    ):
        first = found[2][0].upper() + found[2][1:]
        return f"{first} {found[1][0].lower() + found[1][1:]}."
    if found := re.match(
        r"^([A-Z][^,;]{15,100}?) ((?:in|on|after|during|when|because|while) [^,;]{3,60})\.$", sentence
    ):
        start = (
            found[1]
            if found[1].split()[0] not in ("The", "A", "An", "It", "They", "He", "She", "This", "These", "In")
            else found[1][0].lower() + found[1][1:]
        )
        return f"{found[2][0].upper() + found[2][1:]}, {start}."
    return None


def shortened(sentence: str) -> str | None:
    """Without what stands in brackets, or between two commas after "which" or "who"."""
    text = re.sub(r" \([^()]*\)", "", sentence)
    text = re.sub(r", (?:which|who|where|including|such as) [^,.;]+(?=[,.])", "", text)
    return text if text != sentence and len(text) > 30 else None


def reworded_figures(sentence: str) -> str | None:
    """1,000 as 1000, "three" as 3, 5 % as five percent, May 3, 2024 as 3 May 2024."""
    text = re.sub(rf"\b({MONTH}) (\d{{1,2}}), (\d{{4}})", r"\2 \1 \3", sentence)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"(?<=\d) ?%", " percent", text)
    for word, figure in (
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("ten", "10"),
        ("first", "1st"),
        ("twenty", "20"),
    ):
        text = re.sub(rf"(?<![\w-]){word}(?![\w-])", figure, text)
    text = re.sub(r"\bkm\b", "kilometres", text)
    return text if text != sentence else None


def merged(sentence: str, following: str) -> str | None:
    """Two sentences of one paragraph in one."""
    pronoun = re.match(r"^(It|He|She|They|The|This|These|In|A|An) ", following)
    if len(sentence) + len(following) > 320 or not sentence.endswith(".") or not following.endswith("."):
        return None
    second = following[0].lower() + following[1:] if pronoun else following
    return f"{sentence[:-1]}, and {second}"


PARAPHRASES = {
    "synonyms": synonyms, "passive": passive, "active": active, "fronted": fronted, "shortened": shortened,
    "figures": reworded_figures,
}  # fmt: skip
