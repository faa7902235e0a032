"""Text as tokens with exact positions: words with their stems, numbers in figures, marks.

What `facts.py` reads and `align.py` lines up. Knows one text at a time and nothing of what is claimed.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.verifying.words import IRREGULAR

Stemmer = Callable[[str], str]

TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:[,\u00a0\u202f\u2009]\d{3})+(?:\.\d+)?(?!\d)|\d{1,2}:\d{2}(?!\d)|\d+(?:[.,]\d+)*|"
    r"[¼½¾⅐-⅞])|"
    # U.S., then a script that is written without spaces (a token each), then a word with its apostrophes.
    r"(?P<word>(?:[^\W\d_]\.){2,}|[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|"
    r"[^\W\d_\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+(?:['’][^\W\d_]+)*)|"
    r"(?P<mark>[^\w\s])"
)
POSSESSIVE = re.compile(r"(?<=[^\W\d_])['’](?:s|S)?$")
CONTRACTED = re.compile(r"^(.*?)(n['’]t|['’](?:s|re|ve|ll|d|m))$", re.IGNORECASE)

Kind = Literal["word", "number", "mark"]


@dataclass(frozen=True, slots=True)
class Token:
    """`text[start:end]`. `key` is without case, accents and possessive; `stem` also without its ending."""

    text: str
    start: int
    end: int
    kind: Kind
    key: str
    stem: str
    glued: bool  # nothing stands between it and the token before
    opens: bool  # the first word of a sentence, where a capital letter says nothing

    @property
    def capital(self) -> bool:
        return self.kind == "word" and self.text[0].isupper()


def tokens(text: str, stem: Stemmer) -> tuple[Token, ...]:
    """The tokens of `text`, in order. Contractions fall apart: "didn't" is "did" and "n't"."""
    found: list[Token] = []
    end, opens = -1, True
    for match in TOKEN.finditer(text):
        kind: Kind = "number" if match["number"] else "word" if match["word"] else "mark"
        for piece, at in _parted(match[0], kind):
            start = match.start() + at
            key = folded(piece) if kind == "word" else piece
            found.append(
                Token(
                    piece,
                    start,
                    start + len(piece),
                    kind,
                    key,
                    _stemmed(key, stem) if kind == "word" else key,
                    start == end,
                    opens and kind == "word",
                )
            )
            end = start + len(piece)
        opens = match[0] in '.!?:;"“«‘(…—–' or (opens and kind == "mark")
    return tuple(found)


def _parted(text: str, kind: Kind) -> list[tuple[str, int]]:
    split = CONTRACTED.match(text) if kind == "word" else None
    if split and split[1] and split[2].lower() not in ("'s", "’s"):
        whole = "can" if folded(text) in ("cant", "can't") else split[1]
        return [(whole, 0), (split[2], len(split[1]))]
    return [(text, 0)]


@lru_cache(65536)
def folded(word: str) -> str:
    """The word without case, accents, possessive and the dots of an abbreviation: Zoë's is zoe, U.S. is us."""
    bare = POSSESSIVE.sub("", word).replace("’", "'").replace(".", "")
    letters = unicodedata.normalize("NFKD", bare.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)) or bare.casefold()


def _stemmed(key: str, stem: Stemmer) -> str:
    return stem(IRREGULAR.get(key, key))
