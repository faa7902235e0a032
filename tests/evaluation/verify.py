"""How well verification tells supported sentences from altered ones: `make evaluate-verify DATA=folder`.

`DATA` holds `wikinews`, `xquad_dev` and `clapnq_dev`, each with articles.jsonl. A sentence of an article, cited with
its paragraph, has one fact altered (to be refused), is left as it is, or is paraphrased (both to be let through).
People's own long answers of clapnq, whose sentences are mostly the evidence's words, count as paraphrases by hand.
Prints, for each kind, how many were tried and the share refused, and the milliseconds a sentence took.
"""

import argparse
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.verifying.verify import Carried, Place, Verifier
from ingest.sentences import sentences
from ingest.split import paragraphs
from tests.evaluation.alterations import ALTERATIONS, NAME, NOT_NAMES
from tests.evaluation.paraphrases import PARAPHRASES, fronted, merged, synonyms
from vectorstore import Article, Span, load_embedder

QUOTED = re.compile(r"[\"“”«»]")
SETS = ("wikinews", "xquad_dev", "clapnq_dev")


@dataclass(frozen=True)
class Pair:
    """A sentence and the paragraphs it cites. `true`: to be let through."""

    kind: str
    sentence: str
    cited: tuple[Place, ...]
    true: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", nargs="*", default=SETS)
    parser.add_argument("--each", type=int, default=400, help="pairs of a kind and set at most")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", nargs="*", default=(), help="kinds whose mistakes to print")
    options = parser.parse_args()
    verifier = Verifier(load_embedder(), _stems())
    for name in options.sets:
        pairs = _sampled(_pairs(_articles(options.data / name), random.Random(options.seed)), options)
        if name == "clapnq_dev":
            pairs += _sampled(_answers(options.data / name), options)
        _report(name, verifier, pairs, options.show)


def _stems():  # type: ignore[no-untyped-def]
    import tempfile

    from vectorstore.lexical import Lexical

    return Lexical(Path(tempfile.mkdtemp())).stems


def _articles(folder: Path) -> list[Article]:
    found = []
    for line in (folder / "articles.jsonl").open():
        row = json.loads(line)
        text = _untokenised(row["text"])
        found.append(Article(row["id"], row["title"], text, tuple(paragraphs(text)), published=row.get("date")))
    return found


def _untokenised(text: str) -> str:
    """As people write: clapnq's passages have spaces around every mark."""
    text = re.sub(r"`` ?|''", '"', text)
    text = re.sub(r" ([.,;:!?%)\]])", r"\1", text)
    text = re.sub(r"([(\[$]) ", r"\1", text)
    text = re.sub(r" (n't|'s|'re|'ve|'ll|'d|'m)\b", r"\1", text)
    return re.sub(r"(\w) (-|–) (\w)", r"\1\2\3", text)


def _pairs(articles: Sequence[Article], rng: random.Random) -> Iterator[Pair]:
    for article in articles:
        names = sorted({m[0] for m in NAME.finditer(article.text) if m[0] not in NOT_NAMES})
        for index, paragraph in enumerate(article.paragraphs):
            cited = (Place(article, index, paragraph.span),)
            spans = [s for s in sentences(article.text, paragraph.span) if 40 <= s.end - s.start <= 400]
            for position, span in enumerate(spans):
                text = span.of(article.text)
                if not text.endswith((".", '."', ".”")) or "\n" in text:
                    continue
                yield Pair("unaltered", _retold(text), cited, True)
                for kind, change in ALTERATIONS.items():
                    if (altered := change(text, rng, names)) and altered != text:
                        yield Pair(kind, altered, cited, False)
                for kind, paraphrase in PARAPHRASES.items():
                    if not QUOTED.search(text) and (said := paraphrase(text)):  # nobody rewords a quotation
                        yield Pair(kind, said, cited, True)
                if not QUOTED.search(text) and (reworded := synonyms(fronted(text) or text)):
                    for kind, change in ALTERATIONS.items():
                        if altered := change(reworded, rng, names):
                            yield Pair(f"{kind}, reworded", altered, cited, False)
                following = spans[position + 1].of(article.text) if position + 1 < len(spans) else ""
                if following and (said := merged(text, following)):
                    yield Pair("merged", said, cited, True)


def _retold(text: str) -> str:
    """The sentence with a mark changed at its end, so that it is not found letter for letter."""
    return text[:-1].rstrip('."”') + ("" if text.endswith(".") else '"') + "!"


def _answers(folder: Path) -> Iterator[Pair]:
    articles = {article.id: article for article in _articles(folder)}
    for line in (folder / "questions.jsonl").open():
        row = json.loads(line)
        if not row["answerable"] or row["article_id"] not in articles:
            continue
        article = articles[row["article_id"]]
        cited = tuple(Place(article, index, each.span) for index, each in enumerate(article.paragraphs))
        answer = _untokenised(row["answers"][0])
        for span in sentences(answer, Span(0, len(answer)), "en"):
            yield Pair("by hand", span.of(answer), cited, True)


def _sampled(pairs: Iterator[Pair], options: argparse.Namespace) -> list[Pair]:
    kinds: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        kinds[pair.kind].append(pair)
    rng = random.Random(options.seed)
    return [pair for each in kinds.values() for pair in rng.sample(each, min(len(each), options.each))]


def _report(name: str, verifier: Verifier, pairs: Sequence[Pair], show: Sequence[str]) -> None:
    refused: dict[str, list[bool]] = defaultdict(list)
    truth: dict[str, bool] = {}
    milliseconds = []
    for pair in pairs:
        verifier.check("Warm.", pair.cited)  # the articles are read once, before a model writes
        begin = time.perf_counter()
        found = verifier.check(pair.sentence, pair.cited)
        milliseconds.append((time.perf_counter() - begin) * 1000)
        refused[pair.kind].append(not isinstance(found, Carried))
        truth[pair.kind] = pair.true
        if pair.kind in show and isinstance(found, Carried) != pair.true:
            said = " | ".join(p.text for p in found.places) if isinstance(found, Carried) else found.reason
            print(f"[{pair.kind}] {pair.sentence}\n     -> {said}")
    milliseconds.sort()
    middle, late = (milliseconds[int(len(milliseconds) * share)] for share in (0.5, 0.95))
    print(f"{name}: {len(pairs)} sentences, ms p50 {middle:.1f} p95 {late:.1f}")
    for kind, results in refused.items():
        word = "wrongly refused" if truth[kind] else "caught"
        print(f"  {kind:20} {len(results):5}  {word} {100 * sum(results) / len(results):5.1f} %")
    for true, word in ((False, "altered, caught"), (True, "paraphrased, refused")):
        kinds = [each for kind, each in refused.items() if truth[kind] is true and kind != "unaltered"]
        total = [result for results in kinds for result in results]
        print(f"  {word}: {100 * sum(total) / max(len(total), 1):.1f} % of {len(total)}")


if __name__ == "__main__":
    main()
