"""Whether citations still hold: under thousands of edits of our samples the right place is found, never a wrong one."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.keeping.check import check
from ingest.__main__ import SAMPLES
from ingest.pipeline import to_article
from ingest.readers import read_file
from ingest.sentences import sentences
from ingest.split import paragraphs
from tests.conftest import article
from vectorstore import Article, NotFound

REFRAIN = "He declined to comment."  # stands in every third paragraph: the words alone do not say which is cited
EDITS = ("insert", "insert_sentence", "delete", "delete_sentence", "reorder", "typo", "retitle", "append")


@dataclass(frozen=True)
class Cited:
    """A citation as a caller sends it."""

    number: int | None
    article_id: str
    article_version: str | None
    start_char_index: int
    end_char_index: int
    cited_text: str


def cite(given: Article, words: str, *, version: str | None = None) -> Cited:
    at = given.text.index(words)
    return Cited(1, given.id, version or given.version, at, at + len(words), words)


class Shelf:
    """Articles by id and version, the last one put being the current one."""

    def __init__(self, *versions: Article) -> None:
        self._current = {each.id: each for each in versions}
        self._all = {(each.id, each.version): each for each in versions}

    def __call__(self, id: str, version: str | None) -> Article:
        found = self._current.get(id) if version is None else self._all.get((id, version))
        if found is None:
            raise NotFound("There is none.")
        return found


OLD = article("a", "News", "The bridge opened in May.", "It took nine years. He declined to comment.", "Tolls begin.")


@pytest.mark.parametrize(
    ("now", "words", "status", "at", "paragraph"),
    [
        (OLD, "It took nine years.", "intact", 27, 1),
        (article("a", "New title", *OLD.text.split("\n\n")), "It took nine years.", "intact", 27, 1),
        (article("a", "News", "Oh.", "It took nine years."), "It took nine years.", "moved", 5, 1),
        (article("a", "News", "It took ten years.", "Tolls end."), "It took nine years.", "changed", None, 0),
        (article("a", "News", "Nothing of the kind."), "It took nine years.", "changed", None, None),
        (article("b", "News", OLD.text), "It took nine years.", "gone", None, None),
    ],
)
def test_each_status(now: Article, words: str, status: str, at: int | None, paragraph: int | None) -> None:
    (found,) = check([cite(OLD, words)], Shelf(OLD, now) if now.id == "a" else Shelf(now))
    assert (found.status, found.span and found.span.start, found.paragraph_index) == (status, at, paragraph)
    assert found.span is None or found.span.of(now.text) == words
    told = found.to_json()
    assert told["article_version"] == (now.version if now.id == "a" else None)
    if paragraph is not None:
        part = now.paragraphs[paragraph]
        assert (told["paragraph_start_char_index"], told["paragraph_end_char_index"]) == (part.start, part.end)


def test_of_several_places_the_one_in_the_same_company() -> None:
    old = article("a", "T", f"Ida spoke. {REFRAIN} Rain fell.", f"Piet stayed. {REFRAIN} Snow fell.")
    now = article(
        "a", "T", f"Piet stayed. {REFRAIN} Snow fell.", "A new paragraph.", f"Ida spoke. {REFRAIN} Rain fell."
    )
    (found,) = check([cite(old, REFRAIN)], Shelf(old, now))
    assert (found.status, found.paragraph_index, found.places) == ("moved", 2, 2)


def test_without_the_old_version_the_nearest_place_is_taken() -> None:
    now = article("a", "T", "Oh.", REFRAIN, "x" * 400, REFRAIN)
    cited = Cited(1, "a", "sha256:removed", 410, 410 + len(REFRAIN), REFRAIN)
    for version in ("sha256:removed", None, now.version):  # the last: it never stood where the citation says
        (found,) = check([Cited(1, "a", version, 410, 410 + len(REFRAIN), cited.cited_text)], Shelf(now))
        assert (found.status, found.paragraph_index) == ("moved", 3)


def test_words_between_paragraphs_and_offsets_beyond_the_end_harm_nothing() -> None:
    for cited in (Cited(None, "a", None, 10**12, 10**12 + 2, "\n\n"), Cited(2, "a", None, 5, 1, "May.\n\nIt took")):
        (found,) = check([cited], Shelf(OLD))
        assert found.status == "moved"


def test_an_article_in_one_long_paragraph_is_read_around_the_words_alone() -> None:
    line = "The council met at noon and spoke of the harbour, the roof and the bridge. " + REFRAIN + " "
    old, now = article("a", "T", line * 2000), article("a", "T", "Oh. " + line * 2000)
    at = old.text.index(REFRAIN, 90_000)
    begun = time.process_time()
    (found,) = check([Cited(1, "a", old.version, at, at + len(REFRAIN), REFRAIN)], Shelf(old, now))
    assert time.process_time() - begun < 3  # .2; 12 when each place's whole paragraph was counted
    assert (found.status, found.places, found.span and found.span.start) == ("moved", 2000, at + 4)


# Moonshot: citations that survive the document changing

Sentences = list[tuple[int | None, str]]  # the number of the sentence in the old version, None for a new one


def read(path: Path) -> list[Sentences]:
    """The paragraphs of a sample as numbered sentences, with a refrain in every third."""
    (document,) = read_file(path)
    text = to_article(document).text
    found: list[Sentences] = []
    for part in paragraphs(text):
        found.append([(None, span.of(text)) for span in sentences(text, part.span)])
        if len(found) % 3 == 0:
            found[-1].insert(len(found[-1]) // 2 + len(found) % 2, (None, REFRAIN))
    numbers = iter(range(10**6))
    return [[(next(numbers), words) for _, words in part] for part in found]


def laid_out(id: str, parts: list[Sentences]) -> tuple[Article, dict[int, int]]:
    """The article, and where each numbered sentence stands in it."""
    at, places, texts = 0, {}, []
    for part in parts:
        for number, words in part:
            if number is not None:
                places[number] = at
            at += len(words) + 1
        at += 1
        texts.append(" ".join(words for _, words in part))
    return article(id, "Sample", *texts), places


def edited(parts: list[Sentences], kind: str, chance: random.Random) -> list[Sentences]:
    now = [list(part) for part in parts]
    one = chance.randrange(len(now))
    sentence = chance.randrange(len(now[one]))
    match kind:
        case "insert":
            now.insert(one, [(None, "A paragraph that nobody had written before."), (None, REFRAIN)])
        case "insert_sentence":
            now[one].insert(sentence, (None, f"This was added {chance.random():.4f} times."))
        case "delete":
            del now[one]
        case "delete_sentence":
            now[one] = [each for at, each in enumerate(now[one]) if at != sentence] or [(None, "Nothing is left.")]
        case "reorder":
            now.insert(chance.randrange(len(now)), now.pop(one))
        case "typo":
            words = now[one][sentence][1]
            at = chance.randrange(len(words))
            typo = chance.choice(
                [words[:at] + "~" + words[at + 1 :], words[:at] + words[at + 1 :], words[:at] + "~" + words[at:]]
            )
            now[one][sentence] = (None, typo)
        case "append":
            now.append([(None, "Correction: an earlier version was shorter.")])
    return now


def test_citations_survive_edits() -> None:
    """`pytest tests/test_check.py -s` prints the figures."""
    chance = random.Random(2026)
    checked = still_there = found_again = misplaced = 0
    for path in sorted(SAMPLES.iterdir()):
        old_parts = read(path)
        old, old_places = laid_out(path.name, old_parts)
        words = dict(each for part in old_parts for each in part)
        cited = [
            Cited(number, old.id, old.version, at, at + len(words[number]), words[number])
            for number, at in old_places.items()
        ]
        for _ in range(30):
            parts = old_parts
            for kind in chance.choices(EDITS, k=chance.randint(1, 6)):
                parts = edited(parts, kind, chance)
            now, places = laid_out(path.name, parts)
            for each, result in zip(cited, check(cited, Shelf(old, now)), strict=True):
                checked += 1
                assert (result.status == "changed") == (each.cited_text not in now.text)
                assert result.span is None or result.span.of(now.text) == each.cited_text  # never other words
                if each.number in places:
                    still_there += 1
                    found_again += result.span is not None
                    misplaced += result.span is not None and result.span.start != places[each.number]
    print(f"{checked} checked, {still_there} still there: {found_again} found again, {misplaced} of them misplaced")
    assert checked > 5000
    assert found_again == still_there
    assert misplaced <= 0.001 * still_there  # as likely by what stands around them: `places` tells that there are more
