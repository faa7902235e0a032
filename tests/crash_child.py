"""A writer to be killed: `python -m tests.crash_child LIBRARY FOLDER`. Not a test: tests/test_crash.py starts it.

Puts every file of FOLDER into LIBRARY with the real pipeline and store and a small embedder, then says "done".
"""

import sys
from pathlib import Path

from ingest.document import Document
from ingest.pipeline import Pipeline
from tests.conftest import BagOfWords
from vectorstore import Store


def main(library: Path, folder: Path) -> None:
    store = Store(library, BagOfWords(), wait_seconds=10)
    documents = ((path.stem, Document(path.stem, path.read_text())) for path in sorted(folder.iterdir()))
    for added in Pipeline(store).add_all(documents):
        print(added.article.id, flush=True)
    store.close()
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
