"""Our own set: questions of our own writing about the sample articles, as a set like any other. Knows only files."""

from collections.abc import Iterator
from pathlib import Path

from ingest.__main__ import SAMPLES
from ingest.document import Document
from ingest.pipeline import to_article
from ingest.readers import read_file
from ingest.sentences import sentences
from tests.evaluation.sets import EvaluationSet, Question
from vectorstore import Article

QUESTIONS = Path(__file__).parent / "samples.tsv"


def sample_set() -> EvaluationSet:
    """The samples, and what is asked about them; what answers stands in its article once at least."""
    articles = {path.stem: _article(path) for path in sorted(SAMPLES.iterdir())}
    rows = [{"id": each.id, "title": each.title, "text": each.text} for each in articles.values()]
    return EvaluationSet("samples", rows, questions=list(_questions(articles)))


def _article(path: Path) -> Article:
    (document,) = (found for found in read_file(path) if isinstance(found, Document))
    return to_article(document, path.stem)


def _questions(articles: dict[str, Article]) -> Iterator[Question]:
    for number, line in enumerate(QUESTIONS.read_text().splitlines()):
        if line.startswith("#"):
            continue
        question, answer, sample = line.split("\t")
        if not answer:
            yield Question(f"s{number}", question, False, (), None, ())
            continue
        (article,) = (each for name, each in articles.items() if sample in name)
        wanted = tuple(text for text in _sentences(article) if answer in text)
        if not wanted:
            raise ValueError(f"{answer!r} does not stand in {article.title!r}")
        yield Question(f"s{number}", question, True, (answer,), article.id, wanted)


def _sentences(article: Article) -> Iterator[str]:
    for paragraph in article.paragraphs:
        yield from (span.of(article.text) for span in sentences(article.text, paragraph.span, article.language))
