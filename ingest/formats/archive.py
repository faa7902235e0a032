"""Zip and tar archives: the files inside, one after another, within limits on size, number, depth and ratio.

Nothing is written to disk, and a name inside is only ever shown, so it can point nowhere. Knows no formats.
"""

import lzma
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from ingest.document import Skipped
from ingest.formats.source import FREE_BYTES, MEGABYTE, MOST_BYTES, MOST_RATIO, Allowance, Source, printable
from vectorstore import UnreadableSource

ENCRYPTED = 0x1
STEP = 1 << 20
BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, lzma.LZMAError)


def read_zip(source: Source) -> Iterator[Source | Skipped]:
    with opened_zip(source.file) as file:
        for info in file.infolist():
            if info.is_dir() or is_hidden(info.filename) or not source.reads(info.filename):
                continue
            try:
                yield source.member(info.filename, unpacked(file, info, source.allowance))
            except UnreadableSource as error:
                yield Skipped(f"{source.name}/{printable(info.filename)}", str(error))
                if source.allowance.spent:
                    return


def read_tar(source: Source) -> Iterator[Source | Skipped]:
    """Also `.tar.gz`, `.tar.bz2` and `.tar.xz`."""
    try:
        with tarfile.open(fileobj=source.file, mode="r:*") as file:
            yield from _tar_members(file, source)
    except (tarfile.TarError, *BROKEN) as error:
        raise UnreadableSource("it is not a tar archive, or it is broken.") from error


def _tar_members(file: tarfile.TarFile, source: Source) -> Iterator[Source | Skipped]:
    packed = _size(source.file)
    seen = 0
    for info in file:
        seen += info.size
        # A tar is packed as a whole: what was passed over counts, for reaching the next member unpacks it.
        if seen > FREE_BYTES and seen > packed * MOST_RATIO:
            raise_bomb()
        if not info.isfile() or is_hidden(info.name) or not source.reads(info.name):
            continue
        try:
            held = file.extractfile(info)
            if info.size > MOST_BYTES or held is None:
                raise UnreadableSource(f"it is larger than {MOST_BYTES // MEGABYTE} MB.")
            data = held.read(MOST_BYTES + 1)
            source.allowance.unpack(len(data))
            yield source.member(info.name, data)
        except UnreadableSource as error:
            yield Skipped(f"{source.name}/{printable(info.name)}", str(error))
            if source.allowance.spent:
                return


def opened_zip(file: IO[bytes]) -> ZipFile:
    """The archive.

    Raises:
        UnreadableSource: it is none, or it is cut off.
    """
    try:
        return ZipFile(file)
    except BROKEN as error:
        raise UnreadableSource("it is not a zip file, or it is broken.") from error


def unpacked(file: ZipFile, info: ZipInfo, allowance: Allowance) -> bytes:
    """The content of one member. What it says of its size is not believed.

    Raises:
        UnreadableSource: encrypted, broken, too large, or a bomb.
    """
    if info.flag_bits & ENCRYPTED:
        raise UnreadableSource("it is encrypted.")
    data = bytearray()
    try:
        with file.open(info) as member:
            while piece := member.read(STEP):
                data += piece
                if len(data) > MOST_BYTES:
                    raise UnreadableSource(f"it is larger than {MOST_BYTES // MEGABYTE} MB.")
                if len(data) > FREE_BYTES and len(data) > max(info.compress_size, 1) * MOST_RATIO:
                    raise_bomb()
    except BROKEN as error:
        raise UnreadableSource("it is broken inside its archive.") from error
    allowance.unpack(len(data))
    return bytes(data)


def raise_bomb() -> None:
    raise UnreadableSource(f"it unpacks to more than {MOST_RATIO} times its size, as no article does.")


def is_hidden(name: str) -> bool:
    """What archivers add beside the files: `__MACOSX/._a.html`, `.DS_Store`."""
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "__MACOSX" or any(part.startswith(".") and part not in (".", "..") for part in parts)


def _size(file: IO[bytes]) -> int:
    here = file.tell()
    size = file.seek(0, 2)
    file.seek(here)
    return size
