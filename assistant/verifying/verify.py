"""Does the cited text carry this sentence? Alignment to the exact words, then the fact gate.

A sentence is lined up with the sentences of the paragraphs it cites by the words that say something and, where those
leave doubt, by meaning. What lines up best has to pass `gate.py`; where it does not, the next ones, the sentence with
the one before it ("He ..."), and two or three together (a merged sentence) are tried. What passes is narrowed to the
clauses that hold the words. Knows sentences and paragraphs; knows no models and no markers.
"""

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.verifying.copies import contradicted, inserted
from assistant.verifying.facts import Facts, facts_of
from assistant.verifying.gate import missing
from assistant.verifying.naming import STANDS_FOR, Around
from assistant.verifying.reasons import added
from ingest.sentences import sentences
from vectorstore import Article, Embedder, Span, Vectors

TRIED = 4  # sentences that line up best
TOGETHER = 3  # sentences that one may merge
# Of a sentence's telling words, the share that the cited words must hold: this, or less where the meaning is near.
ENOUGH = 0.75
LEAST = 0.4
NEAR = 0.62  # cosine
WORSE = 0.2  # how much less than the sentence that lines up best another may hold
NEW_WORDS = 1  # that a further sentence has to bring, beside names and numbers, to be cited with the first
KEPT = 4096  # sentences of articles whose facts are kept
# A word put into a near copy is an invention where its cosine with every cited word is less. Of 131 sentences with an
# adverb put in at random ("secretly", "unanimously") 81 are caught, 41 at .35, 3 without; of 1,106 paraphrases, and of
# 309 sentences of people's own answers, none is lost.
UNLIKE = 0.4
CLAUSE = re.compile(r"[,;:()—–](?!\d)\s*|\s-\s")
NARROWER = 0.75  # share of the sentence below which the clause alone is cited

Stems = Callable[[str, str | None], list[str]]


@dataclass(frozen=True, slots=True)
class Place:
    """A span inside paragraph `paragraph_index` of an article version."""

    article: Article
    paragraph_index: int
    span: Span

    @property
    def text(self) -> str:
        return self.span.of(self.article.text)


@dataclass(frozen=True, slots=True)
class Carried:
    """The places that carry a sentence, best first; `quoted`: it is the first one's text, letter for letter."""

    places: tuple[Place, ...]
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Why nothing carries a sentence, as a clause: "the number 118 is not in the cited words"."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence of an article, read."""

    place: Place
    facts: Facts
    before: "Facts | None"


