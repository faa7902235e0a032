"""Web pages into documents: the main text, and what the page tells of title, date, author, language and address.

trafilatura finds the article; before it the page's furniture leaves the tree, after it the page's own blocks are
chosen by what it found (`ingest/page/`), and JSON-LD's `articleBody` is asked where a script draws the page.
"""

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from ingest.byline import take_byline
from ingest.characters import plain
from ingest.clean import clean_paragraphs
from ingest.dates import iso_published
from ingest.document import Document
from ingest.formats.blocks import UNSEEN, blocks, inline_text, one_line, parse
from ingest.formats.encoding import decode_page
from ingest.formats.source import Source
from ingest.formats.text import LIST_OR_TABLE, headline, same_words
from ingest.page.choice import Article, chosen, words_of
from ingest.page.edges import within
from ingest.page.furniture import home_of, prose_of, take_out
from ingest.page.told import Told, told_by
from vectorstore import UnreadableSource

log = logging.getLogger(__name__)

SEPARATOR = re.compile(r"\s(?:\||[-–—]|::|»)\s")  # between a title and the site's name
TOO_SHORT = 0.5  # of what trafilatura finds on the untouched page: then it knew better
BODY_LONGER = 1.25  # times the text found: then the page's own word for its body is taken
LEAST_BODY = 40  # words
MOST_TEXT = 500_000  # characters: a book, taken as it is; trafilatura needs a minute and a half for five million


def read_page(source: Source) -> Iterator[Document]:
    charset = re.search(r"charset=\s*\"?([\w:.-]+)", source.media_type or "")
    yield page_document(decode_page(source.data(), charset[1] if charset else None), source.name, source.url)


def page_document(html: str, name: str | None = None, url: str | None = None) -> Document:
    """A web page; `name` is shown where it does not tell its address, and `url` is where it was found.

    Raises:
        UnreadableSource: no article can be found on it.
    """
    tree = parse(html)
    told = told_by(tree) if tree is not None else Told()
    headlines = [told.headline, *_headlines(tree)] if tree is not None else []
    page, found = _found(tree, html, url)
    called = one_line((tree.findtext(".//title") if tree is not None else None) or "")
    title = one_line(page.get("title") or told.headline or called)
    if called.startswith(title):
        title = called  # trafilatura cuts it at any dash: "Trump – Putin summit ends"
    title = _without_site(title, [page.get("sitename") or "", _name_in(page.get("hostname") or "")], headlines)
    article = _article(tree, found, page.get("text") or "", told, [title, called])
    if not article.parts:
        raise UnreadableSource("no article can be found on the page.")
    cleaned = clean_paragraphs([plain(part).strip() for part in article.parts])
    parts, lines = within(cleaned.text.split("\n\n"), page.get("author") or "")
    if title and len(parts) > 1 and same_words(parts[0], title):
        parts = parts[1:]
    if not title:
        title, parts = headline(parts, name or "Untitled page")
    byline, parts = take_byline(parts)
    return Document(
        title,
        "\n\n".join(parts),
        source=page.get("url") or url or name,
        published=iso_published(page.get("date")) or iso_published(told.published) or byline.published,
        author=page.get("author") or byline.author,
        language=page.get("language") or _declared_language(html),
        tags=tuple(page.get("tags") or ()),
        dropped=(*article.dropped, *cleaned.dropped, *lines),
    )


def _found(tree: Any, html: str, url: str | None) -> tuple[dict[str, Any], str]:
    """What trafilatura tells of the page, and the text it finds: on the page without its furniture, unless it finds
    much less there than on the page as it is. Changes the tree."""
    if tree is not None and _words(tree) > MOST_TEXT:
        return {"title": tree.findtext(".//title")}, "\n".join(block.text for block in blocks(tree))
    whole = _extracted(html, url)
    if tree is None:
        return whole, whole.get("text") or ""
    untouched = deepcopy(tree)
    take_out(tree)
    text = _extracted(deepcopy(tree), url, with_metadata=False).get("text") or ""
    before = whole.get("text") or ""
    if len(text) < TOO_SHORT * len(before) and not _holds(tree, untouched):
        tree.clear()
        tree.extend(untouched)
        return whole, before
    return whole, text


