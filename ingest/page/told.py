"""What a page says of itself in JSON-LD (schema.org): the article's body, headline, author and dates."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

KINDS = "News|Opinion|Review|Reportage|Analysis|Background|Satirical|Tech|Scholarly"
ARTICLES = re.compile(rf"(?:{KINDS})?Article|(?:Live)?BlogPosting|Report")
LINKED_DATA = "application/ld+json"
MOST = 20  # scripts that are looked at
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Told:
    """As the page gives them; empty where it does not."""

    body: str = ""
    headline: str = ""
    published: str = ""


def told_by(page: Any) -> Told:
    """The first article with a body, else the first; `page` is the tree of a page as it came."""
    scripts = (each for each in page.iter("script") if LINKED_DATA in each.get("type", "").lower())
    found = [
        Told(_text(each.get("articleBody")), _text(each.get("headline")), _text(each.get("datePublished")))
        for script in islice(scripts, MOST)
        for each in _articles(_parsed(script.text or ""), 0)
    ]
    return next((told for told in found if told.body), found[0] if found else Told())


def _parsed(script: str) -> Any:
    try:
        # strict off: real pages have raw line ends in their strings.
        return json.loads(script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _articles(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _articles(each, depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and ARTICLES.fullmatch(kind) for kind in kinds):
            yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _articles(value.get(name), depth + 1)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
