"""Takes out of a page's tree what is not its article, by what elements are, what they are called and how they repeat.

Four kinds of evidence, none of which is a phrase: elements that HTML gives for furniture (`nav`, `form`, `dialog`);
words in class names and ids that sites in every language write in English; cards (elements of one make that stand in a
row, each with a link for its headline); and pictures with the few words that belong to them. Nothing is taken out
that holds a good part of the page's prose: sites also call their whole page `with-sidebar`.

Knows no plain text (`ingest/clean.py`), and nothing of which of the rest is the article (`choice.py`).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from ingest.formats.blocks import inline_text, one_line

Element = Any  # an lxml element

NEVER = frozenset(["nav", "form", "dialog", "menu", "button", "script", "style", "noscript", "template", "iframe"])
UNLESS_PROSE = frozenset(["aside", "footer", "figure", "figcaption", "details"])
UNNAMED = frozenset(
    re.findall(r"\w+", "html body article main table tr td tbody caption a b i em strong mark u q cite code time h1 h2")
)
ROLES = frozenset(
    re.findall(r"\w+", "navigation banner contentinfo complementary dialog alertdialog search menu toolbar tablist")
)
# Words, not parts of words, of class names and ids.
WORDS = frozenset(
    re.findall(
        r"\w+",
        "newsletter newsletters related recirc recirculation recommended recommendation recommendations promo promos"
        " promotion share shares sharing sharebar sharetools sharedaddy social sociable addthis sidebar breadcrumb"
        " breadcrumbs cookie cookies consent gdpr advert adverts advertisement advertising ad ads sponsor sponsored"
        " outbrain taboola disqus nav navbar navigation subscribe subscription signup paywall trending popular"
        " mostread mostpopular relatedposts caption captions imagecaption figcaption credit credits copyright"
        " toolbar skiplink popup modal byline authorbox commentlist tags taglist hashtags",
    )
)
# Pairs of words: each alone is said of articles too.
PAIRS = (
    {"author", "box"}, {"author", "bio"}, {"author", "card"}, {"author", "info"}, {"about", "author"}, {"most", "read"},
    {"read", "more"}, {"read", "next"}, {"read", "also"}, {"more", "on"}, {"more", "stories"}, {"more", "news"},
    {"inline", "teaser"}, {"video", "player"}, {"comment", "list"}, {"comments", "list"}, {"entry", "meta"},
    {"post", "meta"}, {"article", "meta"}, {"tag", "list"}, {"sign", "up"}, {"sign", "off"}, {"wp", "caption"},
)  # fmt: skip
# What these name is never the article, however much of it is prose.
ALWAYS = frozenset(["cookie", "cookies", "consent", "gdpr", "disqus", "outbrain", "taboola", "commentlist"])
CAPTIONS = frozenset(["caption", "captions", "imagecaption", "figcaption", "credit", "credits", "byline", "comment"])
IMAGES = frozenset(["photo", "photos", "foto", "image", "img", "bild", "picture", "media", "gallery"])
SENTENCE = re.compile(r"[.!?…。！？।][\"'”’»)\]]*$")
LEAST_PARAGRAPH = 80  # characters; three of a class are more than boxes have
LEAST_SENTENCE = 40  # characters; two paragraphs of sentences that are no links are more than a box has
COMMENTS = re.compile(r"^(?:comments?|respond|disqus_thread|comment-section|comments-section)$", re.IGNORECASE)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
MOST_SHARE = 0.4  # of the page's prose: no furniture has more
INLINE = frozenset(re.findall(r"\w+", "a abbr b cite em font i mark q small span strong sub sup time u"))
PICTURES = ("img", "picture", "video", "amp-img", "amp-video", "audio")
MOST_CAPTION = 320  # characters
CARDS = 3  # elements of one make in a row
LEAST_PROSE = 150  # characters beside the headline
LINKED = 0.75  # of an element's characters: it is there for its links
LED = 0.2  # of them, where it begins with a link as long as a headline
LEAST_HEADLINE = 20  # characters
MOST_TEASERS = 0.15  # of the page's prose
MOST_TEASER = 250  # characters of text that is no link
MOST_KICKER = 60  # characters before a card's headline
MOST_CARD = 400  # characters of text that is no link


def take_out(root: Element) -> None:
    """Changes the tree."""
    prose = _Prose(root)
    body = _body_classes(root)
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element is root or element.get("class") in body:
            continue
        if _is_furniture(element) and prose.spares(element):
            remove(element)
    home = home_of(root)
    for cards in list(_cards(root)):
        # Posts of a live blog are built as cards are: around the headline, little may go.
        inside = home is None or any(each is home for each in cards[0].iterancestors())
        if not inside or sum(prose.share(card) for card in cards) <= MOST_SHARE:
            for card in cards:
                remove(card)
    _take_teasers(root, prose)
    for element in list(_pictures(root)):
        if prose.spares(element):
            remove(element)


def home_of(root: Element) -> Element | None:
    """The smallest element that holds the headline and some prose."""
    for heading in root.iter("h1"):
        for around in heading.iterancestors():
            if around.tag == "body":
                return None
            if prose_of(around) - prose_of(heading) > LEAST_PROSE:
                return around
    return None


def _body_classes(root: Element) -> frozenset[str]:
    """Classes of paragraphs that are an article's, whatever furniture they name: sites put `paywall` on each."""
    count = Counter(
        element.get("class", "")
        for element in root.iter("p")
        if element.get("class") and len(text := one_line(inline_text(element))) >= LEAST_PARAGRAPH
        if SENTENCE.search(text) and linked(element) < 0.3 * len(text)
    )
    return frozenset(name for name, number in count.items() if number >= CARDS and not _names(name)[0] & CAPTIONS)


