"""A copy of a library while it is in use: whole, and the same answers when it is opened."""

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import BagOfWords, article, prepared
from vectorstore import InvalidInput, NotFound, Store, backup


def test_a_copy_taken_while_another_writes_is_a_whole_library(tmp_path: Path, embedder: BagOfWords) -> None:
    store = Store(tmp_path / "library", embedder)
    store.put_all([prepared(article("first", "First", "The vale bridge opened."), embedder)])
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            store.put_all([prepared(article(f"a{number}", "More", f"Word{number} was said."), embedder)])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backup(tmp_path / "library", tmp_path / "copy")
    finally:
        stop.set()
        writer.join()
    store.close()
    copy = Store(tmp_path / "copy", BagOfWords())
    try:
        held = copy.articles(limit=1000).items
        assert "first" in {item.id for item in held}
        for item in held:
            assert item.id in {passage.article.id for passage in copy.search(copy.article(item.id).text, k=50)}
    finally:
        copy.close()


def test_a_copy_comes_to_its_end_however_much_is_written(tmp_path: Path) -> None:
    file = tmp_path / "library" / "catalog.sqlite3"
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("PRAGMA journal_mode = WAL; CREATE TABLE words AS SELECT zeroblob(40000000) AS word")
    copied, end = threading.Event(), time.monotonic() + 10

    def write() -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            while not copied.is_set() and time.monotonic() < end:
                connection.execute("INSERT INTO words VALUES (1)")

    writer = threading.Thread(target=write)
    writer.start()
    backup(file.parent, tmp_path / "copy")
    in_time = time.monotonic() < end
    copied.set()
    writer.join()
    assert in_time


def test_nothing_is_written_over(tmp_path: Path, store: Store) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("Dear Ida")
    with pytest.raises(InvalidInput, match="not an empty folder"):
        backup(store.folder, tmp_path / "mine")
    with pytest.raises(NotFound, match="no library"):
        backup(tmp_path / "nowhere", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