def _headlines(tree: Any) -> list[str]:
    """As the page sets them, and as it tells them to others."""
    set_so = [one_line(inline_text(each)) for each in tree.iter("h1")]
    return set_so + [one_line(each.get("content") or "") for each in tree.iterfind(".//meta[@property='og:title']")]


def _name_in(host: str) -> str:
    """What may be the site's name in `www.herald.co.uk`: its longest part."""
    return max(host.removeprefix("www.").split(".")[:-1], key=len, default="")


def _without_site(title: str, names: list[str], headlines: list[str]) -> str:
    """Without the site's name behind a dash or a bar; any other such part is the title's own."""
    for found in SEPARATOR.finditer(title):
        rest, site = title[: found.start()], title[found.end() :]
        if _is_site(site, names) or (
            not _is_site(rest, names) and any(same_words(rest, headline) for headline in headlines)
        ):
            return rest
    return title


def _is_site(text: str, names: list[str]) -> bool:
    """Whether it begins with one of the names: bbc.co.uk is "BBC News" too."""
    said = _squeezed(text)
    return any((name := _squeezed(each)) and said.startswith(name) for each in names)


def _squeezed(name: str) -> str:
    return re.sub(r"\W+", "", name).casefold().removeprefix("the")


def _words(tree: Any) -> int:
    """Characters of its text: a page with pictures inside is large and has little."""
    return sum(len(each.text or "") + len(each.tail or "") for each in tree.iter() if each.tag not in UNSEEN)


def _holds(tree: Any, untouched: Any) -> bool:
    """Whether what stands around the headline is still there, so that it was the rest of the page that went."""
    home, before = home_of(tree), home_of(untouched)
    return home is not None and before is not None and prose_of(home) >= TOO_SHORT * prose_of(before)


def _extracted(page: Any, url: str | None, *, with_metadata: bool = True) -> dict[str, Any]:
    """What trafilatura makes of the page: its text, and with metadata what it tells; nothing where it breaks on it."""
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(page, url=url, include_comments=False, include_tables=True, with_metadata=with_metadata)
    except Exception:  # on broken trees it and htmldate raise what they meet: AssertionError, AttributeError, ...
        log.debug("trafilatura breaks on %s", url or "a page", exc_info=True)
        return _extracted(page, url, with_metadata=False) if with_metadata else {}
    told: dict[str, Any] = found if isinstance(found, dict) else found.as_dict() if found else {}
    return told


def _article(tree: Any, found: str, untouched: str, told: Told, titles: list[str]) -> Article:
    body = _body(told)
    article = chosen(blocks(tree), found, untouched, titles, "\n".join(body)) if tree is not None else None
    article = article or Article(_lines(found), [])
    length = len(words_of(" ".join(body)))
    if length >= LEAST_BODY and length > BODY_LONGER * len(words_of(" ".join(article.parts))):
        return Article(body, [])
    return article


def _body(told: Told) -> list[str]:
    """The body that the page tells, in paragraphs: as lines, or as markup."""
    if "<p" in told.body.lower() or "<br" in told.body.lower():
        return [block.text for block in blocks(parse(told.body))]
    return _lines(told.body)


def _lines(text: str) -> list[str]:
    """trafilatura gives a paragraph a line; the lines of a list or a table stay together."""
    found: list[str] = []
    for line in (line.strip() for line in text.split("\n")):
        if not line:
            continue
        if found and LIST_OR_TABLE.match(line) and LIST_OR_TABLE.match(found[-1].rsplit("\n", 1)[-1]):
            found[-1] += "\n" + line
        else:
            found.append(line)
    return found


def _declared_language(html: str) -> str | None:
    found = re.search(r"<html[^>]*\slang=[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)", html[:5000])
    return found[1] if found else None
