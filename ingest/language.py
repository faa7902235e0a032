"""Which language a text is in, where its page does not tell. The one module that knows py3langid."""

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SURE = 0.5  # probability below which a text stays without a language: names, tables of figures, a line or two
READ = 2000  # characters are enough


def language_of(text: str) -> str | None:
    """The BCP 47 tag of the language that `text` is most probably in, or None."""
    tag, probability = classified(text)
    return tag if probability >= SURE else None


def classified(text: str) -> tuple[str, float]:
    """The language that `text` is most probably in, however unsure."""
    tag, probability = _identifier().classify(text[:READ])
    return str(tag), float(probability)


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
