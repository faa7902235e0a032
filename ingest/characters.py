"""The characters of a text as a reader should get them: mojibake mended, invisible characters out, one kind of space.

Nothing that is seen is lost. Knows no lines and no paragraphs. The one module that knows ftfy.
"""

import re
import unicodedata

# Invisible, and no part of any word: control characters, soft hyphens, zero-width spaces, byte-order marks, controls
# of direction (an override left open turns the rest of a page around), noncharacters, halves of surrogate pairs.
# Joiners (U+200C, U+200D) stay: Persian words and emoji are made with them; marks of direction stay too.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
# Tags are letters that nobody sees, and that a language model reads: only flags are made with them.
TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007f]+)|[\U000e0000-\U000e007f]+")
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
# What UTF-8 read as another encoding looks like; ftfy looks closer, and takes a hundred times as long.
SUSPECT = re.compile("[ÂÃÅÐÑâãð×ØÙàáäåæçïРСГВ][\x80-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ°±µ»«‡Ђѓ]")


def plain(text: str) -> str:
    """The same text with `\\n` for every line end, plain spaces, no invisible characters, composed (NFC).

    What is plain stays as it is: once a control character is out, letters may stand together that look like mojibake.
    """
    while (plainer := _plainer(text)) != text:
        text = plainer
    return text


def _plainer(text: str) -> str:
    text = re.sub(r"\r\n?|[\v\x85\u2028]", "\n", _mended(text))
    text = re.sub(r"[\f\x1c-\x1e\u2029]", "\n\n", text)
    text = TAGS.sub(lambda found: found[1] or "", INVISIBLE.sub("", text)).translate(LIGATURES)
    return unicodedata.normalize("NFC", re.sub(r"[^\S\n]+", " ", text))


def _mended(text: str) -> str:
    """`cafÃ©` is café; only lines that look broken are changed."""
    if not SUSPECT.search(text):
        return text
    from ftfy import fix_encoding

    return "\n".join(fix_encoding(line) if SUSPECT.search(line) else line for line in text.split("\n"))