class _Prose:
    """How much of the page's text that is no link lies in an element."""

    def __init__(self, root: Element) -> None:
        self._total = max(1, self._of(root))

    def share(self, element: Element) -> float:
        return self._of(element) / self._total

    def spares(self, element: Element) -> bool:
        """Whether the article's prose is elsewhere, so that the element may go."""
        return self.share(element) <= MOST_SHARE and element.find(".//h1") is None and element.tag != "body"

    @staticmethod
    def _of(element: Element) -> int:
        return prose_of(element)


def prose_of(element: Element) -> int:
    """Characters of an element's text that are not links."""
    return len(one_line(inline_text(element))) - linked(element)


def linked(element: Element) -> int:
    """Characters of an element's text that are links."""
    inside = sum(len(one_line(inline_text(link))) for link in element.iter("a") if link is not element)
    return len(one_line(inline_text(element))) if element.tag == "a" else inside


def remove(element: Element) -> None:
    """Takes the element out, and leaves the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def _is_furniture(element: Element) -> bool:
    tag = element.tag
    if tag in NEVER or (tag.startswith("amp-") and tag not in PICTURES):
        return True
    if tag in ("figure", "figcaption", "details") and _holds_structure(element):
        return False
    if tag in UNLESS_PROSE or element.get("role", "").lower() in ROLES:
        return True
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if HIDDEN.search(element.get("style", "")):
        return True
    if tag in UNNAMED:  # inline ones are parts of sentences, whatever they are called
        return False
    told = " ".join(element.get(name, "") for name in ("class", "id", "data-component", "data-testid"))
    if not told.strip():
        return False
    words, is_named = _names(told)
    if words & ALWAYS or COMMENTS.fullmatch(element.get("id", "")) or COMMENTS.fullmatch(element.get("class", "")):
        return True
    if words & IMAGES and prose_of(element) <= MOST_CAPTION and not _tells(element):
        return not SENTENCE.search(one_line(inline_text(element))) or element.find(".//img") is not None
    return is_named and _sentences(element) < 2


def _holds_structure(element: Element) -> bool:
    return next(element.iter("table", "blockquote", "pre", "ul", "ol"), None) is not None


@lru_cache(maxsize=10_000)
def _names(told: str) -> tuple[frozenset[str], bool]:
    """The words of class names and ids, and whether they are the name of some furniture."""
    names = [frozenset(words_of(name)) for name in told.split()]
    words = frozenset(word for name in names for word in name)
    return words, bool(words & WORDS) or any(pair <= name for name in names for pair in PAIRS)


def _sentences(element: Element) -> int:
    """Paragraphs inside that are sentences and no links: a box of furniture has one at most."""
    texts = [
        text
        for each in element.iter("p", "li", "blockquote")
        if len(text := one_line(inline_text(each))) >= LEAST_SENTENCE and linked(each) < 0.3 * len(text)
    ]
    return sum(SENTENCE.search(text) is not None for text in texts)


def words_of(name: str) -> list[str]:
    """`sharedBox__item--newsLetter` as words in lower case, written together too: `news`, `letter`, `newsletter`."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    together = [a + b for a, b in pairwise(parts)]
    return [part.lower() for part in (*parts, *together)]


