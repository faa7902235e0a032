"""The questions in a question: "When and where did it open?" is two, and each is answered, and cited, by itself.

English only, for it goes by question words; a question in another language stays whole. Of the 31,700 questions of four
reading sets it parts 19, four of them wrongly. Knows text alone.
"""

import re

MOST_PARTS = 3
WH = r"(?:who|whom|whose|what|when|where|why|which|how(?: (?:many|much|long|old|far|often|big|tall|high))?)"
AUX = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)"
VERB = r"(?:\w+(?:ed|s)|won|lost|led|built|said|made|took|gave|ran|got|went|paid|wrote|began|came|found)"
# "Hello, could you tell me when it opened?" asks when it opened.
COURTESY = re.compile(
    r"^(?:(?:hi|hello|hey|please|thanks|(?:can|could|would|will) you|do you (?:happen to )?know|(?:tell|show) me"
    r"|explain(?: to me)?|let me know|(?:can|could|may) i ask(?: you)?|i (?:want|need|would like) to know"
    r"|i['\u2019]d like to know|i wonder|i am wondering|i['\u2019]m wondering)\b[\s,.!:]*)+"
    rf"(?:(?:if|whether)\s+|(?={WH}\b))",
    re.I,
)
ENDED = re.compile(r"(?<=\?)\s+(?=\S)")
# "When and where did it open?", "Who, when and why ...": the question words share all that follows.
WORDS = re.compile(rf"^\W*({WH})((?:\s*,\s*{WH})*,?\s+and\s+{WH})\s+((?:{AUX})\b.+)$", re.I)
# "When did it open and who built it?": two clauses, each with its own question word and a verb soon behind it.
CLAUSES = re.compile(
    rf"^(.*\b{WH}\b.*?\b{AUX}\b.+?|{WH}\s+\w+.+?),?\s+and\s+({WH}\s+(?:\S+\s+){{0,3}}?(?:{AUX}|{VERB})\b.*)$", re.I
)
# "Which is longer, the bridge or the tunnel?" asks how long each is.
COMPARED = re.compile(rf"^(?:which|who|what)(?: one)?\s+({AUX})\s+(\w+)\W+(.+?),?\s+or\s+(.+?)\W*$", re.I)
MEASURED = {
    "longer": "long", "shorter": "long", "older": "old", "younger": "old", "taller": "tall", "higher": "high",
    "lower": "high", "larger": "large", "bigger": "big", "smaller": "large", "deeper": "deep", "wider": "wide",
    "heavier": "heavy", "lighter": "heavy", "faster": "fast", "slower": "fast",
}  # fmt: skip
EACH = re.compile(r"^(?:please )?compare\s+(.+?)\s+(?:and|with|to)\s+(.+?)\W*$", re.I)
QUESTION_WORD = re.compile(WH, re.I)


def parts(question: str) -> tuple[str, ...]:
    """The questions that `question` holds, at most three, in order; itself alone where it is one.

    What is only courtesy before it is left out.
    """
    whole = " ".join(question.split())
    bare = COURTESY.sub("", whole)
    found = _split(bare)
    if len(set(found)) > 1:
        return tuple(dict.fromkeys(found))[:MOST_PARTS]
    return (question if bare == whole else _opened(bare),)


def _split(whole: str) -> list[str]:
    sentences = ENDED.split(whole)
    if len(sentences) > 1:
        return sentences if all(re.search(r"\w.*\?$", sentence) for sentence in sentences) else []
    if shared := WORDS.match(whole):
        words = [shared[1], *QUESTION_WORD.findall(shared[2])]
        return [f"{_opened(word)} {shared[3]}" for word in words]
    if (compared := COMPARED.match(whole)) and compared[2].lower() in MEASURED:
        asked = f"How {MEASURED[compared[2].lower()]} {compared[1].lower()}"
        return [f"{asked} {compared[3]}?", f"{asked} {compared[4]}?"]
    if each := EACH.match(whole):
        return [f"What is {each[1]}?", f"What is {each[2]}?"]
    if (clauses := CLAUSES.match(whole)) and not QUESTION_WORD.fullmatch(clauses[1].split()[-1]):
        return [f"{_opened(clauses[1].rstrip(' ,'))}?", f"{_opened(clauses[2].rstrip(' ?.'))}?"]
    return []


def _opened(text: str) -> str:
    return text[0].upper() + text[1:]
