"""Words in tantivy, ranked by BM25. The one module that knows tantivy.

Derived: it follows the catalog's counter, so that catching up after a crash, a rebuild and a first start are one
code path. Every word is indexed twice: as it stands, so that exact names and numbers win, and, where the article's
language is known to be English or not known at all, as its stem, so that "opens" finds "opened".
"""

import math
import os
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import tantivy

from vectorstore.article import Article
from vectorstore.dense import Hit
from vectorstore.rows import StoredChunk

FORMAT = "1"  # raise when the schema changes: the index is then made anew
WRITER_HEAP = 30_000_000  # bytes; tantivy's least is 15 million
MOST_WORDS = 64  # of one query: a pasted page is not a question

# Scripts written without spaces between words: every character becomes a word of its own, which for BM25 over short
# chunks is nearly as good as a dictionary and needs none.
UNSPACED = re.compile(
    "([\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff])"  # kana, Chinese characters
)


class Lexical:
    """Best chunks by BM25. One writer (the store sees to it), any number of readers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._plain = _analyzer()
        self._stem = _analyzer("english")
        self._open()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        if self.counter == 0:
            for leftover in self._folder.iterdir():
                leftover.unlink()
        self._index = tantivy.Index(self._schema, path=str(self._folder))
        self._index.register_tokenizer("plain", self._plain)
        self._index.register_tokenizer("stem", self._stem)
        self._writer: tantivy.IndexWriter | None = None

    @property
    def _marker(self) -> Path:
        return self._folder / "counter"

    @property
    def counter(self) -> int:
        """The catalog's counter up to which this index has followed; 0 where it must begin anew."""
        try:
            form, counter = self._marker.read_text().split()
        except (FileNotFoundError, ValueError):
            return 0
        return int(counter) if form == FORMAT else 0

    def follow(self, changes: Iterable[tuple[str, Article | None, Sequence[StoredChunk]]], counter: int) -> None:
        """Replaces what is held of each article by its chunks (none: it was removed), then remembers `counter`.

        A kill in between repeats the same changes at the next start, with the same result.
        """
        if self._writer is None:
            self._writer = self._index.writer(WRITER_HEAP, num_threads=1)
        for article_id, article, chunks in changes:
            self._writer.delete_documents_by_term("article_id", article_id)
            if article is not None:
                for chunk in chunks:
                    self._writer.add_document(_document(article, chunk))
        self._writer.commit()
        self._index.reload()
        temporary = self._marker.with_suffix(".new")
        temporary.write_text(f"{FORMAT} {counter}")
        os.replace(temporary, self._marker)

    def clear(self) -> None:
        self.close()
        self._marker.unlink(missing_ok=True)
        self._open()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def search(self, query: str, k: int, article_ids: Collection[str] | None = None) -> list[Hit]:
        """The `k` best chunks for the words of `query`, best first; none where no word occurs."""
        words = self._words(query)
        if not words:
            return []
        parsed = tantivy.Query.boolean_query([(tantivy.Occur.Should, word) for word in words])
        if article_ids is not None:
            only = tantivy.Query.term_set_query(self._schema, "article_id", list(article_ids))
            only = tantivy.Query.const_score_query(only, 0.0)
            parsed = tantivy.Query.boolean_query([(tantivy.Occur.Must, only), (tantivy.Occur.Must, parsed)])
        searcher = self._index.searcher()
        hits = searcher.search(parsed, k, count=False).hits
        return [_hit(searcher.doc(address), score) for score, address in hits]

    def stems(self, text: str) -> list[str]:
        """The words of `text` as the index knows them: lower case, English endings off."""
        return self._stem.analyze(_spaced(text))

    def rarity(self, stem: str) -> float:
        """Inverse document frequency over chunks, as BM25 weighs it; 0 or more."""
        searcher = self._index.searcher()
        holding = searcher.doc_freq("stem", stem)
        return math.log(1 + (searcher.num_docs - holding + 0.5) / (holding + 0.5))

    def _words(self, query: str) -> list[tantivy.Query]:
        spaced = _spaced(query)
        fields = (("plain", self._plain), ("stem", self._stem))
        return [
            tantivy.Query.term_query(self._schema, field, word)
            for field, analyzer in fields
            for word in list(dict.fromkeys(analyzer.analyze(spaced)))[:MOST_WORDS]
        ]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("article_id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("revision", "number", "start", "end"):
        builder.add_unsigned_field(name, stored=True)
    builder.add_text_field("plain", tokenizer_name="plain")
    builder.add_text_field("stem", tokenizer_name="stem")
    return builder.build()


def _analyzer(stemmer: str | None = None) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.remove_long(80)).filter(tantivy.Filter.lowercase())
    return (builder.filter(tantivy.Filter.stemmer(stemmer)) if stemmer else builder).build()


def _document(article: Article, chunk: StoredChunk) -> tantivy.Document:
    text = _spaced(f"{article.title}\n{article.text[chunk.start : chunk.end]}")
    document = tantivy.Document()
    document.add_text("article_id", chunk.article_id)
    for name in ("revision", "number", "start", "end"):
        document.add_unsigned(name, getattr(chunk, name))
    document.add_text("plain", text)
    if (article.language or "en").lower().startswith("en"):
        document.add_text("stem", text)
    return document


def _hit(document: tantivy.Document, score: float) -> Hit:
    revision, number, start, end = (document[name][0] for name in ("revision", "number", "start", "end"))
    return Hit(document["article_id"][0], revision, number, start, end, score)


def _spaced(text: str) -> str:
    return UNSPACED.sub(r" \1 ", text)
