"""Texts as HTML, and the small pieces that everything drawn shares. Knows no answers."""

from collections.abc import Iterable
from html import escape

# Beside HTML's own: what Gradio's templates would take for theirs.
TEMPLATE = {ord(character): f"&#{ord(character)};" for character in "{}$`\\"}


def esc(text: str) -> str:
    """Text that can stand in HTML, in an attribute and in a template, and means only itself."""
    return escape(text).translate(TEMPLATE)


def meta(*parts: str | None) -> str:
    """What is told of something, in one quiet line; nothing where nothing is."""
    told = '<span aria-hidden="true"> · </span>'.join(f"<bdi>{esc(part)}</bdi>" for part in parts if part)
    return f'<span class="meta">{told}</span>' if told else ""


def day(published: str | None) -> str | None:
    """The day of an ISO 8601 date, with or without a time."""
    return published[:10] if published else None


def attributes(pairs: Iterable[tuple[str, object]]) -> str:
    """` name="value"` for each; a value of None or False leaves it out, True gives the bare name."""
    return "".join(
        f" {name}" if value is True else f' {name}="{esc(str(value))}"'
        for name, value in pairs
        if value is not None and value is not False
    )


def button(label: str, kind: str = "plain", **data: object) -> str:
    """A button; `data` becomes its attributes, `aria_label` as `aria-label`. `label` is HTML."""
    named = attributes((name.replace("_", "-"), value) for name, value in data.items())
    return f'<button type="button" class="{kind}"{named}>{label}</button>'


def icon(path: str) -> str:
    """A line drawing on a grid of 20 by 20, for a button that has a name of its own."""
    return f'<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="{path}"/></svg>'


def model_name(model: str) -> str:
    """A model as a person chooses it."""
    return "quotations only" if model == "extractive" else model.removeprefix("gguf:")


COPY = "M7 7V4.5A1.5 1.5 0 0 1 8.5 3h7A1.5 1.5 0 0 1 17 4.5v7a1.5 1.5 0 0 1-1.5 1.5H13M4.5 7h7A1.5 1.5 0 0 1 13 8.5v7a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 3 15.5v-7A1.5 1.5 0 0 1 4.5 7Z"  # noqa: E501
LINK = "M8.5 11.5a3 3 0 0 0 4.300 0l2.900-2.900a3 3 0 0 0-4.300-4.300l-1 1M11.5 8.5a3 3 0 0 0-4.300 0l-2.900 2.900a3 3 0 0 0 4.300 4.300l1-1"  # noqa: E501
AGAIN = "M16.5 10a6.5 6.5 0 1 1-2-4.700M16.5 3v3.5H13"
UP = "M6.5 9v8M3 9h3.5l3.700-6.200a1.700 1.700 0 0 1 1.600 2V7.5h3.600a1.600 1.600 0 0 1 1.600 1.900l-1.100 6.200a1.600 1.600 0 0 1-1.600 1.400H3Z"  # noqa: E501
DOWN = "M13.5 11V3M17 11h-3.5l-3.700 6.200a1.700 1.700 0 0 1-1.600-2v-2.700H4.600A1.600 1.600 0 0 1 3 10.600l1.100-6.200A1.600 1.600 0 0 1 5.700 3H17Z"  # noqa: E501
SAVE = "M10 3v9M6 8.5l4 4 4-4M4 16.5h12"
EDIT = "M12.5 4.5l3 3M4 16l.7-3.300 8.600-8.600a1.5 1.5 0 0 1 2.100 0l.5.5a1.5 1.5 0 0 1 0 2.100L7.300 15.300Z"
SEND = "M10 16V4.5M5 9.5l5-5 5 5"
STOP = "M6 6h8v8H6z"
BACK = "M12 4.5L6.5 10l5.5 5.5"
ON = "M8 4.5l5.5 5.5L8 15.5"
CLOSE = "M5 5l10 10M15 5L5 15"
