"""What stands around conversation and article: the header, the two lists at the side, the box to ask in."""

from collections.abc import Sequence

from assistant.doors.guard import UPLOAD_LIMIT
from assistant.page.draw.text import CLOSE, SEND, STOP, button, esc, icon, model_name

MARK = (
    '<svg viewBox="0 0 32 32" aria-hidden="true"><rect x="3" y="3" width="26" height="26" rx="7"/>'
    '<path d="M9 11h11M9 16h11M9 21h6"/><circle cx="23" cy="22" r="2.6"/></svg>'
)


def header(*, locked: bool) -> str:
    """`locked`: there are keys, so that there is a way out."""
    out = button("Sign out", data_out="yes") if locked else ""
    return (
        f'<div class="brand">{MARK}<h1>Footnote</h1><p>Answers from your articles, word for word</p></div>'
        f"{button('Library', 'plain narrow', data_show='side')}"
        f"{button('New<span class=wide> conversation</span>', data_new='yes')}{out}"
    )


def side() -> str:
    """The switch between the two lists."""
    close = button(icon(CLOSE), "icon-button narrow", data_hide="side", aria_label="Close the list")
    tabs = _tab("library", "Articles") + _tab("history", "Conversations")
    return f'<div role="tablist" aria-label="Lists">{tabs}</div>{close}'


def _tab(panel: str, label: str) -> str:
    first = panel == "library"
    named = (
        f'id="tab-{panel}" aria-controls="{panel}" aria-selected="{str(first).lower()}" tabindex="{0 if first else -1}"'
    )
    return f'<button type="button" role="tab" {named}>{label}</button>'


# Of the two lists only the frame is drawn here; their rows are drawn by the page's scripts, which fetch them as
# programs do.


def library() -> str:
    return (
        f'<details class="adding"><summary>Add articles</summary><div class="panel">{ADDING}</div></details>'
        '<div role="log" aria-label="What was added"><ul class="report"></ul></div>'
        f'<div class="finding" hidden>{FINDING}</div><p class="told" role="status" data-told></p><ul class="rows"></ul>'
    )


ADDING = (
    f'<label class="drop"><input type="file" multiple data-files data-most="{UPLOAD_LIMIT}">'
    "<span>Drop files here, or <u>choose them</u></span></label>"
    '<textarea rows="1" data-text placeholder="or paste a text or a link" aria-label="A text or a link"></textarea>'
    + button("Add this", data_send="yes", hidden=True)
)
FINDING = (
    '<input type="search" data-find placeholder="Find an article" aria-label="Find an article">'
    '<select data-sort aria-label="Order"><option value="added">Last added</option>'
    '<option value="published">Newest</option><option value="title">By title</option></select>'
    '<details class="more"><summary>Filter</summary>'
    '<label class="by-tag">Tag<select data-tag aria-label="Tag"><option value="">any</option></select></label>'
    '<label>From<input type="date" data-from></label><label>To<input type="date" data-to></label></details>'
)


def history() -> str:
    return (
        '<div class="finding" hidden><input type="search" data-find placeholder="Find a conversation" '
        'aria-label="Find a conversation"></div><p class="told" role="status" data-told></p><ul class="rows"></ul>'
        '<p class="told"><a href="/v1/feedback" download>Rated answers as JSON lines</a></p>'
    )


def composer(models: Sequence[str]) -> str:
    """The box to ask in, with what the question goes to."""
    choices = "".join(f'<option value="{esc(model)}">{esc(model_name(model))}</option>' for model in models)
    select = f'<label class="picker">Answered by<select data-model>{choices}</select></label>'
    return (
        '<form><div class="box"><textarea rows="1" maxlength="2000" placeholder="Ask your articles" '
        'aria-label="Question" autofocus></textarea>'
        f'<button type="submit" class="send" aria-label="Ask">{icon(SEND)}</button>'
        f'<button type="button" class="send" aria-label="Stop" data-stop hidden>{icon(STOP)}</button></div>'
        '<div class="under">'
        f'<span class="scope" role="status" data-scope></span>{select if len(models) > 1 else ""}</div></form>'
    )
