"""What a question says of when its article was published: "latest", "in May 2023", "in 2014".

Knows a question and passages; English month names and words. Without either, nothing changes.
"""

import re
from collections.abc import Sequence

from vectorstore import Passage

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
LATEST = re.compile(r"\b(latest|newest|most recent|most recently|recently|currently|nowadays|today|so far)\b", re.I)
DATED = re.compile(rf"\b(?:(?:(\d{{1,2}})\s+)?({'|'.join(MONTHS)})(?:\s+(\d{{1,2}}))?,?\s+)?((?:19|20)\d\d)\b", re.I)
# Added to the score of a passage, which is about 1 for a good one: enough to choose among accounts of the same thing
# (they differ by less than .2 in the tests), too little to bring up an article on something else (.3 and more below).
BONUS = 0.2


def dated(question: str, passages: Sequence[Passage]) -> list[Passage]:
    """The passages, best first, with those preferred that were published when the question says."""
    days = [(passage.article.published or "")[:10] for passage in passages]
    if LATEST.search(question):
        order = sorted({day for day in days if day})
        bonus = {day: BONUS * place / max(len(order) - 1, 1) for place, day in enumerate(order)}
    elif period := _period(question):
        bonus = {day: BONUS for day in days if day.startswith(period)}
    else:
        return list(passages)
    ranked = sorted(zip(passages, days, strict=True), key=lambda pair: -(pair[0].score + bonus.get(pair[1], 0.0)))
    return [passage for passage, _ in ranked]


def _period(question: str) -> str | None:
    """The year, month or day that the question names, as its ISO date begins."""
    found = DATED.search(question)
    if not found:
        return None
    before, month, after, year = found.groups()
    if not month:
        return f"{year}"
    period = f"{year}-{MONTHS.index(month.lower()) + 1:02}"
    return f"{period}-{int(before or after):02}" if before or after else period
