"""How well the text of a web page is found: ours beside trafilatura's, on pages of our own making.

    make evaluate-html
    python -m tests.evaluation.html [--show TEMPLATE] [FOLDER ...]

A FOLDER holds further pages: `name.html` with its text in `name.txt`. Prints token F1 and 4-gram F1 (of words in
lower case, counted as often as they stand), averaged over the pages of each template.
"""

import argparse
import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from ingest.readers import read_html
from tests.evaluation.pages.story import stories
from tests.evaluation.pages.templates import TEMPLATES
from vectorstore import UnreadableSource


class Page(NamedTuple):
    group: str
    name: str
    html: str
    gold: str


class Score(NamedTuple):
    tokens: float
    grams: float


def main() -> None:
    parser = argparse.ArgumentParser(description="How well the text of a web page is found.")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="further pages, with their texts")
    parser.add_argument("--show", metavar="TEMPLATE", help="what is missing and what is too much, page by page")
    given = parser.parse_args()
    pages = [*_made(), *(page for folder in given.folders for page in _kept(folder))]
    table = Table("pages of", "", "tokens F1", "4-grams F1", "plain: tokens", "4-grams", "empty", box=None)
    groups: dict[str, list[tuple[Score, Score]]] = defaultdict(list)
    for page in pages:
        ours, plain = extracted(page.html), trafilaturas(page.html)
        pair = score(ours, page.gold), score(plain, page.gold)
        groups[page.group].append(pair)
        groups["all"].append(pair)
        if given.show == page.group:
            _show(page, ours, pair)
    for group, pairs in sorted(groups.items(), key=lambda item: item[0] == "all"):
        columns = [mean(getattr(pair[who], what) for pair in pairs) for who in (0, 1) for what in ("tokens", "grams")]
        empty = sum(pair[0].tokens == 0 for pair in pairs)
        table.add_row(group, str(len(pairs)), *(f"{column:.3f}" for column in columns), str(empty))
    Console().print(table)


def _made() -> Iterator[Page]:
    for template in TEMPLATES:
        for story in stories():
            yield Page(template.__name__, story.name, template(story), story.gold)


def _kept(folder: Path) -> Iterator[Page]:
    for path in sorted(folder.glob("*.html")):
        gold = path.with_suffix(".txt").read_text(encoding="utf-8")
        yield Page(folder.name, path.stem, path.read_text(encoding="utf-8"), gold)


def extracted(html: str) -> str:
    """What Footnote stores as the article's text."""
    try:
        return read_html(html).text
    except UnreadableSource:
        return ""


def trafilaturas(html: str) -> str:
    """Plain trafilatura, comments and tables off."""
    from trafilatura import extract

    return extract(html, include_comments=False, include_tables=False) or ""


def score(found: str, gold: str) -> Score:
    return Score(*(_f1(_grams(found, size), _grams(gold, size)) for size in (1, 4)))


def _grams(text: str, size: int) -> Counter[tuple[str, ...]]:
    # A character each where words are not parted by spaces.
    words = re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+", text.lower())
    return Counter(tuple(words[at : at + size]) for at in range(max(1, len(words) - size + 1)))


def _f1(found: Counter[tuple[str, ...]], gold: Counter[tuple[str, ...]]) -> float:
    common = sum((found & gold).values())
    return 2 * common / (sum(found.values()) + sum(gold.values())) if common else 0.0


def _show(page: Page, ours: str, pair: Sequence[Score]) -> None:
    print(f"--- {page.name}: {pair[0].tokens:.3f}, plain {pair[1].tokens:.3f}")
    lines = (
        re.findall(r"[^\n]+", page.gold),
        [re.sub(r"^(- |\d+\. )", "", each) for each in re.findall(r"[^\n]+", ours)],
    )
    for line in difflib.unified_diff(*lines, "wanted", "found", lineterm="", n=0):
        if not line.startswith(("---", "+++", "@@")):
            print(line[:200])


if __name__ == "__main__":
    main()
