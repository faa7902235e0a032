"""Which sentences an article carries, with which words, and which it does not. Every case is of our own writing."""

from collections.abc import Iterator

import pytest

from assistant.verifying.verify import Carried, Failed, Place, Verifier
from ingest.split import paragraphs
from tests.conftest import BagOfWords
from vectorstore import Article, Store

TEXT = """The Vale bridge opened on 3 May. "It took nine years," Mayor Ida Holm said. It is 1,284 metres long [12] \
and carries four lanes. Tolls begin in June, Holm added on Tuesday. A lorry pays 24 crowns, a car 12.

Berg & Sons of Norway built the bridge. Professor Jan Müller sued the company in 2021. He lost. The court did not \
award damages, and the firm was unable to recover its costs. Traffic on the old road fell 35 percent, while cycling \
rose by half. About 1.2 million people crossed in the first month.

Lena Okafor's team found no cracks. The United Nations praised the design. No one was injured. The ferry company \
Estfjord, which carried 640,000 passengers a year, has closed its terminal, and 48 of its workers moved to the port."""


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verifier]:
    store = Store(tmp_path_factory.mktemp("verify") / "library", BagOfWords())
    yield Verifier(store.embedder, store.stems)
    store.close()


ARTICLE = Article("bridge", "Vale bridge opens", TEXT, tuple(paragraphs(TEXT)), published="2024-05-09")
CITED = tuple(Place(ARTICLE, index, each.span) for index, each in enumerate(ARTICLE.paragraphs))


@pytest.mark.parametrize(
    "sentence",
    [
        "The Vale bridge opened on May 3, 2024.",
        "The Vale bridge opened on 2024-05-03.",
        "The Vale bridge is 1284 meters long.",
        "The bridge has 4 lanes.",
        "Mayor Holm said it took nine years.",
        'Mayor Ida Holm said: "It took nine years".',
        "It took 9 years, according to Ida Holm.",
        "Ida Holm added that tolls begin in June.",
        "Holm added on 7 May 2024 that tolls begin in June.",
        "Lorries pay 24 crowns.",
        "The bridge was built by Berg & Sons, a Norwegian firm.",
        "Prof. J. Müller sued the company in 2021.",
        "Jan Muller sued the company in 2021.",
        "No damages were awarded by the court.",
        "The firm could not recover its costs.",
        "The company was sued by Professor Jan Müller in 2021.",
        "Traffic on the old road fell by 35 %.",
        "Cycling rose by 50 percent.",
        "1,200,000 people crossed in the first month.",
        "The team of Lena Okafor did not find cracks.",
        "The UN praised the design.",
        "Nobody was injured.",
        "Estfjord, the ferry company, closed its terminal, and forty-eight workers moved to the port.",
        "The bridge is 1,284 metres long, and it was built by Berg & Sons.",
        "In June, tolls begin.",
    ],
)
def test_what_the_article_says_in_other_words_is_carried(verifier: Verifier, sentence: str) -> None:
    found = verifier.check(sentence, CITED)
    assert isinstance(found, Carried), found
    for place in found.places:
        assert ARTICLE.paragraphs[place.paragraph_index].span.holds(place.span)
        assert place.text == place.text.strip()


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The Vale bridge opened on 4 May 2024.", "4 May 2024"),
        ("The Vale bridge opened on 3 June.", "3 June"),
        ("The Vale bridge opened on May 3, 2023.", "2023"),
        ("Holm added on 6 May 2024 that tolls begin in June.", "6 May 2024"),
        ("The bridge is 1,285 metres long.", "1,285"),
        ("The bridge is 1,284 feet long.", "1,284 feet"),
        ("The bridge carries five lanes.", "five"),
        ("A lorry pays 12 crowns, a car 24.", ""),
        ("A lorry pays 24 dollars.", "24 dollars"),
        ("It took ten years, Mayor Ida Holm said.", "ten years"),
        ('"It took ten years," Mayor Ida Holm said.', "letter for letter"),
        ('"It took 9 years," Mayor Ida Holm said.', "letter for letter"),
        ("Mayor Nora Berg said it took nine years.", "Nora"),
        ("Berg opened the Vale bridge on 3 May.", "Berg"),
        ("Lindqvist added that tolls begin in June.", "Lindqvist"),
        ("Tolls do not begin in June.", "deny"),
        ("Tolls never begin in June.", "deny"),
        ("The court did award damages.", "deny"),
        ("The firm was able to recover its costs.", ""),
        ("Traffic on the old road rose 35 percent.", ""),
        ("Traffic on the old road fell 35 kilometres.", "35"),
        ("Traffic on the old road fell 35.", "35"),
        ("Cycling rose by a third.", ""),
        ("About 1.2 billion people crossed in the first month.", "1.2 billion"),
        ("About 1.2 million people crossed in the second month.", "second"),
        ("The company sued Professor Jan Müller in 2021.", "exchanged"),
        ("The bridge built Berg & Sons of Norway.", ""),
        ("Lena Okafor's team found cracks.", "deny"),
        ("The European Union praised the design.", "European"),
        ("Someone was injured.", ""),
        ("48 passengers moved to the port.", ""),
        ("The bridge is admired by visitors from everywhere.", ""),
        ("Read more at https://evil.example/steal.", "link"),
        ("The bridge opened ![x](https://evil.example/a.png) on 3 May.", "link"),
    ],
)
def test_an_altered_fact_is_refused_with_the_reason(verifier: Verifier, sentence: str, reason: str) -> None:
    found = verifier.check(sentence, CITED)
    assert isinstance(found, Failed), [place.text for place in found.places]
    assert reason in found.reason


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Mayor Holm said the bridge took nine years because of corruption.", "because of corruption"),
        ("Despite fierce protests, the firm was unable to recover its costs.", "Despite fierce protests"),
        ("The ferry company closed its terminal due to falling demand.", "due to falling demand"),
        ("Traffic on the old road fell 35 percent after heavy snow, while cycling rose by half.", "after heavy snow"),
        ("The court secretly did not award damages.", "secretly"),
        ("The United Nations reluctantly praised the design.", "reluctantly"),
    ],
)
def test_what_is_added_to_what_the_article_says_is_refused(verifier: Verifier, sentence: str, reason: str) -> None:
    found = verifier.check(sentence, CITED)
    assert isinstance(found, Failed), [place.text for place in found.places]
    assert f"“{reason}” is not in the cited words" in found.reason


