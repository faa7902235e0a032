"""Kill -9 at any moment: every article is wholly its old or its new version, and the next run finishes the job."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import BagOfWords
from vectorstore import LibraryBroken, Store

ROOT = Path(__file__).parents[1]
ARTICLES = 30
PARAGRAPHS = 12
KILLS = int(os.environ.get("CRASH_KILLS", "3"))  # `make test-crash`: a hundred


def text_of(article: int, edition: int) -> str:
    """Different in every paragraph of every edition, by words that occur nowhere else."""
    lines = (f"Paragraph {part} of tale{article} was printed in edition{edition} first." for part in range(PARAGRAPHS))
    return "\n\n".join(f"{line} It names x{article}y{edition}." for line in lines)


def write(folder: Path, edition: int) -> None:
    folder.mkdir(exist_ok=True)
    for article in range(ARTICLES):
        (folder / f"tale{article}.txt").write_text(text_of(article, edition))


def run(library: Path, folder: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.crash_child", str(library), str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def check(library: Path, editions: int) -> int:
    """Everything agrees; returns how many articles the library holds."""
    store = Store(library, BagOfWords(), wait_seconds=10)
    try:
        held = store.articles(limit=1000).items
        for item in held:
            article = store.article(item.id)
            number = int(item.id.removeprefix("tale"))
            edition = next(edition for edition in range(editions) if article.text == text_of(number, edition))
            assert len(article.paragraphs) == PARAGRAPHS
            found = store.search(f"x{number}y{edition}", k=50)
            mine = [passage for passage in found if passage.article.id == item.id]
            assert {(passage.span.start, passage.span.end) for passage in mine} == {
                (chunk.start, chunk.end) for chunk in store._catalog.chunks_of([item.id])
            }
            assert all(passage.article.version == item.version for passage in mine)
        chunks = store._catalog.chunks_of([item.id for item in held])
        assert store._dense.rows() == {chunk.row_id for chunk in chunks}, "nothing dangles"
        assert store._lexical.counter == store._catalog.counter
        return len(held)
    finally:
        store.close()


def test_killed_at_any_moment_nothing_is_half(tmp_path: Path) -> None:
    library, folder = tmp_path / "library", tmp_path / "articles"
    chance = random.Random(7)
    write(folder, 0)
    whole = run(library, folder)
    begin = time.monotonic()
    assert whole.stdout is not None
    first = whole.stdout.readline()
    started = time.monotonic() - begin
    assert first
    assert whole.communicate(timeout=120)[0].endswith("done\n")
    took = time.monotonic() - begin - started
    interrupted = 0
    for edition in range(1, KILLS + 1):
        write(folder, edition)
        child = run(library, folder)
        time.sleep(started * 0.5 + chance.random() * (started * 0.6 + took))
        child.kill()
        said, _ = child.communicate()
        interrupted += not said.endswith("done\n")
        assert check(library, edition + 1) == ARTICLES
    assert interrupted, "no kill came in time"
    last = run(library, folder)
    assert last.communicate(timeout=120)[0].endswith("done\n")
    assert check(library, KILLS + 1) == ARTICLES
    store = Store(library, BagOfWords(), wait_seconds=10)
    assert all(store.article(f"tale{n}").text == text_of(n, KILLS) for n in range(ARTICLES))
    store.close()


def test_a_lock_left_by_a_killed_process_is_no_lock(tmp_path: Path) -> None:
    write(tmp_path / "articles", 0)
    child = run(tmp_path / "library", tmp_path / "articles")
    assert child.stdout is not None
    child.stdout.readline()
    child.kill()
    child.communicate()
    assert (tmp_path / "library" / "owner.json").exists()
    check(tmp_path / "library", 1)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryBroken, match="cannot be written"):
        Store(tmp_path / "file" / "library", BagOfWords())


# A limit on the size of files stands for a full disk: writing fails in the same places, with an error of its own.
FULL = """
import resource, signal, sys
from pathlib import Path
from ingest.language import language_of
from tests.crash_child import main
from vectorstore import FootnoteError

language_of("It unpacks its model into a temporary file once.")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    main(Path(sys.argv[1]), Path(sys.argv[2]))
except FootnoteError as error:
    print(error)
"""


@pytest.mark.parametrize("limit", [300_000, 600_000])
def test_a_full_disk_is_one_sentence_and_the_library_is_as_before(tmp_path: Path, limit: int) -> None:
    library, folder = tmp_path / "library", tmp_path / "articles"
    write(folder, 0)
    assert run(library, folder).communicate(timeout=120)[0].endswith("done\n")
    write(folder, 1)
    command = [sys.executable, "-c", FULL, str(library), str(folder), str(limit)]
    full = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert full.returncode == 0, full.stderr
    last = full.stdout.splitlines()[-1]
    assert last.startswith("The library"), last
    assert check(library, 2) == ARTICLES
