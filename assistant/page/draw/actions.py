"""What can be done with an answer: copied, linked to, saved, asked of another model, thought something of."""

from collections.abc import Sequence

from assistant.keeping.prose import as_markdown, as_plain_text
from assistant.page.draw.exchange import Body, Exchange
from assistant.page.draw.text import AGAIN, COPY, DOWN, LINK, SAVE, UP, button, esc, icon, model_name

EXPORTS = (
    ("markdown", "Conversation as Markdown"),
    ("html", "Conversation as a web page"),
    ("json", "Conversation as JSON"),
)


def actions(exchange: Exchange, models: Sequence[str]) -> str:
    """The buttons under an answer; `models` are those that could answer it as well."""
    body = exchange.body
    if body is None:
        return ""
    copies = button("As Markdown", "item", data_copy=as_markdown(body)) + button(
        "As plain text", "item", data_copy=as_plain_text(body)
    )
    kept = _kept(exchange, body) if body.get("conversation_id") else ""
    others = "".join(
        button(
            esc(model_name(model)),
            "item",
            data_again=model,
            data_question=body["question"],
            data_searched=body["searched_for"],
        )
        for model in models
        if model != body["model"]
    )
    again = _menu("Ask another model", AGAIN, others) if others else ""
    return (
        f'<div class="actions" role="group" aria-label="This answer">{_menu("Copy", COPY, copies)}{again}{kept}</div>'
    )


def _kept(exchange: Exchange, body: Body) -> str:
    """What can be done with an answer that the library keeps."""
    link = button(
        icon(LINK), "icon-button", data_link=body["id"], aria_label="Copy a link to this answer", title="Copy a link"
    )
    thumbs = "".join(
        button(icon(path), "icon-button thumb", data_thumb=thumb, data_answer=body["id"], aria_label=label, title=label,
               aria_pressed=str(exchange.thumb == thumb).lower())
        for thumb, path, label in (("up", UP, "Good answer"), ("down", DOWN, "Bad answer"))
    )  # fmt: skip
    reason = (
        f'<form class="reason" data-answer="{esc(body["id"])}"{"" if exchange.thumb else " hidden"}>'
        f'<input aria-label="Why?" placeholder="Why? (optional)" maxlength="1000" value="{esc(exchange.reason or "")}">'
        '<button type="submit" class="plain">Keep</button></form>'
    )
    kept = f"/v1/conversations/{body['conversation_id']}"
    links = (
        f'<a class="item" href="/v1/answers/{esc(body["id"])}/receipt" download>Receipt of this answer</a>'
        + "".join(
            f'<a class="item" href="{esc(kept)}/export?format={kind}" download>{label}</a>' for kind, label in EXPORTS
        )
    )
    return f"{link}{_menu('Save', SAVE, links)}{thumbs}{reason}"


def _menu(label: str, path: str, items: str) -> str:
    summary = f'<summary class="icon-button" aria-label="{label}" title="{label}">{icon(path)}</summary>'
    return f'<details class="menu">{summary}<div class="items">{items}</div></details>'
