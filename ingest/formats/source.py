"""A file to be read, whatever holds it: a folder, an upload, an archive, a mail. With the limits on what it may unpack.

Knows no formats.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO

from ingest.document import Document, Skipped
from vectorstore import UnreadableSource

MEGABYTE = 1_000_000
MOST_BYTES = 50 * MEGABYTE  # of one article: it has some ten thousand
MOST_UNPACKED = 2_000 * MEGABYTE  # of one file with everything packed inside it
MOST_MEMBERS = 20_000
MOST_RATIO = 100  # unpacked to packed; prose packs to a third, repeated rows to a thirtieth
FREE_BYTES = MEGABYTE  # unpacked without a look at the ratio: a short page of blanks is no bomb
DEEPEST = 3  # archives within archives


@dataclass(slots=True)
class Allowance:
    """What is left to unpack from one file, shared by everything inside it."""

    unpacked: int = MOST_UNPACKED
    members: int = MOST_MEMBERS

    @property
    def spent(self) -> bool:
        return self.unpacked < 0 or self.members < 0

    def unpack(self, size: int) -> None:
        """Counts `size` bytes that were unpacked.

        Raises:
            UnreadableSource: more is packed in the file than is read.
        """
        self.unpacked -= size
        if self.unpacked < 0:
            raise UnreadableSource(f"more than {MOST_UNPACKED // MEGABYTE:,} MB are packed; the rest is not read.")

    def enter(self) -> None:
        """Counts one file.

        Raises:
            UnreadableSource: more of them are packed in the file than are read.
        """
        self.members -= 1
        if self.members < 0:
            raise UnreadableSource(f"more than {MOST_MEMBERS:,} files are packed; the rest is not read.")


@dataclass(slots=True)
class Source:
    """One file, open. `name` is what a person is shown: `news.zip/may/bridge.html` for a file inside another.

    `reads` tells whether a file of that name is of a kind that can be read.
    """

    file: IO[bytes]
    name: str
    reads: Callable[[str], bool]
    media_type: str | None = None
    part: str = ""  # its name inside the file that holds it
    depth: int = 0
    url: str | None = None  # where it was fetched from
    allowance: Allowance = field(default_factory=Allowance)

    def data(self) -> bytes:
        """Everything in it.

        Raises:
            UnreadableSource: empty, or longer than an article can be.
        """
        data = self.file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise UnreadableSource(f"it is larger than {MOST_BYTES // MEGABYTE} MB.")
        if not data.strip():
            raise UnreadableSource("it is empty.")
        return data

    def member(self, name: str, data: bytes, media_type: str | None = None) -> "Source":
        """A file inside this one.

        Raises:
            UnreadableSource: too deep, or one too many.
        """
        if self.depth >= DEEPEST:
            raise UnreadableSource(f"it lies more than {DEEPEST} archives deep.")
        self.allowance.enter()
        shown = f"{self.name}/{printable(name)}"
        return Source(BytesIO(data), shown, self.reads, media_type, name, self.depth + 1, allowance=self.allowance)


Found = Document | Skipped | Source
Read = Callable[[Source], Iterator[Found]]


def printable(name: str) -> str:
    """A file's name on one line and in whole characters, whatever bytes it has on the disk."""
    shown = name.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in shown)
