"""The figures and days that words tell: what two articles can be seen to differ in."""

import re

FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
NAMED_DAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:january|february|march|april|june|july|august|september|"
    r"october|november|december)\b",
    re.I,
)


def figures(words: str) -> set[str]:
    """Numbers in digits, and English names of days and months in lower case; empty where `words` tell none."""
    numbers = {figure.replace(",", "") for figure in FIGURE.findall(words)}
    return numbers | {day.lower() for day in NAMED_DAY.findall(words)}