def _cards(root: Element) -> Iterator[list[Element]]:
    """Groups of elements of one make (tag and class) in one parent, that give a link for a headline and little else."""
    for parent in root.iter():
        if not isinstance(parent.tag, str) or len(parent) < CARDS:
            continue
        makes: dict[tuple[str, str], list[Element]] = defaultdict(list)
        for child in parent:
            if isinstance(child.tag, str):
                makes[child.tag, child.get("class", "")].append(child)
        for alike in makes.values():
            if len(alike) < CARDS or (alike[0].tag in INLINE and not _is_linked(parent)):
                continue
            cards = [child for child in alike if _is_card(child)]
            if len(cards) >= CARDS and len(cards) * 2 > len(alike):
                yield cards


def _is_linked(element: Element) -> bool:
    return linked(element) >= LINKED * len(one_line(inline_text(element)))


def _is_card(element: Element) -> bool:
    text = len(one_line(inline_text(element)))
    if not text or text - linked(element) > MOST_CARD:
        return False
    if linked(element) >= LINKED * text:
        return True
    return _is_told_under_a_link(element) or _linked_heading(element) is not None


def _is_told_under_a_link(element: Element) -> bool:
    """Whether it begins with a link as long as a headline: of tables, a row of one cell."""
    link = next(element.iter("a"), None)
    if link is None or element.tag not in ("tr", "td", "div") or len(element.findall("td")) > 1:
        return False
    begins, text = one_line(inline_text(link)), one_line(inline_text(element))
    return len(begins) >= LEAST_HEADLINE and text.startswith(begins) and linked(element) >= LED * len(text)


def _linked_heading(element: Element) -> Element | None:
    """The first heading inside that is a link; not one to its own place on the page."""
    for heading in element.iter("h2", "h3", "h4", "h5"):
        link = heading.find(".//a[@href]")
        if link is not None and _is_linked(heading):
            return heading if not link.get("href", "").startswith("#") else None
        if any(each.tag == "a" for each in heading.iterancestors()):
            return heading
    return None


def _take_teasers(root: Element, prose: _Prose) -> None:
    """Cards that stand alone, inside an article too: where those of a make are few, so that they are not its parts."""
    makes: dict[tuple[str, str], list[Element]] = defaultdict(list)
    for element in root.iter("div", "section", "article", "li", "td"):
        if _is_teaser(element):
            makes[element.tag, element.get("class", "")].append(element)
    for alike in makes.values():
        if sum(prose.share(each) for each in alike) <= MOST_TEASERS:
            for each in alike:
                remove(each)


def _is_teaser(element: Element) -> bool:
    heading = _linked_heading(element)
    if heading is None or prose_of(element) > MOST_TEASER or _sentences(element) > 1:
        return False
    before = one_line(inline_text(element)).find(one_line(inline_text(heading)))
    return 0 <= before <= MOST_KICKER and element.find(".//h1") is None


def _pictures(root: Element) -> Iterator[Element]:
    """The largest element around a picture that holds no more than the few words that belong to it."""
    for picture in list(root.iter(*PICTURES)):
        found = None
        for around in picture.iterancestors():
            if around.tag in ("body", "html", "article", "main") or around.find(".//h1") is not None:
                break
            text = one_line(inline_text(around))
            if len(text) > MOST_CAPTION or _tells(around):
                break
            found = around
        if found is None or found.tag in ("li", "blockquote"):
            continue
        if found.tag != "p" or _is_small(found):
            yield found


def _is_small(paragraph: Element) -> bool:
    """Whether all its words are set small or in italics, as captions are that stand in one paragraph with a picture."""
    words = sum(len(one_line(inline_text(each))) for each in paragraph.iter("em", "i", "small", "figcaption", "cite"))
    return words >= 0.9 * len(one_line(inline_text(paragraph)))


def _tells(element: Element) -> bool:
    """Whether it holds paragraphs that are more than a caption."""
    if next(element.iterdescendants("h2", "h3", "h4", "blockquote", "table"), None) is not None:
        return True
    texts = [text for each in element.iter("p", "li") if (text := one_line(inline_text(each)))]
    return len(texts) > 2 or _sentences(element) > 1 or any(len(text) > 120 and text[-1] in '.!?”"' for text in texts)