class Verifier:
    """Checks sentences against paragraphs. Thread-safe."""

    def __init__(self, embedder: Embedder, stems: Stems) -> None:
        """`stems` are the words of a text without their endings, in a language (BCP 47): `Store.stems`."""
        self._embedder = embedder
        self._stems = stems
        self._units: dict[tuple[str, str, int], tuple[_Unit, ...]] = {}
        self._vectors: dict[tuple[str, str, Span], Vectors] = {}
        self._guard = threading.Lock()

    def check(self, sentence: str, paragraphs: Sequence[Place]) -> Carried | Failed:
        """Which words of `paragraphs` carry `sentence`, or why none do."""
        units = [unit for place in paragraphs for unit in self._read(place)]
        for unit in units:
            if unit.place.text == sentence:
                return Carried((unit.place,), quoted=True)
        language = units[0].place.article.language if units else None
        claim = facts_of(sentence, self._stemmer(language), language=language)
        if not claim.content:
            return Failed("it states nothing")
        ranked = self._ranked(claim, units)
        reason = "nothing in the articles says it"
        best = held(claim, [ranked[0].facts], self._told(ranked[0])) if ranked else 0.0
        for tried, group in enumerate(self._groups(claim, ranked)):
            failing = self._fails(claim, group, best)
            if failing is None:
                return Carried(tuple(self._narrowed(claim, unit, group) for unit in group))
            reason = failing if tried == 0 else reason
        return Failed(reason)

    # Reading what is cited

    def _stemmer(self, language: str | None) -> Callable[[str], str]:
        def stem(word: str) -> str:
            found = self._stems(word, language or "en")
            return found[0] if found else word

        return stem

    def _read(self, place: Place) -> tuple[_Unit, ...]:
        article = place.article
        key = (article.id, article.version, place.paragraph_index)
        with self._guard:
            held = self._units.get(key)
        if held is None:
            held = tuple(self._units_of(article, place.paragraph_index))
            with self._guard:
                if len(self._units) > KEPT:
                    self._units.clear()
                self._units[key] = held
        return tuple(unit for unit in held if place.span.holds(unit.place.span)) or held

    def _units_of(self, article: Article, index: int) -> Iterable[_Unit]:
        before = None
        for span in sentences(article.text, article.paragraphs[index].span, article.language):
            facts = self._facts(article, span.of(article.text))
            yield _Unit(Place(article, index, span), facts, before)
            before = facts

    def _facts(self, article: Article, text: str) -> Facts:
        day = date.fromisoformat(article.published[:10]) if article.published else None
        return facts_of(text, self._stemmer(article.language), language=article.language, published=day)

    # Lining up

    def _ranked(self, claim: Facts, units: Sequence[_Unit]) -> list[_Unit]:
        shares = {id(unit): held(claim, [unit.facts], self._told(unit)) for unit in units}
        best = sorted(units, key=lambda unit: -shares[id(unit)])
        if not best or shares[id(best[0])] >= ENOUGH:
            return best[: 2 * TRIED]
        near = best[: 2 * TRIED]
        cosines = self._cosines(claim.text, near)
        return sorted(near, key=lambda unit: -(shares[id(unit)] + cosines[near.index(unit)]))

    def _cosines(self, sentence: str, units: Sequence[_Unit]) -> list[float]:
        keys = [(unit.place.article.id, unit.place.article.version, unit.place.span) for unit in units]
        with self._guard:
            known = {key: self._vectors[key] for key in keys if key in self._vectors}
        fresh = [unit for key, unit in zip(keys, units, strict=True) if key not in known]
        vectors = self._embedder.embed([sentence, *(unit.place.text for unit in fresh)])
        for unit, vector in zip(fresh, vectors[1:], strict=True):
            known[unit.place.article.id, unit.place.article.version, unit.place.span] = vector
        with self._guard:
            if len(self._vectors) > KEPT:
                self._vectors.clear()
            self._vectors.update(known)
        return [float(known[key] @ vectors[0]) for key in keys]

    def _told(self, unit: _Unit) -> frozenset[str]:
        """What "it" and "the mayor" may stand for: the words of the title, and the names of the sentence before."""
        if not STANDS_FOR & unit.facts.keys:
            return frozenset()
        before = unit.before
        names = (before.tokens[index].stem for index in before.names) if before else ()
        article = unit.place.article
        return frozenset(self._stems(article.title, article.language or "en")) | frozenset(names)

    def _groups(self, claim: Facts, ranked: Sequence[_Unit]) -> Iterable[tuple[_Unit, ...]]:
        """What may carry the sentence, in the order to try it."""
        singles = ranked[:TRIED]
        yield from ((unit,) for unit in singles)
        for unit in singles[:2]:
            chosen = [unit]
            while len(chosen) < TOGETHER and (further := _further(claim, chosen, ranked)):
                chosen.append(further)
                yield tuple(chosen)

    def _fails(self, claim: Facts, group: Sequence[_Unit], best: float) -> str | None:
        first = group[0]
        cited = first.facts if len(group) == 1 else self._joined(group)
        around = Around(first.place.article.title, first.place.article.text, first.before)
        if reason := missing(claim, cited, around):
            return reason
        for unit in group:
            if reason := contradicted(claim, unit.facts):
                return reason
        told = self._told(first)
        if reason := added(claim, cited, told):
            return reason
        share = held(claim, [cited], told)
        if share < ENOUGH and (share < max(LEAST, best - WORSE) or max(self._cosines(claim.text, group)) < NEAR):
            return "the cited words do not say it"
        return self._inserted(claim, cited, first)

    def _inserted(self, claim: Facts, cited: Facts, first: _Unit) -> str | None:
        """A word put into a near copy that is like none of the cited words, nor in the title or the sentence before."""
        article = first.place.article
        known = frozenset(self._stems(article.title, article.language or "en"))
        known |= first.before.stems if first.before else frozenset()
        new = [token for token in inserted(claim, cited) if token.stem not in known]
        words = list(dict.fromkeys(cited.tokens[index].key for index in cited.content))
        if not new or not words or not (article.language or "en").startswith("en"):
            return None
        vectors = self._embedder.embed([*(token.key for token in new), *words])
        nearest = (vectors[: len(new)] @ vectors[len(new) :].T).max(axis=1)
        unlike = (token for token, cosine in zip(new, nearest, strict=True) if cosine < UNLIKE)
        return next((f"“{token.text}” is not in the cited words" for token in unlike), None)

    def _joined(self, group: Sequence[_Unit]) -> Facts:
        return self._facts(group[0].place.article, " ".join(unit.place.text for unit in group))

    def _narrowed(self, claim: Facts, unit: _Unit, group: Sequence[_Unit]) -> Place:
        """The clauses of the sentence from the first word that the claim has to the last."""
        place, wanted = unit.place, {claim.tokens[index].stem for index in claim.content}
        found = [
            token
            for index, token in enumerate(unit.facts.tokens)
            if index in unit.facts.content and token.stem in wanted
        ]
        if not found or len(group) > 1:
            return place
        text = place.text
        start = max((match.end() for match in CLAUSE.finditer(text) if match.end() <= found[0].start), default=0)
        end = min(
            (match.start() for match in CLAUSE.finditer(text) if match.start() >= found[-1].end), default=len(text)
        )
        if end - start >= NARROWER * len(text) or text[start:end].count('"') % 2 or _unpaired(text[start:end]):
            return place
        article = place.article
        if missing(claim, self._facts(article, text[start:end]), Around(article.title, article.text, unit.before)):
            return place
        return Place(article, place.paragraph_index, Span(place.span.start + start, place.span.start + end))


