"""The errors a person may meet, as one tree. The message is the sentence that terminal, page and JSON show.

    FootnoteError
    ├── InvalidInput        something asked for cannot be done as asked; `param` names the field
    │   └── UnreadableSource  a file or page that cannot be read; the rest goes on
    ├── NotFound            no such article, version or answer
    ├── LibraryBusy         another process owns the library
    ├── LibraryMismatch     the library was made with another model or a newer schema
    └── LibraryBroken       the disk or a store refuses; nothing was changed

Anything that is not a FootnoteError is a bug and stays loud.
"""


class FootnoteError(Exception):
    """Expected trouble. `str(error)` is one sentence that says what to do."""

    param: str | None = None

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


class InvalidInput(FootnoteError):
    pass


class UnreadableSource(InvalidInput):
    pass


class NotFound(FootnoteError):
    pass


class LibraryBusy(FootnoteError):
    pass


class LibraryMismatch(FootnoteError):
    pass


class LibraryBroken(FootnoteError):
    pass
