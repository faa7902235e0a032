"""An answer written by a chat model, sentence by sentence, of which only what the articles carry is let out.

The model's stream is cut into sentences; each is checked against the paragraphs that it cites, then against all that
it was given. One that fails is asked for once more, with the reason, before anything behind it is let out; what fails
again is left out. Knows paragraphs and a model; knows nothing of refusing, numbering citations or what else is shown.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from langchain_core.messages import BaseMessage

from assistant.generating.markers import Cutter, Draft
from assistant.generating.models import Writer
from assistant.generating.prompt import SENTINEL, asked, mended
from assistant.generating.writing import ModelTrouble, Patience, Writing
from assistant.verifying.verify import Carried, Place, Verifier

MOST_SENTENCES = 12  # looked at: a model that loops writes for ever
MOST_MENDED = 3  # sentences that are asked for once more, each some seconds
MOST_CHARACTERS = 8000
SAYS_NOTHING = "it states nothing"


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that the articles carry, and where."""

    text: str
    places: tuple[Place, ...]
    quoted: bool


@dataclass(slots=True)
class Outcome:
    """What became of the rest, complete once the sentences have been taken."""

    left_out: list[str] = field(default_factory=list)
    unknown_markers: int = 0
    declined: bool = False  # the model said that the articles do not answer
    trouble: str | None = None  # the beginning of a sentence about the model


class Generation:
    """One question put to one model over one list of paragraphs. Iterate once; `close` stops the model."""

    def __init__(self, writer: Writer, verifier: Verifier, places: Sequence[Place], patience: Patience) -> None:
        self.outcome = Outcome()
        self._writer, self._verifier, self._places, self._patience = writer, verifier, tuple(places), patience
        self._held = "\n".join(place.text for place in places)
        self._mended = 0

    def sentences(self, question: str, earlier: Sequence[tuple[str, str]] = ()) -> Iterator[Written]:
        """The sentences that are carried, each as soon as it is checked. Closing the iterator stops the model."""
        messages = asked(question, self._places, earlier)
        writing = Writing(self._writer, messages, self._patience)
        seen: set[str] = set()
        try:
            for draft in self._drafts(writing):
                key = " ".join(re.findall(r"\w+", draft.text.casefold()))
                if key in seen:
                    continue
                seen.add(key)
                found = self._checked(draft, messages)
                if found is not None:
                    yield found
                    writing.begun()
        except ModelTrouble as error:
            self.outcome.trouble = str(error)
        finally:
            writing.close()

    def _drafts(self, writing: Writing) -> Iterator[Draft]:
        """The model's sentences, until it ends, declines, or has written more than anybody reads."""
        cutter = self._cutter()
        written = count = 0
        try:
            for piece in writing:
                written += len(piece)
                for draft in cutter.feed(piece):
                    count += 1
                    if self._declines(draft):
                        return
                    yield draft
                if written > MOST_CHARACTERS or count >= MOST_SENTENCES:
                    break
        except ModelTrouble:
            yield from cutter.end()[:-1]  # the last one is not whole
            raise
        for draft in cutter.end()[: max(0, MOST_SENTENCES - count)]:
            if self._declines(draft):
                break
            yield draft
        self.outcome.unknown_markers += cutter.unknown

    def _cutter(self) -> Cutter:
        return Cutter(range(1, len(self._places) + 1), lambda text: text in self._held)

    def _declines(self, draft: Draft) -> bool:
        self.outcome.declined = self.outcome.declined or SENTINEL in draft.text
        return self.outcome.declined

    def _checked(self, draft: Draft, messages: Sequence[BaseMessage]) -> Written | None:
        """The sentence, or another in its place; None where there is nothing to show."""
        found = self._carried(draft)
        if isinstance(found, Written):
            return found
        if found == SAYS_NOTHING or draft.text.endswith(":"):
            return None  # "Here is the answer:" promises no fact and leaves none out
        again = self._mend(draft, found, messages)
        if again is None:
            self.outcome.left_out.append(draft.text)
        return again

    def _carried(self, draft: Draft) -> Written | str:
        """What is shown of the sentence, or why nothing is."""
        cited = [self._places[number - 1] for number in draft.numbers]
        reason = ""
        for places in (cited, self._places) if cited else (self._places,):
            found = self._verifier.check(draft.text, places)
            if isinstance(found, Carried):
                return Written(draft.text, found.places, found.quoted)
            reason = reason or found.reason
        return reason

    def _mend(self, draft: Draft, reason: str, messages: Sequence[BaseMessage]) -> Written | None:
        if self._mended >= MOST_MENDED:
            return None
        self._mended += 1
        writing = Writing(self._writer, mended(messages, draft.text, reason), self._patience)
        cutter = self._cutter()
        try:
            drafts = [each for piece in writing for each in cutter.feed(piece)] + cutter.end()
        except ModelTrouble:
            return None  # the sentence is left out; whether the rest can still be had shows itself
        finally:
            writing.close()
        found = [self._carried(each) for each in drafts[:1] if SENTINEL not in each.text]
        return found[0] if found and isinstance(found[0], Written) else None
