"""The note of which files hold which articles."""

from pathlib import Path

import pytest

from ingest.sources import Source, Sources, fingerprint
from vectorstore import LibraryBroken


def test_what_was_recorded_is_told_again_and_forgotten_when_asked(tmp_path: Path) -> None:
    sources = Sources(tmp_path / "library")
    one = Source(tmp_path / "one.txt", "f1", {"a": "v1"})
    two = Source(tmp_path / "zwei \n.jsonl", "f2", {"b": "v2", "c": "v3"})
    sources.record(one)
    sources.record(two)
    assert list(Sources(tmp_path / "library").all()) == [one, two]
    sources.record(Source(one.path, "f3", {"a": "v9"}))
    sources.forget(two.path)
    assert list(sources.all()) == [Source(one.path, "f3", {"a": "v9"})]


def test_a_fingerprint_changes_with_the_bytes_and_with_how_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    first = fingerprint(path, "1")
    assert fingerprint(path, "1") == first
    assert fingerprint(path, "2") != first
    path.write_text("two")
    assert fingerprint(path, "1") != first


def test_a_broken_note_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "sources.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(LibraryBroken, match="delete it"):
        Sources(tmp_path)
