"""Questions about articles: "what is this about", "tell me about the bridge", "who is quoted", "how many are there".

They are recognised by their whole form, so that an ordinary question is never taken for one: of the 31,716 questions of
four reading sets, two are ("What is said about ...?"). Each is answered in sentences of the articles, quoted, and a
notice says how it was read and what the catalog knows. English forms. Knows the store and what was said; knows no
reader and no model.
"""

import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from assistant.answer import Citation, Notice, Refusal, Sentence, marked
from assistant.question.digest import dates, key_sentences, lead, speakers
from assistant.question.mentions import FUNCTION, VERBS, words_of
from assistant.question.topic import sentences_on, share_of
from vectorstore import Article, Listed, NotFound, Span, Store

Task = Literal["summary", "topic", "typed", "speakers", "dates", "count", "newest"]

MOST_SHOWN = 5  # articles, each by its first sentence
MOST_LISTED = 12  # people or dates
MOST_TYPED = 6  # words of a topic that stands for itself
LINKING = frozenset("the a an of in on at for and to from by with".split())
RECOGNISED = 1.0  # confidence: the catalog knows it, or the sentences are the article's own
CHOSEN = 0.9  # where the article was found by its topic
ALIKE = 0.3  # cosine of topic and passage below which no article is about it, unless it has the topic's words

