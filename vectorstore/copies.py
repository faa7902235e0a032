"""Which articles copy another: equal texts, and agency stories that another has nearly whole.

In the order in which they were added, each text is a copy of the earliest original found that has nearly all of it in
its sentences, or else an original itself. Candidates come from an index of every original's longest sentences, in which
a text looks up all of its own; the texts are then compared whole. Copies are not in it, so that a story in a thousand
papers is compared with one. Works inside the catalog's transactions; knows nothing of titles, versions or lists.
"""

import hashlib
import heapq
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sql

from vectorstore.tables import articles, changes, marks, texts, versions

COPIED = 0.9  # share of a text's characters in sentences that its original has too
# Sentences of an original in the index: a near copy of the whole has one of the eight longest, however it was edited;
# one that is cut to a part of the original can miss them.
MARKS = 8
COMMON = 8  # originals with a sentence, from which on it is boilerplate that leads nowhere; it bounds every look-up
END = re.compile(r"[.!?…؟।]+[\"'”’»)\]]*\s|[。！？\n]")
WORD = re.compile(r"\w+")

Sentences = dict[int, int]  # characters of each sentence, by the hash of its words

COPIES = sql.select(texts.c.number).where(texts.c.copy_of == sql.bindparam("original"))
TEXT = (
    sql.select(versions.c.text)
    .join(articles, (versions.c.article_id == articles.c.id) & (versions.c.version == articles.c.version))
    .join(texts, texts.c.article_id == articles.c.id)
    .where(texts.c.number == sql.bindparam("number"))
)


def put(connection: sql.Connection, article_id: str, revision: int) -> None:
    """Marks an article that was added or changed at `revision`, and those whose original it is or was."""
    number = _number(connection, article_id)
    if number is None:
        connection.execute(sql.insert(texts).values(number=revision, article_id=article_id, same=False))
        _mark(connection, revision)
    else:
        _mark_all(connection, [number])


def remove(connection: sql.Connection, article_id: str) -> None:
    """Forgets an article that was removed; its copies are marked anew."""
    number = _number(connection, article_id)
    connection.execute(sql.delete(texts).where(texts.c.number == number))
    connection.execute(sql.delete(marks).where(marks.c.number == number))
    _mark_all(connection, connection.execute(COPIES, {"original": number}).scalars())


def fill(connection: sql.Connection) -> None:
    """Marks every article of a library that knew no copies."""
    added = (
        sql.select(sql.func.min(changes.c.counter), articles.c.id, sql.false())
        .join(articles, articles.c.id == changes.c.article_id)
        .group_by(articles.c.id)
    )
    connection.execute(sql.insert(texts).from_select(["number", "article_id", "same"], added))
    _mark_all(connection, connection.execute(sql.select(texts.c.number)).scalars())


def _number(connection: sql.Connection, article_id: str) -> int | None:
    return connection.execute(sql.select(texts.c.number).where(texts.c.article_id == article_id)).scalar()


def _mark_all(connection: sql.Connection, numbers: Iterable[int]) -> None:
    """Marks these texts, earliest first, and then the later ones whose mark hangs on theirs."""
    waiting = list(numbers)
    heapq.heapify(waiting)
    last = None
    while waiting:
        number = heapq.heappop(waiting)
        if number != last:
            last = number
            for later in _unmark(connection, number) + _mark(connection, number):
                heapq.heappush(waiting, later)


def _unmark(connection: sql.Connection, number: int) -> list[int]:
    """Takes a text's marks off; returns its copies, which are to be marked anew."""
    connection.execute(sql.delete(marks).where(marks.c.number == number))
    connection.execute(sql.update(texts).where(texts.c.number == number).values(copy_of=None, same=False))
    return list(connection.execute(COPIES, {"original": number}).scalars())


def _mark(connection: sql.Connection, number: int) -> list[int]:
    """Marks one text that has no marks; returns the later ones that are found to copy it."""
    text = _text(connection, number)
    sentences = _sentences(text)
    holders = list(_holders(connection, list(sentences)))
    held = Counter(key for key, _ in holders)
    met = sorted({other for key, other in holders if held[key] < COMMON})
    earlier = ((other, _text(connection, other)) for other in met if other < number)
    found = next(((other, theirs) for other, theirs in earlier if _copied(sentences, _sentences(theirs))), None)
    if found is not None:
        original, theirs = found
        values = {"copy_of": original, "same": theirs == text}
        connection.execute(sql.update(texts).where(texts.c.number == number).values(values))
        return []
    telling = [key for key in sentences if held[key] < COMMON]
    longest = heapq.nlargest(MARKS, telling, key=sentences.__getitem__)
    if longest:
        connection.execute(sql.insert(marks), [{"hash": key, "number": number} for key in longest])
    later = (other for other in met if other > number)
    return [other for other in later if _copied(_sentences(_text(connection, other)), sentences)]


def _holders(connection: sql.Connection, keys: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Hash and number of each original that has one of these sentences among its marks."""
    for start in range(0, len(keys), 500):  # databases limit the number of parameters
        query = sql.select(marks.c.hash, marks.c.number).where(marks.c.hash.in_(keys[start : start + 500]))
        yield from (tuple(row) for row in connection.execute(query))


def _text(connection: sql.Connection, number: int) -> str:
    text: str = connection.execute(TEXT, {"number": number}).scalar_one()
    return text


def _copied(one: Sentences, original: Sentences) -> bool:
    """Whether the original has nearly all of the other text."""
    return sum(one[key] for key in one.keys() & original.keys()) >= COPIED * sum(one.values())


def _sentences(text: str) -> Sentences:
    words = (" ".join(WORD.findall(sentence)) for sentence in END.split(text.lower()))
    return {_hash(each): len(each) for each in words if each} or {_hash(text): len(text)}


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)
