"""What stands in a question for itself wins: names, numbers, quotations and hyphenated words, letter for letter."""

from collections.abc import Iterator

import pytest

from ingest.document import Document
from ingest.pipeline import Pipeline
from vectorstore import Store, load_embedder
from vectorstore.lexical import Lexical

ARTICLES = {
    "at 3.75": ("Bonds sold", "The state sold bonds of 1,250 million crowns at 3.75 percent, to 57 banks, on Monday."),
    "at 3.57": ("Bonds sold", "The state sold bonds of 1,520 million crowns at 3.57 percent, to 75 banks, on Friday."),
    "said": (
        "Mayor on the harbour",
        '"We will never sell the harbour," the mayor told the council. Investors had asked.',
    ),
    "sold": (
        "Harbour on sale",
        "Investors told the mayor that they will buy what the council would sell: the harbour.",
    ),
    "well-being": ("Figures from Tarn", "The well-being index of Tarn rose again. It is made at the university."),
    "well": ("News from Tarn", "A well in Tarn, dry for years, is being dug again. It is the university that pays."),
    "Anna Smythe": ("The regatta", "Anna Smythe sailed past John Holm in the regatta and was first at the buoy."),
    "Anna Holm": ("The regatta", "Anna Holm sailed past John Smythe in the regatta and was first at the buoy."),
    "FX-7300": ("A recall", "The maker recalls its kettle FX-7300. 7200 were sold, and the lid may open."),
    "FX-7200": ("A recall", "The maker recalls its kettle FX-7200. 7300 were sold, and the lid may open."),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("exact"), load_embedder())
    for _ in Pipeline(store).add_all((None, Document(*article)) for article in ARTICLES.values()):
        pass
    yield store
    store.close()


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Which bonds went at 3.57 percent?", "at 3.57"),
        ("Which bonds went at 3.75 percent?", "at 3.75"),
        ("Who bought bonds of 1,250 million?", "at 3.75"),
        ("Who said “we will never sell the harbour”?", "said"),
        ("What became of the well-being in Tarn?", "well-being"),
        ("Whom did Anna Smythe sail past?", "Anna Smythe"),
        ("Whom did Anna Holm sail past?", "Anna Holm"),
        ("Why is the FX-7300 recalled?", "FX-7300"),
        ("Why is the FX-7200 recalled?", "FX-7200"),
    ],
)
def test_the_passage_with_the_very_words_is_first(library: Store, query: str, name: str) -> None:
    assert library.search(query, 3)[0].text == ARTICLES[name][1]


def test_names_at_the_beginning_are_no_phrase(library: Store) -> None:
    phrases = library._lexical._phrases("Did Anna Smythe say “it is fine” of the 3.57?")
    assert phrases == [["anna", "smythe"], ["it", "is", "fine"], ["3", "57"]]
    assert Lexical._phrases(library._lexical, "What Is this?") == []
