"""Words in tantivy, ranked by BM25. The one module that knows tantivy.

Derived: it follows the catalog's counter, so that catching up after a crash, a rebuild and a first start are one
code path. Every word is indexed twice: as it stands, so that exact names and numbers win, and as its stem in the
article's language, so that "opens" finds "opened"; in a language that is not known, or has no stemmer, as it stands.
"""

import math
import os
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import tantivy

from vectorstore.article import Article
from vectorstore.dense import Hit
from vectorstore.errors import LibraryBroken
from vectorstore.rows import StoredChunk

FORMAT = "2"  # raise when the schema changes: the index is then made anew
WRITER_HEAP = 30_000_000  # bytes; tantivy's least is 15 million
MOST_WORDS = 64  # of one query: a pasted page is not a question
STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip

# What stands in a query for itself and not for its words: a quotation, a number, a hyphenated word, a name of several
# words (not at the beginning, where any word is written large).
PHRASE = re.compile(r"[\"“„«]([^\"“”„«»]+)[\"”“»]|\b(\w+(?:[-‐‑–.,:/'’]\w+)+)|(?<=\w\s)([A-Z]\w+(?:\s+[A-Z]\w+)+)")

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
        self._analyzers = {code: _analyzer(stemmer) for code, stemmer in STEMMERS.items()} | {"": _analyzer()}
        self._open()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        if self.counter == 0:
            self._empty()
        try:
            self._index = tantivy.Index(self._schema, path=str(self._folder))
        except ValueError:  # files of it are missing or not whole
            self._empty()
            self._index = tantivy.Index(self._schema, path=str(self._folder))
        self._index.register_tokenizer("words", self._analyzers[""])
        self._writer: tantivy.IndexWriter | None = None
        self._languages = self._marked()[1]

    def _empty(self) -> None:
        for leftover in self._folder.iterdir():
            leftover.unlink()

    @property
    def _marker(self) -> Path:
        return self._folder / "counter"

    @property
    def counter(self) -> int:
        """The catalog's counter up to which this index has followed; 0 where it must begin anew."""
        return self._marked()[0]

    def _marked(self) -> tuple[int, set[str]]:
        """The counter, and the languages that its articles were stemmed in."""
        try:
            form, counter, *languages = self._marker.read_text().split(" ")
            marked = int(counter)
        except (FileNotFoundError, ValueError):
            return 0, set()
        return (marked, set(languages)) if form == FORMAT else (0, set())

    def follow(self, changes: Iterable[tuple[str, Article | None, Sequence[StoredChunk]]], counter: int) -> None:
        """Replaces what is held of each article by its chunks (none: it was removed), then remembers `counter`.

        A kill in between repeats the same changes at the next start, with the same result.

        Raises:
            LibraryBroken: the disk refuses.
        """
        languages = set(self._languages)
        try:
            writer = self._writer or self._begun()
            for article_id, article, chunks in changes:
                writer.delete_documents_by_term("article_id", article_id)
                if article is not None:
                    languages.add(_stemmed_as(article.language))
                    for chunk in chunks:
                        writer.add_document(self._document(article, chunk))
            writer.commit()
        except ValueError as error:  # tantivy's only one
            self._writer = None
            raise LibraryBroken(
                f"The library's words cannot be indexed ({error}): make room on its disk; the articles are stored, "
                "and found by their words from the next start on."
            ) from error
        self._index.reload()
        temporary = self._marker.with_suffix(".new")
        temporary.write_text(" ".join((FORMAT, str(counter), *sorted(languages))))
        os.replace(temporary, self._marker)
        self._languages = languages

    def _begun(self) -> tantivy.IndexWriter:
        self._writer = self._index.writer(WRITER_HEAP, num_threads=1)
        # What a killed commit has written stands in the way of the same commit: tantivy overwrites nothing.
        self._writer.garbage_collect_files()
        return self._writer

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

    def stems(self, text: str, language: str | None) -> list[str]:
        """The words of `text` as the index knows them: lower case, the endings of `language` (BCP 47) off."""
        return self._analyzers[_stemmed_as(language)].analyze(_spaced(text))

    def rarity(self, stem: str) -> float:
        """Inverse document frequency over chunks, as BM25 weighs it; 0 or more."""
        searcher = self._index.searcher()
        # Until its segment is merged a chunk that was taken out counts in the one figure, not in the other.
        holding = min(searcher.doc_freq("stem", stem), searcher.num_docs)
        return math.log(1 + (searcher.num_docs - holding + 0.5) / (holding + 0.5))

    def _words(self, query: str) -> list[tantivy.Query]:
        stems = [stem for language in sorted(self._languages) for stem in self.stems(query, language)]
        words = [
            tantivy.Query.term_query(self._schema, field, word)
            for field, words in (("plain", self.stems(query, None)), ("stem", stems))
            for word in list(dict.fromkeys(words))[:MOST_WORDS]
        ]
        return words + [tantivy.Query.phrase_query(self._schema, "plain", phrase) for phrase in self._phrases(query)]

    def _phrases(self, query: str) -> list[list[str | tuple[int, str]]]:
        """What is to stand in a chunk word for word, so that 3.57 finds 3.57 and not 3.75 and 57."""
        found = [self.stems(next(filter(None, match.groups())), None) for match in PHRASE.finditer(query)]
        return [list(words[:MOST_WORDS]) for words in found if len(words) > 1]

    def _document(self, article: Article, chunk: StoredChunk) -> tantivy.Document:
        text = f"{article.title}\n{article.text[chunk.start : chunk.end]}"
        document = tantivy.Document()
        document.add_text("article_id", chunk.article_id)
        for name in ("revision", "number", "start", "end"):
            document.add_unsigned(name, getattr(chunk, name))
        document.add_text("plain", _spaced(text))
        document.add_text("stem", " ".join(self.stems(text, article.language)))
        return document


def _stemmed_as(language: str | None) -> str:
    """The stemmer for a BCP 47 tag; "" where there is none."""
    code = (language or "").split("-")[0].lower()
    return code if code in STEMMERS else ""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("article_id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("revision", "number", "start", "end"):
        builder.add_unsigned_field(name, stored=True)
    builder.add_text_field("plain", tokenizer_name="words")
    builder.add_text_field("stem", tokenizer_name="words")
    return builder.build()


def _analyzer(stemmer: str | None = None) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.remove_long(80)).filter(tantivy.Filter.lowercase())
    return (builder.filter(tantivy.Filter.stemmer(stemmer)) if stemmer else builder).build()


def _hit(document: tantivy.Document, score: float) -> Hit:
    revision, number, start, end = (document[name][0] for name in ("revision", "number", "start", "end"))
    return Hit(document["article_id"][0], revision, number, start, end, score)


def _spaced(text: str) -> str:
    return UNSPACED.sub(r" \1 ", text)
