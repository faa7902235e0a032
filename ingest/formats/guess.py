"""The encoding of a text that is not UTF-8 and does not say what it is: the one in which it reads as a language.

Every encoding in use is tried; what comes out is scored by how surely it is a language that was written in that
encoding, less for signs that stand where no word has them, and more where charset-normalizer agrees. Of 18 sentences
in as many encodings this finds 17, charset-normalizer alone 11 (tests/test_readers.py has them). Knows no files.
"""

import re

from ingest.language import classified

WESTERN = "en de fr es it pt nl da sv no nb nn fi is ca gl eu ga af sq id ms la oc br cy lb"
CENTRAL = "pl cs sk hu sl hr bs ro"
LANGUAGES = {
    "cp1252": WESTERN,
    "cp1250": CENTRAL,
    "iso8859_2": CENTRAL,
    "cp1254": "tr",
    "cp1257": "lt lv et",
    "mac_roman": "en de fr es it pt nl",
    "cp1251": "ru uk bg sr mk be kk",
    "koi8_r": "ru",
    "koi8_u": "uk",
    "cp866": "ru",
    "cp1253": "el",
    "cp1255": "he",
    "cp1256": "ar fa ur",
    "cp932": "ja",
    "euc_jp": "ja",
    "gb18030": "zh",
    "big5": "zh",
    "cp949": "ko",
    "tis_620": "th",
}
SURE = 0.5
AGREEMENT = 0.3  # charset-normalizer finds the same
ODD = 0.3  # off for each sign that is odd
MOST_ODD = 20  # counted
BY_SCRIPT = {"tis_620": 0.6}  # at most: any bytes in this encoding are Thai letters, and so surely "Thai"
READ = 20_000  # bytes
PLAIN_SIGNS = "«»“”„‘’‚‹›–—…·•°§©®™€£¥¢¿¡、-〿！-｠\u0e00-\u0e7f\u0590-\u05ff\u0600-\u06ff"
SIGNS_IN_WORDS = re.compile(
    rf"[^\W\d_][^\w\s\x00-\x7f{PLAIN_SIGNS}]|[a-zß-öø-ÿ][À-ÖØ-Þ]|(?<![^\W\d_])[^\w\s\x00-\x7f{PLAIN_SIGNS}](?=\w)"
)
# A word of another script than its neighbours', or of letters that no Western word is made of alone: `ÿþú`.
LONE = re.compile(r"(?<![a-zA-Z])[\xc0-\xff]{2,}(?![a-zA-Z])")


def guessed(data: bytes) -> str | None:
    """The name of the encoding; None where none fits."""
    from charset_normalizer import from_bytes

    head = data[:READ]
    best = from_bytes(head, cp_isolation=list(LANGUAGES)).best()
    scores = {name: score + AGREEMENT * (best is not None and best.encoding == name) for name, score in _scores(head)}
    first = max(scores, key=lambda name: scores[name], default=None)
    if first is not None and scores[first] >= SURE:
        return first
    return "cp1252" if _is_plausible(head) else None


def _scores(data: bytes) -> list[tuple[str, float]]:
    found = []
    for encoding, languages in LANGUAGES.items():
        text = _decoded(data, encoding)
        if text is None:
            continue
        language, probability = classified(text)
        odd = min(MOST_ODD, len(SIGNS_IN_WORDS.findall(text)))
        surely = min(probability, BY_SCRIPT.get(encoding, 1.0)) if language in languages.split() else 0.0
        found.append((encoding, surely - ODD * odd))
    return found


def _decoded(data: bytes, encoding: str) -> str | None:
    """None where the bytes are none of that encoding's, or its control characters."""
    for cut in range(4 if len(data) == READ else 1):  # the sample may end inside a character
        try:
            text = data[: len(data) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if re.search("[\x80-\x9f\ue000-\uf8ff]", text) else text
    return None


def _is_plausible(data: bytes) -> bool:
    """A few words in a Western language, too short to be known as one: `café`."""
    text = _decoded(data, "cp1252")
    return text is not None and not SIGNS_IN_WORDS.search(text) and not LONE.search(text)
