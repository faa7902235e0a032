"""Which articles copy another: told in the list, after every change of either, and in libraries that knew no copies."""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import article
from vectorstore import Catalog, copies, open_catalog

STORM = tuple(f"The storm took roof number {number} of the harbour before noon on Tuesday." for number in range(12))
FERRY = tuple(f"Ferry {number} stayed at its berth because the pilot could not see the bar." for number in range(12))
LAW = tuple(f"Clause {number} of the harbour act lets the council close a quay for repairs." for number in range(12))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "catalog.sqlite3")
    yield opened
    opened.close()


def put(catalog: Catalog, article_id: str, *paragraphs: str, title: str = "Title") -> None:
    catalog.commit(article(article_id, title, *paragraphs), [], [], catalog.counter + 1)


def marked(catalog: Catalog) -> dict[str, tuple[str, bool]]:
    items = catalog.listed(None, None, 1000, None).items
    return {item.id: (item.copy_of, item.same_text) for item in items if item.copy_of is not None}


def test_equal_texts_and_near_ones_are_told_apart_and_others_are_not_marked(catalog: Catalog) -> None:
    put(catalog, "wire", *STORM)
    put(catalog, "herald", *STORM, title="Roofs gone")
    put(catalog, "gazette", *STORM[:11], "Our reporter adds that the church was spared.")
    put(catalog, "broken otherwise", " ".join(STORM).upper().replace("TUESDAY", "\u201cTuesday\u201d"))
    put(catalog, "cut", *STORM[:6])
    put(catalog, "longer", *STORM, *FERRY)
    put(catalog, "half", *STORM[:6], *FERRY[:6])
    put(catalog, "other", *LAW)
    assert marked(catalog) == {
        "herald": ("wire", True),
        "gazette": ("wire", False),
        "broken otherwise": ("wire", False),
        "cut": ("wire", False),
        "half": ("longer", False),
    }


@pytest.mark.parametrize("text", ["Words.", "…", "港口在周二关闭。渡轮停航。"])
def test_short_texts_and_those_without_words_are_compared_too(catalog: Catalog, text: str) -> None:
    put(catalog, "a", text)
    put(catalog, "b", text)
    put(catalog, "c", text + " More of it, and something else.")
    assert marked(catalog) == {"b": ("a", True)}


def test_when_the_original_goes_the_next_takes_its_place(catalog: Catalog) -> None:
    for name in "abc":
        put(catalog, name, *STORM)
    catalog.remove("a")
    assert marked(catalog) == {"c": ("b", True)}
    put(catalog, "a", *STORM)  # added last, this time
    assert marked(catalog) == {"c": ("b", True), "a": ("b", True)}
    catalog.remove("b")
    catalog.remove("a")
    assert marked(catalog) == {}


def test_an_edit_marks_anew_and_keeps_the_order(catalog: Catalog) -> None:
    put(catalog, "first", *STORM)
    put(catalog, "second", *STORM)
    put(catalog, "first", *STORM[:11], "A correction: the church was spared.")
    assert marked(catalog) == {"second": ("first", False)}
    put(catalog, "first", *LAW)
    assert marked(catalog) == {}
    put(catalog, "third", *FERRY)
    put(catalog, "first", *FERRY)  # now what others have said since
    assert marked(catalog) == {"third": ("first", True)}
    put(catalog, "third", *STORM)
    assert marked(catalog) == {"third": ("second", True)}


def test_what_thousands_share_leads_nowhere_and_bounds_the_work(catalog: Catalog) -> None:
    footer = [f"{line} Write to us, by post, if you think that this notice is wrong or out of date." for line in "abc"]
    for number in range(3 * copies.COMMON):
        put(catalog, f"a{number}", *(f"Meeting {number} spoke of {number + part}." for part in range(9)), *footer)
    assert marked(catalog).keys() <= {f"a{number}" for number in range(3 * copies.COMMON)}
    with catalog.database.reading() as connection:
        of_each = connection.exec_driver_sql("SELECT count(*) FROM marks GROUP BY hash").scalars().all()
    assert max(of_each) <= copies.COMMON
    put(catalog, "copy", *(f"Meeting 23 spoke of {23 + part}." for part in range(9)), *footer)
    assert "copy" in marked(catalog)


def shares(one: str, other: str) -> bool:
    return copies._copied(copies._sentences(one), copies._sentences(other))


@pytest.mark.parametrize("seed", range(4))
def test_after_any_changes_every_mark_holds_and_none_is_missing(catalog: Catalog, seed: int) -> None:
    chance = random.Random(seed)
    stories = [STORM, FERRY, LAW]
    added: list[str] = []
    for step in range(60):
        name = f"a{chance.randrange(12)}"
        if name in added and chance.random() < 0.3:
            catalog.remove(name)
            added.remove(name)
        else:
            kept = chance.choice(stories)[chance.choice((0, 0, 1, 6)) :]
            put(catalog, name, *kept, *([f"Edition {step} has a line of its own."] if chance.random() < 0.5 else []))
            added += [name] if name not in added else []
        found = marked(catalog)
        texts = {each: catalog.article(each).text for each in added}
        for place, each in enumerate(added):
            if each in found:
                original, same = found[each]
                assert original in added[:place]
                assert original not in found
                assert shares(texts[each], texts[original])
                assert same == (texts[each] == texts[original])
            else:
                assert not any(shares(texts[each], texts[other]) for other in added[:place] if other not in found)


def as_before(folder: Path) -> None:
    """Takes from a library what schema 1 did not have."""
    with sqlite3.connect(folder / "catalog.sqlite3") as connection:
        connection.executescript(
            "DROP TABLE texts; DROP TABLE marks; UPDATE facts SET value = '1' WHERE name = 'schema'"
        )
    connection.close()


def test_a_library_of_schema_1_is_marked_when_its_owner_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite3")
    for name, text in {"z": STORM, "b": FERRY, "c": STORM, "d": LAW}.items():
        put(catalog, name, *text)
    put(catalog, "z", *STORM, title="A new title")  # has the newest revision, and was there first
    put(catalog, "e", *FERRY[:11])
    before = marked(catalog)
    assert before == {"c": ("z", True), "e": ("b", False)}
    catalog.close()
    as_before(tmp_path)

    beside = open_catalog(tmp_path)  # a reader leaves it as it is: an older Footnote may be writing
    assert marked(beside) == {}
    assert beside.fact("schema") == "1"
    beside.close()

    catalog = Catalog(tmp_path / "catalog.sqlite3")
    with monkeypatch.context() as patch:
        patch.setattr(copies, "_text", lambda *_: 1 / 0)  # killed midway
        with pytest.raises(ZeroDivisionError):
            catalog.migrate()
    assert catalog.fact("schema") == "1"
    catalog.migrate()
    assert marked(catalog) == before
    assert catalog.fact("schema") == "2"
    catalog.migrate()
    catalog.remove("z")
    assert marked(catalog) == {"e": ("b", False)}
    catalog.close()


def test_an_article_and_its_mark_are_stored_together_or_not_at_all(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalog, "a", *STORM)
    put(catalog, "b", *STORM)
    monkeypatch.setattr(copies, "_copied", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        put(catalog, "c", *STORM)
    with pytest.raises(ZeroDivisionError):
        put(catalog, "b", *STORM[:11])
    assert catalog.revisions().keys() == {"a", "b"}
    assert marked(catalog) == {"b": ("a", True)}
