"""A question with what has come of it so far, as the page keeps it. Knows nothing of how it is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.answer import Shown

Body = Mapping[str, Any]  # of an answer, or of a citation: the contract's JSON
State = Literal["waiting", "whole", "stopped", "trouble"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """`body` is the contract's JSON of the answer, or as much of it as has been given, so that an answer that is kept
    and one that is being given are drawn alike.
    """

    question: str
    state: State = "waiting"
    body: Body | None = None
    trouble: str = ""
    thumb: str | None = None
    reason: str | None = None

    @property
    def citations(self) -> Sequence[Body]:
        """What can be opened: what an answer rests on, or what came closest to one."""
        if self.body is None:
            return ()
        refusal = self.body.get("refusal")
        cited: Sequence[Body] = refusal["closest"] if refusal else self.body["citations"]
        return cited

    def citation(self, number: int) -> Body | None:
        return next((each for each in self.citations if each["number"] == number), None)


def given(question: str, shown: Sequence[Shown]) -> dict[str, Any]:
    """The body of an answer of which these sentences have been given."""
    return {
        "id": None,
        "question": question,
        "searched_for": question,
        "refused": False,
        "refusal": None,
        "notices": [],
        "confidence": None,
        "short_answer": None,
        "sentences": [each.sentence.to_json() for each in shown],
        "citations": [citation.to_json() for each in shown for citation in each.new_citations],
    }
