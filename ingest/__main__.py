"""`python -m ingest PATH ...`: reads articles into the library, and looks after what is in it.

A flat story: find the files, read them, hand them to the library, say what happened. Exit 0 where all could be read,
1 where some were skipped or something refused, 2 on wrong usage.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from ingest.document import Document, Skipped
from ingest.folders import files_below
from ingest.formats.source import printable
from ingest.library import Library, OwnLibrary, ServedLibrary, open_store
from ingest.pipeline import cut, id_of_file
from ingest.readers import known, read_file
from ingest.split import SPLITTER_VERSION
from vectorstore import FootnoteError, InvalidInput, Store, load_embedder, owner
from vectorstore.settings import LibrarySettings, start_logging

SAMPLES = Path(__file__).parent / "samples"
WAIT_SECONDS = 0.5  # between looks at whether the library is free


@dataclass(slots=True)
class Report:
    """What a run did, counted as it went."""

    statuses: Counter[str] = field(default_factory=Counter)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    dropped: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: int = 0  # files of unknown kinds in folders

    def skip(self, path: Path, reason: str) -> None:
        self.skipped.append((printable(str(path)), reason))

    def summary(self) -> str:
        """`3 added, 1 updated, 0 unchanged, 1 skipped`."""
        counts = [f"{self.statuses[name]} {name}" for name in ("added", "updated", "unchanged")]
        line = ", ".join([*counts, f"{len(self.skipped)} skipped"])
        return line + (f" ({self.ignored} files of other kinds ignored)" if self.ignored else "")


def main(argv: Sequence[str] | None = None) -> int:
    parser = _parser()
    arguments = parser.parse_args(argv)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    asked = [arguments.list, bool(arguments.remove), arguments.rebuild, arguments.samples, bool(arguments.paths)]
    if not any(asked):
        parser.print_usage(sys.stderr)
        errors.print("Name a file or a folder of articles to read.", markup=False)
        return 2
    try:
        settings = LibrarySettings.read(vars(arguments))
    except InvalidInput as error:
        errors.print(str(error), markup=False)
        return 2
    start_logging(settings.log_level)
    try:
        return _run(arguments, settings, errors)
    except FootnoteError as error:
        errors.print(str(error), markup=False)
        return 1
    except KeyboardInterrupt:
        errors.print("Stopped; what was read so far is stored. The same command goes on from there.")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ingest", description="Reads articles into the library.")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders of articles")
    parser.add_argument("--list", action="store_true", help="what is in the library")
    parser.add_argument("--remove", nargs="+", metavar="ID", help="take articles out")
    parser.add_argument("--rebuild", action="store_true", help="make every index anew from the stored articles")
    parser.add_argument("--samples", action="store_true", help="add the sample articles, if the library is empty")
    parser.add_argument("--verbose", action="store_true", help="list every line that cleaning took out")
    parser.add_argument("--library", metavar="FOLDER", help="the folder of everything (library)")
    parser.add_argument("--embedding-model", metavar="NAME", help="any sentence-transformers id or folder")
    parser.add_argument("--log-level", metavar="LEVEL", help="debug, info, warning or error (info)")
    return parser


def _run(arguments: argparse.Namespace, settings: LibrarySettings, errors: Console) -> int:
    if arguments.rebuild:
        _rebuild(settings, errors)
    library = _open(settings, errors)
    try:
        if arguments.remove:
            for article_id in arguments.remove:
                library.remove(article_id)
        code = 0
        paths = [Path(path) for path in arguments.paths]
        if paths:
            _drop_samples(library, paths, errors)
        elif arguments.samples and next(library.listed(), None) is None:
            paths = [SAMPLES]
        if paths:
            code = _ingest(paths, library, errors, verbose=arguments.verbose)
        if arguments.list:
            _list(library)
        return code
    finally:
        library.close()


def _open(settings: LibrarySettings, errors: Console) -> Library:
    """The library, once no other batch holds it; a server's, where one has it open."""
    waiting = False
    while (holder := owner(settings.library)) is not None:
        if holder.url is not None:
            return ServedLibrary(holder)
        if not waiting:
            errors.print(f"Waiting for the other Footnote that uses {settings.library} ...", markup=False)
            waiting = True
        time.sleep(WAIT_SECONDS)
    return OwnLibrary(open_store(settings.library, settings.embedding_model))


def _ingest(paths: Sequence[Path], library: Library, errors: Console, *, verbose: bool) -> int:
    report = Report()
    files = list(_files(paths, report))
    with _progress(errors) as progress:
        task = progress.add_task("Reading", total=len(files))
        documents = _documents(files, report, lambda: progress.advance(task))
        for stored in library.add_all(documents):
            report.statuses[stored.status] += 1
    for source, reason in report.skipped:
        errors.print(f"skipped {source}: {reason}", markup=False)
    if verbose:
        for source, lines in report.dropped.items():
            for line in lines:
                errors.print(f"dropped from {source}: {line}", markup=False)
    print(report.summary())
    return 1 if report.skipped else 0


def _documents(files: Sequence[Path], report: Report, advance: Callable[[], None]) -> Iterator[tuple[str, Document]]:
    for path in files:
        folder = "" if path.parent == Path() else f"{printable(str(path.parent))}/"
        for found in read_file(path):
            if isinstance(found, Skipped):
                report.skipped.append((folder + found.source, found.reason))
                continue
            if found.dropped:
                name = printable(str(path)) + (f" ({found.part})" if found.part else "")
                report.dropped[name] = found.dropped
            yield id_of_file(path, found), found
        advance()


def _files(paths: Sequence[Path], report: Report) -> Iterator[Path]:
    """The files named, and those of known kinds in the folders named; each once."""
    seen: set[Path] = set()
    for path in paths:
        for found in files_below(path, report.skip):
            if path.is_dir() and not known(found.name):
                report.ignored += 1
            elif (resolved := found.resolve()) not in seen:
                seen.add(resolved)
                yield found


def _drop_samples(library: Library, paths: Sequence[Path], errors: Console) -> None:
    """The samples step aside when somebody's own articles come."""
    if any(path.resolve().is_relative_to(SAMPLES.resolve()) for path in paths):
        return
    samples = {id_of_file(path) for path in SAMPLES.iterdir()}
    held = [item.id for item in library.listed() if item.id in samples]
    for article_id in held:
        library.remove(article_id)
    if held:
        errors.print(f"The {len(held)} sample articles step aside for yours.")


def _rebuild(settings: LibrarySettings, errors: Console) -> None:
    embedder = load_embedder(settings.embedding_model)
    with _progress(errors) as progress:
        task = progress.add_task("Rebuilding", total=None)
        store = Store.rebuilt(
            settings.library,
            embedder,
            lambda article: cut(article, embedder),
            recipe=str(SPLITTER_VERSION),
            each=lambda done, of: progress.update(task, completed=done, total=of),
        )
    count = store.count()
    print(f"{count} article{'' if count == 1 else 's'} indexed anew")
    store.close()


def _list(library: Library) -> None:
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:  # a program reads it: one line an article
        for item in library.listed():
            print(item.id, item.title, item.published or "", item.source or "", sep="\t")
        return
    table = Table("id", "title", "date", "source", box=None, pad_edge=False)
    for item in library.listed():
        table.add_row(item.id, item.title, (item.published or "")[:10], item.source or "")
    console.print(table)


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


if __name__ == "__main__":
    sys.exit(main())
