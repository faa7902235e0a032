"""Whether a receipt is as it was written, and whether the library still has what it quotes.

A citation passes while its words can be read in the library: in the version that was cited, superseded or not, or in
the current one. Says so in lines, one a citation. Knows no command line.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.doors.bodies import checked
from assistant.doors.problems import Problem
from assistant.doors.requests import CheckRequest
from assistant.keeping.check import ArticleOf, Checked, check
from assistant.keeping.kept import KeptAnswer
from assistant.keeping.prose import citations_of, place
from assistant.keeping.receipt import read, tampered
from assistant.terminal import plain
from vectorstore import Article, InvalidInput, NotFound

NOW = {
    "intact": "",
    "moved": "; in the current version characters {} to {}",
    "changed": "; the current version has other words",
    "gone": "; the article was removed",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was checked: `status` is a citation's, or `tampered`."""

    passed: bool
    status: str
    about: str

    def __str__(self) -> str:
        return f"{'PASS' if self.passed else 'FAIL'} {self.status:8} {plain(self.about)}"


def verdicts(raw: bytes, article_of: ArticleOf, kept: Callable[[str], KeptAnswer | None]) -> list[Verdict]:
    """What is to be said of a receipt: of the file where something is wrong with it, then of each citation.

    `kept` gives the answer that the library keeps under an id, None where it keeps none.

    Raises:
        InvalidInput: it is not a receipt.
    """
    data = read(raw)
    body, paragraphs = data["answer"], data["paragraphs"]
    try:
        quoted = list(citations_of(body))
        cited = checked(CheckRequest, {"citations": quoted}).citations
        found = check(cited, article_of)
        about_file = list(_about_file(raw, data, kept))
        pairs = zip(quoted, paragraphs, found, strict=True)
        return about_file + [_verdict(*each, article_of) for each in pairs]
    except (KeyError, TypeError, ValueError, AttributeError, Problem) as error:  # shapes that no answer has
        raise InvalidInput("Its data is not that of an answer: it was changed after it was written.") from error


def _about_file(raw: bytes, data: dict[str, Any], kept: Callable[[str], KeptAnswer | None]) -> Iterator[Verdict]:
    body = data["answer"]
    sign = tampered(raw, data)
    if sign:
        yield Verdict(False, "tampered", f"the file: {sign}")
    held = kept(body["id"])
    if held is not None and held.body != body:
        yield Verdict(False, "tampered", f"the answer: the one that is kept as {body['id']} differs")
    words = {each["number"]: each["cited_text"] for each in body["citations"]}
    for sentence in body["sentences"]:
        if sentence["support"] == "quoted" and sentence["text"] not in {words[each] for each in sentence["citations"]}:
            yield Verdict(False, "tampered", f"the answer: “{sentence['text']}” is not what it quotes")


def _verdict(citation: Mapping[str, Any], paragraph: str | None, found: Checked, article_of: ArticleOf) -> Verdict:
    start, end = citation["start_char_index"], citation["end_char_index"]
    where = f"[{citation['number']}] {place(citation)}, characters {start} to {end}"
    try:
        old = article_of(citation["article_id"], citation["article_version"])
    except NotFound:
        # Without the version that was cited, the words themselves have to be in the current one.
        passed = found.status in ("intact", "moved")
    else:
        if not _faithful(citation, paragraph, old):
            return Verdict(False, "tampered", f"{where}: the article has other words there")
        passed = True
    now = (found.span.start, found.span.end) if found.span else ()
    return Verdict(passed, found.status, where + NOW[found.status].format(*now))


def _faithful(citation: Mapping[str, Any], paragraph: str | None, old: Article) -> bool:
    """Whether the version that was cited says what the receipt says that it does."""
    start, end = citation["paragraph_start_char_index"], citation["paragraph_end_char_index"]
    return (
        old.text[citation["start_char_index"] : citation["end_char_index"]] == citation["cited_text"]
        and old.title == citation["document_title"]
        and paragraph in (None, old.text[start:end])
    )
