"""Whether articles give different figures or dates for what was asked.

Knows candidates, best first, and the words in each that answer; knows nothing of how they were weighed or are shown.
"""

from collections.abc import Sequence

from assistant.answer import Citation, Notice
from assistant.reading.reader import MARGIN, Candidate

# How much below the best a sentence of another article may score and still be taken to answer the same question. Of 530
# XQuAD questions that are answered, no two of whose articles tell the same, none is told to differ at 3, one from 4 to
# 6, two at 7. Two of our samples do differ, 4.4 apart.
COMPARABLE = 6.0
# The network need not be sure of the other's words: a sentence that says the same in other words ("risen to 17") often
# lies a little below 0.
LEAST_MARGIN = -2.0


def other_account(candidates: Sequence[Candidate]) -> Candidate | None:
    """The best sentence of another article whose figures or dates are not those of the first; None where none is."""
    first = candidates[0]
    told = first.figures
    for other in candidates[1:]:
        if other.score < first.score - COMPARABLE:
            return None
        says = other.figures
        elsewhere = other.article.id != first.article.id
        # One that only adds to the other ("17 May", "May") does not differ.
        if elsewhere and other.measures[MARGIN] > LEAST_MARGIN and told and says and not (told <= says or says <= told):
            return other
    return None


def differ(pair: tuple[Candidate, Candidate], citations: Sequence[Citation]) -> Notice:
    """The notice that two sentences give different accounts, with the numbers of those that are cited."""
    accounts = " and ".join(_account(each) for each in pair)
    cited = {(each.article.id, each.span): each.number for each in citations}
    numbers = (cited.get((each.article.id, each.span)) for each in pair)
    return Notice("disagreement", f"The articles differ: {accounts}.", tuple(n for n in numbers if n is not None))


def _account(candidate: Candidate) -> str:
    article = candidate.article
    said = candidate.short.of(article.text) if candidate.short else candidate.text
    when = f" ({article.published[:10]})" if article.published else ""
    return f"“{said}” in {article.title}{when}"