ARTICLE = r"(?:articles?|text|story|stories|document|page|report|piece|news)"
THIS = rf"(?:this|that|it|these|(?:the|this|that|these|your|my|all(?: the)?)(?: (?:whole|entire|full|same))? {ARTICLE})"
# "... of the article about kelp", "... of “Kelp comes back”", "... of this article", or nothing.
OF = (
    rf"(?:\s+(?:of|in|from|for|by)?\s*(?:(?:the |an? )?{ARTICLE} (?:about|on|titled|called|named) (?P<topic>.+?)"
    rf"|[“\"](?P<title>[^”\"]+)[”\"]|{THIS}|the (?P<topic0>[^?]{{2,60}}) {ARTICLE}))?"
)
ASK = r"(?:(?:please|can you|could you|would you|i want you to|tell me|show me|give me|list|name)\s+)*"
HERE = r"(?: (?:here|in (?:the|your|my|this) library))?"
HAVE = rf"(?:do you have|have you(?: got)?|do you know|do i have|can you (?:search|read)|is there|are there|are){HERE}"
NEWEST = r"(?:newest|latest|most recent)"
# Something that can be looked up; "it" waits until the conversation has told what it is, "how it works" is a question.
TOPIC = (
    r"(?P<topic4>(?!(?:it|this|that|these|those|he|him|she|her|they|them|me|you|us|your|my|anything|something|how|why|"
    r"when|what|who|where|which|whether|yourself|myself|himself|herself|itself|themselves)\b)[^?]{2,60})"
)
OURS = rf"(?:the|your|these|my) {ARTICLE}"
FORMS: tuple[tuple[Task, str], ...] = (
    ("summary", rf"what(?: is|'s|s| are) (?:{THIS}|[“\"](?P<title2>[^”\"]+)[”\"]) (?:all )?about"),
    ("summary", rf"what(?: is|'s| does) (?:the )?{ARTICLE} (?:about|on) (?P<topic2>.+?) (?:about|say)"),
    ("summary", rf"{ASK}(?:summari[sz]e|sum up|sum it up){OF}"),
    ("summary", r"(?:please )?summari[sz]e (?!(?:what|how|why) )(?P<topic3>[^?]{2,60})"),
    ("summary", rf"{ASK}(?:an? |the )?(?:(?:short|brief|quick) )?(?:summary|overview|gist){OF}"),
    ("summary", rf"(?:{ASK}|what are )(?:the )?(?:key|main|most important) (?:points|facts|takeaways|ideas){OF}"),
    ("summary", r"tl;?dr"),
    ("topic", rf"{ASK}(?:(?:something|everything|all|more|a bit) )?about {TOPIC}"),
    ("topic", rf"{ASK}what (?:you|{OURS}) (?:know|say)s? (?:of|about|on) {TOPIC}"),
    ("topic", rf"what (?:do|does|can) (?:you|{OURS}) (?:know|say|tell|report)(?: me| us)? (?:of|about|on) {TOPIC}"),
    ("topic", rf"(?:{HAVE} )?(?:anything|something|(?:any |an? )?{ARTICLE}){HERE} (?:about|on) {TOPIC}"),
    ("topic", rf"what(?: is|'s) (?:known|said|there|new|reported) (?:of|about|on) {TOPIC}"),
    ("speakers", rf"who (?:is|are|was|were|gets) (?:quoted|interviewed){OF}"),
    ("speakers", rf"who (?:speaks|said what|says what){OF}"),
    ("speakers", rf"{ASK}(?:all )?(?:the )?(?:quotes|quotations|speakers|people(?: who are)? quoted){OF}"),
    (
        "dates",
        rf"(?:{ASK}|(?:what|which) are )(?:all )?(?:the )?(?:(?:key|main) )?(?:dates|timeline)(?: mentioned)?{OF}",
    ),
    ("dates", rf"(?:which|what) (?:\w+ )?dates are (?:named|mentioned|given|there){OF}"),
    ("dates", r"(?:which|what) dates does (?:it|this) (?:name|mention|give)"),
    ("count", rf"how many {ARTICLE} {HAVE}"),
    ("count", rf"(?:which|what) {ARTICLE} {HAVE}"),
    ("count", rf"(?:(?:please|can you|could you|show me|list) )+(?:all )?(?:the |your |my )?{ARTICLE}"),
    ("newest", rf"(?:{ASK}|(?:what|which)(?: is|'s) )the {NEWEST} {ARTICLE}(?: you have)?{HERE}"),
    ("newest", rf"(?:which|what) {ARTICLE} is (?:the )?{NEWEST}"),
)
# How it is to be told, which changes nothing here: "... in one sentence, please".
MANNER = re.compile(
    r"(?:,?\s+(?:please|briefly|quickly|for me|in (?:short|brief)|"
    r"in (?:just )?(?:an?|one|two|three|four|five|\d+|(?:a )?few) (?:short )?(?:sentence|word|line|paragraph)s?))+$",
    re.I,
)
MARKER = re.compile(r"\s*\[\d+\]")
COMPILED = tuple((task, re.compile(form, re.I)) for task, form in FORMS)


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted, of the article on `topic`; of the one in view where that is None."""

    question: str
    task: Task
    topic: str | None = None


def about_articles(question: str) -> Request | None:
    """What a question about articles asks for; None where it is an ordinary question."""
    said = MANNER.sub("", " ".join(question.split()).rstrip(" ?.!"))
    for task, form in COMPILED:
        if match := form.fullmatch(said):
            topic = next((value for name, value in match.groupdict().items() if value and name.startswith("t")), None)
            return Request(question, task, topic.strip(" “”\"'") if topic else None)
    return None


def as_topic(question: str) -> Request | None:
    """What was typed as into a search box, "warehouse fire", as a request for what is said about it; else None."""
    words = question.strip(" .!").split()
    telling = [word for word in words if word.lower() not in LINKING]
    told = frozenset(word.lower() for word in telling)
    if not telling or len(words) > MOST_TYPED or not told.isdisjoint(FUNCTION | VERBS) or "?" in question:
        return None
    return Request(question, "typed", " ".join(words))


def told_about(
    request: Request, store: Store, article_ids: Collection[str] | None, said: str
) -> tuple[str, dict[str, Any]] | None:
    """The question that was answered, standing alone, and the fields of its `Answer`; None where it is to be read for.

    That is a topic that no passage holds all the words of: perhaps a question after all. `said` is the last answer of
    the conversation, "" where there is none: "this" is the article that it quotes.
    """
    if request.task in ("topic", "typed") and request.topic is not None:
        return _of_topic(request, request.topic, store, article_ids)
    listed = _listed(store, article_ids)
    if request.task in ("count", "newest"):
        return _of_catalog(request.task, store, listed)
    article = _meant(request, store, article_ids, listed, said)
    if article is not None:
        return _of_article(request, article, store)
    if request.topic is not None:
        return request.question, _refused(f"No article here is about {request.topic}.", store, listed)
    if request.task == "summary":
        return _of_catalog("count", store, listed)
    text = "Which article? Tick one, or name it: “list the dates in the article about …”."
    return request.question, _refused(text, store, listed)


def _listed(store: Store, article_ids: Collection[str] | None) -> list[Listed]:
    """The articles that may be asked about, newest first: by the day they were published, then by when they came."""
    chosen = None if article_ids is None else frozenset(article_ids)
    found: list[Listed] = []
    cursor = None
    while True:
        page = store.articles(limit=1000, cursor=cursor)
        found.extend(item for item in page.items if chosen is None or item.id in chosen)
        cursor = page.next_cursor
        if cursor is None:
            return sorted(found, key=lambda item: item.published or "", reverse=True)


def _meant(
    request: Request, store: Store, article_ids: Collection[str] | None, listed: Sequence[Listed], said: str
) -> Article | None:
    if request.topic is not None:
        return _on(request.topic, store, article_ids, listed)
    if len(listed) == 1:
        return store.article(listed[0].id)
    quoted = MARKER.split(said)[0].strip()  # the first sentence alone: the next may stand elsewhere in the article
    for passage in store.search(quoted[:300], 3, article_ids) if quoted else ():
        if quoted in passage.article.text:
            return passage.article
    return None


def _on(topic: str, store: Store, article_ids: Collection[str] | None, listed: Sequence[Listed]) -> Article | None:
    titled = next((item for item in listed if item.title.lower() == topic.lower()), None)
    if titled is not None:
        return store.article(titled.id)
    words = words_of(topic)
    for passage in store.search(topic, 1, article_ids):
        held = words_of(f"{passage.article.title} {passage.text}")
        if passage.cosine >= ALIKE or words <= held:
            return passage.article
    return None


def _of_topic(
    request: Request, topic: str, store: Store, article_ids: Collection[str] | None
) -> tuple[str, dict[str, Any]] | None:
    typed = request.task == "typed"
    places = sentences_on(topic, store, article_ids, every_word=typed)
    if typed and topic.islower() and len(words_of(topic)) == 1:  # which is in many a text that is not about it
        places = [place for place in places if share_of(topic, place[0].title, place[0], store) == 1]
    message = f"Read as: what the articles say about {topic}."
    return (request.question, _shown(places, message, CHOSEN, store, ())) if places else None


def _of_catalog(task: Task, store: Store, listed: Sequence[Listed]) -> tuple[str, dict[str, Any]]:
    shown = _held(store, listed[: 1 if task == "newest" else MOST_SHOWN])
    places = [(article, *lead(article)) for article in shown]
    if task == "newest":
        asked, message = "Which is the newest article?", "".join(map(_newest, shown))
    else:
        asked, message = "How many articles are there?", _counted(len(listed))
    return asked, _shown(places, message, RECOGNISED, store, listed)


def _newest(article: Article) -> str:
    when = f", published {article.published[:10]}" if article.published else ""
    return f"The newest article is “{article.title}”{when}."


def _counted(count: int) -> str:
    if count == 1:
        return "There is 1 article. It is shown by its first sentence."
    which = "They are" if count <= MOST_SHOWN else f"The newest {MOST_SHOWN} are"
    return f"There are {count} articles. {which} shown, each by its first sentence."


def _held(store: Store, listed: Sequence[Listed]) -> list[Article]:
    """The articles of these rows; one that was removed since it was listed is left out."""
    found = []
    for item in listed:
        with suppress(NotFound):
            found.append(store.article(item.id))
    return found


def _of_article(request: Request, article: Article, store: Store) -> tuple[str, dict[str, Any]]:
    confidence = RECOGNISED if request.topic is None else CHOSEN
    title = f"“{article.title}”"
    if request.task == "summary":
        places = [(article, *place) for place in key_sentences(article, store.embedder.embed)]
        return f"What is {title} about?", _shown(places, f"Read as: summarise {title}.", confidence, store, ())
    if request.task == "speakers":
        people = speakers(article)[:MOST_LISTED]
        places = [(article, each.paragraph_index, each.span) for each in people]
        message = f"Quoted in {title}: {', '.join(each.name for each in people)}."
        asked, nothing = f"Who is quoted in {title}?", f"Nobody is quoted by name in {title}."
    else:
        days = dates(article)[:MOST_LISTED]
        places = [(article, each.paragraph_index, each.span) for each in days]
        message = f"Dates in {title}, in order: {'; '.join(each.written for each in days)}."
        asked, nothing = f"What are the dates in {title}?", f"No dates are named in {title}."
    return asked, _shown(places, message, confidence, store, ()) if places else _refused(nothing, store, (), article)


def _shown(
    places: Sequence[tuple[Article, int, Span]],
    message: str,
    confidence: float,
    store: Store,
    listed: Sequence[Listed],
) -> dict[str, Any]:
    if not places:
        return _refused("There are no articles here to tell about.", store, listed)
    distinct = {(article.id, span): (article, index, span) for article, index, span in places}
    citations = tuple(Citation(number, *place) for number, place in enumerate(distinct.values(), 1))
    shown = tuple(Sentence(citation.cited_text, (citation.number,), "quoted") for citation in citations)
    numbers = tuple(citation.number for citation in citations)
    return {
        "text": marked(shown),
        "confidence": confidence,
        "sentences": shown,
        "citations": citations,
        "notices": (Notice("interpreted", message, numbers),),
    }


def _refused(text: str, store: Store, listed: Sequence[Listed], article: Article | None = None) -> dict[str, Any]:
    near = [article] if article else _held(store, listed[:MOST_SHOWN])
    closest = tuple(Citation(number, each, *lead(each)) for number, each in enumerate(near, 1))
    return {"text": text, "confidence": 0.0, "refusal": Refusal("not_in_articles", closest)}
