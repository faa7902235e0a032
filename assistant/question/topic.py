"""What the articles say about a topic, in their own sentences: "tell me about the Vale bridge".

Knows the store and the topic's words; knows no reader and no model. How a topic is asked for is told in `about.py`.
"""

import math
from collections.abc import Collection, Sequence

from assistant.question.digest import ALIKE, KEY_SENTENCES, prose
from assistant.question.mentions import words_of
from vectorstore import Article, Passage, Span, Store

PASSAGES = 5  # looked into
# Cosine of topic and passage from which a passage is about it that lacks one of its words. The titles of XQuAD's 48
# articles, asked of our samples, come to .34 at most, but for "Apollo program": .41, of an article on Artemis.
NEAR = 0.5
WORDS = 0.5  # what a sentence that has all the topic's words is worth, in cosine

Place = tuple[Article, int, Span]


def sentences_on(
    topic: str, store: Store, article_ids: Collection[str] | None = None, *, every_word: bool = False
) -> list[Place]:
    """At most three sentences about `topic`, unlike each other, in the order of their articles; none where none is.

    With `every_word` their passage has all its telling words, be it ever so near in meaning.
    """
    near = math.inf if every_word else NEAR
    passages = [each for each in store.search(topic, PASSAGES, article_ids) if _is_about(each, topic, store, near)]
    ranks = {passage.article.id: rank for rank, passage in reversed([*enumerate(passages)])}
    found = {place for passage in passages for place in _within(passage)}
    places = sorted(found, key=lambda place: (ranks[place[0].id], place[2].start))
    if not places:
        return []
    texts = [span.of(article.text) for article, _, span in places]
    asked, *vectors = store.embedder.embed([topic, *texts])
    named = [share_of(topic, text, place[0], store) for text, place in zip(texts, places, strict=True)]
    worth = [float(vector @ asked) + WORDS * share for vector, share in zip(vectors, named, strict=True)]
    chosen: list[int] = []
    for at in sorted(range(len(places)), key=lambda at: -worth[at]):
        if len(chosen) < KEY_SENTENCES and all(float(vectors[at] @ vectors[other]) < ALIKE for other in chosen):
            chosen.append(at)
    return [places[at] for at in sorted(chosen)]


def _is_about(passage: Passage, topic: str, store: Store, near: float) -> bool:
    text = f"{passage.article.title}\n{passage.text}"
    return passage.cosine >= near or share_of(topic, text, passage.article, store) == 1


def share_of(topic: str, text: str, article: Article, store: Store) -> float:
    """Of the topic's telling words, the share that the text has in some form."""
    wanted = set(store.stems(" ".join(words_of(topic)), article.language))
    return len(wanted.intersection(store.stems(text, article.language))) / max(1, len(wanted))


def _within(passage: Passage) -> Sequence[Place]:
    """The passage's sentences that are prose."""
    inside = passage.span
    return [
        (passage.article, index, span)
        for index, span in prose(passage.article)
        if inside.start <= span.start and span.end <= inside.end
    ]
