"""`python -m ingest PATH|URL ...`: reads articles into the library, and looks after what is in it.

A flat story: find the files, read them, hand them to the library, say what happened. Exit 0 where all could be read,
1 where some were skipped or something refused, 2 on wrong usage.
"""

import argparse
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from ingest.addresses import Allowed
from ingest.fetch import Fetcher
from ingest.fetched import Versions
from ingest.folders import files_below
from ingest.formats.source import printable
from ingest.intake import Intake
from ingest.library import Library, OwnLibrary, ServedLibrary, open_store
from ingest.linked import Links
from ingest.links import is_link
from ingest.pipeline import cut, id_of_file
from ingest.readers import known
from ingest.report import Report
from ingest.sources import Sources
from ingest.split import SPLITTER_VERSION
from ingest.watch import changes
from vectorstore import FootnoteError, InvalidInput, Listed, Store, backup, load_embedder, owner
from vectorstore.settings import LibrarySettings, start_logging

SAMPLES = Path(__file__).parent / "samples"
WAIT_SECONDS = 0.5  # between looks at whether the library is free


def main(argv: Sequence[str] | None = None) -> int:
    parser = _parser()
    arguments = parser.parse_args(argv)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    if not _needs_library(arguments) and not arguments.rebuild and not arguments.backup:
        parser.print_usage(sys.stderr)
        errors.print("Name a file, a folder or a link to read.", markup=False)
        return 2
    if arguments.watch and all(map(is_link, arguments.paths)):
        errors.print("Name the folder to watch: python -m ingest FOLDER --watch", markup=False)
        return 2
    try:
        settings = LibrarySettings.read(vars(arguments))
    except InvalidInput as error:
        errors.print(str(error), markup=False)
        return 2
    start_logging(settings.log_level)
    try:
        return _run(arguments, settings, _Show(errors, arguments.verbose))
    except FootnoteError as error:
        errors.print(str(error), markup=False)
        return 1
    except KeyboardInterrupt:
        errors.print("Stopped; what was read so far is stored. The same command goes on from there.")
        return 0 if arguments.watch else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ingest", description="Reads articles into the library.")
    parser.add_argument("paths", nargs="*", metavar="PATH|URL", help="files and folders of articles, and links")
    parser.add_argument("--feed", nargs="+", default=[], metavar="URL", help="read what feeds and sitemaps list")
    parser.add_argument("--limit", type=_count, default=100, metavar="N", help="of a feed, the newest N (100)")
    parser.add_argument("--list", action="store_true", help="what is in the library")
    parser.add_argument("--remove", nargs="+", metavar="ID", help="take articles out")
    parser.add_argument("--prune", action="store_true", help="take out articles whose files are gone")
    parser.add_argument("--watch", action="store_true", help="then follow the files as they change, until Ctrl-C")
    parser.add_argument("--backup", metavar="DIR", help="a consistent copy of the library, also while it is in use")
    parser.add_argument("--rebuild", action="store_true", help="make every index anew from the stored articles")
    parser.add_argument("--samples", action="store_true", help="add the sample articles, if the library is empty")
    parser.add_argument("--verbose", action="store_true", help="list every article, and what cleaning took out")
    parser.add_argument("--library", metavar="FOLDER", help="the folder of everything (library)")
    parser.add_argument("--embedding-model", metavar="NAME", help="any sentence-transformers id or folder")
    parser.add_argument("--log-level", metavar="LEVEL", help="debug, info, warning or error (info)")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 up")
    return int(text)


@dataclass(frozen=True, slots=True)
class _Show:
    """Where to tell a person, and whether to tell everything."""

    errors: Console
    verbose: bool


@dataclass(frozen=True, slots=True)
class _Links:
    """Links to read, and feeds to read the newest articles of."""

    urls: Sequence[str] = ()
    feeds: Sequence[str] = ()
    limit: int = 0

    def __bool__(self) -> bool:
        return bool(self.urls or self.feeds)


NO_LINKS = _Links()


def _run(arguments: argparse.Namespace, settings: LibrarySettings, show: _Show) -> int:
    if arguments.backup:
        backup(settings.library, Path(arguments.backup))
        print(f"copied to {arguments.backup}; vectors and words are made anew when it is first opened")
    if arguments.rebuild:
        _rebuild(settings, show.errors)
    if not _needs_library(arguments):
        return 0
    return _watch(arguments, settings, show) if arguments.watch else _once(arguments, settings, show)


def _needs_library(arguments: argparse.Namespace) -> bool:
    return (
        bool(arguments.paths or arguments.feed or arguments.remove)
        or arguments.list
        or arguments.samples
        or arguments.prune
    )