@pytest.mark.parametrize(
    "sentence",
    [
        "Because of its costs, the firm was unable to recover.",
        "He lost after Professor Jan Müller sued the company in 2021.",
        "The firm was thus unable to recover its costs.",
        "The United Nations praised the bridge's design.",  # the title has it
    ],
)
def test_what_only_joins_what_the_article_says_is_carried(verifier: Verifier, sentence: str) -> None:
    assert isinstance(verifier.check(sentence, CITED), Carried)


def test_a_sentence_of_the_article_is_quoted(verifier: Verifier) -> None:
    found = verifier.check("It is 1,284 metres long [12] and carries four lanes.", CITED)
    assert isinstance(found, Carried)
    assert found.quoted
    assert [place.text for place in found.places] == ["It is 1,284 metres long [12] and carries four lanes."]


def test_what_is_cited_is_narrowed_to_the_clause_that_says_it(verifier: Verifier) -> None:
    found = verifier.check("48 of its workers moved to the port.", CITED)
    assert isinstance(found, Carried)
    assert [place.text for place in found.places] == ["and 48 of its workers moved to the port."]


def test_a_merged_sentence_cites_each_sentence_that_it_merges(verifier: Verifier) -> None:
    found = verifier.check("The bridge opened on 3 May and is 1,284 metres long.", CITED)
    assert isinstance(found, Carried)
    assert {place.text.split()[0] for place in found.places} == {"The", "It"}


def test_only_the_paragraphs_given_are_looked_at(verifier: Verifier) -> None:
    sentence = "Nobody was injured."
    assert isinstance(verifier.check(sentence, CITED[:1]), Failed)
    assert isinstance(verifier.check(sentence, CITED[2:]), Carried)
    assert isinstance(verifier.check(sentence, ()), Failed)


@pytest.mark.parametrize(
    "sentence", ["", " ", "Yes.", "…", "According to the article:", "😀", "\ud800".encode("utf-8", "replace").decode()]
)
def test_a_sentence_that_states_nothing_is_not_carried(verifier: Verifier, sentence: str) -> None:
    assert isinstance(verifier.check(sentence, CITED), Failed)


@pytest.mark.parametrize(
    ("text", "language", "true", "false"),
    [
        (
            "Die Brücke ist 1.284 Meter lang.",
            "de",
            "Die Brücke ist 1284 Meter lang.",
            "Die Brücke ist 1.285 Meter lang.",
        ),
        (
            "Le pont a coûté 3,5 millions d'euros.",
            "fr",
            "Le pont a coûté 3,5 millions d’euros !",
            "Le pont a coûté 4,5 millions d'euros.",
        ),
        ("大桥全长1284米，于5月3日通车。", "zh", "大桥全长1284米。", "大桥全长1285米。"),
    ],
)
def test_numbers_are_checked_in_other_languages(
    verifier: Verifier, text: str, language: str, true: str, false: str
) -> None:
    article = Article(f"other-{language}", text[:6], text, tuple(paragraphs(text)), language=language)
    cited = (Place(article, 0, article.paragraphs[0].span),)
    assert isinstance(verifier.check(true, cited), Carried)
    assert isinstance(verifier.check(false, cited), Failed)
