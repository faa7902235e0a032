"""What stands before the first and after the last paragraph of an article and is none of it: the author's name and
the date, what the author is, who edited, where to write. Told by the names and dates that the page gives, not by
phrases. Knows no tree.
"""

import re
from collections.abc import Sequence

LEAD = 5  # paragraphs looked at before the article
TAIL = 4  # and after it
MOST_LEAD = 140  # characters
MOST_TAIL = 260
OTHER_WORDS = 3  # beside the author's name and the date: "By", "Posted on", "3 min read"
# In a sentence beside its author's name; and what begins one that tells where to write.
CREDIT = re.compile(r"\b(?:reporting|(?:written|edited|editing) by|contribut\w+)\b", re.IGNORECASE)
WRITE = re.compile(r"(?:^|[.!?]\s)\W*(?:write|e-?mail|contact|follow|reach|send|tweet)\b", re.IGNORECASE)
QUOTE = re.compile(r"[\"“”„«»「]")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w|(?:^|\s)@\w{3,}")  # of a person; a site's is where to get tickets
END = re.compile(r"[.!?…。！？।][\"'”’»)\]]*$")


def within(parts: Sequence[str], author: str) -> tuple[list[str], list[str]]:
    """The paragraphs without those lines, and the lines."""
    kept = list(parts)
    before = [at for at in range(min(LEAD, len(kept) - 1)) if _is_dateline(kept[at], author)]
    after = len(kept)
    while after > 1 and len(kept) - after < TAIL and _is_sign_off(kept[after - 1], author):
        after -= 1
    dropped = [kept[at] for at in before] + kept[after:]
    return [part for at, part in enumerate(kept[:after]) if at not in before], dropped


def _is_dateline(text: str, author: str) -> bool:
    """Nothing but who wrote it, or when."""
    if len(text) > MOST_LEAD or END.search(text):
        return False
    others = [word for word in re.findall(r"[^\W\d_]+", text) if word.lower() not in author.lower()]
    digits = len(re.findall(r"\d", text))
    if any(name.lower() in text.lower() for name in _names(author)):
        return len(others) <= OTHER_WORDS + (2 if digits else 0)
    return digits >= 5 and len(others) <= OTHER_WORDS


def _is_sign_off(text: str, author: str) -> bool:
    if len(text) > MOST_TAIL or "\n" in text or QUOTE.search(text):
        return False
    names = [name.lower() for name in _names(author)]
    is_signed = any(name in text.lower() for name in names)
    if not END.search(text):
        return is_signed or ADDRESS.search(text) is not None
    if re.sub(r"^\W+", "", text.lower()).startswith(tuple(names)):
        return True
    # A sentence may be about its author, or about where to get tickets.
    return CREDIT.search(text) is not None if is_signed else bool(ADDRESS.search(text) and WRITE.search(text))


def _names(author: str) -> list[str]:
    """Of `Ada Moss; Bo Li`, each that is more than one word, or long: a single short word is anybody's."""
    names = [name.strip() for name in re.split(r"[;,/|]|\band\b", author)]
    return [name for name in names if len(name.split()) > 1 or len(name) >= (4 if not name.isascii() else 9)]