def _once(arguments: argparse.Namespace, settings: LibrarySettings, show: _Show) -> int:
    code = 0
    with closing(_open(settings, show.errors)) as library:
        for article_id in arguments.remove or ():
            library.remove(article_id)
        paths = [Path(path) for path in arguments.paths if not is_link(path)]
        links = _Links([path for path in arguments.paths if is_link(path)], arguments.feed, arguments.limit)
        if paths or links:
            code = _ingest(paths, settings, library, show, links)
        elif arguments.samples and next(library.listed(), None) is None:
            code = _ingest([SAMPLES], settings, library, show)
        if arguments.prune:
            _prune(settings, library)
        if arguments.list:
            _list(library)
    return code


def _watch(arguments: argparse.Namespace, settings: LibrarySettings, show: _Show) -> int:
    """Reads, and follows the files until Ctrl-C. The library is open only while something changes, so that others get
    at it."""
    paths = [Path(path) for path in arguments.paths if not is_link(path)]
    with _stopped_by_interrupt() as stop:
        changed = changes(paths, stop)  # from now on: what is written during the first reading is not missed
        _once(arguments, settings, show)
        show.errors.print("Watching for changes; Ctrl-C ends it.")
        for written in changed:
            with closing(_open(settings, show.errors)) as library:
                if found := [path for path in written if path.is_dir() or (known(path.name) and path.exists())]:
                    _ingest(found, settings, library, show)
                _prune(settings, library, below=paths)
    raise KeyboardInterrupt


@contextmanager
def _stopped_by_interrupt() -> Iterator[Event]:
    """Set by Ctrl-C, beside its exception: one raised inside a destructor or a callback is lost."""
    stop = Event()
    before = signal.getsignal(signal.SIGINT)

    def interrupt(number: int, frame: FrameType | None) -> None:
        stop.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


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
    if not errors.is_terminal:
        return OwnLibrary(open_store(settings.library, settings.embedding_model))
    with _progress(errors) as progress:
        task = progress.add_task("Making vectors anew", total=None, visible=False)
        return OwnLibrary(
            open_store(
                settings.library,
                settings.embedding_model,
                lambda done, of: progress.update(task, completed=done, total=of, visible=True),
            )
        )


def _ingest(
    paths: Sequence[Path], settings: LibrarySettings, library: Library, show: _Show, links: _Links = NO_LINKS
) -> int:
    report = Report()
    files = list(_files(paths, report))
    intake = Intake(library, Sources(settings.library), report)
    with _progress(show.errors) as progress:
        task = progress.add_task("Reading", total=len(files))
        # Of what is unchanged nobody knows what cleaning dropped: to list it, it is read again.
        intake.add(files, lambda: progress.advance(task), reread=show.verbose)
    if links:
        _fetch(links, settings, library, report, show.errors)
    for source, reason in report.skipped:
        shown = reason if reason.startswith(source) else f"{source}: {reason}"
        show.errors.print(f"skipped {shown}", markup=False)
    for line in report.listed(whole=show.verbose):
        show.errors.print(line, markup=False)
    if show.verbose:
        for source, lines in report.dropped.items():
            for line in lines:
                show.errors.print(f"dropped from {source}: {line}", markup=False)
    print(report.summary())
    if report.statuses.total():
        _drop_samples(library, paths, show.errors)
    return 1 if report.skipped else 0


def _fetch(links: _Links, settings: LibrarySettings, library: Library, report: Report, errors: Console) -> None:
    fetcher = Fetcher(Allowed.read(settings.allow_hosts))
    with closing(Versions(settings.library)) as versions, _progress(errors) as progress:
        task = progress.add_task("Fetching", total=None)
        linked = Links(fetcher, versions, library, report)
        urls = [*links.urls, *linked.listed(links.feeds, links.limit)]
        progress.update(task, total=len(urls))
        linked.add(urls, lambda: progress.advance(task))


def _prune(settings: LibrarySettings, library: Library, *, below: Sequence[Path] = ()) -> None:
    pruned = Intake(library, Sources(settings.library), Report()).prune(below)
    if below and not pruned.moved and not pruned.gone:
        return
    for path in pruned.moved:
        print(f"moved {printable(str(path))}")
    for path in pruned.gone:
        print(f"gone {printable(str(path))}")
    print(f"articles taken out: {pruned.articles}; files moved: {len(pruned.moved)}, gone: {len(pruned.gone)}")


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
            print(item.id, item.title, item.published or "", item.source or "", _copy(item), sep="\t")
        return
    table = Table("id", "title", "date", "source", "copy", box=None, pad_edge=False)
    for item in library.listed():
        table.add_row(item.id, item.title, (item.published or "")[:10], item.source or "", _copy(item))
    console.print(table)


def _copy(item: Listed) -> str:
    if item.copy_of is None:
        return ""
    return f"{'the same text as' if item.same_text else 'nearly all in'} {item.copy_of}"


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


if __name__ == "__main__":
    sys.exit(main())
