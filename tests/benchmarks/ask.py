"""How long one client waits for `POST /v1/ask` over a library of about ten thousand chunks.

    make bench-ask SETS="DIR/xquad_dev DIR/squad2_train"    # or: python -m tests.benchmarks.ask DIR ... --questions 300

Stores the articles of all the sets, as many as make `--chunks`, starts a server over them and asks the questions of the
first set, one after another. Each is asked once, so that nothing of its answer is remembered.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx

from ingest.document import Document
from ingest.library import open_store
from ingest.pipeline import Pipeline
from tests.benchmarks.load import server
from tests.evaluation.sets import Question, read_set
from vectorstore.embedder import PACKAGED

WARM_UP = 20  # questions that are not counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--chunks", type=int, default=10_000)
    given = parser.parse_args()
    questions = read_set(given.sets[0], given.questions + WARM_UP).questions
    with tempfile.TemporaryDirectory() as folder:
        stored = filled(Path(folder), given.sets, given.chunks)
        with server(Path(folder)) as (_, url):
            report(f"{stored[0]:,} articles, {stored[1]:,} chunks", url, questions)


def filled(folder: Path, sets: Sequence[Path], most: int) -> tuple[int, int]:
    """How many articles and chunks there are in the library that it makes."""
    store = open_store(folder, PACKAGED)
    rows = (json.loads(line) for each in sets for line in (each / "articles.jsonl").open(encoding="utf-8"))
    documents = ((None, Document(row["title"] or row["id"], row["text"])) for row in rows)
    count = chunks = 0
    for added in Pipeline(store).add_all(documents):
        count, chunks = count + 1, chunks + added.chunks
        if chunks >= most:
            break
    store.close()
    return count, chunks


def report(what: str, url: str, questions: Sequence[Question]) -> None:
    stages: dict[str, list[float]] = defaultdict(list)
    for name, milliseconds in asked(url, questions):
        stages[name].append(milliseconds)
    print(f"{what}, {len(stages['over HTTP'])} questions, one client")
    for name, seen in stages.items():
        cuts = statistics.quantiles(seen, n=20)
        print(f"{name:>10}: p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms")


def asked(url: str, questions: Sequence[Question]) -> Iterator[tuple[str, float]]:
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        for number, question in enumerate(questions):
            begin = time.perf_counter()
            answer = client.post("/v1/ask", json={"question": question.text}).raise_for_status().json()
            took = 1000 * (time.perf_counter() - begin)
            if number >= WARM_UP:
                yield "over HTTP", took
                yield from answer["timings_ms"].items()


if __name__ == "__main__":
    main()