def held(claim: Facts, cited: Sequence[Facts], told: frozenset[str] = frozenset()) -> float:
    """The share of the claim's telling words that the cited text has, in [0, 1]; names and numbers count twice.

    `told` are stems that the cited text has by standing for them.
    """
    strong = claim.counted | set(claim.names)
    total = found = 0.0
    for index in claim.content:
        weight = 2.0 if index in strong else 1.0
        token = claim.tokens[index]
        total += weight
        if index in claim.counted or token.stem in told or any(token.stem in each.stems for each in cited):
            found += weight
    return found / total if total else 0.0


def _further(claim: Facts, chosen: Sequence[_Unit], ranked: Sequence[_Unit]) -> _Unit | None:
    """The sentence that brings most of the words still missing; None where none brings enough.

    Names and numbers do not count: else a wrong one would be found in any sentence that happens to hold it.
    """
    strong = claim.counted | set(claim.names)
    stems = {claim.tokens[index].stem for index in claim.content if index not in strong}
    stems -= {stem for unit in chosen for stem in unit.facts.stems}
    brought = {id(unit): len(stems & unit.facts.stems) for unit in ranked if unit not in chosen}
    best = max((unit for unit in ranked if unit not in chosen), key=lambda unit: brought[id(unit)], default=None)
    return best if best is not None and brought[id(best)] >= NEW_WORDS else None


def _unpaired(text: str) -> bool:
    return text.count("“") != text.count("”") or text.count("(") != text.count(")")
