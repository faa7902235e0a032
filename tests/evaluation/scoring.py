"""What counts as right, and the figures over many answers. Text and numbers only; knows no library and no sets.

Words are compared as SQuAD does it (Rajpurkar et al. 2016): lower case, no punctuation, no articles.
"""

import re
import string
from collections import Counter
from collections.abc import Sequence

PUNCTUATION = str.maketrans("", "", string.punctuation)
ARTICLES = ("a", "an", "the")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]”’]*\s+(?=[A-Z\"'(\[0-9“])")
LONGEST_PASSAGE = 1500  # characters; a longer passage is no find
NEARLY_ALL = 0.9  # of a sentence's words; a passage with these holds it


def normalised(text: str) -> str:
    return " ".join(word for word in text.lower().translate(PUNCTUATION).split() if word not in ARTICLES)


def within(needle: str, haystack: str) -> bool:
    """Whether the words of `needle` stand in `haystack`, whole and in order."""
    words = normalised(needle)
    return bool(words) and f" {words} " in f" {normalised(haystack)} "


def exact(guess: str, answers: Sequence[str]) -> bool:
    return any(normalised(guess) == normalised(answer) for answer in answers)


def f1(guess: str, answers: Sequence[str]) -> float:
    """Overlap in words with the nearest of the answers, in [0, 1]."""
    return max((_f1(normalised(guess).split(), normalised(answer).split()) for answer in answers), default=0.0)


def _f1(guess: Sequence[str], gold: Sequence[str]) -> float:
    common = (Counter(guess) & Counter(gold)).total()
    return 2 * common / (len(guess) + len(gold)) if common else 0.0


def gold_sentence(paragraph: str, start: int) -> str:
    """The sentence of the paragraph in which `start` stands."""
    at = 0
    for part in SENTENCE_END.split(paragraph):
        begin = paragraph.index(part, at)
        at = begin + len(part)
        if begin <= start < at:
            return part
    return paragraph


def holds(passage: str, sentence: str) -> bool:
    """Whether the passage contains the sentence, or nearly all of its words."""
    if normalised(sentence) in normalised(passage):
        return True
    words, bag = normalised(sentence).split(), set(normalised(passage).split())
    return len(words) > 3 and sum(word in bag for word in words) / len(words) >= NEARLY_ALL


def carries(cited: str, sentence: str, answers: Sequence[str]) -> bool:
    """Whether the cited text is the sentence, or a part of it that holds an answer, and not much more."""
    if len(cited) > 1.5 * len(sentence) + 80:
        return False
    return holds(cited, sentence) or (holds(sentence, cited) and any(within(answer, cited) for answer in answers))


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """How often one of `higher` is above one of `lower`, ties counting half; None where either is empty."""
    if not higher or not lower:
        return None
    above = sum((one > other) + 0.5 * (one == other) for one in higher for other in lower)
    return above / (len(higher) * len(lower))


def calibration_bins(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean confidence, share right and number of answers in each bin of [0, 1] that is not empty."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in pairs:
        held.setdefault(min(bins - 1, int(confidence * bins)), []).append((confidence, right))
    return [
        (sum(c for c, _ in part) / len(part), sum(r for _, r in part) / len(part), len(part))
        for _, part in sorted(held.items())
    ]


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Expected calibration error over ten equal bins (Guo et al. 2017)."""
    if not pairs:
        return None
    return sum(abs(confidence - right) * size for confidence, right, size in calibration_bins(pairs)) / len(pairs)


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]
